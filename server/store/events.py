"""The log as rows: entries are added at its end and read; nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, func, select

from core.wire.event import Frame, decode_frame, encode_frame
from server.store import dialect
from server.store.tables import event, payload

NIL = b"\xc0"
READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One entry to append; ``frame`` is without its payload."""

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
    """One entry of the log as read back, its payload in place unless it was erased."""

    log_index: int
    recv_ms: int
    frame: Frame


def without_payload(encoded: bytes, content: bytes | None) -> bytes:
    """The encoding of the same frame with nil for its payload, which comes last (PROTOCOL 2.3)."""
    if content is None:
        return encoded
    size = len(content)
    prefix = 2 if size < 2**8 else 3 if size < 2**16 else 5
    return encoded[: len(encoded) - prefix - size] + NIL


def last_index(connection: Connection) -> int:
    """Place of the newest entry in the whole log; 0 when it is empty."""
    return connection.execute(select(func.max(event.c.log_index))).scalar_one() or 0


def append(connection: Connection, rows: Sequence[LogRow]) -> None:
    """Add entries, whose places follow on without a gap, and their payloads."""
    dialect.insert_many(
        connection,
        event,
        [
            {
                "log_index": row.log_index,
                "dev": row.dev,
                "inc": row.inc,
                "seq": row.seq,
                "eh": row.eh,
                "kind": row.kind,
                "recv_ms": row.recv_ms,
                "frame": row.frame,
            }
            for row in rows
        ],
    )
    payloads = [{"eh": row.eh, "data": row.payload} for row in rows if row.payload is not None]
    dialect.insert_many(connection, payload, payloads)


def load_frame(connection: Connection, eh: bytes) -> Frame | None:
    """The entry with this hash, its payload put back unless it was erased."""
    row = connection.execute(
        select(event.c.frame, payload.c.data)
        .outerjoin(payload, payload.c.eh == event.c.eh)
        .where(event.c.eh == eh)
    ).one_or_none()
    return None if row is None else replace(decode_frame(row.frame), payload=row.data)


def with_payload(frame: bytes, content: bytes | None) -> bytes:
    """The encoding as it travelled; the other way round than `without_payload`."""
    if content is None:
        return frame
    return encode_frame(replace(decode_frame(frame), payload=content))


def entries(connection: Connection, hashes: Sequence[bytes] | None = None) -> Iterator[StoredEntry]:
    """Entries in the order of the log: those with these hashes, or all."""
    statement = (
        select(event.c.log_index, event.c.recv_ms, event.c.frame, payload.c.data)
        .outerjoin(payload, payload.c.eh == event.c.eh)
        .order_by(event.c.log_index)
        .limit(READ_AT_ONCE)
    )
    if hashes is not None:
        statement = statement.where(event.c.eh.in_(hashes))
    after = 0
    while True:
        rows = connection.execute(statement.where(event.c.log_index > after)).all()
        for row in rows:
            frame = replace(decode_frame(row.frame), payload=row.data)
            yield StoredEntry(log_index=row.log_index, recv_ms=row.recv_ms, frame=frame)
        if len(rows) < READ_AT_ONCE:
            return
        after = rows[-1].log_index
