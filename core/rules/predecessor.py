"""Addresses of the system before this one, as dated data with a source (F-002, F-246)."""

import tomllib
from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerSite:
    """A part of the old system; ``as_of`` is the year its source speaks of, empty if it has none.

    ``place`` is where in it.
    """

    part: str
    name: str
    address: str
    source: str
    place: str
    as_of: str
    checked_on: str


class _Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    site: tuple[FormerSite, ...]


def load_former_sites(text: str) -> tuple[FormerSite, ...]:
    """Parse ``predecessor.toml``.

    Raises:
        ValueError: Malformed, or a part has two addresses.
    """
    sites = msgspec.convert(tomllib.loads(text), _Table).site
    if len({each.part for each in sites}) != len(sites):
        raise ValueError("a part has two addresses")
    return sites
