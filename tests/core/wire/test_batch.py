"""Uploads (PROTOCOL 2.7): bounded before anything is parsed."""

import random
import struct
from dataclasses import replace

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from core.signature import SignatureType
from core.wire.batch import (
    _IDLE,
    EVENTS_AT_MOST,
    MAGIC,
    RAW_BYTES,
    WIRE_BYTES,
    BatchHeader,
    decode_batch,
    decompress,
    encode_batch,
    frames_hash,
)
from core.wire.canon import Limits, encode, to_wire
from core.wire.chain import follow
from core.wire.event import Cosignature, encode_frame, sign_event
from core.wire.fault import WireError
from tests.core.wire.messages import DEVICE, KEY, OTHER, ROOT, chain, sha, with_payload

FRAMES = chain(8)
WIDE = Limits(size=RAW_BYTES * 2, items=EVENTS_AT_MOST + 1)


def header(content=FRAMES, **changes):
    return BatchHeader(
        **{
            "dev": DEVICE,
            "inc": 1,
            "epoch": b"epoch--1",
            "first": 1,
            "prev": ROOT.hash,
            "n": len(content),
            "head": content[-1].hash if content else ROOT.hash,
            "last": len(content),
            "frames": frames_hash(encode_frame(each) for each in content),
            "nonce": b"n" * 16,
            "sent_m": 1000,
        }
        | changes
    )


def packed(raw, **options):
    """Wire bytes around any raw bytes."""
    settings = {"level": 3, "write_content_size": True} | options
    return MAGIC + zstandard.ZstdCompressor(**settings).compress(raw)


def row(frames=(b"frame",), frames_of=None, **changes):
    said = {"n": len(frames), "last": len(frames), "frames": frames_hash(frames_of or frames)}
    body = to_wire(header([], **said | changes))
    return encode([body, KEY.sign(SignatureType.BATCH, body), list(frames)], WIDE)


def test_a_batch_goes_there_and_back():
    data = encode_batch(header(), FRAMES, KEY)

    batch = decode_batch(data)

    assert batch.header == header()
    assert batch.open_frames() == tuple(FRAMES)
    assert batch.signed_by(KEY.public)
    assert not batch.signed_by(OTHER.public)
    assert data[:4] == b"TTB1"
    assert zstandard.get_frame_parameters(data[4:]).window_size <= 8 * 1024 * 1024


def test_what_was_spoilt_on_the_way_is_told_from_what_was_badly_made():
    honest = encode_batch(header(), FRAMES, KEY)

    for place in range(len(MAGIC), len(honest)):
        spoilt = bytearray(honest)
        spoilt[place] ^= 0xFF
        with pytest.raises(WireError, match=r"^(compression|too_large)$"):
            decode_batch(bytes(spoilt))


def test_what_unpacks_is_made_when_none_is_idle_and_used_again():
    _IDLE.clear()

    assert [decompress(GOOD[4:], 1000) for _ in range(3)] == [row()] * 3
    assert len(_IDLE) == 1


def test_a_header_is_these_bytes():
    assert (
        sha(to_wire(header())) == "9a033031a24011d9796a305926669066fb32ad5534f766b72757723c69cc87dd"
    )
    names = [
        "dev",
        "inc",
        "epoch",
        "from",
        "prev",
        "n",
        "head",
        "last",
        "frames",
        "nonce",
        "sent_m",
    ]
    assert list(msgspec.to_builtins(header(), builtin_types=(bytes,))) == names


def test_an_empty_batch_shows_where_a_machine_stands():
    batch = decode_batch(encode_batch(header([]), [], KEY))

    assert batch.open_frames() == ()
    assert batch.header.last == 0


@pytest.mark.parametrize("size", [1, 0x7F, 0x80, EVENTS_AT_MOST])
def test_every_size_up_to_the_limit_is_carried(size):
    frames = chain(size)

    assert decode_batch(encode_batch(header(frames), frames, KEY)).open_frames() == tuple(frames)


def test_one_entry_too_many_is_not_packed_and_not_unpacked():
    frames = chain(EVENTS_AT_MOST + 1)

    with pytest.raises(WireError):
        encode_batch(header(frames), frames, KEY)
    with pytest.raises(WireError):
        decode_batch(packed(row([b"f"] * (EVENTS_AT_MOST + 1))))


