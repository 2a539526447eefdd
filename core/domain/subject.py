"""Subject classes (科類別) a teacher is employed in."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from core.domain.ids import SubjectCode
from core.domain.school import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A class of one stage; the same code in two stages is two subjects that never meet."""

    code: SubjectCode
    name: str
    stage: Stage


class _Row(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    code: SubjectCode
    name: str


class _Stage(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    source: str
    place: str
    as_of: str
    checked_on: str
    subject: tuple[_Row, ...]


def load_subjects(text: str) -> tuple[Subject, ...]:
    """Parse ``subjects.toml``; subjects come by stage and, inside, in the order forms print them.

    Raises:
        ValueError: The table is malformed or a stage names a code or a subject twice.
    """
    stages = msgspec.convert(tomllib.loads(text), dict[Stage, _Stage])
    subjects = tuple(
        Subject(code=row.code, name=row.name, stage=stage)
        for stage in Stage
        if stage in stages
        for row in stages[stage].subject
    )
    for claims in (
        {(subject.stage, subject.code) for subject in subjects},
        {(subject.stage, subject.name) for subject in subjects},
    ):
        if len(claims) != len(subjects):
            raise ValueError("a stage names a subject twice")
    return subjects


def subjects_of(stage: Stage, subjects: Iterable[Subject]) -> tuple[Subject, ...]:
    """The subjects of one stage, in the order of the table."""
    return tuple(subject for subject in subjects if subject.stage is stage)


def find_subject(stage: Stage, code: str, subjects: Iterable[Subject]) -> Subject | None:
    """The subject of that stage with that code."""
    return next((s for s in subjects if s.stage is stage and s.code == code), None)
