"""The log of a roll call (`jiepin-rollcall-log/1`): JSON lines, each bound to the one before.

Every line is canonical and names the SHA-256 of the line before it; the first names the register.
Whoever has the register and the identity of the last line, read aloud in the hall, can replay the
calls and see that none was changed, left out or put in later. A call taken back stays in the log.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from matcher.files import canon
from matcher.files.problem import SchoolId, TeacherId
from matcher.files.reader import open_document
from matcher.files.refusal import RefusedFileError
from matcher.rollcall.hall import Hall
from matcher.rollcall.state import (
    LATE,
    Absent,
    Call,
    Decline,
    Keep,
    Pick,
    Refused,
    Session,
    Turn,
    Undo,
    footing_of,
)
from matcher.rollcall.step import opened, step

FORMAT = "jiepin-rollcall-log/1"


class LogFlaw(StrEnum):
    """What can be wrong with a log."""

    EMPTY = "empty"
    OTHER_REGISTER = "other_register"
    BAD_LINE = "bad_line"
    NOT_LINKED = "not_linked"
    ILLEGAL_CALL = "illegal_call"
    ALTERED = "altered"
    TORN = "torn"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFault:
    """Where a log stops being right: ``line`` counts from 1."""

    line: int
    flaw: LogFlaw
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A log, called again as far as it is right.

    ``head``: identity of the last right line. ``lines``: how many are right. ``size``: their bytes.
    A log that is ``TORN`` was cut in the middle of its last line, which nobody was told to be kept.
    """

    session: Session
    head: str
    lines: int
    size: int
    fault: LogFault | None


def first_line(hall: Hall) -> bytes:
    """The line a log begins with."""
    return _line({"format": FORMAT, "n": 0, "rollcall": hall.register.identity()})


def next_line(hall: Hall, session: Session, call: Call, lines: int, head: str) -> bytes:
    """The line of a legal ``call`` at ``session``, after ``lines`` lines of which ``head`` is last.

    It tells the hall what the call was about: part, subject, footing, round; of an undo, how many
    calls were in force, the last of which is taken back.
    """
    return _line({"n": lines, "previous": head, **_said(call), **_context(hall, session, call)})


def replay(hall: Hall, data: bytes) -> Replay:
    """The log in these bytes, called again from the beginning."""
    *whole, rest = data.split(b"\n")
    walk = _Walk(hall)
    for line in whole:
        fault = walk.fault_of(line)
        if fault is not None:
            return walk.replay(fault)
    if not whole:
        return walk.replay(LogFault(line=1, flaw=LogFlaw.EMPTY))
    return walk.replay(LogFault(line=walk.lines + 1, flaw=LogFlaw.TORN) if rest else None)


class _Walk:
    """How far a log has been found right."""

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self._session = opened(hall)
        self._head = ""
        self._size = 0
        self.lines = 0

    def replay(self, fault: LogFault | None) -> Replay:
        """What was found."""
        return Replay(
            session=self._session, head=self._head, lines=self.lines, size=self._size, fault=fault
        )

    def fault_of(self, line: bytes) -> LogFault | None:
        """Call the next line; what is wrong with it, if anything."""
        fault = self._call(line) if self.lines else self._open(line)
        if fault is None:
            self._head = canon.identity(line)
            self._size += len(line) + 1
            self.lines += 1
        return fault

    def _open(self, line: bytes) -> LogFault | None:
        right = line + b"\n" == first_line(self._hall)
        return None if right else self._fault(LogFlaw.OTHER_REGISTER)

    def _call(self, line: bytes) -> LogFault | None:
        found = _document(line)
        call = _call_in(found)
        if call is None:
            return self._fault(LogFlaw.BAD_LINE)
        if found.get("previous") != self._head:
            return self._fault(LogFlaw.NOT_LINKED)
        after = step(self._hall, self._session, call)
        if isinstance(after, Refused):
            return self._fault(LogFlaw.ILLEGAL_CALL, after.code)
        if line + b"\n" != next_line(self._hall, self._session, call, self.lines, self._head):
            return self._fault(LogFlaw.ALTERED)
        self._session = after
        return None

    def _fault(self, flaw: LogFlaw, detail: str = "") -> LogFault:
        return LogFault(line=self.lines + 1, flaw=flaw, detail=detail)


def group_name(hall: Hall, turn: Turn, teacher: TeacherId, late: frozenset[TeacherId]) -> str:
    """What the group she is called in is named: her footing, or ``late``."""
    return LATE if teacher in late else footing_of(hall, turn, teacher).value


def _line(document: dict[str, object]) -> bytes:
    return canon.encode(document) + b"\n"


def _said(call: Call) -> dict[str, object]:
    match call:
        case Pick():
            return {"call": "pick", "applicant": call.applicant, "school": call.school}
        case Undo():
            return {"call": "undo", "reason": call.reason}
        case Decline():
            return {"call": "decline", "applicant": call.applicant}
        case Keep():
            return {"call": "keep", "applicant": call.applicant}
        case Absent():
            return {"call": "absent", "applicant": call.applicant}
        case _:
            assert_never(call)


def _context(hall: Hall, session: Session, call: Call) -> dict[str, object]:
    turn = session.state.turn
    if isinstance(call, Undo) or turn is None:
        return {"undoes": len(session.earlier)}
    return {
        "part": hall.parts[turn.part].name,
        "subject": hall.subjects[turn.subject],
        "group": group_name(hall, turn, call.applicant, session.state.late),
        "round": turn.round,
    }


def _document(line: bytes) -> dict[str, object]:
    try:
        found = open_document(line, "log")
    except RefusedFileError:
        return {}
    return found if isinstance(found, dict) else {}


def _call_in(found: dict[str, object]) -> Call | None:
    match found:
        case {"call": "pick", "applicant": str(applicant), "school": str(school)}:
            return Pick(applicant=TeacherId(applicant), school=SchoolId(school))
        case {"call": "undo", "reason": str(reason)}:
            return Undo(reason=reason)
        case {"call": "decline", "applicant": str(applicant)}:
            return Decline(applicant=TeacherId(applicant))
        case {"call": "keep", "applicant": str(applicant)}:
            return Keep(applicant=TeacherId(applicant))
        case {"call": "absent", "applicant": str(applicant)}:
            return Absent(applicant=TeacherId(applicant))
        case _:
            return None
