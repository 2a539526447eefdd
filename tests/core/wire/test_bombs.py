"""Uploads that are small on the wire and large behind it: bounded before they are believed."""

import struct
import tracemalloc

import msgpack
import pytest
import zstandard

from core.wire.batch import (
    MAGIC,
    RAW_BYTES,
    RAW_LIMITS,
    WINDOW_BYTES,
    WIRE_BYTES,
    decode_batch,
    decompress,
    encode_batch,
)
from core.wire.canon import EVENT_LIMITS, FILE_LIMITS, Limits, decode, encode
from tests.core.wire.refusing import code_of
from tests.core.wire.samples import DEVICE, boots, header

KIBIBYTE, MEBIBYTE = 1024, 1024 * 1024
RELEASE_LIMITS = Limits(size=16 * MEBIBYTE, depth=2, items=64)  # of `server.api.reference`
FRAME_MAGIC = b"\x28\xb5\x2f\xfd"
BLOCK = 128 * KIBIBYTE
RAW_BLOCK, RLE_BLOCK, COMPRESSED, RESERVED = range(4)


def window(log):
    """A window descriptor of 2^log bytes (RFC 8878 §3.1.1.1.2)."""
    return bytes(((log - 10) << 3,))


def block(kind, size, content, *, last=False):
    """A block with its header of 21 bits of size, 2 of type, 1 that ends the frame."""
    return (size << 3 | kind << 1 | last).to_bytes(3, "little") + content


def frame(stated, *blocks, log=23):
    """A zstd frame that states its size in 4 bytes, and its window."""
    return FRAME_MAGIC + b"\x80" + window(log) + struct.pack("<I", stated) + b"".join(blocks)


def rle(count, *, byte=b"\x00"):
    """``count`` blocks of 128 KiB, four bytes each on the wire."""
    return [block(RLE_BLOCK, BLOCK, byte, last=n == count - 1) for n in range(count)]


