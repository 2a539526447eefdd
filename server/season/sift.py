"""Which version of an application counts, or why none does. Pure: facts in, a choice out.

What came too late has no effect, so the version before it stays in force. What is doubtful counts
once two officers have accepted it. Heads that stand against each other fall under the rule of the
season, by default the printed one of PROTOCOL 2.9, in this order: only heads with a valid approval
count (taking an application back needs none, but has to be the same teacher's, with nothing held
against it); then the later one if the log proves that it is later; then the one that arrived first,
and the case is listed.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from core.season.deadline import Evidence, Timeliness
from core.season.merge import DecisionFact, VersionFact, state_of
from core.season.ruling import STEPS, ConflictRule, Ruling, Step
from core.wire.ack import Verdict
from core.wire.payload import PointsAwarded

IN_TIME = frozenset({Timeliness.ON_TIME, Timeliness.SEALED})


class Reason(StrEnum):
    """Why an application is left out, or, in the last group, in only by exception."""

    NO_VERSION = "no_version"
    REJECTED = "rejected"
    LATE = "late"
    DOUBTFUL = "doubtful"
    DOUBTFUL_REJECTED = "doubtful_rejected"
    WITHDRAWN = "withdrawn"
    FLAGGED = "flagged"
    NOT_REVIEWED = "not_reviewed"
    REVIEW_LATE = "review_late"
    RETURNED = "returned"
    INELIGIBLE = "ineligible"
    CONTRADICTORY = "contradictory"
    CONFLICT_UNAPPROVED = "conflict_unapproved"
    CONFLICT_OPEN = "conflict_open"
    PAYLOAD_MISSING = "payload_missing"
    OTHER_SEASON = "other_season"
    SCHOOL_UNKNOWN = "school_unknown"
    SUBJECT_UNKNOWN = "subject_unknown"
    WISHES_REFUSED = "wishes_refused"
    COUNTY_MISSING = "county_missing"
    COUNTY_OUTDATED = "county_outdated"
    COUNTY_REFUSED = "county_refused"
    COUNTY_RETURNED = "county_returned"
    BARRED = "barred"

    CONFLICT_APPROVED = "conflict_approved"
    CONFLICT_LATER = "conflict_later"
    CONFLICT_FIRST_RECEIVED = "conflict_first_received"
    NEWER_LATE = "newer_late"
    NEWER_DOUBTFUL = "newer_doubtful"
    NEWER_REJECTED = "newer_rejected"
    SEALED = "sealed"
    DOUBTFUL_ACCEPTED = "doubtful_accepted"
    SCHOOLS_FIGURES = "schools_figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version with the verdict of the views, its timeliness, and its place in the whole log.

    ``teacher`` is the pseudonym it was made under.
    """

    fact: VersionFact
    teacher: bytes | None
    verdict: Verdict
    timeliness: Timeliness
    evidence: Evidence
    log_index: int
    ruling: Ruling | None = None

    @property
    def counts(self) -> bool:
        """Whether it has an effect at all."""
        return self.verdict is not Verdict.REJECTED and _in_time(self.timeliness, self.ruling)

    @property
    def undecided(self) -> bool:
        """Whether people still have to say if it came in time."""
        doubtful = self.timeliness is Timeliness.DOUBTFUL and self.ruling is None
        return self.verdict is not Verdict.REJECTED and doubtful


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A valid decision of an officer; ``verdict`` and ``points`` as in its payload."""

    fact: DecisionFact
    timeliness: Timeliness
    verdict: str
    points: PointsAwarded | None
    evidence: Evidence
    ruling: Ruling | None = None

    @property
    def in_time(self) -> bool:
        """Whether it was made before the officers' deadline."""
        return _in_time(self.timeliness, self.ruling)

    @property
    def undecided(self) -> bool:
        """Whether people still have to say so."""
        return self.timeliness is Timeliness.DOUBTFUL and self.ruling is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What counts; left out when ``decision`` is None, and then ``reason`` says why.

    ``decisions`` are all of the school's that are in force about the claim; they agree.
    """

    app: bytes
    revision: VersionFact | None
    decision: Reviewed | None = None
    reason: Reason | None = None
    decisions: tuple[bytes, ...] = ()


def sift(
    app: bytes,
    versions: Sequence[Version],
    decisions: Sequence[Reviewed],
    rule: ConflictRule = ConflictRule.THREE_STEPS,
) -> Choice:
    """The version in force at the freeze with the approval it rests on."""
    if not versions:
        return Choice(app=app, revision=None, reason=Reason.NO_VERSION)
    counting = [each for each in versions if each.counts]
    if not counting:
        return Choice(app=app, revision=None, reason=_none_counts(versions))
    heads = _heads(versions, counting)
    timely = [each for each in decisions if each.in_time]
    if len(heads) == 1:
        chosen = _judged(app, heads[0], timely, decisions)
        if chosen.decision is None:
            return chosen
        return _noting(chosen, heads[0], versions)
    return _resolved(app, heads, timely, STEPS[rule])


def standing_heads(versions: Sequence[Version]) -> list[Version]:
    """The versions in force: more than one stand against each other."""
    return _heads(versions, [each for each in versions if each.counts])


def _in_time(timeliness: Timeliness, ruling: Ruling | None) -> bool:
    accepted = timeliness is Timeliness.DOUBTFUL and ruling is Ruling.ACCEPT
    return timeliness in IN_TIME or accepted


def _none_counts(versions: Iterable[Version]) -> Reason:
    stored = [each for each in versions if each.verdict is not Verdict.REJECTED]
    if not stored:
        return Reason.REJECTED
    doubtful = [each for each in stored if each.timeliness is Timeliness.DOUBTFUL]
    if not doubtful:
        return Reason.LATE
    undecided = any(each.undecided for each in doubtful)
    return Reason.DOUBTFUL if undecided else Reason.DOUBTFUL_REJECTED


def _heads(versions: Sequence[Version], counting: Sequence[Version]) -> list[Version]:
    """Counting versions that no counting version builds on, also by way of others."""
    parents = {each.fact.hash: each.fact.parents for each in versions}
    behind: set[bytes] = set()
    waiting = [parent for each in counting for parent in each.fact.parents]
    while waiting:
        each = waiting.pop()
        if each not in behind:
            behind.add(each)
            waiting += parents.get(each, ())
    return sorted(
        (each for each in counting if each.fact.hash not in behind),
        key=lambda each: each.fact.hash,
    )


def _judged(
    app: bytes, head: Version, timely: Sequence[Reviewed], every: Sequence[Reviewed]
) -> Choice:
    standing = _standing(app, head, timely)
    reason = _against(head, standing)
    if reason is Reason.NOT_REVIEWED and _standing(app, head, every):
        reason = Reason.REVIEW_LATE
    if reason is not None:
        return Choice(app=app, revision=head.fact, reason=reason)
    return Choice(
        app=app,
        revision=head.fact,
        decision=standing[0],
        decisions=tuple(each.fact.hash for each in standing),
    )


def _against(head: Version, standing: Sequence[Reviewed]) -> Reason | None:
    """What keeps a head out, given the decisions in force about its claim."""
    if head.verdict is not Verdict.VALID:
        return Reason.FLAGGED
    if head.fact.withdrawn:
        return Reason.WITHDRAWN
    if not standing:
        return Reason.NOT_REVIEWED
    if len({each.fact.approved for each in standing}) > 1:
        return Reason.CONTRADICTORY
    if not standing[0].fact.approved:
        final = any(each.verdict == "ineligible" for each in standing)
        return Reason.INELIGIBLE if final else Reason.RETURNED
    agreed = len({each.points for each in standing}) == 1 and standing[0].points is not None
    return None if agreed else Reason.CONTRADICTORY


def _standing(app: bytes, head: Version, decisions: Sequence[Reviewed]) -> list[Reviewed]:
    """Decisions about this claim that none of the others replaces, by hash."""
    state = state_of(app, [head.fact], [each.fact for each in decisions])
    wanted = {each.hash for each in state.decisions_on(head.fact.claim)}
    found = {each.fact.hash: each for each in decisions if each.fact.hash in wanted}
    return [found[each] for each in sorted(found)]


def _noting(chosen: Choice, head: Version, versions: Sequence[Version]) -> Choice:
    """The same, with what people should know of it."""
    newer = [
        each
        for each in versions
        if each.verdict is not Verdict.REJECTED
        and not each.counts
        and each.fact.version > head.fact.version
    ]
    reason = None
    if any(each.undecided for each in newer):
        reason = Reason.NEWER_DOUBTFUL
    elif any(each.timeliness is Timeliness.LATE for each in newer):
        reason = Reason.NEWER_LATE
    elif newer:
        reason = Reason.NEWER_REJECTED
    elif head.timeliness is Timeliness.DOUBTFUL:
        reason = Reason.DOUBTFUL_ACCEPTED
    elif head.timeliness is Timeliness.SEALED:
        reason = Reason.SEALED
    return replace(chosen, reason=reason)


def _resolved(
    app: bytes, heads: Sequence[Version], timely: Sequence[Reviewed], steps: Sequence[Step]
) -> Choice:
    judged = {head.fact.hash: _judged(app, head, timely, timely) for head in heads}
    approved = {each for each, choice in judged.items() if choice.decision is not None}
    people = {head.teacher for head in heads if head.fact.hash in approved}
    standing = [head for head in heads if head.fact.hash in approved or _takes_back(head, people)]
    if not standing:
        return Choice(app=app, revision=None, reason=Reason.CONFLICT_UNAPPROVED)
    found = _winner(standing, steps)
    if found is None:
        return Choice(app=app, revision=None, reason=Reason.CONFLICT_OPEN)
    winner, reason = found
    if winner.fact.withdrawn:
        return Choice(app=app, revision=winner.fact, reason=Reason.WITHDRAWN)
    return replace(judged[winner.fact.hash], reason=reason)


def _takes_back(head: Version, people: Collection[bytes | None]) -> bool:
    """Whether a withdrawal stands against the approved versions of these ``people``.

    Nobody approves it: a machine could else take back whatever it only knows the name of.
    """
    return head.fact.withdrawn and head.verdict is Verdict.VALID and set(people) <= {head.teacher}


def _winner(standing: Sequence[Version], steps: Sequence[Step]) -> tuple[Version, Reason] | None:
    """The head that the first step to decide leaves; ``standing`` have a valid approval."""
    for step in steps:
        match step:
            case Step.APPROVED:
                found = standing[0] if len(standing) == 1 else None
                reason = Reason.CONFLICT_APPROVED
            case Step.LATER:
                found = _provably_later(standing)
                reason = Reason.CONFLICT_LATER
            case Step.FIRST_RECEIVED:
                found = min(standing, key=lambda each: each.log_index)
                reason = Reason.CONFLICT_FIRST_RECEIVED
            case _:
                assert_never(step)
        if found is not None:
            return found, reason
    return None


def _provably_later(standing: Sequence[Version]) -> Version | None:
    for head in standing:
        others = [each for each in standing if each is not head]
        if all(head.evidence.not_before >= each.evidence.not_after for each in others):
            return head
    return None
