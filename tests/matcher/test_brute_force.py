"""The solver against the definitions, tried out in full on small markets.

``JIEPIN_SOAK_MARKETS=100000`` draws more; the numbers a market is drawn from are its name.
"""

import os
from random import Random

import pytest

from matcher.checking.check import check
from matcher.deciding.solve import solve
from matcher.files.problem import problem_from_document
from tests.matcher.brute_force import BruteForce
from tests.matcher.markets import (
    COUNTIES,
    RULE_SETS,
    problem,
    random_problem,
    random_teacher,
    ring_phase,
    rules,
    school,
    teacher,
    vacancy,
    vacancy_phase,
)
from tests.matcher.peer import Peer

MARKETS = int(os.environ.get("JIEPIN_SOAK_MARKETS", "4500"))


@pytest.mark.parametrize("number", range(len(RULE_SETS)))
def test_every_method_equals_trying_everything(number):
    for seed in range(MARKETS // len(RULE_SETS)):
        document = random_problem(
            Random(f"{number}/{seed}"),  # noqa: S311  # a market is no secret
            most_teachers=7,
            rule_sets=RULE_SETS[number : number + 1],
        )
        market = problem_from_document(document, "random")

        placement = solve(market)

        assert placement.document()["components"] == BruteForce(document).components(), seed
        assert check(market, placement) == (), seed


LARGER = (
    rules(ring_phase(2, 4)),
    rules(ring_phase(3, 5)),
    rules(ring_phase(4, 5)),
    rules(ring_phase(2, 2, "swap"), ring_phase(3, 3, "triangle"), ring_phase(4, 5)),
    rules(vacancy_phase(), ring_phase(2, 3)),
)


def larger_problem(rng):
    """One subject, up to 26 people, enough rings to list them all."""
    county = {f"S{n}": rng.choice(COUNTIES) for n in range(rng.randint(6, 25))}
    lots = rng.sample(range(1, 200), 26)
    people = [
        random_teacher(rng, f"T{n}", lots[n], county, subjects=1)
        for n in range(rng.randint(12, 26))
    ]
    for person in people:
        person["wishes"] = person["wishes"][:6]
        person["points"] = {
            c: 100 * rng.randint(1, 6) for c in sorted({county[w] for w in person["wishes"]})
        }
        person["excluded"] = []
    return problem(
        [school(name, code) for name, code in county.items()],
        people,
        vacancies=[vacancy(rng.choice(list(county)))],
        rules=rng.choice(LARGER),
    )


def test_larger_markets_equal_the_list_of_all_rings():
    for seed in range(MARKETS // 15):
        document = larger_problem(Random(seed))  # noqa: S311  # a market is no secret
        market = problem_from_document(document, "larger")

        placement = solve(market)

        moved = {move.teacher: tuple(move.document()["to"]) for move in placement.moves()}
        assert moved == Peer(document).moved(), seed
        assert check(market, placement) == (), seed


def test_equal_moves_that_can_be_joined_in_two_ways_are_joined_by_the_second_member():
    document = problem(
        [school("S1"), school("S2")],
        [
            teacher("T1", "S1", "S2", points={"13": 900}),
            teacher("T2", "S1", "S2", points={"13": 800}),
            teacher("T3", "S2", "S1", points={"13": 700}),
            teacher("T4", "S2", "S1", points={"13": 600}),
        ],
        rules=rules(ring_phase(4, 4)),
    )

    (ring,) = solve(problem_from_document(document, "joined")).components

    assert [move.teacher for move in ring.moves] == ["T1", "T3", "T2", "T4"]


def test_a_walk_that_names_somebody_twice_is_no_ring():
    document = problem(
        [school("S1"), school("S2"), school("S3")],
        [
            teacher("T1", "S1", "S2", points={"13": 900}),
            teacher("T2", "S2", "S1", "S3", points={"13": 800}),
            teacher("T3", "S3", "S2", points={"13": 700}),
        ],
        rules=rules(ring_phase(4, 4)),
    )
    market = problem_from_document(document, "twice")

    placement = solve(market)

    assert placement.components == ()
    assert check(market, placement) == ()
