"""One machine: its logs, what was witnessed of them, and both branches where they fork."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy import Connection, Row, select

from core.wire.batch import decode_batch
from core.wire.canon import from_wire
from core.wire.event import Event, decode_frame
from core.wire.fault import WireError
from server.console.fleet import NAMES, Machine, machines, read_fleet
from server.console.layout import Crumb
from server.console.visit import Visit
from server.season.witness import Sighting, read_sightings
from server.store.tables import event, evidence, head, revocation

BATCHES_AT_MOST = 50
BRANCHES_AT_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One entry of a batch kept as evidence, beside what the log has at its place.

    ``ours`` is None where the log does not go so far.
    """

    seq: int
    eh: bytes
    kind: str
    wall: int
    boot: bytes
    ours: Row[*tuple[Any, ...]] | None

    @property
    def differs(self) -> bool:
        """Whether the machine told this place in two ways."""
        return self.ours is not None and self.ours.eh != self.eh


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A batch kept as evidence; no entries when it was erased or cannot be read."""

    row: Row[*tuple[Any, ...]]
    entries: tuple[Branch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything the page shows."""

    machine: Machine
    logs: Sequence[Row[*tuple[Any, ...]]]
    kept: tuple[Kept, ...]
    sightings: tuple[Sighting, ...]
    revoked: Row[*tuple[Any, ...]] | None

    @property
    def forked_at(self) -> int | None:
        """The first place that was told in two ways."""
        places = [each.seq for kept in self.kept for each in kept.entries if each.differs]
        return min(places, default=None)


async def show_machine(visit: Visit) -> web.StreamResponse:
    """The page of one machine."""
    dev = bytes.fromhex(visit.request.match_info["device"])

    def work(connection: Connection) -> Found | None:
        fleet = machines(read_fleet(connection, visit.county), visit.now_ms)
        machine = next((each for each in fleet if each.dev == dev), None)
        return None if machine is None else _read(connection, machine)

    found = await visit.read(work)
    if found is None:
        sentence = "沒有這台服務站，或不服務您的縣市。"
        return visit.told(HTTPStatus.NOT_FOUND, "查無服務站", sentence)
    return visit.page(
        "machine.html",
        (Crumb("總覽", "/"), Crumb("服務站", "/fleet"), Crumb(found.machine.name)),
        found=found,
        machine=found.machine,
        standings=NAMES,
        now_ms=visit.now_ms,
    )


def _read(connection: Connection, machine: Machine) -> Found:
    logs = connection.execute(
        select(head).where(head.c.dev == machine.dev).order_by(head.c.inc)
    ).all()
    rows = connection.execute(
        select(evidence)
        .where(evidence.c.dev == machine.dev)
        .order_by(evidence.c.recv_ms.desc(), evidence.c.id)
        .limit(BATCHES_AT_MOST)
    ).all()
    return Found(
        machine=machine,
        logs=logs,
        kept=tuple(Kept(row=row, entries=_entries(connection, row)) for row in rows),
        sightings=read_sightings(connection, {machine.dev}),
        revoked=connection.execute(
            select(revocation).where(revocation.c.id == machine.dev)
        ).one_or_none(),
    )


def _entries(connection: Connection, row: Row[*tuple[Any, ...]]) -> tuple[Branch, ...]:
    if row.data is None:
        return ()
    try:
        batch = decode_batch(row.data)
        frames = [decode_frame(each) for each in batch.frames[:BRANCHES_AT_MOST]]
        entries = [(each.hash, from_wire(each.event, Event)) for each in frames]
    except WireError:
        return ()
    ours = {
        each.seq: each
        for each in connection.execute(
            select(event.c.seq, event.c.eh, event.c.kind, event.c.recv_ms).where(
                event.c.dev == row.dev,
                event.c.inc == row.inc,
                event.c.seq.in_([entry.seq for _, entry in entries]),
            )
        )
    }
    return tuple(
        Branch(
            seq=entry.seq,
            eh=eh,
            kind=entry.kind,
            wall=entry.t,
            boot=entry.boot,
            ours=ours.get(entry.seq),
        )
        for eh, entry in entries
    )
