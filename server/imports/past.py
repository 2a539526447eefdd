"""Lists of past results as values, compared with what is kept (U-019)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.domain.ids import SchoolId
from core.domain.past import PastResult
from core.domain.points import Points
from core.domain.school import School
from server.imports.cell import Gazetteer, parse_seats, parse_subject
from server.imports.fault import CellError, Fault
from server.imports.repetition import Subject, once_each
from server.imports.row import Reading, read_lines
from server.imports.sheet import Sheet
from server.imports.vacancy import find_school

YEARS = range(90, 200)
PEOPLE_AT_MOST = 9_999  # a school with more wishes than that is a slip of the finger
Key = tuple[int, str, str]

_INTEGER = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLine:
    """One line of the list and where it stands."""

    file: str
    line: int
    result: PastResult

    @property
    def key(self) -> Key:
        """Year, school and subject: what a later line would replace."""
        return self.result.year, self.result.school, self.result.subject


RESULT: Subject[PastLine] = Subject(
    key=lambda line: line.key,
    says=lambda line: line.result,
    name=lambda line: " ".join(map(str, line.key)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPlan:
    """What an import would do; what the list does not name stays as it is."""

    new: tuple[PastResult, ...]
    changed: tuple[PastResult, ...]
    unchanged: int
    faults: tuple[Fault, ...]


def read_past_list(
    sheet: Sheet,
    schools: Mapping[SchoolId, School],
    gazetteer: Gazetteer,
    *,
    source: str,
    as_of: str,
) -> tuple[tuple[PastLine, ...], tuple[Fault, ...]]:
    """The lines of a list, and what is wrong: 年度, 代碼, 科別, 缺額, 選填人數, 調入人數, 最低積分.

    The last may be missing; an empty cell of the last three is what the source does not say.
    """

    def line_of(reading: Reading) -> PastLine | None:
        result = _result(reading, schools, source, as_of)
        if result is None:
            return None
        return PastLine(file=reading.file, line=reading.line, result=result)

    return read_lines(sheet, gazetteer, line_of)


def plan_past(lines: Iterable[PastLine], kept: Iterable[PastResult]) -> PastPlan:
    """What is new and what differs; of lines that contradict each other none is taken."""
    stored: dict[Key, PastResult] = {(each.year, each.school, each.subject): each for each in kept}
    counting, faults = once_each(lines, RESULT)
    differing = [line for line in counting if stored.get(line.key) != line.result]
    return PastPlan(
        new=tuple(line.result for line in differing if line.key not in stored),
        changed=tuple(line.result for line in differing if line.key in stored),
        unchanged=len(counting) - len(differing),
        faults=tuple(faults),
    )


def _result(
    reading: Reading, schools: Mapping[SchoolId, School], source: str, as_of: str
) -> PastResult | None:
    year = reading.cell("年度", _year)
    school = reading.cell("代碼", lambda text: find_school(text, schools))
    seats = reading.cell("缺額", parse_seats)
    applicants = reading.cell("選填人數", _people)
    moved = reading.cell("調入人數", _people)
    lowest = reading.cell("最低積分", _points)
    if applicants is not None and moved is not None and moved > applicants:
        reading.fault("調入人數", "moved_more")
    if school is None:
        return None
    subjects = reading.gazetteer.subjects
    subject = reading.cell("科別", lambda text: parse_subject(text, school.stage, subjects))
    if year is None or subject is None or seats is None:
        return None
    return PastResult(
        year=year,
        school=school.id,
        subject=subject,
        vacancies=seats,
        applicants=applicants,
        moved=moved,
        lowest=lowest,
        source=source,
        as_of=as_of,
    )


def _year(text: str) -> int:
    plain = _plain(text)
    if not _INTEGER.fullmatch(plain) or int(plain) not in YEARS:
        raise CellError("school_year_form")
    return int(plain)


def _people(text: str) -> int | None:
    plain = _plain(text).replace(",", "")
    if not plain:
        return None
    if not _INTEGER.fullmatch(plain):
        raise CellError("seats_form")
    if int(plain) > PEOPLE_AT_MOST:
        raise CellError("people_too_many")
    return int(plain)


def _points(text: str) -> Points | None:
    try:
        return Points.from_text(text) if text.strip() else None
    except ValueError as error:
        raise CellError("points_form") from error


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
