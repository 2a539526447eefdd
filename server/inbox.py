"""The server's own log for each machine, hash-chained and signed (PROTOCOL 2.8b).

Entries are added in the caller's transaction, so that a notice is stored together with what it
speaks of, or not at all.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, select, tuple_

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.canon import EVENT_LIMITS, to_wire
from core.wire.event import SALT_BYTES, Event, Frame, Who, payload_hash
from core.wire.kind import BODIES
from core.wire.payload import CopyPayload
from server.own import OWN, own_wire
from server.store import dialect, references
from server.store.events import with_payload
from server.store.settings import read_epoch
from server.store.tables import (
    deferred_notice,
    device_school,
    head,
    inbox,
    payload,
    resumption,
    revision,
    verdict,
)

INCARNATION = 1
SERVER = Who(role="server", id=None)
# A copied entry and its payload must leave room for the notice around them.
COPY_BYTES = EVENT_LIMITS.size - 2048
PAGE_ENTRIES = 200
PAGE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One entry to be: ``body`` of the kind's shape, ``content`` the payload's bytes."""

    dev: bytes
    kind: str
    body: msgspec.Struct
    content: bytes | None


@dataclass(slots=True)
class _Standing:
    seq: int
    hash: bytes


def append_notice(  # noqa: PLR0913, PLR0917 - the fields of one entry
    connection: Connection,
    dev: bytes,
    kind: str,
    body: msgspec.Struct,
    content: msgspec.Struct | None,
    now_ms: int,
    key: SigningKey,
) -> None:
    """Add one entry to a machine's inbox; ``key`` is the receipt key.

    Raises:
        LookupError: No such machine.
        WireError: Body or payload do not fit.
    """
    data = None if content is None else to_wire(content)
    append_notices(connection, [Notice(dev=dev, kind=kind, body=body, content=data)], now_ms, key)


def append_notices(
    connection: Connection, notices: Sequence[Notice], now_ms: int, key: SigningKey
) -> None:
    """Add entries, each at the end of its machine's inbox, in the order given.

    For a machine that was not heard since a restore they are laid by
    (`server.keeping.resumption`).

    Raises:
        LookupError: No such machine.
        WireError: The entry would be larger than an entry may be.
    """
    notices = _not_resting(connection, notices, now_ms)
    if not notices:
        return
    standings = _standings(connection, sorted({notice.dev for notice in notices}))
    epoch = read_epoch(connection)
    ref = references.stamp(connection)
    rows, payloads = [], []
    for notice in notices:
        if not isinstance(notice.body, BODIES[notice.kind]):
            raise TypeError(f"{notice.kind} has another body")
        standing = standings[notice.dev]
        entry = Event(
            v=1,
            dev=notice.dev,
            inc=INCARNATION,
            seq=standing.seq + 1,
            prev=standing.hash,
            kind=notice.kind,
            t=now_ms,
            m=now_ms,
            boot=epoch,
            bcn=None,
            ref=ref,
            who=SERVER,
            body=msgspec.to_builtins(notice.body, builtin_types=(bytes,)),
            ph=None if notice.content is None else payload_hash(notice.content),
        )
        data = own_wire(entry)
        frame = Frame(event=data, signature=key.sign(SignatureType.EVENT, data))
        standing.seq, standing.hash = entry.seq, frame.hash
        rows.append(
            {
                "dev": notice.dev,
                "seq": entry.seq,
                "eh": standing.hash,
                "kind": notice.kind,
                "sent_ms": now_ms,
                "frame": OWN.encode((frame.event, frame.signature, (), None)),
            }
        )
        if notice.content is not None:
            payloads.append({"eh": standing.hash, "data": notice.content})
    dialect.insert_many(connection, inbox, rows)
    dialect.insert_many(connection, payload, payloads)


def resting(connection: Connection, devices: Sequence[bytes]) -> frozenset[bytes]:
    """Which of these were not heard since a restore."""
    if not devices:
        return frozenset()
    waiting = select(resumption.c.dev).where(resumption.c.dev.in_(devices), resumption.c.waits)
    return frozenset(connection.execute(waiting).scalars())


def copy_of(frame: Frame) -> bytes:
    """A payload that carries another machine's entry, with its content where that fits."""
    whole = len(frame.event) + len(frame.payload or b"") <= COPY_BYTES
    return own_wire(
        CopyPayload(
            salt=fresh_salt(),
            event=frame.event,
            payload=frame.payload if whole else None,
        )
    )