def big_frame(size):
    """A frame whose payload cannot be compressed."""
    noise = random.Random(size).randbytes(size)  # noqa: S311 - the same noise each time
    payload = encode({"noise": noise, "salt": b"s" * 16})
    return sign_event(with_payload(payload), KEY, payload)


def test_exactly_what_the_wire_allows_is_packed():
    """What cannot be compressed has a few bytes around it, the same few each time."""
    most = [big_frame(60_000 + number) for number in range(17)]
    around = len(encode_batch(header([*most, big_frame(1000)]), [*most, big_frame(1000)], KEY))
    fits, more = ([*most, big_frame(1000 + WIRE_BYTES - around + step)] for step in (0, 1))

    assert len(encode_batch(header(fits), fits, KEY)) == WIRE_BYTES
    with pytest.raises(WireError, match=r"^too_large$"):
        encode_batch(header(more), more, KEY)


def test_more_than_the_wire_allows_is_not_packed():
    frames = [big_frame(60_000 + number) for number in range(20)]

    with pytest.raises(WireError, match=r"^too_large$"):
        encode_batch(header(frames), frames, KEY)


def test_more_than_may_be_unpacked_is_not_packed():
    frames = [big_frame(60_000)] * 80

    with pytest.raises(WireError, match=r"^too_large$"):
        encode_batch(header(frames), frames, KEY)


GOOD = packed(row())
NAMES = "介聘".encode() * 50


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "magic"),
        (b"TTB2" + GOOD[4:], "magic"),
        (MAGIC, "compression"),
        (MAGIC + b"\x28\xb5\x2f\xfd", "compression"),
        (GOOD[:-1], "compression"),
        (GOOD + b"\x00", "compression"),
        (GOOD + GOOD[4:], "compression"),
        (MAGIC + b"not zstd at all", "compression"),
        (packed(row(), write_content_size=False), "too_large"),
        (packed(bytes(RAW_BYTES + 1)), "too_large"),
        (MAGIC + bytes(WIRE_BYTES), "too_large"),
        (packed(b"\xc1"), "malformed"),
        (packed(b"\x90"), "schema"),
        (packed(row(last=9)), "schema"),
        (packed(row(n=2)), "schema"),
        (packed(row(dev=b"short")), "schema"),
        (packed(row((b"other",), frames_of=(b"frame",))), "frames"),
        (packed(row(epoch=b"short")), "schema"),
        (packed(encode([b"\xc1", bytes(64), []])), "malformed"),
        (packed(encode([to_wire(header([])), bytes(63), []])), "schema"),
    ],
)
def test_what_is_no_batch_is_refused(data, code):
    with pytest.raises(WireError) as fault:
        decode_batch(data)

    assert fault.value.code == code


def test_frames_that_are_no_frames_are_told_when_they_are_opened():
    """The header's signature is checked before any frame is looked at."""
    batch = decode_batch(GOOD)

    assert batch.signed_by(KEY.public)
    with pytest.raises(WireError):
        batch.open_frames()


def test_what_hangs_beside_an_entry_is_under_the_headers_signature_too():
    """A cosignature that somebody spoilt on the way would be rejected for ever (ADR 0021)."""
    payload = encode({"salt": b"s" * 16})
    signed = sign_event(
        with_payload(payload), KEY, payload, (Cosignature(KEY.id, "ed25519", bytes(64)),)
    )
    spoilt = replace(signed, cosignatures=(Cosignature(KEY.id, "ed25519", b"x" * 64),))
    bare = replace(signed, payload=None)
    honest = decode_batch(encode_batch(header([signed]), [signed], KEY))
    body, signature = honest.header_bytes, honest.signature

    with pytest.raises(WireError, match=r"^frames$"):
        decode_batch(packed(encode([body, signature, [encode_frame(spoilt)]])))
    with pytest.raises(WireError, match=r"^frames$"):
        decode_batch(packed(encode([body, signature, [encode_frame(bare)]])))


