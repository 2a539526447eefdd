"""The checker's theorem of the greedy method, against a walk that is begun anew every time."""

from random import Random

import pytest

from matcher.checking.check import check
from matcher.checking.verdict import Wrong
from matcher.deciding.solve import solve
from matcher.files.problem import problem_from_document
from tests.matcher.findings import said
from tests.matcher.greedy_walk import RULE_SETS, Walk, greedy_phase, placement_of
from tests.matcher.markets import problem, random_problem, rules, school, teacher, vacancy


def checked(document, components):
    market = problem_from_document(document, "market")
    return {finding.code for finding in check(market, placement_of(market, components))}


def test_what_the_walk_decides_is_accepted_and_what_it_decides_elsewhere_only_if_the_same():
    refused = 0
    for seed in range(400):
        rng = Random(seed)  # noqa: S311  # a market is no secret
        document = random_problem(rng, rule_sets=RULE_SETS)
        right = Walk(document).components()
        other = random_problem(Random(seed), rule_sets=RULE_SETS)  # noqa: S311
        for person in rng.sample(other["teachers"], min(2, len(other["teachers"]))):
            rng.shuffle(person["wishes"])
            person["points"] = {c: 100 * rng.randint(1, 3) for c in person["points"]}
        other["vacancies"] = other["vacancies"][rng.randint(0, 1) :]
        wrong = Walk(other).components()
        mine = {person["id"]: person for person in document["teachers"]}
        for move in (move for component in wrong for move in component["moves"]):
            move["wish"] = mine[move["teacher"]]["wishes"].index(move["to"][0]) + 1

        market = problem_from_document(document, "market")
        assert solve(market).components == placement_of(market, right).components, seed
        assert checked(document, right) == set(), seed
        assert bool(checked(document, wrong)) == (wrong != right), seed
        refused += wrong != right
    assert refused > 60


def one(name, home, *wishes, points=500, **changed):
    return teacher(name, home, *wishes, points={"13": points}, **changed)


def line(*moves):
    return {
        "kind": "chain",
        "phase": "single",
        "round": 1,
        "moves": [
            {
                "teacher": t,
                "from": [a, "general"],
                "to": [b, "general"],
                "wish": w,
                "subject_rank": 1,
            }
            for t, a, b, w in moves
        ],
    }


SCHOOLS = [school(f"S{n}") for n in range(1, 10)]
TWO_SEATS = problem(
    SCHOOLS,
    [
        one("T1", "S1", "S5", points=900),
        one("T2", "S2", "S5", "S1", points=800),
        one("T3", "S3", "S1", "S6", points=700),
        one("T4", "S4", "S6", points=600),
    ],
    vacancies=[vacancy("S5"), vacancy("S6")],
    rules=rules(greedy_phase(refill="rounds")),
)
FIRST = ("T1", "S1", "S5", 1), ("T2", "S2", "S1", 2)
SECOND = ("T3", "S3", "S6", 2)
RIGHT = [line(*FIRST), line(SECOND)]
UNDER_NONE = TWO_SEATS | {"rules": rules(greedy_phase())}


@pytest.mark.parametrize(
    ("document", "components", "expected"),
    [
        (TWO_SEATS, RIGHT, []),
        (TWO_SEATS, RIGHT[::-1], ["$.components[0].moves[0]: decisions_out_of_order: T3"]),
        (
            TWO_SEATS,
            [line(*FIRST)],
            ["$: seat_wasted: T3 → S6/general", "$: seat_wasted: T4 → S6/general"],
        ),
        (
            TWO_SEATS,
            [line(FIRST[0]), line(SECOND)],
            ["$: seat_wasted: T2 → S1/general", "$: turn_skipped: T3 → S1/general"],
        ),
        (
            TWO_SEATS,
            [line(FIRST[0], ("T3", "S3", "S1", 1)), line(("T4", "S4", "S6", 1))],
            ["$: turn_skipped: T2 → S1/general"],
        ),
        (
            TWO_SEATS,
            [*RIGHT, line(("T4", "S4", "S6", 1))],
            ["$.components[2].moves[0]: oversold: T4"],
        ),
        (UNDER_NONE, RIGHT, ["$.components[0].moves[1]: seat_not_offered: T2"]),
    ],
)
def test_each_kind_of_change_to_a_walk_is_found_and_named(document, components, expected):
    market = problem_from_document(document, "market")

    assert said(check(market, placement_of(market, components))) == expected


def test_a_seat_the_county_opened_goes_before_one_that_was_left():
    document = problem(
        SCHOOLS,
        [
            one("T1", "S1", "S5", points=900),
            one("T2", "S2", "S1", points=800),
            one("T3", "S3", "S1", points=700),
        ],
        vacancies=[vacancy("S5"), vacancy("S1")],
        rules=rules(greedy_phase(refill="rounds")),
    )
    first, second, third = ("T1", "S1", "S5", 1), ("T2", "S2", "S1", 1), ("T3", "S3", "S1", 1)

    assert checked(document, [line(first, third), line(second)]) == set()
    assert checked(document, [line(first, second), line(third)]) == {Wrong.LINES_CROSSED}
