"""An upload.

``TTB1``, then one zstd frame holding ``[header, header signature, frames]`` (PROTOCOL 2.7).
"""

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import msgspec
import zstandard
from msgspec import Meta

from core.sealing import SigningKey, verify
from core.signature import SignatureType
from core.wire.canon import Limits, encode, from_wire, to_wire
from core.wire.event import (
    Bytes8,
    Bytes16,
    Bytes32,
    Bytes64,
    Frame,
    Natural,
    Positive,
    decode_frame,
    encode_frame,
)
from core.wire.fault import WireError

MAGIC = b"TTB1"
MEDIA_TYPE = "application/vnd.ttx.batch.v1+zstd"
WIRE_BYTES = 1024 * 1024
RAW_BYTES = 4 * 1024 * 1024
EVENTS_AT_MOST = 200
WINDOW_BYTES = 8 * 1024 * 1024
LEVEL = 3
BLOCK_HEADER_BYTES = 3
BLOCK_RLE = 1
UNSAID = bytes(32)
"""``frames`` of a header that is not packed yet."""
# Two levels, a row and its frames: nests within nests would be 4 MiB of values from 1 KB on the
# wire, taken apart before anybody's signature was looked at.
RAW_LIMITS = Limits(size=RAW_BYTES, depth=2, items=EVENTS_AT_MOST)
# As many as were ever at work at once; taking one and giving it back cannot be torn by threads.
_IDLE: list[zstandard.ZstdDecompressor] = []


class BatchHeader(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the sender claims: entries ``from`` … ``last`` after ``prev``, ending in ``head``.

    ``frames`` is SHA-256 of the frames one behind the other: the header's signature covers payloads
    and cosignatures, too.
    """

    dev: Bytes16
    inc: Positive
    epoch: Bytes8 | None
    first: Positive = msgspec.field(name="from")
    prev: Bytes32
    n: Annotated[int, Meta(ge=0, le=EVENTS_AT_MOST)]
    head: Bytes32
    last: Natural
    frames: Bytes32
    nonce: Bytes16
    sent_m: Natural


class _BatchRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    header: bytes
    signature: Bytes64
    frames: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch as read: header bytes and signature untouched, frames still encoded."""

    header: BatchHeader
    header_bytes: bytes
    signature: bytes
    frames: tuple[bytes, ...]

    def signed_by(self, key: bytes) -> bool:
        """Whether the header carries the signature of this raw public key."""
        return verify(key, SignatureType.BATCH, self.header_bytes, self.signature)

    def open_frames(self) -> tuple[Frame, ...]:
        """The frames, not verified.

        Raises:
            WireError: One of them is not a frame.
        """
        return tuple(decode_frame(each) for each in self.frames)


def encode_batch(header: BatchHeader, frames: Sequence[Frame], key: SigningKey) -> bytes:
    """Wire bytes of one upload; ``header.frames`` is filled in here.

    Raises:
        WireError: Larger than the limits of PROTOCOL 2.7.
    """
    encoded = [encode_frame(frame) for frame in frames]
    body = to_wire(msgspec.structs.replace(header, frames=frames_hash(encoded)))
    raw = encode([body, key.sign(SignatureType.BATCH, body), encoded], RAW_LIMITS)
    # What was spoilt on the way is told from what was badly made before anything is unpacked.
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_content_size=True, write_checksum=True)
    data = MAGIC + compressor.compress(raw)
    if len(data) > WIRE_BYTES:
        raise WireError("too_large")
    return data


def decode_batch(data: bytes) -> Batch:
    """The batch, bounded before anything is parsed. The caller checks the header's signature next.

    Raises:
        WireError: ``too_large``, ``magic``, ``compression``, ``frames`` when they are not those of
        the header, or as `decode`.
    """
    if len(data) > WIRE_BYTES:
        raise WireError("too_large")
    if not data.startswith(MAGIC):
        raise WireError("magic")
    raw = decompress(data[len(MAGIC) :], RAW_BYTES)
    row = from_wire(raw, _BatchRow, RAW_LIMITS)
    header = from_wire(row.header, BatchHeader)
    if header.n != len(row.frames) or header.last != header.first + header.n - 1:
        raise WireError("schema")
    if header.frames != frames_hash(row.frames):
        raise WireError("frames")
    return Batch(
        header=header,
        header_bytes=row.header,
        signature=row.signature,
        frames=row.frames,
    )


def frames_hash(frames: Iterable[bytes]) -> bytes:
    """SHA-256 of encoded frames one behind the other; each says itself where it ends."""
    return hashlib.sha256(b"".join(frames)).digest()


def decompress(data: bytes, limit: int) -> bytes:
    """One zstd frame that states its size, at most ``limit`` bytes, nothing behind it.

    A one-shot call ignores its limit when the frame states a size, hence the reader (PROTOCOL 1).

    Raises:
        WireError: ``compression`` or ``too_large``.
    """
    try:
        stated = zstandard.get_frame_parameters(data)
        if stated.content_size > limit:  # an unstated size is 2**64 - 1
            raise WireError("too_large")
        if stated.window_size > WINDOW_BYTES or _frame_end(data, stated) != len(data):
            raise WireError("compression")
        with _decompressor() as idle, idle.stream_reader(io.BytesIO(data)) as reader:
            raw = reader.read(stated.content_size + 1)
    except zstandard.ZstdError as error:
        raise WireError("compression") from error
    if len(raw) != stated.content_size:
        raise WireError("compression")
    return raw


@contextmanager
def _decompressor() -> Iterator[zstandard.ZstdDecompressor]:
    """One that nobody else uses meanwhile: making one costs more than most batches do."""
    try:
        decompressor = _IDLE.pop()
    except IndexError:
        decompressor = zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES)
    try:
        yield decompressor
    finally:
        _IDLE.append(decompressor)


def _frame_end(data: bytes, stated: zstandard.FrameParameters) -> int:
    """Length of the first zstd frame, by walking its block headers (RFC 8878 §3.1.1.2).

    -1 when cut short.
    """
    position = zstandard.frame_header_size(data)
    while len(header := data[position : position + 3]) == BLOCK_HEADER_BYTES:
        block = int.from_bytes(header, "little")
        last, kind, size = block & 1, block >> 1 & 3, block >> 3
        position += BLOCK_HEADER_BYTES + (1 if kind == BLOCK_RLE else size)
        if last:
            return position + (4 if stated.has_checksum else 0)
    return -1
