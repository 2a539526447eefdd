"""What the desk answers. An answer carries the ``ticket`` of the effect that asked.

News without a question carries none.
"""

from dataclasses import dataclass, field
from datetime import datetime

from core.domain.ids import EventHash, TeacherId
from core.domain.refusal import Refusal
from kiosk.session.bureau import Case, Officer, RosterRow, Row, Verdict
from kiosk.session.contact import Contact
from kiosk.session.device import Happening
from kiosk.session.display import Display
from kiosk.session.draft import Draft
from kiosk.session.paper import Outcome
from kiosk.session.person import Lock, Person, Post
from kiosk.session.record import Record, Version
from kiosk.session.state import TroubleCode
from kiosk.session.station import Mending


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Happening):
    """Common to all answers: ``ticket`` is that of the effect."""

    ticket: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardKnown(Answer):
    """Whose card it is, as far as this machine knows.

    ``post`` is the roster's; None when the school has not registered the person.
    ``has_password``: the first use is done. ``officer`` when the card belongs to an officer with
    a key here. ``wrong_scheme``: registered, but not as a teacher. ``display`` are the settings
    this person kept.
    """

    person: Person
    post: Post | None
    has_password: bool
    lock: Lock
    officer: Officer | None = None
    wrong_scheme: bool = False
    display: Display | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUseless(Answer):
    """A readable card we cannot go on with.

    Its number is damaged, or this machine is not enrolled yet.
    """

    code: TroubleCode
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRefused(Answer):
    """Not this password; the lock as it stands now, on disk."""

    lock: Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAccepted(Answer):
    """The teacher's password was right, or has just been set.

    ``saved`` is None when there was no draft; ``recovered``: the last session did not end in order.
    ``reading`` is the code of why nothing can be written now: then she may only look.
    """

    draft: Draft = field(repr=False)
    record: Record = field(repr=False)
    saved: datetime | None
    recovered: bool
    reading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerAccepted(Answer):
    """An officer's password was right (signing in or witnessing), or an officer was enrolled."""

    officer: Officer


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSaved(Answer):
    """The draft is on disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveFailed(Answer):
    """The draft is not on disk; it is kept here and tried again. The code is the store's."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Answer):
    """A version was made, in one transaction; it may be one that takes the application back."""

    version: Version
    record: Record = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsChanged(Answer):
    """A version arrived that the teacher has not seen; nothing was made. She looks again."""

    record: Record = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitRefused(Answer):
    """The desk checked again and the rules refuse."""

    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChanged(Happening):
    """Something arrived for an application.

    A receipt, a decision, a version from elsewhere, a result.
    """

    record: Record = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged(Happening):
    """How a teacher can be reached has changed, or an act about it was carried out.

    None: the act could not be kept on disk.
    """

    teacher: TeacherId = field(repr=False)
    contact: Contact | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLoaded(Answer):
    """The school's cases without the officer's own; ``own`` says there is one.

    ``officer`` as known now: the certificate may have arrived since.
    """

    rows: tuple[Row, ...]
    own: bool
    officer: Officer


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLoaded(Answer):
    """One case, complete."""

    case: Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(Answer):
    """The decision is signed and stored; ``rows`` is the queue after it."""

    row: Row
    verdict: Verdict
    hash: EventHash
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLoaded(Answer):
    """The school's teachers, by name."""

    rows: tuple[RosterRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Answer):
    """A teacher is in the roster now; ``hash`` names the entry of the log."""

    name: str = field(repr=False)
    hash: EventHash


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed(Answer):
    """What became of a form."""

    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CharactersFound(Answer):
    """The characters of a syllable, the usual ones first; empty when there is no such syllable."""

    characters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderMended(Answer):
    """What became of the restart of the card service."""

    outcome: Mending


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentReported(Answer):
    """It is written down under this number: six letters and digits."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFailed(Answer):
    """The desk could not do it; nothing changed.

    ``full``, ``locked``, ``damaged`` are the store's, others a rule's: ``own_case``,
    ``not_granted``, ``case_changed``, ``closed``, ``card_missing``.
    """

    code: str
