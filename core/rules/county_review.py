"""What each county settles for its own review of points, as dated data."""

import tomllib
from dataclasses import dataclass

import msgspec

EVERY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountySettings:
    """One county's own rules, or under ``*`` those of every other.

    ``supplement``: papers may be handed in later (補件). ``originals_only``: no copies are kept.
    ``example`` marks what no source settles (範例).
    """

    code: str
    supplement: bool
    originals_only: bool
    source: str
    place: str
    as_of: str
    checked_on: str
    example: bool


class _Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    county: tuple[CountySettings, ...]


def load_county_settings(text: str) -> tuple[CountySettings, ...]:
    """Parse ``county_review.toml``.

    Raises:
        ValueError: Malformed, a county has two rows, or no row speaks for the others.
    """
    settings = msgspec.convert(tomllib.loads(text), _Table).county
    codes = [each.code for each in settings]
    if len(set(codes)) != len(codes) or EVERY not in codes:
        raise ValueError("a county has two rows, or no row speaks for the others")
    return settings


def settings_of(county: str, settings: tuple[CountySettings, ...]) -> CountySettings:
    """The row of a county, else that of every other."""
    by_code = {each.code: each for each in settings}
    return by_code.get(county, by_code[EVERY])
