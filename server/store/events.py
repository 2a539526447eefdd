"""The log as rows: entries are added at its end and read; nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, Subquery, func, literal, select, union_all

from core.wire.canon import typed
from core.wire.event import Frame, encode_frame, reopen_event, reopen_frame
from core.wire.kind import BeaconSeen
from server.store import dialect
from server.store.tables import event, payload, refiled

READ_AT_ONCE = 500
BEACONS = ("beacon", "beacon.carried")
BEACON_AHEAD_MS = 120_000  # 範例: the server's own clock may have been put back by this much
LAST = select(func.max(event.c.log_index))


class Heard(NamedTuple):
    """A beacon in a log: the server's time ``t``, and when the entry that speaks of it arrived."""

    seq: int
    t: int
    recv_ms: int


class LogRow(NamedTuple):
    """One entry to append: a row of ``event``, whose ``frame`` is without the payload, and that."""

    log_index: int
    dev: bytes
    inc: int
    seq: int
    eh: bytes
    kind: str
    recv_ms: int
    frame: bytes
    payload: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """One entry of the log as read back, its payload in place unless it was erased.

    ``refiled``: it was carried here by a later incarnation, at that one's place.
    """

    log_index: int
    recv_ms: int
    frame: Frame
    refiled: bool = False


def last_index(connection: Connection) -> int:
    """Place of the newest entry in the whole log; 0 when it is empty."""
    return connection.execute(LAST).scalar_one() or 0


def append(connection: Connection, rows: Sequence[LogRow]) -> None:
    """Add entries, whose places follow on without a gap, and their payloads."""
    dialect.insert_tuples(connection, event, [row[:-1] for row in rows])
    payloads = [(row.eh, row.payload) for row in rows if row.payload is not None]
    dialect.insert_tuples(connection, payload, payloads)


def load_frame(connection: Connection, eh: bytes) -> Frame | None:
    """The entry with this hash, its payload put back unless it was erased."""
    row = connection.execute(
        select(event.c.frame, payload.c.data)
        .outerjoin(payload, payload.c.eh == event.c.eh)
        .where(event.c.eh == eh)
    ).one_or_none()
    return None if row is None else reopen_frame(row.frame, row.data)


def with_payload(frame: bytes, content: bytes | None) -> bytes:
    """The encoding as it travelled; the other way round than `server.frames.without_payload`."""
    if content is None:
        return frame
    return encode_frame(reopen_frame(frame, content))


def places() -> Subquery:
    """Every entry under its own name, carried ones with the place and time of their carrier.

    ``eh, log_index, dev, inc, seq, kind, recv_ms, frame``, the frame without its payload, and
    ``refiled``.
    """
    own = select(
        event.c.eh,
        event.c.log_index,
        event.c.dev,
        event.c.inc,
        event.c.seq,
        event.c.kind,
        event.c.recv_ms,
        event.c.frame,
        literal(value=False).label("refiled"),
    )
    carried = select(
        refiled.c.eh,
        refiled.c.log_index,
        refiled.c.dev,
        refiled.c.inc,
        refiled.c.seq,
        refiled.c.kind,
        event.c.recv_ms,
        refiled.c.frame,
        literal(value=True).label("refiled"),
    ).join(event, event.c.log_index == refiled.c.log_index)
    return union_all(own, carried).subquery("place")


def named(connection: Connection, hashes: Sequence[bytes]) -> Iterator[StoredEntry]:
    """Entries with these hashes, in the order of the log, carried ones among them."""
    place = places()
    rows = connection.execute(
        select(place.c.log_index, place.c.recv_ms, place.c.frame, place.c.refiled, payload.c.data)
        .outerjoin(payload, payload.c.eh == place.c.eh)
        .where(place.c.eh.in_(hashes))
        .order_by(place.c.log_index)
    )
    for row in rows:
        frame = reopen_frame(row.frame, row.data)
        yield StoredEntry(
            log_index=row.log_index, recv_ms=row.recv_ms, frame=frame, refiled=bool(row.refiled)
        )


def beacons_before(connection: Connection, place: tuple[bytes, int, int]) -> Iterator[Heard]:
    """The beacons in front of ``(dev, inc, seq)``, in the same log and in its order."""
    dev, inc, seq = place
    rows = connection.execute(
        select(event.c.seq, event.c.frame, event.c.recv_ms)
        .where(event.c.dev == dev, event.c.inc == inc, event.c.seq < seq)
        .where(event.c.kind.in_(BEACONS))
        .order_by(event.c.seq)
    )
    for row in rows:
        t = typed(reopen_event(reopen_frame(row.frame, None)).body, BeaconSeen).t
        yield Heard(seq=row.seq, t=t, recv_ms=row.recv_ms)


def is_invented(t: int, there_ms: int) -> bool:
    """Whether a beacon of the server's time ``t`` was there before it can have been given."""
    return t > there_ms + BEACON_AHEAD_MS


def carried_by(connection: Connection, log_index: int) -> Frame | None:
    """The entry that the one at this place carried here."""
    row = connection.execute(
        select(refiled.c.frame, payload.c.data)
        .outerjoin(payload, payload.c.eh == refiled.c.eh)
        .where(refiled.c.log_index == log_index)
    ).one_or_none()
    return None if row is None else reopen_frame(row.frame, row.data)


def entries(connection: Connection, after: int = 0) -> Iterator[StoredEntry]:
    """All entries behind the place ``after``, in the order of the log."""
    statement = (
        select(event.c.log_index, event.c.recv_ms, event.c.frame, payload.c.data)
        .outerjoin(payload, payload.c.eh == event.c.eh)
        .order_by(event.c.log_index)
        .limit(READ_AT_ONCE)
    )
    while True:
        rows = connection.execute(statement.where(event.c.log_index > after)).all()
        for row in rows:
            frame = reopen_frame(row.frame, row.data)
            yield StoredEntry(log_index=row.log_index, recv_ms=row.recv_ms, frame=frame)
        if len(rows) < READ_AT_ONCE:
            return
        after = rows[-1].log_index
