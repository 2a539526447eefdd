"""Paper forms of the county schemes (縣內介聘、超額介聘), as dated data.

A form is a table: another county's is another file. A text of it holds the places where something
is written: ``{name}`` what the kiosk knows, ``{birth_year:3}`` the same with a rule of that many
em where it does not, ``{:6}`` a rule to write on by hand, ``[other_county]`` and ``[]`` a box to
tick.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec

from core.domain.ids import CountyCode
from core.domain.points import Points
from core.domain.school import Stage

COLUMNS = 24
"""Every row of the head is this wide; label and value of a cell share it."""

CLAIMED_COLUMNS = 2
"""The first columns of the points: how many of it, and the points the teacher claims."""

FIELDS = frozenset(
    {
        "name",
        "sex",
        "national_id",
        "birth_year",
        "birth_month",
        "birth_day",
        "phones",
        "email",
        "school",
        "title",
        "subject",
        "service_years",
    }
)
"""What a form can be filled in with; years are those of the ROC."""

BOXES = frozenset({"male", "female", "other_county"})
"""What can be ticked: ``other_county`` is 同時申請縣外介聘."""

_PLACE = re.compile(r"\{(?P<field>[a-z_]*)(?::(?P<width>\d{1,2}))?\}|\[(?P<box>[a-z_]*)\]")


class CountyFormKind(StrEnum):
    """縣內介聘申請表 and 超額介聘申請表: who has one never files the other."""

    TRANSFER = "county_transfer"
    SURPLUS = "county_surplus"


@dataclass(frozen=True, slots=True)
class Blank:
    """A place for ``field``; empty for what is only written by hand. ``width`` in em."""

    field: str
    width: int


@dataclass(frozen=True, slots=True)
class Box:
    """A box to tick."""

    field: str


Part: TypeAlias = str | Blank | Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A labelled cell of the head; the spans are columns of `COLUMNS`."""

    label: str
    label_span: int
    text: str
    span: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the head, from left to right."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One 檢核事項 with its answers, which stand once in every column."""

    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """介聘資格: who checks (``columns``), what, and the 備註 beside it."""

    title: str
    columns: tuple[str, ...]
    remarks: tuple[str, ...]
    lines: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SameLine:
    """A line of our scale that means the same, as long as one unit of it is worth ``unit``."""

    scale: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsLine:
    """One line of the points: what counts, and what one of it is worth."""

    text: str
    standard: str
    same: SameLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsGroup:
    """Lines with one cap, such as ``年資（最高 40 分）``."""

    title: str
    lines: tuple[PointsLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsTable:
    """積分. ``example``: its columns are in no source; the lines have ``place``."""

    title: str
    columns: tuple[str, ...]
    place: str
    example: bool
    groups: tuple[PointsGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A field at the foot: what is vouched for (may be empty), and who signs."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyForm:
    """One form of one county. ``example``: no source says that it is this season's (範例)."""

    kind: CountyFormKind
    county: CountyCode
    stage: Stage
    school_year: int
    title: str
    paper: Literal["A3", "A4"]
    law: str
    source: str
    place: str
    as_of: str
    checked_on: str
    example: bool
    rows: tuple[Row, ...]
    checks: Checks
    points: PointsTable
    pledge_title: str
    pledges: tuple[str, ...]
    signature: str
    signings: tuple[Signing, ...]


def load_county_form(text: str) -> CountyForm:
    """Parse one form, such as ``form_changhua_113_transfer.toml``.

    Raises:
        ValueError: The table is malformed, a row of the head is not `COLUMNS` wide, a text has
            a place nobody can fill, the points have too few columns, or a unit is no points.
    """
    form = msgspec.convert(tomllib.loads(text), CountyForm)
    for row in form.rows:
        if sum(cell.label_span + cell.span for cell in row.cells) != COLUMNS:
            raise ValueError(f"a row is not {COLUMNS} columns wide: {row.cells[0].label}")
    if len(form.points.columns) < CLAIMED_COLUMNS:
        raise ValueError("the points have no columns for number and claim")
    for each in _texts(form):
        parts_of(each)
    for group in form.points.groups:
        for line in group.lines:
            if line.same is not None:
                Points.from_text(line.same.unit)
    return form


def parts_of(text: str) -> tuple[Part, ...]:
    """A text as words, blanks and boxes, in order.

    Raises:
        ValueError: A blank or box of a name that is not in `FIELDS` or `BOXES`.
    """
    return tuple(_parts(text))


def find_county_form(
    forms: tuple[CountyForm, ...], kind: CountyFormKind, county: CountyCode, stage: Stage
) -> CountyForm | None:
    """The newest form of that kind for teachers of the county and stage."""
    wanted = (kind, county, stage)
    found = [form for form in forms if (form.kind, form.county, form.stage) == wanted]
    return max(found, key=lambda form: form.school_year, default=None)


def _texts(form: CountyForm) -> Iterator[str]:
    for row in form.rows:
        yield from (cell.text for cell in row.cells)
    for line in form.checks.lines:
        yield from line.answers


def _parts(text: str) -> Iterator[Part]:
    after = 0
    for place in _PLACE.finditer(text):
        if place.start() > after:
            yield text[after : place.start()]
        after = place.end()
        box = place["box"]
        if box is None:
            yield Blank(_known(place["field"], FIELDS), int(place["width"] or 0))
        else:
            yield Box(_known(box, BOXES))
    if after < len(text):
        yield text[after:]


def _known(name: str, names: frozenset[str]) -> str:
    if name and name not in names:
        raise ValueError(f"nobody can fill in {name}")
    return name
