"""Rows of a recognised list as parts; a row with a cell that cannot be read says nothing."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from core.domain.ids import CountyCode, SchoolId
from core.domain.school import REMOTE_MARKS, Mark, Stage
from server.imports.cell import (
    Gazetteer,
    check_code_in_county,
    find_township_in,
    parse_county,
    parse_marks,
    parse_school_code,
    parse_school_year,
    parse_seats,
    parse_stage,
    parse_township,
    parse_yes,
    school_year_start,
)
from server.imports.fault import CellError, Fault, Severity
from server.imports.layout import CLASSES, Layout
from server.imports.part import Marking, Origin, Part
from server.imports.sheet import Row, Sheet

T = TypeVar("T")
NAME_AT_MOST = 60
JUNIOR_DIGIT = "5"  # fourth character of a 國中 code
PRIVATE_DIGIT = (
    "1"  # third character of a private school's; true of every row that also has 公/私立
)
OWNERS = {"公立": True, "私立": False}
GRADES = {
    "": None,
    "偏遠": Mark.REMOTE,
    "特偏": Mark.SPECIAL_REMOTE,
    "極偏": Mark.VERY_REMOTE,
}
EVERY_MARK = frozenset(Mark)


class Reading:
    """One row being read: cells are asked for by heading, every one that fails is remembered."""

    def __init__(self, sheet: Sheet, row: Row, gazetteer: Gazetteer) -> None:
        self.file = sheet.file
        self.line = row.line
        self.gazetteer = gazetteer
        self.faults: list[Fault] = []
        self._cells = row.cells

    @property
    def usable(self) -> bool:
        """Whether nothing was found that keeps the row out."""
        return all(fault.severity is Severity.NOTE for fault in self.faults)

    def text(self, column: str) -> str:
        """The cell, empty when the file has no such column."""
        return self._cells.get(column, "")

    def has(self, column: str) -> bool:
        """Whether the file has the column."""
        return column in self._cells

    def cell(self, column: str, parse: Callable[[str], T]) -> T | None:
        """The cell as a value, or None and a fault."""
        try:
            return parse(self.text(column))
        except CellError as error:
            self.fault(column, error.code, error.proposal)
            return None

    def fault(
        self, column: str, code: str, proposal: str = "", severity: Severity = Severity.ROW
    ) -> None:
        """Remember a finding about a cell."""
        self.faults.append(
            Fault(
                file=self.file,
                line=self.line,
                column=column,
                value=self.text(column),
                code=code,
                proposal=proposal,
                severity=severity,
            )
        )


def read_lines(
    sheet: Sheet, gazetteer: Gazetteer, line_of: Callable[[Reading], T | None]
) -> tuple[tuple[T, ...], tuple[Fault, ...]]:
    """What the rows say, each by itself, and what is wrong with the others."""
    lines: list[T] = []
    faults: list[Fault] = []
    for row in sheet.rows:
        reading = Reading(sheet, row, gazetteer)
        line = line_of(reading)
        if line is not None and reading.usable:
            lines.append(line)
        faults += reading.faults
    return tuple(lines), tuple(faults)


def read_parts(
    sheet: Sheet, layout: Layout, gazetteer: Gazetteer, today: date
) -> tuple[tuple[Part, ...], tuple[Fault, ...]]:
    """What the rows say, and what is wrong with the others.

    ``today`` gives the school year of rows in our own form that do not name one.
    Private schools take no part in this scheme: nothing of their rows is found fault with.
    """
    level = _level(sheet) if layout is Layout.DIRECTORY else Stage.KINDERGARTEN
    parts: list[Part] = []
    faults: list[Fault] = []
    for row in sheet.rows:
        reading = Reading(sheet, row, gazetteer)
        part = _part(reading, layout, level, today)
        if part is not None and (reading.usable or part.public is False):
            parts.append(part)
        if part is None or part.public is not False:
            faults += reading.faults
    return tuple(parts), tuple(faults)


def _part(reading: Reading, layout: Layout, level: Stage, today: date) -> Part | None:
    match layout:
        case Layout.ENTERED:
            return _entered(reading, today)
        case Layout.DIRECTORY | Layout.KINDERGARTENS:
            return _listed(reading, level)
        case Layout.STATISTICS | Layout.REMOTENESS:
            return _counted(reading, layout)


def _level(sheet: Sheet) -> Stage:
    """名錄 of 國中 and 國小 have the same headings; most codes of a file tell which it is."""
    fourth = Counter(row.cells["代碼"][3:4] for row in sheet.rows)
    junior = 2 * fourth[JUNIOR_DIGIT] > fourth.total()
    return Stage.JUNIOR if junior else Stage.ELEMENTARY


def _listed(reading: Reading, stage: Stage) -> Part | None:
    year = reading.cell("學年度", parse_school_year)
    school = reading.cell("代碼", lambda text: parse_school_code(text, stage))
    name = reading.cell("學校名稱", _name)
    county = _county(reading, "縣市名稱", "代碼", school)
    public = reading.cell("公/私立", _owner)
    if year is None or school is None or name is None or county is None:
        return None
    _note_damaged_name(reading, "學校名稱", name)
    return Part(
        file=reading.file,
        line=reading.line,
        origin=Origin.DIRECTORY,
        year=year,
        id=school,
        stage=stage,
        name=name,
        county=county,
        township=_township_listed(reading, county),
        public=public,
    )


def _counted(reading: Reading, layout: Layout) -> Part | None:
    year = reading.cell("學年度", parse_school_year)
    school = reading.cell("學校代碼", lambda text: parse_school_code(text, Stage.ELEMENTARY))
    name = reading.cell("學校名稱", _name)
    county = _county(reading, "縣市名稱", "學校代碼", school)
    # 縣市代碼 lost its leading zeros in some files; the two must still mean one county.
    coded = reading.cell("縣市代碼", lambda text: parse_county(text, reading.gazetteer.counties))
    if county is not None and coded is not None and coded != county:
        reading.fault("縣市代碼", "county_contradiction", reading.text("縣市名稱"))
    classes = [reading.cell(column, parse_seats) for column in CLASSES]
    marking = None
    if layout is Layout.REMOTENESS and year is not None:
        since = year
        marking = reading.cell("地區屬性", lambda text: _grade(text, since))
    if year is None or school is None or name is None or county is None:
        return None
    return Part(
        file=reading.file,
        line=reading.line,
        origin=Origin.STATISTICS if layout is Layout.STATISTICS else Origin.REMOTENESS,
        year=year,
        id=school,
        stage=Stage.ELEMENTARY,
        name=name,
        county=county,
        township=_township(reading, "鄉鎮市區", county),
        public=school[2] != PRIVATE_DIGIT,
        classes=sum(each or 0 for each in classes),
        marking=marking,
    )


def _entered(reading: Reading, today: date) -> Part | None:
    stage = reading.cell("階段別", parse_stage)
    school = reading.cell("代碼", lambda text: parse_school_code(text, stage))
    name = reading.cell("學校名稱", _name)
    county = _county(reading, "縣市", "代碼", school)
    year = school_year_start(today)
    if reading.text("學年度"):
        year = reading.cell("學年度", parse_school_year) or year
    marks = reading.cell("註記", lambda text: parse_marks(text, year))
    delegated = reading.cell("委託", parse_yes) if reading.text("委託") else None
    if stage is None or school is None or name is None or county is None or marks is None:
        return None
    return Part(
        file=reading.file,
        line=reading.line,
        origin=Origin.ENTERED,
        year=year,
        id=school,
        stage=stage,
        name=name,
        county=county,
        township=_township(reading, "鄉鎮市區", county),
        public=True,
        delegated=delegated,
        short_name=reading.text("簡稱") or None,
        marking=Marking(scope=EVERY_MARK, marks=marks, on=year, by_hand=True),
    )


def _county(
    reading: Reading, column: str, code_column: str, school: SchoolId | None
) -> CountyCode | None:
    counties = reading.gazetteer.counties
    county = reading.cell(column, lambda text: parse_county(text, counties))
    if county is not None and school is not None:
        reading.cell(code_column, lambda _: check_code_in_county(school, county, counties))
    return county


def _township(reading: Reading, column: str, county: CountyCode) -> str | None:
    return reading.cell(column, lambda text: parse_township(text, county, reading.gazetteer))


def _township_listed(reading: Reading, county: CountyCode) -> str | None:
    if reading.has("鄉鎮市區名稱"):
        return _township(reading, "鄉鎮市區名稱", county)
    return find_township_in(reading.text("地址"), county, reading.gazetteer)


def _note_damaged_name(reading: Reading, column: str, name: str) -> None:
    # The ministry's export writes ? for letters that its own character set lacks (槺榔 → ?榔).
    if "?" in name or any("\ue000" <= letter <= "\uf8ff" for letter in name):
        reading.fault(column, "name_damaged", severity=Severity.NOTE)


def _name(text: str) -> str:
    if not text:
        raise CellError("name_missing")
    if len(text) > NAME_AT_MOST:
        raise CellError("name_too_long")
    return text


def _owner(text: str) -> bool:
    if text not in OWNERS:
        raise CellError("owner_unknown", "公立")
    return OWNERS[text]


def _grade(text: str, year: date) -> Marking:
    if text not in GRADES:
        raise CellError("grade_unknown", "偏遠、特偏、極偏")
    grade = GRADES[text]
    marks = () if grade is None else parse_marks(text, year)
    return Marking(scope=REMOTE_MARKS, marks=marks, on=year)
