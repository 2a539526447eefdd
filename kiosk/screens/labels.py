"""Short readings of what the session holds: the header's parts, the marks, the steps."""

from collections.abc import Callable
from datetime import datetime

from core.domain.school import Mark, School
from kiosk.session.naming import county_name, school_label
from kiosk.session.page import (
    CheckPage,
    ConflictPage,
    ContactPage,
    CountiesPage,
    Interruption,
    NoticesPage,
    Page,
    PostsPage,
    ReceiptPage,
    SelfCheckPage,
    StatusPage,
    StepsPage,
    Task,
    TasksPage,
    VersionsPage,
    WishesPage,
    WithdrawPage,
)
from kiosk.session.station import Station

REMOTENESS = (Mark.REMOTE, Mark.SPECIAL_REMOTE, Mark.VERY_REMOTE)
SIGNS = {
    Mark.REMOTE: "△",
    Mark.SPECIAL_REMOTE: "▲",
    Mark.VERY_REMOTE: "◆",
    Mark.CORRECTIONAL: "★",
}
"""The old system's signs, for legends only: terminals disagree about their width."""
OTHER_MARKS = (Mark.CORRECTIONAL, Mark.INDIGENOUS)
STEPS = (Task.NOTICES, Task.PASSWORD, Task.BASICS, Task.POSTS, Task.WISHES, Task.STATUS)


def station_school(station: Station) -> str:
    """County and name of the school this machine stands in."""
    return school_place(station, station.school)


def school_place(station: Station, school: School | None) -> str:
    """County and name of a school."""
    if school is None:
        return ""
    return f"{county_name(station.reference, school.county)}{school_label(school)}"


def mark_letters(marks: frozenset[Mark], letter: Callable[[Mark], str]) -> tuple[str, str]:
    """The grade of remoteness and the other mark, each one letter of two cells or empty."""
    if not marks:
        return "", ""
    grade = next((letter(mark) for mark in reversed(REMOTENESS) if mark in marks), "")
    other = next((letter(mark) for mark in OTHER_MARKS if mark in marks), "")
    return grade, other


def task_of(page: Page) -> Task | None:  # noqa: PLR0911 - a table
    """The step of the process bar a page belongs to."""
    match page:
        case NoticesPage():
            return Task.NOTICES
        case PostsPage():
            return Task.POSTS
        case CountiesPage() | WishesPage():
            return Task.WISHES
        case CheckPage() | ConflictPage() | ReceiptPage():
            return Task.CHECK
        case StatusPage() | WithdrawPage() | VersionsPage():
            return Task.STATUS
        case (
            StepsPage(behind=behind)
            | Interruption(behind=behind)
            | ContactPage(behind=behind)
            | SelfCheckPage(behind=behind)
        ):
            return task_of(behind)
        case TasksPage():
            return None
        case _:
            return Task.BASICS


def instant(milliseconds: int, like: datetime) -> datetime:
    """Wall milliseconds as a time in the zone of ``like``."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=like.tzinfo)
