"""TTC-1, the one canonical form of every signed byte string (PROTOCOL 2.2).

A subset of MessagePack with exactly one encoding per value: nil, bool, integers in ±2⁵³, NFC
strings, byte strings, arrays,
and maps with string keys in strict byte order. It refuses to know what the values mean.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgpack
import msgspec

from core.wire.fault import WireError

INTEGER_MAX = 2**53
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a decoder accepts at most.

    Bytes in all, levels of nesting, keys in a map, items in an array.
    """

    size: int = 64 * 1024
    depth: int = 8
    map_keys: int = 64
    items: int = 4096


EVENT_LIMITS = Limits()
FILE_LIMITS = Limits(size=4 * 1024 * 1024)


def encode(value: object, limits: Limits = EVENT_LIMITS) -> bytes:
    """The only TTC-1 bytes of ``value``.

    Raises:
        WireError: The value has a float, a string that is not NFC or not UTF-8, or exceeds a
        limit.
    """
    try:
        data: bytes = msgpack.packb(_ordered(value, limits.depth, limits), use_bin_type=True)
    except UnicodeEncodeError as error:
        raise WireError("not_utf8") from error  # half of a surrogate pair
    if len(data) > limits.size:
        raise WireError("too_large")
    return data


def decode(data: bytes, limits: Limits = EVENT_LIMITS) -> Any:  # noqa: ANN401
    """The value of canonical bytes; anything that would encode differently is refused.

    Raises:
        WireError: ``too_large``, ``malformed`` or ``not_canonical``.
    """
    if len(data) > limits.size:
        raise WireError("too_large")
    try:
        value = msgpack.unpackb(
            data,
            raw=False,
            strict_map_key=True,
            object_pairs_hook=_unique,
            ext_hook=_refuse_extension,
            max_array_len=limits.items,
            max_map_len=limits.map_keys,
            max_str_len=limits.size,
            max_bin_len=limits.size,
            max_ext_len=0,
        )
    except WireError:
        raise
    except (ValueError, TypeError, msgpack.UnpackException, RecursionError) as error:
        raise WireError("malformed") from error
    if encode(value, limits) != data:
        raise WireError("not_canonical")
    return value


def to_wire(message: msgspec.Struct, limits: Limits = EVENT_LIMITS) -> bytes:
    """Canonical bytes of a wire message."""
    return encode(msgspec.to_builtins(message, builtin_types=(bytes,)), limits)


def from_wire(data: bytes, schema: type[T], limits: Limits = EVENT_LIMITS) -> T:
    """Decode strictly, then convert to ``schema``.

    Raises:
        WireError: As `decode`, or ``schema`` when the value has another shape.
    """
    return typed(decode(data, limits), schema)


def typed(value: object, schema: type[T]) -> T:
    """A decoded value as ``schema``; unknown, missing and mistyped fields are refused.

    Raises:
        WireError: ``schema``.
    """
    try:
        return msgspec.convert(value, schema, strict=True, builtin_types=(bytes,))
    except msgspec.ValidationError as error:
        raise WireError("schema") from error


def _ordered(value: object, depth: int, limits: Limits) -> object:
    match value:
        case None | bool() | bytes():
            return value
        case int():
            if not -INTEGER_MAX <= value <= INTEGER_MAX:
                raise WireError("integer_range")
            return value
        case str():
            if not unicodedata.is_normalized("NFC", value):
                raise WireError("not_nfc")
            return value
        case list() | tuple():
            return _array(value, depth, limits)
        case dict():
            return _map(value, depth, limits)
        case _:
            raise WireError("type_not_allowed")


def _array(value: Sequence[object], depth: int, limits: Limits) -> list[object]:
    if depth == 0 or len(value) > limits.items:
        raise WireError("too_deep" if depth == 0 else "too_many_items")
    return [_ordered(item, depth - 1, limits) for item in value]


def _map(value: dict[Any, object], depth: int, limits: Limits) -> dict[str, object]:
    if depth == 0 or len(value) > limits.map_keys:
        raise WireError("too_deep" if depth == 0 else "too_many_items")
    if not all(isinstance(key, str) for key in value):
        raise WireError("key_not_text")
    keys = sorted(value, key=lambda key: key.encode("utf-8", "surrogatepass"))
    for key in keys:
        _ordered(key, depth, limits)
    return {key: _ordered(value[key], depth - 1, limits) for key in keys}


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise WireError("duplicate_key")
    return found


def _refuse_extension(_code: int, _data: bytes) -> object:
    raise WireError("type_not_allowed")
