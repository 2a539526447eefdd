"""The desk: performs what a session asks, one effect after the other, and answers with events.

Synchronous: a screen calls it in its worker thread, line mode and robot call it directly.
Whatever the store cannot do becomes an answer too; the session says it and loses nothing.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from core.wire.fault import WireError
from kiosk.desk import applications, contacts, entering, officers, people
from kiosk.desk.cases import Cases
from kiosk.desk.disk import Disk
from kiosk.desk.equipment import DeskError, Equipment, code_of
from kiosk.desk.left_cards import after_restart, keep_left_cards
from kiosk.desk.news import Newspaper
from kiosk.desk.press import print_form
from kiosk.desk.spelling import find_characters
from kiosk.session.answer import (
    ContactChanged,
    DeskFailed,
    ReaderMended,
    SaveFailed,
    SignInAccepted,
)
from kiosk.session.display import Looks
from kiosk.session.effect import (
    CheckOfficer,
    Contacting,
    Decide,
    Effect,
    EnrolOfficer,
    EnterWitnessed,
    FindCharacters,
    Identify,
    KeepLeftCards,
    Letter,
    LoadCase,
    LoadQueue,
    LoadRoster,
    MendReader,
    PrintForm,
    Register,
    ReportIncident,
    SaveDisplay,
    SaveDraft,
    SetPassword,
    SignIn,
    Sound,
    Submit,
    Watch,
    Withdraw,
)
from kiosk.session.event import Event
from kiosk.session.state import Session
from kiosk.session.station import LeftCard, Mending, Station
from kiosk.session.trail import Trace, TraceCode
from syncd.store.audit import AuditCode
from syncd.store.fault import StoreError, StoreFull

Question = (
    Identify
    | SignIn
    | SetPassword
    | EnterWitnessed
    | Submit
    | Withdraw
    | CheckOfficer
    | EnrolOfficer
    | LoadRoster
    | Register
    | LoadQueue
    | LoadCase
    | Decide
    | FindCharacters
    | MendReader
    | ReportIncident
)


TRACES = {
    TraceCode.CARD_READ: AuditCode.CARD_READ,
    TraceCode.CARD_REFUSED: AuditCode.CARD_REFUSED,
    TraceCode.CARD_REMOVED: AuditCode.CARD_REMOVED,
    TraceCode.SCREEN_COVERED: AuditCode.SCREEN_COVERED,
    TraceCode.SIGNED_OUT: AuditCode.SIGNED_OUT,
    TraceCode.NOTICES_AGREED: AuditCode.NOTICES_AGREED,
    TraceCode.CARD_LEFT: AuditCode.CARD_LEFT,
}
"""What `kiosk.session.trail` finds in a transition, in the store's words."""


