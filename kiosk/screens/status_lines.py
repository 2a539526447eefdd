"""K11 line by line: the stations, the points, what was applied for, the wishes."""

from collections.abc import Iterable

from core.domain.points import Points
from kiosk.screens.labels import mark_letters
from kiosk.session.naming import county_name, school_label
from kiosk.session.progress import StageState, audit, progress, sent_version
from kiosk.session.state import Session, SignedIn
from kiosk.session.station import Station
from kiosk.text.catalogue import Texts
from kiosk.text.points import kinds_of_points, line_reasons
from kiosk.text.rejections import review_rejected
from kiosk.text.status import (
    applied_rows,
    grounds,
    point_rows,
    points_heading,
    stage_note,
    stage_word,
)
from kiosk.theme import Role
from kiosk.widgets.cells import fit, fit_right
from kiosk.widgets.painted import BLANK, Line, Span, hanging, line, paragraph, width_of

NAME, WHEN, STATE = 18, 14, 14
LABEL = 20
POINT_CELL, NUMBER = 36, 7
WISH_CELL = 39
SIGNS = {
    StageState.DONE: "v",
    StageState.NOW: ">",
    StageState.AWAITED: ">",
    StageState.AHEAD: "-",
    StageState.NOT_NEEDED: "-",
    StageState.REFUSED: "x",
}


def timeline_lines(session: Session, scene: SignedIn, texts: Texts, width: int) -> Iterable[Line]:
    """審核狀態 in a word, then every station with its time (U-022)."""
    record = scene.record
    words = texts.audit(audit(record))
    yield line(
        Span(f" {texts.status_title}   ", Role.TITLE),
        Span(f"{texts.label_audit}{texts.colon}", Role.DIM),
        Span(words, Role.TITLE),
    )
    for stage in progress(record, session.station.calendar, session.at):
        role = Role.ERROR if stage.state is StageState.REFUSED else Role.TEXT
        when = "" if stage.at is None else texts.stage_time(stage.at, planned=stage.planned)
        yield line(
            f"   {SIGNS[stage.state]} {fit(texts.step_name(stage.name), NAME)}",
            Span(fit(when, WHEN), Role.DIM if stage.planned else Role.TEXT),
            Span(fit(stage_word(stage, record, texts), STATE), role),
            Span(stage_note(stage, texts), Role.DIM),
        )
        if stage.state is StageState.REFUSED:
            yield from paragraph(
                f"{' ' * (NAME + 5)}{grounds(stage, record, texts)}", width, Role.ERROR
            )
        for each in review_rejected(stage, record, texts):
            yield from hanging("     ! ", each, width, Role.ERROR)


def points_lines(scene: SignedIn, station: Station, texts: Texts, width: int) -> Iterable[Line]:
    """Every line of points by the names of the form, both counties; zeros before the review."""
    title = points_heading(scene.record, texts)
    heading = (Span(f" {title}", Role.TITLE), Span(f"   {texts.reckoning_key}", Role.DIM))
    if width_of(heading) <= width:
        yield heading
    else:
        yield from paragraph(f" {title}", width, Role.TITLE)
        yield heading[1:]
    *parts, first, second = point_rows(scene.record, station, texts)
    across = 2 if width >= 2 * POINT_CELL else 1
    gap = (("", 0),) if len(parts) % across else ()
    rows = (*parts, *gap, first, second)
    for start in range(0, len(rows), across):
        spans: list[Span] = []
        for label, value in rows[start : start + across]:
            if not label:
                continue
            role = Role.TITLE if texts.total_points in label else Role.TEXT
            room = POINT_CELL - NUMBER - 4
            number = fit_right(str(Points(value)), NUMBER)
            spans.append(Span(f"   {fit(label, room)}{number} ", role))
        yield tuple(spans)
    for each in line_reasons(scene.record, station, texts):
        yield from hanging("   ! ", each, width, Role.WARNING)


def reckoning_lines(scene: SignedIn, station: Station, texts: Texts, width: int) -> Iterable[Line]:
    """積分算法: every kind with its figure, rule, source, papers and what the officer changed."""
    for kind in kinds_of_points(scene.record, station, texts):
        yield from paragraph(kind.title, width, Role.TITLE)
        for sentence in kind.sentences:
            yield from hanging("  ", sentence, width)
        if kind.sentences:
            yield BLANK


def applied_lines(scene: SignedIn, station: Station, texts: Texts, width: int) -> Iterable[Line]:
    """申請資料 of the version that counts, then its wishes (F-157 … F-160, F-171, F-173)."""
    version = sent_version(scene.record)
    if version is None or version.wishes is None:
        return
    yield line(f" {texts.applied_title}", role=Role.TITLE)
    rows = applied_rows(scene.record, station, texts)
    for label, value in rows:
        yield line(Span(f"   {fit(label, LABEL)}", Role.DIM), value)
    yield BLANK
    schools, reference = version.wishes.schools, station.reference
    first, second = (
        county_name(reference, each) for each in (version.wishes.county_a, version.wishes.county_b)
    )
    yield line(
        f" {texts.wishes_title} {texts.wishes_line(len(schools), first, second)}", role=Role.TITLE
    )
    cells = [_wish(rank, code, station, texts) for rank, code in enumerate(schools, start=1)]
    across = max(1, width // WISH_CELL)
    for start in range(0, len(cells), across):
        row = "".join(fit(each, WISH_CELL) for each in cells[start : start + across])
        yield line(f"  {row}".rstrip())


def _wish(rank: int, code: str, station: Station, texts: Texts) -> str:
    reference = station.reference
    school = None if reference is None else reference.schools.get(code)  # type: ignore[call-overload]
    if school is None or reference is None:
        return f"{rank:03} {code}"
    marks = "".join(mark_letters(school.marks_on(reference.on), texts.mark))
    return f"{rank:03} {fit(marks, 4)} {school_label(school)} {school.township}"
