"""A problem with its people and positions numbered, so that deciding is comparing integers.

Numbers depend on points, ties and lots only: neither the names of people and schools nor their
order in the file can reach a result through them.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import itemgetter

from matcher.deciding.options import Admission
from matcher.files.problem import CountyCode, Position, Problem, SchoolId, Teacher
from matcher.files.rulebook import SubjectCode

Key = tuple[int, ...]
"""Priority as numbers, smaller is better: -points, -tie…, lot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One teacher with one total: her options in ``counties`` share one place in the ranking."""

    teacher: int
    key: Key
    counties: frozenset[CountyCode]


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The numbered problem.

    Attributes:
        teachers: By the better of their totals, best first; teachers without a wish come last.
        positions: Those somebody holds or a county opened; no other can ever be given.
        county: County of each position.
        home: Position each teacher holds.
        options: Positions each teacher may be given, in her order.
        groups: All (teacher, total) pairs, best first: the common ranking of everybody.
        standing: By teacher, her place in ``groups`` for each county.
    """

    teachers: tuple[Teacher, ...]
    positions: tuple[Position, ...]
    county: tuple[CountyCode, ...]
    home: Sequence[int]
    options: tuple[Sequence[int], ...]
    groups: tuple[Group, ...]
    standing: tuple[Mapping[CountyCode, int], ...]

    def standing_at(self, teacher: int, position: int) -> int:
        """Her priority at a position she lists; smaller is better, no two teachers are equal."""
        return self.standing[teacher][self.county[position]]

    def wish_of(self, teacher: int, option: int) -> tuple[int, int]:
        """Wish rank and subject rank, from 1, of her option number ``option``."""
        position, who = self.positions[self.options[teacher][option]], self.teachers[teacher]
        wish, rank = who.wishes.index(position.school), who.subjects.index(position.subject)
        return wish + 1, rank + 1


def market_of(problem: Problem) -> Market:
    """The problem, numbered."""
    totals = _totals(problem)
    order: dict[int, None] = dict.fromkeys(old for _, old, _ in totals)
    wishless = (n for n, teacher in enumerate(problem.teachers) if not teacher.points)
    order.update(dict.fromkeys(sorted(wishless, key=lambda n: problem.teachers[n].lot)))
    number = {old: new for new, old in enumerate(order)}
    teachers = tuple(problem.teachers[old] for old in order)
    ranked = tuple(
        [Group(teacher=number[old], key=key, counties=counties) for key, old, counties in totals]
    )
    positions = tuple(sorted(_known_positions(problem), key=lambda p: (p.school, p.subject)))
    lists = _Lists(problem, positions)
    as_filed = [lists.of(teacher) for teacher in problem.teachers]  # as they lie in memory
    county_of_school = {school.id: school.county for school in problem.schools}
    return Market(
        teachers=teachers,
        positions=positions,
        county=tuple(county_of_school[position.school] for position in positions),
        home=array("l", [lists.number[teacher.position] for teacher in teachers]),
        options=tuple([as_filed[old] for old in order]),
        groups=ranked,
        standing=_standings(ranked, len(teachers)),
    )


def _totals(problem: Problem) -> list[tuple[Key, int, frozenset[CountyCode]]]:
    """Every total with its teacher's place in the file and its counties, best first."""
    found: list[tuple[Key, int, frozenset[CountyCode]]] = []
    for number, teacher in enumerate(problem.teachers):
        points = teacher.points
        rest = (*[-value for value in teacher.tie], teacher.lot)
        totals = set(points.values())
        if len(totals) == 1:  # nearly everybody: no need to look for them one by one
            found.append(((-totals.pop(), *rest), number, frozenset(points)))
            continue
        for total in totals:
            counties = frozenset([c for c, value in points.items() if value == total])
            found.append(((-total, *rest), number, counties))
    found.sort(key=itemgetter(0))  # no two keys are equal: lots are not
    return found


def _standings(groups: Sequence[Group], teachers: int) -> tuple[Mapping[CountyCode, int], ...]:
    standing: tuple[dict[CountyCode, int], ...] = tuple([{} for _ in range(teachers)])
    for place, group in enumerate(groups):
        mine = standing[group.teacher]
        for county in group.counties:
            mine[county] = place
    return standing


def _known_positions(problem: Problem) -> Iterator[Position]:
    held = {teacher.position for teacher in problem.teachers}
    yield from held
    yield from {vacancy.position for vacancy in problem.vacancies} - held


_NOWHERE = -1
"""Beside position numbers: a position nobody holds and no county opened."""


class _Lists:
    """Turns wishes into position numbers: the one long loop over all wishes, flat for speed."""

    def __init__(self, problem: Problem, positions: Sequence[Position]) -> None:
        self._admission = Admission(problem)
        self.number = {position: number for number, position in enumerate(positions)}
        self._open: dict[SubjectCode, dict[SchoolId, int]] = {}
        for position, number in self.number.items():
            if self._admission.is_open(position.school):
                self._open.setdefault(position.subject, {})[position.school] = number

    def of(self, teacher: Teacher) -> Sequence[int]:
        """Her options as position numbers."""
        own, wishes = teacher.position, teacher.wishes
        struck = {_NOWHERE}
        struck.update([self.number.get(each.position, _NOWHERE) for each in teacher.excluded])
        subjects = [each for each in teacher.subjects if self._admission.meets(own.subject, each)]
        found = [_NOWHERE] * (len(subjects) * len(wishes))  # by wish, then subject, as she has them
        for rank, subject in enumerate(subjects):
            numbers = self._open.get(subject, {})
            struck.add(numbers.get(own.school, _NOWHERE))
            found[rank :: len(subjects)] = map(numbers.get, wishes, repeat(_NOWHERE))
        if struck.isdisjoint(found):
            return array("i", found)
        return array("i", [number for number in found if number not in struck])
