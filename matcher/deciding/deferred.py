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
    # is on top; a place names its teacher. Beside it the place that a newcomer has to be before:
    # the worst once it is full.
    held: dict[int, list[int]] = {position: [] for position in seats}
    bar = [len(market.groups)] * len(market.positions)
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
            place = places[county[position]]
            if place < bar[position]:
                break
        else:
            continue
        got[proposer] = option
        inside, room = held[position], seats[position]
        if len(inside) < room:
            heappush(inside, -place)
        else:
            rejected = groups[-heapreplace(inside, -place)].teacher
            del got[rejected]
            proposers.append(rejected)
        if len(inside) == room:
            bar[position] = -inside[0]
    return got
