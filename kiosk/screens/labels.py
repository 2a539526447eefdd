"""Short readings of what the session holds.

Names of schools and counties, the header's parts, the steps.
"""

from collections.abc import Callable
from datetime import datetime

from core.domain.application import Reference
from core.domain.ids import CountyCode, SchoolId
from core.domain.place import find_county
from core.domain.school import Mark, School
from core.domain.subject import find_subject
from kiosk.session.page import (
    CheckPage,
    ConflictPage,
    CountiesPage,
    Interruption,
    NoticesPage,
    Page,
    PostsPage,
    ReceiptPage,
    StatusPage,
    StepsPage,
    Task,
    TasksPage,
    WishesPage,
    WithdrawPage,
)
from kiosk.session.person import Post
from kiosk.session.station import Station

REMOTENESS = (Mark.REMOTE, Mark.SPECIAL_REMOTE, Mark.VERY_REMOTE)
OTHER_MARKS = (Mark.CORRECTIONAL, Mark.INDIGENOUS)
STEPS = (Task.NOTICES, Task.PASSWORD, Task.BASICS, Task.POSTS, Task.WISHES, Task.STATUS)


def school_label(school: School) -> str:
    """The name without owner and place but with the level: ``青山國小``, ``地磨兒國小德文分校``."""
    at = school.name.rfind(school.short_name)
    return school.name[at:] if at >= 0 else school.short_name


def school_name(reference: Reference | None, school: SchoolId | str) -> str:
    """The label of a listed school, else its code."""
    found = None if reference is None else reference.schools.get(SchoolId(school))
    return str(school) if found is None else school_label(found)


def county_name(reference: Reference | None, code: CountyCode | str | None) -> str:
    """The county's name, else the code."""
    found = None if reference is None or not code else find_county(code, reference.counties)
    return (code or "") if found is None else found.name


def county_code(reference: Reference | None, code: CountyCode | str | None) -> str:
    """The two digits forms print for a county."""
    found = None if reference is None or not code else find_county(code, reference.counties)
    return (code or "") if found is None else found.printed_code


def subject_name(reference: Reference | None, post: Post, code: str) -> str:
    """The subject's name in the stage of the post, else its code."""
    subjects = () if reference is None else reference.subjects
    found = find_subject(post.stage, code, subjects)
    return code if found is None else found.name


def station_school(station: Station) -> str:
    """County and name of the school this machine stands in."""
    if station.school is None:
        return ""
    county = county_name(station.reference, station.school.county)
    return f"{county}{school_label(station.school)}"


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
        case StatusPage() | WithdrawPage():
            return Task.STATUS
        case StepsPage(behind=behind) | Interruption(behind=behind):
            return task_of(behind)
        case TasksPage():
            return None
        case _:
            return Task.BASICS


def instant(milliseconds: int, like: datetime) -> datetime:
    """Wall milliseconds as a time in the zone of ``like``."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=like.tzinfo)
