"""Who may not apply for some years, on which ground, and until when (管制名單), as dated data.

It refuses to know who: a list of persons is the centre's. Being on it is a flag for people.
"""

import tomllib
from datetime import date

import msgspec

from core.rules.eligibility import years_later


class Ground(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Why somebody is barred. ``years`` counts from the first day; 0: no rule says how long.

    ``example`` marks a ground that no public source of the year settles (範例).
    """

    code: str
    name: str
    law: str
    article: str
    years: int = 0
    source: str
    place: str
    as_of: str
    checked_on: str
    example: bool

    @property
    def clause(self) -> str:
        """Law and article as they are cited."""
        return f"{self.law}{self.article}"

    def ends(self, since: date) -> date | None:
        """The first day that is free again; None where no rule says it."""
        return years_later(since, self.years) if self.years else None


class _Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    ground: tuple[Ground, ...]


def load_grounds(text: str) -> tuple[Ground, ...]:
    """Parse ``barred.toml``.

    Raises:
        ValueError: Malformed, or two grounds share a code or a name.
    """
    grounds = msgspec.convert(tomllib.loads(text), _Table).ground
    for names in ([each.code for each in grounds], [each.name for each in grounds]):
        if len(set(names)) != len(names):
            raise ValueError("two grounds share a code or a name")
    return grounds


def find_ground(word: str, grounds: tuple[Ground, ...]) -> Ground | None:
    """The ground of that code or name."""
    return next((each for each in grounds if word in {each.code, each.name}), None)
