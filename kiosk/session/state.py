"""One kiosk and the person at it, as a value. No widgets, no reader, no clock.

The machine is in `kiosk.session.station`, pages are in `kiosk.session.page` (teacher) and
`kiosk.session.bureau` (officer). Everything a screen draws hangs on `Session`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.ids import CountyCode
from core.domain.school import Stage
from kiosk.session.bureau import BureauPage, Officer
from kiosk.session.contact import Contact
from kiosk.session.display import UNCHOSEN, Looks
from kiosk.session.draft import Draft
from kiosk.session.page import AT_THE_END, Insertion, Page
from kiosk.session.paper import Form
from kiosk.session.person import Lock, Person, Post
from kiosk.session.rare_name import NameEntry
from kiosk.session.record import Record, Version
from kiosk.session.station import Reader, Station

IDLE_LIMIT = timedelta(minutes=3)  # UX 4.7
OFFICER_IDLE_LIMIT = timedelta(minutes=5)  # UX 6
MORE_TIME = timedelta(minutes=15)  # UX 4.7 需要更多時間
WARNING = timedelta(seconds=45)  # UX K08
GRACE = timedelta(seconds=20)  # UX K09
REVEALED = timedelta(seconds=5)  # UX K02
PASSWORD_FRESH = timedelta(minutes=10)  # UX K06
CARD_LEFT = timedelta(seconds=30)  # UX 4.7, end
TRIES = 5  # UX 4.7
PAUSE = timedelta(minutes=10)  # UX 4.7


class TroubleCode(StrEnum):
    """Why a card leads nowhere; each has a page with what was found, why it ends, whom to ask."""

    UNREADABLE = "unreadable"
    UNRESPONSIVE = "unresponsive"
    FOREIGN = "foreign"
    PULLED = "pulled"
    BUSY = "busy"
    UNREGISTERED = "unregistered"
    WRONG_SCHEME = "wrong_scheme"
    FIRST_USE_IMPOSSIBLE = "first_use_impossible"
    NOT_ENROLLED = "not_enrolled"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Idle:
    """K01. ``notice`` says in one sentence what just ended.

    ``ended``, ``expired``, ``card_out``, ``locked`` or ``unsaved``: a draft is not on the disk yet.
    """

    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A card is being read since then; after two seconds the screen counts."""

    since: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """A card that leads nowhere; ends when it is taken out.

    ``detail`` is its `CardKind`, the store's code, or the title of who is at the wrong machine.
    """

    code: TroubleCode
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """The lists of schools, without a card; ``county`` None is every one."""

    since: datetime
    stage: Stage
    county: CountyCode | None = None
    keyword: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """故障回報: ``number`` is what to read out; ``fault`` is why there is none."""

    since: datetime
    number: str | None = None
    fault: str | None = None
    waiting: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessWanted:
    """First use or forgotten password: the teacher's card out, an officer's card in.

    ``reset``: a password existed. ``fault`` is ``not_officer``, ``not_granted`` or ``same_person``
    after a card that does not do, or the code of a card that cannot be read.
    """

    person: Person
    post: Post
    since: datetime
    reset: bool
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessPassword:
    """The officer's card is in: the officer's password. ``fault`` as in `AskingPassword`."""

    person: Person
    post: Post
    since: datetime
    reset: bool
    officer: Officer
    lock: Lock
    fault: str | None = None
    waiting: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessConfirming:
    """The officer compares face and card, and confirms."""

    person: Person
    post: Post
    since: datetime
    reset: bool
    officer: Officer


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWantedBack:
    """The officer has confirmed: officer's card out, the teacher's card in.

    ``witness`` is the officer's certificate id; ``fault`` is ``other_card``, or as a bad card.
    """

    person: Person
    post: Post
    since: datetime
    reset: bool
    witness: bytes = field(repr=False)
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyNotice:
    """The six points of 個資法 §8, before the first password."""

    person: Person
    post: Post
    since: datetime
    reset: bool
    witness: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingPassword:
    """A new password, typed twice; or none, this once.

    ``once``: she chose to go in without one. ``fault`` is ``too_short``, ``too_common``,
    ``personal``, ``differs`` or the code of a store failure.
    """

    person: Person
    post: Post
    since: datetime
    reset: bool
    witness: bytes = field(repr=False)
    fault: str | None = None
    waiting: int | None = None
    once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingPassword:
    """K02. ``stage`` is the one the teacher is registered for; ``asked`` the one chosen.

    ``fault`` is ``password_wrong``, ``locked``, ``stage_not_registered`` or the code of a store
    failure. ``naming``: 罕用字更正 is open. ``named`` is the name it ended with; it becomes an
    answer of the draft once the password was right.
    """

    person: Person
    post: Post
    since: datetime
    asked: Stage
    lock: Lock
    fault: str | None = None
    waiting: int | None = None
    naming: NameEntry | None = None
    named: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A teacher at work.

    ``saved`` is when the draft was last known to be on disk, None before; ``dirty``: a newer one is
    on its way. ``alarm`` is the code of a store failure that is still true: nothing is lost, the
    draft is kept in `Session.pending` and tried again. ``toast`` is a short message about the last
    act; ``recovered``: the last session did not end in order. ``waiting``: the desk is submitting.
    ``reading`` is the code of why this machine cannot write: she looks and changes nothing.
    ``printing``: a form is on its way to the printer. ``contact`` is how she can be reached.
    ``papers`` are printed once she has her card back (UX A22). ``witness`` is the certificate id of
    the officer who confirmed who she is, where she came in without a password (U-031).
    """

    person: Person
    post: Post
    draft: Draft = field(repr=False)
    record: Record = field(repr=False)
    page: Page
    silent_since: datetime
    password_at: datetime
    insertion: Insertion = AT_THE_END
    saved: datetime | None = None
    dirty: bool = False
    alarm: str | None = None
    toast: str | None = None
    recovered: bool = False
    waiting: int | None = None
    reading: str | None = None
    printing: int | None = None
    contact: Contact = field(default=Contact(), repr=False)
    papers: tuple[Form, ...] = ()
    witness: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerCardWanted:
    """F9 was pressed: the officer's card, please.

    ``fault`` is the code of a card that cannot be read.
    """

    since: datetime
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerEnrolling:
    """An officer's first time here: the county's one-time code and a password.

    ``has_password``: this card already has one (as a teacher), which must be given instead of a
    new one. ``fault`` is ``code_missing``, a password fault, ``password_wrong``, ``locked``, or a
    store failure.
    """

    person: Person
    since: datetime
    has_password: bool
    lock: Lock
    fault: str | None = None
    waiting: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingOfficerPassword:
    """The officer's password. ``fault`` as in `AskingPassword`."""

    officer: Officer
    since: datetime
    lock: Lock
    fault: str | None = None
    waiting: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSignedIn:
    """An officer at work; ``alarm``, ``toast`` and ``printing`` as in `SignedIn`."""

    officer: Officer
    page: BureauPage = field(repr=False)
    silent_since: datetime
    alarm: str | None = None
    toast: str | None = None
    waiting: int | None = None
    printing: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """K08: silent for too long. What is behind is held, not shown, and not in the ``repr``."""

    held: SignedIn | OfficerSignedIn = field(repr=False)
    since: datetime

    @property
    def ends(self) -> datetime:
        """When the session ends unless a key is pressed."""
        return self.since + WARNING


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOut:
    """K09: the card was taken out; the same card within the time goes on without a password.

    ``bookmark`` is the code of the task to return to, ``queue`` for an officer.
    """

    held: SignedIn | OfficerSignedIn = field(repr=False)
    since: datetime
    bookmark: str

    @property
    def ends(self) -> datetime:
        """When the session ends unless the card is back."""
        return self.since + GRACE


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCard:
    """The session is over and the card still in the slot. ``notice`` as in `Idle`.

    ``called`` counts tones given. ``papers`` are printed when the card is out.
    """

    since: datetime
    notice: str
    called: int = 0
    papers: tuple[tuple[Form, Version], ...] = field(default=(), repr=False)


