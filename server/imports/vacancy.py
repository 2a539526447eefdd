"""Lists of 單調缺額 as values, compared with what is stored for the season."""

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
from server.imports.fault import CellError, Fault
from server.imports.repetition import Subject, once_each
from server.imports.row import Reading, read_lines
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


SEATS: Subject[Line] = Subject(
    key=lambda line: line.place,
    says=lambda line: (line.seats, line.refill),
    name=lambda line: f"{line.school} {line.subject} {line.seats}",
    more=lambda line: str(line.seats),
)


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
    return read_lines(sheet, gazetteer, lambda reading: _line(reading, schools))


def plan_vacancies(lines: Iterable[Line], stored: Mapping[Place, Vacancy]) -> VacancyPlan:
    """The stored seats brought up to date; of lines that contradict each other none is taken."""
    listed = tuple(lines)
    gone = stored.keys() - {line.place for line in listed}
    counting, faults = once_each(listed, SEATS)
    after = {line.place: _vacancy(line) for line in counting}
    changes = [
        SeatChange(place=place, before=stored.get(place), after=seats)
        for place, seats in after.items()
        if stored.get(place) != seats
    ]
    return VacancyPlan(
        new=tuple(each for each in changes if each.before is None),
        changed=tuple(
            each for each in changes if each.before is not None and each.after is not None
        ),
        closed=tuple(each for each in changes if each.after is None),
        unchanged=len(after) - len(changes),
        gone=tuple(stored[place] for place in sorted(gone)),
        faults=tuple(faults),
    )


def _line(reading: Reading, schools: Mapping[SchoolId, School]) -> Line | None:
    school = reading.cell("代碼", lambda text: find_school(text, schools))
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


def find_school(text: str, schools: Mapping[SchoolId, School]) -> School:
    """The listed school of a code.

    Raises:
        CellError: As `parse_school_code`, or ``school_unknown`` (proposal: the nearest).
    """
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
