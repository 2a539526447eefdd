"""What a teacher may be given, in the order she wants it, and what was struck from her list."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from matcher.files.problem import Position, Problem, SchoolId, Teacher
from matcher.files.rulebook import Mark, SubjectCode


class Struck(StrEnum):
    """Why a wish under a subject cannot be given."""

    OWN_SCHOOL = "own_school"
    CLOSED_SCHOOL = "closed_school"
    EXCLUSIVE_SUBJECT = "exclusive_subject"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One (wish, subject) of a teacher; ``struck`` says why it is no option, else None.

    ``reason``: the code of the problem file when the position was excluded by name.
    """

    position: Position
    wish: int
    subject_rank: int
    struck: Struck | None
    reason: str | None


class Admission:
    """Which schools and subjects are open to whom under one problem."""

    def __init__(self, problem: Problem) -> None:
        self._closed = {school.id for school in problem.schools if Mark.CLOSED in school.marks}
        self._exclusive = frozenset(problem.rules.exclusive_subjects)

    def is_open(self, school: SchoolId) -> bool:
        """Whether the school takes anybody in."""
        return school not in self._closed

    def meets(self, own: SubjectCode, wanted: SubjectCode) -> bool:
        """Whether one employed under ``own`` may be given ``wanted``."""
        return own == wanted or not {own, wanted} & self._exclusive

    def entries(self, teacher: Teacher) -> Iterator[Entry]:
        """Every (wish, subject) of hers: wish rank first, then subject rank."""
        reasons = {exclusion.position: exclusion.reason for exclusion in teacher.excluded}
        for wish, school in enumerate(teacher.wishes, start=1):
            for rank, subject in enumerate(teacher.subjects, start=1):
                position = Position(school, subject)
                struck = self._struck(teacher, position)
                reason = None if struck else reasons.get(position)
                yield Entry(
                    position=position,
                    wish=wish,
                    subject_rank=rank,
                    struck=Struck.EXCLUDED if reason else struck,
                    reason=reason,
                )

    def _struck(self, teacher: Teacher, position: Position) -> Struck | None:
        if position.school == teacher.position.school:
            return Struck.OWN_SCHOOL
        if not self.is_open(position.school):
            return Struck.CLOSED_SCHOOL
        if not self.meets(teacher.position.subject, position.subject):
            return Struck.EXCLUSIVE_SUBJECT
        return None
