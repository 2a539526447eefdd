"""The published lists this machine works with: schools, calendar, notices (PROTOCOL 2.8a)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.resources import files

from core.domain.application import Reference
from core.domain.ids import CountyCode, SchoolId
from core.domain.place import load_counties
from core.domain.roc import TAIPEI
from core.domain.school import DatedMark, Mark, School, Stage
from core.domain.subject import load_subjects
from core.rules.calendar import Calendar, Phase, PhaseName, calendar_of
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.document import split_document
from core.wire.past import PAST, lists_of, read_past
from core.wire.reference import ReferenceFile, SchoolRow, Snapshot, snapshot_hash
from syncd.store.connections import Connections
from syncd.store.moment import Moment

TABLES = "core.rules.tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReference:
    """One installed snapshot.

    ``hash`` (8 bytes) and ``version`` are what every entry names it by.
    """

    version: int
    hash: bytes
    snapshot: Snapshot = field(repr=False)
    installed_ms: int
    reference: Reference = field(repr=False)
    calendar: Calendar = field(repr=False)
    notices: Mapping[str, str] = field(repr=False)
    revocations: bytes | None = field(repr=False)

    def age_ms(self, now_ms: int) -> int:
        """Milliseconds since the centre published it, by the given clock; never negative."""
        return max(0, now_ms - self.snapshot.t)


class References:
    """The current snapshot. Parsed once per version and kept.

    A school list has thousands of rows.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._parsed: StoredReference | None = None

    def current(self) -> StoredReference | None:
        """The lists in use; None before the first snapshot arrived."""
        row = self._connections.here.row(
            "SELECT version, hash, snapshot, installed_ms FROM reference"
        )
        if row is None:
            return None
        if self._parsed is None or self._parsed.hash != row["hash"]:
            self._parsed = parse_reference(row["snapshot"], row["installed_ms"], self._files())
        return self._parsed

    def signed(self) -> bytes | None:
        """The signed list of the files in use, as it came."""
        found = self._connections.here.value("SELECT snapshot FROM reference")
        return None if found is None else bytes(found)

    def version(self) -> tuple[int, bytes] | None:
        """Version and hash (8 bytes) of the snapshot in use, without parsing it."""
        row = self._connections.here.row("SELECT version, hash FROM reference")
        return None if row is None else (row["version"], row["hash"])

    def file(self, sha256: bytes) -> bytes | None:
        """An installed file by its hash, so that an unchanged one need not travel again."""
        found = self._connections.here.value(
            "SELECT content FROM reference_file WHERE sha256 = ?", sha256
        )
        return None if found is None else bytes(found)

    def named(self, name: str) -> bytes | None:
        """The installed file of this name, from which a newer one may be made."""
        found = self._connections.here.value(
            "SELECT content FROM reference_file WHERE name = ?", name
        )
        return None if found is None else bytes(found)

    def install(self, signed: bytes, contents: Mapping[str, bytes], moment: Moment) -> None:
        """Replace the lists by a snapshot whose signature, succession and files the caller checked.

        Raises:
            WireError: Not a snapshot.
            KeyError: A listed file is missing.
            RuntimeError: Outside a transaction.
        """
        connection = self._connections.require_transaction()
        snapshot = _snapshot(signed)
        record = {
            "id": 1,
            "version": snapshot.v,
            "hash": snapshot_hash(signed),
            "snapshot": signed,
            "installed_ms": moment.wall_ms,
        }
        connection.upsert("reference", record, key="id")
        connection.run("DELETE FROM reference_file")
        for name, (version, _, _) in sorted(snapshot.files.items()):
            content = contents[name]
            connection.insert(
                "reference_file",
                {
                    "name": name,
                    "version": version,
                    "sha256": hashlib.sha256(content).digest(),
                    "content": content,
                },
            )

    def _files(self) -> dict[str, bytes]:
        rows = self._connections.here.rows("SELECT name, content FROM reference_file")
        return {row["name"]: row["content"] for row in rows}


def _snapshot(signed: bytes) -> Snapshot:
    body, _ = split_document(signed)
    return from_wire(body, Snapshot, FILE_LIMITS)


def parse_reference(
    signed: bytes, installed_ms: int, contents: Mapping[str, bytes]
) -> StoredReference:
    """The lists of a snapshot as values.

    Raises:
        WireError: A file is not a reference file.
        ValueError: A row names a stage, mark, date or window that does not exist.
    """
    snapshot = _snapshot(signed)
    lists = lists_of(contents)
    past = read_past(contents[PAST]) if PAST in contents else ()
    # Marks are graded by day: the day of publication is one every kiosk and the server agree on.
    published = datetime.fromtimestamp(snapshot.t / 1000, UTC).astimezone(TAIPEI).date()
    revocations = [each.revocations for each in lists.values() if each.revocations is not None]
    return StoredReference(
        version=snapshot.v,
        hash=snapshot_hash(signed),
        snapshot=snapshot,
        installed_ms=installed_ms,
        reference=Reference(
            schools={school.id: school for school in _schools(lists)},
            subjects=load_subjects(_table("subjects.toml")),
            counties=load_counties(_table("counties.toml")),
            version=snapshot.v,
            on=published,
            # Rows come by year: the newest of a school and subject is the one that is shown.
            past={(each.school, each.subject): each for each in past},
        ),
        calendar=_calendar(lists),
        notices={name: each.text for name, each in lists.items() if each.kind == "notice"},
        revocations=revocations[0] if revocations else None,
    )


def _table(name: str) -> str:
    return files(TABLES).joinpath(name).read_text(encoding="utf-8")


def _schools(lists: Mapping[str, ReferenceFile]) -> Iterator[School]:
    for each in lists.values():
        for row in each.schools:
            yield _school(row)


def _school(row: SchoolRow) -> School:
    return School(
        id=SchoolId(row.id),
        name=row.name,
        short_name=row.short_name,
        county=CountyCode(row.county),
        township=row.township,
        stage=Stage(row.stage),
        marks=tuple(
            DatedMark(
                mark=Mark(mark),
                since=date.fromisoformat(since),
                until=None if until is None else date.fromisoformat(until),
            )
            for mark, since, until in row.marks
        ),
        delegated=row.delegated,
    )


def _calendar(lists: Mapping[str, ReferenceFile]) -> Calendar:
    return calendar_of(
        Phase(name=PhaseName(row.name), opens=_time(row.opens), closes=_time(row.closes))
        for each in lists.values()
        for row in each.phases
    )


def _time(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000)
