"""A file by its difference from an older one (PROTOCOL 2.8a)."""

import random
import struct

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from core.wire.canon import FILE_LIMITS, to_wire
from core.wire.delta import decode_delta, encode_delta
from core.wire.fault import WireError
from core.wire.reference import ReferenceFile, SchoolRow
from tests.core.wire.refusing import code_of


def school(number, *, delegated):
    return SchoolRow(
        id=f"{number:06d}",
        name=f"市立測試{number}國小",
        short_name=f"測試{number}",
        county="01",
        township="測試區",
        stage="elementary",
        marks=(),
        delegated=delegated,
    )


def schools(changed=0):
    """A country of 3,700 schools; some of them are delegated this time."""
    rng = random.Random(1)  # noqa: S311 - the same country each time
    places = set(rng.sample(range(3700), changed))
    rows = tuple(school(number, delegated=number in places) for number in range(3700))
    return to_wire(ReferenceFile(kind="schools", schools=rows), FILE_LIMITS)


@given(st.binary(max_size=2000), st.binary(max_size=2000))
def test_what_is_made_of_the_old_file_is_the_new_one(older, newer):
    assert decode_delta(older, encode_delta(older, newer), len(newer)) == newer


def test_sixty_changed_schools_of_a_country_travel_in_a_kilobyte():
    older, newer = schools(), schools(changed=60)

    delta = encode_delta(older, newer)

    assert len(delta) <= 1024, (len(delta), len(newer))
    assert decode_delta(older, delta, len(newer)) == newer
    known = zstandard.ZstdCompressionDict(older, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    quicker = zstandard.ZstdCompressor(level=10, dict_data=known).compress(newer)
    assert len(delta) < len(quicker), "made once, sent to thousands"


def test_another_old_file_gives_another_result_or_none():
    older, newer = schools(), schools(changed=60)
    delta = encode_delta(older, newer)

    try:
        made = decode_delta(older[::-1], delta, len(newer))
    except WireError:
        return
    assert made != newer


def test_a_size_that_is_not_the_signed_one_is_refused():
    with pytest.raises(WireError, match=r"^file_size$"):
        decode_delta(b"old", encode_delta(b"old", b"newer"), 4)


def test_a_frame_that_does_not_state_its_size_is_refused():
    endless = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(100))

    with pytest.raises(WireError, match=r"^file_size$"):
        decode_delta(b"old", endless, 100)


def test_a_frame_to_be_skipped_that_looks_like_a_difference_is_refused():
    """It states a size and ends where its blocks end, but holds nothing."""
    inside = (3 << 3 | 1).to_bytes(3, "little") + bytes(3)
    skippable = b"\x50\x2a\x4d\x18" + struct.pack("<I", len(inside)) + inside

    assert code_of(decode_delta, b"old", skippable, len(inside)) == "file_size"


@pytest.mark.parametrize("cut", [0, 3, -1])
def test_bytes_that_are_no_frame_are_refused(cut):
    delta = encode_delta(b"old" * 50, b"newer" * 50)

    with pytest.raises(WireError):
        decode_delta(b"old" * 50, delta[:cut], 250)


def test_a_window_larger_than_we_unpack_is_refused():
    large = zstandard.ZstdCompressionParameters(window_log=25, write_content_size=True)
    chunks = zstandard.ZstdCompressor(compression_params=large).compressobj(size=64 * 1024 * 1024)
    data = chunks.compress(bytes(64 * 1024 * 1024)) + chunks.flush()

    with pytest.raises(WireError, match=r"^compression$"):
        decode_delta(b"old", data, 64 * 1024 * 1024)


def test_an_old_file_that_looks_like_a_trained_dictionary_is_taken_as_it_is():
    older = b"\x37\xa4\x30\xec" + bytes(range(256))

    assert decode_delta(older, encode_delta(older, older[::-1]), len(older)) == older[::-1]


@pytest.mark.parametrize(("log", "wide"), [(10, False), (23, False), (24, True), (31, True)])
def test_a_window_of_8_mib_is_granted_and_a_larger_one_is_not(log, wide):
    """A frame of one raw block that states its size in four bytes, and its window."""
    head = b"\x28\xb5\x2f\xfd\x80" + bytes(((log - 10) << 3,)) + struct.pack("<I", 5)
    frame = head + (5 << 3 | 1).to_bytes(3, "little") + b"hello"

    if wide:
        assert code_of(decode_delta, b"old", frame, 5) == "compression"
    else:
        assert decode_delta(b"old", frame, 5) == b"hello"


@pytest.mark.parametrize("size", [0, 4, 6, 2**40])
def test_a_difference_that_makes_another_size_is_refused(size):
    assert code_of(decode_delta, b"old", encode_delta(b"old", b"hello"), size) == "file_size"


def test_a_difference_whose_content_is_not_as_long_as_it_says_is_refused():
    honest = encode_delta(b"old", bytes(range(250)))
    place = honest.index(bytes((250,)))

    liar = honest[:place] + bytes((249,)) + honest[place + 1 :]

    assert code_of(decode_delta, b"old", liar, 249) in {"compression", "file_size"}


@pytest.mark.parametrize("data", [b"", b"\x28\xb5\x2f\xfd", b"not zstd at all"])
def test_what_is_no_difference_is_refused(data):
    assert code_of(decode_delta, b"old", data, 5) == "compression"
