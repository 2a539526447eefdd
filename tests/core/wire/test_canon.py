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
from tests.core.wire.strategies import altered, texts, values

SMALL = Limits(size=100, depth=2, map_keys=2, items=3)


def code_of(function, *args):
    """The code of the refusal; there has to be one."""
    with pytest.raises(WireError) as refused:
        function(*args)
    assert str(refused.value) == refused.value.code
    return refused.value.code


LITERALS = [
    (None, "c0"),
    (False, "c2"),
    (True, "c3"),
    (0, "00"),
    (1, "01"),
    (0x7F, "7f"),
    (0x80, "cc80"),
    (0xFF, "ccff"),
    (0x100, "cd0100"),
    (0xFFFF, "cdffff"),
    (0x10000, "ce00010000"),
    (0xFFFFFFFF, "ceffffffff"),
    (0x100000000, "cf0000000100000000"),
    (2**53, "cf0020000000000000"),
    (-1, "ff"),
    (-0x20, "e0"),
    (-0x21, "d0df"),
    (-0x80, "d080"),
    (-0x81, "d1ff7f"),
    (-0x8000, "d18000"),
    (-0x8001, "d2ffff7fff"),
    (-0x80000000, "d280000000"),
    (-0x80000001, "d3ffffffff7fffffff"),
    (-(2**53), "d3ffe0000000000000"),
    ("", "a0"),
    ("a", "a161"),
    ("介聘", "a6e4bb8be88198"),
    ("é", "a2c3a9"),
    ("𠮷", "a4f0a0aeb7"),
    ("a" * 0x1F, "bf" + "61" * 0x1F),
    ("a" * 0x20, "d920" + "61" * 0x20),
    ("a" * 0x7F, "d97f" + "61" * 0x7F),
    ("a" * 0x80, "d980" + "61" * 0x80),
    ("a" * 0xFF, "d9ff" + "61" * 0xFF),
    ("a" * 0x100, "da0100" + "61" * 0x100),
    ("a" * 0xFFFF, "daffff" + "61" * 0xFFFF),
    ("a" * 0x10000, "db00010000" + "61" * 0x10000),
    (b"", "c400"),
    (b"\x00", "c40100"),
    (b"\x07" * 0x7F, "c47f" + "07" * 0x7F),
    (b"\x07" * 0x80, "c480" + "07" * 0x80),
    (b"\x07" * 0xFF, "c4ff" + "07" * 0xFF),
    (b"\x07" * 0x100, "c50100" + "07" * 0x100),
    (b"\x07" * 0xFFFF, "c5ffff" + "07" * 0xFFFF),
    (b"\x07" * 0x10000, "c600010000" + "07" * 0x10000),
    ([], "90"),
    ([1, [2]], "92019102"),
    ([0] * 0xF, "9f" + "00" * 0xF),
    ([0] * 0x10, "dc0010" + "00" * 0x10),
    ([0] * 0xFF, "dc00ff" + "00" * 0xFF),
    ([0] * 0x100, "dc0100" + "00" * 0x100),
    ([0] * 4096, "dc1000" + "00" * 4096),
    ({}, "80"),
    ({"a": 1, "b": None}, "82a16101a162c0"),
    ({"介": {"聘": b"\x01"}}, "81a3e4bb8b81a3e88198c40101"),
]


@pytest.mark.parametrize(
    ("value", "expected"),
    LITERALS,
    ids=[f"{hexed[:10]}-{len(hexed) // 2}" for _, hexed in LITERALS],
)
def test_each_value_has_these_bytes_and_these_bytes_are_that_value(value, expected):
    data = encode(value, FILE_LIMITS)

    back = decode(bytes.fromhex(expected), FILE_LIMITS)

    assert data.hex() == expected
    assert (back, type(back)) == (value, type(value))


@pytest.mark.parametrize(("keys", "prefix"), [(15, "8f"), (16, "de0010"), (64, "de0040")])
def test_a_maps_head_grows_with_its_keys(keys, prefix):
    value = {f"{n:02}": n for n in range(keys)}

    data = encode(value)

    pairs = "".join("a2" + f"{n:02}".encode().hex() + f"{n:02x}" for n in range(keys))
    assert data.hex() == prefix + pairs
    assert decode(data) == value


