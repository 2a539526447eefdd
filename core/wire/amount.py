"""How many values a message holds, and how many of them are arrays and maps (PROTOCOL 2.2).

Bytes alone do not bound what it takes to look at a message: an empty array is one byte on the wire,
64 in memory, and as much to check as a name. It refuses to know what the values mean.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from msgspec import UNSET, inspect

from core.wire.bounds import INTEGER_MAX, Limits
from core.wire.fault import WireError

LEAVES = frozenset({bytes, str, int, bool, type(None)})
ANY_NUMBER = (INTEGER_MAX, INTEGER_MAX)
PLAIN = (
    inspect.NoneType,
    inspect.BoolType,
    inspect.IntType,
    inspect.StrType,
    inspect.BytesType,
    inspect.LiteralType,
    inspect.EnumType,
)


class Tally:
    """Counts what is in arrays and maps while they are made, innermost first."""

    def __init__(self, limits: Limits) -> None:
        """Nothing is counted yet."""
        self._containers, self._values = limits.fitting, limits.values

    def array(self, items: list[object]) -> list[object]:
        """An array; it is what it was."""
        self._take(len(items))
        return items

    def map(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        """A map, if no key is there twice."""
        self._take(len(pairs))
        found = dict(pairs)
        if len(found) != len(pairs):
            raise WireError("duplicate_key")
        return found

    def _take(self, values: int) -> None:
        self._containers -= 1
        self._values -= values
        if self._containers < 0 or self._values < 0:
            raise WireError("too_many_items")


def check_amount(value: Any, containers: int, values: int) -> None:  # noqa: ANN401
    """Refuse a value or message with more in it than so many, and look no further than that.

    Raises:
        WireError: ``too_many_items``.
    """
    # Exact types, as the decoder makes them: this runs for the payload of every entry received.
    waiting = [value]
    for each in waiting:  # grows meanwhile
        kind = type(each)
        if kind is dict:
            inside = each.values()
        elif kind is list or kind is tuple:
            inside = each
        elif isinstance(each, msgspec.Struct):
            inside = _written(each)
        else:
            continue
        containers -= 1
        values -= len(inside)
        if containers < 0 or values < 0:
            raise WireError("too_many_items")
        for item in inside:
            if type(item) not in LEAVES:
                waiting.append(item)  # noqa: PERF401 - nearly none of them is


def _written(message: msgspec.Struct) -> Sequence[object]:
    """The fields of a message that are on the wire, and its tag."""
    tag = message.__struct_config__.tag
    fields = [each for each in msgspec.structs.astuple(message) if each is not UNSET]
    return fields if tag is None else [tag, *fields]


@cache
def may_exceed(schema: Any, size: int, limits: Limits) -> bool:  # noqa: ANN401
    """Whether so many bytes of a message of this shape could hold more than allowed."""
    containers, values = most(schema)
    return min(containers, size) > limits.containers or min(values, size) > limits.values


def most(schema: Any) -> tuple[int, int]:  # noqa: ANN401
    """How many arrays and maps, and how many values, a message of this shape has at most."""
    return _most(inspect.type_info(schema))


def _most(kind: inspect.Type) -> tuple[int, int]:
    match kind:
        case inspect.StructType(fields=fields, tag_field=tag):
            return _together([_most(each.type) for each in fields], int(tag is not None))
        case inspect.TupleType(item_types=types):
            return _together([_most(each) for each in types], 0)
        case inspect.VarTupleType(item_type=item, max_length=int(length)):
            return _together([_most(item)] * length, 0)
        case inspect.UnionType(types=types):
            found = [_most(each) for each in types]
            return max(c for c, _ in found), max(v for _, v in found)
        case _:
            return (0, 0) if isinstance(kind, PLAIN) else ANY_NUMBER


def _together(parts: Sequence[tuple[int, int]], further: int) -> tuple[int, int]:
    containers = 1 + sum(c for c, _ in parts)
    values = len(parts) + further + sum(v for _, v in parts)
    return min(containers, INTEGER_MAX), min(values, INTEGER_MAX)
