"""The closed list of event kinds and the shape of each body (PROTOCOL 2.3).

Bodies never hold personal data.
"""

from types import MappingProxyType
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from core.wire.bounds import INTEGER_MAX

Hash = Annotated[bytes, Meta(min_length=32, max_length=32)]
Proof = Annotated[bytes, Meta(min_length=64, max_length=64)]
Id16 = Annotated[bytes, Meta(min_length=16, max_length=16)]
Id8 = Annotated[bytes, Meta(min_length=8, max_length=8)]
Natural = Annotated[int, Meta(ge=0, le=INTEGER_MAX)]
Positive = Annotated[int, Meta(ge=1, le=INTEGER_MAX)]
Word = Annotated[str, Meta(max_length=64)]
HeadPrefix = Annotated[bytes, Meta(min_length=10, max_length=32)]
ANSWER_BYTES = 4096
ANSWERS_AT_MOST = 12
Parents = Annotated[tuple[Hash, ...], Meta(max_length=64)]


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Common settings of every body."""


class Boot(_Body, frozen=True):
    """The machine or one of its programs started.

    ``unclean`` when the last stop was not orderly.
    """

    software: Word
    unclean: bool


class BeaconSeen(_Body, frozen=True):
    """A server beacon, committed.

    Everything after it happened not before ``t`` (PROTOCOL 2.5, 2.10). One that was ``carried`` on
    a stick is that old already when it is seen: it says nothing of how late it is (ADR 0015).
    """

    digest: Hash
    t: Natural


class ClockStep(_Body, frozen=True):
    """The wall clock moved against the boot clock by this many milliseconds."""

    delta_ms: int


class StorageAlarm(_Body, frozen=True):
    """The disk is full or fails."""

    code: Word


class Season(_Body, frozen=True):
    """A season opens or closes on this machine."""

    season: Word


class TeacherRegister(_Body, frozen=True):
    """An officer entered a teacher of the school; who it is stands in the payload."""

    teacher: Id16


class TeacherPresent(_Body, frozen=True):
    """How a person was identified.

    Keyed hash of the card's bytes, witnessed by an officer, citizen certificate.
    """

    teacher: Id16
    card: Hash
    witness: Id16 | None
    citizen: bool


class Agreed(_Body, frozen=True):
    """Which text of the notices a teacher agreed to, and when by the machine's clock (F-047).

    ``text`` is SHA-256 of the Chinese text, page by page, in UTF-8; ``number`` is its name.
    """

    number: Annotated[str, Meta(min_length=1, max_length=16)]
    text: Hash
    t: Natural


class Revision(_Body, frozen=True):
    """A submitted version: hashes of both parts, and every head known when editing began.

    ``agreed`` is left out by machines that did not note which text it was.
    """

    app: Id16
    version: Positive
    parents: Parents
    claim: Hash
    wishes: Hash
    agreed: Agreed | UnsetType = UNSET


class Withdrawal(_Body, frozen=True):
    """The teacher takes the application back; a revision like the others."""

    app: Id16
    version: Positive
    parents: Parents


class Decision(_Body, frozen=True):
    """An officer's approval or return, bound to the hash of the claim.

    Grounds and points stand in the payload.
    """

    app: Id16
    revision: Hash
    claim: Hash
    earlier: Parents


class BlobAdded(_Body, frozen=True):
    """An attachment, by content."""

    blob: Hash
    size: Natural


class Failure(_Body, frozen=True):
    """Uploads failed this often in a row."""

    code: Word
    count: Natural


class Transfer(_Body, frozen=True):
    """A USB file was written or read. ``file`` is SHA-256 of its bytes."""

    file: Hash
    first: Positive
    last: Positive


class InboxSeen(_Body, frozen=True):
    """Everything up to this entry of the server's log for this device is stored here."""

    seq: Positive
    head: Hash


class ReceiptPrinted(_Body, frozen=True):
    """A receipt for this entry left the machine on paper."""

    seq: Positive


class Epoch(_Body, frozen=True):
    """The server speaks of a new life (it was restored)."""

    epoch: Id8


class Said(_Body, frozen=True):
    """What the server had said before it was restored: its own answers to uploads, as signed.

    So that it knows since when it had held what is sent again (PROTOCOL 2.10).
    """

    answers: Annotated[
        tuple[Annotated[bytes, Meta(min_length=1, max_length=ANSWER_BYTES)], ...],
        Meta(min_length=1, max_length=ANSWERS_AT_MOST),
    ]


class KeyRotation(_Body, frozen=True):
    """The log key from the next entry on, and both keys' word for it (`core.wire.rotation`)."""

    key: Hash
    old_proof: Proof
    new_proof: Proof


class Retirement(_Body, frozen=True):
    """This machine leaves service."""

    reason: Word