def test_keys_stand_in_the_order_of_their_bytes_whatever_order_they_came_in():
    value = {"b": 1, "聘": 2, "": 3, "aa": 4, "a": 5, "B": 6}

    data = encode(value)

    assert list(decode(data)) == ["", "B", "a", "aa", "b", "聘"]
    assert data.hex() == "86a003a14206a16105a2616104a16201a3e8819802"


def test_a_tuple_is_an_array():
    assert encode((1, (2,))) == encode([1, [2]])


REFUSED = {
    "nothing": ("", "malformed"),
    "a byte msgpack never uses": ("c1", "malformed"),
    "a float": ("ca3f800000", "type_not_allowed"),
    "a double": ("cb3ff0000000000000", "type_not_allowed"),
    "not a number": ("cb7ff8000000000000", "type_not_allowed"),
    "infinity": ("cb7ff0000000000000", "type_not_allowed"),
    "a float inside": ("9181a161ca00000000", "type_not_allowed"),
    "an extension of one byte": ("d40100", "malformed"),
    "an extension of no byte": ("c70001", "type_not_allowed"),
    "an extension of 16 bytes": ("d805" + "00" * 16, "malformed"),
    "an extension with a long length": ("c9ffffffff01", "malformed"),
    "a timestamp of 4 bytes": ("d6ff00000000", "malformed"),
    "a timestamp of 8 bytes": ("d7ff" + "00" * 8, "malformed"),
    "a timestamp of 12 bytes": ("c70cff" + "00" * 12, "malformed"),
    "a key twice": ("82a16101a16101", "duplicate_key"),
    "a key twice deeper down": ("9181a16282a16101a16102", "duplicate_key"),
    "an integer as uint 8 that fits in 7 bits": ("cc7f", "not_canonical"),
    "an integer as uint 16 that fits in 8": ("cd00ff", "not_canonical"),
    "an integer as uint 32 that fits in 16": ("ce0000ffff", "not_canonical"),
    "an integer as uint 64 that fits in 32": ("cf00000000ffffffff", "not_canonical"),
    "a positive integer as int 8": ("d07f", "not_canonical"),
    "a negative integer as int 8 that fits in 5 bits": ("d0e0", "not_canonical"),
    "a negative integer as int 16 that fits in 8": ("d1ff80", "not_canonical"),
    "a negative integer as int 32 that fits in 16": ("d2ffff8000", "not_canonical"),
    "a negative integer as int 64 that fits in 32": ("d3ffffffff80000000", "not_canonical"),
    "a positive integer as int 64": ("d30020000000000000", "not_canonical"),
    "an integer above 2^53": ("cf0020000000000001", "integer_range"),
    "the largest uint 64": ("cf" + "ff" * 8, "integer_range"),
    "an integer below -2^53": ("d3ffdfffffffffffff", "integer_range"),
    "the smallest int 64": ("d38000000000000000", "integer_range"),
    "a string as str 8 that fits in 5 bits": ("d91f" + "61" * 0x1F, "not_canonical"),
    "a string as str 16 that fits in 8": ("da00ff" + "61" * 0xFF, "not_canonical"),
    "a string as str 32 that fits in 16": ("db00000001" + "61", "not_canonical"),
    "bytes as bin 16 that fit in 8": ("c500ff" + "07" * 0xFF, "not_canonical"),
    "bytes as bin 32 that fit in 16": ("c60000000107", "not_canonical"),
    "an array as array 16 that fits in 4 bits": ("dc000100", "not_canonical"),
    "an array as array 32 that fits in 16": ("dd0000000100", "not_canonical"),
    "a map as map 16 that fits in 4 bits": ("de0001a16100", "not_canonical"),
    "a map as map 32 that fits in 16": ("df00000001a16100", "not_canonical"),
    "a key that is longer than needed": ("81d9016100", "not_canonical"),
    "keys out of order": ("82a16201a16101", "not_canonical"),
    "an integer key": ("810101", "malformed"),
    "a nil key": ("81c001", "malformed"),
    "an array key": ("819001", "malformed"),
    "a map key": ("818001", "malformed"),
    "a key of bytes": ("81c4016101", "key_not_text"),
    "a decomposed letter": ("a365cc81", "not_nfc"),
    "a decomposed letter in a key": ("81a365cc8101", "not_nfc"),
    "a compatibility ideograph": ("a3efa480", "not_nfc"),
    "a string cut inside a letter": ("a2e4bb", "malformed"),
    "half of a surrogate pair": ("a3eda080", "malformed"),
    "a surrogate pair as two letters": ("a6eda1b2edbeb7", "malformed"),
    "half of a surrogate pair in a key": ("81a3eda08001", "malformed"),
    "an overlong zero": ("a2c080", "malformed"),
    "a byte that is no UTF-8": ("a1ff", "malformed"),
    "a byte behind": ("c0c0", "malformed"),
    "an array that ends early": ("9200", "malformed"),
    "a string that ends early": ("a261", "malformed"),
    "bytes that end early": ("c40261", "malformed"),
    "a map without its value": ("81a161", "malformed"),
    "a length without content": ("dbffffffff", "malformed"),
    "nine levels of arrays": ("91" * 8 + "90", "too_deep"),
    "nine levels of maps": ("81a161" * 8 + "80", "too_deep"),
    "a hundred thousand levels": ("91" * 60_000, "malformed"),
    "4097 items": ("dc1001" + "00" * 4097, "malformed"),
    "as many items as can be said": ("ddffffffff", "malformed"),
    "65 keys": (
        "de0041" + "".join(f"a2{n:02x}{n % 10 + 48:02x}00" for n in range(65)),
        "malformed",
    ),
    "as many keys as can be said": ("dfffffffff", "malformed"),
    "one byte too many": ("c5fffe" + "00" * 65534, "too_large"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_canonical_is_refused(what):
    hexed, code = REFUSED[what]

    assert code_of(decode, bytes.fromhex(hexed)) == code


def test_given_a_canonical_value_when_it_is_cut_anywhere_then_it_is_refused():
    data = encode({"a": [1, "介", b"\x00" * 40, None, True, {"b": 2**40}], "z": -70_000})

    codes = {code_of(decode, data[:length]) for length in range(len(data))}

    assert codes == {"malformed"}


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0.0, "type_not_allowed"),
        (float("nan"), "type_not_allowed"),
        ({"a": [1.5]}, "type_not_allowed"),
        ({1, 2}, "type_not_allowed"),
        (bytearray(b"a"), "type_not_allowed"),
        (memoryview(b"a"), "type_not_allowed"),
        (object(), "type_not_allowed"),
        (msgpack.Timestamp(0), "type_not_allowed"),
        (INTEGER_MAX + 1, "integer_range"),
        (-INTEGER_MAX - 1, "integer_range"),
        (2**200, "integer_range"),
        ("e\u0301", "not_nfc"),
        ({"e\u0301": 1}, "not_nfc"),
        ("\ud800", "not_utf8"),
        ({"\udfff": 1}, "not_utf8"),
        ({1: 1}, "key_not_text"),
        ({None: 1}, "key_not_text"),
        ({b"a": 1}, "key_not_text"),
        ({"a": 1, 2: 2}, "key_not_text"),
        ([[[[[[[[[]]]]]]]]], "too_deep"),
        ({"a": [[[[[[[{}]]]]]]]}, "too_deep"),
        ([0] * 4097, "too_many_items"),
        ({str(n): n for n in range(65)}, "too_many_items"),
        (b"\x00" * 65534, "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isidentifier() else "value",
)
def test_what_has_no_canonical_bytes_is_not_encoded(value, code):
    assert code_of(encode, value) == code


def test_the_limits_themselves_are_allowed():
    deepest = [[[[[[[[]]]]]]]]
    widest = {f"{n:02}": 0 for n in range(64)}
    longest = [0] * 4096
    largest = b"\x00" * (EVENT_LIMITS.size - 3)

    for value in (deepest, widest, longest, largest):
        assert decode(encode(value)) == value


@pytest.mark.parametrize(
    ("value", "code"),
    [([[[]]], "too_deep"), ([0] * 4, "malformed"), ({"a": 0, "b": 0, "c": 0}, "malformed")],
)
def test_tighter_limits_bind_the_decoder_too(value, code):
    assert code_of(decode, encode(value), SMALL) == code


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
