"""The greedy reading of 積分高低、志願、科別 (103 作業要點): one pair after another, as they rank.

All (teacher, option) pairs stand in one order: points there, tie, lot, then wish and subject. The
first pair whose teacher waits and whose seat is open is decided, again and again; a seat that
comes free may make an earlier pair possible, so the walk begins anew. Unlike deferred acceptance
it can give a teacher a later wish although an earlier one was to be had: where her total for the
county of the later one is higher.
"""

from collections.abc import Collection, Iterable, Mapping
from heapq import heapify, heappop, heappush

from matcher.deciding.market import Market

Step = tuple[int, int]
"""A teacher and the number of the option she gets."""
Pair = tuple[int, int]
"""A teacher's place in the common ranking and the number of an option there."""


def greedy(
    market: Market,
    candidates: Iterable[int],
    seats: Mapping[int, int],
    shut: Collection[int],
    *,
    refilled: bool,
) -> list[list[Step]]:
    """Lines of moves; each first takes an open seat, each next the seat of the one before.

    Lines come in the order they were begun. Of several seats at one position vacancies are taken
    first, then the seats movers left, the oldest first. ``refilled``: whether a seat left is
    offered, unless it or the one taken for it is in ``shut``.
    """
    waiting = set(candidates)
    vacant = {position: count for position, count in seats.items() if count}
    left: dict[int, list[int]] = {}
    lines: list[list[Step]] = []
    offered = {*vacant, *(market.home[teacher] for teacher in waiting if refilled)}
    queues = _queues(market, waiting, offered)
    # No walk is walked: the next pair is the first of the queues at positions that are open.
    heads = [(queue.pop(), position) for position, queue in queues.items() if position in vacant]
    heapify(heads)
    while heads:
        (place, option), position = heappop(heads)
        teacher = market.groups[place].teacher
        if teacher in waiting:
            waiting.remove(teacher)
            if vacant.get(position):
                vacant[position] -= 1
                line = len(lines)
                lines.append([])
            else:
                line = left[position].pop(0)
            lines[line].append((teacher, option))
            home = market.home[teacher]
            if refilled and home not in shut and position not in shut:
                is_new = not vacant.get(home) and not left.get(home)
                left.setdefault(home, []).append(line)
                if is_new and home != position:
                    _push(heads, queues, home)
        if vacant.get(position) or left.get(position):
            _push(heads, queues, position)
    return lines


def _push(heads: list[tuple[Pair, int]], queues: Mapping[int, list[Pair]], position: int) -> None:
    if queues.get(position):
        heappush(heads, (queues[position].pop(), position))


def _queues(
    market: Market, waiting: Iterable[int], offered: Collection[int]
) -> dict[int, list[Pair]]:
    """By position, the pairs that lead there; the best stands last."""
    queues: dict[int, list[Pair]] = {}
    for teacher in waiting:
        standing = market.standing[teacher]
        for option, position in enumerate(market.options[teacher]):
            if position in offered:
                pair = standing[market.county[position]], option
                queues.setdefault(position, []).append(pair)
    for queue in queues.values():
        queue.sort(reverse=True)
    return queues
