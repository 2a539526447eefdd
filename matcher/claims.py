"""What each teacher may claim, as the checker reads it. Shares nothing with `matcher.solve`."""

from collections.abc import Iterator, Mapping

from matcher.problem import CountyCode, Position, Problem, Teacher, TeacherId
from matcher.rulebook import Mark

Claim = tuple[Position, int, int]
"""A position she listed and may be given, her wish rank and her subject rank for it, from 1."""
Priority = tuple[int, ...]
"""Points, tie vector, minus the lot: larger is better, and no two teachers are equal."""


class Claims:
    """A problem, looked at from the side of those who want something."""

    def __init__(self, problem: Problem) -> None:
        self.teachers: Mapping[TeacherId, Teacher] = {t.id: t for t in problem.teachers}
        self._schools = {school.id: school for school in problem.schools}
        self._exclusive = frozenset(problem.rules.exclusive_subjects)

    def of(self, teacher: Teacher) -> Iterator[Claim]:
        """Her claims, the dearest first."""
        own = teacher.position
        banned = {exclusion.position for exclusion in teacher.excluded}
        subjects = [
            (rank, subject)
            for rank, subject in enumerate(teacher.subjects, start=1)
            if subject == own.subject or self._exclusive.isdisjoint((subject, own.subject))
        ]
        for wish, name in enumerate(teacher.wishes, start=1):
            if name == own.school or Mark.CLOSED in self._schools[name].marks:
                continue
            for rank, subject in subjects:
                position = Position(name, subject)
                if position not in banned:
                    yield position, wish, rank

    def priority(self, teacher: Teacher, position: Position) -> Priority:
        """Her priority at a position she listed."""
        return (teacher.points[self.county(position)], *teacher.tie, -teacher.lot)

    def county(self, position: Position) -> CountyCode:
        """The county of the school of a position."""
        return self._schools[position.school].county

    def marks(self, position: Position) -> tuple[Mark, ...]:
        """The marks of the school of a position."""
        return self._schools[position.school].marks
