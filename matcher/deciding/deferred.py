"""Deferred acceptance: open seats go to whom they want most among those who want them most.

Gale and Shapley (1962), teachers proposing. The order of proposals cannot change the result.
"""

from collections.abc import Mapping, Sequence
from heapq import heappush, heapreplace

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
    room = dict(seats)
    got: dict[int, int] = {}
    asking = {teacher: iter(options) for teacher, options in choices.items()}
    all_options, county = market.options, market.county
    standing, groups = market.standing, market.groups
    proposers = list(choices)[::-1]
    while proposers:
        proposer = proposers.pop()
        options, places = all_options[proposer], standing[proposer]
        for option in asking[proposer]:
            position = options[option]
            inside, claim = held[position], -places[county[position]]
            if room[position]:
                room[position] -= 1
                heappush(inside, claim)
            elif claim < inside[0]:
                continue
            else:
                rejected = groups[-heapreplace(inside, claim)].teacher
                del got[rejected]
                proposers.append(rejected)
            got[proposer] = option
            break
    return got
