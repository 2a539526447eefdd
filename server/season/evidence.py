"""When entries were made, as far as the log proves it (PROTOCOL 2.10).

Not before: the newest beacon a device committed in its own chain up to the entry. Not after: when
the entry arrived here, or when another entry that names it did, whichever is earlier.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from core.season.deadline import Evidence
from core.wire.canon import typed
from core.wire.event import Event, decode_frame, read_event
from core.wire.kind import BeaconSeen
from server.store.tables import decision, event, head, revision
from server.views.application import hashes

ROUND_TRIP_MS = 5_000  # ours: a beacon's answer may have been under way this long
DRIFT_PPM = 200  # 17 s a day (PROTOCOL 2.10)
MILLION = 1_000_000
AT_ONCE = 500

Chain = tuple[bytes, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beacon:
    seq: int
    t: int
    m: int
    boot: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """What one chain says about time: its beacons and closings, each in order of ``seq``."""

    beacons: tuple[_Beacon, ...]
    closings: tuple[int, ...]
    quarantined: bool


def read_evidence(
    connection: Connection, wanted: Iterable[bytes], deadline_ms: int
) -> dict[bytes, Evidence]:
    """The evidence for each of these entries that is stored.

    Estimates are made for what arrived after ``deadline_ms``: earlier entries need none.
    """
    named = _named_earlier(connection)
    columns = (event.c.eh, event.c.dev, event.c.inc, event.c.seq, event.c.recv_ms)
    rows = [
        row
        for chunk in _chunks(sorted(set(wanted)))
        for row in connection.execute(select(*columns).where(event.c.eh.in_(chunk)))
    ]
    marks = _marks_of(connection, {(row.dev, row.inc) for row in rows})
    late = [row.eh for row in rows if row.recv_ms > deadline_ms]
    entries = _entries(connection, late)
    return {
        row.eh: _evidence(
            row, entries.get(row.eh), named.get(row.eh, row.recv_ms), marks[row.dev, row.inc]
        )
        for row in rows
    }


def _evidence(
    row: Row[*tuple[Any, ...]], entry: Event | None, named: int, marks: _Marks
) -> Evidence:
    before = marks.beacons[: bisect_left(marks.beacons, row.seq, key=lambda each: each.seq)]
    estimate, error = _estimate(entry, before[-1]) if entry and before else (None, 0)
    return Evidence(
        not_before=max((each.t for each in before), default=0),
        not_after=min(row.recv_ms, named),
        estimate=estimate,
        error=error,
        enclosed=bool(before) and len(before) < len(marks.beacons),
        closed_after=bisect_right(marks.closings, row.seq) < len(marks.closings),
        quarantined=marks.quarantined,
        received=row.recv_ms,
    )


def _estimate(entry: Event, newest: _Beacon) -> tuple[int | None, int]:
    """When the entry was made by the machine's own count since the beacon, and how far off."""
    if newest.boot != entry.boot or entry.m < newest.m:
        return None, 0
    gap = entry.m - newest.m
    return newest.t + gap, ROUND_TRIP_MS + gap * DRIFT_PPM // MILLION


def _entries(connection: Connection, wanted: Sequence[bytes]) -> Mapping[bytes, Event]:
    return {
        row.eh: read_event(decode_frame(row.frame))
        for chunk in _chunks(wanted)
        for row in connection.execute(
            select(event.c.eh, event.c.frame).where(event.c.eh.in_(chunk))
        )
    }


def _marks_of(connection: Connection, chains: Iterable[Chain]) -> Mapping[Chain, _Marks]:
    beacons: dict[Chain, list[_Beacon]] = defaultdict(list)
    closings: dict[Chain, list[int]] = defaultdict(list)
    wanted = set(chains)
    rows = (
        select(event.c.frame)
        .where(event.c.kind.in_(("beacon", "season.close")))
        .order_by(event.c.dev, event.c.inc, event.c.seq)
    )
    for frame in connection.execute(rows).scalars():
        entry = read_event(decode_frame(frame))
        chain = entry.dev, entry.inc
        if chain not in wanted:
            continue
        if entry.kind == "season.close":
            closings[chain].append(entry.seq)
            continue
        t = typed(entry.body, BeaconSeen).t
        beacons[chain].append(_Beacon(seq=entry.seq, t=t, m=entry.m, boot=entry.boot))
    quarantined = {
        (row.dev, row.inc)
        for row in connection.execute(
            select(head.c.dev, head.c.inc).where(head.c.quarantined_ms.is_not(None))
        )
    }
    return {
        chain: _Marks(
            beacons=tuple(beacons[chain]),
            closings=tuple(closings[chain]),
            quarantined=chain in quarantined,
        )
        for chain in wanted
    }


def _named_earlier(connection: Connection) -> Mapping[bytes, int]:
    """Per entry the first arrival of a version or decision that names it, from any machine."""
    named: dict[bytes, int] = {}
    versions = connection.execute(select(revision.c.parents, revision.c.recv_ms))
    decisions = connection.execute(
        select(decision.c.revision, decision.c.earlier, decision.c.recv_ms)
    )
    mentions = [(each, row.recv_ms) for row in versions for each in hashes(row.parents)]
    for row in decisions:
        mentions += [(each, row.recv_ms) for each in (row.revision, *hashes(row.earlier))]
    for each, received in mentions:
        named[each] = min(received, named.get(each, received))
    return named


def _chunks(items: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
