"""How the display settings of F2 come and go: chosen, brought back by a card, reset for the next.

The choice of one person is nothing the next one sees: it ends with the session.
"""

from dataclasses import replace
from datetime import timedelta

from kiosk.session.display import Display, Looks
from kiosk.session.effect import Effect, Letter, SaveDisplay, Sound
from kiosk.session.gesture import DisplayChosen, MoreTimeAsked
from kiosk.session.state import (
    IDLE_LIMIT,
    MORE_TIME,
    OFFICER_IDLE_LIMIT,
    Idle,
    Incident,
    OfficerSignedIn,
    Reading,
    Scene,
    Searching,
    Session,
    SignedIn,
    Trouble,
)
from kiosk.session.turn import Step, held_of

NEUTRAL = (Idle, Reading, Trouble, Searching, Incident)


def chosen(session: Session, event: DisplayChosen | MoreTimeAsked) -> Session:
    """One choice, at once."""
    choice = event if isinstance(event, DisplayChosen) else _more_time(event)
    looks = session.looks.with_choice(choice.place, choice.value, session.at)
    return replace(session, looks=looks)


def _more_time(event: MoreTimeAsked) -> DisplayChosen:
    return DisplayChosen(at=event.at, place="more_time", value=True)


def met(session: Session, kept: Display | None) -> Session:
    """The person whose card came in has kept this; None when nothing is known of her."""
    return session if kept is None else replace(session, looks=session.looks.met(kept))


def neutral(session: Session) -> Session:
    """As the machine looks to whoever comes next."""
    return replace(session, looks=Looks(display=session.station.display))


def kept(session: Session) -> tuple[Effect, ...]:
    """What whoever is signed in chose is to be kept with her."""
    held = held_of(session.scene)
    if held is None or not session.looks.chosen:
        return ()
    person = held.person if isinstance(held, SignedIn) else held.officer.person
    return (SaveDisplay(teacher=person.teacher, display=session.looks.display),)


def patience(session: Session, scene: Scene) -> timedelta:
    """How long nothing may happen before the screen is covered, or the card is asked for."""
    if session.looks.display.more_time:
        return MORE_TIME
    return OFFICER_IDLE_LIMIT if isinstance(scene, OfficerSignedIn) else IDLE_LIMIT


def settled(before: Session, after: Step) -> Step:
    """The step with the settings it leads to: letters change size, a quiet machine gives no tone.

    They are reset when a session is over, and when nobody comes after a choice at the idle screen.
    """
    session, effects = after.session, after.effects
    if isinstance(session.scene, NEUTRAL) and _is_reset(before, session):
        session = neutral(session)
    if session.looks.display.muted:
        effects = tuple(each for each in effects if not isinstance(each, Sound))
    if session.looks.display.large is not before.looks.display.large:
        effects = (*effects, Letter(large=session.looks.display.large))
    return Step(session, effects)


def _is_reset(before: Session, session: Session) -> bool:
    if not isinstance(before.scene, NEUTRAL) or not session.looks.chosen:
        return True
    since = session.looks.since or session.at
    return isinstance(session.scene, Idle) and session.at - since >= IDLE_LIMIT
