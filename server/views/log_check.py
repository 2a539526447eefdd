"""Is the stored log still what its machines signed? Every signature, hash and chain again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, select

from core.wire.chain import Head, continues, verify_frame
from core.wire.event import decode_frame
from core.wire.fault import WireError
from server.directory import Directory
from server.store.tables import event, head, payload

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Something that cannot be; ``place`` is a log index, or a machine in hex."""

    place: str
    code: str


def find_damage(connection: Connection, directory: Directory) -> Iterator[Damage]:
    """Every entry that is not as it was signed, is missing, or stands elsewhere than it says."""
    heads: dict[tuple[bytes, int], Head] = {}
    expected = 0
    for row in _rows(connection):
        expected += 1
        if row.log_index != expected:
            yield Damage(place=str(expected), code="missing")
            expected = row.log_index
        code = _fault(connection, row, heads, directory)
        if code is not None:
            yield Damage(place=str(row.log_index), code=code)
        heads[row.dev, row.inc] = Head(inc=row.inc, seq=row.seq, hash=row.eh)
    for stored in connection.execute(select(head).order_by(head.c.dev, head.c.inc)):
        root = Head(inc=stored.inc, seq=0, hash=stored.certificate)
        last = heads.get((stored.dev, stored.inc), root)
        if (stored.seq, stored.hash) != (last.seq, last.hash):
            yield Damage(place=stored.dev.hex(), code="head")


def _rows(connection: Connection) -> Iterator[Row[Any]]:
    statement = (
        select(event, payload.c.data)
        .outerjoin(payload, payload.c.eh == event.c.eh)
        .order_by(event.c.log_index)
        .limit(AT_ONCE)
    )
    after = 0
    while rows := connection.execute(statement.where(event.c.log_index > after)).all():
        yield from rows
        after = rows[-1].log_index


def _fault(
    connection: Connection,
    row: Row[Any],
    heads: dict[tuple[bytes, int], Head],
    directory: Directory,
) -> str | None:
    device = directory.device(connection, row.dev, row.inc)
    if device is None:
        return "device_unknown"
    before = heads.get((row.dev, row.inc), Head(inc=row.inc, seq=0, hash=device.hash))
    try:
        link = verify_frame(replace(decode_frame(row.frame), payload=row.data), device.key)
    except WireError as error:
        return error.code
    if (link.hash, link.event.seq, link.event.kind) != (row.eh, row.seq, row.kind):
        return "columns"
    return continues(link, row.dev, before)
