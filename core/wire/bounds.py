"""What TTC-1 allows inside a value, whatever the value means (PROTOCOL 2.2).

Bytes and order are `core.wire.canon`'s; here is only what is left once those are right.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from core.wire.fault import WireError

INTEGER_MAX = 2**53
CONTAINERS_AT_MOST = 64 * 1024
"""In a file: the largest list published has fewer. Whatever has no more bytes has no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a decoder accepts at most.

    Bytes in all, levels of nesting, keys in a map, items in an array; arrays and maps in all, and
    values in all of them, keys not counted.
    """

    size: int = 64 * 1024
    depth: int = 8
    map_keys: int = 64
    items: int = 4096
    containers: int = CONTAINERS_AT_MOST
    values: int = INTEGER_MAX

    @property
    def fitting(self) -> int:
        """How many arrays and maps are made at most: those that fit in so few levels."""
        fitting, on_this_level = 0, 1
        for _ in range(self.depth):
            fitting += on_this_level
            on_this_level *= max(self.items, self.map_keys)
        return min(fitting, self.containers)


# What a schema allows is at most 1,005 values (the wishes of an application) and 12 arrays and maps
# (a county's review); `tests/core/wire/test_amount.py` holds every kind and payload against this.
# What nobody writes may not cost more to look at than what people do: 20 KB of empty arrays took
# forty times as long as 100 wishes.
EVENT_LIMITS = Limits(containers=64, values=2048)
"""Of an event, of a payload, and of each part of one."""


def check(value: Any, depth: int, limits: Limits) -> None:  # noqa: ANN401
    """Refuse a decoded value that has no canonical bytes, or whose keys are out of order.

    It may be a message as well: its keys are in order, as it gave the same bytes again.
    """
    # Exact types, as the decoder makes them: this runs for every value of every entry received.
    kind = type(value)
    if kind is str:
        check_text(value)
    elif kind is int:
        check_integer(value)
    elif kind is dict:
        _check_map(value, depth, limits)
    elif kind is list or kind is tuple:
        check_length(len(value), limits.items, depth)
        if not are_texts(value):
            _check_each(value, depth, limits)
    elif isinstance(value, msgspec.Struct):
        # What is left out has no bytes.
        fields = [each for each in msgspec.structs.astuple(value) if each is not msgspec.UNSET]
        check_length(len(fields), limits.map_keys, depth)
        _check_each(fields, depth, limits)
    elif not (kind is bytes or value is None or kind is bool or isinstance(value, StrEnum)):
        raise WireError("type_not_allowed")


def _check_each(items: Sequence[Any], depth: int, limits: Limits) -> None:
    for item in items:
        if type(item) is not bytes:
            check(item, depth - 1, limits)


def _check_map(value: dict[Any, Any], depth: int, limits: Limits) -> None:
    check_length(len(value), limits.map_keys, depth)
    before = ""
    in_order = True
    for key, item in value.items():
        if type(key) is not str:
            raise WireError("key_not_text")
        check_text(key)
        in_order = in_order and before <= key
        before = key
        if type(item) is not bytes:
            check(item, depth - 1, limits)
    if not in_order:
        raise WireError("not_canonical")


def check_integer(value: int) -> None:
    """Refuse a number beyond ±2⁵³."""
    if not -INTEGER_MAX <= value <= INTEGER_MAX:
        raise WireError("integer_range")


def check_text(value: str) -> None:
    """Refuse a text that is not in NFC."""
    if not (value.isascii() or unicodedata.is_normalized("NFC", value)):
        raise WireError("not_nfc")


def check_length(length: int, limit: int, depth: int) -> None:
    """Refuse a map or list with too much in it, or with too much around it."""
    if depth == 0:
        raise WireError("too_deep")
    if length > limit:
        raise WireError("too_many_items")


def are_texts(value: Sequence[Any]) -> bool:
    """Whether every item is text, which is then checked: all at once, as wish lists are long.

    A line break composes with nothing, so the whole is in NFC exactly when each item is.
    """
    try:
        joined = "\n".join(value)
    except TypeError:
        return False
    check_text(joined)
    return True
