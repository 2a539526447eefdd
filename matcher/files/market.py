"""What a problem file speaks of: schools, seats and people, as values. Names nobody."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import NewType

from matcher.files import canon
from matcher.files.rulebook import Mark, Rules, SubjectCode

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

    def document(self) -> dict[str, object]:
        """The school as it is written."""
        return {"id": self.id, "county": self.county, "marks": [m.value for m in self.marks]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """Seats (單調缺) a county opened at a position. ``refill`` false is 遇缺不補."""

    position: Position
    count: int
    refill: bool

    def document(self) -> dict[str, object]:
        """The vacancy as it is written."""
        return {
            "school": self.position.school,
            "subject": self.position.subject,
            "count": self.count,
            "refill": self.refill,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A position this teacher may not be given, though she wished for the school."""

    position: Position
    reason: str

    def document(self) -> dict[str, object]:
        """The exclusion as it is written."""
        return {
            "school": self.position.school,
            "subject": self.position.subject,
            "reason": self.reason,
        }


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

    def document(self) -> dict[str, object]:
        """The teacher as she is written."""
        return {
            "id": self.id,
            "school": self.position.school,
            "subject": self.position.subject,
            "subjects": list(self.subjects),
            "points": dict(self.points),
            "tie": list(self.tie),
            "lot": self.lot,
            "wishes": list(self.wishes),
            "indigenous": self.indigenous,
            "language": self.language,
            "excluded": [exclusion.document() for exclusion in self.excluded],
        }


class Stage(StrEnum):
    """School stage (階段別): markets that never meet, one problem each."""

    JUNIOR = "junior"
    ELEMENTARY = "elementary"
    KINDERGARTEN = "kindergarten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Everything a run depends on. Order in the file carries no meaning except inside a teacher."""

    season: str
    stage: Stage
    rules: Rules
    schools: tuple[School, ...]
    vacancies: tuple[Vacancy, ...]
    teachers: tuple[Teacher, ...]
    _identity: str | None = field(default=None, init=False, repr=False, compare=False)

    def document(self) -> dict[str, object]:
        """The problem file as it is written."""
        return {
            **self._frame(),
            "teachers": [teacher.document() for teacher in self.teachers],
        }

    def _frame(self) -> dict[str, object]:
        """The file without its teachers."""
        return {
            "format": FORMAT,
            "season": self.season,
            "stage": self.stage.value,
            "rules": self.rules.document(),
            "schools": [school.document() for school in self.schools],
            "vacancies": [vacancy.document() for vacancy in self.vacancies],
            "teachers": [],
        }

    def pieces(self) -> Iterator[bytes]:
        """The canonical bytes of the file, a teacher at a time."""
        # In a text a quote is escaped, so that this stands in the frame once.
        head, teachers, tail = canon.encode(self._frame()).partition(b'"teachers":[')
        yield head + teachers
        for number, teacher in enumerate(self.teachers):
            yield b"," * (number > 0) + canon.encode(teacher.document())
        yield tail

    def encode(self) -> bytes:
        """The canonical bytes of the file."""
        return b"".join(self.pieces())

    def identity(self) -> str:
        """``sha256:…`` of the canonical bytes."""
        if self._identity is None:
            digest = sha256()
            for piece in self.pieces():
                digest.update(piece)
            self.remember(f"sha256:{digest.hexdigest()}")
        return str(self._identity)

    def remember(self, identity: str | None) -> None:
        """Take it from whoever read these canonical bytes that this is their identity."""
        object.__setattr__(self, "_identity", identity)  # of what never changes
