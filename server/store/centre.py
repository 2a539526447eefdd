"""The centre's own log as rows: one chain per receipt key, in the table of every log (ADR 0017).

Its device id is the key's identifier and its first entry hangs on the key's hash, so a chain
vouches for its key; that the key is the centre's is what the trust document says.
"""

import hashlib

from sqlalchemy import Connection, select

from core.sealing import SigningKey, key_id
from core.wire.canon import FILE_LIMITS, from_wire, typed
from core.wire.document import split_document
from core.wire.event import decode_frame, read_event
from core.wire.fault import WireError
from core.wire.kind import CentreOpened
from core.wire.reference import Trust
from server.store.tables import device, event, trust

INCARNATION = 1
PREFIX = "centre."
OPENED = "centre.open"


def find_centre_key(connection: Connection, dev: bytes) -> bytes | None:
    """The raw public key of a chain of the centre; None when ``dev`` names no such chain."""
    known = select(device.c.dev).where(device.c.dev == dev)
    if connection.execute(known).scalar() is not None:
        return None
    frame = connection.execute(
        select(event.c.frame).where(
            event.c.dev == dev, event.c.inc == INCARNATION, event.c.seq == 1
        )
    ).scalar()
    if frame is None:
        return None
    try:
        first = read_event(decode_frame(frame))
        key = typed(first.body, CentreOpened).key
    except WireError:
        return None
    return key if first.kind == OPENED and key_id(key) == dev else None


def root_of(key: bytes) -> bytes:
    """What the first entry of a key's chain hangs on."""
    return hashlib.sha256(key).digest()


def centre_head(connection: Connection, key: SigningKey) -> tuple[int, bytes]:
    """Number and hash of the last entry under a key; 0 and the root before there is one."""
    row = connection.execute(
        select(event.c.seq, event.c.eh)
        .where(event.c.dev == key.id, event.c.inc == INCARNATION)
        .order_by(event.c.seq.desc())
        .limit(1)
    ).one_or_none()
    return (0, root_of(key.public)) if row is None else (row.seq, row.eh)


def receipt_keys(connection: Connection, in_force: Trust | None = None) -> tuple[bytes, ...]:
    """Every raw public receipt key the centre ever had: of the trust in force and those before.

    Without ``in_force`` those of the documents that are kept here, which a server that ran has.
    """
    keys = [] if in_force is None else list(in_force.receipt)
    for signed in connection.execute(select(trust.c.signed).order_by(trust.c.v)).scalars():
        keys += from_wire(split_document(signed)[0], Trust, FILE_LIMITS).receipt
    return tuple(dict.fromkeys(keys))


def centre_chains(connection: Connection) -> dict[bytes, bytes]:
    """Public key by device id, of every chain that is written as the centre's."""
    opened = select(event.c.dev).where(event.c.kind == OPENED).distinct()
    found = {dev: find_centre_key(connection, dev) for dev in connection.execute(opened).scalars()}
    return {dev: key for dev, key in found.items() if key is not None}