class Desk:
    """One machine's desk."""

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment
        self._cases = Cases(equipment)
        self._disk = Disk(equipment)
        self._newspaper = Newspaper(equipment, self._disk)

    def begin(self) -> Session:
        """The session of a machine that has just been switched on."""
        station = self.station()
        station = replace(station, left_cards=after_restart(station.left_cards))
        at = self._equipment.clock.now()
        return Session(at=at, station=station, looks=Looks(display=station.display))

    def station(self) -> Station:
        """The machine as it stands now."""
        return self._newspaper.station()

    def perform(self, effect: Effect) -> tuple[Event, ...]:  # noqa: PLR0911 - a table
        """Do it; the events it leads to, none for what needs no answer."""
        match effect:
            case Sound():
                return ()
            case Contacting():
                return self._contact(effect)
            case Watch(app=app, stage=stage):
                self._newspaper.watch(app, stage)
                return ()
            case SaveDisplay() | Letter():
                self._look(effect)
                return ()
            case KeepLeftCards(cards=cards):
                self._keep_left(cards)
                return ()
            case SaveDraft():
                return (self._save(effect),)
            case PrintForm():
                equipment, title = self._equipment, ""
                now = equipment.clock.now()
                with suppress(StoreError):  # a form without 職稱 is better than none
                    title = people.title_of(equipment, effect.version)
                station = self.station()
                return (print_form(equipment.press, effect, station, now, title=title),)
            case _:
                return (self._ask(effect),)

    def news(self) -> tuple[Event, ...]:
        """What happened without anybody asking; call it about once a second.

        A store that cannot be read now is asked again the next time.
        """
        self._disk.look()
        try:
            return tuple(self._newspaper.read(self._equipment.clock.now()))
        except StoreError:
            return ()

    def note(self, traces: Iterable[Trace]) -> None:
        """Write audit lines for what a session went through; a full disk costs the line only."""
        equipment = self._equipment
        for trace in traces:
            try:
                with equipment.store.transaction():
                    equipment.store.audit.add(
                        TRACES[trace.code],
                        equipment.clock.moment(),
                        who=trace.who,
                        detail=trace.detail,
                    )
            except StoreError as error:
                self._disk.failed(error)
                return

    def _save(self, effect: SaveDraft) -> Event:
        now = self._equipment.clock.now()
        try:
            return applications.save_draft(self._equipment, effect, now)
        except DeskError as error:
            return SaveFailed(ticket=effect.ticket, at=now, code=error.code)
        except StoreError as error:
            self._disk.failed(error)
            return SaveFailed(ticket=effect.ticket, at=now, code=code_of(error))

    def _look(self, effect: SaveDisplay | Letter) -> None:
        """Where it cannot be done everything stays as it looks: nothing else depends on it."""
        lettering = self._equipment.lettering
        try:
            if isinstance(effect, SaveDisplay):
                people.save_display(self._equipment, effect)
            elif lettering is not None:
                with suppress(OSError):
                    lettering.choose(large=effect.large)
        except StoreError as error:
            self._disk.failed(error)

    def _keep_left(self, cards: tuple[LeftCard, ...]) -> None:
        try:
            keep_left_cards(self._equipment, cards)
        except StoreError as error:
            self._disk.failed(error)

    def _contact(self, effect: Contacting) -> tuple[Event, ...]:
        """What cannot be kept was not asked."""
        now = self._equipment.clock.now()
        try:
            told = contacts.contact(self._equipment, effect, now)
        except StoreError as error:
            self._disk.failed(error)
            told = ContactChanged(at=now, teacher=effect.teacher, contact=None)
        self._newspaper.heard(told)
        return (told,)

    def _ask(self, effect: Question) -> Event:
        now = self._equipment.clock.now()
        try:
            answer = self._answer(effect)
        except DeskError as error:
            return DeskFailed(ticket=effect.ticket, at=now, code=error.code)
        except StoreError as error:
            self._disk.failed(error)
            return DeskFailed(ticket=effect.ticket, at=now, code=code_of(error))
        except WireError as error:
            # Too large for the wire: the only thing a person can do to an entry.
            return DeskFailed(ticket=effect.ticket, at=now, code=error.code)
        if isinstance(answer, SignInAccepted) and isinstance(
            effect, SignIn | SetPassword | EnterWitnessed
        ):
            self._newspaper.meet(effect.person.teacher)
            if answer.reading == "full":
                self._disk.failed(StoreFull())
        return answer

    def _answer(self, effect: Question) -> Event:  # noqa: C901, PLR0911, PLR0912 - a table
        equipment, now = self._equipment, self._equipment.clock.now()
        match effect:
            case Identify():
                return people.identify(equipment, effect, now)
            case SignIn():
                return entering.sign_in(equipment, effect, now)
            case EnterWitnessed():
                return entering.enter_witnessed(equipment, effect, now)
            case SetPassword():
                return entering.set_password(equipment, effect, now)
            case Submit():
                return applications.submit(equipment, effect, now)
            case Withdraw():
                return applications.withdraw(equipment, effect, now)
            case CheckOfficer():
                return officers.sign_in(equipment, effect, now)
            case EnrolOfficer():
                return officers.enrol(equipment, effect, now)
            case LoadRoster():
                return officers.load_roster(equipment, effect, now)
            case Register():
                return officers.register(equipment, effect, now)
            case LoadQueue():
                return self._cases.load(effect, now)
            case LoadCase():
                return self._cases.open(effect, now)
            case Decide():
                return self._cases.decide(effect, now)
            case FindCharacters():
                return find_characters(equipment, effect, now)
            case MendReader():
                mechanic = equipment.mechanic
                outcome = Mending.ABSENT if mechanic is None else mechanic.restart_card_service()
                return ReaderMended(ticket=effect.ticket, at=now, outcome=outcome)
            case ReportIncident():
                from kiosk.desk.incidents import report_incident  # noqa: PLC0415 - seldom

                return report_incident(equipment, effect, now)