def fresh_salt() -> bytes:
    """What makes a payload's hash say nothing about its content."""
    return secrets.token_bytes(SALT_BYTES)


def kiosks_of(connection: Connection, app: bytes) -> tuple[bytes, ...]:
    """Machines that sent a version of the application, or serve the school it names; sorted.

    Versions with something against them do not count: they may be about someone else's teacher.
    """
    versions = connection.execute(
        select(revision.c.dev, revision.c.school)
        .join(verdict, verdict.c.eh == revision.c.eh)
        .where(revision.c.app == app, verdict.c.code.is_(None))
    ).all()
    serving = machines_at(connection, {row.school for row in versions if row.school is not None})
    return tuple(sorted({row.dev for row in versions} | {dev for _, dev in serving}))


def machines_at(connection: Connection, schools: Iterable[str]) -> tuple[tuple[str, bytes], ...]:
    """School and machine, for every machine that serves one of the schools."""
    rows = connection.execute(
        select(device_school.c.school, device_school.c.dev).where(
            device_school.c.school.in_(sorted(schools))
        )
    )
    return tuple((row.school, row.dev) for row in rows)


def newest(connection: Connection, dev: bytes) -> int:
    """Number of the last entry; 0 when nothing was ever sent."""
    last: int | None = connection.execute(
        select(func.max(inbox.c.seq)).where(inbox.c.dev == dev)
    ).scalar_one()
    return last or 0


def page(connection: Connection, dev: bytes, after: int) -> tuple[bytes, ...]:
    """Encoded frames that follow ``after``, as many as one answer holds."""
    rows = connection.execute(
        select(inbox.c.frame, payload.c.data)
        .outerjoin(payload, payload.c.eh == inbox.c.eh)
        .where(inbox.c.dev == dev, inbox.c.seq > after)
        .order_by(inbox.c.seq)
        .limit(PAGE_ENTRIES)
    )
    frames: list[bytes] = []
    size = 0
    for row in rows:
        frame = with_payload(row.frame, row.data)
        size += len(frame)
        if frames and size > PAGE_BYTES:
            break
        frames.append(frame)
    return tuple(frames)


def _not_resting(
    connection: Connection, notices: Sequence[Notice], now_ms: int
) -> Sequence[Notice]:
    """Those for machines whose inbox goes on; the others are laid by."""
    silent = resting(connection, sorted({notice.dev for notice in notices}))
    if not silent:
        return notices
    rows = [
        {
            "dev": notice.dev,
            "kind": notice.kind,
            "body": to_wire(notice.body),
            "content": notice.content,
            "t_ms": now_ms,
        }
        for notice in notices
        if notice.dev in silent
    ]
    dialect.insert_many(connection, deferred_notice, rows)
    return [notice for notice in notices if notice.dev not in silent]


def _standings(connection: Connection, devices: Sequence[bytes]) -> dict[bytes, _Standing]:
    """Where each inbox stands; an empty one hangs on the machine's first certificate known here."""
    roots = connection.execute(
        select(head.c.dev, head.c.certificate)
        .where(head.c.dev.in_(devices))
        .order_by(head.c.inc.desc())  # the last one of a machine in this order counts
    )
    standings = {row.dev: _Standing(0, row.certificate) for row in roots}
    last = (
        select(inbox.c.dev, func.max(inbox.c.seq))
        .where(inbox.c.dev.in_(devices))
        .group_by(inbox.c.dev)
    )
    written = select(inbox.c.dev, inbox.c.seq, inbox.c.eh).where(
        tuple_(inbox.c.dev, inbox.c.seq).in_(last)
    )
    for row in connection.execute(written):
        standings[row.dev] = _Standing(row.seq, row.eh)
    resumed = select(resumption.c.dev, resumption.c.seq, resumption.c.hash).where(
        resumption.c.dev.in_(devices), ~resumption.c.waits
    )
    for row in connection.execute(resumed):
        if row.dev in standings and row.seq > standings[row.dev].seq:
            standings[row.dev] = _Standing(row.seq, row.hash)
    missing = set(devices) - standings.keys()
    if missing:
        raise LookupError(f"{len(missing)} machines have no certificate here")
    return standings
