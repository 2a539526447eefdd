"""An officer at work: queue, case, decision, roster, registration (O01 to O04)."""

from dataclasses import replace
from typing import assert_never

from core.domain.ids import ApplicationId, SchoolId, SubjectCode
from core.domain.name import fits_card
from core.domain.refusal import Refusal
from core.domain.school import Stage
from core.domain.subject import find_subject
from core.season.merge import Review
from core.wire.receipt import check_code
from kiosk.session import correction, left_card, printing
from kiosk.session.answer import (
    CaseLoaded,
    Decided,
    DeskFailed,
    PasswordRefused,
    QueueLoaded,
    Registered,
    RosterLoaded,
)
from kiosk.session.bureau import (
    TITLES,
    BureauPage,
    CasePage,
    CertificateState,
    DecisionForm,
    QueueFilter,
    QueuePage,
    RegisterPage,
    Registration,
    RosterPage,
    Row,
    SignedPage,
    Standing,
)
from kiosk.session.decision import decision_faults, filled
from kiosk.session.edit import clean
from kiosk.session.effect import Decide, LoadCase, LoadQueue, LoadRoster, Register
from kiosk.session.event import Event
from kiosk.session.gesture import Ended, FormChosen, NameOpened, WentBack, WentOn
from kiosk.session.paperwork import (
    CaseOpened,
    DecisionSigned,
    LeftCardsSeen,
    QueueFiltered,
    QueueOpened,
    RegisterAnswered,
    RegisterConfirmed,
    RegisterOpened,
    RosterOpened,
)
from kiosk.session.rare_name import CONTRADICTS, NameEntry, begin, fault_of
from kiosk.session.silence import card_out, close
from kiosk.session.state import OfficerSignedIn, Session
from kiosk.session.station import SlotHolds
from kiosk.session.turn import Step, locked, next_ticket, show, stay, with_held

Answer = (
    QueueLoaded | CaseLoaded | Decided | RosterLoaded | Registered | PasswordRefused | DeskFailed
)


def visible(page: QueuePage) -> tuple[Row, ...]:
    """The rows the filter leaves."""
    return tuple(row for row in page.rows or () if _passes(row, page.filter))


def _passes(row: Row, chosen: QueueFilter) -> bool:
    match chosen:
        case QueueFilter.WAITING:
            # The teacher has to choose; the officer has to tell her.
            return row.waits or row.standing is Standing.CONFLICT
        case QueueFilter.ALL:
            return True
        case _ if row.standing is not Standing.IN_FORCE:
            return False
        case QueueFilter.INCOMPLETE:
            return row.verdict == "returned"
        case QueueFilter.REVIEWED:
            return row.review is Review.APPROVED
        case QueueFilter.RETURNED:
            return row.verdict == "ineligible"
        case _ as never:
            assert_never(never)


def worked(session: Session, scene: OfficerSignedIn, event: Event) -> Step:  # noqa: C901, PLR0911, PLR0912 - a table
    """What an officer does, page by page."""
    if isinstance(event, Ended):
        return close(session, scene, "ended")
    if scene.waiting is not None:
        return stay(session)
    match scene.page, event:
        case RegisterPage(), _:
            return _register(session, scene, scene.page, event)
        case _, QueueOpened():
            return load_queue(session, scene)
        case QueuePage(), LeftCardsSeen():
            return left_card.seen(show(session, scene))
        case QueuePage() as page, QueueFiltered(filter=wanted):
            return _turn(session, scene, replace(page, filter=wanted))
        case _, CaseOpened(app=app):
            return _open(session, scene, app)
        case SignedPage(next=following), WentOn():
            if following is None:
                return load_queue(session, scene)
            return _open(session, scene, following)
        case _, RosterOpened():
            session, ticket = next_ticket(session)
            loading = replace(scene, page=RosterPage(), waiting=ticket)
            return show(session, loading, LoadRoster(ticket=ticket, officer=scene.officer))
        case _, RegisterOpened():
            if scene.officer.state is not CertificateState.GRANTED:
                return show(session, replace(scene, toast="not_granted"))
            return _turn(session, scene, RegisterPage())
        case QueuePage(), WentBack():
            return stay(session)
        case _, WentBack():
            return load_queue(session, scene)
        case CasePage() as page, DecisionSigned():
            return _sign(session, scene, page, event)
        case CasePage() as page, FormChosen():
            return printing.asked_by_officer(session, scene, page.case, event)
        case CasePage() as page, _:
            form = filled(page.form, event)
            return _turn(session, scene, replace(page, form=form))
        case _:
            return stay(session)


def answered(session: Session, scene: OfficerSignedIn, answer: Answer) -> Step:
    """The desk's answer, also when the officer's card was pulled meanwhile."""
    if scene.waiting != answer.ticket:
        return stay(session)
    scene = replace(scene, waiting=None, alarm=None)
    match scene.page, answer:
        case _, DeskFailed(code=code):
            return _held(session, replace(scene, alarm=code))
        case CasePage() as page, PasswordRefused(lock=lock):
            wrong = replace(scene, page=replace(page, password_wrong=True))
            step = _held(session, wrong)
            return close(step.session, scene, "locked") if locked(session, lock) else step
        case QueuePage(filter=chosen), QueueLoaded(rows=rows, own=own, officer=officer):
            queue = QueuePage(rows=rows, own=own, filter=chosen)
            return _held(session, replace(scene, officer=officer, page=queue))
        case _:
            after = _page_after(scene.page, answer)
            return _held(session, scene if after is None else replace(scene, page=after))


