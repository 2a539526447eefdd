"""A field and its help in one value: what it is called, what it is, an example, the rule (UX 4.12).

It refuses to know screens: a screen says which of its widgets is which field.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWords:
    """One language's words. ``label`` stands at the field, ``what`` and ``example`` in its help.

    A field that is not typed has no example.
    """

    label: str
    what: str
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule in its own words, which stay Chinese in every language, and where they stand.

    ``english`` sums it up. ``as_of`` is the day or the year of the text (``2023-12-18``, ``2021``),
    ``checked_on`` when it was compared.
    Not ``settled``: the words are ours until the authority's are public (範例).
    """

    text: str
    english: str
    source: str
    as_of: str
    checked_on: date
    settled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPage:
    """A field in both languages; ``rule`` is None where no rule of law stands behind it."""

    zh: FieldWords
    en: FieldWords
    rule: Rule | None = None
