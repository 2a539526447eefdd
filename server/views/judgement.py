"""Is a stored entry good business? Never a reason not to store it (PROTOCOL 1).

A pure function of the entry and of what is known beside it. Whatever an unfinished judgement waits
for is named, so that its arrival leads to a new one and the order of arrival cannot matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from core.season.ruling import Ruling
from core.wire.ack import Verdict
from core.wire.rejection import Rejection
from server.identity import Identity
from server.store.identities import Withdrawn
from server.views.finding import Decided, Finding, Present, Registered, Versioned


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A valid roster entry."""

    national_id: str
    school: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A stored version, by its hash; ``school`` is None when the content is missing."""

    claim: bytes | None
    school: str | None


@dataclass(slots=True, kw_only=True)
class Known:
    """What judgements may rest on; ``roster`` and ``versions`` grow while a group is judged.

    ``withdrawn`` are officers' certificates, ``lost`` incarnations of machines. ``not_before``
    says of entries that arrived after their officer's revocation what their log proves: they were
    made after that time (PROTOCOL 2.10).
    ``rulings`` are what two officers of the centre hold of doubtful entries.
    ``roster`` gives the valid entries of a teacher, by the hash of the registration.
    """

    devices: Mapping[tuple[bytes, int], Identity]
    officers: Mapping[bytes, Identity]
    withdrawn: Mapping[bytes, Withdrawn]
    lost: Mapping[tuple[bytes, int], Withdrawn] = field(default_factory=dict)
    not_before: Mapping[bytes, int] = field(default_factory=dict)
    rulings: Mapping[bytes, Ruling] = field(default_factory=dict)
    roster: dict[bytes, dict[bytes, Listed]] = field(default_factory=dict)
    versions: dict[bytes, Version] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict with its reason; ``waits_for`` is the 16-byte name of what may change it.

    ``rejection`` is what its machine is told, ``code`` what people at the centre read. A decision
    that two officers accepted is valid and keeps the code of its doubt.
    """

    verdict: Verdict
    code: str | None = None
    waits_for: bytes | None = None
    rejection: Rejection | None = None

    @property
    def rejected(self) -> bool:
        """Whether the entry has no effect."""
        return self.verdict is Verdict.REJECTED


NOT_JUDGED = "not_judged"
"""Judging the entry failed; people see it, and the next version of the server tries again."""
LOST = "device_revoked"
REPLAYED = "replayed"
DOUBTS = (LOST, REPLAYED, Rejection.OFFICER_REVOKED.value, Rejection.RULED_OUT.value)
"""Codes of what two officers decide about, or have (PROTOCOL 2.9, 2.12: class D)."""
VALID = Judgement(verdict=Verdict.VALID)


def waiting_name(revision: bytes) -> bytes:
    """The name under which decisions wait for a version."""
    return revision[:16]


def judge(finding: Finding, known: Known, recv_ms: int) -> Judgement:
    """The verdict on an entry received at ``recv_ms``, by what is known now."""
    if finding.fault is not None:
        return _rejected(finding.fault, finding.detail)
    if finding.awaits is not None:
        return _review("certificate_missing", finding.awaits)
    if finding.payload_missing:
        return _review("payload_missing")
    return _substance(finding, known, recv_ms)


def _doubt(finding: Finding, known: Known, recv_ms: int) -> str | None:
    """Why the log an entry came in leaves it to people."""
    if _after_loss(finding, known, recv_ms):
        return LOST
    return REPLAYED if finding.disputed else None


def _after_loss(finding: Finding, known: Known, recv_ms: int) -> bool:
    withdrawn = known.lost.get((finding.dev, finding.inc))
    if withdrawn is None or recv_ms <= withdrawn.t_ms:
        return False
    return withdrawn.last_seq is None or finding.seq > withdrawn.last_seq


def _substance(finding: Finding, known: Known, recv_ms: int) -> Judgement:
    device, doubt = known.devices[finding.dev, finding.inc], _doubt(finding, known, recv_ms)
    match finding.says:
        case Decided() as said:
            return _decision(finding, said, known, recv_ms, doubt)
        case _ if doubt is not None:
            return _review(doubt)
        case Registered() as said:
            return _registration(finding, said, device, known, recv_ms)
        case Present() as said:
            return _presence(said, known)
        case Versioned() as said:
            return _version(finding, said, device, known)
        case None:
            return VALID


def _registration(
    finding: Finding, said: Registered, device: Identity, known: Known, recv_ms: int
) -> Judgement:
    officer, refusal = _officer(finding, known)
    if officer is None:
        return refusal
    revoked = _after_dismissal(finding, known, recv_ms)
    if revoked is not None:
        return revoked
    school = said.entry.school if said.entry is not None else None
    if school not in officer.schools or not _serves(device, school):
        return _rejected(Rejection.SCOPE)
    return VALID