def load_queue(session: Session, scene: OfficerSignedIn) -> Step:
    """The queue, afresh; the filter stays."""
    chosen = scene.page.filter if isinstance(scene.page, QueuePage) else QueueFilter.WAITING
    session, ticket = next_ticket(session)
    loading = replace(scene, page=QueuePage(filter=chosen), waiting=ticket)
    return show(session, loading, LoadQueue(ticket=ticket, officer=scene.officer))


def _open(session: Session, scene: OfficerSignedIn, app: ApplicationId) -> Step:
    session, ticket = next_ticket(session)
    effect = LoadCase(ticket=ticket, officer=scene.officer, app=app)
    return show(session, replace(scene, waiting=ticket), effect)


def _sign(session: Session, scene: OfficerSignedIn, page: CasePage, event: DecisionSigned) -> Step:
    found = decision_faults(session, scene, page)
    if found:
        return _turn(session, scene, replace(page, faults=found))
    session, ticket = next_ticket(session)
    effect = Decide(
        ticket=ticket,
        officer=scene.officer,
        case=page.case,
        form=page.form,
        password=event.password,
    )
    page = replace(page, faults=(), password_wrong=False)
    return show(session, replace(scene, page=page, waiting=ticket), effect)


def _page_after(page: BureauPage, answer: Answer) -> BureauPage | None:
    match page, answer:
        case _, CaseLoaded(case=case):
            form = DecisionForm(points=case.points, because=case.because)
            return CasePage(case=case, form=form)
        case CasePage(), Decided(row=row, verdict=verdict, hash=hash_, rows=rows):
            waiting = [each.app for each in rows if each.waits]
            return SignedPage(
                row=row,
                verdict=verdict,
                check_code=check_code(hash_),
                next=next(iter(waiting), None),
                entry=hash_,
            )
        case RosterPage(), RosterLoaded(rows=entries):
            return RosterPage(rows=entries)
        case RegisterPage(), Registered(name=name, hash=hash_):
            return RegisterPage(done=name, entry=hash_)
        case _:
            return None


def _register(  # noqa: PLR0911 - a table
    session: Session, scene: OfficerSignedIn, page: RegisterPage, event: Event
) -> Step:
    """The teacher's card is in the slot, or waited for; leaving needs the officer's card back."""
    match event:
        case WentBack() if page.naming is not None:
            return _turn(session, scene, replace(page, naming=None))
        case WentBack() if page.form is not None:
            return _turn(session, scene, RegisterPage())
        case NameOpened() if page.form is not None:
            return _name_opened(session, scene, page, page.form)
        case WentOn() if page.form is not None and page.naming is not None:
            return _turn(session, scene, _named(page, page.form, page.naming))
        case _ if isinstance(event, correction.GESTURES):
            return correction.turned(session, scene, event)
        case WentBack() | QueueOpened():
            return _leave(session, scene)
        case RegisterAnswered() if page.form is not None:
            form = _answer(page.form, event)
            return _turn(session, scene, replace(page, form=form))
        case RegisterConfirmed() if page.form is not None:
            found = registration_faults(session, page.form)
            if found:
                return _turn(session, scene, replace(page, faults=found))
            session, ticket = next_ticket(session)
            effect = Register(ticket=ticket, officer=scene.officer, form=page.form)
            return show(session, replace(scene, waiting=ticket), effect)
        case _:
            return stay(session)


def _name_opened(
    session: Session, scene: OfficerSignedIn, page: RegisterPage, form: Registration
) -> Step:
    """F8: the officer holds the ID card, so what she chooses needs no further look."""
    if not form.person.name_damaged:
        return show(session, replace(scene, toast="name_readable"))
    return _turn(session, scene, replace(page, naming=begin(form.person, form.name)))


def _named(page: RegisterPage, form: Registration, naming: NameEntry) -> RegisterPage:
    fault = fault_of(naming.name, naming.raw)
    if fault is not None:
        return replace(page, naming=replace(naming, fault=fault))
    return replace(page, naming=None, form=replace(form, name=naming.name), faults=())


def _leave(session: Session, scene: OfficerSignedIn) -> Step:
    if session.reader.slot == SlotHolds(scene.officer.person.teacher):
        return load_queue(session, scene)
    return card_out(session, replace(scene, page=QueuePage()))


def registration_faults(session: Session, form: Registration) -> tuple[Refusal, ...]:
    """What is missing or does not fit in a registration."""
    found, reference = [], session.station.reference
    if not form.name.strip():
        found.append(Refusal(code="name_missing", place="name"))
    elif not fits_card(form.name, form.person.card_name_raw):
        found.append(Refusal(place="name", code=CONTRADICTS))
    if form.title not in TITLES:
        found.append(Refusal(code="title_missing", place="title"))
    if form.school not in session.station.schools:
        found.append(Refusal(code="school_unknown", place="school"))
    if form.stage is None:
        found.append(Refusal(code="stage_missing", place="stage"))
    elif reference is not None and (
        form.subject is None or find_subject(form.stage, form.subject, reference.subjects) is None
    ):
        found.append(Refusal(code="subject_unknown", place="subject"))
    if reference is None:
        found.append(Refusal(code="lists_missing", place="reference"))
    return tuple(found)


def _answer(form: Registration, event: RegisterAnswered) -> Registration:
    match event.place:
        case "name":
            return replace(form, name=clean(event.value))
        case "title":
            return replace(form, title=event.value)
        case "school":
            return replace(form, school=SchoolId(event.value))
        case "subject":
            return replace(form, subject=SubjectCode(event.value))
        case "stage":
            stage = next((each for each in Stage if each == event.value), None)
            return replace(form, stage=stage, subject=None)
        case _ as never:
            assert_never(never)


def _turn(session: Session, scene: OfficerSignedIn, page: BureauPage) -> Step:
    return show(session, replace(scene, page=page))


def _held(session: Session, scene: OfficerSignedIn) -> Step:
    return show(session, with_held(session.scene, scene))
