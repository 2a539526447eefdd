"""The certificate of top trading cycles, gone through circle by circle.

Whatever a member prefers to what she got must be gone when her circle closes, and the seat she
got must belong to the next member at that moment. So nobody could do better without somebody
before her doing worse, and seats nobody held went to whom they belonged by priority.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from matcher.checking.certified_lines import Line
from matcher.checking.claims import Claims
from matcher.checking.verdict import Finding, Wrong
from matcher.files.problem import CountyCode, Position, Problem, TeacherId
from matcher.files.rulebook import SubjectCode

_OPEN = -1
_GONE = -2


def check_trades(
    problem: Problem,
    claims: Claims,
    lines: Sequence[Line],
    certificate: Mapping[str, object],
) -> Iterator[Finding]:
    """The first thing that is wrong, since everything after it would only be an echo."""
    cycles = cycles_of(claims, certificate)
    if cycles is None:
        yield Finding(path="$.certificate", code=Wrong.CERTIFICATE_WRONG)
        return
    got = dict(chain.from_iterable(line.steps for line in lines))
    replay = _Replay(claims, _Heirs(problem, claims), got)
    for index, cycle in enumerate(cycles):
        wrong = replay.close(cycle)
        if wrong is not None:
            path = f"$.certificate.cycles[{index}]"
            detail = claims.teachers[wrong].id
            yield Finding(path=path, code=Wrong.CERTIFICATE_WRONG, detail=detail)
            return
    yield from _order(claims, lines, cycles)
    yield from _hanging_together(claims, lines, replay.after)


def cycles_of(claims: Claims, certificate: Mapping[str, object]) -> list[list[int]] | None:
    """The circles in numbers, if they name everybody exactly once."""
    match certificate:
        case {"cycles": list(cycles)} if len(certificate) == 1:
            found = [_people(claims, cycle) for cycle in cycles]
        case _:
            return None
    named = sorted(chain.from_iterable(found))
    return found if all(found) and named == list(range(len(claims.teachers))) else None


def _people(claims: Claims, cycle: object) -> list[int]:
    names = cycle if isinstance(cycle, list) else []
    return [
        claims.person.get(TeacherId(name), -1) if isinstance(name, str) else -1 for name in names
    ]


def _order(
    claims: Claims, lines: Sequence[Line], cycles: Sequence[Sequence[int]]
) -> Iterator[Finding]:
    turn = {person: number for number, cycle in enumerate(cycles) for person in cycle}
    latest = (-1, -1)
    for line in lines:
        decided = (turn[line.steps[0][0]], claims.turn(*line.steps[0]))
        if decided < latest:
            yield Finding(path=line.path, code=Wrong.DECISIONS_OUT_OF_ORDER)
        latest = decided


def _hanging_together(
    claims: Claims, lines: Sequence[Line], after: Mapping[int, int]
) -> Iterator[Finding]:
    """Whether everybody stands behind the one whose very seat she took."""
    for line in lines:
        people = [person for person, _ in line.steps]
        before = [*people[1:], people[0]] if line.is_ring else [_OPEN, *people[:-1]]
        for person, holder in zip(people, before, strict=True):
            if after[person] != holder:
                detail = claims.teachers[person].id
                yield Finding(path=line.path, code=Wrong.LINES_CROSSED, detail=detail)


class _Heirs:
    """Whose a seat is that nobody holds: by county and subject, those who could be given it."""

    def __init__(self, problem: Problem, claims: Claims) -> None:
        self._claims = claims
        self._county = {school.id: school.county for school in problem.schools}
        self._exclusive = frozenset(problem.rules.exclusive_subjects)
        self._queues: dict[tuple[CountyCode, SubjectCode], list[int]] = {}
        self.is_here = [True] * len(claims.teachers)

    def is_of(self, person: int, seat: int) -> bool:
        """Whether nobody still here stands before her at a seat that somebody here lists."""
        position = self._claims.positions[seat]
        key = (self._county[position.school], position.subject)
        if key not in self._queues:
            self._queues[key] = self._queue(*key)
        queue = self._queues[key]
        while not self.is_here[queue[-1]]:
            queue.pop()
        return person == next(other for other in reversed(queue) if self._could_be(other, position))

    def _could_be(self, person: int, position: Position) -> bool:
        teacher = self._claims.teachers[person]
        return (
            self.is_here[person]
            and teacher.position.school != position.school
            and position not in [exclusion.position for exclusion in teacher.excluded]
        )

    def _queue(self, county: CountyCode, subject: SubjectCode) -> list[int]:
        """From the last to the first in line."""
        found = [
            ((teacher.points[county], *teacher.tie, -teacher.lot), person)
            for person, teacher in enumerate(self._claims.teachers)
            if county in teacher.points
            and subject in teacher.subjects
            and (
                subject == teacher.position.subject
                or self._exclusive.isdisjoint((subject, teacher.position.subject))
            )
        ]
        return [person for _, person in sorted(found)]


class _Replay:
    """Seats as circle after circle leaves with them."""

    def __init__(self, claims: Claims, heirs: _Heirs, got: Mapping[int, int]) -> None:
        self._claims = claims
        self._heirs = heirs
        self._got = got
        self._vacant = dict(claims.capacity)
        # By seat those whose own it is or was, the last one first; vacancies go before them all.
        self._holders: dict[int, list[int]] = {}
        for person in sorted(range(len(claims.teachers)), key=self._standing):
            self._holders.setdefault(claims.home[person], []).append(person)
        self._state = list(range(len(claims.teachers)))
        self.after: dict[int, int] = {}

    def _standing(self, person: int) -> tuple[int, ...]:
        """Best total first if read from the end; who wishes for nothing stands last of all."""
        teacher = self._claims.teachers[person]
        if not teacher.points:
            return (0, -teacher.lot)
        return (1, max(teacher.points.values()), *teacher.tie, -teacher.lot)

    def close(self, cycle: Sequence[int]) -> int | None:
        """Let a circle leave; answers the member who could not get this, or not in this way."""
        inherited: list[tuple[int, int]] = []
        for place, person in enumerate(cycle):
            seat = self._got.get(person)
            if any(self._has_seat(better) for better in self._preferred(person, seat)):
                return person
            owner = cycle[(place + 1) % len(cycle)]
            if seat is None:
                if owner != person:
                    return person
                continue
            if not self._has_seat(seat):
                return person
            holder = self._first(seat)
            if holder != _OPEN and self._state[holder] != _OPEN:
                if holder != owner:
                    return person
            elif self._heirs.is_of(owner, seat):
                inherited.append((owner, seat))
            else:
                return person
            self.after[person] = holder
        self._leave(cycle, inherited)
        return None

    def _preferred(self, person: int, seat: int | None) -> Sequence[int]:
        options = self._claims.options(person)
        return options if seat is None else options[: options.index(seat)]

    def _has_seat(self, seat: int) -> bool:
        holders = self._holders.get(seat, [])
        while holders and self._state[holders[-1]] == _GONE:
            holders.pop()
        return bool(holders) or self._vacant.get(seat, 0) > 0

    def _first(self, seat: int) -> int:
        """Whose own the first seat there is or was; `_OPEN` for a vacancy."""
        return _OPEN if self._vacant.get(seat, 0) else self._holders[seat][-1]

    def _leave(self, cycle: Sequence[int], inherited: Sequence[tuple[int, int]]) -> None:
        for person in cycle:
            self._heirs.is_here[person] = False
            if person not in self._got:
                self._state[person] = _GONE
                continue
            holder = self.after[person]
            if holder == _OPEN:
                self._vacant[self._got[person]] -= 1
            else:
                self._state[holder] = _GONE
        for owner, seat in inherited:
            stops = (
                self._claims.shut >> seat & 1 or self._claims.shut >> self._claims.home[owner] & 1
            )
            self._state[owner] = _GONE if stops else _OPEN