def _presence(said: Present, known: Known) -> Judgement:
    if said.witness is not None and said.witness not in known.officers:
        return _review("officer_unknown", said.witness)
    if not known.roster.get(said.teacher):
        return _review("teacher_unregistered", said.teacher)
    return VALID


def _version(finding: Finding, said: Versioned, device: Identity, known: Known) -> Judgement:
    if finding.role != "teacher" or finding.actor is None:
        return _rejected(Rejection.ROLE)
    listed = known.roster.get(finding.actor)
    if not listed:
        return _review("teacher_unregistered", finding.actor)
    if said.claim is None:  # a withdrawal names no school: it is hers where she is registered
        here = any(_serves(device, each.school) for each in listed.values())
        return VALID if here else _review("scope", finding.actor)
    if not _serves(device, said.claim.school):
        return _review("scope")
    if Listed(national_id=said.claim.national_id, school=said.claim.school) not in listed.values():
        return _review("roster_differs", finding.actor)
    return VALID


def _decision(
    finding: Finding, said: Decided, known: Known, recv_ms: int, doubt: str | None
) -> Judgement:
    """People are asked only of one that would count: whatever else is wrong comes first."""
    officer, refusal = _officer(finding, known)
    if officer is None:
        return refusal
    revoked = _after_dismissal(finding, known, recv_ms)
    if revoked is not None and revoked.rejected:
        return revoked
    substance = _signed(said, officer, known.devices[finding.dev, finding.inc], known)
    if substance.verdict is not Verdict.VALID:
        return substance
    if doubt is None and revoked is not None:
        doubt = revoked.code
    return VALID if doubt is None else _ruled(doubt, known.rulings.get(finding.eh))


def _signed(said: Decided, officer: Identity, device: Identity, known: Known) -> Judgement:
    """Whether it is hers, and about a version she may decide about."""
    if not said.cosigned:
        return _rejected(Rejection.COSIGNATURE)
    decided = known.versions.get(said.fact.revision)
    if decided is None:
        return _review("revision_unknown", waiting_name(said.fact.revision))
    if decided.claim != said.fact.claim:
        return _rejected(Rejection.DECISION_DIFFERS)
    return _authority(officer, device, decided.school)


def _ruled(doubt: str, ruling: Ruling | None) -> Judgement:
    match ruling:
        case Ruling.ACCEPT:
            return Judgement(verdict=Verdict.VALID, code=doubt)
        case Ruling.REJECT:
            return _rejected(Rejection.RULED_OUT)
        case None:
            return _review(doubt)
        case _:
            assert_never(ruling)


def _authority(officer: Identity, device: Identity, school: str | None) -> Judgement:
    if school is None:
        return _review("revision_unreadable")
    within = school in officer.schools and _serves(device, school)
    return VALID if within else _rejected(Rejection.SCOPE)


def _officer(finding: Finding, known: Known) -> tuple[Identity, Judgement] | tuple[None, Judgement]:
    if finding.role != "officer" or finding.actor is None:
        return None, _rejected(Rejection.ROLE)
    officer = known.officers.get(finding.actor)
    if officer is None:
        return None, _review("officer_unknown", finding.actor)
    return officer, VALID


def _after_dismissal(finding: Finding, known: Known, recv_ms: int) -> Judgement | None:
    """The intervals of 2.10 with the revocation in place of the deadline (PROTOCOL 2.9).

    None: it came before that time. A sealed log (class C) excuses nothing: its clocks may have
    been in the hands of the one who was dismissed.
    """
    withdrawn = known.withdrawn.get(finding.actor or b"")
    if withdrawn is None or recv_ms <= withdrawn.t_ms:
        return None
    certainly_later = known.not_before.get(finding.eh, 0) > withdrawn.t_ms
    revoked = Rejection.OFFICER_REVOKED
    return _rejected(revoked) if certainly_later else _review(revoked.value)


def _serves(device: Identity, school: str | None) -> bool:
    """A county's or spare machine serves every school; a school's kiosk its own."""
    return school is not None and (device.role != "kiosk" or school in device.schools)


def _rejected(rejection: Rejection, detail: str | None = None) -> Judgement:
    code = rejection.value if detail is None else detail
    return Judgement(verdict=Verdict.REJECTED, code=code, rejection=rejection)


def _review(code: str, waits_for: bytes | None = None) -> Judgement:
    return Judgement(verdict=Verdict.REVIEW, code=code, waits_for=waits_for)
