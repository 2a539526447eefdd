"""Is the stored log still what its machines signed? Every signature, hash and chain again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, select

from core.wire.chain import Head, continues, verify_frame
from core.wire.event import decode_frame
from core.wire.fault import WireError
from core.wire.rotation import key_after
from server.directory import Directory
from server.store.centre import find_centre_key, root_of
from server.store.tables import event, head, payload, refiled

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """Something that cannot be; ``place`` is a log index, or a machine in hex."""

    place: str
    code: str


def find_damage(connection: Connection, directory: Directory) -> Iterator[Damage]:
    """Every entry that is not as it was signed, is missing, or stands elsewhere than it says."""
    heads: dict[tuple[bytes, int], Head] = {}
    keys: dict[tuple[bytes, int], bytes] = {}
    expected = 0
    for row in _rows(connection):
        expected += 1
        if row.log_index != expected:
            yield Damage(place=str(expected), code="missing")
            expected = row.log_index
        code = _fault(connection, row, (heads, keys), directory)
        if code is not None:
            yield Damage(place=str(row.log_index), code=code)
        heads[row.dev, row.inc] = Head(inc=row.inc, seq=row.seq, hash=row.eh)
    for carried in connection.execute(select(refiled).order_by(refiled.c.log_index)):
        if not _is_signed(connection, carried, directory):
            yield Damage(place=str(carried.log_index), code="carried")
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
    standing: tuple[dict[tuple[bytes, int], Head], dict[tuple[bytes, int], bytes]],
    directory: Directory,
) -> str | None:
    heads, keys = standing
    speaker = _speaker(connection, row, directory)
    if speaker is None:
        return "device_unknown"
    key, root = speaker
    before = heads.get((row.dev, row.inc), Head(inc=row.inc, seq=0, hash=root))
    key = keys.get((row.dev, row.inc), key)
    try:
        link = verify_frame(replace(decode_frame(row.frame), payload=row.data), key)
        keys[row.dev, row.inc] = key_after(link.event, key)
    except WireError as error:
        return error.code
    if (link.hash, link.event.seq, link.event.kind) != (row.eh, row.seq, row.kind):
        return "columns"
    return continues(link, row.dev, before)


def _speaker(
    connection: Connection, row: Row[Any], directory: Directory
) -> tuple[bytes, bytes] | None:
    """Public key of whose log it is, and what its first entry hangs on."""
    device = directory.device(connection, row.dev, row.inc)
    if device is not None:
        return device.key, device.hash
    key = find_centre_key(connection, row.dev)
    return None if key is None else (key, root_of(key))


def _is_signed(connection: Connection, row: Row[Any], directory: Directory) -> bool:
    """Whether a carried entry is the one its own incarnation signed under that name."""
    device = directory.device(connection, row.dev, row.inc)
    if device is None:
        return False
    try:
        link = verify_frame(decode_frame(row.frame), device.key_at(row.seq))
    except WireError:
        return False
    says = link.event
    found = (link.hash, says.dev, says.inc, says.seq, says.kind)
    return found == (row.eh, row.dev, row.inc, row.seq, row.kind)
