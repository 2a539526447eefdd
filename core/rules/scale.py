"""Points scales (積分審查原則): what one unit is worth, as dated data."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from core.domain.points import Points


class Item(StrEnum):
    """The parts of a total (DOMAIN §2.1), in the order they are printed."""

    REASON = "reason"
    SERVICE = "service"
    APPRAISAL = "appraisal"
    AWARDS = "awards"
    TRAINING = "training"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One line of a scale: ``unit`` points per unit, at most ``cap`` for the item (None: no cap).

    ``example`` marks a value that no public source settles (範例).
    """

    item: Item
    name: str
    unit_name: str
    unit: Points
    cap: Points | None
    source: str
    place: str
    as_of: str
    checked_on: str
    example: bool


class _Row(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    item: Item
    name: str
    unit_name: str
    unit: str
    source: str
    place: str
    as_of: str
    checked_on: str
    example: bool
    cap: str | None = None


class _Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: str
    scale: tuple[_Row, ...]


def load_scales(text: str) -> tuple[Scale, ...]:
    """Parse a table such as ``scale_115.toml``; lines come in its order.

    Raises:
        ValueError: The table is malformed, or a line is named twice.
    """
    rows = msgspec.convert(tomllib.loads(text), _Table).scale
    if len({row.name for row in rows}) != len(rows):
        raise ValueError("a line of the scale is named twice")
    return tuple(
        Scale(
            item=row.item,
            name=row.name,
            unit_name=row.unit_name,
            unit=Points.from_text(row.unit),
            cap=None if row.cap is None else Points.from_text(row.cap),
            source=row.source,
            place=row.place,
            as_of=row.as_of,
            checked_on=row.checked_on,
            example=row.example,
        )
        for row in rows
    )


def score(units: int, scale: Scale) -> Points:
    """Points of whole ``units``, cut at the cap.

    Raises:
        ValueError: Fewer than no units.
    """
    if units < 0:
        raise ValueError("units_negative")
    total = Points(scale.unit.hundredths * units)
    return total if scale.cap is None else min(total, scale.cap)


def find_scale(scales: tuple[Scale, ...], name: str) -> Scale | None:
    """The line of that name."""
    return next((scale for scale in scales if scale.name == name), None)
