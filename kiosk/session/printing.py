"""Printing what was sent: only a version whose content is here, never a draft.

For the teacher who sent it, and for her officer.
"""

from dataclasses import replace

from kiosk.session.answer import Printed
from kiosk.session.bureau import Case
from kiosk.session.county_paper import county_forms
from kiosk.session.effect import PrintForm
from kiosk.session.gesture import FormChosen
from kiosk.session.paper import OWN_FORMS, Form, Outcome
from kiosk.session.record import Record, Version
from kiosk.session.state import Idle, OfficerSignedIn, Session, SignedIn, TakeCard
from kiosk.session.station import Station
from kiosk.session.turn import Step, Working, held_of, next_ticket, show, stay, with_held
from kiosk.session.work import say

PRINTING = "printing"


def printable(record: Record, station: Station) -> tuple[Form, ...]:
    """The forms there is something to print on, for the version in force."""
    version = _version(record)
    if version is None:
        return ()
    if version.withdrawn:
        return (Form.RECEIPT,)
    if not version.complete:
        return (Form.RECEIPT, Form.EVIDENCE)
    return (*OWN_FORMS, *county_forms(station, version))


def asked(session: Session, scene: SignedIn, event: FormChosen) -> Step:
    """Note the form: paper comes once the card is out, or cards are left behind (UX A22).

    There is no card in practice, and nothing is printed.
    """
    version = _version(scene.record)
    if version is None or event.form not in printable(scene.record, session.station):
        return say(session, scene, "nothing_to_print")
    if not session.station.practice:
        others = tuple(each for each in scene.papers if each is not event.form)
        return say(session, replace(scene, papers=(*others, event.form)), "print_later")
    if scene.printing is not None:
        return say(session, scene, "printing")
    session, ticket = next_ticket(session)
    effect = PrintForm(ticket=ticket, form=event.form, version=version)
    return show(session, replace(scene, printing=ticket, toast="printing"), effect)


def released(session: Session, scene: SignedIn) -> tuple[Step, SignedIn]:
    """She has taken her card: the forms she chose, and what waits for the last of them."""
    printed = _printed(session, wanted(scene))
    if not printed.effects:
        return printed, scene
    ticket = printed.session.serial
    return printed, replace(scene, papers=(), printing=ticket, toast=PRINTING)


def wanted(scene: SignedIn) -> tuple[tuple[Form, Version], ...]:
    """The forms she chose, each with the version it is filled in from."""
    version = _version(scene.record)
    return () if version is None else tuple((form, version) for form in scene.papers)


def parted(step: Step, papers: tuple[tuple[Form, Version], ...]) -> Step:
    """The end of a session by F10: her paper as soon as the card is out, at once if it is."""
    scene = step.session.scene
    if isinstance(scene, TakeCard):
        return Step(replace(step.session, scene=replace(scene, papers=papers)), step.effects)
    printed = _printed(step.session, papers)
    return Step(printed.session, (*step.effects, *printed.effects))


def taken(session: Session, scene: TakeCard) -> Step:
    """The card is out at last."""
    printed = _printed(session, scene.papers)
    return show(printed.session, Idle(scene.notice), *printed.effects)


def paper_word(held: Working) -> str | None:
    """What becomes of the forms she chose; no other message may stand on a cover."""
    told = held.toast == PRINTING or held.toast in set(Outcome)
    return held.toast if told else None


def _printed(session: Session, papers: tuple[tuple[Form, Version], ...]) -> Step:
    effects: tuple[PrintForm, ...] = ()
    for form, version in papers:
        session, ticket = next_ticket(session)
        effects = (*effects, PrintForm(ticket=ticket, form=form, version=version))
    return Step(session, effects)


def case_forms(case: Case, station: Station) -> tuple[Form, ...]:
    """The forms of a case as its officer opened it."""
    if case.version is None:
        return ()
    return (*OWN_FORMS, *county_forms(station, case.version))


def asked_by_officer(
    session: Session, scene: OfficerSignedIn, case: Case, event: FormChosen
) -> Step:
    """A teacher's paper at the officer's desk, from exactly the version that is shown."""
    if case.version is None or event.form not in case_forms(case, session.station):
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
