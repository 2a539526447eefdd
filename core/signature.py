"""What a signature is over.

A type from a closed list, then the bytes (DSSE pre-authentication encoding, PROTOCOL 2.2).
"""

import hashlib
from enum import StrEnum


class SignatureType(StrEnum):
    """The closed registry; no two types can ever verify each other's bytes."""

    EVENT = "tt/event/1"
    BATCH = "tt/batch/1"
    BEACON = "tt/beacon/1"
    ACK = "tt/ack/1"
    RECEIPT = "tt/receipt/1"
    TRUST = "tt/trust/1"
    SNAPSHOT = "tt/snapshot/1"
    CERTIFICATE = "tt/cert/1"
    REQUEST = "tt/csr/1"
    REVOCATION = "tt/revocation/1"
    APPROVAL = "tt/approval/1"
    CHECKPOINT = "tt/checkpoint/1"
    USB = "tt/usb/1"
    HEAD = "tt/head/1"
    PAYLOAD = "tt/payload/1"
    ROTATION = "tt/rotation/1"
    ERRAND = "tt/errand/1"
    INCIDENT = "tt/incident/1"


_BEGINNINGS = {
    kind: b"DSSEv1 %d %b " % (len(kind.value), kind.value.encode("ascii")) for kind in SignatureType
}


def pae(kind: SignatureType, body: bytes) -> bytes:
    """``DSSEv1 <type length> <type> <body length> <body>``.

    Length-prefixed, so types cannot be confused.
    """
    return b"%b%d %b" % (_BEGINNINGS[kind], len(body), body)


def digest(kind: SignatureType, body: bytes) -> bytes:
    """SHA-256 of the pre-authentication encoding, 32 bytes."""
    return hashlib.sha256(pae(kind, body)).digest()
