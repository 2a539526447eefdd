"""Most moves where there are too many lines to list: those that matter are made as needed.

Column generation: of the lines known so far the best choice in parts has prices; a line that is
worth more than it costs at these prices is added, until there is none. Then the prices prove that
no choice of any lines is better (`matcher.whatif.pricing` finds every such line, listed or not).
Whole lines are chosen by fixing what has the largest parts, as long as what is left can still
reach the bound; if it cannot, fewer are fixed, and only then a move is given up.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from matcher.whatif.columns import RING, Column, Row
from matcher.whatif.highs import Program, choose, relax
from matcher.whatif.pricing import (
    GONE,
    UNIT,
    dear_chains,
    dear_rings,
    dearest_ring,
    further,
)
from matcher.whatif.setting import Setting
from matcher.whatif.web import Numbers, Walk, Web

_WORTH_ADDING = 100  # millionths; of what gains less, the prices are raised instead
_ROUNDS = 100
_ROUNDS_OF_A_TRIAL = 3
SEARCHED_AT_MOST = 600
_FIXED_AT_ONCE = 8  # one in so many lines that have a part
_FEWER = (3, 9)  # then so many times fewer
_NO_PART = 1e-3
_WHOLE = 0.999
_BLUR = 1e-4
_FIRST_PRICE = 0.5  # of each person; every line gains at it


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """Lines that were chosen, and prices in millionths that prove ``proved`` moves the most."""

    columns: list[Column]
    proved: int
    prices: dict[Row, int]


@dataclass(frozen=True, slots=True)
class _Part:
    """The best choice in parts of what still fits, the moves in it, and its prices by row."""

    shares: dict[Walk, float]
    moves: float
    prices: Numbers


@dataclass(slots=True)
class _State:
    """Lines that are fixed, what room they leave, and what can be added in parts."""

    room: list[int]
    part: _Part
    fixed: list[Walk] = field(default_factory=list)
    moves: int = 0

    @property
    def reachable(self) -> float:
        """How many moves there can still be."""
        return self.moves + self.part.moves


def grow(setting: Setting, longest: int, searched_at_most: int = SEARCHED_AT_MOST) -> Grown:
    """The most moves in lines of at most ``longest``, or as many as are found, with the proof.

    ``searched_at_most``: so many lines that still fit are searched to the end.

    Raises:
        SolverMissingError: The extra ``what-if`` is not installed.
    """
    return _Growth(Web(setting), longest, searched_at_most).grown()


class _Growth:
    """All lines made so far."""

    def __init__(self, web: Web, longest: int, searched_at_most: int) -> None:
        self._web = web
        self._searched_at_most = searched_at_most
        self._longest = longest
        self._rows: dict[Walk, Sequence[int]] = {}

    def grown(self) -> Grown:
        """Lines made and chosen, with the prices at which no other line gains."""
        full = [1] * self._web.people + self._web.seats.tolist()
        state = _State(full, self._settled(full, _ROUNDS))
        people = state.part.prices[: self._web.people]
        prices, proved = proof(self._web, people, self._longest)
        walks = self._dive(state, proved)
        return Grown(columns=list(self._columns(walks)), proved=proved, prices=prices)

    def _settled(self, room: list[int], rounds: int) -> _Part:
        """Add lines until none of those there is room for gains, or for so many rounds."""
        part = self._part(room)
        for _ in range(rounds):
            if not self._add(part.prices):
                break
            part = self._part(room)
        return part

    def _part(self, room: list[int]) -> _Part:
        walks = [walk for walk, rows in self._rows.items() if all(room[row] for row in rows)]
        shares: dict[Walk, float] = {}
        prices = [_FIRST_PRICE] * self._web.people + [0.0] * len(self._web.seats)
        if walks:
            relaxed = relax(self._program(walks, room))
            shares = dict(zip(walks, relaxed.shares, strict=True))
            prices = relaxed.prices
        moves = sum(len(walk.moves) * share for walk, share in shares.items())
        priced = np.where(room, np.ceil(np.multiply(prices, UNIT)), GONE)
        return _Part(shares, moves, priced.astype(np.int32))

    def _program(self, walks: Collection[Walk], room: Sequence[int]) -> Program:
        return Program(
            worth=[len(walk.moves) for walk in walks],
            entries=[[(row, 1) for row in self._rows[walk]] for walk in walks],
            room=room,
        )

    def _add(self, prices: Numbers) -> bool:
        """Make the lines that gain at these prices; whether any was not known."""
        people, vacancies = prices[: self._web.people], prices[self._web.people :]
        rings = dear_rings(self._web, people, self._longest, _WORTH_ADDING)
        rest = further(self._web, people, self._longest)
        chains = dear_chains(self._web, people, rest, vacancies, _WORTH_ADDING)
        new = [walk for walk in (*rings, *chains) if walk not in self._rows]
        self._rows.update((walk, self._web.rows(walk)) for walk in new)
        return bool(new)

    def _dive(self, state: _State, wanted: int) -> list[Walk]:
        """Whole lines that make the wanted moves, or one less, and so on."""
        while True:
            parts = [(share, walk) for walk, share in state.part.shares.items() if share > _NO_PART]
            if len(state.part.shares) <= self._searched_at_most or not parts:
                walks = list(state.part.shares)
                chosen = choose(self._program(walks, state.room)).columns
                return [*state.fixed, *(walks[number] for number in chosen)]
            parts.sort(key=lambda one: -one[0])
            at_once = max(sum(share > _WHOLE for share, _ in parts), len(parts) // _FIXED_AT_ONCE)
            trial = self._trial(state, parts, at_once)
            for fewer in _FEWER:
                if trial.reachable >= wanted - _BLUR:
                    break
                trial = self._trial(state, parts, at_once // fewer)
            wanted = min(wanted, int(trial.reachable + _BLUR))
            state = trial

    def _trial(self, state: _State, parts: Sequence[tuple[float, Walk]], at_once: int) -> _State:
        room, fixed = list(state.room), list(state.fixed)
        fitting = (walk for _, walk in parts if all(room[row] for row in self._rows[walk]))
        for walk in islice(fitting, max(1, at_once)):  # looked for one by one, as room shrinks
            fixed.append(walk)
            for row in self._rows[walk]:
                room[row] -= 1
        moves = sum(len(walk.moves) for walk in fixed)
        return _State(room, self._settled(room, _ROUNDS_OF_A_TRIAL), fixed, moves)

    def _columns(self, walks: Iterable[Walk]) -> Iterable[Column]:
        for walk in walks:
            steps = self._web.steps(walk)
            if walk.is_ring:
                yield Column(tuple(steps), RING)
            else:
                yield from (Column((step,), depth) for depth, step in enumerate(steps, start=1))


def proof(web: Web, people: Numbers, longest: int) -> tuple[dict[Row, int], int]:
    """Prices of all rows, in millionths, at which no line gains, and the moves they prove the most.

    ``people``: their prices so far; raised as far as needed, all by as much.
    """
    raised = people + (dearest_ring(web, people, longest) + 1) // 2  # a ring has two at least
    rest = further(web, raised, longest)
    vacancies = np.where(web.seats > 0, rest.vacancy, 0)
    priced = {("teacher", 0): raised, ("vacancy", 0): vacancies}
    priced |= {("left", longest - more): rest.left[more] for more in range(1, longest)}
    named = {
        (kind, int(number), depth): int(prices[number])
        for (kind, depth), prices in priced.items()
        for number in np.flatnonzero(prices)
    }
    limit = int(raised.sum(dtype=np.int64) + web.seats.astype(np.int64) @ vacancies)
    return named, limit // UNIT
