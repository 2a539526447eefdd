"""What each teacher may claim, as the checker reads it. Shares nothing with `matcher.deciding`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from matcher.files.problem import CountyCode, Position, Problem, SchoolId, Teacher, TeacherId
from matcher.files.rulebook import Mark, SubjectCode

Place = TypeVar("Place")
Places = Mapping[SchoolId, Mapping[SubjectCode, Place]]
"""Something known of positions, by school and subject."""
Priority = tuple[int, ...]
"""Points, tie vector, minus the lot: larger is better, and no two teachers are equal."""


class Claims:
    """A problem, looked at from the side of those who want something."""

    def __init__(self, problem: Problem) -> None:
        self.teachers: Mapping[TeacherId, Teacher] = {t.id: t for t in problem.teachers}
        self._schools = {school.id: school for school in problem.schools}
        self._closed = {s.id for s in problem.schools if Mark.CLOSED in s.marks}
        self._exclusive = frozenset(problem.rules.exclusive_subjects)

    def of(self, teacher: Teacher, places: Places[Place]) -> Iterator[tuple[Place, int, int]]:
        """Her claims among ``places``, the dearest first, with wish and subject rank from 1."""
        own = teacher.position
        banned = {
            (exclusion.position.school, exclusion.position.subject)
            for exclusion in teacher.excluded
        }
        subjects = [
            (rank, subject)
            for rank, subject in enumerate(teacher.subjects, start=1)
            if subject == own.subject or self._exclusive.isdisjoint((subject, own.subject))
        ]
        for wish, school in enumerate(teacher.wishes, start=1):
            if school in places and school != own.school and school not in self._closed:
                here = places[school]
                for rank, subject in subjects:
                    if subject in here and (school, subject) not in banned:
                        yield here[subject], wish, rank

    def priority(self, teacher: Teacher, position: Position) -> Priority:
        """Her priority at a position she listed."""
        return (teacher.points[self.county(position)], *teacher.tie, -teacher.lot)

    def county(self, position: Position) -> CountyCode:
        """The county of the school of a position."""
        return self._schools[position.school].county

    def marks(self, position: Position) -> tuple[Mark, ...]:
        """The marks of the school of a position."""
        return self._schools[position.school].marks


def by_school(positions: Iterable[tuple[Position, Place]]) -> Places[Place]:
    """What is known of positions, arranged for `Claims.of`."""
    found: dict[SchoolId, dict[SubjectCode, Place]] = {}
    for position, known in positions:
        found.setdefault(position.school, {})[position.subject] = known
    return found
