"""Lists of 單調缺額 as values, compared with what is stored for the season."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.domain.ids import SchoolId, SubjectCode
from core.domain.school import School, Stage, Vacancy
from server.imports.cell import (
    Gazetteer,
    nearest,
    parse_school_code,
    parse_seats,
    parse_subject,
    parse_yes,
)
from server.imports.fault import CellError, Fault, Severity
from server.imports.row import Reading
from server.imports.sheet import Sheet
from server.lists import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list; zero seats close what was open there."""

    file: str
    line: int
    school: SchoolId
    subject: SubjectCode
    seats: int
    refill: bool

    @property
    def place(self) -> Place:
        """Where the seats are."""
        return self.school, self.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatChange:
    """Seats at one place before and after; None where there are none."""

    place: Place
    before: Vacancy | None
    after: Vacancy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyPlan:
    """What an import would do. ``gone``: stored, but not in the list; they stay unless closed."""

    new: tuple[SeatChange, ...]
    changed: tuple[SeatChange, ...]
    closed: tuple[SeatChange, ...]
    unchanged: int
    gone: tuple[Vacancy, ...]
    faults: tuple[Fault, ...]


def read_vacancies(
    sheet: Sheet, schools: Mapping[SchoolId, School], gazetteer: Gazetteer
) -> tuple[tuple[Line, ...], tuple[Fault, ...]]:
    """The lines of a list with the headings 代碼, 科別, 缺額, 遇缺不補, and what is wrong."""
    lines: list[Line] = []
    faults: list[Fault] = []
    for row in sheet.rows:
        reading = Reading(sheet, row, gazetteer)
        line = _line(reading, schools)
        if line is not None and reading.usable:
            lines.append(line)
        faults += reading.faults
    return tuple(lines), tuple(faults)


def plan_vacancies(lines: Iterable[Line], stored: Mapping[Place, Vacancy]) -> VacancyPlan:
    """The stored seats brought up to date; of lines that contradict each other none is taken."""
    by_place: dict[Place, list[Line]] = defaultdict(list)
    for line in lines:
        by_place[line.place].append(line)
    faults: list[Fault] = []
    changes: list[SeatChange] = []
    unchanged = 0
    for place in sorted(by_place):
        rows = by_place[place]
        if len({(row.seats, row.refill) for row in rows}) > 1:
            faults += (_twice(row, rows, "row_contradicts", Severity.ROW) for row in rows)
            continue
        faults += (_twice(row, rows, "row_repeated", Severity.NOTE) for row in rows[1:])
        change = SeatChange(place=place, before=stored.get(place), after=_vacancy(rows[0]))
        if change.before == change.after:
            unchanged += 1
        else:
            changes.append(change)
    return VacancyPlan(
        new=tuple(each for each in changes if each.before is None),
        changed=tuple(
            each for each in changes if each.before is not None and each.after is not None
        ),
        closed=tuple(each for each in changes if each.after is None),
        unchanged=unchanged,
        gone=tuple(stored[place] for place in sorted(stored.keys() - by_place.keys())),
        faults=tuple(faults),
    )


def _line(reading: Reading, schools: Mapping[SchoolId, School]) -> Line | None:
    school = reading.cell("代碼", lambda text: _school(text, schools))
    seats = reading.cell("缺額", parse_seats)
    no_refill = reading.cell("遇缺不補", parse_yes)
    if school is None:
        return None
    if not school.delegated:
        reading.fault("代碼", "school_not_delegated", school.name)
    subjects = reading.gazetteer.subjects
    subject = reading.cell("科別", lambda text: parse_subject(text, school.stage, subjects))
    if subject is None or seats is None or no_refill is None:
        return None
    return Line(
        file=reading.file,
        line=reading.line,
        school=school.id,
        subject=subject,
        seats=seats,
        refill=not no_refill,
    )


def _school(text: str, schools: Mapping[SchoolId, School]) -> School:
    # A letter that should be a digit is told by the list itself, whatever the stage.
    code = parse_school_code(text, Stage.KINDERGARTEN)
    if code in schools:
        return schools[code]
    likely = nearest(code, schools)
    name = f"{likely} {schools[SchoolId(likely)].name}" if likely else ""
    raise CellError("school_unknown", name)


def _vacancy(line: Line) -> Vacancy | None:
    if line.seats == 0:
        return None
    return Vacancy(school=line.school, subject=line.subject, count=line.seats, refill=line.refill)


def _twice(row: Line, rows: list[Line], code: str, severity: Severity) -> Fault:
    other = next(each for each in rows if each is not row)
    return Fault(
        file=row.file,
        line=row.line,
        column="",
        value=f"{row.school} {row.subject} {row.seats}",
        code=code,
        proposal=f"{other.file}:{other.line} {other.seats}",
        severity=severity,
    )
