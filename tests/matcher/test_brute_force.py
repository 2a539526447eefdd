"""The solver against the definitions, tried out in full on small markets.

The numbers a market is drawn from are its name; ``make soak ARGS=matching`` draws 100,000.
"""

from random import Random

import pytest

from matcher.checking.check import check
from matcher.deciding.solve import solve
from matcher.files.problem import problem_from_document
from tests.matcher.markets import problem, ring_phase, rules, school, teacher
from tests.matcher.trials import (
    METHODS,
    dense_market,
    disagreement,
    larger_market,
    listed_disagreement,
    small_market,
)

MARKETS_OF_A_METHOD = 200
LARGER_MARKETS = 40
DENSE_MARKETS = 3


@pytest.mark.parametrize("method", METHODS)
def test_every_method_equals_trying_everything(method):
    for seed in range(MARKETS_OF_A_METHOD):
        document = small_market(Random(f"{method}/{seed}"), method)  # noqa: S311  # no secret

        assert disagreement(document) is None, seed


def test_larger_markets_equal_the_list_of_all_rings():
    for seed in range(LARGER_MARKETS):
        document = larger_market(Random(seed))  # noqa: S311  # a market is no secret

        assert listed_disagreement(document) is None, seed


def test_dense_markets_equal_the_list_of_all_rings():
    for seed in range(DENSE_MARKETS):
        document = dense_market(Random(seed))  # noqa: S311  # a market is no secret

        assert listed_disagreement(document) is None, seed


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


def test_rings_look_at_points_before_wishes_where_two_totals_differ():
    def swapped(points):
        document = problem(
            [school("S1"), school("S2", "14"), school("S3")],
            [
                teacher("T1", "S1", "S2", "S3", points=points),
                teacher("T2", "S2", "S1", points={"13": 3000}),
                teacher("T3", "S3", "S1", points={"13": 3000}),
            ],
            rules=rules(ring_phase(2, 2)),
        )
        return [
            move.destination.school for move in solve(problem_from_document(document, "x")).moves()
        ]

    assert swapped({"13": 5000, "14": 4000}) == ["S3", "S1"]
    assert swapped({"13": 4000, "14": 4000}) == ["S2", "S1"]


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


def test_a_ring_is_closed_by_somebody_far_behind_its_best_member():
    between = [teacher(f"T{n}", "S3", "S4", points={"13": 5000 - n}) for n in range(2, 300)]
    document = problem(
        [school(f"S{n}") for n in range(1, 5)],
        [
            teacher("T1", "S1", "S2", points={"13": 9000}),
            *between,
            teacher("T300", "S2", "S1", points={"13": 100}),
        ],
        rules=rules(ring_phase(2, 5)),
    )
    market = problem_from_document(document, "far")

    placement = solve(market)

    assert [move.teacher for move in placement.moves()] == ["T1", "T300"]
    assert check(market, placement) == ()
