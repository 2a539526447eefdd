"""Control lists (管制名單) as values, compared with what is stored. Persons are keyed hashes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.domain.ids import CountyCode, NationalId
from core.domain.place import searchable
from core.domain.roc import ROC_EPOCH, parse_date
from core.rules.barred import Ground, find_ground
from server.imports.cell import Gazetteer, nearest, parse_county
from server.imports.fault import CellError, Fault
from server.imports.layout import Headings
from server.imports.repetition import Subject, once_each
from server.imports.row import Reading, read_lines
from server.imports.sheet import Sheet

BARRED_HEADINGS = Headings(
    name="管制名單", needed=frozenset({"縣市", "身分證統一編號", "依據", "起日", "迄日", "來源"})
)
SOURCE_AT_MOST = 120
DAY = timedelta(days=1)
Key = tuple[str, str, str]
"""National number, code of the ground, first day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarredLine:
    """One line of the list. ``until`` is the first day that is free again, None: no end said."""

    file: str
    line: int
    person: NationalId
    ground: Ground
    since: date
    until: date | None
    county: CountyCode
    source: str

    @property
    def key(self) -> Key:
        """What makes it the same bar as another line."""
        return self.person.text, self.ground.code, self.since.isoformat()


BAR: Subject[BarredLine] = Subject(
    key=lambda line: line.key,
    says=lambda line: (line.until, line.county),
    name=lambda line: f"{line.person.masked} {line.ground.name}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BarredPlan:
    """What an import would do; lines that are not named stay."""

    new: tuple[BarredLine, ...]
    changed: tuple[BarredLine, ...]
    unchanged: int
    faults: tuple[Fault, ...] = field(default=())


def read_barred(
    sheet: Sheet, gazetteer: Gazetteer, grounds: tuple[Ground, ...], today: date
) -> tuple[tuple[BarredLine, ...], tuple[Fault, ...]]:
    """The lines of a list with the headings of `BARRED_HEADINGS`, and what is wrong."""
    return read_lines(sheet, gazetteer, lambda reading: _line(reading, grounds, today))


def plan_barred(
    lines: Iterable[BarredLine], stored: Mapping[Key, tuple[date | None, str, str]]
) -> BarredPlan:
    """The stored list brought up to date; of lines that contradict each other none is taken.

    ``stored`` has last day, county and source by `BarredLine.key`.
    """
    counting, faults = once_each(lines, BAR)
    differing = [
        line for line in counting if stored.get(line.key) != (line.until, line.county, line.source)
    ]
    return BarredPlan(
        new=tuple(line for line in differing if line.key not in stored),
        changed=tuple(line for line in differing if line.key in stored),
        unchanged=len(counting) - len(differing),
        faults=tuple(faults),
    )


def _line(reading: Reading, grounds: tuple[Ground, ...], today: date) -> BarredLine | None:
    county = reading.cell("縣市", lambda text: parse_county(text, reading.gazetteer.counties))
    person = reading.cell("身分證統一編號", _person)
    ground = reading.cell("依據", lambda text: _ground(text, grounds))
    since = reading.cell("起日", lambda text: _since(text, today))
    source = reading.cell("來源", _source)
    if county is None or person is None or ground is None or since is None or source is None:
        return None
    until = reading.cell("迄日", lambda text: _until(text, ground, since))
    return BarredLine(
        file=reading.file,
        line=reading.line,
        person=person,
        ground=ground,
        since=since,
        until=until,
        county=county,
        source=source,
    )


def _person(text: str) -> NationalId:
    try:
        return NationalId.from_text(text)
    except ValueError as error:
        raise CellError("person_form") from error


def _ground(text: str, grounds: tuple[Ground, ...]) -> Ground:
    found = find_ground(searchable(text), grounds)
    if found is None:
        raise CellError("ground_unknown", nearest(text, [each.name for each in grounds]))
    return found


def _since(text: str, today: date) -> date:
    day = _day(text)
    if day > today:
        raise CellError("day_ahead")
    return day


def _until(text: str, ground: Ground, since: date) -> date | None:
    """The day after the last one that is written, or what the ground says of an empty cell."""
    if not text.strip():
        ends = ground.ends(since)
        if ends is None:
            raise CellError("until_missing")
        return ends
    until = _day(text) + DAY
    if until <= since:
        raise CellError("until_before")
    return until


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except ValueError as error:
        raise CellError("day_form") from error
    if day.year <= ROC_EPOCH:
        raise CellError("day_form")
    return day


def _source(text: str) -> str:
    plain = " ".join(text.split())
    if not plain:
        raise CellError("source_missing")
    if len(plain) > SOURCE_AT_MOST:
        raise CellError("source_too_long")
    return plain
