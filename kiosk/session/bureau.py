"""The officer's side of the kiosk as values.

Queue, one case, decision form, roster, registration.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from core.domain.application import Claim, Wishes
from core.domain.ids import (
    ApplicationId,
    EventHash,
    NationalId,
    SchoolId,
    SubjectCode,
    TeacherId,
)
from core.domain.points import Points
from core.domain.refusal import Refusal
from core.domain.school import Stage
from core.season.merge import Review
from core.wire.payload import PointsPlace
from kiosk.session.person import Barred, Person
from kiosk.session.rare_name import NameEntry
from kiosk.session.record import Delivery, ReviewView, Version
from kiosk.session.self_check import UNCHECKED, SelfCheck

POINT_FIELDS: tuple[PointsPlace, ...] = (
    "reason_a",
    "reason_b",
    "service",
    "appraisal",
    "awards",
    "training",
    "special",
)
"""Names and order of the points of one review (`core.wire.payload.PointsAwarded`)."""


def points_line(name: str) -> PointsPlace | None:
    """The line of points with this name; None where it is something else."""
    return next((each for each in POINT_FIELDS if each == name), None)


POINTS_REASONS = (
    "originals",
    "paper_missing",
    "not_countable",
    "outside_period",
    "below_unit",
    "counted_twice",
    "other_item",
    "corrected",
    "other",
)
"""Codes of why one line of points is not what was worked out; each has a sentence.

The last needs a remark.
"""

RETURN_REASONS = (
    "service_table_not_original",
    "household_older_than_month",
    "reinstatement_missing",
    "teaching_proof_not_stamped",
    "award_not_from_authority",
    "fact_counted_twice",
    "service_too_short",
    "other",
)
"""Codes of the grounds of O03; each has a sentence. The last needs a remark."""

TITLES = ("teacher", "homeroom", "section_chief", "director", "principal", "educare")
"""職稱 offered at registration. 實習教師 is not among them.

Her training school manages her (F-633).
"""


class CertificateState(StrEnum):
    """Whether the officer may sign.

    The key exists at once, the county's certificate comes later.
    """

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A personnel officer of this school.

    ``certificate`` is the certificate's id, None until it was issued.
    """

    person: Person
    state: CertificateState
    certificate: bytes | None = field(repr=False)
    role: str


class QueueFilter(StrEnum):
    """The digits 1 to 5 of O01."""

    WAITING = "waiting"
    INCOMPLETE = "incomplete"
    REVIEWED = "reviewed"
    RETURNED = "returned"
    ALL = "all"


class Standing(StrEnum):
    """What stands of an application: one version, several against each other, or none."""

    IN_FORCE = "in_force"
    CONFLICT = "conflict"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case of the queue; ``seq`` is its entry of the log here.

    ``reopened``: an earlier version was reviewed and the claim changed since. Without a version in
    force the rest of the row is that of the newest one. ``rejection`` and
    ``review_rejection`` are the centre's words for why version and decision have no effect.
    """

    app: ApplicationId
    number: str
    name: str = field(repr=False)
    stage: Stage
    school: SchoolId
    submitted: datetime
    version: int
    review: Review
    verdict: str | None
    reopened: bool
    delivery: Delivery
    seq: int = 0
    standing: Standing = Standing.IN_FORCE
    rejection: str = ""
    review_rejection: str = ""

    @property
    def waits(self) -> bool:
        """Whether it is for an officer to decide."""
        return self.standing is Standing.IN_FORCE and self.review is Review.WAITING


@dataclass(frozen=True, slots=True)
class Because:
    """Why one line of points is what it is: a code of `POINTS_REASONS` or none, and a remark."""

    reason: str | None = None
    remark: str = ""


NO_REASONS = (Because(),) * len(POINT_FIELDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as opened: what was sent, and what a decision about it must name.

    ``earlier`` are the decisions in force that a new one replaces. ``points`` are the proposed
    texts of `POINT_FIELDS`, in that order: those of the decision that stands, else computed from
    the claim by the year's scale; ``because`` are the reasons of that decision. ``held_against``
    are the figures that a changed one needs a reason for, None where only papers tell. ``version``
    is what paper is filled in from, for a teacher who is not here or has no printer (U-038).
    ``check`` is 資格檢核 where her draft is on this machine, ``barred`` what the control list says.
    """

    row: Row
    teacher: TeacherId = field(repr=False)
    revision: EventHash
    claim_hash: bytes
    claim: Claim = field(repr=False)
    wishes: Wishes = field(repr=False)
    earlier: tuple[EventHash, ...]
    decision: ReviewView | None
    points: tuple[str, ...]
    because: tuple[Because, ...] = NO_REASONS
    held_against: tuple[Points | None, ...] = (None,) * len(POINT_FIELDS)
    version: Version | None = field(default=None, repr=False)
    check: SelfCheck = UNCHECKED
    barred: Barred | None = None


Verdict = Literal["approved", "returned", "ineligible"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionForm:
    """What the officer filled in; points as typed, in the order of `POINT_FIELDS`.

    ``because`` are the reasons of these lines, in the same order (U-043).
    ``originals`` is 已核對正本, ``clean`` is 無上列情形: both are needed to approve. ``name`` is
    已依身分證確認姓名, needed where the claim's name is not the card's.
    """

    points: tuple[str, ...]
    because: tuple[Because, ...] = NO_REASONS
    verdict: Verdict | None = None
    reasons: frozenset[str] = frozenset()
    remark: str = ""
    originals: bool = False
    clean: bool = False
    name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """A teacher of the school as registered.

    ``first_use_done``: she has set a password on this machine. ``rejection`` is the centre's word
    for why her last registration here has no effect.
    """

    teacher: TeacherId = field(repr=False)
    name: str = field(repr=False)
    national_id: NationalId
    title: str
    school: SchoolId
    stage: Stage
    subject: SubjectCode
    first_use_done: bool
    rejection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """教師資料登錄: four fields from the teacher's card, the rest chosen.

    ``name`` may be corrected (F8 罕用字).
    """

    person: Person
    name: str = field(repr=False)
    birth: date = field(repr=False)
    title: str | None = None
    school: SchoolId | None = None
    stage: Stage | None = None
    subject: SubjectCode | None = None
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """O01. ``rows`` is None while loading.

    The officer's own case is never among them; ``own`` says that one exists.
    """

    rows: tuple[Row, ...] | None = None
    filter: QueueFilter = QueueFilter.WAITING
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One case: claim and wishes to read, the form to fill (O02, O03 in one)."""

    case: Case
    form: DecisionForm
    faults: tuple[Refusal, ...] = ()
    password_wrong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPage:
    """After a decision.

    What was signed, as the first 8 characters of its hash, and the next waiting case. ``entry``
    names the entry of the log.
    """

    row: Row
    verdict: Verdict
    check_code: str
    next: ApplicationId | None
    entry: EventHash | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPage:
    """本單位教師帳號管理. ``rows`` None while loading."""

    rows: tuple[RosterRow, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """教師資料登錄: waiting for the teacher's card while ``form`` is None.

    ``done`` is the name just registered, for one sentence, ``entry`` its entry of the log;
    ``trouble`` says why the last card could not be used. ``naming``: F8 is open over the form.
    """

    form: Registration | None = None
    naming: NameEntry | None = None
    faults: tuple[Refusal, ...] = ()
    done: str | None = field(default=None, repr=False)
    entry: EventHash | None = None
    trouble: str | None = None


BureauPage = QueuePage | CasePage | SignedPage | RosterPage | RegisterPage
