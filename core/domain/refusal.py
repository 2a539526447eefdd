"""Why something is not allowed, as a code. The sentence belongs to whoever shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a rule stands. ``as_of`` is the ISO date of the version of the law that was read."""

    law: str
    article: str
    as_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One unmet rule. ``place`` is the field, items from zero: ``phone1``, ``schools.3``."""

    code: str
    place: str = ""
    cite: Citation | None = None
