"""What a session asks of the world. The desk performs it in order and answers with events.

Effects with a ``ticket`` are answered by exactly one event with that ticket (or `DeskFailed`); the
others by news or by nothing.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from core.card.nhi import Profile
from core.domain.ids import ApplicationId, EventHash, TeacherId
from core.domain.school import Stage
from kiosk.session.bureau import Case, DecisionForm, Officer, Registration
from kiosk.session.display import Display
from kiosk.session.draft import Draft
from kiosk.session.paper import Form
from kiosk.session.person import Person, Post, Secret
from kiosk.session.record import Version
from kiosk.session.station import LeftCard


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    ticket: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Identify(_Question):
    """Whose card is this? Answered by `CardKnown` or `CardUseless`."""

    profile: Profile = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn(_Question):
    """Check a teacher's password and open her work: `SignInAccepted` or `PasswordRefused`."""

    person: Person
    post: Post
    stage: Stage
    password: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword(_Question):
    """Store a witnessed new password and open the work: `SignInAccepted`.

    ``witness`` is the certificate id of the officer.
    """

    person: Person
    post: Post
    witness: bytes = field(repr=False)
    password: Secret


@dataclass(frozen=True, slots=True)
class KeepLeftCards:
    """Keep what is known of cards left behind, in place of what was; nothing answers."""

    cards: tuple[LeftCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterWitnessed(_Question):
    """Open the work of somebody whose face and card an officer has compared: `SignInAccepted`.

    No password is needed or set (U-031). ``witness`` is the certificate id of the officer.
    """

    person: Person
    post: Post
    witness: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOfficer(_Question):
    """Check an officer's password, to sign in or to witness.

    `OfficerAccepted` or `PasswordRefused`.
    """

    officer: Officer
    password: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolOfficer(_Question):
    """Make the officer's key, wrap it with the password and queue a signing request for the county.

    Answered by `OfficerAccepted`, or `PasswordRefused` when the card already has another password.
    """

    person: Person
    code: Secret
    password: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft(_Question):
    """Write the draft: `DraftSaved` or `SaveFailed`. Of several in a row only the last counts."""

    person: Person
    post: Post
    draft: Draft = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit(_Question):
    """Make a version of the draft that replaces ``heads``, the versions the teacher was shown.

    Answered by `Submitted`, `SubmitRefused`, `HeadsChanged`, `PasswordRefused` or `DeskFailed`.
    ``password`` is given when the last entry is older than ten minutes: hers, or that of the
    officer who witnessed that it is her (``witness``, the certificate id).
    """

    person: Person
    post: Post
    draft: Draft = field(repr=False)
    password: Secret | None
    heads: tuple[EventHash, ...] = ()
    witness: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(_Question):
    """Take the application back; otherwise as `Submit`. The draft stays as it is."""

    person: Person
    post: Post
    draft: Draft = field(repr=False)
    password: Secret | None
    heads: tuple[EventHash, ...]
    witness: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintForm(_Question):
    """A form filled in from this version, on paper: `Printed`."""

    form: Form
    version: Version = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindCharacters(_Question):
    """The characters of one syllable, typed on the 注音 layout: `CharactersFound`.

    `DeskFailed` with ``input_missing`` where this machine has no such input.
    """

    keys: str = field(repr=False)


class ContactAct(StrEnum):
    """What can be done about how a teacher is reached."""

    MAIL_CODE = "mail_code"
    TRY_CODE = "try_code"
    LINE_LINK = "line_link"
    LINE_UNLINK = "line_unlink"


@dataclass(frozen=True, slots=True)
class Contacting:
    """Ask the centre, or look at a code: `ContactChanged` says how it stands then."""

    teacher: TeacherId = field(repr=False)
    act: ContactAct
    address: str = field(default="", repr=False)
    code: Secret | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Tell `RecordChanged` whenever something arrives for this application; None stops."""

    app: ApplicationId | None
    stage: Stage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadQueue(_Question):
    """The school's cases: `QueueLoaded`."""

    officer: Officer


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadCase(_Question):
    """One case: `CaseLoaded`."""

    officer: Officer
    app: ApplicationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(_Question):
    """Sign a decision with the officer's own key: `Decided`, `PasswordRefused` or `DeskFailed`."""

    officer: Officer
    case: Case
    form: DecisionForm
    password: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRoster(_Question):
    """The school's teachers: `RosterLoaded`."""

    officer: Officer


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(_Question):
    """Enter a teacher of the school: `Registered`. Every choice of ``form`` is made."""

    officer: Officer
    form: Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class MendReader(_Question):
    """Restart the card service: `ReaderMended`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportIncident(_Question):
    """Write down that something is wrong: `IncidentReported`. ``state`` is codes and numbers."""

    state: str


class Tone(StrEnum):
    """The three tones of UX 4.12."""

    READ = "read"
    ERROR = "error"
    CARD_LEFT = "card_left"


@dataclass(frozen=True, slots=True)
class Sound:
    """A tone, where the display settings allow it."""

    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDisplay:
    """Keep the display settings with this person; a store that cannot costs her the comfort."""

    teacher: TeacherId = field(repr=False)
    display: Display


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The terminal's letters are to be large, or as the machine has them (UX 4.1)."""

    large: bool


Effect = (
    Identify
    | SignIn
    | SetPassword
    | EnterWitnessed
    | KeepLeftCards
    | CheckOfficer
    | EnrolOfficer
    | SaveDraft
    | Submit
    | Withdraw
    | PrintForm
    | FindCharacters
    | Contacting
    | Watch
    | LoadQueue
    | LoadCase
    | Decide
    | LoadRoster
    | Register
    | Sound
    | SaveDisplay
    | MendReader
    | ReportIncident
    | Letter
)
