"""Markets at the edge of what there can be: decided, checked twice and explained like any other."""

import json

import pytest

from matcher.checking.check import check
from matcher.deciding.solve import decide
from matcher.files.problem import SEATS_AT_MOST, problem_from_document
from matcher.telling.explain import Explainer
from tests.matcher.markets import DEFAULT_RULES, problem, school, teacher, vacancy
from tests.matcher.spoiling import load_verifier

SCHOOLS = [school("S1"), school("S2"), school("S3")]
TIES = [0] * len(DEFAULT_RULES["tie"])


def one(name, home, *wishes):
    points = {"13": 500} if wishes else {}
    return teacher(name, home, *wishes, points=points, tie=TIES)


CROWD = [one(f"T{n}", "S1", "S2") for n in range(1, 41)]


@pytest.mark.parametrize(
    ("market", "moved"),
    [
        (problem([], []), []),
        (problem(SCHOOLS, []), []),
        (problem(SCHOOLS, [], vacancies=[vacancy("S1", SEATS_AT_MOST)]), []),
        (problem(SCHOOLS, [one("T1", "S1")], vacancies=[vacancy("S2")]), []),
        (problem(SCHOOLS, [one("T1", "S1", "S1")], vacancies=[vacancy("S1")]), []),
        (problem(SCHOOLS, [one("T1", "S1", "S1"), one("T2", "S1", "S1")]), []),
        (problem(SCHOOLS, CROWD, vacancies=[vacancy("S2", 0)]), []),
        (problem(SCHOOLS, CROWD, vacancies=[vacancy("S2", 2)]), ["T1", "T2"]),
        (problem(SCHOOLS, CROWD, vacancies=[vacancy("S2", 40)]), [t["id"] for t in CROWD]),
        (problem(SCHOOLS, [*CROWD, one("T41", "S2", "S1")]), ["T1", "T41"]),
    ],
    ids=[
        *("nothing", "no_teachers", "only_vacancies", "no_wishes", "own_school"),
        *("own_school_of_two", "no_seat", "equal_points", "seats_for_all", "one_to_change_with"),
    ],
)
def test_an_extreme_market_is_decided_like_any_other(market, moved):
    here = problem_from_document(market, "x")

    solution = decide(here)

    verifier = load_verifier()
    placement = json.loads(solution.placement.encode())
    assert sorted(move.teacher for move in solution.placement.moves()) == sorted(moved)
    assert check(here, solution.placement, solution.trace) == ()
    assert verifier.judged(verifier.Market(market), placement, solution.trace) == set()
    told = list(Explainer(here, solution.placement).everyone())
    assert [each.teacher for each in told if each.move] == [
        each["id"] for each in market["teachers"] if each["id"] in moved
    ]
