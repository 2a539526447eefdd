"""Everything a program may choose from: rings, and links of chains by their depth.

After the position-indexed chain-edge formulation of kidney exchange (Dickerson, Manlove, Plaut,
Sandholm, Trimble, Position-Indexed Formulations for Kidney Exchange, 2016): a ring is one column;
a chain is a link at depth 1 into a vacancy, then links each into the seat left one depth before.
Teachers of one position are kept apart, since their lists differ.

遇缺不補: in a chain nobody takes a seat left at a shut position, and nobody the seat left by who
took a vacancy at one. In a ring no seat is ever empty, so there it changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from matcher.deciding.trading import Step
from matcher.whatif.setting import Setting

RING = 0
COLUMNS_AT_MOST = 400_000  # ours: what fits into memory beside everything else


class TooManyLinesError(MemoryError):
    """There are more rings and links of that length than can be held.

    So it is told as what it would end in, had it been tried.
    """


Row = tuple[str, int, int]
"""What a column uses up: ("teacher", t, 0), ("vacancy", position, 0), ("left", position, depth)."""


@dataclass(frozen=True, slots=True)
class Column:
    """A ring (depth `RING`), or one link of a chain at a depth from 1."""

    steps: tuple[Step, ...]
    depth: int


def columns_of(setting: Setting, longest: int, at_most: int = COLUMNS_AT_MOST) -> list[Column]:
    """Every column for lines of at most ``longest`` moves.

    Raises:
        TooManyLinesError: More than ``at_most``.
    """
    every = chain(_links(setting, longest), _rings(setting, longest))
    columns = list(islice(every, at_most + 1))
    if len(columns) > at_most:
        raise TooManyLinesError(f"more than {at_most:,} with lines of {longest}")
    return columns


def capacity(setting: Setting, row: Row) -> int:
    """How much of a row there is before anybody moves."""
    kind, number, _ = row
    return 1 if kind == "teacher" else setting.seats[number] if kind == "vacancy" else 0


def uses(setting: Setting, column: Column, longest: int) -> Iterator[tuple[Row, int]]:
    """What the column takes from each row; a link also gives: the seat it leaves."""
    for teacher, _ in column.steps:
        yield ("teacher", teacher, 0), 1
    if column.depth == RING:
        return
    market = setting.market
    ((teacher, option),) = column.steps
    taken, home = market.options[teacher][option], market.home[teacher]
    if column.depth == 1:
        yield ("vacancy", taken, 0), 1
    else:
        yield ("left", taken, column.depth - 1), 1
    if column.depth < longest and _is_continued(setting, taken, home, column.depth):
        yield ("left", home, column.depth), -1


def _is_continued(setting: Setting, taken: int, home: int, depth: int) -> bool:
    return home not in setting.shut and (depth > 1 or taken not in setting.shut)


def _links(setting: Setting, longest: int) -> Iterator[Column]:
    market = setting.market
    wanting: dict[int, list[Step]] = {}
    for teacher, options in enumerate(market.options):
        for option, position in enumerate(options):
            wanting.setdefault(position, []).append((teacher, option))
    taken = sorted(setting.seats, key=lambda p: wanting.get(p, []))
    for depth in range(1, longest + 1):
        left: dict[int, None] = {}
        for position in taken:
            for teacher, option in wanting.get(position, ()):
                yield Column(((teacher, option),), depth)
                home = market.home[teacher]
                if _is_continued(setting, position, home, depth):
                    left.setdefault(home)
        taken = list(left)


def _rings(setting: Setting, longest: int) -> Iterator[Column]:
    """Each ring once, from its teacher with the lowest number, no position passed twice.

    A ring through one position twice is two shorter ones with the same moves.
    """
    market = setting.market
    holders: dict[int, list[int]] = {}
    for teacher, home in enumerate(market.home):
        holders.setdefault(home, []).append(teacher)
    following = [
        [(option, other) for option, p in enumerate(options) for other in holders.get(p, ())]
        for options in market.options
    ]
    before: list[list[int]] = [[] for _ in following]
    for teacher, onward in enumerate(following):
        for _, other in onward:
            before[other].append(teacher)
    for head in range(len(following)):
        away = _distances(before, head, longest)
        waiting: list[tuple[int, tuple[Step, ...]]] = [(head, ())]
        while waiting:
            here, steps = waiting.pop()
            for option, other in following[here]:
                longer = (*steps, (here, option))
                if other == head:
                    yield Column(longer, RING)
                elif (
                    away.get(other, longest) + len(longer) <= longest
                    and market.home[other] != market.home[head]
                    and all(market.home[other] != market.home[one] for one, _ in longer)
                ):
                    waiting.append((other, longer))


def _distances(before: Sequence[Sequence[int]], head: int, longest: int) -> Mapping[int, int]:
    """How many moves lead back to the head, by teachers with higher numbers only."""
    found = {head: 0}
    border = [head]
    for steps in range(1, longest):
        border = [
            one
            for other in border
            for one in before[other]
            if one > head and one not in found and found.setdefault(one, steps)
        ]
    return found
