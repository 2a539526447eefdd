"""Deadlines in the simulation: evidence by the server's own rules, for logs held in memory."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from core.season.deadline import Evidence, Timeliness, timeliness
from core.wire.ack import Ack
from core.wire.event import Event
from server.season.evidence import evidence_of
from server.season.marks import Beacon, Mark, Marks
from tests.simulation.world import World

DRAIN_MS = 48 * 3_600_000


class Arrival(NamedTuple):
    """What the server notes beside an entry."""

    seq: int
    recv_ms: int
    code: str = "ok"


def marks_of(entries: Iterable[tuple[Event, int]], heads: Iterable[Mark] = ()) -> Marks:
    """What one chain says of time, and what was known of it outside; entries with their arrival."""
    beacons, closings, steps = [], [], []
    for entry, recv_ms in entries:
        match entry.kind:
            case "beacon" | "beacon.carried":
                beacons.append(
                    Beacon(
                        seq=entry.seq,
                        t=entry.body["t"],
                        recv=recv_ms,
                        m=entry.m,
                        boot=entry.boot,
                        wall=entry.t,
                        carried=entry.kind == "beacon.carried",
                    )
                )
            case "season.close":
                closings.append(entry.seq)
            case "clock.step":
                steps.append(entry.seq)
    return Marks(
        beacons=tuple(beacons),
        closings=tuple(closings),
        steps=tuple(steps),
        heads=tuple(sorted(heads, key=lambda each: (each.seq, each.t))),
    )


def evidence(entry: Event, recv_ms: int, marks: Marks) -> Evidence:
    """The server's own computation (PROTOCOL 2.10)."""
    row: Any = Arrival(entry.seq, recv_ms)
    return evidence_of(row, entry, marks)


def misjudged(world: World) -> Iterator[str]:
    """I7: nothing made late is on time, nothing made in time is late, whatever clocks said."""
    deadline = next((each.deadline for each in world.machines if each.deadline), None)
    if deadline is None:
        return
    named, told = _named(world), _told(world)
    for kept in world.centre.stored():
        for answer in kept.record.link.event.body.get("answers", ()):
            ack = world.craft.hear(answer, Ack)
            if ack is not None:
                named[ack.head] = min(ack.t, named.get(ack.head, ack.t))
    for log in world.centre.logs.values():
        entries = [kept.record.link.event for kept in log.entries]
        heads = [
            Mark(seq=kept.record.link.event.seq, t=named[kept.hash], source=kept.hash)
            for kept in log.entries
            if kept.hash in named
        ]
        arrivals = [kept.recv_ms for kept in log.entries]
        marks = marks_of(zip(entries, arrivals, strict=True), heads)
        for kept, entry in zip(log.entries, entries, strict=True):
            true, _ = world.written[kept.hash]
            known = evidence(entry, kept.recv_ms, marks)
            decided = timeliness(known, deadline, DRAIN_MS)
            if decided is Timeliness.ON_TIME and true > deadline:
                yield f"I7: entry {entry.seq} was made late and is on time"
            if decided is not Timeliness.ON_TIME and told.get(kept.hash, deadline + 1) <= deadline:
                yield f"I7: entry {entry.seq} has an answer in time and is {decided}"
            if decided is Timeliness.LATE and true <= deadline:
                yield f"I7: entry {entry.seq} was made in time and is late"


def _told(world: World) -> dict[bytes, int]:
    """Since when each machine that goes on knows that the centre has an entry of its log."""
    found: dict[bytes, int] = {}
    for machine in world.machines:
        disk = machine.disk
        for ack, _ in disk.answers if machine.standing.stop is None else ():
            if ack.inc == disk.badge.inc:
                for record in disk.log[: ack.through]:
                    found.setdefault(record.link.hash, ack.t)
    return found


def _named(world: World) -> dict[bytes, int]:
    """When an entry that names this one arrived first."""
    found: dict[bytes, int] = {}
    for kept in world.centre.stored():
        body = kept.record.link.event.body
        revision = body.get("revision")
        named = [*body.get("parents", ()), *body.get("earlier", ())]
        for each in named if revision is None else (revision, *named):
            found[each] = min(kept.recv_ms, found.get(each, kept.recv_ms))
    return found
