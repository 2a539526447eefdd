"""A teacher's unsent answers, and every step that led to them so that it can be taken back."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from core.domain.ids import CountyCode, EventHash, SchoolId, SubjectCode
from kiosk.session.page import Task
from kiosk.session.self_check import UNCHECKED, SelfCheck

STEPS_KEPT = 200
"""UX 4.10 asks for 50. Small edits are splices, so many fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A wish whose county is no longer chosen; ``rank`` is where it stood, from 1.

    It returns with its county.
    """

    school: SchoolId
    county: CountyCode
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Everything a teacher may still change. Text is as typed; None is not answered yet.

    ``notices_read`` counts pages of 注意事項 seen, ``agreed_ms`` is when they were agreed to,
    ``agreed_to`` the number of that text (`page.NOTICES_TEXTS`; empty in drafts of an older
    program).
    ``subject2`` and ``subject3`` are ``""`` for 無. ``post_confirmed`` says that question 4,
    which only shows, was passed. ``teacher_name`` is the whole name after 罕用字更正, empty without
    one.
    """

    notices_read: int = 0
    agreed_ms: int | None = None
    agreed_to: str = ""
    phone1: str = ""
    phone2: str = ""
    email: str = ""
    indigenous: bool | None = None
    language: bool = False
    area_limit: Literal["general", "restricted"] | None = None
    service_years: int | None = None
    post_confirmed: bool = False
    subject2: SubjectCode | Literal[""] | None = None
    subject3: SubjectCode | Literal[""] | None = None
    county_a: CountyCode | None = None
    county_b: CountyCode | None = None
    wishes: tuple[SchoolId, ...] = ()
    teacher_name: str = ""
    aside: tuple[Aside, ...] = ()


class EditName(StrEnum):
    """What a step did; each has a sentence in the list of steps."""

    BASICS_TYPED = "basics_typed"
    POST_ANSWERED = "post_answered"
    COUNTY_CHANGED = "county_changed"
    WISH_ADDED = "wish_added"
    WISH_REMOVED = "wish_removed"
    WISH_MOVED = "wish_moved"
    WISHES_CLEARED = "wishes_cleared"
    CLOSED_REMOVED = "closed_removed"
    VERSION_RESTORED = "version_restored"


Value = str | int | bool | None | tuple[Aside, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One answer changed; ``place`` is the name of the field of `Answers`."""

    place: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChange:
    """A piece of the wish list was replaced.

    ``before`` stood at index ``at``, now ``after`` stands there.
    """

    at: int
    before: tuple[SchoolId, ...]
    after: tuple[SchoolId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One step back or forth.

    ``subject`` is the field, school code or county the sentence about it names.
    """

    name: EditName
    subject: str
    at_ms: int
    fields: tuple[FieldChange, ...] = ()
    wishes: ListChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The answers and the steps around them, oldest first.

    ``future`` holds the steps taken back, the next to redo first. ``bookmark`` is the task the
    teacher was at. ``closed`` is false from the first keystroke until an orderly end, so that a
    power cut can be told. ``settles`` are the versions of a conflict the teacher has looked at and
    wants replaced by this draft; empty when there is none, or she has not chosen yet. ``check`` is
    資格檢核, which is never part of what is sent.
    """

    answers: Answers = Answers()
    past: tuple[Edit, ...] = ()
    future: tuple[Edit, ...] = ()
    bookmark: Task = Task.NOTICES
    closed: bool = True
    settles: tuple[EventHash, ...] = ()
    check: SelfCheck = UNCHECKED
