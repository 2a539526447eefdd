"""The one pure transition of a kiosk: session and event in, session and effects out."""

from dataclasses import replace

from kiosk.session import (
    cards,
    contacting,
    correction,
    entry,
    lists,
    looks,
    mending,
    officer,
    practice,
    printing,
    sending,
    silence,
    teacher,
)
from kiosk.session.answer import (
    Answer,
    CardKnown,
    CardUseless,
    CaseLoaded,
    CharactersFound,
    ContactChanged,
    Decided,
    DeskFailed,
    DraftSaved,
    HeadsChanged,
    IncidentReported,
    OfficerAccepted,
    PasswordRefused,
    Printed,
    QueueLoaded,
    ReaderMended,
    RecordChanged,
    Registered,
    RosterLoaded,
    SaveFailed,
    SignInAccepted,
    SubmitRefused,
    Submitted,
)
from kiosk.session.device import (
    CardFailed,
    CardInserted,
    CardRead,
    CardRemoved,
    LinkChanged,
    ReaderChecked,
    StationChanged,
    Ticked,
)
from kiosk.session.effect import Letter, Sound
from kiosk.session.event import Event
from kiosk.session.gesture import DisplayChosen, Ended, MoreTimeAsked, RevealAsked
from kiosk.session.state import (
    REVEALED,
    CardOut,
    Covered,
    Idle,
    Incident,
    OfficerSignedIn,
    Scene,
    Session,
    SignedIn,
    Suspended,
    TakeCard,
)
from kiosk.session.turn import Step, Working, stay

__all__ = ["Step", "step"]


def step(session: Session, event: Event) -> Step:
    """The session after ``event``.

    Events that make no sense in a state change nothing but the time. While somebody practises the
    session also answers what it asks, and nothing of it leaves (`kiosk.session.practice`).
    """
    if session.suspended is None:
        after = _stepped(session, event)
        return after if after.session.suspended is None else _practised(after)
    if isinstance(event, CardInserted | CardRead | CardFailed):
        return _stepped(practice.leave(session), event)  # a real card: somebody real is here
    if isinstance(event, CardRemoved):
        return stay(replace(session, at=event.at))
    if isinstance(event, StationChanged):
        return stay(replace(session, at=event.at, suspended=Suspended(event.station)))
    if isinstance(event, LinkChanged):
        real = replace(session.suspended.station, link=event.link)
        return stay(replace(session, at=event.at, suspended=Suspended(real)))
    return _practised(_stepped(session, event))


def _practised(turn: Step) -> Step:
    """The answers at once; then, when it is over, the real machine."""
    session, waiting, leaving = turn.session, list(turn.effects), []
    while waiting:
        effect = waiting.pop(0)
        if isinstance(effect, Sound | Letter):
            leaving.append(effect)
            continue
        answer = practice.answer(session, effect)
        if answer is not None:
            answered = _stepped(session, answer)
            session, waiting = answered.session, [*waiting, *answered.effects]
    if not isinstance(session.scene, Idle | TakeCard):
        return Step(session, tuple(leaving))
    over = looks.settled(session, Step(practice.leave(session), tuple(leaving)))
    return Step(over.session, over.effects)


def _stepped(session: Session, event: Event) -> Step:
    before = replace(session, at=event.at)
    if before.revealed_until is not None and event.at >= before.revealed_until:
        before = replace(before, revealed_until=None)
    after = looks.settled(before, _moved(before, event))
    if type(after.session.scene) is not type(before.scene):
        return Step(replace(after.session, revealed_until=None), after.effects)
    return after


