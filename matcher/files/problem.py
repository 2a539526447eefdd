"""Problem files (`jiepin-problem/1`): one stage's market as values.

Names nobody, opens no file, decides nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from matcher.files import canon
from matcher.files.reader import LARGEST_INTEGER, Reader, Record, open_document
from matcher.files.refusal import FaultCode
from matcher.files.rulebook import NO_RULES, Mark, Rules, SubjectCode, rules_from

TeacherId = NewType("TeacherId", str)
"""A pseudonym of one run; never a number printed on a card."""
SchoolId = NewType("SchoolId", str)
CountyCode = NewType("CountyCode", str)

FORMAT = "jiepin-problem/1"
SEATS_AT_MOST = (
    100_000  # ours: more seats at one position than the country has teachers of a stage is a slip
)
COUNTIES = frozenset({*(f"{code:02}" for code in range(1, 22)), "30", "50", "71", "72"})
"""County codes of the Ministry of Education (教育部), merged cities under each of their codes."""

_KEYS = frozenset({"format", "season", "stage", "rules", "schools", "vacancies", "teachers"})
_SCHOOL_KEYS = frozenset({"id", "county", "marks"})
_VACANCY_KEYS = frozenset({"school", "subject", "count", "refill"})
_TEACHER_KEYS = frozenset(
    {
        *("id", "school", "subject", "subjects", "points", "tie", "lot", "wishes"),
        *("indigenous", "language", "excluded"),
    }
)
_EXCLUSION_KEYS = frozenset({"school", "subject", "reason"})
_ANY_INTEGER = range(-LARGEST_INTEGER, LARGEST_INTEGER + 1)
_LOTS = range(1, LARGEST_INTEGER + 1)
_COUNTS = range(SEATS_AT_MOST + 1)


class Stage(StrEnum):
    """School stage (階段別): markets that never meet, one problem each."""

    JUNIOR = "junior"
    ELEMENTARY = "elementary"
    KINDERGARTEN = "kindergarten"


@dataclass(frozen=True, slots=True)
class Position:
    """What is held and moved to: a school and a subject."""

    school: SchoolId
    subject: SubjectCode


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A school that is named anywhere in the problem."""

    id: SchoolId
    county: CountyCode
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """Seats (單調缺) a county opened at a position. ``refill`` false is 遇缺不補."""

    position: Position
    count: int
    refill: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A position this teacher may not be given, though she wished for the school."""

    position: Position
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """One applicant.

    ``points``: hundredths by county of a wish; ``tie``: larger wins, in the order of `Rules.tie`;
    ``lot``: smaller wins; ``subjects``: the first is the one she is employed under.
    """

    id: TeacherId
    position: Position
    subjects: tuple[SubjectCode, ...]
    points: Mapping[CountyCode, int]
    tie: tuple[int, ...]
    lot: int
    wishes: tuple[SchoolId, ...]
    indigenous: bool
    language: bool
    excluded: tuple[Exclusion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Everything a run depends on. Order in the file carries no meaning except inside a teacher."""

    season: str
    stage: Stage
    rules: Rules
    schools: tuple[School, ...]
    vacancies: tuple[Vacancy, ...]
    teachers: tuple[Teacher, ...]

    def document(self) -> dict[str, object]:
        """The problem file as it is written."""
        return {
            "format": FORMAT,
            "season": self.season,
            "stage": self.stage.value,
            "rules": self.rules.document(),
            "schools": [
                {"id": school.id, "county": school.county, "marks": [m.value for m in school.marks]}
                for school in self.schools
            ],
            "vacancies": [
                {
                    "school": vacancy.position.school,
                    "subject": vacancy.position.subject,
                    "count": vacancy.count,
                    "refill": vacancy.refill,
                }
                for vacancy in self.vacancies
            ],
            "teachers": [_teacher_document(teacher) for teacher in self.teachers],
        }

    def encode(self) -> bytes:
        """The canonical bytes of the file."""
        return canon.encode(self.document())

    def identity(self) -> str:
        """``sha256:…`` of the canonical bytes."""
        return canon.identity(self.encode())


def parse_problem(data: bytes, file: str) -> Problem:
    """The problem in these bytes; ``file`` is the name faults are told under.

    Raises:
        RefusedFileError: With every fault.
    """
    reader = Reader(file)
    problem = _problem_from(reader, open_document(data, file))
    reader.finish()
    return problem


