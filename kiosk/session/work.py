"""How a teacher's page turns and her draft is kept; the moves every page is made of."""

from dataclasses import replace

from kiosk.session.draft import Answers, Draft, EditName
from kiosk.session.edit import record
from kiosk.session.page import Page
from kiosk.session.season import window_at
from kiosk.session.state import Session, SignedIn
from kiosk.session.turn import Step, at_ms, save, show, stay


def turn(session: Session, scene: SignedIn, page: Page) -> Step:
    """Another page."""
    return show(session, replace(scene, page=page))


def say(session: Session, scene: SignedIn, toast: str) -> Step:
    """A short message, and nothing else."""
    return show(session, replace(scene, toast=toast))


def keep(session: Session, scene: SignedIn, draft: Draft, toast: str | None = None) -> Step:
    """The changed draft, on its way to the disk.

    After the deadline, or where nothing can be written, nothing changes but a message.
    """
    if draft == scene.draft:
        return stay(session)
    hindered = hindrance(session, scene)
    if hindered is not None:
        return say(session, scene, hindered)
    kept = save(session, scene.person, scene.post, draft)
    working = replace(scene, draft=draft, dirty=True, toast=toast)
    return show(kept.session, working, *kept.effects)


def hindrance(session: Session, scene: SignedIn) -> str | None:
    """Why nothing may be changed here: ``reading`` or ``closed``; None while it may."""
    if scene.reading is not None:
        return "reading"
    return None if window_at(session.station, session.at).editable else "closed"


def named(session: Session, scene: SignedIn, name: str) -> Draft:
    """The draft with this name; the school's own is no correction."""
    answers = scene.draft.answers
    told = replace(answers, teacher_name="" if name == scene.person.name else name)
    return record(scene.draft, told, EditName.BASICS_TYPED, "teacher_name", at_ms(session))


def mark(session: Session, scene: SignedIn, answers: Answers) -> Step:
    """Progress that is no step of its own: nobody takes back having read a notice."""
    return keep(session, scene, replace(scene.draft, answers=answers, closed=False))
