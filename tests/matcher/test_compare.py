"""Placements of one problem, in numbers."""

from matcher.deciding.solve import solve
from matcher.files.problem import problem_from_document
from matcher.telling.compare import compare
from tests.matcher.markets import (
    problem,
    ring_phase,
    rules,
    school,
    teacher,
    vacancy,
    vacancy_phase,
)

PEOPLE = [
    teacher("T1", "S1", "S2", "S3", points={"14": 900, "13": 900}),
    teacher("T2", "S2", "S1", points={"13": 800}),
    teacher("T3", "S2", "S4", points={"13": 700}),
    teacher("T4", "S4", "S2", points={"14": 600}),
]
SCHOOLS = [school("S1"), school("S2", "14"), school("S3"), school("S4")]


def market(*phases):
    return problem_from_document(
        problem(SCHOOLS, PEOPLE, vacancies=[vacancy("S3")], rules=rules(*phases)), "x"
    )


def test_numbers_are_by_phase_rank_and_county_and_only_who_differs_is_named():
    official = market(vacancy_phase("single"), ring_phase(2, 2, "swap"))
    rings_only = solve(market(ring_phase(2, 2, "swap")))

    told = compare(official, {"A": solve(official), "B": rings_only}).document()

    a, b = told["placements"]
    assert (a["moved"], a["ranks"], a["mean_rank_hundredths"]) == (
        {"single": 1, "swap": 2},
        {"1": 2, "2": 1},
        133,
    )
    assert (b["moved"], b["total"]) == ({"single": 0, "swap": 4}, 4)
    assert {"from": "13", "to": "14", "moved": 2} in b["flows"]
    assert told["differences"] == [
        {"teacher": "T1", "wishes": [2, 1], "better": ["B"]},
        {"teacher": "T2", "wishes": [None, 1], "better": ["B"]},
    ]


def test_a_placement_without_moves_has_no_mean_rank():
    nothing = market(ring_phase(5, 5))

    (account,) = compare(nothing, {"A": solve(nothing)}).accounts

    assert account.mean_rank is None
