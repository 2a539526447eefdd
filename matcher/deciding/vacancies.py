"""Vacancy phases (單調, 原民調): open seats, and the lines of moves that begin with one."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from matcher.deciding.deferred import deferred_acceptance
from matcher.deciding.greedy import Step, greedy
from matcher.deciding.market import Market
from matcher.files.rulebook import Refill, VacancyMethod

Lines = list[list[Step]]
"""Each first takes an open seat, each next the seat of the one before."""


def fill(
    market: Market,
    candidates: Sequence[int],
    seats: Mapping[int, int],
    shut: Collection[int],
    refill: Refill,
) -> Lines:
    """Lines of moves by deferred acceptance, by the priority of the first mover where she goes.

    With `Refill.ROUNDS` a seat a mover leaves is offered in the next round, unless her old
    position or the one she took is in ``shut`` (遇缺不補, or a school the phase is not for). What
    stays open after a round nobody who is left wants, so a round offers only what the one before
    set free; of several such seats at one position the highest taker continues the earliest line.
    """
    offered = {position: count for position, count in seats.items() if count}
    if not offered:
        return []
    moved = deferred_acceptance(market, _choices(market, candidates, offered), offered)
    lines = [[step] for step in _by_priority(market, moved)]
    grown: Iterable[int] = range(len(lines))
    if refill is Refill.NONE:
        return lines
    waiting = set(candidates) - moved.keys()
    wanting = _wanting(market, waiting)
    while freed := _seats_left(market, lines, grown, shut):
        offered = {position: len(queue) for position, queue in freed.items()}
        choices: dict[int, list[int]] = {}
        for position in offered:
            for teacher, option in wanting.get(position, ()):
                if teacher in waiting:
                    choices.setdefault(teacher, []).append(option)
        for options in choices.values():
            options.sort()
        moved = deferred_acceptance(market, choices, offered)
        waiting -= moved.keys()
        grown = _continued(market, lines, freed, _by_priority(market, moved))
    return lines


def walk(
    market: Market,
    candidates: Sequence[int],
    seats: Mapping[int, int],
    shut: Collection[int],
    refill: Refill,
) -> Lines:
    """Lines of moves by the greedy method, in the order they were begun."""
    return greedy(market, candidates, seats, shut, refilled=refill is Refill.ROUNDS)


Method = Callable[[Market, Sequence[int], Mapping[int, int], Collection[int], Refill], Lines]
METHODS: Mapping[VacancyMethod, Method] = {
    VacancyMethod.DEFERRED_ACCEPTANCE: fill,
    VacancyMethod.GREEDY: walk,
}
"""How seats are given out so that nobody's seat is taken unless she has one already."""


def _choices(
    market: Market, candidates: Iterable[int], offered: Collection[int]
) -> dict[int, Sequence[int]]:
    return {
        teacher: [n for n, p in enumerate(market.options[teacher]) if p in offered]
        for teacher in candidates
    }


def _wanting(market: Market, teachers: Iterable[int]) -> dict[int, list[Step]]:
    found: dict[int, list[Step]] = {}
    for teacher in teachers:
        for option, position in enumerate(market.options[teacher]):
            found.setdefault(position, []).append((teacher, option))
    return found


def _by_priority(market: Market, moved: Mapping[int, int]) -> list[Step]:
    return sorted(
        moved.items(),
        key=lambda step: market.standing_at(step[0], market.options[step[0]][step[1]]),
    )


def _continued(
    market: Market, lines: Lines, freed: Mapping[int, list[int]], steps: Iterable[Step]
) -> list[int]:
    grown = []
    for teacher, option in steps:
        line = freed[market.options[teacher][option]].pop(0)
        lines[line].append((teacher, option))
        grown.append(line)
    return sorted(grown)


def _seats_left(
    market: Market, lines: Lines, grown: Iterable[int], shut: Collection[int]
) -> dict[int, list[int]]:
    freed: dict[int, list[int]] = {}
    for line in grown:
        teacher, option = lines[line][-1]
        left, taken = market.home[teacher], market.options[teacher][option]
        if left not in shut and taken not in shut:
            freed.setdefault(left, []).append(line)
    return freed
