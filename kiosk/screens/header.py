"""The first two rows: who and where on the left.

Line, clock, deadline and card on the right; the six steps.
"""

from datetime import datetime

from rich.cells import cell_len

from core.domain.school import School
from core.rules.calendar import PhaseName, find_phase
from kiosk.screens.labels import STEPS, school_place, station_school, task_of
from kiosk.session.naming import county_name, school_label
from kiosk.session.page import CheckPage, PostsPage, Task, TaskState
from kiosk.session.person import Post
from kiosk.session.season import officers_deadline
from kiosk.session.state import OfficerSignedIn, Session, SignedIn
from kiosk.session.station import SlotHolds, Station
from kiosk.session.tasks import task_lines
from kiosk.terminal import WIDE_COLUMNS
from kiosk.text.catalogue import Texts
from kiosk.theme import Role
from kiosk.widgets.cells import join, shorten
from kiosk.widgets.painted import Line, Span, between, width_of

WIDE_GAP = "   "
"""Between two steps, where there is room."""


def header_line(session: Session, texts: Texts, width: int, *, steps: bool) -> Line:
    """The header; ``steps`` says that the row below carries the card's state in the wide layout."""
    wide = width >= WIDE_COLUMNS
    right = f"{_right(session, texts, wide=wide, steps=steps)} "
    room = width - width_of((Span(right),)) - 2
    words = _left(session, texts, wide=wide)
    left = next((each for each in words if cell_len(each) <= room), shorten(words[-1], room))
    return between(
        (Span(f" {left}", Role.HEADER),), (Span(right, Role.HEADER),), width, Role.HEADER
    )


def _left(session: Session, texts: Texts, *, wide: bool) -> tuple[str, ...]:
    """What may stand on the left, the fullest first; the first that fits is taken."""
    station = session.station
    practice = texts.practice if station.practice else ""
    match session.scene:
        case SignedIn() as scene:
            return _teacher(scene, station, texts, wide=wide)
        case OfficerSignedIn(officer=officer):
            who = texts.bureau_header(officer.person.masked_name, officer.role)
            parts = (texts.bureau_name, practice, who, station_school(station))
            return (join(parts, 2 if wide else 1),)
        case _:
            where = join((station.machine, station_school(station)), 1)
            return (join((texts.kiosk_name, practice, where)),)


def _teacher(scene: SignedIn, station: Station, texts: Texts, *, wide: bool) -> tuple[str, ...]:
    """申請階段別 and 申請人, in the three forms of the old system (F-009 … F-013).

    Nothing filled in yet; the name; and once the post is confirmed county, township and school.
    """
    practice = texts.practice if station.practice else ""
    stage, name = texts.stage(scene.post.stage), scene.person.masked_name
    school = _school_of(station, scene.post)
    short = (texts.system_short, practice, stage, name, school_place(station, school))
    if not wide:
        return (join(short, 1),)
    answers = scene.draft.answers
    if answers.agreed_ms is None and not scene.record.versions:
        who = texts.applicant_new
    elif not answers.post_confirmed:
        who = name
    else:
        who = join((_wide_school(station, school), name), 1)
    labelled = (
        f"{texts.label_stage}{texts.colon}{stage}",
        f"{texts.applicant}{texts.colon}{who}",
    )
    return (
        join((texts.system_wide, practice, *labelled), 2),
        join((texts.system_short, practice, *labelled), 2),
        join((texts.system_short, practice, stage, labelled[1]), 2),
        join((texts.system_wide, practice, stage, name, _wide_school(station, school)), 2),
        join(short, 1),
    )


def _school_of(station: Station, post: Post) -> School | None:
    """Hers, which need not be the one the machine stands in; that one until the lists are here."""
    schools = {} if station.reference is None else station.reference.schools
    return schools.get(post.school, station.school)


def _wide_school(station: Station, school: School | None) -> str:
    if school is None:
        return ""
    county = county_name(station.reference, school.county)
    return f"{county} {school.township}{school_label(school)}"


def _right(session: Session, texts: Texts, *, wide: bool, steps: bool) -> str:
    at = session.at
    station = session.station
    link, clock = texts.link(station.link), texts.clock(at)
    card = isinstance(session.reader.slot, SlotHolds)
    match session.scene:
        case SignedIn():
            words = texts.card_in if card else texts.card_absent
            return join(
                (
                    f"{link} {clock}",
                    _deadline(station, texts, at, wide=wide),
                    "" if wide and steps else words,
                )
            )
        case OfficerSignedIn():
            ends = officers_deadline(station.calendar)
            left = "" if ends is None else texts.review_until(texts.time_left(ends - at))
            return join((f"{link} {clock}", left, texts.officer_card_in if wide and card else ""))
        case _:
            return join((f"{link} {clock}", texts.today(at)))


def _deadline(station: Station, texts: Texts, at: datetime, *, wide: bool) -> str:
    phase = find_phase(station.calendar, PhaseName.APPLY)
    if phase is None:
        return ""
    if at < phase.opens:
        return texts.not_yet_open
    if at >= phase.closes:
        return texts.closed
    left = phase.closes - at
    if wide:
        return f"{texts.deadline(phase.closes)} {texts.time_left_full(left)}"
    return texts.time_left(left)


def steps_line(session: Session, texts: Texts, width: int) -> Line:
    """The process bar: short names under 100 columns, full ones above (F-014)."""
    wide = width >= WIDE_COLUMNS
    card = isinstance(session.reader.slot, SlotHolds)
    words = (texts.card_in if card else texts.card_absent) if wide else ""
    right = (Span(f"{words} " if words else "", Role.STEP),)
    found: Line = ()
    for gap in (WIDE_GAP, " ") if wide else (" ",):
        found = _steps(session, texts, wide=wide, gap=gap)
        if width_of(found) + width_of(right) < width:
            return between(found, right, width, Role.STEP) if found else ()
    return found


def _steps(session: Session, texts: Texts, *, wide: bool, gap: str) -> Line:
    scene = session.scene
    if not isinstance(scene, SignedIn):
        return ()
    done = {
        each.task
        for each in task_lines(scene, session.station, session.at)
        if each.state is TaskState.DONE
    }
    here = task_of(scene.page)
    spans: list[Span] = [Span(" " if wide else "", Role.STEP)]
    for number, task in enumerate(STEPS, start=1):
        checking = isinstance(scene.page, CheckPage) and task is Task.STATUS
        if checking:
            spans.append(Span(f">{texts.checking_step}<", Role.STEP_NOW))
            continue
        name = texts.task_step(task) if wide else texts.task_short(task)
        text = f"({number}){' ' if wide else ''}{name}"
        if isinstance(scene.page, PostsPage) and task is Task.POSTS:
            text += f" {texts.question_of(scene.page.question)}"
        if task is here:
            spans.append(Span(f">{text}<", Role.STEP_NOW))
        else:
            mark = (" v" if wide or name.isascii() else "v") if task in done else ""
            spans.append(Span(f"{text}{mark}", Role.STEP))
        spans.append(Span(gap, Role.STEP))
    return tuple(spans)
