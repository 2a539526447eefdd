"""After a restore: an inbox goes on once its machine has said what it holds of it (ADR 0016).

Its log tells: a machine that meets a new epoch writes ``server.epoch``, and commits a beacon of the
restored server at the latest within the hour. Whatever it had taken from the server before stands
in front of that, as ``inbox.seen``.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select, update

from core.sealing import SigningKey
from core.wire.canon import from_wire, typed
from core.wire.chain import Link
from core.wire.event import decode_frame, read_event
from core.wire.kind import BODIES, BeaconSeen, Epoch, InboxSeen
from server.inbox import Notice, append_notices, resting
from server.store import dialect
from server.store.settings import RESTORED_MS, read_epoch, read_number, read_setting
from server.store.tables import deferred_notice, event, head, resumption

EPOCH, BEACON = "server.epoch", "beacon"


def rest(connection: Connection, dev: bytes) -> None:
    """Let an inbox wait whose machine brought its certificate back after a restore.

    The machine is in no backup, so what it holds of our answers is known to nobody but itself.
    """
    if read_setting(connection, RESTORED_MS) is None:
        return
    first = select(head.c.certificate).where(head.c.dev == dev).order_by(head.c.inc).limit(1)
    root = connection.execute(first).scalar_one()
    rows = [{"dev": dev, "seq": 0, "hash": root, "waits": True}]
    dialect.insert_new(connection, resumption, rows)


def go_on(
    connection: Connection, fresh: Iterable[Link], now_ms: int, key: SigningKey
) -> tuple[bytes, ...]:
    """Take up the inboxes of machines that these new entries show to have met this server."""
    telling = [link for link in fresh if link.event.kind in {EPOCH, BEACON}]
    silent = resting(connection, sorted({link.event.dev for link in telling}))
    if not silent:
        return ()
    epoch, since_ms = read_epoch(connection), read_number(connection, RESTORED_MS)
    heard = {
        link.event.dev
        for link in telling
        if link.event.dev in silent and _has_met(link, epoch, since_ms)
    }
    for dev in sorted(heard):
        _take_up(connection, dev, now_ms, key)
    return tuple(sorted(heard))


def _has_met(link: Link, epoch: bytes, since_ms: int) -> bool:
    if link.event.kind == EPOCH:
        return typed(link.event.body, Epoch).epoch == epoch
    return typed(link.event.body, BeaconSeen).t >= since_ms


def _take_up(connection: Connection, dev: bytes, now_ms: int, key: SigningKey) -> None:
    mine = resumption.c.dev == dev
    seen = _last_seen(connection, dev)
    last = connection.execute(select(resumption.c.seq).where(mine)).scalar_one()
    further = {"seq": seen.seq, "hash": seen.head} if seen and seen.seq > last else {}
    connection.execute(update(resumption).where(mine).values(waits=False, **further))
    laid_by = connection.execute(
        select(deferred_notice).where(deferred_notice.c.dev == dev).order_by(deferred_notice.c.id)
    ).all()
    connection.execute(delete(deferred_notice).where(deferred_notice.c.dev == dev))
    notices = [
        Notice(
            dev=dev,
            kind=row.kind,
            body=from_wire(row.body, BODIES[row.kind]),
            content=row.content,
        )
        for row in laid_by
    ]
    append_notices(connection, notices, now_ms, key)


def _last_seen(connection: Connection, dev: bytes) -> InboxSeen | None:
    """What the machine last said it holds of its inbox."""
    frame = connection.execute(
        select(event.c.frame)
        .where(event.c.dev == dev, event.c.kind == "inbox.seen")
        .order_by(event.c.inc.desc(), event.c.seq.desc())
        .limit(1)
    ).scalar_one_or_none()
    return None if frame is None else typed(read_event(decode_frame(frame)).body, InboxSeen)