def test_given_1_kb_stated_when_512_mb_lie_behind_it_then_almost_none_are_made():
    bomb = frame(KIBIBYTE, *rle(512 * MEBIBYTE // BLOCK))
    assert len(bomb) < 17 * KIBIBYTE

    tracemalloc.start()
    try:
        code = code_of(decode_batch, MAGIC + bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert code == "compression"
    assert peak < 4 * RAW_BYTES


def test_512_mb_that_say_so_are_refused_by_what_they_say():
    honest = frame(512 * MEBIBYTE, *rle(512 * MEBIBYTE // BLOCK))

    assert code_of(decode_batch, MAGIC + honest) == "too_large"


def test_the_largest_content_is_read_and_one_byte_more_is_not():
    largest = frame(RAW_BYTES, *rle(RAW_BYTES // BLOCK))
    more = frame(
        RAW_BYTES + 1,
        *rle(RAW_BYTES // BLOCK)[:-1],
        *rle(1)[:0],
        block(RLE_BLOCK, BLOCK, b"\x00"),
        block(RAW_BLOCK, 1, b"\x00", last=True),
    )

    assert decompress(largest, RAW_BYTES) == bytes(RAW_BYTES)
    assert code_of(decompress, more, RAW_BYTES) == "too_large"


@pytest.mark.parametrize("stated", [0, 1, 4, 6, 0x7F, 0x100, 0xFFFF, RAW_BYTES])
def test_a_size_that_is_not_the_contents_is_refused(stated):
    assert (
        code_of(decompress, frame(stated, block(RAW_BLOCK, 5, b"hello", last=True)), RAW_BYTES)
        == "compression"
    )


def test_an_unstated_size_is_refused():
    compressor = zstandard.ZstdCompressor(write_content_size=False)

    assert code_of(decompress, compressor.compress(b"hello"), RAW_BYTES) == "too_large"


@pytest.mark.parametrize("log", [10, 20, 23])
def test_a_window_of_8_mib_at_most_is_granted(log):
    assert 2**log <= WINDOW_BYTES
    assert decompress(frame(5, block(RAW_BLOCK, 5, b"hello", last=True), log=log), 100) == b"hello"


@pytest.mark.parametrize("log", [24, 27, 31, 41])
def test_a_larger_window_is_not(log):
    assert (
        code_of(decompress, frame(5, block(RAW_BLOCK, 5, b"hello", last=True), log=log), 100)
        == "compression"
    )


HELLO = frame(5, block(RAW_BLOCK, 5, b"hello", last=True))
EMPTY = frame(0, block(RAW_BLOCK, 0, b"", last=True))
SKIPPABLE = b"\x50\x2a\x4d\x18" + struct.pack("<I", 5) + b"hello"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        FRAME_MAGIC,
        b"hello",
        HELLO + b"\x00",
        HELLO + HELLO,
        HELLO + EMPTY,
        EMPTY + HELLO,
        HELLO + SKIPPABLE,
        SKIPPABLE,
        SKIPPABLE + HELLO,
        frame(5, block(RESERVED, 5, b"hello", last=True)),
        frame(5, block(COMPRESSED, 5, b"hello", last=True)),
        frame(5, block(RAW_BLOCK, 5, b"hello")),
        frame(5, block(RLE_BLOCK, 5, b"", last=True)),
        FRAME_MAGIC + b"\x20\x05" + block(RAW_BLOCK, 5, b"hello", last=True) + b"\x00",
        FRAME_MAGIC + b"\x24\x05" + block(RAW_BLOCK, 5, b"hello", last=True) + bytes(4),
        FRAME_MAGIC + b"\x21\x07\x05" + block(RAW_BLOCK, 5, b"hello", last=True),
        zstandard.ZstdCompressor(
            dict_data=zstandard.ZstdCompressionDict(b"hello hello hello hello " * 20)
        ).compress(b"hello " * 50)[:-1],
    ],
    ids=[
        "nothing",
        "a byte",
        "only the magic",
        "text",
        "a byte behind",
        "two frames",
        "an empty frame behind",
        "an empty frame before",
        "a skippable frame behind",
        "a skippable frame",
        "a skippable frame before",
        "a block of the reserved type",
        "a block that only says it is compressed",
        "no last block",
        "a block without its byte",
        "one segment and a byte behind",
        "a wrong checksum",
        "a dictionary nobody has",
        "a dictionary and an end cut off",
    ],
)
def test_what_is_not_exactly_one_good_frame_is_refused(data):
    assert code_of(decompress, data, RAW_BYTES) == "compression"


def test_one_good_frame_is_read_whatever_its_blocks_are():
    assert decompress(HELLO, 100) == b"hello"
    assert decompress(EMPTY, 100) == b""
    pieces = [block(RAW_BLOCK, 2, b"he"), block(RLE_BLOCK, 2, b"l"), block(RAW_BLOCK, 0, b"")]
    assert decompress(frame(5, *pieces, block(RLE_BLOCK, 1, b"o", last=True)), 100) == b"hello"


def test_a_frame_that_is_cut_anywhere_is_refused():
    data = zstandard.ZstdCompressor(write_checksum=True).compress(b"hello, hello, hello " * 40)
    assert decompress(data, RAW_BYTES) == b"hello, hello, hello " * 40

    codes = {code_of(decompress, data[:length], RAW_BYTES) for length in range(len(data))}

    assert codes == {"compression"}


def nest(levels, width):
    return None if levels == 0 else [nest(levels - 1, width)] * width


def test_given_a_kilobyte_when_four_million_values_lie_behind_it_then_they_are_not_walked():
    raw = msgpack.packb([nest(2, 200)] * 100)
    packed = MAGIC + zstandard.ZstdCompressor(write_content_size=True).compress(raw)
    assert len(packed) < KIBIBYTE
    assert len(raw) > 4_000_000

    # Refused at the third level, not for its shape after all of it was looked at.
    assert code_of(decode_batch, packed) == "too_many_items"


def full(levels, width, leaf):
    """Bytes of arrays within arrays, ``width`` in each, and so many of ``leaf`` in the last."""
    data = leaf
    for _ in range(levels):
        data = b"\xdc" + width.to_bytes(2, "big") + data * width
    return data


@pytest.mark.parametrize("leaf", [b"\x90", b"\x80"], ids=["arrays", "maps"])
@pytest.mark.parametrize(
    ("levels", "width", "limits", "kept"),
    [
        (3, 160, RAW_LIMITS, MEBIBYTE),
        (4, 63, RELEASE_LIMITS, MEBIBYTE),
        (2, 2040, FILE_LIMITS, 8 * MEBIBYTE),
    ],
    ids=["a batch", "a release", "a file"],
)
def test_empty_containers_by_the_million_are_not_even_made(levels, width, limits, kept, leaf):
    data = full(levels, width, leaf)
    assert limits.size * 0.9 < len(data) <= limits.size

    tracemalloc.start()
    try:
        code = code_of(decode, data, limits)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert code == "too_many_items"
    assert peak < kept


def test_as_many_containers_are_made_as_the_levels_hold_and_never_more_than_65536():
    shallow = Limits(depth=2, items=3)
    assert (shallow.fitting, Limits(depth=1).fitting) == (1 + 64, 1)
    assert Limits(depth=2, items=200).fitting == 201
    assert FILE_LIMITS.fitting == FILE_LIMITS.containers == 65_536
    assert EVENT_LIMITS.fitting == EVENT_LIMITS.containers

    largest = msgpack.packb([[[]] * 15] * 4096)

    assert len(decode(encode([[]] * 3, shallow), shallow)) == 3
    assert 1 + 4096 * 16 == 65_537
    assert code_of(decode, largest, FILE_LIMITS) == "too_many_items"
    assert code_of(encode, [[[]] * 15] * 4096, FILE_LIMITS) == "too_many_items"
    assert len(decode(encode([[[]] * 14] * 4096, FILE_LIMITS), FILE_LIMITS)) == 4096


@pytest.mark.parametrize(
    "row",
    [
        None,
        0,
        "text",
        {},
        [],
        [b""],
        {"a": b""},
        [b"", bytes(64)],
        [b"", bytes(64), [None]],
        [b"", bytes(64), ["text"]],
        [b"", bytes(64), {}],
        ["", bytes(64), []],
        [b"", bytes(65), []],
        [b"", bytes(64), [], None],
    ],
    ids=str,
)
def test_content_of_another_shape_is_no_batch(row):
    packed = MAGIC + zstandard.ZstdCompressor().compress(encode(row))

    assert code_of(decode_batch, packed) == "schema"


def test_content_that_is_not_canonical_is_no_batch():
    honest = encode_batch(header(boots(1)), boots(1).frames, DEVICE)
    raw = decompress(honest[4:], RAW_BYTES)
    longer = b"\xdc\x00\x03" + raw[1:]

    assert code_of(decode_batch, MAGIC + zstandard.compress(longer)) == "not_canonical"
    assert code_of(decode_batch, MAGIC + zstandard.compress(raw + b"\x00")) == "malformed"


def test_more_on_the_wire_than_allowed_is_not_even_uncompressed():
    assert code_of(decode_batch, bytes(WIRE_BYTES + 1)) == "too_large"
    assert code_of(decode_batch, MAGIC + bytes(WIRE_BYTES - 4)) == "compression"


def test_201_frames_are_no_batch():
    row = encode([b"", bytes(64), [b""] * 201], FILE_LIMITS)

    assert code_of(decode_batch, MAGIC + zstandard.compress(row)) == "malformed"
