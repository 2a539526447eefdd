"""Silence, covers and ends: what happens when nobody touches anything (UX 4.7, K08, K09)."""

from dataclasses import replace
from datetime import datetime, timedelta

from kiosk.session.answer import DraftSaved, SaveFailed
from kiosk.session.clock import set_right
from kiosk.session.effect import Effect, Sound, Tone, Watch
from kiosk.session.left_card import left
from kiosk.session.looks import patience
from kiosk.session.state import (
    CARD_LEFT,
    IDLE_LIMIT,
    AskingOfficerPassword,
    AskingPassword,
    CardOut,
    Covered,
    Entry,
    Idle,
    Incident,
    OfficerEnrolling,
    OfficerSignedIn,
    Pending,
    Reading,
    Searching,
    Session,
    SignedIn,
    TakeCard,
    Trouble,
    WitnessPassword,
)
from kiosk.session.station import Link, LinkName, SlotReading
from kiosk.session.turn import (
    AskingSomePassword,
    Step,
    Working,
    end,
    held_of,
    same_work,
    save,
    show,
    stay,
    unlocked,
    with_held,
)

RETRY = timedelta(seconds=5)
"""Pause before a draft that could not be written is tried again."""


def ticked(session: Session) -> Step:
    """Time passed."""
    retried = _retry(set_right(session))
    moved = _silent(retried.session)
    return Step(moved.session, (*retried.effects, *moved.effects))


def _silent(session: Session) -> Step:  # noqa: C901, PLR0911 - a table
    at = session.at
    match session.scene:
        case SignedIn() | OfficerSignedIn() as scene:
            if at - scene.silent_since >= patience(session, scene):
                return show(session, Covered(held=scene, since=at))
            return stay(session)
        case Covered(held=held, ends=ends):
            return close(session, held) if at >= ends else stay(session)
        case CardOut(held=held, ends=ends):
            # A card on its way through the reader may be the right one.
            waits = at < ends or isinstance(session.reader.slot, SlotReading)
            return stay(session) if waits else close(session, held, "card_out")
        case TakeCard() as scene:
            tones = (at - scene.since) // CARD_LEFT
            if tones <= scene.called:
                return stay(session)
            called = replace(scene, called=tones)
            return left(show(session, called, Sound(Tone.CARD_LEFT)))
        case Idle() | Reading() | Trouble():
            return stay(session)
        case Searching(since=since) | Incident(since=since):
            return show(session, Idle()) if at - since >= IDLE_LIMIT else stay(session)
        case scene if at - scene.since >= patience(session, scene):
            return end(session, "expired")
        case AskingPassword() | WitnessPassword() | AskingOfficerPassword() | OfficerEnrolling():
            return _unlock(session, session.scene)
        case _:
            return stay(session)


def _unlock(session: Session, scene: AskingSomePassword) -> Step:
    lock = unlocked(session, scene.lock)
    if lock == scene.lock:
        return stay(session)
    return show(session, replace(scene, lock=lock, fault=None))


def touched(scene: Entry, at: datetime) -> Entry:
    """Somebody is here: silence starts anew."""
    match scene:
        case Idle() | Reading() | Trouble() | TakeCard():
            return scene
        case _:
            return replace(scene, since=at)


def resume(session: Session, held: Working) -> Step:
    """Back to what was held."""
    return show(session, replace(held, silent_since=session.at, toast=None))


def card_out(session: Session, held: Working) -> Step:
    """The card left: cover at once, and wait for it."""
    bookmark = held.draft.bookmark if isinstance(held, SignedIn) else "queue"
    return show(session, CardOut(held=held, since=session.at, bookmark=bookmark))


def linked(session: Session, link: Link) -> Step:
    """The header's word changed. Where the disk has room again, the alarm about it is over."""
    healed = session.station.link.name is LinkName.FULL and link.name is not LinkName.FULL
    after = replace(session, station=replace(session.station, link=link))
    held = held_of(session.scene)
    if not healed or held is None or held.alarm != LinkName.FULL.value:
        return Step(after)
    return Step(replace(after, scene=with_held(session.scene, replace(held, alarm=None))))


def close(session: Session, held: Working, notice: str = "expired") -> Step:
    """End the session of whoever is signed in; the draft is noted as left in order."""
    effects: tuple[Effect, ...] = (Watch(None),)
    if not isinstance(held, SignedIn) or held.reading is not None:
        return end(session, notice, *effects)  # nothing of hers was changed
    if not held.draft.closed:
        kept = save(session, held.person, held.post, replace(held.draft, closed=True))
        session, effects = kept.session, (*kept.effects, *effects)
    if held.alarm is not None:
        notice = "unsaved"  # the machine must stay on until the draft is on the disk
    return end(session, notice, *effects)


def saved(session: Session, answer: DraftSaved) -> Step:
    """A draft is on disk: if it is the newest, the screen may say so."""
    done = _pending(session, answer.ticket)
    if done is None:
        return stay(session)
    rest = tuple(each for each in session.pending if each is not done)
    return Step(_told(replace(session, pending=rest), done, None))


def save_failed(session: Session, answer: SaveFailed) -> Step:
    """A draft is not on disk: keep it, say so, try again."""
    found = _pending(session, answer.ticket)
    if found is None:
        return stay(session)
    failed = replace(found, failed=answer.code, tried=answer.at)
    pending = tuple(failed if each is found else each for each in session.pending)
    return Step(_told(replace(session, pending=pending), found, answer.code))


def _pending(session: Session, ticket: int) -> Pending | None:
    return next((each for each in session.pending if each.ticket == ticket), None)


def _told(session: Session, pending: Pending, alarm: str | None) -> Session:
    """The news where it belongs: to the same teacher, shown or held."""
    held = held_of(session.scene)
    if not isinstance(held, SignedIn) or not same_work(pending, held.person, held.post):
        return session
    told = replace(
        held,
        alarm=alarm,
        dirty=alarm is not None,
        saved=session.at if alarm is None else held.saved,
    )
    return replace(session, scene=with_held(session.scene, told))


def _retry(session: Session) -> Step:
    effects: tuple[Effect, ...] = ()
    for each in session.pending:
        if each.failed is not None and session.at - each.tried >= RETRY:
            again = save(session, each.person, each.post, each.draft)
            session, effects = again.session, (*effects, *again.effects)
    return Step(session, effects)
