"""What an entry says about people, read once from its body and payload. No database, no judgement.

A fault found here is in the entry itself: nothing that arrives later can cure it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.domain.application import Claim, Wishes
from core.season.merge import DecisionFact, VersionFact, fact_of
from core.wire.canon import from_wire, typed
from core.wire.chain import Link
from core.wire.event import payload_hash
from core.wire.fault import WireError
from core.wire.kind import TeacherPresent, TeacherRegister
from core.wire.payload import ApplicationPayload, DecisionPayload, RosterPayload, is_cosigned
from core.wire.rejection import Rejection
from server.store.centre import PREFIX

OfficerKey = Callable[[bytes], bytes | None]
"""Certificate id → raw public key of an officer, if that certificate is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A teacher was entered into the school's roster."""

    teacher: bytes
    entry: RosterPayload | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """A teacher was identified at the machine."""

    teacher: bytes
    witness: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Versioned:
    """A version of an application; both parts are None for a withdrawal or a missing payload."""

    fact: VersionFact
    claim: Claim | None
    wishes: Wishes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """An officer's decision; ``cosigned`` is None while the officer's key is unknown."""

    fact: DecisionFact
    payload: DecisionPayload | None
    cosigned: bool | None


Saying = Registered | Present | Versioned | Decided | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One entry that has to be judged.

    ``disputed``: a later incarnation carried it here from a log that was told in two ways.
    ``awaits``: what it carries cannot be read before a certificate of this name comes.
    ``detail`` is the code of a ``fault`` that has many.
    """

    eh: bytes
    dev: bytes
    inc: int
    seq: int
    role: str
    actor: bytes | None
    says: Saying
    payload_missing: bool
    fault: Rejection | None
    disputed: bool = False
    awaits: bytes | None = None
    detail: str | None = None

    @property
    def app(self) -> bytes | None:
        """The application it is about."""
        match self.says:
            case Versioned(fact=fact) | Decided(fact=fact):
                return fact.app
            case _:
                return None


def find(link: Link, officer_key: OfficerKey) -> Finding | None:
    """What there is to judge about an entry; None for one that says nothing about people."""
    missing = link.frame.payload is None and link.event.ph is not None
    match link.event.kind:
        case "teacher.register":
            says, fault = _registered(link)
        case "teacher.present":
            says, fault = _present(link)
        case "app.revise" | "app.resolve" | "app.withdraw":
            says, fault = _versioned(link)
        case "officer.approve" | "officer.return":
            says, fault = _decided(link, officer_key)
        case _ if missing and not link.event.kind.startswith(PREFIX):
            says, fault = None, None
        case _:
            return None
    return Finding(
        eh=link.hash,
        dev=link.event.dev,
        inc=link.event.inc,
        seq=link.event.seq,
        role=link.event.who.role,
        actor=link.event.who.id,
        says=says,
        payload_missing=missing,
        fault=fault,
    )


def _registered(link: Link) -> tuple[Saying, Rejection | None]:
    teacher = typed(link.event.body, TeacherRegister).teacher
    if link.frame.payload is None:
        return Registered(teacher=teacher, entry=None), None
    try:
        entry = from_wire(link.frame.payload, RosterPayload)
    except WireError:
        return Registered(teacher=teacher, entry=None), Rejection.PAYLOAD_SHAPE
    return Registered(teacher=teacher, entry=entry), None


def _present(link: Link) -> tuple[Saying, Rejection | None]:
    body = typed(link.event.body, TeacherPresent)
    return Present(teacher=body.teacher, witness=body.witness), None


def _versioned(link: Link) -> tuple[Saying, Rejection | None]:
    fact = fact_of(link.event, link.hash)
    if not isinstance(fact, VersionFact):
        raise TypeError(link.event.kind)
    bare = Versioned(fact=fact, claim=None, wishes=None)
    if fact.withdrawn or link.frame.payload is None:
        return bare, None
    try:
        parts = from_wire(link.frame.payload, ApplicationPayload)
        if (payload_hash(parts.claim), payload_hash(parts.wishes)) != (fact.claim, fact.wishes):
            return bare, Rejection.PART_HASH
        claim, wishes = from_wire(parts.claim, Claim), from_wire(parts.wishes, Wishes)
    except WireError:
        return bare, Rejection.PAYLOAD_SHAPE
    return Versioned(fact=fact, claim=claim, wishes=wishes), None


def _decided(link: Link, officer_key: OfficerKey) -> tuple[Saying, Rejection | None]:
    fact = fact_of(link.event, link.hash)
    if not isinstance(fact, DecisionFact):
        raise TypeError(link.event.kind)
    bare = Decided(fact=fact, payload=None, cosigned=None)
    if link.frame.payload is None:
        return bare, None
    try:
        payload = from_wire(link.frame.payload, DecisionPayload)
    except WireError:
        return bare, Rejection.PAYLOAD_SHAPE
    key = None if fact.officer is None else officer_key(fact.officer)
    cosigned = None if key is None else is_cosigned(link.frame, key)
    decided = Decided(fact=fact, payload=payload, cosigned=cosigned)
    return decided, None if _agrees(fact, payload) else Rejection.DECISION_DIFFERS


def _agrees(fact: DecisionFact, payload: DecisionPayload) -> bool:
    """Whether the entry and what the officer signed speak of the same thing."""
    said = (payload.app, payload.revision, payload.claim, payload.officer)
    points_with_approval = (payload.verdict == "approved") == (payload.points is not None)
    return (
        said == (fact.app, fact.revision, fact.claim, fact.officer)
        and (payload.verdict == "approved") == fact.approved
        and points_with_approval
    )


def unread(carrier: Link, *, fault: str | None = None, awaits: bytes | None = None) -> Finding:
    """An entry that claims to carry another and does not, or not as far as is known."""
    return Finding(
        eh=carrier.hash,
        dev=carrier.event.dev,
        inc=carrier.event.inc,
        seq=carrier.event.seq,
        role=carrier.event.who.role,
        actor=carrier.event.who.id,
        says=None,
        payload_missing=False,
        fault=None if fault is None else Rejection.REPLAY,
        detail=fault,
        awaits=awaits,
    )
