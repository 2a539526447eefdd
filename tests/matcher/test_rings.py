"""What rings are looked for in, and what is fixed next in one."""

from functools import reduce
from operator import or_
from random import Random

import pytest

from matcher.deciding.bits import listed
from matcher.deciding.exchange import Exchange
from matcher.deciding.market import market_of
from matcher.deciding.rings import _Candidates
from matcher.deciding.walks import Walks
from matcher.files.problem import problem_from_document
from tests.matcher.markets import problem, random_problem, ring_phase, rules, school, teacher


def test_the_candidates_end_with_the_best_move_left_of_the_ring_that_is_known():
    names = ("S1", "S2", "S3")
    people = [
        teacher(f"T{at + 1}", names[at], names[(at + 1) % 3], points={"13": 900 - at})
        for at in range(3)
    ]
    document = problem([school(name) for name in names], people, rules=rules(ring_phase(3, 3)))
    market = market_of(problem_from_document(document, "rings"))
    exchange = Exchange(market, range(3))
    walks = Walks(exchange, [(0, market.options[0][0])], range(3, 4))
    ring = walks.ring()

    found = [step for _, step in _Candidates(exchange, walks, ring).best_first(0)]

    assert found == [(1, market.options[1][0])]
    assert set(found) <= set(ring.items())


def test_who_wants_whose_seat_is_the_same_from_both_sides_with_short_lists_and_with_long():
    for wishes in (3, 30, 79):
        rng = Random(wishes)  # noqa: S311  # a market is no secret
        names = [f"S{number}" for number in range(80)]
        people = []
        for number in range(1, 121):
            home, *wanted = rng.sample(names, wishes + 1)
            people.append(teacher(f"T{number}", home, *wanted, points={"13": number}, lot=number))
        document = problem([school(name) for name in names], people, rules=rules(ring_phase(2, 3)))
        market = market_of(problem_from_document(document, "rings"))
        exchange = Exchange(market, range(120))
        held = {market.home[each] for each in exchange.wants}
        steps = {(market.home[t], p) for t in exchange.wants for p in market.options[t]}

        for position in range(len(market.positions)):
            one = 1 << position
            assert {*listed(exchange.before(one & exchange.held))} == {
                home for home, wanted in steps if wanted == position and position in held
            }
            assert {*listed(exchange.after(one & exchange.held))} == {
                wanted for home, wanted in steps if home == position and wanted in held
            }


def test_nobody_at_a_dead_end_is_looked_at_and_everybody_else_is():
    for seed in range(40):
        document = random_problem(Random(seed))  # noqa: S311
        market = market_of(problem_from_document(document, "rings"))
        left = set(range(len(market.teachers)))

        exchange = Exchange(market, left)

        while True:
            held = {market.home[each] for each in left}
            steps = {
                (market.home[each], wanted) for each in left for wanted in market.options[each]
            }
            leading = {home for home, wanted in steps if wanted in held}
            kept = {each for each in left if market.home[each] in leading & {p for _, p in steps}}
            if kept == left:
                break
            left = kept
        assert set(exchange.wants) == left
        assert {each for holders in exchange.holders.values() for each in holders} == left
        assert {*listed(exchange.held)} == held


@pytest.mark.parametrize("seed", range(6))
def test_many_positions_are_joined_like_one_after_the_other(seed):
    """From so many on, what a dense market lacks is looked up instead of what it has."""
    rng = Random(seed)  # noqa: S311  # a market is no secret
    names = [f"S{n:02}" for n in range(40)]
    people = []
    for n, home in enumerate(names):
        wanted = {3: names[30:], 4: names[20:]}.get(n, names[: 37 if n < 38 else 40])
        wishes = [each for each in wanted if each != home]
        people.append(teacher(f"T{n}", home, *wishes, points={"13": 500}, lot=n + 1))
    document = problem([school(name) for name in names], people, rules=rules())
    exchange = Exchange(market_of(problem_from_document(document, "dense")), range(40))

    for _ in range(20):
        group = rng.sample(range(40), rng.randint(1, 40))
        positions = sum(1 << each for each in group)
        after = [exchange.after(1 << each) for each in group]
        before = [exchange.before(1 << each) for each in group]
        assert exchange.after(positions) == reduce(or_, after)
        assert exchange.before(positions) == reduce(or_, before)


def test_neither_names_nor_the_order_of_the_file_number_the_market():
    people = [
        *(teacher(f"T{n}", "S1", points={}, lot=20 - n) for n in range(1, 6)),
        *(teacher(f"T{n}", "S1", "S2", points={"13": 100 * (n % 3)}) for n in range(6, 12)),
    ]
    schools = [school("S1"), school("S2")]

    market, turned = (
        market_of(problem_from_document(problem(schools, order, rules=rules()), "x"))
        for order in (people, people[::-1])
    )

    assert market.teachers == turned.teachers
    assert [each.id for each in market.teachers[6:]] == ["T5", "T4", "T3", "T2", "T1"]
    assert (market.home, market.options, market.groups) == (
        *(turned.home, turned.options, turned.groups),
    )
