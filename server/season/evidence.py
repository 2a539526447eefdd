"""When entries were made, as far as the log proves it (PROTOCOL 2.10).

Not before: the newest beacon a device committed in its own chain up to the entry. Not after: when
the entry arrived here; or when a later or the same entry of its chain was known outside, because
an entry from elsewhere names it or somebody left the head as a witness; whichever is earliest.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from core.season.deadline import Evidence
from core.wire.ack import Verdict
from core.wire.event import Event, decode_frame, read_event
from core.wire.rejection import Rejection
from server.season.marks import Beacon, Marks, marks_of
from server.store.events import places
from server.store.tables import verdict
from server.views.judgement import DOUBTS

ROUND_TRIP_MS = 5_000  # ours: a beacon's answer may have been under way this long
DRIFT_PPM = 200  # 17 s a day (PROTOCOL 2.10)
AGREEMENT_MS = 120_000  # wall clocks beside both beacons, across a reboot (PROTOCOL 2.10)
MILLION = 1_000_000
CERTAINLY_REVOKED = (Verdict.REJECTED.value, Rejection.OFFICER_REVOKED.value)
"""Verdict and code of what an officer proved to have signed too late: nobody is asked of it."""
AT_ONCE = 500


def read_evidence(
    connection: Connection, wanted: Iterable[bytes], deadline_ms: int
) -> dict[bytes, Evidence]:
    """The evidence for each of these entries that is stored.

    Estimates are made for what arrived after ``deadline_ms``: earlier entries need none.
    """
    place = places()
    columns = (place.c.eh, place.c.dev, place.c.inc, place.c.seq, place.c.recv_ms)
    found = select(*columns, verdict.c.verdict, verdict.c.code).outerjoin(
        verdict, verdict.c.eh == place.c.eh
    )
    rows = [
        row
        for chunk in _chunks(sorted(set(wanted)))
        for row in connection.execute(found.where(place.c.eh.in_(chunk)))
    ]
    late = [row for row in rows if row.recv_ms > deadline_ms]
    marks = marks_of(connection, rows, {(row.dev, row.inc) for row in late}, deadline_ms)
    entries = _entries(connection, [row.eh for row in late])
    return {row.eh: evidence_of(row, entries.get(row.eh), marks[row.dev, row.inc]) for row in rows}


def evidence_of(row: Row[*tuple[Any, ...]], entry: Event | None, marks: Marks) -> Evidence:
    """The evidence for one entry; without its content no estimate is made."""
    before, _ = beside(marks.believed, row.seq)
    not_after = marks.not_after(row.seq, row.recv_ms)
    # Of beacon and arrival the arrival is what we saw; they differ when our clock was put back.
    not_before = min(max((each.t for each in before), default=0), not_after)
    sides = beside([each for each in marks.believed if not each.carried], row.seq)
    estimate, error = _estimate(entry, *sides, marks) if entry is not None else (None, 0)
    if estimate is not None and estimate + error < not_before:
        estimate, error = None, 0  # the machine's clocks contradict what it has seen
    return Evidence(
        not_before=not_before,
        not_after=not_after,
        estimate=estimate,
        error=error,
        enclosed=all(sides),
        closed_after=_is_closed_behind(marks, row.seq),
        quarantined=marks.quarantined_ms is not None,
        received=row.recv_ms,
        doubted=row.code in DOUBTS and (row.verdict, row.code) != CERTAINLY_REVOKED,
    )


def left_to_people() -> ColumnElement[bool]:
    """Whether a verdict leaves an entry to two officers, or left it to them (class D)."""
    level, code = CERTAINLY_REVOKED
    certain = (verdict.c.verdict == level) & (verdict.c.code == code)
    return verdict.c.code.in_(DOUBTS) & ~certain


def beside(beacons: Sequence[Beacon], seq: int) -> tuple[Sequence[Beacon], Sequence[Beacon]]:
    """The beacons before an entry, and those from it on."""
    place = bisect_left(beacons, seq, key=lambda each: each.seq)
    return beacons[:place], beacons[place:]


def _is_closed_behind(marks: Marks, seq: int) -> bool:
    """Whether the log was closed after an entry, and nobody had been told of a close before it.

    A 封箱碼 that was told ends the log: nothing behind it is sealed, whatever its clocks say. And
    nothing at all in a log that was told and came without it: it was written anew.
    """
    if marks.missing is not None:
        return False
    follows = bisect_right(marks.closings, seq) < len(marks.closings)
    return follows and (marks.told is None or seq < marks.told)


def _estimate(
    entry: Event, before: Sequence[Beacon], after: Sequence[Beacon], marks: Marks
) -> tuple[int | None, int]:
    """When the entry was made by the machine's own clocks, and how far off that may be."""
    if not before:
        return None, 0
    newest = before[-1]
    if newest.boot == entry.boot:
        if entry.m < newest.m:
            return None, 0
        gap = entry.m - newest.m
        return newest.t + gap, ROUND_TRIP_MS + gap * DRIFT_PPM // MILLION
    return _across_boots(entry, newest, after[0], marks) if after else (None, 0)


def _across_boots(
    entry: Event, before: Beacon, after: Beacon, marks: Marks
) -> tuple[int | None, int]:
    """By the wall clock, if the beacons on both sides found it right and nothing moved it."""
    moved = bisect_left(marks.steps, before.seq) < bisect_left(marks.steps, after.seq)
    slow, fast = sorted((before.t - before.wall, after.t - after.wall))
    if moved or fast - slow > AGREEMENT_MS:
        return None, 0
    estimate = entry.t + slow
    within = before.t - ROUND_TRIP_MS <= estimate <= after.t + ROUND_TRIP_MS
    return (estimate, ROUND_TRIP_MS + fast - slow) if within else (None, 0)


def _entries(connection: Connection, wanted: Sequence[bytes]) -> Mapping[bytes, Event]:
    place = places()
    return {
        row.eh: read_event(decode_frame(row.frame))
        for chunk in _chunks(wanted)
        for row in connection.execute(
            select(place.c.eh, place.c.frame).where(place.c.eh.in_(chunk))
        )
    }


def _chunks(items: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
