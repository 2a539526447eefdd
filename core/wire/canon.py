"""TTC-1, the one canonical form of every signed byte string (PROTOCOL 2.2).

A subset of MessagePack with exactly one encoding per value: nil, bool, integers in ±2⁵³, NFC
strings, byte strings, arrays,
and maps with string keys in strict byte order. It refuses to know what the values mean.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import msgpack
import msgspec

from core.wire.amount import Tally, check_amount, may_exceed
from core.wire.bounds import (
    EVENT_LIMITS,
    INTEGER_MAX,
    Limits,
    are_texts,
    check,
    check_integer,
    check_length,
    check_text,
)
from core.wire.fault import WireError
from core.wire.latitude import latitude

__all__ = [
    "EVENT_LIMITS",
    "FILE_LIMITS",
    "INTEGER_MAX",
    "NOT_SO_QUICKLY",
    "Limits",
    "decode",
    "encode",
    "from_wire",
    "quick",
    "to_wire",
    "typed",
]

T = TypeVar("T")


FILE_LIMITS = Limits(size=4 * 1024 * 1024)
# Sorted keys, shortest forms: what it makes of a value has one encoding, up to `check`.
_SORTED = msgspec.msgpack.Encoder(order="sorted")
NOT_SO_QUICKLY = (msgspec.MsgspecError, WireError, TypeError, ValueError, RecursionError)
"""What reading quickly may raise: the strict way says whether something is wrong, and what."""


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
    _check_written(value, data, limits)
    return data


def decode(data: bytes, limits: Limits = EVENT_LIMITS) -> Any:  # noqa: ANN401
    """The value of canonical bytes; anything that would encode differently is refused.

    Raises:
        WireError: ``too_large``, ``malformed`` or ``not_canonical``.
    """
    if len(data) > limits.size:
        raise WireError("too_large")
    try:
        return _quickly(data, Any, limits)
    except NOT_SO_QUICKLY:
        return _strictly(data, limits)


def _strictly(data: bytes, limits: Limits) -> Any:  # noqa: ANN401
    """As `decode` of at most so many bytes: bounds before it builds, and says what is wrong."""
    counted = Tally(limits)
    try:
        value = msgpack.unpackb(
            data,
            raw=False,
            list_hook=counted.array,
            object_pairs_hook=counted.map,
            ext_hook=_refuse_extension,
            max_array_len=limits.items,
            max_map_len=limits.map_keys,
            max_ext_len=0,
        )
    except WireError:
        raise
    except (ValueError, TypeError, msgpack.UnpackException, RecursionError) as error:
        raise WireError("malformed") from error
    check(value, limits.depth, limits)
    # What is in order already needs no second value to be compared with the first.
    if msgpack.packb(value, use_bin_type=True) != data:
        raise WireError("not_canonical")
    return value


def to_wire(message: msgspec.Struct, limits: Limits = EVENT_LIMITS) -> bytes:
    """Canonical bytes of a wire message.

    Raises:
        WireError: As `encode`.
    """
    try:
        check(message, limits.depth, limits)
        data = _SORTED.encode(message)
    except NOT_SO_QUICKLY:  # such as a map that is not in order yet
        return encode(msgspec.to_builtins(message, builtin_types=(bytes,)), limits)
    _check_written(message, data, limits)
    return data


def from_wire(data: bytes, schema: type[T], limits: Limits = EVENT_LIMITS) -> T:
    """Decode strictly, then convert to ``schema``.

    Raises:
        WireError: As `decode`, or ``schema`` when the value has another shape.
    """
    if len(data) > limits.size:
        raise WireError("too_large")
    try:
        message: T = _quickly(data, schema, limits)
    except NOT_SO_QUICKLY:
        return typed(_strictly(data, limits), schema)
    return message


def quick(schema: type[T], limits: Limits = EVENT_LIMITS) -> Callable[[bytes], T | None]:
    """What reads messages that are small and in order, which nearly all are, without delay.

    It gives what `from_wire` gives, or None: then `from_wire` says what is wrong, if anything is.
    """
    read: Callable[[bytes], T] = _reader(schema, limits)

    def read_quickly(data: bytes) -> T | None:
        try:
            message = read(data)
        except NOT_SO_QUICKLY:
            return None
        return message

    return read_quickly


def _quickly(data: bytes, schema: Any, limits: Limits) -> Any:  # noqa: ANN401
    """What `from_wire` gives for what is small and in order.

    Raises:
        Exception: One of `NOT_SO_QUICKLY`; of what is refused this does not say why.
    """
    return _cached_reader(schema, limits)(data)


def _reader(schema: Any, limits: Limits) -> Callable[[bytes], Any]:  # noqa: ANN401
    """`_quickly` of one schema: what reading by it does not check was found out before."""
    decode_as, again = msgspec.msgpack.Decoder(schema).decode, _SORTED.encode
    look = latitude(schema, limits)
    size = min(limits.size, EVENT_LIMITS.size)  # many small items would take too much room
    counting, containers, values = may_exceed(schema, size, limits), limits.fitting, limits.values

    def read(data: bytes) -> Any:  # noqa: ANN401
        if len(data) > size:
            raise WireError("too_large")
        value = decode_as(data)
        if counting:
            check_amount(value, containers, values)
        if again(value) != data:
            raise WireError("not_canonical")
        if look is not None:
            look(value)
        return value

    return read


_cached_reader = cache(_reader)


def typed(value: object, schema: type[T]) -> T:
    """A decoded value as ``schema``; unknown, missing and mistyped fields are refused.

    Raises:
        WireError: ``schema``.
    """
    try:
        message = msgspec.convert(value, schema, strict=True, builtin_types=(bytes,))
    except msgspec.ValidationError as error:
        raise WireError("schema") from error
    # msgspec takes a tagged message without its tag, which would then encode to other bytes.
    field = getattr(getattr(schema, "__struct_config__", None), "tag_field", None)
    if field is not None and not (isinstance(value, dict) and field in value):
        raise WireError("schema")
    return message


def _ordered(value: object, depth: int, limits: Limits) -> object:
    """The value with every map's keys in order."""
    match value:
        case None | bool() | bytes():
            return value
        case int():
            check_integer(value)
            return value
        case str():
            check_text(value)
            return value
        case list() | tuple():
            check_length(len(value), limits.items, depth)
            if are_texts(value):
                return value
            return [_ordered(item, depth - 1, limits) for item in value]
        case dict():
            keys = _checked_keys(value, depth, limits)
            return {key: _ordered(value[key], depth - 1, limits) for key in keys}
        case _:
            raise WireError("type_not_allowed")


def _checked_keys(value: dict[Any, object], depth: int, limits: Limits) -> list[str]:
    """The keys in order: that of code points, which is that of their UTF-8 bytes."""
    check_length(len(value), limits.map_keys, depth)
    for key in value:
        if not isinstance(key, str):
            raise WireError("key_not_text")
        check_text(key)
    return sorted(value)


def _check_written(value: object, data: bytes, limits: Limits) -> None:
    """Refuse to write what nobody reads."""
    if len(data) > limits.size:
        raise WireError("too_large")
    if len(data) > min(limits.containers, limits.values):  # each is a byte at least
        check_amount(value, limits.fitting, limits.values)


def _refuse_extension(_code: int, _data: bytes) -> object:
    raise WireError("type_not_allowed")
