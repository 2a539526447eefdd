"""A backup file: sealed in pieces, so that neither side holds more than one piece in memory.

``TTK1``, a header, pieces, and behind them a signed checkpoint. The header carries a fresh key,
sealed for the holder of the seal key (HPKE); every piece is encrypted under that key with its
number as nonce and the header as associated data, and the last one says that it is the last, so
that nothing can be cut off, exchanged or added. It refuses to know what is in the pieces.
"""

import hashlib
import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from core.sealing import KEY_BYTES, SealError, key_id, seal, seal_public, unseal
from core.wire.canon import from_wire, to_wire
from core.wire.event import Bytes16
from core.wire.fault import WireError

MAGIC = b"TTK1"
PIECE_BYTES = 1024 * 1024
TAG_BYTES = 16
HEADER_BYTES = 4096
TRAILER_BYTES = 64 * 1024
LENGTH = struct.Struct(">I")
Dialect = Literal["sqlite", "postgresql"]


class BackupError(Exception):
    """A backup that cannot be made or read; the message is a code."""


class SealedHeader(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in front: for whom the file is sealed, and what is inside."""

    v: Literal[1]
    recipient: Bytes16
    key: bytes
    content: Dialect


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one file; whoever made it can read the file back without the seal key."""

    key: bytes
    header: bytes

    @classmethod
    def fresh(
        cls, recipient: bytes, content: Dialect, random_bytes: Callable[[int], bytes]
    ) -> "DataKey":
        """A new one for the holder of the raw X25519 key ``recipient``.

        Raises:
            SealError: Not a key.
        """
        key = random_bytes(KEY_BYTES)
        header = SealedHeader(
            v=1, recipient=key_id(recipient), key=seal(key, recipient), content=content
        )
        return cls(key=key, header=to_wire(header))


class SealedWriter(io.RawIOBase):
    """Takes plain bytes, writes a sealed file from its beginning up to the last piece.

    `finish` ends it; ``digest`` is then the SHA-256 of all that was written.
    """

    def __init__(self, target: BinaryIO, data_key: DataKey) -> None:
        """Write the header."""
        self._target = target
        self._cipher = ChaCha20Poly1305(data_key.key)
        self._label = data_key.header
        self._waiting = bytearray()
        self._number = 0
        self._hash = hashlib.sha256()
        self._emit(MAGIC + LENGTH.pack(len(data_key.header)) + data_key.header)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        """Take some bytes."""
        self._waiting += data
        while len(self._waiting) > PIECE_BYTES:
            self._piece(bytes(self._waiting[:PIECE_BYTES]), last=False)
            del self._waiting[:PIECE_BYTES]
        return len(data)

    def finish(self) -> bytes:
        """Write the last piece; SHA-256 of the file so far."""
        self._piece(bytes(self._waiting), last=True)
        self._waiting.clear()
        return self._hash.digest()

    def _piece(self, plain: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), plain, self._label)
        self._number += 1
        self._emit(LENGTH.pack(len(sealed)) + sealed)

    def _emit(self, data: bytes) -> None:
        self._hash.update(data)
        self._target.write(data)


class SealedReader(io.RawIOBase):
    """Gives the plain bytes of a sealed file; `trailer` is what stands behind the last piece."""

    def __init__(self, source: BinaryIO, open_key: Callable[[SealedHeader], bytes]) -> None:
        """Read the header; ``open_key`` finds the file's key.

        Raises:
            BackupError: Not such a file.
            SealError: It is sealed for someone else.
        """
        self._source = source
        self._hash = hashlib.sha256()
        if self._take(len(MAGIC)) != MAGIC:
            raise BackupError("not_a_backup")
        self._label = self._take(self._length(HEADER_BYTES))
        try:
            self.header = from_wire(self._label, SealedHeader)
        except WireError as error:
            raise BackupError("not_a_backup") from error
        self._cipher = ChaCha20Poly1305(open_key(self.header))
        self._waiting = b""
        self._number = 0
        self._ended = False

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        """The next plain bytes; 0 at the end of the last piece.

        Raises:
            BackupError: Cut short or altered.
        """
        if not self._waiting and not self._ended:
            self._next()
        given = self._waiting[: len(buffer)]
        buffer[: len(given)] = given
        self._waiting = self._waiting[len(given) :]
        return len(given)

    def finish(self) -> tuple[bytes, bytes]:
        """SHA-256 of the file up to the last piece, and what stands behind it.

        Raises:
            BackupError: The pieces were not read to the end, or too much follows.
        """
        while not self._ended:
            self._next()
        trailer = self._source.read(TRAILER_BYTES + 1)
        if len(trailer) > TRAILER_BYTES:
            raise BackupError("trailer")
        return self._hash.digest(), trailer

    def _next(self) -> None:
        sealed = self._take(self._length(PIECE_BYTES + TAG_BYTES))
        for last in (False, True):
            try:
                nonce = _nonce(self._number, last=last)
                self._waiting = self._cipher.decrypt(nonce, sealed, self._label)
            except InvalidTag:
                continue
            self._number += 1
            self._ended = last
            return
        raise BackupError("altered")

    def _length(self, limit: int) -> int:
        (length,) = LENGTH.unpack(self._take(LENGTH.size))
        if length > limit:
            raise BackupError("altered")
        return int(length)

    def _take(self, size: int) -> bytes:
        data = self._source.read(size)
        if len(data) != size:
            raise BackupError("cut_short")
        self._hash.update(data)
        return data


def opened_by(private: bytes) -> Callable[[SealedHeader], bytes]:
    """Opens files sealed for this raw X25519 private key; others raise `SealError`."""

    def open_key(header: SealedHeader) -> bytes:
        if header.recipient != key_id(seal_public(private)):
            raise SealError("sealed for another key")
        return unseal(header.key, private)

    return open_key


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
