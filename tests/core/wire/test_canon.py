"""PROTOCOL 2.2: one value, one encoding; everything else is refused."""

from typing import Annotated, Literal

import msgpack
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.school import Stage
from core.wire.canon import (
    EVENT_LIMITS,
    FILE_LIMITS,
    INTEGER_MAX,
    Limits,
    decode,
    encode,
    from_wire,
    to_wire,
    typed,
)
from core.wire.fault import WireError
from tests.core.wire.literals import BYTE_STRINGS, LARGE, LITERALS, REFUSED, TOO_MUCH
from tests.core.wire.refusing import code_of
from tests.core.wire.strategies import altered, texts, values

SMALL = Limits(size=100, depth=2, map_keys=2, items=3)
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
        (0.0, "type_not_allowed"),
        (float("nan"), "type_not_allowed"),
        ({1, 2}, "type_not_allowed"),
        (msgpack.Timestamp(0), "type_not_allowed"),
        (bytearray(b"a"), "type_not_allowed"),
        (memoryview(b"a"), "type_not_allowed"),
        (object(), "type_not_allowed"),
        ({"a": [1.5]}, "type_not_allowed"),
        (["a", 1.5], "type_not_allowed"),
        (INTEGER_MAX + 1, "integer_range"),
        (-INTEGER_MAX - 1, "integer_range"),
        (2**200, "integer_range"),
        ("e\u0301", "not_nfc"),
        ({"e\u0301": 1}, "not_nfc"),
        ("\ud800", "not_utf8"),
        (["a", "e\u0301"], "not_nfc"),
        (["a", "\ud800"], "not_utf8"),
        ({"\udfff": 1}, "not_utf8"),
        ({1: 1}, "key_not_text"),
        ({b"a": 1}, "key_not_text"),
        ({None: 1}, "key_not_text"),
        ({"a": 1, 2: 2}, "key_not_text"),
        ([[[[[[[[["a"]]]]]]]]], "too_deep"),
        (["a"] * 4097, "too_many_items"),
        ({str(n): n for n in range(65)}, "too_many_items"),
        ({"a": [[[[[[[{}]]]]]]]}, "too_deep"),
        (b"\x00" * 65534, "too_large"),
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
    assert code_of(decode, encode(value), SMALL) == code


def test_keys_stand_in_the_order_of_their_bytes_whatever_order_they_came_in():
    value = {"b": 1, "聘": 2, "": 3, "aa": 4, "a": 5, "B": 6}

    data = encode(value)

    assert list(decode(data)) == ["", "B", "a", "aa", "b", "聘"]
    assert data.hex() == "86a003a14206a16105a2616104a16201a3e8819802"


def test_the_limits_themselves_are_allowed():
    deepest = [[[[[[[[]]]]]]]]
    widest = {f"{n:02}": 0 for n in range(64)}
    longest = [0] * EVENT_LIMITS.values
    largest = b"\x00" * (EVENT_LIMITS.size - 3)
    longer = [0] * FILE_LIMITS.items

    for value in (deepest, widest, longest, largest):
        assert decode(encode(value)) == value
    assert decode(encode(longer, FILE_LIMITS), FILE_LIMITS) == longer


@pytest.mark.parametrize("mark", ["\u0301", "\u0307", "\u0323", "\u3099"])
def test_a_text_that_begins_with_a_mark_composes_with_no_text_before_it(mark):
    value = ["a", f"{mark}b", f"X{chr(0x3042)}", mark]

    assert decode(encode(value)) == value
    assert decode(encode({"k": value, "l": mark})) == {"k": value, "l": mark}


def nested(levels):
    """Maps in maps."""
    return {"a": nested(levels - 1)} if levels > 1 else {}


def test_maps_nest_as_deep_as_arrays_do():
    assert decode(encode(nested(8))) == nested(8)
    assert code_of(encode, nested(9)) == "too_deep"
    nine = b"\x81\xa1a" * 8 + b"\x80"
    assert code_of(decode, nine) == "too_deep"


