"""Lines that are made as they are needed: bounds that hold, and choices that can be checked."""

import sys
from random import Random

import pytest

from matcher.checking.certificates import check_certificate
from matcher.checking.claims import Claims
from matcher.files.problem import problem_from_document
from matcher.whatif.columns import RING
from matcher.whatif.generation import grow
from matcher.whatif.highs import Program, SolverMissingError, relax
from matcher.whatif.maximum import maximum
from matcher.whatif.setting import Setting
from tests.matcher import whatif_cases
from tests.matcher.markets import problem, rules, school, teacher, vacancy

MARKETS = 60


def market(people, schools, wishes, seats=3):
    rng = Random(7)  # noqa: S311  # a market is no secret
    names = [f"S{n}" for n in range(schools)]
    teachers = []
    for number in range(1, people + 1):
        home, *others = rng.sample(names, wishes + 1)
        points = {"13": rng.randrange(900)}
        teachers.append(teacher(f"T{number}", home, *others, points=points))
    vacancies = [vacancy(name, refill=n % 2 == 0) for n, name in enumerate(names[:seats])]
    return problem_from_document(
        problem([school(name) for name in names], teachers, vacancies=vacancies, rules=rules()),
        "generated",
    )


def grown(problem, longest):
    """The placement where not even one line may be listed; None if there is none at all."""
    placement = maximum(problem, longest, listed_at_most=0).placement
    assert check_certificate(problem, Claims(problem), placement) == ()
    (goal,) = placement.certificate["goals"][:1]
    return goal["value"], goal["bound"]


def test_on_small_markets_the_bound_holds_and_is_nearly_always_reached():
    gaps = []
    for number in range(MARKETS):
        rng = Random(f"generation/{number}")  # noqa: S311  # a market is no secret
        _, here = whatif_cases.market(rng, most_teachers=7)
        longest = rng.randint(2, 5)

        value, bound = grown(here, longest)

        (most, *_) = maximum(here, longest).placement.certificate["goals"]
        assert value <= most["value"] == most["bound"] <= bound, number
        gaps.append(bound - value)

    assert gaps.count(0) >= MARKETS * 9 // 10


@pytest.mark.parametrize("longest", [2, 3, 5])
@pytest.mark.parametrize("seats", [0, 6])
def test_on_a_crowded_market_the_choice_is_as_good_as_the_bound_or_nearly(longest, seats):
    here = market(people=60, schools=30, wishes=5, seats=seats)

    value, bound = grown(here, longest)

    assert 0.9 * bound <= value <= bound


@pytest.mark.parametrize(("size", "longest"), [((80, 40, 6, 5), 3), ((60, 30, 3, 5), 4)])
def test_where_much_is_left_to_choose_lines_are_fixed_before_the_rest_is_searched(size, longest):
    setting = Setting(market(*size))

    searched, dived = grow(setting, longest), grow(setting, longest, searched_at_most=1)

    moves = [sum(len(column.steps) for column in each.columns) for each in (searched, dived)]
    assert dived.proved == searched.proved
    assert 0.9 * dived.proved <= min(moves) <= max(moves) <= dived.proved
    assert {column.depth for column in dived.columns} >= {RING, 1, 2}


@pytest.mark.parametrize(("size", "longest"), [((50, 25, 3, 4), 5), ((70, 30, 4, 10), 3)])
def test_what_has_the_largest_part_is_fixed_first_so_that_hardly_a_move_is_given_up(size, longest):
    dived = grow(Setting(market(*size)), longest, searched_at_most=1)

    assert dived.proved - 1 <= sum(len(column.steps) for column in dived.columns) <= dived.proved


def test_the_same_market_gives_the_same_lines():
    setting = Setting(market(people=40, schools=20, wishes=5))

    assert grow(setting, 5) == grow(setting, 5)


def test_without_the_extra_it_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "matcher.whatif.generation", None)

    with pytest.raises(SolverMissingError, match=r"^pip install 'jiepin\[what-if\]'$"):
        maximum(market(people=6, schools=3, wishes=2), listed_at_most=0)


def test_a_program_the_first_way_cannot_solve_is_given_to_the_other():
    impossible = Program(worth=[1], entries=[[(0, 1)]], room=[-1])

    assert len(relax(impossible).prices) == 1
