"""The server's signed time and news, one round trip (PROTOCOL 2.5).

And the device's signed claim of its own head.
"""

from typing import Literal

import msgspec

from core.signature import SignatureType, digest
from core.wire.event import Bytes8, Bytes16, Bytes32, Natural, Positive

PROTOCOL_VERSION = 1


class Slot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When and how much to upload; milliseconds and bytes."""

    after_ms: Natural
    max_events: Positive
    max_bytes: Positive


class Beacon(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``t`` is server time in ms since 1970 UTC.

    ``cursor`` is the server's head for this device ``[inc, seq, head]``; entries up to ``durable``
    are in a verified backup. ``rev_v`` is the newest revocation list's ``v``.
    """

    dev: Bytes16
    t: Natural
    epoch: Bytes8
    nonce: Bytes16
    trust_v: Natural
    snap_v: Natural
    snap_h: Bytes8
    rev_v: Natural
    cursor: tuple[Positive, Natural, Bytes32]
    inbox: Natural
    durable: Natural
    slot: Slot
    next_ms: Positive
    min_proto: Positive


class HeadStatement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Signed by the device to read what is its own.

    Names the beacon it answers, so it cannot be replayed later.
    """

    dev: Bytes16
    inc: Positive
    seq: Natural
    head: Bytes32
    beacon: Bytes8
    purpose: Literal["inbox", "upload", "evidence", "close", "enrol"]
    after: Natural


def beacon_id(body: bytes) -> bytes:
    """First 8 bytes of the digest of a beacon's body bytes."""
    return digest(SignatureType.BEACON, body)[:8]
