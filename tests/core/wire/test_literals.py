"""Each form TTC-1 has and each it forbids, byte for byte (PROTOCOL 2.2)."""

import pytest

from core.wire.canon import FILE_LIMITS, Limits, decode, encode
from tests.core.wire.literals import BYTE_STRINGS, LARGE, LITERALS, REFUSED, TOO_MUCH
from tests.core.wire.refusing import code_of

ALL = [*LITERALS, *BYTE_STRINGS, *LARGE]
FORBIDDEN = REFUSED | TOO_MUCH


@pytest.mark.parametrize(
    ("value", "expected"), ALL, ids=[f"{hexed[:10]}-{len(hexed) // 2}" for _, hexed in ALL]
)
def test_each_value_has_these_bytes_and_these_bytes_are_that_value(value, expected):
    data = encode(value, FILE_LIMITS)

    back = decode(bytes.fromhex(expected), FILE_LIMITS)

    assert data.hex() == expected
    assert (back, type(back)) == (value, type(value))


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_is_not_canonical_is_refused(what):
    hexed, code = FORBIDDEN[what]

    assert code_of(decode, bytes.fromhex(hexed)) == code


@pytest.mark.parametrize(("value", "expected"), LITERALS + BYTE_STRINGS, ids=lambda _: "value")
def test_a_value_that_is_cut_anywhere_is_refused(value, expected):
    data = bytes.fromhex(expected)

    codes = {code_of(decode, data[:length]) for length in range(len(data))}

    assert codes == {"malformed"}, value


def test_a_tuple_is_an_array():
    assert encode((1, (2,), ("a", "b"))) == encode([1, [2], ["a", "b"]])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (bytearray(b"a"), "type_not_allowed"),
        (memoryview(b"a"), "type_not_allowed"),
        (object(), "type_not_allowed"),
        ({"a": [1.5]}, "type_not_allowed"),
        (["a", 1.5], "type_not_allowed"),
        (2**200, "integer_range"),
        (["a", "e\u0301"], "not_nfc"),
        (["a", "\ud800"], "not_utf8"),
        ({"\udfff": 1}, "not_utf8"),
        ({None: 1}, "key_not_text"),
        ({"a": 1, 2: 2}, "key_not_text"),
        ([[[[[[[[["a"]]]]]]]]], "too_deep"),
        (["a"] * 4097, "too_many_items"),
    ],
    ids=lambda value: value if isinstance(value, str) else "value",
)
def test_what_has_no_canonical_bytes_is_not_encoded(value, code):
    assert code_of(encode, value) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([[[]]], "too_deep"),
        ([[["a"]]], "too_deep"),
        ([0] * 4, "malformed"),
        ({"a": 0, "b": 0, "c": 0}, "malformed"),
        (b"\x00" * 99, "too_large"),
    ],
    ids=str,
)
def test_tighter_limits_bind_the_decoder_too(value, code):
    small = Limits(size=100, depth=2, map_keys=2, items=3)

    assert code_of(decode, encode(value), small) == code
