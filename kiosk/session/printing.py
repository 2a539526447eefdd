"""Printing what was sent: only a version whose content is here, never a draft.

For the teacher who sent it, and for her officer.
"""

from dataclasses import replace

from kiosk.session.answer import Printed
from kiosk.session.bureau import Case
from kiosk.session.effect import PrintForm
from kiosk.session.gesture import FormChosen
from kiosk.session.paper import Form
from kiosk.session.record import Record, Version
from kiosk.session.state import OfficerSignedIn, Session, SignedIn
from kiosk.session.turn import Step, Working, held_of, next_ticket, show, stay, with_held
from kiosk.session.work import say


def printable(record: Record) -> tuple[Form, ...]:
    """The forms there is something to print on, for the version in force."""
    version = _version(record)
    if version is None:
        return ()
    if version.withdrawn:
        return (Form.RECEIPT,)
    return tuple(Form) if version.complete else (Form.RECEIPT, Form.EVIDENCE)


def asked(session: Session, scene: SignedIn, event: FormChosen) -> Step:
    """Ask the desk, one form at a time."""
    version = _version(scene.record)
    if version is None or event.form not in printable(scene.record):
        return say(session, scene, "nothing_to_print")
    if scene.printing is not None:
        return say(session, scene, "printing")
    session, ticket = next_ticket(session)
    effect = PrintForm(ticket=ticket, form=event.form, version=version)
    return show(session, replace(scene, printing=ticket, toast="printing"), effect)


def case_forms(case: Case) -> tuple[Form, ...]:
    """The forms of a case as its officer opened it."""
    return () if case.version is None else tuple(Form)


def asked_by_officer(
    session: Session, scene: OfficerSignedIn, case: Case, event: FormChosen
) -> Step:
    """A teacher's paper at the officer's desk, from exactly the version that is shown."""
    if case.version is None:
        return show(session, replace(scene, toast="nothing_to_print"))
    if scene.printing is not None:
        return show(session, replace(scene, toast="printing"))
    session, ticket = next_ticket(session)
    effect = PrintForm(ticket=ticket, form=event.form, version=case.version)
    return show(session, replace(scene, printing=ticket, toast="printing"), effect)


def answered(session: Session, scene: Working, answer: Printed) -> Step:
    """Say how it ended, behind a cover or a missing card as well."""
    if scene.printing != answer.ticket or held_of(session.scene) is None:
        return stay(session)
    told = replace(scene, printing=None, toast=answer.outcome.value)
    return show(session, with_held(session.scene, told))


def _version(record: Record) -> Version | None:
    return record.current or (record.versions[-1] if record.versions else None)
