"""Entries of an earlier incarnation that a machine carried into its new log (PROTOCOL 2.12).

A carried entry is kept once, under the hash it always had, at the place of the entry that carries
it. From there on it is judged like any other. A restored server may not know the certificate of the
earlier incarnation yet: what came from there waits for it.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, exists, insert, or_, select

from core.wire.canon import typed
from core.wire.chain import Link
from core.wire.event import encode_frame
from core.wire.fault import WireError
from core.wire.kind import Replay
from core.wire.refile import carried_link
from server.directory import Directory
from server.forks import was_contradicted
from server.frames import without_payload
from server.store.tables import event, head, payload, refiled


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a ``replay`` entry turned out to hold; nothing when the log knows the entry already.

    ``awaits`` names the incarnation whose certificate is to come.
    """

    link: Link | None = None
    fault: str | None = None
    awaits: bytes | None = None


def awaited(dev: bytes, inc: int) -> bytes:
    """The name under which carried entries wait for the certificate of an incarnation."""
    return hashlib.sha256(dev + inc.to_bytes(8)).digest()[:16]


def take(connection: Connection, carrier: Link, log_index: int, directory: Directory) -> Carried:
    """Keep the entry that ``carrier``, stored at ``log_index``, holds."""
    found = look(connection, carrier, directory)
    if found.link is None:
        return found
    old = found.link
    encoded = encode_frame(old.frame)
    connection.execute(
        insert(refiled).values(
            eh=old.hash,
            log_index=log_index,
            dev=old.event.dev,
            inc=old.event.inc,
            seq=old.event.seq,
            kind=old.event.kind,
            frame=without_payload(encoded, old.frame.payload),
        )
    )
    if old.frame.payload is not None:
        connection.execute(insert(payload).values(eh=old.hash, data=old.frame.payload))
    return found


def look(connection: Connection, carrier: Link, directory: Directory) -> Carried:
    """The carried entry, if it is well signed and new here.

    Of a carrier whose content was erased nothing more is said: it was looked at when it came.
    """
    if carrier.frame.payload is None and _is_erased(connection, carrier.hash):
        return Carried()
    body = typed(carrier.event.body, Replay)
    if carrier.event.inc <= body.inc:
        return Carried(fault="replay_foreign")
    device = directory.machine(connection, carrier.event.dev).get(body.inc)  # as it is now
    if device is None:
        return Carried(awaits=awaited(carrier.event.dev, body.inc))
    try:
        old = carried_link(carrier, device.key_at(body.seq))
    except WireError as error:
        return Carried(fault=error.code)
    return Carried() if _is_known(connection, old.hash) else Carried(link=old)


def is_disputed(connection: Connection, link: Link, recv_ms: int) -> bool:
    """Whether a carried entry comes from a log that was told in two ways, as known until then."""
    here, there = link.event, event.c
    collides = (there.dev == here.dev) & (there.inc == here.inc) & (there.seq == here.seq)
    forked = (
        (head.c.dev == here.dev) & (head.c.inc == here.inc) & head.c.quarantined_ms.is_not(None)
    )
    found = select(or_(exists().where(collides), exists().where(forked)))
    if connection.execute(found).scalar_one():
        return True
    return was_contradicted(connection, (here.dev, here.inc, here.seq), link.hash, recv_ms)


def _is_known(connection: Connection, eh: bytes) -> bool:
    found = select(or_(exists().where(event.c.eh == eh), exists().where(refiled.c.eh == eh)))
    return bool(connection.execute(found).scalar_one())


def _is_erased(connection: Connection, eh: bytes) -> bool:
    found = select(payload.c.eh).where(payload.c.eh == eh, payload.c.data.is_(None))
    return connection.execute(found).first() is not None
