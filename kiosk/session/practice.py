"""練習模式 (F-003, U-040): the same pages and the same machine, with nothing behind them.

While it runs the session answers its own questions, so no effect but a tone or the size of letters
ever leaves it: there is nothing that could enter log, outbox, store or paper.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from core.domain.application import check_application
from core.domain.ids import ApplicationId, EventHash
from core.rules.calendar import build_calendar
from kiosk.session.answer import DraftSaved, Printed, SubmitRefused, Submitted
from kiosk.session.draft import Draft
from kiosk.session.effect import Effect, PrintForm, SaveDraft, Submit, Withdraw
from kiosk.session.event import Event
from kiosk.session.form import NO_SALT, claim_of, wishes_of
from kiosk.session.ground import PRACTISER, Ground
from kiosk.session.page import TasksPage
from kiosk.session.paper import Outcome
from kiosk.session.receipt import practice_number
from kiosk.session.record import Delivery, Record, Version
from kiosk.session.state import Idle, Session, SignedIn, Suspended
from kiosk.session.station import Link, LinkName, SlotEmpty, SlotHolds, Station
from kiosk.session.turn import Step, held_of, show, stay

APPLICATION = ApplicationId(b"practice".ljust(16, b"\0"))
CHECK_CODE = "0000-0000"
ENDED = "practice_ended"
AFTER = (1, 15, 18, 21, 40)
"""Days from the deadline to the other moments of a season: as a real one, in its order."""


def begin(session: Session) -> Step:
    """F4 at the idle screen: the invented teacher is signed in, her virtual card in the slot.

    Not while somebody's real draft is still on its way to the disk: it is tried again meanwhile.
    """
    station, ground = session.station, session.station.ground
    if ground is None or session.pending or not isinstance(session.reader.slot, SlotEmpty):
        return stay(session)
    scene = SignedIn(
        person=ground.person,
        post=ground.post,
        draft=Draft(),
        record=Record(app=APPLICATION),
        page=TasksPage(),
        silent_since=session.at,
        password_at=session.at,
        toast="practice_begun",
    )
    begun = replace(
        session,
        station=_station(ground, station, session.at),
        reader=replace(session.reader, slot=SlotHolds(PRACTISER)),
        suspended=Suspended(station),
    )
    return show(begun, scene)


def _station(ground: Ground, real: Station, at: datetime) -> Station:
    """The same machine among invented lists, in an open season, with nothing to reach."""
    deadline = at + ground.after
    officer, freeze, run, publish, ends = (deadline + timedelta(days=each) for each in AFTER)
    return replace(
        real,
        season=ground.season,
        schools=(ground.post.school,),
        school=ground.reference.schools[ground.post.school],
        reference=replace(ground.reference, on=at.date()),
        calendar=build_calendar(
            opens=at - ground.before,
            submit=deadline,
            officer=officer,
            freeze=freeze,
            run=run,
            publish=publish,
            ends=ends,
        ),
        reference_at=at,
        link=Link(name=LinkName.ONLINE),
        practice=True,
        seal=None,
        server="",
    )


def leave(session: Session) -> Session:
    """The real machine again; nothing is left of what was typed."""
    real = session.station if session.suspended is None else session.suspended.station
    return replace(
        session,
        station=real,
        reader=replace(session.reader, slot=SlotEmpty()),
        scene=Idle(ENDED),
        lookup=None,
        pending=(),
        suspended=None,
    )


def answer(session: Session, effect: Effect) -> Event | None:
    """What a desk would answer, from nothing but the session; None for what needs no answer."""
    at = session.at
    match effect:
        case SaveDraft(ticket=ticket):
            return DraftSaved(ticket=ticket, at=at)
        case Submit():
            return _submitted(session, effect)
        case Withdraw(ticket=ticket):
            return _made(session, ticket, _version(session, withdrawn=True))
        case PrintForm(ticket=ticket):
            return Printed(ticket=ticket, at=at, outcome=Outcome.PRACTICE)
        case _:
            return None


def _submitted(session: Session, effect: Submit) -> Event:
    season, reference = session.station.season, session.station.reference
    claim = claim_of(
        effect.person, effect.post, effect.draft.answers, season, declared=True, salt=NO_SALT
    )
    wishes = wishes_of(effect.draft.answers, NO_SALT)
    refusals = () if reference is None else check_application(claim, wishes, reference)
    if refusals:
        return SubmitRefused(ticket=effect.ticket, at=session.at, refusals=refusals)
    version = replace(_version(session, withdrawn=False), claim=claim, wishes=wishes)
    return _made(session, effect.ticket, version)


def _version(session: Session, *, withdrawn: bool) -> Version:
    """A version nobody will ever hear of: its numbers lead nowhere and nothing is signed."""
    record = _record(session)
    number = len(record.versions) + 1
    return Version(
        hash=EventHash(number.to_bytes(32, "big")),
        version=number,
        seq=number,
        number=practice_number(number),
        check_code=CHECK_CODE,
        submitted=session.at,
        claim=None,
        wishes=None,
        receipt=b"",
        delivery=Delivery.STORED,
        withdrawn=withdrawn,
        parents=record.head_hashes,
    )


def _made(session: Session, ticket: int, version: Version) -> Submitted:
    record = _record(session)
    made = replace(record, versions=(*record.versions, version), heads=(version,))
    return Submitted(ticket=ticket, at=session.at, version=version, record=made)


def _record(session: Session) -> Record:
    held = held_of(session.scene)
    return held.record if isinstance(held, SignedIn) else Record(app=APPLICATION)
