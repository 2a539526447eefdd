"""K06: the check before sending, 送出, and what the desk makes of it."""

from dataclasses import replace
from typing import assert_never

from core.domain.refusal import Refusal
from kiosk.session.answer import (
    DeskFailed,
    PasswordRefused,
    RecordChanged,
    SubmitRefused,
    Submitted,
)
from kiosk.session.draft import Draft
from kiosk.session.effect import Submit
from kiosk.session.form import LISTS_MISSING, answers_of, faults_of
from kiosk.session.gesture import Declared, SubmitAsked
from kiosk.session.page import CheckPage, Page, ReceiptPage, StatusPage, Task
from kiosk.session.record import Record, Version
from kiosk.session.season import Window, teachers_window
from kiosk.session.silence import close
from kiosk.session.state import PASSWORD_FRESH, Session, SignedIn
from kiosk.session.station import SlotHolds
from kiosk.session.tasks import change_since
from kiosk.session.turn import (
    Step,
    held_of,
    locked,
    next_ticket,
    same_work,
    show,
    stay,
    with_held,
)
from kiosk.session.work import say, turn

CARD_MISSING = Refusal(code="card_missing", place="card")
NOTHING_CHANGED = Refusal(code="nothing_changed", place="application")


def faults(session: Session, scene: SignedIn, *, ticked: bool) -> tuple[Refusal, ...]:
    """Everything that keeps the application from being sent now."""
    found = faults_of(
        scene.person,
        scene.post,
        scene.draft.answers,
        session.station.season,
        session.station.reference,
        declared=ticked,
    )
    change = change_since(scene, scene.record.current)
    same = change is not None and change.count == 0
    return (*found, NOTHING_CHANGED) if same else found


def sent(session: Session, scene: SignedIn, event: Declared | SubmitAsked) -> Step:
    """The tick and the button of K06."""
    page = scene.page
    if not isinstance(page, CheckPage):
        return stay(session)
    if isinstance(event, Declared):
        found = faults(session, scene, ticked=event.ticked)
        return turn(session, scene, replace(page, ticked=event.ticked, faults=found))
    window = teachers_window(session.station.calendar, session.at)
    if window in {Window.BEFORE, Window.AFTER}:
        return say(session, scene, "closed")
    found = faults(session, scene, ticked=page.ticked)
    if window is Window.UNKNOWN and LISTS_MISSING not in found:
        found = (*found, LISTS_MISSING)
    if session.reader.slot != SlotHolds(scene.person.teacher):
        found = (*found, CARD_MISSING)
    if found:
        return turn(session, scene, replace(page, faults=found, asked=True))
    stale = session.at - scene.password_at >= PASSWORD_FRESH
    if stale and event.password is None:
        return turn(session, scene, replace(page, faults=(), password_wanted=True))
    return _submit(session, scene, page, event)


def _submit(session: Session, scene: SignedIn, page: CheckPage, event: SubmitAsked) -> Step:
    session, ticket = next_ticket(session)
    effect = Submit(
        ticket=ticket,
        person=scene.person,
        post=scene.post,
        draft=scene.draft,
        password=event.password,
    )
    page = replace(page, faults=(), asked=False, password_wrong=False)
    return show(session, replace(scene, page=page, waiting=ticket), effect)


def answered(
    session: Session,
    scene: SignedIn,
    answer: Submitted | SubmitRefused | PasswordRefused | DeskFailed,
) -> Step:
    """The desk's answer to 送出, also when the card was pulled or the screen covered meanwhile."""
    if scene.waiting != answer.ticket:
        return stay(session)
    scene = replace(scene, waiting=None)
    page = scene.page if isinstance(scene.page, CheckPage) else CheckPage()
    match answer:
        case Submitted():
            return _submitted(session, scene, answer)
        case SubmitRefused(refusals=refusals):
            refused = replace(page, faults=refusals, asked=True)
            return _held(session, replace(scene, page=refused))
        case PasswordRefused(lock=lock):
            wrong = replace(page, password_wanted=True, password_wrong=True)
            step = _held(session, replace(scene, page=wrong))
            return close(step.session, scene, "locked") if locked(session, lock) else step
        case DeskFailed(code=code):
            return _held(session, replace(scene, alarm=code))
        case _ as never:
            assert_never(never)


def record_changed(session: Session, news: RecordChanged) -> Step:
    """Something arrived for the application of whoever is here."""
    scene = held_of(session.scene)
    if not isinstance(scene, SignedIn) or scene.record.app != news.record.app:
        return stay(session)
    page = _renewed(scene.page, news.record)
    return _held(session, replace(scene, record=news.record, page=page))


def _submitted(session: Session, scene: SignedIn, answer: Submitted) -> Step:
    """The draft is the version now: its steps are over, and no older draft may come back."""
    answers = scene.draft.answers
    version = answer.version
    if version.claim is not None and version.wishes is not None:
        sent_answers = answers_of(version.claim, version.wishes, answers.agreed_ms or 0)
        answers = replace(sent_answers, notices_read=answers.notices_read, aside=answers.aside)
    after = replace(
        scene,
        draft=Draft(answers=answers, bookmark=Task.STATUS),
        record=answer.record,
        page=ReceiptPage(version),
        saved=session.at,
        dirty=False,
        alarm=None,
        password_at=session.at if _password_given(scene.page) else scene.password_at,
    )
    pending = tuple(
        each for each in session.pending if not same_work(each, scene.person, scene.post)
    )
    return _held(replace(session, pending=pending), after)


def _password_given(page: Page) -> bool:
    return isinstance(page, CheckPage) and page.password_wanted


def _renewed(page: Page, record: Record) -> Page:
    """A page that shows a version shows it as it stands now."""
    match page:
        case ReceiptPage(version=version):
            return ReceiptPage(_same(version, record))
        case StatusPage(version=Version() as version):
            return StatusPage(_same(version, record))
        case _:
            return page


def _same(version: Version, record: Record) -> Version:
    return next((each for each in record.versions if each.hash == version.hash), version)


def _held(session: Session, scene: SignedIn) -> Step:
    return show(session, with_held(session.scene, scene))
