"""What rings are looked for in, and what is fixed next in one."""

from random import Random

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
