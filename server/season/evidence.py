"""When entries were made, as far as the log proves it (PROTOCOL 2.10).

Not before: the newest beacon a device committed in its own chain up to the entry. Not after: when
the entry arrived here, or when another entry that names it did, whichever is earlier.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

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


def read_evidence(connection: Connection, wanted: Iterable[bytes]) -> dict[bytes, Evidence]:
    """The evidence for each of these entries that is stored."""
    named = _named_earlier(connection)
    rows = [
        (row, read_event(decode_frame(row.frame)))
        for chunk in _chunks(sorted(set(wanted)))
        for row in connection.execute(
            select(event.c.eh, event.c.recv_ms, event.c.frame).where(event.c.eh.in_(chunk))
        )
    ]
    chains = {(each.dev, each.inc) for _, each in rows}
    marks = _marks_of(connection, chains)
    return {
        row.eh: _evidence(
            each, row.recv_ms, named.get(row.eh, row.recv_ms), marks[each.dev, each.inc]
        )
        for row, each in rows
    }


def _evidence(entry: Event, received: int, named: int, marks: _Marks) -> Evidence:
    before = marks.beacons[: bisect_left(marks.beacons, entry.seq, key=lambda each: each.seq)]
    newest = before[-1] if before else None
    estimate, error = None, 0
    if newest is not None and newest.boot == entry.boot and entry.m >= newest.m:
        gap = entry.m - newest.m
        estimate, error = newest.t + gap, ROUND_TRIP_MS + gap * DRIFT_PPM // MILLION
    return Evidence(
        not_before=max((each.t for each in before), default=0),
        not_after=min(received, named),
        estimate=estimate,
        error=error,
        enclosed=bool(before) and len(before) < len(marks.beacons),
        closed_after=bisect_right(marks.closings, entry.seq) < len(marks.closings),
        quarantined=marks.quarantined,
        received=received,
    )


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
