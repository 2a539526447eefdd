"""A phase that trades (`VacancyMethod.TTC`), gone through again by the checker.

A rule file that names this method gives no certificate to go by, so the circles are found here:
everybody points at the first seat of the dearest position that still has one, each seat at whose
it is, and whoever points back at herself over others trades. Which circle is found first changes
nothing but the order in the file. The seats of one position stand in line, vacancies first, then
held ones by the best total of their holders; an open seat is whoever's who has the highest
priority there of those who could be given it. Shares nothing with `matcher.deciding.trading`.
"""

from collections.abc import Sequence

from matcher.checking.claims import Claims
from matcher.checking.ledger import Opening
from matcher.checking.verdict import Finding, Wrong
from matcher.files.placement import Component, Ring

_OPEN = -1

Step = tuple[int, int]
"""A person and the seat she takes."""
Line = tuple[bool, tuple[Step, ...]]
"""Whether it is a ring, and its steps as they stand in the file."""


class TradeLedger:
    """The people and seats of one phase, while circles leave it."""

    def __init__(self, claims: Claims, begun: Opening) -> None:
        self._claims = claims
        self._begun = begun
        self._people = sorted(begun.people, key=self._standing)
        self._is_here = dict.fromkeys(self._people, True)
        # Of each position the seats that are left in line: whose own each is or was, or `_OPEN`.
        self._line = {seat: [_OPEN] * count for seat, count in begun.seats.items()}
        for person in self._people:
            if begun.part >> claims.home[person] & 1:
                self._line.setdefault(claims.home[person], []).append(person)
        self._is_left: set[int] = set()
        self._heirs: dict[int, list[int]] = {}
        self._took: dict[int, tuple[int, int]] = {}
        self._turn: dict[int, int] = {}

    def _standing(self, person: int) -> tuple[int, int]:
        """Best total first; who wishes for nothing comes last."""
        turns = self._claims.turns_of(person)
        return min(turns, default=len(self._claims.turns)), self._claims.teachers[person].lot

    def findings(self, located: Sequence[tuple[str, Component]]) -> list[Finding]:
        """What is wrong with the chains and rings of this phase."""
        claimed = [
            (
                isinstance(component, Ring),
                tuple(
                    (self._claims.person[m.teacher], self._claims.seat[m.destination])
                    for m in component.moves
                ),
            )
            for _, component in located
        ]
        right = self._lines()
        if sorted(claimed) == sorted(right) and claimed != right:
            return [Finding(path="$", code=Wrong.DECISIONS_OUT_OF_ORDER)]
        return [
            Finding(path=path, code=Wrong.TRADED_OTHERWISE)
            for (path, _), line in zip(located, claimed, strict=True)
            if line not in right
        ] or [
            Finding(
                path="$",
                code=Wrong.TRADED_OTHERWISE,
                detail=self._claims.teachers[steps[0][0]].id,
            )
            for is_ring, steps in right
            if (is_ring, steps) not in claimed
        ]

    def _lines(self) -> list[Line]:
        for person in self._people:
            while self._is_here[person]:
                self._close(self._circle(person))
        return self._hung_together()

    def _circle(self, start: int) -> list[int]:
        """The circle one comes into by following who points at whom from her on."""
        trail = [start]
        while True:
            wanted = self._wanted(trail[-1])
            owner = trail[-1] if wanted is None else self._owner(wanted)
            if owner in trail:
                return trail[trail.index(owner) :]
            trail.append(owner)

    def _wanted(self, person: int) -> int | None:
        return next((s for s in self._claims.options(person) if self._line.get(s)), None)

    def _owner(self, seat: int) -> int:
        first = self._line[seat][0]
        if first != _OPEN and first not in self._is_left:
            return first
        if seat not in self._heirs:
            could = (p for p in self._people if self._claims.could_be_given(p, seat))
            ranked = sorted(could, key=lambda person: self._claims.turn(person, seat))
            self._heirs[seat] = ranked[::-1]
        heirs = self._heirs[seat]
        while not self._is_here[heirs[-1]]:
            heirs.pop()
        return heirs[-1]

    def _close(self, circle: Sequence[int]) -> None:
        number = len(self._turn)
        traded = [(person, self._wanted(person)) for person in circle]
        left: list[tuple[int, int]] = []
        for place, (person, seat) in enumerate(traded):
            self._is_here[person] = False
            self._turn[person] = number
            if seat is None:
                self._withdraw(person)
                continue
            first = self._line[seat].pop(0)
            self._took[person] = (seat, first)
            if first == _OPEN or first in self._is_left:
                left.append((circle[(place + 1) % len(circle)], seat))
        for owner, seat in left:  # she gave an open seat, so nobody has taken her own yet
            if (self._claims.shut >> seat | self._claims.shut >> self._claims.home[owner]) & 1:
                self._withdraw(owner)
            self._is_left.add(owner)

    def _withdraw(self, person: int) -> None:
        """Her seat is offered to nobody any more."""
        line = self._line.get(self._claims.home[person], [])
        if person in line:
            line.remove(person)

    def _hung_together(self) -> list[Line]:
        """The moves as they stand in a file: behind whose very seat each took."""
        behind = {first: person for person, (_, first) in self._took.items() if first != _OPEN}
        found: list[tuple[int, int, Line]] = []
        waiting = dict(self._took)
        for person, (seat, first) in self._took.items():
            if first == _OPEN:
                steps = []
                here: int | None = person
                while here is not None:
                    steps.append((here, waiting.pop(here)[0]))
                    here = behind.get(here)
                found.append(self._placed((False, tuple(steps)), (person, seat)))
        while waiting:
            person = min(waiting, key=self._worth)
            steps = []
            here = person
            while here in waiting:
                seat, holder = waiting.pop(here)
                steps.append((here, seat))
                here = holder
            found.append(self._placed((True, tuple(steps)), steps[0]))
        return [line for _, _, line in sorted(found)]

    def _worth(self, person: int) -> tuple[int, int]:
        return self._claims.turn(person, self._took[person][0]), person

    def _placed(self, line: Line, first: Step) -> tuple[int, int, Line]:
        return self._turn[first[0]], self._claims.turn(*first), line
