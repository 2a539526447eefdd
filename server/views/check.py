"""Are the views what the log says? Rebuilt beside the database and compared row by row.

Staff who change a view in the database, and faults of ours, show here: it is also the tamper test.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import msgpack
from sqlalchemy import Connection, Table, func, insert, select

from core.wire.reference import Trust
from server.directory import Directory
from server.store.centre import centre_chains, receipt_keys
from server.store.column import metadata
from server.store.database import Store, open_store
from server.store.settings import JUDGED, read_number
from server.store.tables import (
    VIEWS,
    certificate,
    claim,
    device,
    event,
    head,
    payload,
    refiled,
    revocation,
    verdict,
)
from server.views.fold import rebuild
from server.views.log_check import Damage, find_damage

SOURCES = (certificate, revocation, device, head, event, refiled, claim, payload)
AT_ONCE = 500
NAMED_AT_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A row that is not what the log says: the table, and its key in hex."""

    table: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The result; ``differences`` names the first few of ``different`` rows.

    Content of ``erased`` entries was erased when their season was over; that of ``absent`` ones
    never came, or somebody took it away. Neither is a fault of the chain.
    """

    entries: int
    erased: int
    absent: int
    damages: tuple[Damage, ...]
    different: int
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether the log is whole and every view is exactly what it says."""
        return not self.different and not self.damages


def check_views(store: Store, centre: Trust | None = None) -> Checked:
    """Check one state of the log, rebuild every view from it in a scratch file, and compare.

    With the trust document in force, the centre's own log has to be under keys that were its own.
    """
    with (
        tempfile.TemporaryDirectory(prefix="jiepin-refold-") as folder,
        store.reading() as stored,
    ):
        scratch = open_store(f"sqlite:///{Path(folder) / 'scratch.db'}")
        try:
            with scratch.writing() as rebuilt:
                metadata.create_all(rebuilt, tables=[*SOURCES, *VIEWS])
                for table in SOURCES:
                    _copy(stored, rebuilt, table)
                directory = Directory()
                damages = tuple(find_damage(rebuilt, directory))
                if centre is not None:
                    damages += _impostors(stored, centre)
                if damages:
                    return Checked(
                        entries=0,
                        erased=0,
                        absent=0,
                        damages=damages,
                        different=0,
                        differences=(),
                    )
                through = read_number(stored, JUDGED)
                entries = rebuild(rebuilt, directory, through)
                erased, absent = _without_content(rebuilt)
                found = list(_differences(stored, rebuilt))
        finally:
            scratch.close()
    return Checked(
        entries=entries,
        erased=erased,
        absent=absent,
        damages=(),
        different=len(found),
        differences=tuple(found[:NAMED_AT_MOST]),
    )


def _without_content(rebuilt: Connection) -> tuple[int, int]:
    """Entries whose content was erased, and entries that have none for another reason."""
    erased = (
        select(func.count())
        .select_from(event)
        .join(payload, payload.c.eh == event.c.eh)
        .where(payload.c.data.is_(None))
    )
    gone = select(payload.c.eh).where(payload.c.data.is_(None))
    absent = (
        select(func.count())
        .select_from(verdict)
        .where(verdict.c.code == "payload_missing", verdict.c.eh.not_in(gone))
    )
    return rebuilt.execute(erased).scalar_one(), rebuilt.execute(absent).scalar_one()


def _impostors(connection: Connection, centre: Trust) -> tuple[Damage, ...]:
    """Chains written as the centre's under keys it never had."""
    known = set(receipt_keys(connection, centre))
    return tuple(
        Damage(place=dev.hex(), code="centre_unknown")
        for dev, key in sorted(centre_chains(connection).items())
        if key not in known
    )


def _copy(source: Connection, target: Connection, table: Table) -> None:
    rows = source.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings()
    while chunk := [dict(row) for row in islice(rows, AT_ONCE)]:
        target.execute(insert(table), chunk)


def _differences(stored: Connection, rebuilt: Connection) -> Iterator[Difference]:
    """Rows that are in one place only, or differ in any byte of any column."""
    for table in VIEWS:
        ours, theirs = _by_key(stored, table), _by_key(rebuilt, table)
        for key in sorted(ours.keys() | theirs.keys()):
            if ours.get(key) != theirs.get(key):
                yield Difference(table=table.name, key=key.hex())


def _by_key(connection: Connection, table: Table) -> dict[bytes, bytes]:
    """Key → hash of the whole row; every view has one key column of bytes."""
    key = table.primary_key.columns[0].name
    rows = connection.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings()
    return {
        row[key]: hashlib.sha256(msgpack.packb(list(row.values()), use_bin_type=True)).digest()
        for row in rows
    }
