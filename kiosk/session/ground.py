"""What 練習模式 stands on: an invented teacher, invented schools, a season that is always open."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import msgspec

from core.domain.application import Reference
from core.domain.ids import CountyCode, SchoolId, SubjectCode, TeacherId, generate_national_id
from core.domain.place import County
from core.domain.school import DatedMark, Mark, School, Stage
from core.domain.subject import Subject
from kiosk.session.person import Person, Post

PRACTISER = TeacherId(b"practice".ljust(16, b"\0"))
"""No season's pseudonym: those are keyed hashes."""
COUNTY_CHARACTERS = 2


class _Row(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    id: SchoolId
    name: str
    short_name: str
    township: str
    marks: tuple[Mark, ...] = ()


class _Lists(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    school: tuple[_Row, ...]


class _Teacher(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: str
    number: tuple[str, str, str]
    birth: date
    sex: Literal["M", "F"]
    school: SchoolId
    subject: SubjectCode
    stage: Stage
    title: str


class _Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    source: str
    as_of: str
    season: str
    open_days_before: int
    submit_days_after: int
    closed: tuple[SchoolId, ...]
    person: _Teacher
    lists: _Lists


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The invented ``person`` at her ``post``; ``reference`` are the only schools there are.

    Applications are open from ``before`` the moment practice begins to ``after`` it.
    """

    person: Person = field(repr=False)
    post: Post
    reference: Reference = field(repr=False)
    season: str
    before: timedelta
    after: timedelta


def load_ground(text: str, subjects: tuple[Subject, ...], counties: tuple[County, ...]) -> Ground:
    """Parse ``practice.toml``.

    Raises:
        ValueError: Malformed, or the person's school is not on the list.
    """
    table = msgspec.convert(tomllib.loads(text), _Table)
    teacher = table.person
    schools = {each.id: each for each in _schools(table)}
    if teacher.school not in schools:
        raise ValueError(f"{teacher.school} is not on the list")
    raw = teacher.name.encode("cp950").ljust(20, b"\0")
    return Ground(
        person=Person(
            teacher=PRACTISER,
            national_id=generate_national_id(*teacher.number),
            name=teacher.name,
            card_name=teacher.name,
            card_name_raw=raw,
            name_damaged=False,
            birth=teacher.birth,
            sex=teacher.sex,
        ),
        post=Post(
            school=teacher.school,
            subject=teacher.subject,
            stage=teacher.stage,
            title=teacher.title,
        ),
        reference=Reference(
            schools=schools, subjects=subjects, counties=counties, version=0, on=date.min
        ),
        season=table.season,
        before=timedelta(days=table.open_days_before),
        after=timedelta(days=table.submit_days_after),
    )


def _schools(table: _Table) -> Iterable[School]:
    for row in table.lists.school:
        yield School(
            id=row.id,
            name=row.name,
            short_name=row.short_name,
            county=CountyCode(row.id[:COUNTY_CHARACTERS]),
            township=row.township,
            stage=table.person.stage,
            marks=tuple(DatedMark(mark=mark, since=date.min) for mark in row.marks),
            delegated=row.id not in table.closed,
        )
