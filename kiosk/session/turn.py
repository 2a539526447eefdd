"""What one event leads to, and the small moves every transition is made of."""

from dataclasses import dataclass, replace

from kiosk.session.clock import rests
from kiosk.session.draft import Draft
from kiosk.session.effect import Effect, SaveDraft
from kiosk.session.person import Lock, Person, Post
from kiosk.session.state import (
    TRIES,
    AskingOfficerPassword,
    AskingPassword,
    CardOut,
    Covered,
    Idle,
    OfficerEnrolling,
    OfficerSignedIn,
    Pending,
    Scene,
    Session,
    SignedIn,
    TakeCard,
    WitnessPassword,
)
from kiosk.session.station import SlotEmpty

Working = SignedIn | OfficerSignedIn
AskingSomePassword = AskingPassword | WitnessPassword | AskingOfficerPassword | OfficerEnrolling


@dataclass(frozen=True, slots=True)
class Step:
    """The session after an event, and what it asks of the world, in order."""

    session: Session
    effects: tuple[Effect, ...] = ()


def at_ms(session: Session) -> int:
    """The time of the last event in milliseconds since 1970 UTC."""
    return int(session.at.timestamp() * 1000)


def show(session: Session, scene: Scene, *effects: Effect) -> Step:
    """Another scene."""
    return Step(replace(session, scene=scene), effects)


def stay(session: Session) -> Step:
    """The event makes no sense here."""
    return Step(session)


def next_ticket(session: Session) -> tuple[Session, int]:
    """The session with a new question's number in it."""
    serial = session.serial + 1
    return replace(session, serial=serial), serial


def end(session: Session, notice: str, *effects: Effect) -> Step:
    """The session of whoever was here is over: the card, please, or the idle screen at once."""
    if isinstance(session.reader.slot, SlotEmpty):
        return show(session, Idle(notice), *effects)
    return show(session, TakeCard(since=session.at, notice=notice), *effects)


def save(session: Session, person: Person, post: Post, draft: Draft) -> Step:
    """Ask for the draft to be written, and keep it here until it is."""
    session, ticket = next_ticket(session)
    pending = Pending(
        person=person, post=post, draft=draft, ticket=ticket, tried=session.at, failed=None
    )
    others = tuple(each for each in session.pending if not same_work(each, person, post))
    effect = SaveDraft(ticket=ticket, person=person, post=post, draft=draft)
    return Step(replace(session, pending=(*others, pending)), (effect,))


def same_work(pending: Pending, person: Person, post: Post) -> bool:
    """Whether a pending draft is of this person's application."""
    return pending.person.teacher == person.teacher and pending.post.stage is post.stage


def locked(session: Session, lock: Lock) -> bool:
    """Whether a password rests at the moment."""
    return lock.until_ms is not None and rests(lock.until_ms, at_ms(session))


def unlocked(session: Session, lock: Lock) -> Lock:
    """The lock as time leaves it: all tries again once the pause is over."""
    if lock.until_ms is not None and not locked(session, lock):
        return Lock(tries_left=TRIES)
    return lock


def held_of(scene: Scene) -> Working | None:
    """Who is signed in, shown or not."""
    match scene:
        case SignedIn() | OfficerSignedIn():
            return scene
        case Covered(held=held) | CardOut(held=held):
            return held
        case _:
            return None


def with_held(scene: Scene, held: Working) -> Scene:
    """The scene with this in place of what it holds; `held_of` gave something for it."""
    match scene:
        case Covered() | CardOut():
            return replace(scene, held=held)
        case _:
            return held
