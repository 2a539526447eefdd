"""Deferred acceptance: open seats go to whom they want most among those who want them most.

Gale and Shapley (1962), teachers proposing. The order of proposals cannot change the result.
"""

from collections.abc import Iterable, Mapping
from heapq import heappush, heappushpop

from matcher.deciding.market import Market


def deferred_acceptance(
    market: Market, candidates: Iterable[int], seats: Mapping[int, int]
) -> dict[int, int]:
    """Which option number each teacher gets; who gets none is absent.

    Stable, and the best stable result for every teacher at once. ``seats``: open seats by position.
    """
    if not any(seats.values()):
        return {}
    held: dict[int, list[tuple[int, int]]] = {position: [] for position in seats}
    got: dict[int, int] = {}
    for candidate in candidates:
        proposer, option = candidate, 0
        while option < len(market.options[proposer]):
            position = market.options[proposer][option]
            if not seats.get(position):
                option += 1
                continue
            claim = (-market.standing_at(proposer, position), proposer)
            if len(held[position]) < seats[position]:
                heappush(held[position], claim)
                got[proposer] = option
                break
            _, rejected = heappushpop(held[position], claim)  # the heap gives up its worst
            got[proposer] = option
            proposer, option = rejected, got.pop(rejected) + 1
    return got
