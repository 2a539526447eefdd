"""PROTOCOL 4.1, I6 and I8: every order of arrival leads to the same views, on both databases.

The entries of four machines are folded in any order at all, some twice, in groups, while one
officer's certificate comes in at any time; the transaction is undone afterwards. What uploads add
to that (chains, overlaps, receipts) is `tests/server/test_refold.py`.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from random import Random
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from core.signature import SignatureType
from core.wire.chain import Link
from core.wire.document import open_document
from core.wire.identity import Certificate
from server.directory import Directory
from server.store import events, identities
from server.store.database import Store, open_store
from server.store.events import LogRow
from server.store.migrate import migrate
from server.store.tables import VIEWS
from server.views.finding import Finding, find
from server.views.fold import Arrived, fold_in, judge_waiting
from tests.fakes.device import NOON_MS
from tests.postgresql import find_binaries, open_cluster
from tests.server.log_of_a_season import ARRIVAL_COLUMNS, Arrival, Desk, Season
from tests.server.running import read_rows
from tests.soak.spread import Case, Tally, spread
from tests.soak.table import Budget, Row

NAME = "arrivals"
CASES = 50_000
CONTROLS = 200
GROUPS_AT_MOST = 4
URL = "JIEPIN_ARRIVALS_URL"


class _UndoneError(Exception):
    """Ends a transaction whose outcome has been looked at."""


def run(budget: Budget) -> tuple[Row, ...]:
    """Both databases, and a control in which one entry never arrives."""
    rows: list[Row] = []
    with TemporaryDirectory(prefix="jiepin-arrivals-") as folder:
        rows += _rows("SQLite", f"sqlite:///{folder}/{{}}.db", budget)
        binaries = find_binaries()
        if binaries is not None:
            with open_cluster(binaries) as cluster:
                rows += _rows("PostgreSQL", cluster.url("postgres"), budget)
    return tuple(rows)


def complete(random: Random) -> Case:
    """One arrival of everything."""
    return _compared(random, missing=False)


def incomplete(random: Random) -> Case:
    """The same without one entry: it has to be seen."""
    return _compared(random, missing=True)


def _rows(database: str, url: str, budget: Budget) -> Iterator[Row]:
    os.environ[URL] = url
    tallies: list[tuple[Tally, str, int, bool]] = [
        (spread(f"{NAME}/{database}", complete, CASES, budget), "orders of arrival", CASES, False),
        (
            spread(f"{NAME}/{database}/control", incomplete, CONTROLS, budget),
            "an entry that never arrives",
            CONTROLS,
            True,
        ),
    ]
    for tally, what, wanted, control in tallies:
        yield tally.row(f"{what}, {database}", wanted, control=control)


def _compared(random: Random, *, missing: bool) -> Case:
    bench = _bench(os.environ[URL])
    groups = _groups(random, bench.season, missing=missing)
    late = random.choice((None, random.randrange(len(groups))))
    found = bench.play(groups, late)
    return Case(() if found == bench.expected else (f"{groups} late {late}",))


def _groups(random: Random, season: Season, *, missing: bool) -> list[list[Arrival]]:
    order = [each for chain in season.chains() for each in chain]
    random.shuffle(order)
    if missing:
        order.remove(random.choice([each for each in order if _tells(season, each)]))
    order += random.choices(order, k=random.randrange(len(order) // 2))
    cuts = sorted({0, len(order), *random.choices(range(1, len(order)), k=GROUPS_AT_MOST - 1)})
    return [order[a:b] for a, b in pairwise(cuts)]


def _tells(season: Season, arrival: Arrival) -> bool:
    """Whether the entry leaves a row in a view."""
    number, seq = arrival
    return season.devices[number].links[seq - 1].event.kind != "boot"


@dataclass(frozen=True)
class _Entry:
    link: Link
    stored: bytes
    finding: Finding | None


class _Bench:
    """One process's database with everybody's certificates but the late officer's."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.season = Season()
        desk = Desk(self.season, store)
        desk.certify(*self.season.devices, self.season.officer)
        self._unknown = self._entries()
        with self._undone() as connection:
            self._certify(connection)
            self._known = self._entries(connection)
        self.expected = self.play([list(self._known)], None)

    def play(self, groups: Sequence[Sequence[Arrival]], late: int | None) -> str:
        """What the views say after these groups; undone again."""
        views: list[str] = []
        with self._undone() as connection:
            directory = Directory()
            stored: set[Arrival] = set()
            known = late is None
            if known:
                self._certify(connection)
            for number, group in enumerate(groups):
                entries = self._known if known else self._unknown
                fresh = dict.fromkeys(each for each in group if each not in stored)
                events.append(
                    connection,
                    [
                        _row(entries[each], len(stored) + place)
                        for place, each in enumerate(fresh, start=1)
                    ],
                )
                stored |= fresh.keys()
                fold_in(
                    connection,
                    list(_arrived(entries[each] for each in dict.fromkeys(group))),
                    directory,
                )
                if number == late:
                    self._certify(connection)
                    judge_waiting(connection, [self.season.late.id], directory)
                    known = True
            views.append(_views(connection))
        return views[0]

    def _certify(self, connection: Connection) -> None:
        centre, signed = self.season.centre, self.season.late.certificate
        enrol = {centre.enrol.id: centre.enrol.public}
        content = open_document(SignatureType.CERTIFICATE, signed, Certificate, enrol)
        identities.add_certificate(connection, signed, content, NOON_MS)

    def _entries(self, connection: Connection | None = None) -> dict[Arrival, _Entry]:
        if connection is not None:
            return dict(self._read(connection))
        with self.store.reading() as reading:
            return dict(self._read(reading))

    def _read(self, connection: Connection) -> Iterator[tuple[Arrival, _Entry]]:
        """Every entry with what is to be judged about it, by the officers known here."""
        desk, directory = Desk(self.season, self.store), Directory()

        def officer_key(officer: bytes) -> bytes | None:
            found = directory.officers(connection, [officer]).get(officer)
            return found and found.key

        every = [each for chain in self.season.chains() for each in chain]
        for each, upload in zip(every, desk.uploads(connection, every), strict=True):
            number, seq = each
            link = self.season.devices[number].links[seq - 1]
            stored = upload.entries[0].stored
            yield each, _Entry(link=link, stored=stored, finding=find(link, officer_key))

    @contextmanager
    def _undone(self) -> Iterator[Connection]:
        with suppress(_UndoneError), self.store.writing() as connection:
            yield connection
            raise _UndoneError


@cache
def _bench(url: str) -> _Bench:
    store = open_store(url.format(os.getpid()) if url.startswith("sqlite") else _own(url))
    migrate(store)
    return _Bench(store)


def _own(url: str) -> str:
    """A database of this process in the cluster."""
    store = open_store(url)
    name = f"arrivals_{os.getpid()}"
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    store.close()
    return url.replace("/postgres?", f"/{name}?")


def _row(entry: _Entry, index: int) -> LogRow:
    link = entry.link
    return LogRow(
        log_index=index,
        dev=link.event.dev,
        inc=link.event.inc,
        seq=link.event.seq,
        eh=link.hash,
        kind=link.event.kind,
        recv_ms=NOON_MS,
        frame=entry.stored,
        payload=link.frame.payload,
    )


def _arrived(entries: Iterable[_Entry]) -> Iterator[Arrived]:
    for each in entries:
        if each.finding is not None:
            yield Arrived(link=each.link, finding=each.finding, recv_ms=NOON_MS)


def _views(connection: Connection) -> str:
    rows = [
        [(name, row[name]) for name in row if name not in ARRIVAL_COLUMNS]
        for table in VIEWS
        for row in read_rows(connection, table)
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()
