"""What a message may still have wrong once it was read by its schema (PROTOCOL 2.2).

A schema settles most of it: bytes are bytes, a number with bounds is in bounds. Texts that are not
composed, numbers without bounds, long lists and whatever the schema leaves open are looked at. So
it finds what `core.wire.bounds.check` finds, sooner. It refuses to know about bytes and order.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from operator import attrgetter, itemgetter
from typing import Any

from msgspec import NODEFAULT, UNSET, inspect

from core.wire.bounds import (
    INTEGER_MAX,
    Limits,
    are_texts,
    check,
    check_integer,
    check_length,
    check_text,
)

Check = Callable[[Any], None]
"""Raises `WireError`."""


def latitude(schema: Any, limits: Limits) -> Check | None:  # noqa: ANN401
    """Checks a value that was read as ``schema``; None when nothing is left to check."""
    return _of(inspect.type_info(schema), limits.depth, limits)


def _of(kind: inspect.Type, depth: int, limits: Limits) -> Check | None:
    look: Check | None = None
    match kind:
        case _ if _is_settled(kind):
            pass
        case inspect.IntType():
            look = check_integer
        case inspect.StrType():
            look = check_text
        case inspect.UnionType(types=types):
            look = _of_either(types, depth, limits)
        case inspect.StructType(fields=fields) if depth and len(fields) <= limits.map_keys:
            look = _of_parts(
                [(attrgetter(f.name), _of_field(f, depth - 1, limits)) for f in fields]
            )
        case inspect.TupleType(item_types=types) if depth and len(types) <= limits.items:
            look = _of_parts(
                [(itemgetter(n), _of(t, depth - 1, limits)) for n, t in enumerate(types)]
            )
        case inspect.VarTupleType() if depth:
            look = _of_items(kind, depth, limits)
        case _:
            look = lambda value: check(value, depth, limits)  # noqa: E731
    return look


def _of_field(field: inspect.Field, depth: int, limits: Limits) -> Check | None:
    """As `_of`; what may be left out has nothing wrong when it is not there."""
    look = _of(field.type, depth, limits)
    if look is None or not may_be_left_out(field):
        return look
    return lambda value: None if value is UNSET else look(value)


def may_be_left_out(field: inspect.Field) -> bool:
    """Whether its default is to be absent, so that a message without it keeps its bytes."""
    return not field.required and field.default is field.default_factory is NODEFAULT


def _is_settled(kind: inspect.Type) -> bool:
    """Whether reading alone leaves nothing to be wrong."""
    match kind:
        case inspect.IntType(ge=int(low), le=int(high)):
            return max(-low, high) <= INTEGER_MAX
        case inspect.LiteralType(values=values):
            return all(isinstance(each, int) or (each or "").isascii() for each in values)
        case inspect.EnumType(cls=cls):
            return issubclass(cls, StrEnum)
        case _:
            return isinstance(kind, inspect.NoneType | inspect.BoolType | inspect.BytesType)


def _of_either(types: Sequence[inspect.Type], depth: int, limits: Limits) -> Check | None:
    """One of several: which one it is has to be found out, unless the other one is nil."""
    found = [each for kind in types if (each := _of(kind, depth, limits)) is not None]
    others = [kind for kind in types if not isinstance(kind, inspect.NoneType)]
    if not found:
        return None
    if len(others) > 1:
        return lambda value: check(value, depth, limits)
    return lambda value: None if value is None else found[0](value)


def _of_parts(
    every: Sequence[tuple[Callable[[Any], Any], Check | None]],
) -> Check | None:
    """A message or a row, by what takes each part out of it."""
    parts = [(part, each) for part, each in every if each is not None]

    def look(whole: object) -> None:
        for part, each in parts:
            each(part(whole))

    return look if parts else None


def _of_items(kind: inspect.VarTupleType, depth: int, limits: Limits) -> Check | None:
    each = _of(kind.item_type, depth - 1, limits)
    bounded = kind.max_length is not None and kind.max_length <= limits.items

    def look(items: Sequence[Any]) -> None:
        check_length(len(items), limits.items, depth)
        if each is check_text:
            are_texts(items)
        elif each is not None:
            for one in items:
                each(one)

    return None if bounded and each is None else look
