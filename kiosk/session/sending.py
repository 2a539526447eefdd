"""K06: the check before sending, 送出, 撤回, and what the desk makes of them."""

from dataclasses import replace
from typing import assert_never

from core.domain.refusal import Refusal
from kiosk.session.answer import (
    DeskFailed,
    HeadsChanged,
    PasswordRefused,
    RecordChanged,
    SubmitRefused,
    Submitted,
)
from kiosk.session.effect import Submit, Withdraw
from kiosk.session.form import LISTS_MISSING, draft_after, faults_of
from kiosk.session.gesture import Declared, SubmitAsked, WithdrawConfirmed
from kiosk.session.page import (
    CheckPage,
    ConflictPage,
    ContactPage,
    Page,
    ReceiptPage,
    StatusPage,
    TasksPage,
    WithdrawPage,
)
from kiosk.session.record import Record, Version
from kiosk.session.season import Window, window_at
from kiosk.session.silence import close
from kiosk.session.state import PASSWORD_FRESH, Session, SignedIn
from kiosk.session.station import SlotHolds
from kiosk.session.tasks import change_since, settled
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
from kiosk.session.work import hindrance, say, turn

CARD_MISSING = Refusal(code="card_missing", place="card")
NOTHING_CHANGED = Refusal(code="nothing_changed", place="application")
CONFLICT_OPEN = Refusal(code="conflict_open", place="application")
VERSION_ARRIVED = "version_arrived"


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
    if scene.record.in_conflict and not settled(scene):
        found = (*found, CONFLICT_OPEN)
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
    hindered = hindrance(session, scene)
    if hindered is not None:
        return say(session, scene, hindered)
    found = (*faults(session, scene, ticked=page.ticked), *_standing(session, scene))
    if found:
        return turn(session, scene, replace(page, faults=tuple(dict.fromkeys(found)), asked=True))
    if _password_old(session, scene) and event.password is None:
        return turn(session, scene, replace(page, faults=(), password_wanted=True))
    ready = replace(page, faults=(), asked=False, password_wrong=False)
    return _make(session, replace(scene, page=ready), Submit, event)


def withdraw(session: Session, scene: SignedIn, event: WithdrawConfirmed) -> Step:
    """The button of the page about 撤回; what it needs is what 送出 needs, but no answers."""
    page = scene.page
    if not isinstance(page, WithdrawPage):
        return stay(session)
    hindered = hindrance(session, scene)
    if hindered is not None:
        return say(session, scene, hindered)
    found = _standing(session, scene)
    if found:
        return turn(session, scene, replace(page, faults=found))
    if _password_old(session, scene) and event.password is None:
        return turn(session, scene, replace(page, faults=(), password_wanted=True))
    ready = replace(page, faults=(), password_wrong=False)
    return _make(session, replace(scene, page=ready), Withdraw, event)


def _standing(session: Session, scene: SignedIn) -> tuple[Refusal, ...]:
    """What is missing around the application: the calendar, the card in the slot."""
    unknown = window_at(session.station, session.at) is Window.UNKNOWN
    absent = session.reader.slot != SlotHolds(scene.person.teacher)
    return (*((LISTS_MISSING,) if unknown else ()), *((CARD_MISSING,) if absent else ()))


def _password_old(session: Session, scene: SignedIn) -> bool:
    return session.at - scene.password_at >= PASSWORD_FRESH


def _make(
    session: Session,
    scene: SignedIn,
    kind: type[Submit] | type[Withdraw],
    event: SubmitAsked | WithdrawConfirmed,
) -> Step:
    """Ask the desk for a version over exactly the heads the teacher was shown."""
    session, ticket = next_ticket(session)
    effect = kind(
        ticket=ticket,
        person=scene.person,
        post=scene.post,
        draft=scene.draft,
        password=event.password,
        heads=scene.record.head_hashes,
        witness=scene.witness,
    )
    return show(session, replace(scene, waiting=ticket), effect)


def answered(
    session: Session,
    scene: SignedIn,
    answer: Submitted | SubmitRefused | HeadsChanged | PasswordRefused | DeskFailed,
) -> Step:
    """The desk's answer to 送出 or 撤回.

    Also when the card was pulled or the screen covered meanwhile.
    """
    if scene.waiting != answer.ticket:
        return stay(session)
    scene = replace(scene, waiting=None)
    page = scene.page if isinstance(scene.page, CheckPage | WithdrawPage) else CheckPage()
    match answer:
        case Submitted():
            return _submitted(session, scene, answer)
        case SubmitRefused(refusals=refusals):
            check = page if isinstance(page, CheckPage) else CheckPage()
            refused = replace(check, faults=refusals, asked=True)
            return _held(session, replace(scene, page=refused))
        case HeadsChanged(record=record):
            return _held(session, _informed(session, scene, record))
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
    return _held(session, _informed(session, scene, news.record))


def _informed(session: Session, scene: SignedIn, record: Record) -> SignedIn:
    """The teacher's page with the record as it stands now.

    Nobody sends over a version she has not seen: one that arrives while she checks takes the tick
    away, and says why.
    """
    stirred = set(record.head_hashes) != set(scene.record.head_hashes)
    informed = replace(scene, record=record, page=_renewed(scene.page, record))
    match informed.page:
        case CheckPage() if stirred and record.in_conflict:
            return replace(informed, page=ConflictPage(), toast=VERSION_ARRIVED)
        case CheckPage() if stirred:
            found = faults(session, informed, ticked=False)
            return replace(informed, page=CheckPage(faults=found), toast=VERSION_ARRIVED)
        case WithdrawPage() if stirred:
            return replace(informed, page=StatusPage(), toast=VERSION_ARRIVED)
        case ConflictPage() if not record.in_conflict:
            return replace(informed, page=TasksPage(), toast=VERSION_ARRIVED)
        case ConflictPage() if stirred:
            return replace(informed, page=ConflictPage(), toast=VERSION_ARRIVED)
        case _:
            return replace(informed, toast=VERSION_ARRIVED) if stirred else informed


def _submitted(session: Session, scene: SignedIn, answer: Submitted) -> Step:
    """The draft is the version now: its steps are over, and no older draft may come back."""
    version = answer.version
    after = replace(
        scene,
        draft=draft_after(scene.draft, version.claim, version.wishes),
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
    return isinstance(page, CheckPage | WithdrawPage) and page.password_wanted


def _renewed(page: Page, record: Record) -> Page:
    """A page that shows a version shows it as it stands now."""
    match page:
        case ReceiptPage(version=version):
            return ReceiptPage(_same(version, record))
        case ContactPage(behind=ReceiptPage(version=version)):
            return replace(page, behind=ReceiptPage(_same(version, record)))
        case StatusPage(version=Version() as version):
            return StatusPage(_same(version, record))
        case _:
            return page


def _same(version: Version, record: Record) -> Version:
    return next((each for each in record.versions if each.hash == version.hash), version)


def _held(session: Session, scene: SignedIn) -> Step:
    return show(session, with_held(session.scene, scene))
