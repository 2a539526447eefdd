"""Which rings and chains are worth more than they cost, found without listing any others.

Every move is worth one unit and costs the price of who moves; its gain is what is left. Walks with
the most gain are built position by position: the best one from here to there in so many moves
goes over the best one a move shorter. A walk that passes a position twice is two lines, of which
one gains at least half as much. All in whole millionths, so that what is not found is not there.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.whatif.web import Numbers, Walk, Web, grouped

UNIT = 1_000_000
GONE = 25 * UNIT  # a price that no line can pay back, however long
_NOWHERE = -500_000_000
_HEADS_AT_ONCE = 64
_BEGUN_BY_ONE = 2  # chains that begin with one teacher, and with one vacancy
_BEGUN_AT_ONE = 20


@dataclass(frozen=True, slots=True)
class Dear:
    """Lines that gain, and the most that any gains (0 if none does)."""

    most: int
    walks: list[Walk]


@dataclass(frozen=True, slots=True)
class Further:
    """What the rest of a chain gains at most.

    Attributes:
        left: By moves still allowed, from 0, and position: from a seat left there.
        vacancy: By position: from a vacancy there.
    """

    left: list[Numbers]
    vacancy: Numbers


def dear_rings(web: Web, prices: Numbers, longest: int, least: int) -> Dear:
    """Of the rings through each position the dearest of each length, if it gains over ``least``."""
    loom = _Loom(web, prices)
    best, walks = 0, dict[Walk, None]()
    for heads in loom.heads():
        reached = loom.reached(heads, longest)
        for length in range(2, longest + 1):
            gain, last = loom.closed(reached[length - 2], heads)
            best = max(best, int(gain.max()))
            for row in np.flatnonzero(gain > least):
                trail = loom.trail(reached, int(row), int(last[row]), length)
                walks.update(dict.fromkeys(loom.rings(trail, least)))
    return Dear(best, list(walks))


class _Loom:
    """Moves between positions that somebody can both leave and take, numbered anew."""

    def __init__(self, web: Web, prices: Numbers) -> None:
        self._web = web
        gain = UNIT - prices[web.teacher]
        kept = np.flatnonzero(gain > UNIT - GONE)
        before = -1
        while len(kept) != before:
            before = len(kept)
            taken = np.isin(web.source[kept], web.target[kept])
            left = np.isin(web.target[kept], web.source[kept])
            kept = kept[taken & left]
        self._moves = kept
        self._gain = gain[kept].astype(np.int32)
        positions = np.unique(web.source[kept])
        self._size = len(positions)
        self._from = np.searchsorted(positions, web.source[kept])
        self._to = np.searchsorted(positions, web.target[kept])
        self._begins, self._taken = grouped(self._to.astype(np.int32))
        self._ends = np.concatenate((self._begins[1:], [len(kept)]))

    def heads(self) -> Iterator[Numbers]:
        """All positions, some at a time."""
        for first in range(0, self._size, _HEADS_AT_ONCE):
            last = min(self._size, first + _HEADS_AT_ONCE)
            yield np.arange(first, last, dtype=np.int32)

    def reached(self, heads: Numbers, longest: int) -> list[Numbers]:
        """By moves made, from 1: by head and position, the most gain on the way there."""
        rows = np.arange(len(heads))
        here = np.full((len(heads), self._size), _NOWHERE, dtype=np.int32)
        here[rows, heads] = 0
        found = []
        for _ in range(1, longest):
            there = np.full_like(here, _NOWHERE)
            along = here[:, self._from] + self._gain
            there[:, self._taken] = np.maximum.reduceat(along, self._begins, axis=1)
            here = np.maximum(there, _NOWHERE)
            found.append(here)
        return found

    def closed(self, reached: Numbers, heads: Numbers) -> tuple[Numbers, Numbers]:
        """By head: the most gain with one more move that leads back, and that move."""
        gain = np.empty(len(heads), dtype=np.int32)
        last = np.empty(len(heads), dtype=np.int32)
        for row, head in enumerate(heads):
            some = slice(self._begins[head], self._ends[head])
            along = reached[row, self._from[some]] + self._gain[some]
            place = int(along.argmax())
            gain[row], last[row] = along[place], some.start + place
        return gain, last

    def trail(self, reached: Sequence[Numbers], row: int, last: int, length: int) -> list[int]:
        """The moves of the walk that ends with ``last``, by the numbers of this loom."""
        trail = [last]
        for made in range(length - 2, -1, -1):
            here = self._from[trail[-1]]
            some = slice(self._begins[here], self._ends[here])
            if made == 0:
                head = self._to[last]
                place = int(np.where(self._from[some] == head, self._gain[some], _NOWHERE).argmax())
            else:
                along = reached[made - 1][row, self._from[some]] + self._gain[some]
                place = int(along.argmax())
            trail.append(some.start + place)
        return trail[::-1]

    def rings(self, trail: Sequence[int], least: int) -> Iterator[Walk]:
        """The rings a closed walk falls into, those that gain."""
        open_moves: list[int] = []
        for move in trail:
            open_moves.append(move)
            start = next(
                (n for n, one in enumerate(open_moves) if self._from[one] == self._to[move]), None
            )
            if start is None:
                continue
            ring = open_moves[start:]
            del open_moves[start:]
            if sum(int(self._gain[one]) for one in ring) > least:
                first = ring.index(min(ring))
                moves = (*ring[first:], *ring[:first])
                yield Walk(is_ring=True, moves=tuple(int(self._moves[one]) for one in moves))


def further(web: Web, prices: Numbers, longest: int) -> Further:
    """What chains gain at most from each seat on."""
    gain = UNIT - prices[web.teacher]
    left = [np.zeros(len(web.seats), dtype=np.int32)]
    for _ in range(1, longest):
        left.append(_best(web, gain + np.where(web.shut[web.source], 0, left[-1][web.source])))
    ends = web.shut[web.source] | web.shut[web.target]
    return Further(left, _best(web, gain + np.where(ends, 0, left[-1][web.source])))


def _best(web: Web, along: Numbers) -> Numbers:
    best = np.zeros(len(web.seats), dtype=np.int32)
    best[web.taken] = np.maximum(np.maximum.reduceat(along, web.groups), 0)
    return best


def dear_chains(
    web: Web, prices: Numbers, rest: Further, vacancies: Numbers, least: int
) -> list[Walk]:
    """Chains that gain over ``least``: the dearest from a first move on, the best of such.

    ``vacancies``: their prices by position; of one that is gone, `GONE`.
    """
    gain = UNIT - prices[web.teacher]
    ends = web.shut[web.source] | web.shut[web.target]
    along = gain + np.where(ends, 0, rest.left[-1][web.source])
    first = np.flatnonzero((web.seats[web.target] > 0) & (along - vacancies[web.target] > least))
    walks: dict[Walk, None] = {}
    begun = Counter[tuple[str, int]]()
    for move in first[np.argsort((vacancies[web.target] - along)[first], kind="stable")]:
        mine = ("teacher", int(web.teacher[move])), ("vacancy", int(web.target[move]))
        if begun[mine[0]] == _BEGUN_BY_ONE or begun[mine[1]] == _BEGUN_AT_ONE:
            continue
        begun.update(mine)
        moves = [int(move)] if ends[move] else _continued(web, gain, rest, int(move))
        walks[Walk(is_ring=False, moves=tuple(_without_circles(web, moves)))] = None
    return [walk for walk in walks if walk.moves]


def _continued(web: Web, gain: Numbers, rest: Further, first: int) -> list[int]:
    moves = [first]
    for left, after in zip(rest.left[:0:-1], rest.left[-2::-1], strict=True):
        here = web.source[moves[-1]]
        if web.shut[here] or left[here] <= 0:
            break
        group = int(np.searchsorted(web.taken, here))
        begin = int(web.groups[group])
        some = slice(begin, int(np.searchsorted(web.target, here, side="right")))
        sources = web.source[some]
        along = gain[some] + np.where(web.shut[sources], 0, after[sources])
        moves.append(begin + int(along.argmax()))
    return moves


def _without_circles(web: Web, moves: Sequence[int]) -> list[int]:
    """The chain without what leads from a seat back to the same position."""
    kept: list[int] = []
    for move in moves:
        kept.append(move)
        start = next((n for n, one in enumerate(kept) if web.target[one] == web.source[move]), None)
        if start is not None:
            del kept[start:]
    return kept