def test_a_message_keeps_to_the_limits_of_whoever_writes_and_reads_it():
    large = typed(GOOD | {"name": "a" * EVENT_LIMITS.size}, Message)

    data = to_wire(large, FILE_LIMITS)

    assert from_wire(data, Message, FILE_LIMITS) == large
    assert code_of(to_wire, large) == "too_large"
    assert code_of(from_wire, data, Message) == "too_large"


def test_a_message_of_exactly_the_size_is_read_and_one_byte_more_is_not():
    fits = encode(b"\x00" * 98, SMALL)

    assert decode(fits, SMALL) == b"\x00" * 98
    assert code_of(encode, b"\x00" * 99, SMALL) == "too_large"
    assert code_of(decode, encode(b"\x00" * 99), SMALL) == "too_large"


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message of every type of field that occurs."""

    v: Literal[1]
    size: Annotated[int, msgspec.Meta(ge=0)]
    name: str
    key: Annotated[bytes, msgspec.Meta(min_length=2, max_length=2)]
    stage: Stage
    flag: bool
    rows: tuple[tuple[str, int | None], ...]
    other: bytes | None


GOOD = {
    "v": 1,
    "size": 0,
    "name": "介",
    "key": b"ab",
    "stage": "elementary",
    "flag": True,
    "rows": [["a", None]],
    "other": None,
}


def test_a_message_goes_there_and_back():
    message = typed(GOOD, Message)

    data = to_wire(message)

    assert decode(data) == GOOD
    assert data.hex() == (
        "88a4666c6167c3a36b6579c4026162a46e616d65a3e4bb8ba56f74686572c0a4726f77739192a161c0"
        "a473697a6500a57374616765aa656c656d656e74617279a17601"
    )
    assert from_wire(data, Message) == message
    assert (message.stage, message.rows) == (Stage.ELEMENTARY, (("a", None),))


@pytest.mark.parametrize("field", GOOD)
def test_a_message_without_one_of_its_fields_is_refused(field):
    value = {name: each for name, each in GOOD.items() if name != field}

    assert code_of(from_wire, encode(value), Message) == "schema"


@pytest.mark.parametrize(
    "change",
    [
        {"extra": None},
        {"v": 2},
        {"v": True},
        {"v": "1"},
        {"size": -1},
        {"size": True},
        {"size": "0"},
        {"size": None},
        {"name": b"a"},
        {"name": 1},
        {"key": "ab"},
        {"key": b"a"},
        {"key": b"abc"},
        {"stage": "university"},
        {"stage": None},
        {"flag": 1},
        {"flag": None},
        {"rows": {}},
        {"rows": [["a"]]},
        {"rows": [["a", 1, 2]]},
        {"rows": [["a", True]]},
        {"other": ""},
    ],
    ids=str,
)
def test_a_message_of_another_shape_is_refused(change):
    assert code_of(from_wire, encode(GOOD | change), Message) == "schema"


@pytest.mark.parametrize("value", [None, 1, "a", b"a", [], [1, 2]])
def test_something_else_than_a_map_is_not_a_message(value):
    assert code_of(from_wire, encode(value), Message) == "schema"


@given(values)
def test_what_is_encoded_decodes_to_the_same(value):
    data = encode(value)

    assert decode(data) == value
    assert encode(decode(data)) == data


@given(st.data())
def test_altered_bytes_are_refused_or_are_themselves_canonical(data):
    spoiled = data.draw(altered(encode(data.draw(values))))

    try:
        value = decode(spoiled)
    except WireError:
        return

    assert encode(value) == spoiled


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_are_themselves_canonical(data):
    try:
        value = decode(data)
    except WireError:
        return

    assert encode(value) == data


@given(st.dictionaries(texts, st.integers(0, 9), max_size=12), st.randoms(use_true_random=False))
def test_the_order_in_which_a_map_was_filled_never_matters(value, rng):
    keys = sorted(value, key=lambda _: rng.random())

    assert encode({key: value[key] for key in keys}) == encode(value)


@given(values)
def test_other_libraries_read_the_same_value(value):
    assert msgpack.unpackb(encode(value), strict_map_key=True) == value
