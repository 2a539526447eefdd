"""What the counties' reviews and the control list change in the input of the match. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from core.season.county import CountyFact, CountyRule, CountyVerdict, Hold, hold_of, last_review
from core.wire.payload import PointsAwarded
from server.barring import find_bars
from server.season.candidate import Candidate
from server.season.caseload import points_of, read_facts
from server.season.sift import Reason

LEFT_OUT = {
    CountyVerdict.REFUSED: Reason.COUNTY_REFUSED,
    CountyVerdict.RETURNED: Reason.COUNTY_RETURNED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What counties said: last reviews by application, figures by review, barred applications."""

    rule: CountyRule
    reviews: Mapping[bytes, CountyFact]
    points: Mapping[bytes, PointsAwarded]
    barred: frozenset[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The points that count and the review that gave them, if one did.

    Left out when ``points`` is None, and then ``reason`` says why.
    """

    points: PointsAwarded | None
    reason: Reason | None
    review: bytes | None = None


def read_share(
    connection: Connection, candidates: Sequence[Candidate], rule: CountyRule, on: date
) -> Share:
    """What counties said of these applications, and who of them is barred that day."""
    facts = read_facts(connection, [each.choice.app for each in candidates])
    last = {app: last_review(found) for app, found in facts.items()}
    reviews = {app: fact for app, fact in last.items() if fact is not None}
    people = {
        each.choice.app: each.claim.national_id for each in candidates if each.claim is not None
    }
    bars = find_bars(connection, people.values(), on)
    return Share(
        rule=rule,
        reviews=reviews,
        points=points_of(connection, [each.hash for each in reviews.values()]),
        barred=frozenset(app for app, person in people.items() if person in bars),
    )


def settle_points(candidate: Candidate, share: Share) -> Settled:
    """The county's figures where its review holds, else the school's where the season allows it.

    Who is barred goes in only if people of the county passed her all the same.
    """
    choice = candidate.choice
    if choice.revision is None or choice.decision is None or choice.decision.points is None:
        return Settled(points=None, reason=choice.reason)
    fact = share.reviews.get(choice.app)
    hold = None if fact is None else hold_of(fact, choice.revision.claim, choice.decisions)
    if fact is not None and hold is Hold.HOLDS:
        return _as_reviewed(fact, choice.reason, share)
    if choice.app in share.barred:
        return Settled(points=None, reason=Reason.BARRED)
    if share.rule is CountyRule.REQUIRED:
        reason = Reason.COUNTY_MISSING if fact is None else Reason.COUNTY_OUTDATED
        return Settled(points=None, reason=reason)
    noted = None if fact is None else Reason.SCHOOLS_FIGURES
    return Settled(points=choice.decision.points, reason=choice.reason or noted)


def _as_reviewed(fact: CountyFact, noted: Reason | None, share: Share) -> Settled:
    if fact.verdict is not CountyVerdict.PASSED:
        return Settled(points=None, reason=LEFT_OUT[fact.verdict])
    points = share.points.get(fact.hash)
    if points is None:
        return Settled(points=None, reason=Reason.PAYLOAD_MISSING)
    return Settled(points=points, reason=noted, review=fact.hash)
