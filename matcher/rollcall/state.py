"""Where a roll call stands, and what can be called out, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from matcher.files.problem import Position, SchoolId, TeacherId
from matcher.rollcall.hall import Hall
from matcher.rollcall.register import Applicant
from matcher.rollcall.settings import Footing

LATE = "late"
"""What the group of those who were not there when called is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Who is being called: the first of ``queue``; the rest follow in this round if seats last.

    ``part`` and ``subject`` are indices of the settings. ``group``: whose turn it is, by index of
    the part's footings, and one more for the late. ``round`` counts from 1 in each subject.
    """

    part: int
    subject: int
    group: int
    round: int
    queue: tuple[TeacherId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A seat that somebody took, and on what footing."""

    applicant: TeacherId
    origin: Position
    destination: Position
    part: str
    footing: Footing
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that calls change. ``turn`` is None when nobody is left to call.

    Seats by position, no zeros: ``open`` can be taken now or in a later subject; ``left`` were left
    behind and open with the next round of their subject; ``closed`` are not offered any more.
    ``declined`` and ``late`` are about the present subject, ``out`` about all.
    """

    turn: Turn | None
    open: Mapping[Position, int]
    left: Mapping[Position, int]
    closed: Mapping[Position, int]
    taken: tuple[Taken, ...]
    declined: frozenset[TeacherId]
    late: frozenset[TeacherId]
    out: frozenset[TeacherId]

    def moved(self) -> frozenset[TeacherId]:
        """Everybody who took a seat."""
        return frozenset(each.applicant for each in self.taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A roll call with its past: ``earlier`` are the states that can be gone back to."""

    state: State
    earlier: tuple[State, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """She takes a seat at this school, under the subject being called."""

    applicant: TeacherId
    school: SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """She gives up (放棄)."""

    applicant: TeacherId


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """She waits for the next round (保留)."""

    applicant: TeacherId


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Neither she nor anybody for her is there (未到)."""

    applicant: TeacherId


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """The operator takes the last step back."""

    reason: str


Answer: TypeAlias = Pick | Decline | Keep | Absent
Call: TypeAlias = Answer | Undo


class Illegal(StrEnum):
    """Why a call is refused."""

    UNKNOWN_APPLICANT = "unknown_applicant"
    MOVED_ALREADY = "moved_already"
    GAVE_UP = "gave_up"
    FINISHED = "finished"
    NOT_CALLED = "not_called"
    OWN_SCHOOL = "own_school"
    NOT_FOR_HER = "not_for_her"
    NO_SEAT = "no_seat"
    NOTHING_TO_UNDO = "nothing_to_undo"
    BAD_REASON = "bad_reason"


@dataclass(frozen=True, slots=True)
class Refused:
    """A call that changes nothing; ``detail`` is who is called, or the school."""

    code: Illegal
    detail: str = ""


def may_take(applicant: Applicant, school: SchoolId) -> Illegal | None:
    """Why a school is none for her whatever is open there; None if it is."""
    if school == applicant.position.school:
        return Illegal.OWN_SCHOOL
    if applicant.limited_to is not None and school not in applicant.limited_to:
        return Illegal.NOT_FOR_HER
    return None


def offers(hall: Hall, state: State, teacher: TeacherId) -> tuple[SchoolId, ...]:
    """Schools with an open seat she could take under the subject being called, sorted."""
    if state.turn is None:
        return ()
    subject, applicant = hall.subjects[state.turn.subject], hall.applicants[teacher]
    return tuple(
        sorted(
            position.school
            for position in state.open
            if position.subject == subject and may_take(applicant, position.school) is None
        )
    )


def footing_of(hall: Hall, turn: Turn, teacher: TeacherId) -> Footing:
    """On what footing she is a candidate of the subject being called."""
    subject = hall.subjects[turn.subject]
    (found,) = (e for e in hall.applicants[teacher].applications if e.subject == subject)
    return found.footing
