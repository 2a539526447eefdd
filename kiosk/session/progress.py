"""How far an application has come, from sending to reporting (UX K11, U-022).

Facts are what the log and the inbox hold; where none come through this machine, only the calendar
speaks, and nothing is said to be done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.rules.calendar import Calendar, Phase, PhaseName, find_phase
from core.season.county import CountyVerdict
from core.season.merge import Review
from kiosk.session.record import Record, Version
from kiosk.session.season import officers_deadline, publication


class StageName(StrEnum):
    """The stations, in their order."""

    SENT = "sent"
    REVIEW = "review"
    COUNTY = "county"
    RESULT = "result"
    COUNCIL = "council"
    REPORT = "report"


class StageState(StrEnum):
    """``AWAITED``: its time has come, and word of it will come by letter, not to this machine."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"
    REFUSED = "refused"
    AWAITED = "awaited"
    NOT_NEEDED = "not_needed"


class Audit(StrEnum):
    """審核狀態 (F-154): of nothing, of what waits, of what only the school passed, and the end."""

    NOTHING = "nothing"
    WAITING = "waiting"
    SCHOOL_PASSED = "school_passed"
    PASSED = "passed"
    REFUSED = "refused"
    COUNTY_PASSED = "county_passed"
    COUNTY_REFUSED = "county_refused"
    COUNTY_RETURNED = "county_returned"


COUNTY = {
    CountyVerdict.PASSED: Audit.COUNTY_PASSED,
    CountyVerdict.REFUSED: Audit.COUNTY_REFUSED,
    CountyVerdict.RETURNED: Audit.COUNTY_RETURNED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One station. ``at`` is when it happened, or when ``planned`` it begins; None when unknown."""

    name: StageName
    state: StageState
    at: datetime | None = None
    planned: bool = False


def progress(record: Record, calendar: Calendar, now: datetime) -> tuple[Stage, ...]:
    """All six stations."""
    return (
        _sent(record),
        _review(record, calendar),
        _county(record, calendar),
        _result(record, calendar),
        *_afterwards(record, calendar, now),
    )


def audit(record: Record) -> Audit:
    """The one word of 審核狀態; a result is only given to applications that passed."""
    if record.result is not None:
        return Audit.PASSED
    if not record.heads or record.withdrawn:
        return Audit.NOTHING
    if record.in_conflict:
        return Audit.WAITING
    if record.reviewed is not None:
        return COUNTY[record.reviewed.verdict]
    return {
        Review.WAITING: Audit.WAITING,
        Review.CONTRADICTORY: Audit.WAITING,
        Review.APPROVED: Audit.SCHOOL_PASSED,
        Review.RETURNED: Audit.REFUSED,
    }[record.review]


def sent_version(record: Record) -> Version | None:
    """The version in force; the last one before it was taken back."""
    if record.withdrawn:
        return next((each for each in reversed(record.versions) if each.complete), None)
    return record.current


def _sent(record: Record) -> Stage:
    version = sent_version(record)
    if version is None:
        return Stage(name=StageName.SENT, state=StageState.AHEAD)
    return Stage(name=StageName.SENT, state=StageState.DONE, at=version.submitted)


def _review(record: Record, calendar: Calendar) -> Stage:
    name, until = StageName.REVIEW, officers_deadline(calendar)
    if record.current is None or record.withdrawn:
        return Stage(name=name, state=StageState.AHEAD, at=until, planned=True)
    state = {
        Review.WAITING: StageState.NOW,
        Review.CONTRADICTORY: StageState.NOW,
        Review.APPROVED: StageState.DONE,
        Review.RETURNED: StageState.REFUSED,
    }[record.review]
    if state is StageState.NOW:
        return Stage(name=name, state=state, at=until, planned=True)
    return Stage(name=name, state=state, at=None if record.decision is None else record.decision.at)


def _county(record: Record, calendar: Calendar) -> Stage:
    reviewed = record.reviewed
    if reviewed is not None and not record.withdrawn:
        passed = reviewed.verdict is CountyVerdict.PASSED
        state = StageState.DONE if passed else StageState.REFUSED
        return Stage(name=StageName.COUNTY, state=state, at=reviewed.at)
    if record.result is not None:
        state = StageState.DONE
    elif audit(record) is Audit.SCHOOL_PASSED:
        state = StageState.NOW
    else:
        state = StageState.AHEAD
    at = _opens(find_phase(calendar, PhaseName.COUNTY_REVIEW))
    return Stage(name=StageName.COUNTY, state=state, at=at, planned=True)


def _result(record: Record, calendar: Calendar) -> Stage:
    if record.result is not None:
        return Stage(name=StageName.RESULT, state=StageState.DONE, at=record.result.at)
    at = publication(calendar)
    return Stage(name=StageName.RESULT, state=StageState.AHEAD, at=at, planned=True)


def _afterwards(record: Record, calendar: Calendar, now: datetime) -> Iterator[Stage]:
    """The council of the new school and reporting there: for who is moved, by letter."""
    for name, phase_name in (
        (StageName.COUNCIL, PhaseName.COUNCIL),
        (StageName.REPORT, PhaseName.CONFIRM),
    ):
        at = _opens(find_phase(calendar, phase_name))
        if record.result is not None and not record.result.moved:
            yield Stage(name=name, state=StageState.NOT_NEEDED)
            continue
        came = record.result is not None and at is not None and now >= at
        state = StageState.AWAITED if came else StageState.AHEAD
        yield Stage(name=name, state=state, at=at, planned=True)


def _opens(phase: Phase | None) -> datetime | None:
    return None if phase is None else phase.opens
