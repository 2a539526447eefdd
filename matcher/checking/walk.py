"""The theorem of the greedy method, held against one vacancy phase.

The method walks all (teacher, option) pairs in their one common order and begins anew whenever a
seat comes free. So at every moment the pair that is decided is the best of those that could be,
and a placement comes from the method exactly if (1) its moves can be put into an order in which
each takes a seat that is free then, always the best of those whose seat is free, and (2) for no
pair was there a moment at which its teacher was still waiting, its seat was free, and a worse pair
was decided, or nothing any more. (1) is one pass over the moves; (2) asks for each option what the
worst pair was while its seat was free and the teacher waited, which a table of maxima answers.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from matcher.checking.claims import Claims, Worth, as_set
from matcher.checking.envy import wish
from matcher.checking.ledger import Opening
from matcher.checking.verdict import Finding, Wrong
from matcher.files.placement import Chain


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class _Head:
    """The move of a chain that comes next."""

    worth: Worth
    chain: int
    number: int


class WalkLedger:
    """A phase of `VacancyMethod.GREEDY`."""

    def __init__(self, claims: Claims, begun: Opening) -> None:
        self._claims = claims
        self._begun = begun
        self._decided: list[Worth] = []
        self._when: dict[int, int] = {}
        self._free = Counter(begun.seats)
        self._left: dict[int, list[int]] = {}
        self._open_since = {seat: 0 for seat, count in begun.seats.items() if count}
        self._spans: dict[int, list[tuple[int, int]]] = {}

    def findings(self, chains: Sequence[tuple[str, Chain]]) -> list[Finding]:
        """What is wrong with the chains of this phase."""
        return list(self._replayed(chains)) or list(self._skipped())

    def _replayed(self, chains: Sequence[tuple[str, Chain]]) -> Iterator[Finding]:
        """Decide the moves of the placement in the one order they can have come in."""
        waiting = [self._head(chains, number, 0) for number in range(len(chains))]
        heapify(waiting)
        begun = -1
        while waiting:
            head = heappop(waiting)
            path, chain = chains[head.chain]
            move = chain.moves[head.number]
            code = self._taken(head, self._claims.seat[move.destination])
            if not head.number:
                if code is None and head.chain < begun:
                    code = Wrong.DECISIONS_OUT_OF_ORDER
                begun = head.chain
            if code is not None:
                here = f"{path}.moves[{head.number}]"
                yield Finding(path=here, code=code, detail=move.teacher)
                return
            is_offered = self._decide(head, self._claims.person[move.teacher])
            if head.number + 1 < len(chain.moves):
                if not is_offered:
                    here, following = (
                        f"{path}.moves[{head.number + 1}]",
                        chain.moves[head.number + 1],
                    )
                    yield Finding(path=here, code=Wrong.SEAT_NOT_OFFERED, detail=following.teacher)
                    return
                heappush(waiting, self._head(chains, head.chain, head.number + 1))

    def _head(self, chains: Sequence[tuple[str, Chain]], chain: int, number: int) -> _Head:
        move = chains[chain][1].moves[number]
        person, seat = self._claims.person[move.teacher], self._claims.seat[move.destination]
        return _Head(worth=self._claims.worth(person, seat), chain=chain, number=number)

    def _taken(self, head: _Head, seat: int) -> Wrong | None:
        """Take the seat: vacancies go first, then seats left behind, the oldest first."""
        left = self._left.get(seat, [])
        vacancies = self._free[seat] - len(left)
        if head.number:
            if vacancies or left[0] != head.chain:
                return Wrong.LINES_CROSSED
            left.pop(0)
        elif not vacancies:
            return Wrong.OVERSOLD
        now = len(self._decided)
        self._free[seat] -= 1
        if not self._free[seat]:
            self._spans.setdefault(seat, []).append((self._open_since.pop(seat), now))
        return None

    def _decide(self, head: _Head, person: int) -> bool:
        """Note the move; whether the seat she leaves is offered again."""
        now = len(self._decided)
        self._when[person] = now
        self._decided.append(head.worth)
        left, taken = self._claims.home[person], self._claims.options(person)[head.worth[1]]
        if not self._begun.is_refilled(left, taken):
            return False
        self._left.setdefault(left, []).append(head.chain)
        self._free[left] += 1
        self._open_since.setdefault(left, now + 1)
        return True

    def _skipped(self) -> Iterator[Finding]:
        """Pairs that should have been decided when a worse one was, or nothing any more."""
        end = len(self._decided)
        for seat, since in self._open_since.items():
            self._spans.setdefault(seat, []).append((since, end))
        worst = _Worst([*self._decided, (len(self._claims.turns), 0)])
        while_open = {seat: _Openings(spans, worst) for seat, spans in self._spans.items()}
        ever = as_set(while_open)
        for person in self._begun.people:
            if not self._claims.wants(person) & ever:
                continue
            until = self._when.get(person, end)
            for nth, seat in enumerate(self._claims.options(person)):
                if seat not in while_open:
                    continue
                passed = while_open[seat].worst_until(until)
                if passed is not None and passed > (self._claims.turn(person, seat), nth):
                    is_left = passed == (len(self._claims.turns), 0)
                    code = Wrong.SEAT_WASTED if is_left else Wrong.TURN_SKIPPED
                    detail = wish(self._claims, person, seat)
                    yield Finding(path="$", code=code, detail=detail)


class _Worst:
    """The worst pair decided between two moments, both included, in constant time."""

    def __init__(self, decided: Sequence[Worth]) -> None:
        self._rows = [list(decided)]  # row k holds the maxima of 2**k neighbours
        width = 1
        while 2 * width <= len(decided):
            row = self._rows[-1]
            self._rows.append([max(a, b) for a, b in zip(row, row[width:], strict=False)])
            width *= 2

    def between(self, first: int, last: int) -> Worth:
        row = (last - first + 1).bit_length() - 1
        return max(self._rows[row][first], self._rows[row][last - (1 << row) + 1])


class _Openings:
    """When a seat was free, and the worst pair that was decided meanwhile."""

    def __init__(self, spans: Sequence[tuple[int, int]], worst: _Worst) -> None:
        self._worst = worst
        self._spans = spans
        self._starts = [first for first, _ in spans]
        self._before: list[Worth] = [(-1, -1)]
        for first, last in spans:
            self._before.append(max(self._before[-1], worst.between(first, last)))

    def worst_until(self, moment: int) -> Worth | None:
        """The worst pair decided up to that moment while the seat was free; None if never."""
        number = bisect_right(self._starts, moment) - 1
        if number < 0:
            return None
        first, last = self._spans[number]
        return max(self._before[number], self._worst.between(first, min(last, moment)))
