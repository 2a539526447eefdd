"""A signed document: ``[body, [[key id, signature], …]]`` in TTC-1.

Used for every message that is not an event.
"""

from collections.abc import Mapping
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

from core.sealing import SigningKey, verify
from core.signature import SignatureType
from core.wire.canon import (
    FILE_LIMITS,
    Limits,
    decode,
    encode,
    from_wire,
    to_wire,
    typed,
)
from core.wire.fault import WireError

M = TypeVar("M", bound=msgspec.Struct)
Bytes16 = Annotated[bytes, Meta(min_length=16, max_length=16)]
Bytes64 = Annotated[bytes, Meta(min_length=64, max_length=64)]
SIGNATURES_AT_MOST = 8


class _DocumentRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    body: bytes
    signatures: tuple[tuple[Bytes16, Bytes64], ...]


def sign_document(
    kind: SignatureType,
    message: msgspec.Struct,
    *keys: SigningKey,
    limits: Limits = FILE_LIMITS,
) -> bytes:
    """The message under one signature per key, in the order of ``keys``."""
    body = to_wire(message, limits)
    return encode([body, [[key.id, key.sign(kind, body)] for key in keys]], limits)


def open_document(  # noqa: PLR0913
    kind: SignatureType,
    data: bytes,
    schema: type[M],
    keys: Mapping[bytes, bytes],
    *,
    threshold: int = 1,
    limits: Limits = FILE_LIMITS,
) -> M:
    """The message.

    If at least ``threshold`` different keys of ``keys`` (key id → raw public key) signed these
    bytes.

    Raises:
        WireError: ``signature`` when too few signatures hold; otherwise as `decode`.
    """
    body, signatures = split_document(data, limits)
    good = {
        key
        for key, signature in signatures
        if key in keys and verify(keys[key], kind, body, signature)
    }
    if len(good) < threshold:
        raise WireError("signature")
    return from_wire(body, schema, limits)


def split_document(
    data: bytes, limits: Limits = FILE_LIMITS
) -> tuple[bytes, tuple[tuple[bytes, bytes], ...]]:
    """Body bytes and (key id, signature) pairs; nothing of it is verified yet.

    Raises:
        WireError: Not a signed document.
    """
    body, pairs = typed(decode(data, limits), tuple[bytes, tuple[tuple[Bytes16, Bytes64], ...]])
    if len(pairs) > SIGNATURES_AT_MOST:
        raise WireError("too_many_items")
    return body, pairs