class Replay(_Body, frozen=True):
    """An unsent entry of an earlier incarnation, refiled; the old frame is the payload."""

    inc: Positive
    seq: Positive
    hash: Hash


class Renewal(_Body, frozen=True):
    """A new incarnation begins, and why; where the old log ended as far as this disk knows.

    ``head`` is nil and ``seq`` 0 when the disk holds nothing of it.
    """

    inc: Positive
    seq: Natural
    head: Hash | None
    reason: Word


class ReviewNotice(_Body, frozen=True):
    """A decision about an application of this device; details in the payload."""

    app: Id16
    decision: Hash
    verdict: Word


class VersionNotice(_Body, frozen=True):
    """A version sent from another kiosk, so that the next one names it as a parent."""

    app: Id16
    revision: Hash
    version: Positive


class ConflictNotice(_Body, frozen=True):
    """Two or more heads; the teacher decides at her next card touch."""

    app: Id16
    heads: Parents


class ReceiptNotice(_Body, frozen=True):
    """The server's receipt for a version of this device, as signed bytes in the payload."""

    seq: Positive
    hash: Hash


class ResultNotice(_Body, frozen=True):
    """The outcome of the match for an application of this device; the payload says which."""

    app: Id16
    run: Hash


class CountyNotice(_Body, frozen=True):
    """A county's review of an application of this device; the centre's entry is the payload."""

    app: Id16
    review: Hash
    verdict: Word


class BarredNotice(_Body, frozen=True):
    """A teacher of this device's school is on the control list, or no longer; see the payload."""

    teacher: Id16


class DisplayNotice(_Body, frozen=True):
    """How a teacher of this device's school wants kiosks to look; the settings are the payload."""

    teacher: Id16


class VerdictNotice(_Body, frozen=True):
    """An entry of this device is rejected, and why (chapter 6); nil ``code``: not any more."""

    inc: Positive
    seq: Positive
    hash: Hash
    code: Word | None


class CentreOpened(_Body, frozen=True):
    """The first entry of the centre's own log, which hangs on the hash of the key it carries."""

    key: Hash


class HeadWitnessed(_Body, frozen=True):
    """Somebody outside knew the beginning of this hash when the entry was made (ADR 0017).

    ``device`` is the machine it was said to come from, ``way`` how it was heard of.
    """

    head: HeadPrefix
    device: Id16 | None
    way: Word


class EntryRuled(_Body, frozen=True):
    """What one officer of the centre holds of a doubtful entry; the reason is in the payload."""

    entry: Hash
    ruling: Word
    officer: Id16


class RulesSet(_Body, frozen=True, omit_defaults=True):
    """By which named rules the centre's freeze decides; the reason is in the payload.

    Without ``county`` a county's review is not required.
    """

    season: Word
    conflict: Word
    doubtful: Word
    officer: Id16
    county: Word = "optional"


class CountyReviewed(_Body, frozen=True):
    """What a county's group holds of a claim that the school passed by ``decisions``.

    ``earlier`` are the reviews it replaces, ``number`` the 電腦編號 once one is given; figures and
    reasons are in the payload.
    """

    app: Id16
    claim: Hash
    decisions: Parents
    earlier: Parents
    verdict: Word
    number: Word
    officer: Id16


BODIES: MappingProxyType[str, type[msgspec.Struct]] = MappingProxyType(
    {
        "boot": Boot,
        "beacon": BeaconSeen,
        "clock.step": ClockStep,
        "storage.alarm": StorageAlarm,
        "season.open": Season,
        "season.close": Season,
        "teacher.register": TeacherRegister,
        "teacher.present": TeacherPresent,
        "app.revise": Revision,
        "app.withdraw": Withdrawal,
        "app.resolve": Revision,
        "officer.approve": Decision,
        "officer.return": Decision,
        "blob.add": BlobAdded,
        "sync.fail": Failure,
        "usb.export": Transfer,
        "usb.import": Transfer,
        "beacon.carried": BeaconSeen,
        "inbox.seen": InboxSeen,
        "receipt.print": ReceiptPrinted,
        "server.epoch": Epoch,
        "server.said": Said,
        "key.rotate": KeyRotation,
        "device.retire": Retirement,
        "device.renew": Renewal,
        "replay": Replay,
        "inbox.review": ReviewNotice,
        "inbox.version": VersionNotice,
        "inbox.conflict": ConflictNotice,
        "inbox.receipt": ReceiptNotice,
        "inbox.result": ResultNotice,
        "inbox.retire": Retirement,
        "inbox.county": CountyNotice,
        "inbox.barred": BarredNotice,
        "inbox.verdict": VerdictNotice,
        "inbox.display": DisplayNotice,
        "centre.open": CentreOpened,
        "centre.witness": HeadWitnessed,
        "centre.decide": EntryRuled,
        "centre.rules": RulesSet,
        "centre.review": CountyReviewed,
    }
)
