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

from matcher.whatif.web import Numbers, Places, Walk, Web, grouped

UNIT = 1_000_000
GONE = 25 * UNIT  # a price that no line can pay back, however long
_NOWHERE = -500_000_000
_HEADS_AT_ONCE = 64
_BEGUN_BY_ONE = 2  # chains that begin with one teacher, and with one vacancy
_BEGUN_AT_ONE = 20


@dataclass(frozen=True, slots=True)
class Further:
    """What the rest of a chain gains at most.

    Attributes:
        left: By moves still allowed, from 0, and position: from a seat left there.
        vacancy: By position: from a vacancy there.
    """

    left: list[Numbers]
    vacancy: Numbers


def dear_rings(web: Web, prices: Numbers, longest: int, least: int) -> list[Walk]:
    """Of the rings through each position the dearest of each length, if it gains over ``least``."""
    loom = _Loom(web, prices)
    walks: list[Walk] = []
    for heads in loom.heads():
        reached = loom.reached(heads, longest)
        for made in range(1, longest):
            for row, (gain, last) in enumerate(loom.closed(reached[made], heads)):
                if gain > least:
                    trail = loom.trail(reached[:made], row, last)
                    walks += loom.rings(trail, least)
    return list(dict.fromkeys(walks))


def dearest_ring(web: Web, prices: Numbers, longest: int) -> int:
    """The most that any ring gains, or several that meet, in so many moves; 0 if none does."""
    loom = _Loom(web, prices)
    gains = (
        gain
        for heads in loom.heads()
        for there in loom.reached(heads, longest)[1:]
        for gain, _ in loom.closed(there, heads)
    )
    return max(0, max(gains, default=0))


class _Loom:
    """Moves between positions that somebody can both leave and take, numbered anew."""

    def __init__(self, web: Web, prices: Numbers) -> None:
        gain = UNIT - prices[web.teacher]
        kept = _in_circles(web, np.flatnonzero(gain > UNIT - GONE))
        self._moves = kept
        self._gain = gain[kept]
        positions = np.unique(web.source[kept])
        self._size = len(positions)
        self._from = np.searchsorted(positions, web.source[kept])
        self._to = np.searchsorted(positions, web.target[kept])
        self._begins = grouped(self._to)
        self._ends = np.concatenate((self._begins[1:], [len(kept)]))

    def heads(self) -> Iterator[Places]:
        """All positions, some at a time."""
        every = np.arange(self._size)
        for first in range(0, self._size, _HEADS_AT_ONCE):
            yield every[first : first + _HEADS_AT_ONCE]

    def reached(self, heads: Places, longest: int) -> list[Numbers]:
        """By moves made, from 0: by head and position, the most gain on the way there."""
        here = np.full((len(heads), self._size), _NOWHERE, dtype=np.int32)
        here[np.arange(len(heads)), heads] = 0
        found = [here]
        for _ in range(1, longest):
            along = found[-1][:, self._from] + self._gain
            found.append(np.maximum(np.maximum.reduceat(along, self._begins, axis=1), _NOWHERE))
        return found

    def closed(self, reached: Numbers, heads: Places) -> Iterator[tuple[int, int]]:
        """By head: the most gain with one more move that leads back, and that move."""
        for so_far, head in zip(reached, heads, strict=True):
            yield self._best(so_far, head)

    def _best(self, so_far: Numbers, position: np.intp) -> tuple[int, int]:
        """The most gain with one more move to a position, and that move."""
        begin = self._begins[position]
        some = slice(begin, self._ends[position])
        along = so_far[self._from[some]] + self._gain[some]
        place = along.argmax()
        return int(along[place]), int(begin + place)

    def trail(self, reached: Sequence[Numbers], row: int, last: int) -> list[int]:
        """The moves of a walk that ends with ``last``, by the numbers of this loom.

        ``reached`` before each of the others; ``row``: the head's.
        """
        trail = [last]
        for so_far in reversed(reached):
            _, move = self._best(so_far[row], self._from[trail[-1]])
            trail.append(move)
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
            if self._gain[ring].sum() > least:
                first = ring.index(min(ring))
                moves = self._moves[[*ring[first:], *ring[:first]]]
                yield Walk(is_ring=True, moves=tuple(moves.tolist()))


def _in_circles(web: Web, moves: Places) -> Places:
    """Those moves without dead ends, from either side."""
    while True:
        taken = np.isin(web.source[moves], web.target[moves])
        left = np.isin(web.target[moves], web.source[moves])
        kept = moves[taken & left]
        if len(kept) == len(moves):
            return kept
        moves = kept


def further(web: Web, prices: Numbers, longest: int) -> Further:
    """What chains gain at most from each seat on."""
    gain = UNIT - prices[web.teacher]
    left = [np.zeros_like(web.seats)]
    for _ in range(1, longest):
        left.append(_best(web, gain + np.where(web.shut[web.source], 0, left[-1][web.source])))
    ends = web.shut[web.source] | web.shut[web.target]
    return Further(left, _best(web, gain + np.where(ends, 0, left[-1][web.source])))


def _best(web: Web, along: Numbers) -> Numbers:
    best = np.zeros_like(web.seats)
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
    walks: list[Walk] = []
    by_one, at_one = Counter[int](), Counter[int]()
    for move in first[np.argsort((vacancies[web.target] - along)[first], kind="stable")].tolist():
        teacher, vacancy = int(web.teacher[move]), int(web.target[move])
        if by_one[teacher] == _BEGUN_BY_ONE or at_one[vacancy] == _BEGUN_AT_ONE:
            continue
        by_one[teacher] += 1
        at_one[vacancy] += 1
        moves = [move] if ends[move] else _continued(web, gain, rest, move)
        whole = _without_circles(web, moves)
        if whole:
            walks.append(Walk(is_ring=False, moves=tuple(whole)))
    return list(dict.fromkeys(walks))


def _continued(web: Web, gain: Numbers, rest: Further, first: int) -> list[int]:
    moves = [first]
    for allowed in range(len(rest.left) - 1, 0, -1):
        here = web.source[moves[-1]]
        if web.shut[here] or rest.left[allowed][here] <= 0:
            break
        begin, end = np.searchsorted(web.target, [here, here + 1])
        sources = web.source[begin:end]
        along = gain[begin:end] + np.where(web.shut[sources], 0, rest.left[allowed - 1][sources])
        moves.append(int(begin + along.argmax()))
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
