"""Everything a roll call begins with (`jiepin-rollcall/1`): settings, seats and applicants.

Read strictly as to shape; `matcher.rollcall.objection` says what the county's settings forbid.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matcher.files import canon
from matcher.files.problem import SEATS_AT_MOST, Position, SchoolId, Stage, TeacherId
from matcher.files.reader import LARGEST_INTEGER, Reader, Record, opened
from matcher.files.refusal import FaultCode
from matcher.files.rulebook import SubjectCode
from matcher.rollcall.settings import Footing, Settings, settings_from

FORMAT = "jiepin-rollcall/1"

_KEYS = frozenset({"format", "season", "stage", "settings", "schools", "seats", "applicants"})
_SCHOOL_KEYS = frozenset({"id", "township"})
_SEAT_KEYS = frozenset({"school", "subject", "count", "refill", "opens", "onward"})
_APPLICANT_KEYS = frozenset(
    {
        *("id", "school", "subject", "parts", "points", "tie", "lot", "applications"),
        *("limited_to", "exchange"),
    }
)
_APPLICATION_KEYS = frozenset({"subject", "footing"})
_EXCHANGE_KEYS = frozenset({"school", "township"})
_ANY_INTEGER = range(-LARGEST_INTEGER, LARGEST_INTEGER + 1)
_LOTS = range(1, LARGEST_INTEGER + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """Seats at a position, open from the part ``opens`` on.

    ``onward``: how many at most stay open for the part after (續開). ``refill`` false is 遇缺不補:
    a seat somebody leaves at this position is not offered.
    """

    position: Position
    count: int
    refill: bool
    opens: str
    onward: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """That she asks to be called for a subject."""

    subject: SubjectCode
    footing: Footing


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Her written wish to change places with one of ``school``; ``township``: her domicile."""

    school: SchoolId
    township: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """One who is called. ``points`` in hundredths; ``tie``: larger wins; ``lot``: smaller wins.

    ``limited_to``: the only schools she may be given (優先返校); None is no limit.
    """

    id: TeacherId
    position: Position
    parts: tuple[str, ...]
    points: int
    tie: tuple[int, ...]
    lot: int
    applications: tuple[Application, ...]
    limited_to: tuple[SchoolId, ...] | None
    exchange: Exchange | None

    def key(self) -> tuple[int, ...]:
        """Her place among those of one footing; smaller is earlier, no two are equal."""
        return (-self.points, *(-value for value in self.tie), self.lot)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The roll: order in the file carries no meaning. ``townships`` by school."""

    season: str
    stage: Stage
    settings: Settings
    townships: Mapping[SchoolId, str]
    seats: tuple[Seats, ...]
    applicants: tuple[Applicant, ...]

    def document(self) -> dict[str, object]:
        """The file as it is written."""
        return {
            "format": FORMAT,
            "season": self.season,
            "stage": self.stage.value,
            "settings": self.settings.document(),
            "schools": [
                {"id": school, "township": township} for school, township in self.townships.items()
            ],
            "seats": [
                {
                    "school": seats.position.school,
                    "subject": seats.position.subject,
                    "count": seats.count,
                    "refill": seats.refill,
                    "opens": seats.opens,
                    "onward": seats.onward,
                }
                for seats in self.seats
            ],
            "applicants": [_applicant_document(applicant) for applicant in self.applicants],
        }

    def encode(self) -> bytes:
        """The canonical bytes of the file."""
        return canon.encode(self.document())

    def identity(self) -> str:
        """``sha256:…`` of the canonical bytes."""
        return canon.identity(self.encode())


def _applicant_document(applicant: Applicant) -> dict[str, object]:
    exchange = applicant.exchange
    return {
        "id": applicant.id,
        "school": applicant.position.school,
        "subject": applicant.position.subject,
        "parts": list(applicant.parts),
        "points": applicant.points,
        "tie": list(applicant.tie),
        "lot": applicant.lot,
        "applications": [
            {"subject": each.subject, "footing": each.footing.value}
            for each in applicant.applications
        ],
        "limited_to": None if applicant.limited_to is None else list(applicant.limited_to),
        "exchange": None
        if exchange is None
        else {"school": exchange.school, "township": exchange.township},
    }


def parse_register(data: bytes, file: str) -> Register:
    """The register in these bytes; ``file`` is the name faults are told under.

    Raises:
        RefusedFileError: With every fault.
    """
    reader, record = opened(data, file, _KEYS, FORMAT)
    settings = settings_from(reader, record.get("settings"), "$.settings")
    look = _Lookup(
        townships=dict(_schools_from(reader, record)),
        parts=frozenset(part.name for part in settings.parts),
        tie_length=len(settings.tie),
    )
    register = Register(
        season=reader.text(record, "season", "$"),
        stage=reader.choice(record, "stage", "$", Stage),
        settings=settings,
        townships=look.townships,
        seats=tuple(_seats_from(reader, record, look)),
        applicants=tuple(_applicants_from(reader, record, look)),
    )
    reader.finish()
    return register


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lookup:
    """What the rest of the file may name."""

    townships: dict[SchoolId, str]
    parts: frozenset[str]
    tie_length: int

    def school_at(self, reader: Reader, name: str, path: str) -> SchoolId:
        """The declared school ``name``, which stands at ``path``."""
        if name and name not in self.townships:
            reader.refuse(path, FaultCode.UNDECLARED_SCHOOL, name)
        return SchoolId(name)

    def part_at(self, reader: Reader, name: str, path: str) -> str:
        """The part ``name`` of the settings, which stands at ``path``."""
        if name and name not in self.parts:
            reader.refuse(path, FaultCode.UNKNOWN_VALUE, name)
        return name

    def position(self, reader: Reader, record: Record, path: str) -> Position:
        """The declared school under ``school`` with the subject beside it."""
        school = self.school_at(reader, reader.text(record, "school", path), f"{path}.school")
        return Position(school, SubjectCode(reader.text(record, "subject", path)))


def _schools_from(reader: Reader, record: Record) -> Iterator[tuple[SchoolId, str]]:
    seen: set[str] = set()
    for item, path in reader.records(record, "schools", "$", _SCHOOL_KEYS):
        school = SchoolId(reader.text(item, "id", path))
        if school in seen:
            reader.refuse(f"{path}.id", FaultCode.DUPLICATE, school)
        seen.add(school)
        yield school, reader.text(item, "township", path)


def _seats_from(reader: Reader, record: Record, look: _Lookup) -> Iterator[Seats]:
    seen: set[Position] = set()
    for item, path in reader.records(record, "seats", "$", _SEAT_KEYS):
        count = reader.integer(item, "count", path, range(SEATS_AT_MOST + 1))
        seats = Seats(
            position=look.position(reader, item, path),
            count=count,
            refill=reader.truth(item, "refill", path),
            opens=look.part_at(reader, reader.text(item, "opens", path), f"{path}.opens"),
            onward=reader.integer(item, "onward", path, range(count + 1)),
        )
        if seats.position in seen:
            reader.refuse(
                path, FaultCode.DUPLICATE, f"{seats.position.school}/{seats.position.subject}"
            )
        seen.add(seats.position)
        yield seats


def _applicants_from(reader: Reader, record: Record, look: _Lookup) -> Iterator[Applicant]:
    ids: set[str] = set()
    lots: set[int] = set()
    for item, path in reader.records(record, "applicants", "$", _APPLICANT_KEYS):
        applicant = _applicant_from(reader, item, path, look)
        if applicant.id in ids:
            reader.refuse(f"{path}.id", FaultCode.DUPLICATE, applicant.id)
        if applicant.lot in lots:
            reader.refuse(f"{path}.lot", FaultCode.DUPLICATE, str(applicant.lot))
        if len(applicant.tie) != look.tie_length:
            reader.refuse(
                f"{path}.tie", FaultCode.TIE_LENGTH, f"{len(applicant.tie)} ≠ {look.tie_length}"
            )
        ids.add(applicant.id)
        lots.add(applicant.lot)
        yield applicant


def _applicant_from(reader: Reader, record: Record, path: str, look: _Lookup) -> Applicant:
    parts = reader.texts(record, "parts", path)
    applications = tuple(_applications_from(reader, record, path))
    reader.refuse_repeated([each.subject for each in applications], f"{path}.applications")
    for key in ("parts", "applications"):
        if record[key] == []:
            reader.refuse(f"{path}.{key}", FaultCode.EMPTY_LIST)
    return Applicant(
        id=TeacherId(reader.text(record, "id", path)),
        position=look.position(reader, record, path),
        parts=tuple(
            look.part_at(reader, name, f"{path}.parts[{index}]") for index, name in enumerate(parts)
        ),
        points=reader.integer(record, "points", path, _ANY_INTEGER),
        tie=tuple(
            reader.integer_at(value, f"{path}.tie[{index}]", _ANY_INTEGER)
            for index, value in enumerate(reader.items(record, "tie", path))
        ),
        lot=reader.integer(record, "lot", path, _LOTS),
        applications=applications,
        limited_to=_limit_from(reader, record, path, look),
        exchange=_exchange_from(reader, record, path, look),
    )


def _applications_from(reader: Reader, record: Record, path: str) -> Iterator[Application]:
    for item, here in reader.records(record, "applications", path, _APPLICATION_KEYS):
        yield Application(
            subject=SubjectCode(reader.text(item, "subject", here)),
            footing=reader.choice(item, "footing", here, Footing),
        )


def _limit_from(
    reader: Reader, record: Record, path: str, look: _Lookup
) -> tuple[SchoolId, ...] | None:
    if record["limited_to"] is None:
        return None
    return tuple(
        look.school_at(reader, name, f"{path}.limited_to[{index}]")
        for index, name in enumerate(reader.texts(record, "limited_to", path))
    )


def _exchange_from(reader: Reader, record: Record, path: str, look: _Lookup) -> Exchange | None:
    if record["exchange"] is None:
        return None
    here = f"{path}.exchange"
    found = reader.record(record["exchange"], here, _EXCHANGE_KEYS)
    school = look.school_at(reader, reader.text(found, "school", here), f"{here}.school")
    return Exchange(school=school, township=reader.text(found, "township", here))