def problem_from_document(document: object, file: str) -> Problem:
    """The problem in a document that was built in memory, read as strictly as a file.

    Raises:
        RefusedFileError: With every fault.
        TypeError: Something in it is not JSON.
    """
    return parse_problem(canon.encode(document), file)


def _problem_from(reader: Reader, document: object) -> Problem:
    record = reader.record(document, "$", _KEYS)
    reader.constant(record, "format", "$", FORMAT)
    rules = rules_from(reader, record["rules"], "$.rules") if "rules" in record else NO_RULES
    schools = tuple(_schools_from(reader, record))
    declared = _Declared(schools)
    vacancies = tuple(_vacancies_from(reader, record, declared))
    tie_length = None if rules is NO_RULES else len(rules.tie)
    teachers = tuple(_teachers_from(reader, record, declared, tie_length))
    return Problem(
        season=reader.text(record, "season", "$"),
        stage=reader.choice(record, "stage", "$", Stage),
        rules=rules,
        schools=schools,
        vacancies=vacancies,
        teachers=teachers,
    )


class _Declared:
    """What the schools of the file say, looked up while the rest is read."""

    def __init__(self, schools: tuple[School, ...]) -> None:
        self.ids: Mapping[str, SchoolId] = {school.id: school.id for school in schools}
        self.county: Mapping[str, CountyCode] = {school.id: school.county for school in schools}
        self.closed = frozenset(school.id for school in schools if Mark.CLOSED in school.marks)

    def school(self, reader: Reader, record: Record, path: str) -> SchoolId:
        """The declared school under ``school``."""
        name = reader.text(record, "school", path)
        if name and name not in self.ids:
            reader.refuse(f"{path}.school", FaultCode.UNDECLARED_SCHOOL, name)
        return SchoolId(name)

    def position(self, reader: Reader, record: Record, path: str) -> Position:
        """The declared school under ``school`` with the subject beside it."""
        school = self.school(reader, record, path)
        return Position(school, SubjectCode(reader.text(record, "subject", path)))


def _schools_from(reader: Reader, record: Record) -> Iterator[School]:
    seen: set[str] = set()
    for item, path in reader.records(record, "schools", "$", _SCHOOL_KEYS):
        school = School(
            id=SchoolId(reader.text(item, "id", path)),
            county=CountyCode(reader.text(item, "county", path)),
            marks=tuple(
                reader.choice_at(mark, f"{path}.marks[{index}]", Mark)
                for index, mark in enumerate(reader.texts(item, "marks", path))
            ),
        )
        if school.id in seen:
            reader.refuse(f"{path}.id", FaultCode.DUPLICATE, school.id)
        if school.county not in COUNTIES:
            reader.refuse(f"{path}.county", FaultCode.UNKNOWN_COUNTY, school.county)
        seen.add(school.id)
        yield school


def _vacancies_from(reader: Reader, record: Record, declared: _Declared) -> Iterator[Vacancy]:
    seen: set[Position] = set()
    for item, path in reader.records(record, "vacancies", "$", _VACANCY_KEYS):
        vacancy = Vacancy(
            position=declared.position(reader, item, path),
            count=reader.integer(item, "count", path, _COUNTS),
            refill=reader.truth(item, "refill", path),
        )
        if vacancy.position in seen:
            reader.refuse(path, FaultCode.DUPLICATE, _quoted(vacancy.position))
        if vacancy.position.school in declared.closed and vacancy.count:
            reader.refuse(f"{path}.school", FaultCode.CLOSED_SCHOOL, vacancy.position.school)
        seen.add(vacancy.position)
        yield vacancy


def _teachers_from(
    reader: Reader, record: Record, declared: _Declared, tie_length: int | None
) -> Iterator[Teacher]:
    ids: set[str] = set()
    lots: set[int] = set()
    for item, path in reader.records(record, "teachers", "$", _TEACHER_KEYS):
        teacher = _teacher_from(reader, item, path, declared)
        if teacher.id in ids:
            reader.refuse(f"{path}.id", FaultCode.DUPLICATE, teacher.id)
        if teacher.lot in lots:
            reader.refuse(f"{path}.lot", FaultCode.DUPLICATE, str(teacher.lot))
        if tie_length is not None and len(teacher.tie) != tie_length:
            reader.refuse(f"{path}.tie", FaultCode.TIE_LENGTH, f"{len(teacher.tie)} ≠ {tie_length}")
        ids.add(teacher.id)
        lots.add(teacher.lot)
        yield teacher


