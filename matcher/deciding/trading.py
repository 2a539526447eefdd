"""Top trading cycles: everybody points at the seat she wants most, and closed circles trade.

Shapley and Scarf (On Cores and Indivisibility, 1974); for vacancies You Request My House, I Get
Your Turn (Abdulkadiroğlu and Sönmez, House Allocation with Existing Tenants, 1999), with a
priority of its own at every position (School Choice: A Mechanism Design Approach, 2003). Not
what 介聘辦法 prescribes: it runs only where a rule file or a what-if asks for it.

A held seat belongs to its holder. A seat nobody holds (a vacancy, or one left behind) belongs to
whoever has the highest priority there among those still here who could be given it, wished for
or not: of those with points in its county and its subject in their lists (ours: points exist
nowhere else). The seats of one position stand in one fixed order, so that whose turn it is never
depends on what somebody writes down: vacancies first, then held ones, best total first.

遇缺不補: a seat that nobody took over in the trade in which its holder left is offered again
unless its position is shut, or the open seat of hers that was traded stood at a shut position.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, count

from matcher.deciding.market import Market
from matcher.deciding.options import Admission
from matcher.files.problem import CountyCode
from matcher.files.rulebook import SubjectCode

Step = tuple[int, int]
"""A teacher and the number of the option she gets."""

STAYS = -1
_NOBODY = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Who trades, and what is open.

    ``seats``: vacancies by position; ``shut``: where a seat left behind is not offered again;
    ``outside``: where nobody may go at all.
    """

    candidates: Sequence[int]
    seats: Mapping[int, int]
    shut: Collection[int] = ()
    outside: Collection[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Moves that hang together: a ring, or a chain that begins with a vacancy.

    In a chain each takes the seat of the one before; in a ring that of the next, the last that of
    the first, whose priority is the best.
    """

    is_ring: bool
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trades:
    """What was traded.

    Attributes:
        cycles: In the order they closed; each takes a seat of the next, the last of the first.
            A teacher who keeps her seat is a cycle of her own with option `STAYS`.
        lines: The moves as they hang together, in the order of their first cycles.
    """

    cycles: Sequence[Sequence[Step]]
    lines: Sequence[Line]


def trade(market: Market, admission: Admission, offer: Offer) -> Trades:
    """Trade until nobody is left; the order in which circles are looked for changes nothing."""
    floor = _Floor(market, _Heirs(market, admission, offer.candidates), offer)
    for teacher in offer.candidates:
        floor.settle(teacher)
    return Trades(cycles=floor.cycles, lines=floor.lines())


class _Heirs:
    """Whose an open seat is: by county and subject, those who could be given it, best first."""

    def __init__(self, market: Market, admission: Admission, candidates: Iterable[int]) -> None:
        self._market = market
        self._admission = admission
        self.gone = bytearray(len(market.teachers))
        self._lines: dict[tuple[CountyCode, SubjectCode], deque[int]] = {}
        self._latest: dict[int, int] = {}
        self._able: dict[tuple[CountyCode, SubjectCode], list[int]] = {}
        trading = set(candidates)
        for group in market.groups:  # best first
            if group.teacher in trading:
                for subject in market.teachers[group.teacher].subjects:
                    for county in group.counties:
                        self._able.setdefault((county, subject), []).append(group.teacher)

    def of(self, position: int) -> int:
        """The heir; somebody still here must list the position."""
        latest = self._latest.get(position)
        if latest is None or self.gone[latest]:
            latest = self._latest[position] = self._next(position)
        return latest

    def _next(self, position: int) -> int:
        market, seat = self._market, self._market.positions[position]
        key = (market.county[position], seat.subject)
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = self._line(*key)
        while self.gone[line[0]]:
            line.popleft()
        return next(
            number
            for number in line
            if not self.gone[number]
            and market.teachers[number].position.school != seat.school
            and all(struck.position != seat for struck in market.teachers[number].excluded)
        )

    def _line(self, county: CountyCode, subject: SubjectCode) -> deque[int]:
        teachers, meets = self._market.teachers, self._admission.meets
        return deque(
            number
            for number in self._able[county, subject]
            if meets(teachers[number].position.subject, subject)
        )


class _Seat:
    """One seat. ``holder``: nobody once it is open; ``is_gone``: taken, or not offered again."""

    __slots__ = ("holder", "is_gone", "position", "taker")

    def __init__(self, position: int, holder: int) -> None:
        self.position = position
        self.holder = holder
        self.taker = _NOBODY
        self.is_gone = False


class _Floor:
    """The trade as it stands."""

    def __init__(self, market: Market, heirs: _Heirs, offer: Offer) -> None:
        self.cycles: list[Sequence[Step]] = []
        self._market = market
        self._heirs = heirs
        self._offer = offer
        self._queues = {
            position: deque(_Seat(position, _NOBODY) for _ in range(count))
            for position, count in offer.seats.items()
        }
        self._vacancies = [seat for queue in self._queues.values() for seat in queue]
        self._own: dict[int, _Seat] = {}
        for teacher in sorted(offer.candidates):  # best total first
            home = market.home[teacher]
            seat = self._own[teacher] = _Seat(home, teacher)
            if home not in offer.outside:
                self._queues.setdefault(home, deque()).append(seat)
        self._is_left = bytearray(len(market.positions))
        for position in self._queues:
            self._is_left[position] = True
        self._wanted = dict.fromkeys(offer.candidates, 0)

    def settle(self, teacher: int) -> None:
        """Follow who points at whom, from her on, until she has traded or stays."""
        if self._heirs.gone[teacher]:
            return
        trail, place = [teacher], {teacher: 0}
        while trail:
            owner = self._owner_of_wanted(trail[-1])
            if owner not in place:
                place[owner] = len(trail)
                trail.append(owner)
                continue
            cycle = trail[place[owner] :]
            del trail[place[owner] :]
            for member in cycle:
                del place[member]
            self._close(cycle)

    def _owner_of_wanted(self, teacher: int) -> int:
        options, start = self._market.options[teacher], self._wanted[teacher]
        are_left = map(self._is_left.__getitem__, options[start:])
        for number in compress(count(start), are_left):
            position = options[number]
            queue = self._queues[position]
            while queue and queue[0].is_gone:
                queue.popleft()
            if queue:
                self._wanted[teacher] = number
                holder = queue[0].holder
                return self._heirs.of(position) if holder == _NOBODY else holder
            self._is_left[position] = False  # and never again: nobody brings a seat
        self._wanted[teacher] = STAYS
        return teacher

    def _close(self, cycle: Sequence[int]) -> None:
        steps = [(teacher, self._wanted[teacher]) for teacher in cycle]
        self.cycles.append(steps)
        opened: list[tuple[int, int]] = []
        for place, (teacher, number) in enumerate(steps):
            self._heirs.gone[teacher] = True
            if number == STAYS:
                self._own[teacher].is_gone = True
                continue
            seat = self._queues[self._market.options[teacher][number]][0]
            seat.taker = teacher
            seat.is_gone = True
            if seat.holder == _NOBODY:
                opened.append((cycle[(place + 1) % len(cycle)], seat.position))
        for heir, taken in opened:  # she traded an open seat, so her own was not taken over
            left = self._own[heir]
            left.holder = _NOBODY
            left.is_gone = left.position in self._offer.shut or taken in self._offer.shut

    def lines(self) -> Sequence[Line]:
        """The moves as they hang together, once everybody is settled."""
        step = {teacher: one for cycle in self.cycles for one in cycle for teacher in one[:1]}
        turn = {one[0]: number for number, cycle in enumerate(self.cycles) for one in cycle}
        found = []
        for seat in self._vacancies:
            steps = []
            taker = seat.taker
            while taker != _NOBODY:
                steps.append(step.pop(taker))
                taker = self._own[taker].taker
            if steps:
                found.append(
                    (turn[steps[0][0]], self._place(steps[0]), Line(is_ring=False, steps=steps))
                )
        for number, cycle in enumerate(self.cycles):
            if all(teacher in step and option != STAYS for teacher, option in cycle):
                best = min(range(len(cycle)), key=lambda n: self._place(cycle[n]))
                ring = [*cycle[best:], *cycle[:best]]
                found.append((number, self._place(ring[0]), Line(is_ring=True, steps=ring)))
        return [line for _, _, line in sorted(found, key=lambda one: one[:2])]

    def _place(self, step: Step) -> int:
        teacher, option = step
        return self._market.standing_at(teacher, self._market.options[teacher][option])
