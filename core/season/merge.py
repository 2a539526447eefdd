"""What a set of entries says about each application: versions, heads, reviews (PROTOCOL 2.9).

A fold over a set: the order of arrival and repetitions cannot matter. Fields are never merged; two
heads are a conflict
that a person resolves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import assert_never

from core.wire.canon import typed
from core.wire.event import Event
from core.wire.kind import Decision, Revision, Withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFact:
    """One submitted version.

    ``claim`` and ``wishes`` are part hashes, None when it withdraws the application.
    """

    hash: bytes
    app: bytes
    version: int
    parents: tuple[bytes, ...]
    claim: bytes | None
    wishes: bytes | None
    device: bytes
    inc: int
    seq: int
    claimed_ms: int

    @property
    def withdrawn(self) -> bool:
        """Whether this version takes the application back."""
        return self.claim is None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFact:
    """One officer's decision about a claim; ``earlier`` are the decisions it replaces."""

    hash: bytes
    app: bytes
    revision: bytes
    claim: bytes
    earlier: tuple[bytes, ...]
    approved: bool
    officer: bytes | None
    claimed_ms: int


Fact = VersionFact | DecisionFact


class Review(StrEnum):
    """State of the school's first review (初審) of the version in force."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    CONTRADICTORY = "contradictory"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationState:
    """Everything known of one application; all tuples are sorted by hash."""

    app: bytes
    versions: tuple[VersionFact, ...]
    heads: tuple[VersionFact, ...]
    decisions: tuple[DecisionFact, ...]

    @property
    def current(self) -> VersionFact | None:
        """The version in force; None while two or more stand against each other."""
        return self.heads[0] if len(self.heads) == 1 else None

    @property
    def in_conflict(self) -> bool:
        """Whether a person has to choose between heads."""
        return len(self.heads) > 1

    def decisions_on(self, claim: bytes | None) -> tuple[DecisionFact, ...]:
        """The decisions about this claim that no later decision replaces."""
        about = tuple(each for each in self.decisions if each.claim == claim)
        replaced = {older for each in about for older in each.earlier}
        return tuple(each for each in about if each.hash not in replaced)

    def review_of(self, version: VersionFact) -> Review:
        """A review binds the claim: other wishes keep it, another claim has none (DESIGN D13)."""
        verdicts = {each.approved for each in self.decisions_on(version.claim)}
        match sorted(verdicts):
            case []:
                return Review.WAITING
            case [True]:
                return Review.APPROVED
            case [False]:
                return Review.RETURNED
            case _:
                return Review.CONTRADICTORY


def fact_of(event: Event, event_hash: bytes) -> Fact | None:
    """What an entry says about an application; None for entries that say nothing."""
    match event.kind:
        case "app.revise" | "app.resolve":
            body = typed(event.body, Revision)
            return _version(event, event_hash, body, body.claim, body.wishes)
        case "app.withdraw":
            return _version(event, event_hash, typed(event.body, Withdrawal), None, None)
        case "officer.approve" | "officer.return":
            decision = typed(event.body, Decision)
            return DecisionFact(
                hash=event_hash,
                app=decision.app,
                revision=decision.revision,
                claim=decision.claim,
                earlier=decision.earlier,
                approved=event.kind == "officer.approve",
                officer=event.who.id,
                claimed_ms=event.t,
            )
        case _:
            return None


def fold(facts: Iterable[Fact]) -> Mapping[bytes, ApplicationState]:
    """The state of every application, by application id."""
    versions: dict[bytes, dict[bytes, VersionFact]] = {}
    decisions: dict[bytes, dict[bytes, DecisionFact]] = {}
    for fact in facts:
        match fact:
            case VersionFact():
                versions.setdefault(fact.app, {})[fact.hash] = fact
            case DecisionFact():
                decisions.setdefault(fact.app, {})[fact.hash] = fact
            case _:
                assert_never(fact)
    return {
        app: state_of(app, versions.get(app, {}).values(), decisions.get(app, {}).values())
        for app in sorted(versions.keys() | decisions.keys())
    }


def state_of(
    app: bytes,
    versions: Iterable[VersionFact],
    decisions: Iterable[DecisionFact],
    *,
    without_effect: Iterable[VersionFact] = (),
) -> ApplicationState:
    """One application from its facts; repeated facts count once.

    What is ``without_effect`` (rejected) is no version, but a version that builds on it replaces
    what it was built on.
    """
    known = {each.hash: each for each in versions}
    heads = heads_of(
        {each.hash: each.parents for each in known.values()},
        {each.hash: each.parents for each in without_effect},
    )
    return ApplicationState(
        app=app,
        versions=tuple(known[each] for each in sorted(known)),
        heads=tuple(known[each] for each in heads),
        decisions=tuple(
            sorted({each.hash: each for each in decisions}.values(), key=lambda d: d.hash)
        ),
    )


def heads_of(
    parents: Mapping[bytes, Iterable[bytes]],
    without_effect: Mapping[bytes, Iterable[bytes]] = MappingProxyType({}),
) -> tuple[bytes, ...]:
    """The versions that no other builds on, sorted, given the parents of each; as `state_of`."""
    # A parent is an ancestor whether or not it has arrived.
    found = set(chain.from_iterable(parents.values()))
    waiting = [each for each in found if each in without_effect]
    while waiting:
        further = set(without_effect[waiting.pop()]) - found
        found |= further
        waiting += (each for each in further if each in without_effect)
    return tuple(sorted(parents.keys() - found))


def _version(
    event: Event,
    event_hash: bytes,
    body: Revision | Withdrawal,
    claim: bytes | None,
    wishes: bytes | None,
) -> VersionFact:
    return VersionFact(
        hash=event_hash,
        app=body.app,
        version=body.version,
        parents=body.parents,
        claim=claim,
        wishes=wishes,
        device=event.dev,
        inc=event.inc,
        seq=event.seq,
        claimed_ms=event.t,
    )
