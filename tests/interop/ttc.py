"""TTC-1 and what is signed with it, written from docs/protocol.md alone.

Bytes, hashes, signatures, documents. Knows no message by name, and none of the product's modules.
"""

import hashlib
import hmac
import unicodedata
from typing import Any

import msgpack
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LEVELS, KEYS, ITEMS, INTEGER, SIGNATURES = 8, 64, 4096, 2**53, 8
MESSAGE_BYTES, FILE_BYTES = 65_536, 4 * 1024 * 1024
ZERO_8, ZERO_32 = bytes(8), bytes(32)


class Refused(Exception):  # noqa: N818 - the document's own word
    """Bytes that are not what they have to be; the text says which rule they break."""


def write(value: Any) -> bytes:
    """The one encoding of a value."""
    return msgpack.packb(_ordered(value, 1), use_bin_type=True)


def read(data: bytes, most: int = MESSAGE_BYTES) -> Any:
    """The value of bytes that are its one encoding.

    Raises:
        Refused: They are not.
    """
    if len(data) > most:
        raise Refused("too long")
    try:
        value = msgpack.unpackb(
            data,
            raw=False,
            strict_map_key=True,
            object_pairs_hook=_each_key_once,
            max_array_len=ITEMS,
            max_map_len=KEYS,
            max_ext_len=0,
        )
    except (ValueError, TypeError, msgpack.UnpackException, RecursionError) as error:
        raise Refused("not MessagePack") from error
    if write(value) != data:
        raise Refused("another encoding of its value")
    return value


def _each_key_once(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise Refused("a key twice")
    return dict(pairs)


def _ordered(value: Any, level: int) -> Any:
    match value:
        case None | bool() | bytes():
            return value
        case int() if -INTEGER <= value <= INTEGER:
            return value
        case str() if unicodedata.is_normalized("NFC", value):
            return value
        case list() | tuple() if level <= LEVELS and len(value) <= ITEMS:
            return [_ordered(each, level + 1) for each in value]
        case dict() if level <= LEVELS and len(value) <= KEYS:
            if not all(isinstance(key, str) for key in value):
                raise Refused("a key that is no text")
            return {
                _ordered(key, level): _ordered(value[key], level + 1)
                for key in sorted(value, key=lambda key: key.encode())
            }
    raise Refused(f"no value of TTC-1: {type(value).__name__}")


def signed_bytes(kind: str, body: bytes) -> bytes:
    """What is signed and hashed of a body: never the body alone."""
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(body), body)


def digest(kind: str, body: bytes) -> bytes:
    """The hash of a body of this type."""
    return hashlib.sha256(signed_bytes(kind, body)).digest()


def key_id(public: bytes) -> bytes:
    """The name of a key."""
    return hashlib.sha256(public).digest()[:16]


def keyed(secret: bytes, *words: str) -> bytes:
    """HMAC-SHA-256 over words joined by byte 1F."""
    return hmac.digest(secret, b"\x1f".join(word.encode() for word in words), "sha256")


class Key:
    """An Ed25519 key that signs by type."""

    def __init__(self, private: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self.public = self._key.public_key().public_bytes_raw()
        self.id = key_id(self.public)

    def sign(self, kind: str, body: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(signed_bytes(kind, body))

    def document(self, kind: str, message: dict[str, Any]) -> bytes:
        """The message as a signed document."""
        body = write(message)
        return write([body, [[self.id, self.sign(kind, body)]]])


def holds(public: bytes, kind: str, body: bytes, signature: bytes) -> bool:
    """Whether the key signed these bytes for this purpose."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed_bytes(kind, body))
    except InvalidSignature:
        return False
    return True


def split(document: bytes, most: int = FILE_BYTES) -> tuple[bytes, list[list[bytes]]]:
    """Body and signatures of a document; nothing is verified yet."""
    match read(document, most):
        case [bytes() as body, list() as signatures] if len(signatures) <= SIGNATURES:
            return body, signatures
    raise Refused("no document")


def open_document(kind: str, document: bytes, keys: list[bytes], threshold: int = 1) -> Any:
    """The message, once ``threshold`` different keys of ``keys`` have signed it.

    Raises:
        Refused: Too few did, or it is no document.
    """
    body, signatures = split(document)
    known = {key_id(public): public for public in keys}
    good = {
        name
        for name, signature in signatures
        if name in known and holds(known[name], kind, body, signature)
    }
    if len(good) < threshold:
        raise Refused("signature")
    return read(body, FILE_BYTES)
