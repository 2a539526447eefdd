"""Counties (縣市) and townships (鄉鎮市區), and which county a school code belongs to."""

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import msgspec

from core.domain.ids import CountyCode, SchoolId


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """One of the 22 counties and special municipalities of today.

    ``prefixes`` are all the two characters a school code of this county may begin with: its own
    code, those of counties and cities merged into it, and districts (臺北 31 to 42, 高雄 51 to 61).
    """

    code: CountyCode
    name: str
    printed_code: str
    printed_code_source: str
    prefixes: tuple[str, ...]


class _CountyTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    source: str
    place: str
    as_of: str
    checked_on: str
    county: tuple[County, ...]


class _TownshipTable(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    source: str
    place: str
    as_of: str
    checked_on: str
    townships: dict[CountyCode, tuple[str, ...]]


def load_counties(text: str) -> tuple[County, ...]:
    """Parse ``counties.toml``; counties come in the order government lists use.

    Raises:
        ValueError: The table is malformed, or two counties claim one code, name or prefix.
    """
    counties = msgspec.convert(tomllib.loads(text), _CountyTable).county
    for claims in (
        [county.code for county in counties],
        [county.name for county in counties],
        [prefix for county in counties for prefix in county.prefixes],
    ):
        if len(set(claims)) != len(claims):
            raise ValueError("two counties share a code, a name or a prefix")
    return counties


def load_townships(text: str) -> Mapping[CountyCode, tuple[str, ...]]:
    """Parse ``townships.toml``: the names of each county, in the order of their postal codes.

    Raises:
        ValueError: The table is malformed or a county names a township twice.
    """
    townships = msgspec.convert(tomllib.loads(text), _TownshipTable).townships
    for code, names in townships.items():
        if len(set(names)) != len(names):
            raise ValueError(f"county {code} names a township twice")
    return MappingProxyType(townships)


def find_county(code: str, counties: Iterable[County]) -> County | None:
    """The county known by exactly this code (not by a former one)."""
    return next((county for county in counties if county.code == code), None)


def county_of_school_code(school: SchoolId | str, counties: Iterable[County]) -> CountyCode | None:
    """The county of today for a school code or any county or district code; None if unknown."""
    return next((county.code for county in counties if school[:2] in county.prefixes), None)


def searchable(text: str) -> str:
    """The text as a search box compares it: half width, lower case, 台 = 臺, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).replace("台", "臺")
