"""Sheets: what a form is filled in with. Values only; `kiosk.paper.typesetter` makes them paper."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import segno

from core.domain.application import Reference, Wishes
from core.domain.ids import SchoolId
from core.domain.roc import format_roc_minute
from core.domain.school import Mark, School, Stage
from core.season.address import receipt_address
from kiosk.session.naming import county_code
from kiosk.session.paper import Form, PaperSize
from kiosk.session.receipt import qr_text
from kiosk.session.record import Version
from kiosk.session.station import Station

STAGE_WORDS = {Stage.ELEMENTARY: "國小", Stage.JUNIOR: "國中", Stage.KINDERGARTEN: "幼兒園"}
MARK_SIGNS = {
    Mark.REMOTE: "△",
    Mark.SPECIAL_REMOTE: "▲",
    Mark.VERY_REMOTE: "◆",
    Mark.CORRECTIONAL: "★",
    Mark.INDIGENOUS: "原",
}
"""F-113 to F-117; the form prints them behind a school's name."""
NOTHING_BELOW = "(以下空白)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form filled in: ``content`` is what its template reads, as JSON values."""

    form: Form
    title: str
    content: Mapping[str, object] = field(repr=False)
    paper: PaperSize = PaperSize.A4

    def on(self, paper: PaperSize) -> "Sheet":
        """The same sheet on other paper: only its size differs."""
        content = {**self.content, "paper": paper.value.lower()}
        return replace(self, content=content, paper=paper)


def framed(  # noqa: PLR0913 - the parts of a frame, by name
    form: Form,
    title: str,
    content: Mapping[str, object],
    *,
    station: Station,
    now: datetime,
    foot: str,
) -> Sheet:
    """The sheet with what stands around every one."""
    frame = {
        "title": title,
        "paper": PaperSize.A4.value.lower(),
        "printed": format_roc_minute(now),
        "machine": station.machine,
        "foot": foot,
        "practice": station.practice,
    }
    return Sheet(form=form, title=title, content={**frame, **content})


def version_foot(version: Version) -> str:
    """Which version a sheet shows."""
    return f"受理編號 {version.number}　第 {version.version} 版　檢查碼 {version.check_code}"


def wish_cells(reference: Reference | None, wishes: Wishes, day: datetime) -> list[str]:
    """``001.樟樹(01)`` and so on, then 以下空白 (F-194, F-195)."""
    cells = [
        f"{rank:03}.{_printed(reference, school, day)}"
        for rank, school in enumerate(wishes.schools, start=1)
    ]
    return [*cells, NOTHING_BELOW]


def _printed(reference: Reference | None, code: str, day: datetime) -> str:
    school = None if reference is None else reference.schools.get(SchoolId(code))
    if school is None:
        return code
    return f"{school.short_name}{_signs(school, day)}({county_code(reference, school.county)})"


def _signs(school: School, day: datetime) -> str:
    marks = school.marks_on(day.date())
    return "".join(sign for mark, sign in MARK_SIGNS.items() if mark in marks)


def code_of(station: Station, version: Version) -> dict[str, str]:
    """The QR code of a version as SVG, and what a program that reads aloud says instead."""
    if station.server and version.proof:
        text = receipt_address(station.server, version.proof)
    else:
        text = qr_text(station.season, version.number, version.check_code)
    code = segno.make(text, micro=False, error="m")
    return {
        "code": code.svg_inline(border=4, omitsize=True),
        "code_says": f"二維條碼：{text}",
        "scan": "掃描可查驗收件",
    }


def filled(*pairs: tuple[str, str]) -> list[list[str]]:
    """Labelled rows, as templates take them."""
    return [list(pair) for pair in pairs]


def texts_of(content: object) -> Iterable[str]:
    """Every text in the values of a sheet."""
    match content:
        case str():
            yield content
        case Mapping():
            for value in content.values():
                yield from texts_of(value)
        case list():
            for value in content:
                yield from texts_of(value)
        case _:
            return


def rewritten(content: object, table: Mapping[int, str]) -> object:
    """The same values with their texts translated by ``table`` (`str.translate`)."""
    match content:
        case str():
            return content.translate(table)
        case Mapping():
            return {key: rewritten(value, table) for key, value in content.items()}
        case list():
            return [rewritten(value, table) for value in content]
        case _:
            return content
