"""How one county calls the roll (`jiepin-rollcall-settings/1`): data, each line with its source.

What the law leaves to counties differs between them; nothing of it is in code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from matcher.files import canon
from matcher.files.reader import Reader, Record, open_document
from matcher.files.refusal import FaultCode
from matcher.files.rulebook import SubjectCode, Tie

FORMAT = "jiepin-rollcall-settings/1"
SUBJECTS_AT_MOST = 100  # ours: four times the longest list seen

LINES = (
    *("parts", "footings", "seat_left", "subjects", "absent", "declined", "never_both"),
    *("subjects_at_most", "tie", "exclusive_subjects", "exchange"),
)
"""What every settings file names a source for."""

_KEYS = frozenset({"format", "name", "county", "sources", *LINES}) - {"footings", "seat_left"}
_PART_KEYS = frozenset({"name", "footings", "seat_left"})
_EXCHANGE_KEYS = frozenset({"part", "township"})
_SOURCE_KEYS = frozenset({"source", "place", "date"})


class Footing(StrEnum):
    """On what footing she applies for a subject: 應聘, or 非應聘 by how much she has taught it."""

    EMPLOYED = "employed"
    HALF = "half"
    BELOW_HALF = "below_half"
    NONE = "none"


class SeatLeft(StrEnum):
    """What becomes of the seat somebody leaves in a part, unless the school shuts it (遇缺不補)."""

    NEXT_ROUND = "next_round"
    LAPSES = "lapses"


class Absence(StrEnum):
    """What becomes of one who is not there when called."""

    LAST_OF_SUBJECT = "last_of_subject"
    FORFEIT = "forfeit"


class Declining(StrEnum):
    """How far 放棄 reaches."""

    SUBJECT = "subject"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One run through all subjects (超額, 縣內 …). ``footings``: who is called, in this order."""

    name: str
    footings: tuple[Footing, ...]
    seat_left: SeatLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRule:
    """Exchange (互調) among those of ``part``; ``township``: only where she is domiciled."""

    part: str
    township: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a line comes from; ``source`` is 範例 when no public text settles it."""

    source: str
    place: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One county's settings of one year; ``subjects`` in the order drawn."""

    name: str
    county: str
    parts: tuple[Part, ...]
    subjects: tuple[SubjectCode, ...]
    absent: Absence
    declined: Declining
    never_both: tuple[tuple[str, str], ...]
    subjects_at_most: int
    tie: tuple[Tie, ...]
    exclusive_subjects: tuple[SubjectCode, ...]
    exchange: ExchangeRule | None
    sources: Mapping[str, Source]

    def document(self) -> dict[str, object]:
        """The file as it is written."""
        return {
            "format": FORMAT,
            "name": self.name,
            "county": self.county,
            "parts": [
                {
                    "name": part.name,
                    "footings": [footing.value for footing in part.footings],
                    "seat_left": part.seat_left.value,
                }
                for part in self.parts
            ],
            "subjects": list(self.subjects),
            "absent": self.absent.value,
            "declined": self.declined.value,
            "never_both": [list(pair) for pair in self.never_both],
            "subjects_at_most": self.subjects_at_most,
            "tie": [tie.value for tie in self.tie],
            "exclusive_subjects": list(self.exclusive_subjects),
            "exchange": None
            if self.exchange is None
            else {"part": self.exchange.part, "township": self.exchange.township},
            "sources": {
                line: {"source": source.source, "place": source.place, "date": source.date}
                for line, source in self.sources.items()
            },
        }

    def identity(self) -> str:
        """``sha256:…`` of the canonical bytes."""
        return canon.identity(canon.encode(self.document()))


def parse_settings(data: bytes, file: str) -> Settings:
    """The settings in these bytes; ``file`` is the name faults are told under.

    Raises:
        RefusedFileError: With every fault.
    """
    document = open_document(data, file)
    reader = Reader(file)
    settings = settings_from(reader, document, "$")
    reader.finish()
    return settings


def settings_from(reader: Reader, document: object, path: str) -> Settings:
    """The settings at ``path`` of a larger document; faults are left with the reader."""
    record = reader.record(document, path, _KEYS)
    reader.constant(record, "format", path, FORMAT)
    parts = tuple(_parts_from(reader, record, path))
    names = tuple(part.name for part in parts)
    reader.refuse_repeated(names, f"{path}.parts")
    if not parts:
        reader.refuse(f"{path}.parts", FaultCode.EMPTY_LIST)
    return Settings(
        name=reader.text(record, "name", path),
        county=reader.text(record, "county", path),
        parts=parts,
        subjects=_subjects(reader, record, "subjects", path),
        absent=reader.choice(record, "absent", path, Absence),
        declined=reader.choice(record, "declined", path, Declining),
        never_both=tuple(_pairs_from(reader, record, path, names)),
        subjects_at_most=reader.integer(
            record, "subjects_at_most", path, range(1, SUBJECTS_AT_MOST + 1)
        ),
        tie=tuple(
            reader.choice_at(name, f"{path}.tie[{index}]", Tie)
            for index, name in enumerate(reader.texts(record, "tie", path))
        ),
        exclusive_subjects=_subjects(reader, record, "exclusive_subjects", path),
        exchange=_exchange_from(reader, record, path, names),
        sources=_sources_from(reader, record, path),
    )


def _subjects(reader: Reader, record: Record, key: str, path: str) -> tuple[SubjectCode, ...]:
    return tuple(SubjectCode(code) for code in reader.texts(record, key, path))


def _parts_from(reader: Reader, record: Record, path: str) -> Iterator[Part]:
    for item, here in reader.records(record, "parts", path, _PART_KEYS):
        footings = tuple(
            reader.choice_at(name, f"{here}.footings[{index}]", Footing)
            for index, name in enumerate(reader.texts(item, "footings", here))
        )
        if item["footings"] == []:
            reader.refuse(f"{here}.footings", FaultCode.EMPTY_LIST)
        yield Part(
            name=reader.text(item, "name", here),
            footings=footings,
            seat_left=reader.choice(item, "seat_left", here, SeatLeft),
        )


def _pairs_from(
    reader: Reader, record: Record, path: str, names: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    for index, pair in enumerate(reader.items(record, "never_both", path)):
        match pair:
            case [str(one), str(other)] if one != other and {one, other} <= set(names):
                yield one, other
            case _:
                reader.refuse(
                    f"{path}.never_both[{index}]", FaultCode.WRONG_SHAPE, "[part, other part]"
                )


def _exchange_from(
    reader: Reader, record: Record, path: str, names: tuple[str, ...]
) -> ExchangeRule | None:
    if record.get("exchange") is None:
        return None
    here = f"{path}.exchange"
    found = reader.record(record["exchange"], here, _EXCHANGE_KEYS)
    rule = ExchangeRule(
        part=reader.text(found, "part", here), township=reader.truth(found, "township", here)
    )
    if rule.part and rule.part not in names:
        reader.refuse(f"{here}.part", FaultCode.UNKNOWN_VALUE, rule.part)
    return rule


def _sources_from(reader: Reader, record: Record, path: str) -> Mapping[str, Source]:
    if "sources" not in record:
        return {}
    here = f"{path}.sources"
    found = reader.record(record["sources"], here, frozenset(LINES))
    sources = {}
    for line in (line for line in LINES if line in found):
        row = reader.record(found[line], f"{here}.{line}", _SOURCE_KEYS)
        sources[line] = Source(
            source=reader.text(row, "source", f"{here}.{line}"),
            place=reader.text(row, "place", f"{here}.{line}"),
            date=reader.text(row, "date", f"{here}.{line}"),
        )
    return sources
