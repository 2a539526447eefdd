"""The detached payloads.

Personal content that the chain holds only by hash, each salted (PROTOCOL 2.3, DESIGN D3 D13).

An application is two parts, ``claim`` and ``wishes``, each with its own salt and hash. Reviews
bind the claim's hash.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from core.domain.application import Claim, Wishes
from core.sealing import SigningKey, key_id, verify
from core.signature import SignatureType
from core.wire.canon import from_wire, to_wire
from core.wire.errand import Settings
from core.wire.event import Bytes16, Bytes32, Cosignature, Frame, payload_hash
from core.wire.fault import WireError

Hundredths = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
Text = Annotated[str, Meta(max_length=500)]
POINTS_LINES = 7
PointsPlace = Literal[
    "reason_a", "reason_b", "service", "appraisal", "awards", "training", "special"
]
"""The lines of points of a review, by the fields of `PointsAwarded`."""


class ApplicationPayload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The two parts as their own canonical bytes.

    So that each keeps its hash whatever carries it.
    """

    salt: Bytes16
    claim: bytes
    wishes: bytes


class RosterPayload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A teacher of the school as the officer registered her (在職登錄)."""

    salt: Bytes16
    national_id: Text
    name: Text
    birth: Text
    sex: Literal["M", "F"]
    title: Text
    school: Text
    stage: Text
    subject: Text


class PointsAwarded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points of one review in hundredths.

    The reason differs per wish county, the rest does not (DOMAIN §2.1).
    """

    reason_a: Hundredths
    reason_b: Hundredths
    service: Hundredths
    appraisal: Hundredths
    awards: Hundredths
    training: Hundredths
    special: Hundredths

    @property
    def total_a(self) -> int:
        """Total for wish county 甲, hundredths."""
        return self.reason_a + self._shared

    @property
    def total_b(self) -> int:
        """Total for wish county 乙, hundredths."""
        return self.reason_b + self._shared

    @property
    def _shared(self) -> int:
        return self.service + self.appraisal + self.awards + self.training + self.special


class PointsReason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the officer's figure of one line is what it is (U-021, U-043).

    ``instead_of`` is the figure it was held against: what the year's scale gives for the claim, or
    what the decision before had given; nil where only papers tell. ``reason`` is a code.
    """

    place: PointsPlace
    instead_of: Hundredths | None
    reason: Annotated[str, Meta(pattern=r"^[a-z_]{1,32}\Z")]
    remark: Annotated[str, Meta(max_length=200)]


class DecisionPayload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an officer signs with the own key: this claim, these points or these grounds.

    ``because`` is left out when no line of points needs a reason.
    """

    salt: Bytes16
    app: Bytes16
    revision: Bytes32
    claim: Bytes32
    officer: Bytes16
    verdict: Literal["approved", "returned", "ineligible"]
    points: PointsAwarded | None
    reasons: Annotated[tuple[Text, ...], Meta(max_length=32)]
    remark: Text
    because: (
        Annotated[tuple[PointsReason, ...], Meta(min_length=1, max_length=POINTS_LINES)] | UnsetType
    ) = UNSET


class ResultPayload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One teacher's outcome.

    The school and subject obtained, or none, with the wish it answers and why not the others.
    """

    salt: Bytes16
    moved: bool
    school: Text
    subject: Text
    wish: Annotated[int, Meta(ge=0)]
    phase: Text
    explanation: Annotated[tuple[Text, ...], Meta(max_length=600)]


class CopyPayload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In ``inbox.version``, ``inbox.review`` and ``inbox.county``.

    Another log's signed entry, and its payload where this one may read it.
    """

    salt: Bytes16
    event: bytes
    payload: bytes | None


class ReceiptPayload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In ``inbox.receipt``: the server's receipt (`core.wire.receipt`)."""

    salt: Bytes16
    receipt: bytes


class StaffPayload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In ``centre.*``: who of the centre's staff did it, signed in as themselves, and why."""

    salt: Bytes16
    login: Text
    reason: Text


class LineChanged(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One line of points a county changed: its name in `PointsAwarded`, and why."""

    line: Annotated[str, Meta(max_length=32)]
    reason: Text


class CountyPayload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In ``centre.review``: who of the county held what of which figures, and why.

    ``points`` are the county's, with every line that differs from the school's in ``changes``; nil
    unless it passed. ``seen`` names the documents that were shown.
    """

    salt: Bytes16
    login: Text
    county: Annotated[str, Meta(max_length=2)]
    points: PointsAwarded | None
    changes: Annotated[tuple[LineChanged, ...], Meta(max_length=7)]
    seen: Annotated[tuple[Text, ...], Meta(max_length=64)]
    reasons: Annotated[tuple[Text, ...], Meta(max_length=32)]
    remark: Text


class BarredPayload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In ``inbox.barred``: by which clause a person is barred, and the first day she is not.

    Both nil: she is not, or not any more. Days are ISO dates; no ``until`` has no end in sight.
    """

    salt: Bytes16
    clause: Text | None
    since: Annotated[str, Meta(max_length=10)] | None
    until: Annotated[str, Meta(max_length=10)] | None


class DisplayPayload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In ``inbox.display``: the settings as the kiosk wrote them that last kept some for her."""

    salt: Bytes16
    settings: Settings


def encode_application(claim: Claim, wishes: Wishes, salt: bytes) -> bytes:
    """Payload bytes of one version."""
    return to_wire(ApplicationPayload(salt=salt, claim=to_wire(claim), wishes=to_wire(wishes)))


def read_application(payload: bytes) -> tuple[Claim, Wishes]:
    """Both parts of a version.

    Raises:
        WireError: Not an application payload.
    """
    parts = from_wire(payload, ApplicationPayload)
    return from_wire(parts.claim, Claim), from_wire(parts.wishes, Wishes)


def part_hashes(payload: bytes) -> tuple[bytes, bytes]:
    """Hashes of claim and wishes, as the event's body must name them.

    Raises:
        WireError: Not an application payload.
    """
    parts = from_wire(payload, ApplicationPayload)
    return payload_hash(parts.claim), payload_hash(parts.wishes)


def sign_decision(decision: DecisionPayload, key: SigningKey) -> tuple[bytes, Cosignature]:
    """Payload bytes of a review and the officer's own signature over them."""
    payload = to_wire(decision)
    return payload, Cosignature(key.id, "ed25519", key.sign(SignatureType.APPROVAL, payload))


def is_cosigned(frame: Frame, officer_key: bytes) -> bool:
    """Whether the officer's raw public key signed exactly this payload, under its own name."""
    payload, name = frame.payload or b"", key_id(officer_key)
    return any(
        each.key == name and verify(officer_key, SignatureType.APPROVAL, payload, each.signature)
        for each in frame.cosignatures
    )


def read_decision(frame: Frame, officer_key: bytes) -> DecisionPayload:
    """The review in a frame, if the officer's raw public key signed exactly this payload.

    Raises:
        WireError: ``approval_signature``, or not a decision payload.
    """
    if not is_cosigned(frame, officer_key):
        raise WireError("approval_signature")
    return from_wire(frame.payload or b"", DecisionPayload)
