"""Problem files (`jiepin-problem/1`): one stage's market, read from a stream of bytes.

Opens no file, decides nothing. The values are those of `matcher.files.market`, offered here too.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from matcher.files import canon
from matcher.files.document import Document
from matcher.files.market import (
    COUNTIES,
    FORMAT,
    SEATS_AT_MOST,
    CountyCode,
    Exclusion,
    Position,
    Problem,
    School,
    SchoolId,
    Stage,
    Teacher,
    TeacherId,
    Vacancy,
)
from matcher.files.plain import PlainSchools, PlainTeachers
from matcher.files.reader import LARGEST_INTEGER, Reader, Record
from matcher.files.refusal import FaultCode
from matcher.files.rulebook import NO_RULES, Mark, Rules, SubjectCode, rules_from
from matcher.files.window import chunks_of

__all__ = [
    "COUNTIES",
    "FORMAT",
    "SEATS_AT_MOST",
    "CountyCode",
    "Exclusion",
    "Position",
    "Problem",
    "School",
    "SchoolId",
    "Stage",
    "Teacher",
    "TeacherId",
    "Vacancy",
    "parse_problem",
    "problem_from_document",
    "stream_problem",
]

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


def parse_problem(data: bytes, file: str) -> Problem:
    """The problem in these bytes; ``file`` is the name faults are told under.

    Raises:
        RefusedFileError: With every fault.
    """
    return stream_problem(chunks_of(data), file)


def stream_problem(chunks: Iterator[bytes], file: str) -> Problem:
    """The problem in these bytes, which need not all be in memory at once.

    Raises:
        RefusedFileError: With every fault.
    """
    return _ProblemFile(Reader(file), chunks).read()


def problem_from_document(document: object, file: str) -> Problem:
    """The problem in a document that was built in memory, read as strictly as a file.

    Raises:
        RefusedFileError: With every fault.
        TypeError: Something in it is not JSON.
    """
    return parse_problem(canon.encode(document), file)


class _Declared:
    """What rules and schools of the file say, looked up while the rest is read."""

    def __init__(self, schools: Mapping[str, School], rules: Rules) -> None:
        self.ids = {school.id: school.id for school in schools.values()}
        self.county = {school.id: school.county for school in schools.values()}
        self.closed = frozenset(s.id for s in schools.values() if Mark.CLOSED in s.marks)
        self.tie_length = None if rules is NO_RULES else len(rules.tie)
        self.plain = None if rules is NO_RULES else PlainTeachers(self.county, len(rules.tie))
        self._seats: dict[tuple[str, str], Position] = {}

    def seat(self, school: SchoolId, subject: str) -> Position:
        """The position, the same one in memory each time."""
        found = self._seats.get((school, subject))
        if found is None:
            found = self._seats[school, subject] = Position(school, SubjectCode(subject))
        return found

    def position(self, reader: Reader, record: Record, path: str) -> Position:
        """The declared school under ``school`` with the subject beside it."""
        name = reader.text(record, "school", path)
        if name and name not in self.ids:
            reader.refuse(f"{path}.school", FaultCode.UNDECLARED_SCHOOL, name)
        return self.seat(SchoolId(name), reader.text(record, "subject", path))


class _ProblemFile:
    """One problem file on its way in, item by item.

    Vacancies and teachers are read as they come if rules and schools stand before them, as they do
    in a canonical file; else their text waits until those are known.
    """

    def __init__(self, reader: Reader, chunks: Iterator[bytes]) -> None:
        self._reader = reader
        self._document = Document(chunks, reader)
        self._rules = NO_RULES
        self._plain_schools = PlainSchools()
        self._schools: dict[str, School] = {}
        self._vacancies: dict[Position, Vacancy] = {}
        self._teachers: list[Teacher] = []
        self._names: set[str] = set()
        self._lots: set[int] = set()
        self._declared: _Declared | None = None
        self._waiting: dict[str, list[str]] = {"vacancies": [], "teachers": []}

    def read(self) -> Problem:
        """The problem."""
        reader, document = self._reader, self._document
        lists = {"vacancies": self._vacancy, "teachers": self._teacher}
        record = reader.record(document.read({"schools": self._school, **lists}), "$", _KEYS)
        reader.constant(record, "format", "$", FORMAT)
        for key in ("schools", *lists):
            reader.items(record, key, "$")
        self._declare(record)
        for key, texts in self._waiting.items():
            inside = (f"{',' * (number > 0)}{text}" for number, text in enumerate(texts))
            chunks = (text.encode() for text in chain((f'{{"{key}":[',), inside, ("]}",)))
            self._document = Document(chunks, reader)
            self._document.read(lists)
        problem = Problem(
            season=reader.text(record, "season", "$"),
            stage=reader.choice(record, "stage", "$", Stage),
            rules=self._rules,
            schools=tuple(self._schools.values()),
            vacancies=tuple(self._vacancies.values()),
            teachers=tuple(self._teachers),
        )
        reader.finish()
        problem.remember(document.identity())
        return problem

    def _declare(self, record: Record) -> _Declared:
        if self._declared is None:
            if "rules" in record:
                self._rules = rules_from(self._reader, record["rules"], "$.rules")
            self._declared = _Declared(self._schools, self._rules)
        return self._declared

    def _declared_before(self, path: str, key: str) -> _Declared | None:
        """What is declared; None if that comes later, and then this item waits."""
        if self._declared is None:
            found = self._document.found
            if not {"rules", "schools"} <= found.keys():
                self._waiting[key].append(self._document.spelt(path)[1])
                return None
            self._declare(found)
        return self._declared

    def _school(self, number: int) -> None:
        reader = self._reader
        plain = self._plain_schools.find(self._document.window)
        if plain is None:
            school = self._strict_school(number)
        else:
            school = School(
                id=SchoolId(plain.id), county=CountyCode(plain.county), marks=plain.marks
            )
        if school is None:
            return
        if school.id in self._schools:
            reader.refuse(f"$.schools[{number}].id", FaultCode.DUPLICATE, school.id)
        if school.county not in COUNTIES:
            reader.refuse(f"$.schools[{number}].county", FaultCode.UNKNOWN_COUNTY, school.county)
        self._schools[school.id] = school

    def _strict_school(self, number: int) -> School | None:
        reader, path = self._reader, f"$.schools[{number}]"
        item = reader.record(self._document.value(path), path, _SCHOOL_KEYS)
        if item.keys() != _SCHOOL_KEYS:
            return None
        return School(
            id=SchoolId(reader.text(item, "id", path)),
            county=CountyCode(reader.text(item, "county", path)),
            marks=tuple(
                reader.choice_at(mark, f"{path}.marks[{index}]", Mark)
                for index, mark in enumerate(reader.texts(item, "marks", path))
            ),
        )

    def _vacancy(self, number: int) -> None:
        reader, path = self._reader, f"$.vacancies[{number}]"
        declared = self._declared_before(path, "vacancies")
        if declared is None:
            return
        item = reader.record(self._document.value(path), path, _VACANCY_KEYS)
        if item.keys() != _VACANCY_KEYS:
            return
        vacancy = Vacancy(
            position=declared.position(reader, item, path),
            count=reader.integer(item, "count", path, _COUNTS),
            refill=reader.truth(item, "refill", path),
        )
        if vacancy.position in self._vacancies:
            reader.refuse(path, FaultCode.DUPLICATE, _quoted(vacancy.position))
        if vacancy.position.school in declared.closed and vacancy.count:
            reader.refuse(f"{path}.school", FaultCode.CLOSED_SCHOOL, vacancy.position.school)
        self._vacancies[vacancy.position] = vacancy

    def _teacher(self, number: int) -> None:
        declared = self._declared or self._declared_before(f"$.teachers[{number}]", "teachers")
        if declared is None:
            return
        plain = declared.plain.find(self._document.window) if declared.plain else None
        if plain is None:
            self._strict_teacher(declared, number)
            return
        teacher = Teacher(
            id=TeacherId(plain.id),
            position=declared.seat(plain.school, plain.subjects[0]),
            subjects=plain.subjects,
            points=plain.points,
            tie=plain.tie,
            lot=plain.lot,
            wishes=plain.wishes,
            indigenous=plain.indigenous,
            language=plain.language,
            excluded=tuple(
                Exclusion(position=declared.seat(school, subject), reason=reason)
                for school, subject, reason in plain.excluded
            ),
        )
        self._add(teacher, number)

    def _strict_teacher(self, declared: _Declared, number: int) -> None:
        reader, path = self._reader, f"$.teachers[{number}]"
        item = reader.record(self._document.value(path), path, _TEACHER_KEYS)
        if item.keys() != _TEACHER_KEYS:
            return
        teacher = _teacher_from(reader, item, path, declared)
        length = declared.tie_length
        if length is not None and len(teacher.tie) != length:
            reader.refuse(f"{path}.tie", FaultCode.TIE_LENGTH, f"{len(teacher.tie)} ≠ {length}")
        self._add(teacher, number)

    def _add(self, teacher: Teacher, number: int) -> None:
        if teacher.id in self._names:
            self._reader.refuse(f"$.teachers[{number}].id", FaultCode.DUPLICATE, teacher.id)
        if teacher.lot in self._lots:
            self._reader.refuse(f"$.teachers[{number}].lot", FaultCode.DUPLICATE, str(teacher.lot))
        self._names.add(teacher.id)
        self._lots.add(teacher.lot)
        self._teachers.append(teacher)


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
        points=_points_from(reader, record, path, {declared.county[wish] for wish in wishes}),
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
    for index, name in enumerate(names):
        if name not in declared.ids:
            reader.refuse(f"{path}.wishes[{index}]", FaultCode.UNDECLARED_SCHOOL, name)
    # One text per school, not one per wish: memory.
    return tuple(declared.ids[SchoolId(name)] for name in names if name in declared.ids)


def _points_from(
    reader: Reader, record: Record, path: str, wished: set[CountyCode]
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
    for county in sorted(wished - points.keys()):
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