Entry = (
    Idle
    | Reading
    | Trouble
    | Searching
    | Incident
    | TakeCard
    | WitnessWanted
    | WitnessPassword
    | WitnessConfirming
    | CardWantedBack
    | PrivacyNotice
    | ChoosingPassword
    | AskingPassword
    | OfficerCardWanted
    | OfficerEnrolling
    | AskingOfficerPassword
)
"""Nobody is signed in."""

Scene = Entry | SignedIn | OfficerSignedIn | Covered | CardOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A draft that is not known to be on disk yet; it outlives the session of its teacher.

    ``failed`` is the store's code after a failed try at ``tried``; None while the desk is at it.
    """

    person: Person
    post: Post
    draft: Draft = field(repr=False)
    ticket: int
    tried: datetime
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Suspended:
    """Practice is going on: the real machine as it stands meanwhile."""

    station: Station = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The kiosk as a value.

    ``at`` is the time of the last event, in UTC, already corrected by the server's; ``serial``
    numbers questions to the desk, so that an answer to an older one changes nothing. ``lookup``
    is the open question about the card in the slot. ``revealed_until``: the full number is shown
    until then. ``looks`` are the display settings in force. ``suspended`` is set
    while somebody practises: ``station`` and ``reader`` are then invented.
    """

    at: datetime
    station: Station = field(default_factory=Station)
    reader: Reader = field(default_factory=Reader)
    scene: Scene = Idle()
    serial: int = 0
    lookup: int | None = None
    revealed_until: datetime | None = None
    pending: tuple[Pending, ...] = field(default=(), repr=False)
    looks: Looks = UNCHOSEN
    suspended: Suspended | None = None