def _moved(session: Session, event: Event) -> Step:  # noqa: C901, PLR0911, PLR0912 - a table
    match event:
        case Ticked():
            return mending.looked_after(silence.ticked(session))
        case ReaderChecked(service=service, device=device, names=names):
            reader = replace(session.reader, service=service, device=device, names=names)
            return mending.looked_after(Step(replace(session, reader=reader)))
        case StationChanged(station=station):
            return lists.published(session, station)
        case LinkChanged(link=link):
            return silence.linked(session, link)
        case CardInserted():
            return cards.inserted(session, event)
        case CardRead():
            return cards.read(session, event)
        case CardFailed():
            return cards.failed(session, event)
        case CardRemoved():
            return cards.removed(session, event)
        case CardKnown():
            return cards.known(session, event)
        case CardUseless():
            return cards.useless(session, event)
        case DraftSaved():
            return silence.saved(session, event)
        case SaveFailed():
            return silence.save_failed(session, event)
        case ReaderMended():
            return mending.mended(session, event)
        case RecordChanged():
            return sending.record_changed(session, event)
        case ContactChanged():
            return contacting.changed(session, event)
        case Answer():
            return _answered(session, event)
        case DisplayChosen() | MoreTimeAsked():
            return _displayed(session, event)
        case _:
            return _gestured(session, event)


def _gestured(session: Session, event: Event) -> Step:
    """Something a person did."""
    match session.scene:
        case Covered(held=held):
            # Any key goes on, whatever it means elsewhere; only F10 ends.
            if isinstance(event, Ended):
                return silence.close(session, held, "ended")
            return silence.resume(session, held)
        case CardOut():
            return stay(session)
        case SignedIn() as scene:
            awake = replace(scene, silent_since=session.at, toast=None)
            return teacher.worked(_revealed(session, awake, event), awake, event)
        case OfficerSignedIn() as scene:
            working = replace(scene, silent_since=session.at, toast=None)
            return officer.worked(_revealed(session, working, event), working, event)
        case scene:
            here = silence.touched(scene, session.at)
            return entry.entered(_revealed(session, here, event), here, event)


def _displayed(session: Session, event: DisplayChosen | MoreTimeAsked) -> Step:
    """A display setting, then what any key does; none while a card is awaited."""
    if isinstance(session.scene, CardOut):
        return stay(session)
    after = _gestured(looks.chosen(session, event), event)
    return Step(after.session, (*after.effects, *looks.kept(after.session)))


def _revealed(session: Session, scene: Scene, event: Event) -> Session:
    until = session.revealed_until
    if isinstance(event, RevealAsked):
        until = session.at + REVEALED
    return replace(session, scene=scene, revealed_until=until)


def _answered(session: Session, answer: Answer) -> Step:  # noqa: PLR0911 - a table
    """An answer of the desk; whoever no longer waits for it does not hear it."""
    if isinstance(answer, DeskFailed) and answer.ticket == session.lookup:
        return cards.lookup_failed(session, answer)
    if isinstance(answer, CharactersFound | DeskFailed):
        heard = correction.answered(session, answer)
        if heard is not None:
            return heard
    match session.scene:
        case (SignedIn() | OfficerSignedIn()) as held:
            return _answered_working(session, held, answer)
        case Covered(held=held) | CardOut(held=held):
            return _answered_working(session, held, answer)
        case Incident() as scene if isinstance(answer, IncidentReported | DeskFailed):
            return mending.reported(session, scene, answer)
        case scene if isinstance(
            answer, PasswordRefused | SignInAccepted | OfficerAccepted | DeskFailed
        ):
            return entry.answered(session, scene, answer)
        case Idle() if isinstance(answer, Printed):
            return Step(replace(session, scene=Idle(answer.outcome.value)))
        case _:
            return stay(session)


def _answered_working(session: Session, held: Working, answer: Answer) -> Step:
    match held, answer:
        case _, Printed():
            return printing.answered(session, held, answer)
        case (
            SignedIn(),
            Submitted() | SubmitRefused() | HeadsChanged() | PasswordRefused() | DeskFailed(),
        ):
            return sending.answered(session, held, answer)
        case (
            OfficerSignedIn(),
            QueueLoaded()
            | CaseLoaded()
            | Decided()
            | RosterLoaded()
            | Registered()
            | PasswordRefused()
            | DeskFailed(),
        ):
            return officer.answered(session, held, answer)
        case _:
            return stay(session)
