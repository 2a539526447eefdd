"""Deferred acceptance: open seats go to whom they want most among those who want them most.

Gale and Shapley (1962), teachers proposing. The order of proposals cannot change the result.
"""

from collections.abc import Mapping, Sequence
from heapq import heappush, heappushpop

from matcher.deciding.market import Market


def deferred_acceptance(
    market: Market, choices: Mapping[int, Sequence[int]], seats: Mapping[int, int]
) -> dict[int, int]:
    """Which option number each teacher gets; who gets none is absent.

    Stable, and the best stable result for every teacher at once. ``choices``: by teacher, the
    option numbers that lead to an open seat, in her order; ``seats``: how many are open, by
    position, at least one each.
    """
    # What a position holds is a heap of places in the common ranking, turned so that the worst
    # is on top; a place names its teacher, so a proposal is one number.
    held: dict[int, list[int]] = {position: [] for position in seats}
    got: dict[int, int] = {}
    asked = dict.fromkeys(choices, 0)
    for candidate in choices:
        proposer = candidate
        while asked[proposer] < len(choices[proposer]):
            option = choices[proposer][asked[proposer]]
            asked[proposer] += 1
            position = market.options[proposer][option]
            claim = -market.standing[proposer][market.county[position]]
            if len(held[position]) < seats[position]:
                heappush(held[position], claim)
                got[proposer] = option
                break
            rejected = heappushpop(held[position], claim)
            if rejected != claim:
                got[proposer] = option
                proposer = market.groups[-rejected].teacher
                del got[proposer]
    return got
