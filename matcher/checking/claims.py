"""What each teacher may claim, as the checker reads it. Shares nothing with `matcher.deciding`.

People and positions are numbered: a person by her place in the problem file, a position by its
place among those somebody holds or a county opened (no other can ever be given). A set of
positions is an integer with one bit each.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from matcher.files.problem import CountyCode, Position, Problem, SchoolId, Teacher, TeacherId
from matcher.files.rulebook import Mark, SubjectCode

_SHORT = 64  # measured: a set of more numbers is spelt out more quickly than joined
_FEW = 12  # measured: more numbers than that are found more quickly in the set spelt out

Worth = tuple[int, int]
"""What a move is worth: its turn, and how far down her list it stands; smaller is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A person with one of her totals, and the positions that are scored with it, as a set."""

    person: int
    scored: int


class Claims:
    """A problem, looked at from the side of those who want something.

    Attributes:
        teachers: By number.
        person: The number of a teacher.
        positions: By number.
        seat: The number of a position.
        home: By person, the seat she holds.
        capacity: By seat, how many vacancies there were before anything moved.
        shut: Seats that a county declared 遇缺不補.
    """

    def __init__(self, problem: Problem) -> None:
        self.teachers: Sequence[Teacher] = problem.teachers
        self.person: Mapping[TeacherId, int] = {t.id: n for n, t in enumerate(problem.teachers)}
        known = dict.fromkeys(teacher.position for teacher in problem.teachers)
        known |= dict.fromkeys(vacancy.position for vacancy in problem.vacancies)
        self.positions: Sequence[Position] = tuple(known)
        self.seat: Mapping[Position, int] = {p: n for n, p in enumerate(self.positions)}
        self.home: Sequence[int] = array("l", (self.seat[t.position] for t in problem.teachers))
        self.capacity = {self.seat[v.position]: v.count for v in problem.vacancies}
        self.shut = as_set(self.seat[v.position] for v in problem.vacancies if not v.refill)
        self._marked: dict[Mark, set[SchoolId]] = {}
        for school in problem.schools:
            for mark in school.marks:
                self._marked.setdefault(mark, set()).add(school.id)
        self._exclusive = frozenset(problem.rules.exclusive_subjects)
        county_of = {school.id: school.county for school in problem.schools}
        self._county = [county_of[position.school] for position in self.positions]
        self._open: dict[SubjectCode, dict[SchoolId, int]] = {}
        closed = self._marked.get(Mark.CLOSED, ())
        for position, seat in self.seat.items():
            if position.school not in closed:
                self._open.setdefault(position.subject, {})[position.school] = seat
        self._options: list[Sequence[int] | None] = [None] * len(problem.teachers)
        self._wants: list[int | None] = [None] * len(problem.teachers)
        self._none = b"0" * max(len(self.positions), 1)

    def options(self, person: int) -> Sequence[int]:
        """The seats she may be given, the dearest first."""
        found = self._options[person]
        if found is None:
            found = self._options[person] = array("l", self._listed(self.teachers[person]))
        return found

    def _listed(self, teacher: Teacher) -> list[int]:
        own = teacher.position
        tables = [
            self._open[subject]
            for subject in teacher.subjects
            if subject in self._open
            and (subject == own.subject or self._exclusive.isdisjoint((subject, own.subject)))
        ]
        if len(tables) == 1:  # nearly everybody: one pass that never leaves the interpreter's loop
            found = [seat for seat in map(tables[0].get, teacher.wishes) if seat is not None]
        else:
            found = [
                table[school] for school in teacher.wishes for table in tables if school in table
            ]
        struck = {table.get(own.school) for table in tables}
        struck |= {self.seat.get(exclusion.position) for exclusion in teacher.excluded}
        if struck.isdisjoint(found):
            return found
        return [seat for seat in found if seat not in struck]

    def could_be_given(self, person: int, seat: int) -> bool:
        """Whether only her list decides: her totals, subjects and exclusions leave it open."""
        teacher, position = self.teachers[person], self.positions[seat]
        own = teacher.position
        return (
            self._county[seat] in teacher.points
            and position.subject in teacher.subjects
            and own.school != position.school
            and (
                position.subject == own.subject
                or self._exclusive.isdisjoint((position.subject, own.subject))
            )
            and all(exclusion.position != position for exclusion in teacher.excluded)
        )

    def wants(self, person: int) -> int:
        """The seats she may be given, as a set."""
        found = self._wants[person]
        if found is None:
            found = self._wants[person] = self._joined(self.options(person))
        return found

    def _joined(self, seats: Sequence[int]) -> int:
        if len(seats) <= _SHORT:
            return as_set(seats)
        spelt = bytearray(self._none)  # base 2, written a digit at a time
        for seat in seats:
            spelt[~seat] = 49  # "1"
        return int(spelt, 2)

    def ranks(self, person: int, position: Position) -> tuple[int, int] | None:
        """Wish and subject rank, from 1, of a position she may be given; None for any other."""
        seat = self.seat.get(position)
        if seat is None or seat not in self.options(person):
            return None
        teacher = self.teachers[person]
        wish = teacher.wishes.index(position.school) + 1
        return wish, teacher.subjects.index(position.subject) + 1

    def marked(self, mark: Mark | None) -> int:
        """The seats of schools with this mark; None is all."""
        schools = None if mark is None else self._marked.get(mark, set())
        return as_set(
            seat
            for seat, position in enumerate(self.positions)
            if schools is None or position.school in schools
        )

    @cached_property
    def turns(self) -> Sequence[Turn]:
        """Everybody with each of her totals, in the one common order, best first."""
        return self._common[0]

    def turn(self, person: int, seat: int) -> int:
        """The place in the common order of her priority at a seat; no two people share one."""
        return self._common[1][person][self._county[seat]]

    def turns_of(self, person: int) -> Collection[int]:
        """The places of all her totals in the common order."""
        return set(self._common[1][person].values())

    def worth(self, person: int, seat: int) -> Worth:
        """What a move of hers is worth; she must want the seat."""
        return self.turn(person, seat), self.options(person).index(seat)

    @cached_property
    def _common(self) -> tuple[Sequence[Turn], Sequence[Mapping[CountyCode, int]]]:
        totals = [
            (-points, *(-value for value in teacher.tie), teacher.lot, person)
            for person, teacher in enumerate(self.teachers)
            for points in set(teacher.points.values())
        ]
        totals.sort()
        in_county: dict[CountyCode, int] = {}
        for seat, county in enumerate(self._county):
            in_county[county] = in_county.get(county, 0) | 1 << seat
        scored: dict[tuple[CountyCode, ...], int] = {}
        turns: list[Turn] = []
        places: list[dict[CountyCode, int]] = [{} for _ in self.teachers]
        for place, total in enumerate(totals):
            person, points = total[-1], -total[0]
            mine = self.teachers[person].points.items()
            counties = tuple(county for county, value in mine if value == points)
            places[person].update(dict.fromkeys(counties, place))
            if counties not in scored:
                scored[counties] = sum(in_county.get(county, 0) for county in counties)
            turns.append(Turn(person=person, scored=scored[counties]))
        return turns, places


def as_set(numbers: Iterable[int]) -> int:
    """The numbers as a set."""
    found = 0
    for number in numbers:
        found |= 1 << number
    return found


def bits(numbers: int) -> Iterator[int]:
    """The numbers in a set, ascending."""
    if numbers.bit_count() <= _FEW:
        while numbers:
            rest = numbers & numbers - 1
            yield (numbers ^ rest).bit_length() - 1
            numbers = rest
        return
    text = bin(numbers)[:1:-1]
    at = text.find("1")
    while at >= 0:
        yield at
        at = text.find("1", at + 1)
