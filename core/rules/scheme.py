"""Other schemes of transfer, for those who stand at the wrong machine, as dated data."""

import tomllib
from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """Where somebody registered under ``title`` applies instead.

    ``example`` marks an address that no public source of the year settles (範例).
    """

    title: str
    name: str
    address: str
    source: str
    place: str
    as_of: str
    checked_on: str
    example: bool


class _Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    scheme: tuple[Scheme, ...]


def load_schemes(text: str) -> tuple[Scheme, ...]:
    """Parse ``schemes_115.toml``.

    Raises:
        ValueError: Malformed, or one title has two schemes.
    """
    schemes = msgspec.convert(tomllib.loads(text), _Table).scheme
    if len({each.title for each in schemes}) != len(schemes):
        raise ValueError("one title has two schemes")
    return schemes


def find_scheme(title: str, schemes: tuple[Scheme, ...]) -> Scheme | None:
    """The scheme of a title; None for those of this one."""
    return next((each for each in schemes if each.title == title), None)
