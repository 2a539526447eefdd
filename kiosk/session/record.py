"""What this kiosk knows of an application that was sent.

Versions, where each stands, review and result.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from core.domain.application import Claim, Wishes
from core.domain.ids import ApplicationId, EventHash
from core.season.county import CountyVerdict, Hold
from core.season.merge import Review


class Delivery(StrEnum):
    """How far a version has come; the words of UX 4.8 and K07."""

    STORED = "stored"
    SENDING = "sending"
    DELIVERED = "delivered"
    BACKED_UP = "backed_up"
    ATTENTION = "attention"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Agreement:
    """The text of 注意事項 a teacher agreed to, by its number, and when: as signed in a version."""

    number: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One submitted version.

    ``number`` is the 受理編號 and ``check_code`` the 檢查碼; ``receipt`` the 109 signed bytes of
    the device receipt. ``claim`` and ``wishes`` are None when it was sent from another kiosk,
    which keeps the content; then ``number``, ``check_code`` are those of that kiosk as far as
    known, ``receipt`` is empty and ``submitted`` may be None. ``server_receipt`` are the 114 bytes
    the server signed once the version was there; ``log_index`` and ``delivered`` are from it.
    ``parents`` are the versions this one replaces. ``agreed`` is None where its entry does not say.
    ``rejection`` is the centre's word for why it has no effect, empty while it has.
    """

    hash: EventHash
    version: int
    seq: int
    number: str
    check_code: str
    submitted: datetime | None
    claim: Claim | None = field(repr=False)
    wishes: Wishes | None = field(repr=False)
    receipt: bytes = field(repr=False)
    delivery: Delivery
    log_index: int | None = None
    withdrawn: bool = False
    parents: tuple[EventHash, ...] = ()
    server_receipt: bytes = field(default=b"", repr=False)
    delivered: datetime | None = None
    agreed: Agreement | None = None
    rejection: str = ""

    @property
    def proof(self) -> bytes:
        """The receipt that says most: the server's once it is here, before that the device's."""
        return self.server_receipt or self.receipt

    @property
    def complete(self) -> bool:
        """Whether its content is here."""
        return self.claim is not None and self.wishes is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsView:
    """Awarded points in hundredths, as `core.wire.payload.PointsAwarded`.

    Totals per wish county.
    """

    reason_a: int
    reason_b: int
    service: int
    appraisal: int
    awards: int
    training: int
    special: int
    total_a: int
    total_b: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReason:
    """Why one line of points is what it is, in the officer's words.

    ``place`` is a field of `PointsView`, ``instead_of`` the figure it stands in place of, in
    hundredths: None where only papers tell. ``reason`` is a code.
    """

    place: str
    instead_of: int | None
    reason: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """The officer's decision in force about the claim of the current version.

    ``because`` are her reasons for single lines of points, at most one a line. ``rejection`` is the
    centre's word for why the decision has no effect.
    """

    verdict: Literal["approved", "returned", "ineligible"]
    at: datetime
    points: PointsView | None
    reasons: tuple[str, ...]
    remark: str
    because: tuple[LineReason, ...] = ()
    rejection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyView:
    """The county's last review; only while it ``hold``s is it about what is in force now.

    ``points`` are the county's figures, None unless it passed; ``changes`` are the lines that
    differ from the school's, by name, each with why.
    """

    verdict: CountyVerdict
    hold: Hold
    at: datetime
    county: str
    points: PointsView | None
    changes: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """The outcome of the match. ``school`` and ``subject`` are codes, empty when not moved.

    ``wish`` counts from 1.
    """

    moved: bool
    school: str
    subject: str
    wish: int
    phase: str
    explanation: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything sent for one application, as the chain and the inbox tell it.

    ``versions`` are in order of sending, ``heads`` the versions no other replaces, the earlier
    first; two or more are a conflict the teacher resolves. ``review`` is the state of the version
    in force, ``decision`` what the officer said, ``review_rejection`` the centre's word for why the
    last review counts for neither, ``county`` what the county said last, and ``number`` the
    電腦編號 once it gave one.
    """

    app: ApplicationId
    versions: tuple[Version, ...] = ()
    heads: tuple[Version, ...] = ()
    review: Review = Review.WAITING
    decision: ReviewView | None = None
    review_rejection: str = ""
    county: CountyView | None = None
    number: str = ""
    result: ResultView | None = None

    @property
    def reviewed(self) -> CountyView | None:
        """The county's review, while it is about the claim and the decision in force."""
        holds = self.county is not None and self.county.hold is Hold.HOLDS
        return self.county if holds else None

    @property
    def points(self) -> PointsView | None:
        """The figures that count: the county's where it passed them, before that the school's."""
        if self.reviewed is not None and self.reviewed.points is not None:
            return self.reviewed.points
        return None if self.decision is None else self.decision.points

    @property
    def current(self) -> Version | None:
        """The version in force; None before the first and while two stand against each other."""
        return self.heads[0] if len(self.heads) == 1 else None

    @property
    def in_conflict(self) -> bool:
        """Whether the teacher has to choose between versions sent from two kiosks."""
        return len(self.heads) > 1

    @property
    def withdrawn(self) -> bool:
        """Whether the teacher has taken the application back."""
        return self.current is not None and self.current.withdrawn

    @property
    def head_hashes(self) -> tuple[EventHash, ...]:
        """What a new version names as parents."""
        return tuple(each.hash for each in self.heads)