def _teacher_from(reader: Reader, record: Record, path: str, declared: _Declared) -> Teacher:
    position = declared.position(reader, record, path)
    subjects = tuple(SubjectCode(code) for code in reader.texts(record, "subjects", path))
    if subjects[:1] != (position.subject,):
        reader.refuse(f"{path}.subjects", FaultCode.OWN_SUBJECT_NOT_FIRST, position.subject)
    wishes = _wishes_from(reader, record, path, declared)
    return Teacher(
        id=TeacherId(reader.text(record, "id", path)),
        position=position,
        subjects=subjects,
        points=_points_from(reader, record, path, set(map(declared.county.get, wishes))),
        tie=tuple(
            reader.integer_at(value, f"{path}.tie[{index}]", _ANY_INTEGER)
            for index, value in enumerate(reader.items(record, "tie", path))
        ),
        lot=reader.integer(record, "lot", path, _LOTS),
        wishes=wishes,
        indigenous=reader.truth(record, "indigenous", path),
        language=reader.truth(record, "language", path),
        excluded=tuple(_exclusions_from(reader, record, path, declared, subjects)),
    )


def _wishes_from(
    reader: Reader, record: Record, path: str, declared: _Declared
) -> tuple[SchoolId, ...]:
    names = reader.texts(record, "wishes", path)
    known = tuple(map(declared.ids.get, names))  # one text per school, not one per wish: memory
    if None in known:
        for index, name in enumerate(names):
            if name not in declared.ids:
                reader.refuse(f"{path}.wishes[{index}]", FaultCode.UNDECLARED_SCHOOL, name)
    return tuple(name for name in known if name is not None)


def _points_from(
    reader: Reader, record: Record, path: str, wished: set[CountyCode | None]
) -> Mapping[CountyCode, int]:
    points = {
        CountyCode(county): reader.integer_at(value, f"{path}.points.{county}", _ANY_INTEGER)
        for county, value in reader.mapping(record, "points", path).items()
    }
    for county in points:
        if county not in COUNTIES:
            reader.refuse(f"{path}.points.{county}", FaultCode.UNKNOWN_COUNTY, county)
        elif county not in wished:
            reader.refuse(f"{path}.points.{county}", FaultCode.POINTS_WITHOUT_WISH, county)
    for county in sorted(name for name in wished if name is not None and name not in points):
        reader.refuse(f"{path}.points.{county}", FaultCode.POINTS_MISSING, county)
    return points


def _exclusions_from(
    reader: Reader,
    record: Record,
    path: str,
    declared: _Declared,
    subjects: tuple[SubjectCode, ...],
) -> Iterator[Exclusion]:
    seen: set[Position] = set()
    for item, here in reader.records(record, "excluded", path, _EXCLUSION_KEYS):
        exclusion = Exclusion(
            position=declared.position(reader, item, here),
            reason=reader.text(item, "reason", here),
        )
        if exclusion.position in seen:
            reader.refuse(here, FaultCode.DUPLICATE, _quoted(exclusion.position))
        if exclusion.position.subject not in subjects:
            reader.refuse(
                f"{here}.subject", FaultCode.SUBJECT_NOT_LISTED, exclusion.position.subject
            )
        seen.add(exclusion.position)
        yield exclusion


def _quoted(position: Position) -> str:
    return f"{position.school}/{position.subject}"


def _teacher_document(teacher: Teacher) -> dict[str, object]:
    return {
        "id": teacher.id,
        "school": teacher.position.school,
        "subject": teacher.position.subject,
        "subjects": list(teacher.subjects),
        "points": dict(teacher.points),
        "tie": list(teacher.tie),
        "lot": teacher.lot,
        "wishes": list(teacher.wishes),
        "indigenous": teacher.indigenous,
        "language": teacher.language,
        "excluded": [
            {
                "school": exclusion.position.school,
                "subject": exclusion.position.subject,
                "reason": exclusion.reason,
            }
            for exclusion in teacher.excluded
        ],
    }
