"""What people decide where the log cannot: doubtful entries, and the season's named rules.

Two officers of the centre, each under the own account, have to say the same of a doubtful entry
(PROTOCOL 2.10); what becomes of an open conflict at the freeze is a rule with a name (2.9).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from core.season.county import CountyRule

OFFICERS_NEEDED = 2
ACCOUNT_BYTES = 16


class Ruling(StrEnum):
    """What an officer holds of a doubtful entry."""

    ACCEPT = "accept"
    REJECT = "reject"


class Step(StrEnum):
    """One step of the fallback rule for heads that stand against each other."""

    APPROVED = "approved"
    LATER = "later"
    FIRST_RECEIVED = "first_received"


class ConflictRule(StrEnum):
    """What becomes of an open conflict at the freeze; the first is the rule of PROTOCOL 2.9."""

    THREE_STEPS = "three-steps"
    TWO_STEPS = "two-steps"
    LEAVE_OUT = "leave-out"


class DoubtfulRule(StrEnum):
    """What becomes of doubtful entries that nobody has decided about."""

    BLOCK = "block"
    LEAVE_OUT = "leave-out"


STEPS = MappingProxyType(
    {
        ConflictRule.THREE_STEPS: (Step.APPROVED, Step.LATER, Step.FIRST_RECEIVED),
        ConflictRule.TWO_STEPS: (Step.APPROVED, Step.LATER),
        ConflictRule.LEAVE_OUT: (),
    }
)
"""The steps in their order; when they end without a winner, the application is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonRules:
    """The rules of one season, printed with every freeze."""

    conflict: ConflictRule = ConflictRule.THREE_STEPS
    doubtful: DoubtfulRule = DoubtfulRule.BLOCK
    county: CountyRule = CountyRule.OPTIONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one officer said of one entry; ``place`` is its place in the whole log."""

    entry: bytes
    officer: bytes
    ruling: Ruling
    place: int


def account_name(login: str) -> bytes:
    """16 bytes that stand for an account in the log: a login may be a person's name."""
    return hashlib.sha256(b"jiepin/account/1 " + login.encode()).digest()[:ACCOUNT_BYTES]


def standing_votes(votes: Iterable[Vote]) -> Mapping[tuple[bytes, bytes], Vote]:
    """The last word of each officer about each entry, by (entry, officer)."""
    last: dict[tuple[bytes, bytes], Vote] = {}
    for vote in sorted(votes, key=lambda each: each.place):
        last[vote.entry, vote.officer] = vote
    return last


def rulings(votes: Iterable[Vote]) -> Mapping[bytes, Ruling]:
    """Entries that are decided: at least two officers spoke last, and all of them alike."""
    said: dict[bytes, list[Ruling]] = {}
    for (entry, _), vote in standing_votes(votes).items():
        said.setdefault(entry, []).append(vote.ruling)
    return {
        entry: each[0]
        for entry, each in said.items()
        if len(each) >= OFFICERS_NEEDED and len(set(each)) == 1
    }
