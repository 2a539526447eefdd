"""What is fixed next in a ring: the best move left of a known one is always among them."""

from matcher.deciding.exchange import Exchange
from matcher.deciding.market import market_of
from matcher.deciding.rings import _Candidates
from matcher.deciding.walks import Walks
from matcher.files.problem import problem_from_document
from tests.matcher.markets import problem, ring_phase, rules, school, teacher


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
