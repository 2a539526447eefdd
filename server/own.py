"""Messages of our own making as canonical bytes, quicker: those of others have to be checked."""

import msgspec

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.canon import EVENT_LIMITS
from core.wire.fault import WireError

# Sorted keys, shortest forms: with texts in NFC and no floats these are the canonical bytes.
OWN = msgspec.msgpack.Encoder(order="sorted")


def own_wire(message: msgspec.Struct) -> bytes:
    """As `core.wire.canon.to_wire`; texts in the message were checked before.

    Raises:
        WireError: ``too_large``.
    """
    data = OWN.encode(message)
    if len(data) > EVENT_LIMITS.size:
        raise WireError("too_large")
    return data


def own_document(kind: SignatureType, message: msgspec.Struct, key: SigningKey) -> bytes:
    """As `core.wire.document.sign_document` under one key.

    Raises:
        WireError: ``too_large``.
    """
    body = own_wire(message)
    return OWN.encode((body, ((key.id, key.sign(kind, body)),)))
