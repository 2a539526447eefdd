"""Which windows of the calendar are open for whom, at a time that is handed in."""

from datetime import datetime
from enum import StrEnum

from core.rules.calendar import Calendar, PhaseName, find_phase
from kiosk.session.station import Station


class Window(StrEnum):
    """``UNKNOWN`` while no calendar has arrived: drafts may be written, nothing may be sent."""

    UNKNOWN = "unknown"
    BEFORE = "before"
    OPEN = "open"
    AFTER = "after"

    @property
    def editable(self) -> bool:
        """Whether a teacher may change her draft."""
        return self in {Window.OPEN, Window.UNKNOWN}


def teachers_window(calendar: Calendar, now: datetime) -> Window:
    """Whether teachers may fill in and send (F-044: a hard end)."""
    return _window(calendar, PhaseName.APPLY, PhaseName.APPLY, now)


def window_at(station: Station, now: datetime) -> Window:
    """The teachers' window at this machine: over once its log is closed, whatever the clock says.

    The daemon closes the log by beacons and the boot clock; a wall clock set back opens nothing.
    """
    found = teachers_window(station.calendar, now)
    closed = station.seal is not None and found in {Window.OPEN, Window.UNKNOWN}
    return Window.AFTER if closed else found


def officers_window(calendar: Calendar, now: datetime) -> Window:
    """Whether officers may decide.

    From the first day of applications to the end of first review.
    """
    return _window(calendar, PhaseName.APPLY, PhaseName.OFFICER_REVIEW, now)


def deadline(calendar: Calendar) -> datetime | None:
    """The end of applications."""
    phase = find_phase(calendar, PhaseName.APPLY)
    return None if phase is None else phase.closes


def officers_deadline(calendar: Calendar) -> datetime | None:
    """The end of first review."""
    phase = find_phase(calendar, PhaseName.OFFICER_REVIEW)
    return None if phase is None else phase.closes


def publication(calendar: Calendar) -> datetime | None:
    """When results are published."""
    phase = find_phase(calendar, PhaseName.PUBLISH)
    return None if phase is None else phase.opens


def _window(calendar: Calendar, first: PhaseName, last: PhaseName, now: datetime) -> Window:
    opening, closing = find_phase(calendar, first), find_phase(calendar, last)
    if opening is None or closing is None:
        return Window.UNKNOWN
    if now < opening.opens:
        return Window.BEFORE
    return Window.OPEN if now < closing.closes else Window.AFTER
