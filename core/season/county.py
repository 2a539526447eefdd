"""The county's review (縣市積分審查) of what a school passed: what it binds, and when it holds.

A review binds the claim and the school's decisions it follows. Another claim, or another decision
of the school, leaves it standing in the log and without effect, and that is said.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.wire.canon import typed
from core.wire.event import Event
from core.wire.kind import CountyReviewed

KIND = "centre.review"


class CountyVerdict(StrEnum):
    """通過, 駁回, 補件."""

    PASSED = "passed"
    REFUSED = "refused"
    RETURNED = "returned"


class CountyRule(StrEnum):
    """Whether an application needs the county's review to go into the match (a setting, 範例)."""

    OPTIONAL = "optional"
    REQUIRED = "required"


class Hold(StrEnum):
    """Whether a review still speaks of what is in force."""

    HOLDS = "holds"
    OTHER_CLAIM = "other_claim"
    OTHER_DECISION = "other_decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyFact:
    """One review; ``earlier`` are those it replaces, ``number`` the 電腦編號 or empty."""

    hash: bytes
    app: bytes
    claim: bytes
    decisions: tuple[bytes, ...]
    earlier: tuple[bytes, ...]
    verdict: CountyVerdict
    number: str
    t_ms: int


def county_fact(entry: Event, entry_hash: bytes) -> CountyFact | None:
    """What an entry of the centre's log says as a county's review; None for every other."""
    if entry.kind != KIND:
        return None
    body = typed(entry.body, CountyReviewed)
    try:
        verdict = CountyVerdict(body.verdict)
    except ValueError:  # of a later version of the protocol
        return None
    return CountyFact(
        hash=entry_hash,
        app=body.app,
        claim=body.claim,
        decisions=body.decisions,
        earlier=body.earlier,
        verdict=verdict,
        number=body.number,
        t_ms=entry.t,
    )


def last_review(facts: Iterable[CountyFact]) -> CountyFact | None:
    """The review no other replaces; the order in which they are given does not matter."""
    known = {each.hash: each for each in facts}
    replaced = {older for each in known.values() for older in each.earlier}
    standing = [each for each in known.values() if each.hash not in replaced]
    return max(standing, key=lambda each: (each.t_ms, each.hash), default=None)


def hold_of(fact: CountyFact, claim: bytes | None, decisions: Collection[bytes]) -> Hold:
    """Whether a review holds for this claim, given the school's decisions in force about it."""
    if fact.claim != claim:
        return Hold.OTHER_CLAIM
    return Hold.HOLDS if set(decisions) == set(fact.decisions) else Hold.OTHER_DECISION


def next_number(county: str, given: Iterable[str], *, skip: int = 0) -> str:
    """The next 電腦編號 of a county: its code and a running number of six digits (範例).

    ``given`` are all that were ever given there; ``skip`` leaves room for some that are not known.
    """
    last = max((int(each[len(county) :]) for each in given), default=0)
    return f"{county}{last + skip + 1:06}"
