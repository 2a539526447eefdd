"""TTC-1 (PROTOCOL 2.2): one encoding per value; everything else is refused."""

import unicodedata

import msgpack
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wire.canon import Limits, decode, encode, from_wire, to_wire, typed
from core.wire.fault import WireError

MANY = Limits(size=1024 * 1024, depth=64)

VECTORS = [
    (None, "c0"),
    (False, "c2"),
    (True, "c3"),
    (0, "00"),
    (0x7F, "7f"),
    (0x80, "cc80"),
    (0xFF, "ccff"),
    (0x100, "cd0100"),
    (0xFFFF, "cdffff"),
    (0x10000, "ce00010000"),
    (2**32 - 1, "ceffffffff"),
    (2**32, "cf0000000100000000"),
    (2**53, "cf0020000000000000"),
    (-1, "ff"),
    (-32, "e0"),
    (-33, "d0df"),
    (-0x80, "d080"),
    (-0x81, "d1ff7f"),
    (-(2**53), "d3ffe0000000000000"),
    ("", "a0"),
    ("a", "a161"),
    ("介", "a3e4bb8b"),
    ("a" * 31, "bf" + "61" * 31),
    ("a" * 32, "d920" + "61" * 32),
    ("a" * 0xFF, "d9ff" + "61" * 0xFF),
    ("a" * 0x100, "da0100" + "61" * 0x100),
    (b"", "c400"),
    (b"\x7f", "c4017f"),
    (b"\x00" * 0xFF, "c4ff" + "00" * 0xFF),
    (b"\x00" * 0x100, "c50100" + "00" * 0x100),
    ([], "90"),
    ([1, [b"x"]], "920191c40178"),
    ([0] * 15, "9f" + "00" * 15),
    ([0] * 16, "dc0010" + "00" * 16),
    ({}, "80"),
    ({"b": 1, "a": 2}, "82a16102a16201"),
    ({"aa": 1, "b": 2}, "82a2616101a16202"),
    ({"ä": 1, "z": 2}, "82a17a02a2c3a401"),
]


@pytest.mark.parametrize(("value", "hexadecimal"), VECTORS)
def test_each_value_has_these_bytes_and_no_others(value, hexadecimal):
    data = bytes.fromhex(hexadecimal)

    assert encode(value) == data
    assert decode(data) == value
    assert type(decode(data)) is type(value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.0, "type_not_allowed"),
        (float("nan"), "type_not_allowed"),
        ({1, 2}, "type_not_allowed"),
        (msgpack.Timestamp(1), "type_not_allowed"),
        (2**53 + 1, "integer_range"),
        (-(2**53) - 1, "integer_range"),
        ("e\u0301", "not_nfc"),
        ({"e\u0301": 1}, "not_nfc"),
        ("\ud800", "not_utf8"),
        ({1: 2}, "key_not_text"),
        ({b"a": 2}, "key_not_text"),
        ([0] * 4097, "too_many_items"),
        ({str(n): n for n in range(65)}, "too_many_items"),
        ([[[[[[[[[]]]]]]]]], "too_deep"),
        ({"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {}}}}}}}}}, "too_deep"),
        (b"x" * 65536, "too_large"),
    ],
)
def test_what_has_no_canonical_bytes_is_refused(value, code):
    with pytest.raises(WireError) as fault:
        encode(value)

    assert fault.value.code == code


@pytest.mark.parametrize(
    "value",
    [
        [0] * 4096,
        {str(n): n for n in range(64)},
        [[[[[[[[]]]]]]]],
        b"x" * (65536 - 3),
    ],
)
def test_the_limits_themselves_are_allowed(value):
    assert decode(encode(value)) == value


@pytest.mark.parametrize(
    ("hexadecimal", "code"),
    [
        ("cc7f", "not_canonical"),  # 127 in two bytes
        ("cd00ff", "not_canonical"),
        ("d07f", "not_canonical"),  # a positive number as a signed one
        ("d9016100"[:6], "not_canonical"),  # a short string in the long form
        ("c500017f", "not_canonical"),
        ("dc000100", "not_canonical"),
        ("de0001a16101", "not_canonical"),
        ("82a16201a16102", "not_canonical"),  # keys out of order
        ("82a16101a16101", "duplicate_key"),
        ("82a16101a16102", "duplicate_key"),
        ("8101" + "01", "malformed"),  # a key that is no text
        ("81c4016101", "key_not_text"),
        ("ca3f800000", "type_not_allowed"),
        ("cb7ff8000000000000", "type_not_allowed"),  # NaN, which equals nothing, not even itself
        ("d40100", "malformed"),  # extension
        ("c70001", "type_not_allowed"),  # an empty one
        ("d6ff00000001", "malformed"),  # timestamp
        ("c1", "malformed"),
        ("", "malformed"),
        ("92", "malformed"),
        ("0000", "malformed"),  # something behind
        ("a1ff", "malformed"),  # not UTF-8
        ("a365cc81", "not_nfc"),
        ("cf0020000000000001", "integer_range"),
        ("dd7fffffff", "malformed"),
        ("df7fffffff", "malformed"),
        ("c67fffffff", "malformed"),
        ("db7fffffff", "malformed"),
        ("91" * 9 + "00", "too_deep"),
        ("91" * 2000 + "00", "malformed"),
        ("dc1001" + "00" * 4097, "malformed"),
    ],
)
def test_bytes_with_another_encoding_of_anything_are_refused(hexadecimal, code):
    with pytest.raises(WireError) as fault:
        decode(bytes.fromhex(hexadecimal))

    assert fault.value.code == code


def test_too_many_bytes_are_refused_before_they_are_read():
    with pytest.raises(WireError, match="too_large"):
        decode(b"\xc1" * 65537)


def test_hostile_bytes_never_reach_a_message():
    with pytest.raises(WireError) as fault:
        decode(b"\xa3abc\xff")

    assert str(fault.value) == "malformed"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(max_size=20).map(lambda text: unicodedata.normalize("NFC", text))
    | st.binary(max_size=300),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(alphabet="abcxyz介", max_size=5), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_encoded_is_decoded_to_the_same(value):
    data = encode(value, MANY)

    assert decode(data, MANY) == value
    assert encode(decode(data, MANY), MANY) == data


@given(st.binary(max_size=200))
def test_whatever_bytes_come_they_are_canonical_or_refused(data):
    try:
        value = decode(data)
    except WireError:
        return
    assert encode(value) == data


@given(VALUES, st.data())
def test_a_flipped_bit_is_another_value_or_refused(value, data):
    good = bytearray(encode(value, MANY))
    bit = data.draw(st.integers(0, len(good) * 8 - 1))
    good[bit // 8] ^= 1 << bit % 8
    try:
        other = decode(bytes(good), MANY)
    except WireError:
        return
    assert encode(other, MANY) == bytes(good)


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message."""

    n: int
    data: bytes
    rest: tuple[str, ...] = ()


def test_a_message_goes_there_and_back():
    message = Sample(n=1, data=b"\x80", rest=("介",))

    data = to_wire(message)

    assert data.hex() == "83a464617461c40180a16e01a47265737491a3e4bb8b"
    assert from_wire(data, Sample) == message


@pytest.mark.parametrize(
    "value",
    [
        {"n": 1},
        {"n": 1, "data": b"", "more": 1},
        {"n": "1", "data": b""},
        {"n": True, "data": b""},
        {"n": 1, "data": "text"},
        {"n": 1, "data": b"", "rest": [1]},
        [1, b""],
        None,
    ],
)
def test_another_shape_is_refused(value):
    with pytest.raises(WireError, match="schema"):
        typed(value, Sample)
