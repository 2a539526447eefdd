"""Closed walks through moves that are fixed already: where one can stand after how many steps.

A walk is a ring that may name one person twice. It starts with the first fixed move and passes
every other fixed move once, in any order (dynamic programming over sets of moves, as Held and Karp
1962 did for tours).
"""

from collections.abc import Iterator, Mapping, Sequence

from matcher.deciding.bits import members
from matcher.deciding.exchange import Exchange

Step = tuple[int, int]
"""A teacher and the position she takes."""
Reach = Mapping[int, int]
"""Positions, by the set of fixed moves that were passed; the first, always passed, has no bit."""
Arc = tuple[int, int]
"""Where one may stand, and where one may go on to from there."""


class Walks:
    """Walks with as many moves as ``lengths`` allow, through those ``fixed``."""

    def __init__(self, exchange: Exchange, fixed: Sequence[Step], lengths: range) -> None:
        self.fixed = fixed
        self._exchange = exchange
        self._lengths = lengths
        home = exchange.market.home
        self._home = home[fixed[0][0]]
        self._others = [
            (1 << number, home[teacher], position)
            for number, (teacher, position) in enumerate(fixed[1:])
        ]
        self._all = (1 << len(self._others)) - 1
        movers = {teacher for teacher, _ in fixed}
        self._rest = {
            position: exchange.wanted_from(position, movers)
            for position in {home[teacher] for teacher in movers}
        }
        self._watched = 0
        for position in self._rest:
            self._watched |= 1 << position
        self._closing = self._closings(lengths[-1])

    def through(self, step: Step) -> "Walks":
        """Those that pass this move, too."""
        return Walks(self._exchange, [*self.fixed, step], self._lengths)

    def _closings(self, longest: int) -> list[Reach]:
        """By number of moves still to make: from where the walk can be closed with just so many."""
        found: list[Reach] = [{self._all: 1 << self._home}]
        for left in range(1, longest):
            reach: dict[int, int] = {}
            for passed, positions in found[-1].items():
                if passed.bit_count() < longest - left:
                    before = self._before(positions)
                    if before:
                        reach[passed] = reach.get(passed, 0) | before
                for bit, home, position in self._others:
                    if passed & bit and positions >> position & 1:
                        reach[passed ^ bit] = reach.get(passed ^ bit, 0) | 1 << home
            found.append(reach)
        return found

    def _before(self, positions: int) -> int:
        found = self._exchange.before(positions)
        for position in members(found & self._watched):
            if not self._rest[position] & positions:
                found ^= 1 << position
        return found

    def _after(self, positions: int) -> int:
        watched = positions & self._watched
        found = self._exchange.after(positions ^ watched)
        for position in members(watched):
            found |= self._rest[position]
        return found & self._exchange.held

    def arcs(self) -> list[Arc]:
        """What somebody without a fixed move could do in one of the walks."""
        found: list[Arc] = []
        reach: Reach = {0: 1 << self.fixed[0][1]}
        for made in range(1, self._lengths[-1]):
            following: dict[int, int] = {}
            for passed, reached in reach.items():
                positions = reached & self._open(passed, made)
                if not positions:
                    continue
                onward = self._open(passed, made + 1)
                if onward:
                    found.append((positions, onward))
                    after = self._after(positions)
                    if after:
                        following[passed] = following.get(passed, 0) | after
                for bit, home, position in self._others:
                    if not passed & bit and positions >> home & 1:
                        following[passed | bit] = following.get(passed | bit, 0) | 1 << position
            reach = following
        return found

    def _open(self, passed: int, made: int) -> int:
        """From where a walk with so many moves made can still be closed."""
        found = 0
        for length in self._lengths:
            if length >= made:
                found |= self._closing[length - made].get(passed, 0)
        return found

    def ring(self) -> Mapping[int, int] | None:
        """The position each member takes in one of the walks that names nobody twice, if any."""
        _, position = self.fixed[0]
        for length in self._lengths:
            if self._closing[length - 1].get(0, 0) >> position & 1:
                moves = dict(self.fixed)
                if self._closes(moves, position, 0, length - 1):
                    return moves
        return None

    def _closes(self, moves: dict[int, int], here: int, passed: int, left: int) -> bool:
        """Whether the walk can go on from ``here`` and close; its moves are then in ``moves``."""
        if not left:
            return True
        closing = self._closing[left - 1]
        for bit, home, position in self._others:
            if home == here and not passed & bit:
                onward = closing.get(passed | bit, 0)
                if onward >> position & 1 and self._closes(moves, position, passed | bit, left - 1):
                    return True
        onward = closing.get(passed, 0)
        for teacher in self._exchange.holders.get(here, ()) if onward else ():
            if teacher not in moves:
                for position in self._unvisited_first(
                    moves, self._exchange.wants[teacher] & onward
                ):
                    moves[teacher] = position
                    if self._closes(moves, position, passed, left - 1):
                        return True
                    del moves[teacher]
        return False

    def _unvisited_first(self, moves: Mapping[int, int], positions: int) -> Iterator[int]:
        visited = 0
        for position in moves.values():
            visited |= 1 << position
        yield from members(positions & ~visited)
        yield from members(positions & visited)
