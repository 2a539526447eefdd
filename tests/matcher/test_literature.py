"""Examples of the literature with their tables: what was printed there is what is decided here.

Every school stands in a county of its own, so that a teacher's points say how the school ranks her.
"""

import pytest

from matcher.checking.check import check
from matcher.deciding.solve import solve
from matcher.files.problem import problem_from_document
from tests.matcher.greedy_walk import greedy_phase
from tests.matcher.markets import problem, rules, school, teacher, vacancy, vacancy_phase

COUNTIES = ("01", "02", "03", "04")


def destinations(wishes, rankings, phase=None):
    """Who goes where: ``wishes`` by teacher, best first, ``rankings`` by school, best first."""
    county = dict(zip(rankings, COUNTIES, strict=False))
    people = [
        teacher(
            name,
            "H",
            *order,
            points={county[one]: 100 * (9 - rankings[one].index(name)) for one in order},
            lot=number,
        )
        for number, (name, order) in enumerate(wishes.items(), start=1)
    ]
    document = problem(
        [school("H", "21"), *(school(name, code) for name, code in county.items())],
        people,
        vacancies=[vacancy(name) for name in rankings],
        rules=rules(vacancy_phase() if phase is None else phase),
    )
    market = problem_from_document(document, "literature")
    placement = solve(market)
    assert check(market, placement) == ()
    return {move.teacher: move.destination.school for move in placement.moves()}


# The paper calls its men by Greek letters: w is alpha, x beta, y gamma, z delta.
FIRST = (
    {"w": "ABC", "x": "BCA", "y": "CAB"},
    {"A": "xyw", "B": "ywx", "C": "wxy"},
)
SECOND = (
    {"w": "ABCD", "x": "ADCB", "y": "BACD", "z": "DBCA"},
    {"A": "zywx", "B": "xzwy", "C": "zwxy", "D": "yxwz"},
)


def test_gale_and_shapley_1962_example_1_gives_every_proposer_the_first_choice():
    assert destinations(*FIRST) == {"w": "A", "x": "B", "y": "C"}


def test_gale_and_shapley_1962_example_1_turned_round_gives_the_other_side_its_first_choice():
    men, women = FIRST

    found = destinations(women, men)

    assert found == {"A": "x", "B": "y", "C": "w"}


def test_gale_and_shapley_1962_example_2_has_one_stable_result_whichever_side_proposes():
    men, women = SECOND

    assert destinations(men, women) == {"w": "C", "x": "D", "y": "A", "z": "B"}
    assert destinations(women, men) == {"A": "y", "B": "z", "C": "w", "D": "x"}


@pytest.mark.parametrize("greedy", [False, True])
def test_abdulkadiroglu_and_sonmez_2003_example_1_is_stable_though_two_would_rather_change(greedy):
    # School Choice: A Mechanism Design Approach, American Economic Review 93(3); from Roth 1982.
    wishes = {"i1": ("s2", "s1", "s3"), "i2": ("s1", "s2", "s3"), "i3": ("s1", "s2", "s3")}
    rankings = {
        "s1": ("i1", "i3", "i2"),
        "s2": ("i2", "i1", "i3"),
        "s3": ("i2", "i1", "i3"),
    }

    found = destinations(wishes, rankings, greedy_phase() if greedy else vacancy_phase())

    assert found == {"i1": "s1", "i2": "s2", "i3": "s3"}


def test_the_greedy_reading_gives_a_later_wish_where_her_other_total_is_higher():
    wishes = {"T1": ("A", "B"), "T2": ("B",), "T3": ("A",)}
    rankings = {"A": ("T3", "T2", "T1"), "B": ("T1", "T2", "T3")}
    free = {"T1": ("A", "B"), "T2": ("B",)}

    assert destinations(free, rankings) == {"T1": "A", "T2": "B"}
    assert destinations(free, rankings, greedy_phase()) == {"T1": "B"}
    assert destinations(wishes, rankings) == {"T1": "B", "T3": "A"}
