"""What is left to check of a message is exactly what checking all of it finds."""

import unicodedata
from enum import IntEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from core.domain.application import Claim, Wishes
from core.domain.school import Stage
from core.wire.batch import BatchHeader
from core.wire.bounds import INTEGER_MAX, Limits, check
from core.wire.fault import WireError
from core.wire.kind import BODIES, Boot
from core.wire.latitude import latitude
from core.wire.payload import DecisionPayload

LIMITS = Limits()
NARROW = Limits(depth=2, map_keys=2, items=2)
NOT_COMPOSED = unicodedata.normalize("NFD", "é")
Small = Annotated[int, Meta(ge=0, le=INTEGER_MAX)]


class Level(IntEnum):
    """A number by name, which the canonical form does not know."""

    LOW = 1


class Inner(msgspec.Struct, frozen=True):
    """One text."""

    text: str


class Outer(msgspec.Struct, frozen=True):
    """Something to look at behind something settled."""

    settled: bytes
    inner: Inner
    n: int = 0


class Sparse(msgspec.Struct, frozen=True):
    """Something that may be left out."""

    settled: bytes
    said: str | msgspec.UnsetType = msgspec.UNSET
    many: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    number: Small | msgspec.UnsetType = msgspec.UNSET


def code(look, *args):
    """Why it is refused; None when it is not."""
    try:
        look(*args)
    except WireError as error:
        return error.code
    return None


@pytest.mark.parametrize(
    "schema",
    [
        None,
        bool,
        bytes,
        Small,
        Annotated[int, Meta(ge=-INTEGER_MAX, le=INTEGER_MAX)],
        Literal["a", "b", 1, None],
        Stage,
        bytes | None,
        tuple[bytes, Small],
        Annotated[tuple[bytes, ...], Meta(max_length=4096)],
        BODIES["inbox.seen"],
    ],
)
def test_what_a_schema_settles_is_not_looked_at(schema):
    assert latitude(schema, LIMITS) is None


@pytest.mark.parametrize(
    ("schema", "value", "refused"),
    [
        (int, INTEGER_MAX, None),
        (int, INTEGER_MAX + 1, "integer_range"),
        (int, -INTEGER_MAX - 1, "integer_range"),
        (Annotated[int, Meta(ge=0)], INTEGER_MAX + 1, "integer_range"),
        (Annotated[int, Meta(le=0)], -INTEGER_MAX - 1, "integer_range"),
        (Annotated[int, Meta(ge=-(2**60), le=0)], -INTEGER_MAX - 1, "integer_range"),
        (Annotated[int, Meta(ge=0, le=2**60)], INTEGER_MAX + 1, "integer_range"),
        (str, "介聘", None),
        (str, NOT_COMPOSED, "not_nfc"),
        (Literal["é"], "é", None),
        (str | None, None, None),
        (str | None, NOT_COMPOSED, "not_nfc"),
        (str | int, NOT_COMPOSED, "not_nfc"),
        (str | int, INTEGER_MAX + 1, "integer_range"),
        (str | int, "介", None),
        (str | tuple[int, ...], (1, 2), None),
        (str | tuple[int, ...], (1, INTEGER_MAX + 1), "integer_range"),
        (Any, [[1], {"a": [2]}], None),
        (dict[str, int], {"a": 1}, None),
        (Level, Level.LOW, "type_not_allowed"),
        (float, 1.0, "type_not_allowed"),
        (Any, 1.0, "type_not_allowed"),
        (Any, {"b": 1, "a": 2}, "not_canonical"),
        (dict[str, str], {"a": NOT_COMPOSED}, "not_nfc"),
        (tuple[bytes, str], (b"", NOT_COMPOSED), "not_nfc"),
        (tuple[bytes, str], (b"", "介"), None),
        (tuple[str, ...], ("介", NOT_COMPOSED), "not_nfc"),
        (tuple[str, ...], ("介",) * 4097, "too_many_items"),
        (tuple[str, ...], ("介",) * 4096, None),
        (tuple[bytes, ...], (b"",) * 4096, None),
        (tuple[bytes, ...], (b"",) * 4097, "too_many_items"),
        (Annotated[tuple[bytes, ...], Meta(max_length=4097)], (b"",) * 4097, "too_many_items"),
        (Annotated[tuple[str, ...], Meta(max_length=2)], ("介", NOT_COMPOSED), "not_nfc"),
        (tuple[int, ...], (1, INTEGER_MAX + 1), "integer_range"),
        (tuple[int, ...], (), None),
        (Outer, Outer(b"", Inner("介")), None),
        (Outer, Outer(b"", Inner(NOT_COMPOSED)), "not_nfc"),
        (Outer, Outer(b"", Inner(""), INTEGER_MAX + 1), "integer_range"),
        (Boot, Boot(software=NOT_COMPOSED, unclean=True), "not_nfc"),
        (Sparse, Sparse(b""), None),
        (Sparse, Sparse(b"", said="介", many=(), number=1), None),
        (Sparse, Sparse(b"", said=NOT_COMPOSED), "not_nfc"),
        (Sparse, Sparse(b"", many=(NOT_COMPOSED,)), "not_nfc"),
    ],
)
def test_the_rest_is_found_as_checking_everything_finds_it(schema, value, refused):
    look = latitude(schema, LIMITS)

    assert look is not None
    assert code(look, value) == code(check, value, LIMITS.depth, LIMITS) == refused


@pytest.mark.parametrize(
    ("schema", "value", "refused"),
    [
        (Outer, Outer(b"", Inner("")), "too_many_items"),
        (Inner, Inner(""), None),
        (tuple[Inner], (Inner(""),), None),
        (tuple[tuple[Inner]], ((Inner(""),),), "too_deep"),
        (tuple[tuple[tuple[str]]], ((("",),),), "too_deep"),
        (tuple[tuple[tuple[bytes, ...]]], (((b"",),),), "too_deep"),
        (tuple[tuple[str, ...]], (("", ""),), None),
        (tuple[tuple[str, ...]], (("", "", ""),), "too_many_items"),
        (tuple[tuple[bytes, bytes, bytes]], ((b"", b"", b""),), "too_many_items"),
        (tuple[bytes, ...], (b"", b"", b""), "too_many_items"),
        (tuple[str | tuple[int, ...]], ((1, 2),), None),
        (tuple[tuple[str | tuple[int, ...]]], (((1,),),), "too_deep"),
        (tuple[Any], ([1],), None),
        (tuple[tuple[Any]], (([1],),), "too_deep"),
        (tuple[tuple[int, ...], ...], ((1, 2), (3, 2**60)), "integer_range"),
    ],
)
def test_tighter_limits_hold_at_every_level(schema, value, refused):
    look = latitude(schema, NARROW)

    assert look is not None
    assert code(look, value) == code(check, value, NARROW.depth, NARROW) == refused


@pytest.mark.parametrize("schema", [Claim, Wishes, BatchHeader, DecisionPayload])
def test_only_numbers_and_texts_of_a_message_are_looked_at(schema):
    empty = {field.encode_name: None for field in msgspec.structs.fields(schema)}

    assert empty
    assert (latitude(schema, LIMITS) is None) == (schema is BatchHeader)