def test_a_frame_that_lies_about_its_size_is_refused():
    """PROTOCOL 1: a one-shot call ignored the limit when the frame stated its size."""
    raw = bytes(1000)
    honest = zstandard.ZstdCompressor(level=3).compress(raw)
    place = honest.index(struct.pack("<H", 1000 - 256))
    for stated in (999, 1001, 60_000):
        liar = honest[:place] + struct.pack("<H", stated - 256) + honest[place + 2 :]
        with pytest.raises(WireError):
            decompress(liar, 2000)
    assert decompress(honest, 1000) == raw
    with pytest.raises(WireError, match=r"^too_large$"):
        decompress(honest, 999)


def test_a_bomb_is_refused_by_what_it_states():
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(64 * 1024 * 1024))

    assert len(bomb) < 10_000
    with pytest.raises(WireError, match=r"^too_large$"):
        decompress(bomb, RAW_BYTES)


def test_a_skippable_frame_that_looks_like_a_good_one_is_refused():
    """It states a size and ends where its blocks end, but holds nothing."""
    inside = (3 << 3 | 1).to_bytes(3, "little") + bytes(3)
    skippable = b"\x50\x2a\x4d\x18" + struct.pack("<I", len(inside)) + inside

    with pytest.raises(WireError, match=r"^compression$"):
        decompress(skippable, 100)


def test_a_window_larger_than_memory_is_refused():
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=25)
    compressor = zstandard.ZstdCompressor(compression_params=parameters)
    wide = compressor.compress(bytes(100))
    forced = bytearray(zstandard.ZstdCompressor(level=3, write_content_size=True).compress(b"x"))

    assert decompress(wide, 1000) == bytes(100)  # a small content needs no large window
    forged = b"\x28\xb5\x2f\xfd" + bytes([0x80, 0xA8]) + struct.pack("<I", 5) + forced[-4:]
    with pytest.raises(WireError, match=r"^compression$"):
        decompress(forged, 1000)


@pytest.mark.parametrize("checksum", [True, False])
def test_a_checksum_belongs_to_the_frame(checksum):
    data = zstandard.ZstdCompressor(level=3, write_checksum=checksum).compress(NAMES)

    assert decompress(data, 1000) == NAMES
    with pytest.raises(WireError, match=r"^compression$"):
        decompress(data + b"\x00", 1000)


def test_a_cosignature_no_signature_covers_cannot_be_spoilt_on_the_way():
    cosigned = Cosignature(key=b"k" * 16, algorithm="ed25519", signature=bytes(range(64)))
    frame = replace(FRAMES[0], cosignatures=(cosigned,))
    honest = encode_batch(header((frame,)), (frame,), KEY)
    sent = decode_batch(honest).frames

    for place in range(len(honest) * 8):
        spoilt = bytearray(honest)
        spoilt[place // 8] ^= 1 << place % 8
        try:
            read = decode_batch(bytes(spoilt)).frames
        except WireError:
            continue
        assert read == sent  # zstd has bits that mean nothing


def test_content_of_one_repeated_byte_is_carried():
    """An RLE block has one byte on the wire, whatever its size says."""
    data = zstandard.ZstdCompressor(level=1).compress(bytes(200_000))

    assert decompress(data, 300_000) == bytes(200_000)


@given(st.binary(max_size=400))
def test_whatever_bytes_come_they_are_a_batch_or_refused(data):
    for attempt in (data, MAGIC + data, MAGIC + b"\x28\xb5\x2f\xfd" + data):
        try:
            decode_batch(attempt)
        except WireError:
            continue
        raise AssertionError("random bytes were a batch")


@given(st.data())
def test_an_altered_batch_never_verifies(data):
    """PROTOCOL 4.2: bit flips in flight, 100 % rejected by signature."""
    altered = bytearray(encode_batch(header(), FRAMES, KEY))
    bit = data.draw(st.integers(0, len(altered) * 8 - 1))
    altered[bit // 8] ^= 1 << bit % 8
    try:
        batch = decode_batch(bytes(altered))
        frames = batch.open_frames()
    except WireError:
        return
    links, broken = follow(frames, KEY.public, DEVICE, ROOT)

    assert not batch.signed_by(KEY.public) or broken is not None or len(links) == len(FRAMES)
