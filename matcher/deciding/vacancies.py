"""Vacancy phases (單調, 原民調): open seats, and the lines of moves that begin with one."""

from collections.abc import Collection, Iterable, Mapping

from matcher.deciding.deferred import deferred_acceptance
from matcher.deciding.market import Market
from matcher.files.rulebook import Refill

Step = tuple[int, int]
"""A teacher and the number of the option she gets."""


def fill(
    market: Market,
    candidates: Iterable[int],
    seats: Mapping[int, int],
    shut: Collection[int],
    refill: Refill,
) -> list[list[Step]]:
    """Lines of moves; each first takes an open seat, each next the seat of the one before.

    Lines come by the priority of the first mover at her destination. With `Refill.ROUNDS` a seat
    a mover leaves is offered in the next round, unless her old position or the one she took is in
    ``shut`` (遇缺不補, or a school the phase is not for). What stays open after a round nobody who
    is left wants, so a round offers only what the one before set free; of several such
    seats at one position the highest taker continues the earliest line.
    """
    waiting = set(candidates)
    lines: list[list[Step]] = []
    freed: dict[int, list[int]] = {}
    offered = dict(seats)
    while moved := deferred_acceptance(market, sorted(waiting), offered):
        waiting -= moved.keys()
        steps = sorted(moved.items(), key=lambda step: _priority(market, step))
        if not lines:
            lines = [[step] for step in steps]
            grown = list(range(len(lines)))
        else:
            grown = _continue(market, lines, freed, steps)
        freed = {} if refill is Refill.NONE else _seats_left(market, lines, grown, shut)
        offered = {position: len(queue) for position, queue in freed.items()}
    return lines


def _priority(market: Market, step: Step) -> int:
    teacher, option = step
    return market.standing_at(teacher, market.options[teacher][option])


def _continue(
    market: Market, lines: list[list[Step]], freed: Mapping[int, list[int]], steps: list[Step]
) -> list[int]:
    grown = []
    for teacher, option in steps:
        line = freed[market.options[teacher][option]].pop(0)
        lines[line].append((teacher, option))
        grown.append(line)
    return sorted(grown)


def _seats_left(
    market: Market, lines: list[list[Step]], grown: list[int], shut: Collection[int]
) -> dict[int, list[int]]:
    freed: dict[int, list[int]] = {}
    for line in grown:
        teacher, option = lines[line][-1]
        left, taken = market.home[teacher], market.options[teacher][option]
        if left not in shut and taken not in shut:
            freed.setdefault(left, []).append(line)
    return freed
