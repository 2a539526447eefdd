"""From a card to a signed-in person.

Passwords, the witnessed first use, officers' enrolment (K02).
"""

from dataclasses import replace

from kiosk.session import correction, lobby
from kiosk.session.answer import DeskFailed, OfficerAccepted, PasswordRefused, SignInAccepted
from kiosk.session.bureau import QueuePage
from kiosk.session.draft import Draft
from kiosk.session.effect import (
    CheckOfficer,
    EnrolOfficer,
    EnterWitnessed,
    LoadQueue,
    SetPassword,
    SignIn,
    Watch,
)
from kiosk.session.event import Event
from kiosk.session.gesture import (
    Ended,
    EnrolmentTyped,
    EnteredOnce,
    NameOpened,
    OfficersCalled,
    PasswordChosen,
    PasswordForgotten,
    PasswordTyped,
    StageChosen,
    WentBack,
    WentOn,
)
from kiosk.session.looks import kept
from kiosk.session.page import ConflictPage, TasksPage
from kiosk.session.password import password_fault
from kiosk.session.person import Secret
from kiosk.session.rare_name import NameEntry, begin, fault_of
from kiosk.session.season import window_at
from kiosk.session.state import (
    AskingOfficerPassword,
    AskingPassword,
    CardWantedBack,
    ChoosingPassword,
    Entry,
    Idle,
    Incident,
    OfficerCardWanted,
    OfficerEnrolling,
    OfficerSignedIn,
    PrivacyNotice,
    Reading,
    Searching,
    Session,
    SignedIn,
    TakeCard,
    Trouble,
    WitnessConfirming,
    WitnessPassword,
    WitnessWanted,
)
from kiosk.session.turn import (
    Step,
    end,
    locked,
    next_ticket,
    same_work,
    show,
    stay,
)
from kiosk.session.work import keep, named

LOCKED = "locked"
WRONG = "password_wrong"


def entered(session: Session, scene: Entry, event: Event) -> Step:  # noqa: C901, PLR0911, PLR0912 - a table
    """What a person does, or the desk answers, before anyone is signed in."""
    match scene, event:
        case ((Idle() | Trouble() | TakeCard()), OfficersCalled()):
            return _call_officer(session)
        case ((Idle() | Trouble() | Searching() | Incident()), _):
            return lobby.walked(session, scene, event)
        case ((Reading() | TakeCard()), _):
            return stay(session)
        case AskingPassword(naming=NameEntry()), WentBack():
            return show(session, replace(scene, naming=None))
        case _, Ended() | WentBack():
            return end(session, "ended")
        case AskingPassword(), NameOpened() if scene.person.name_damaged:
            naming = begin(scene.person, scene.named or scene.person.name)
            return show(session, replace(scene, naming=naming))
        case AskingPassword(naming=NameEntry() as naming), WentOn():
            return _named(session, scene, naming)
        case _ if isinstance(event, correction.GESTURES):
            return correction.turned(session, scene, event)
        case AskingPassword(), StageChosen(stage=stage):
            return show(session, replace(scene, asked=stage, fault=None))
        case AskingPassword(), PasswordForgotten():
            return _forgotten(session, scene)
        case (
            (AskingPassword() | WitnessPassword() | AskingOfficerPassword()),
            PasswordTyped(password=password),
        ):
            return _ask(session, scene, password)
        case OfficerEnrolling(), EnrolmentTyped():
            return _enrol(session, scene, event)
        case WitnessConfirming(), WentOn():
            return show(session, _wanted_back(session, scene))
        case PrivacyNotice(), WentOn():
            return show(session, _choosing(session, scene))
        case ChoosingPassword(), PasswordChosen():
            return _choose(session, scene, event)
        case ChoosingPassword(waiting=None), EnteredOnce():
            return _enter_once(session, scene)
        case _:
            return stay(session)


def answered(  # noqa: PLR0911 - a table
    session: Session,
    scene: Entry,
    answer: PasswordRefused | SignInAccepted | OfficerAccepted | DeskFailed,
) -> Step:
    """An answer to the question this scene waits for; any other changes nothing."""
    match scene:
        case (
            AskingPassword()
            | WitnessPassword()
            | AskingOfficerPassword()
            | OfficerEnrolling()
            | ChoosingPassword()
        ) if scene.waiting == answer.ticket:
            pass
        case _:
            return stay(session)
    match scene, answer:
        case ChoosingPassword(), PasswordRefused():
            return stay(session)
        case _, DeskFailed(code=code):
            return show(session, replace(scene, fault=code, waiting=None))
        case (
            (AskingPassword() | WitnessPassword() | AskingOfficerPassword() | OfficerEnrolling()),
            PasswordRefused(lock=lock),
        ):
            fault = LOCKED if locked(session, lock) else WRONG
            return show(session, replace(scene, lock=lock, fault=fault, waiting=None))
        case ((AskingPassword() | ChoosingPassword()), SignInAccepted()):
            return _signed_in(session, scene, answer)
        case WitnessPassword(), OfficerAccepted(officer=officer):
            confirming = WitnessConfirming(
                person=scene.person,
                post=scene.post,
                since=session.at,
                reset=scene.reset,
                officer=officer,
            )
            return show(session, confirming)
        case ((AskingOfficerPassword() | OfficerEnrolling()), OfficerAccepted(officer=officer)):
            session, ticket = next_ticket(session)
            working = OfficerSignedIn(
                officer=officer, page=QueuePage(), silent_since=session.at, waiting=ticket
            )
            opened = show(session, working, LoadQueue(ticket=ticket, officer=officer))
            return Step(opened.session, (*opened.effects, *kept(opened.session)))
        case _:
            return stay(session)


def _call_officer(session: Session) -> Step:
    return show(session, OfficerCardWanted(since=session.at))


def _named(session: Session, scene: AskingPassword, naming: NameEntry) -> Step:
    """The corrected name waits for the password: only its owner may put it into her draft."""
    fault = fault_of(naming.name, naming.raw)
    if fault is not None:
        return show(session, replace(scene, naming=replace(naming, fault=fault)))
    return show(session, replace(scene, naming=None, named=naming.name))


def _forgotten(session: Session, scene: AskingPassword) -> Step:
    if not session.station.has_officer:
        return show(session, replace(scene, fault="no_officer"))
    wanted = WitnessWanted(person=scene.person, post=scene.post, since=session.at, reset=True)
    return show(session, wanted)


def _ask(
    session: Session,
    scene: AskingPassword | WitnessPassword | AskingOfficerPassword,
    password: Secret,
) -> Step:
    if scene.waiting is not None:
        return stay(session)
    if locked(session, scene.lock):
        return show(session, replace(scene, fault=LOCKED))
    if isinstance(scene, AskingPassword) and scene.asked is not scene.post.stage:
        return show(session, replace(scene, fault="stage_not_registered"))
    session, ticket = next_ticket(session)
    waiting = replace(scene, waiting=ticket, fault=None)
    if isinstance(scene, AskingPassword):
        sign_in = SignIn(
            ticket=ticket,
            person=scene.person,
            post=scene.post,
            stage=scene.asked,
            password=password,
        )
        return show(session, waiting, sign_in)
    check = CheckOfficer(ticket=ticket, officer=scene.officer, password=password)
    return show(session, waiting, check)


def _enrol(session: Session, scene: OfficerEnrolling, event: EnrolmentTyped) -> Step:
    if scene.waiting is not None:
        return stay(session)
    fault = _enrolment_fault(session, scene, event)
    if fault is not None:
        return show(session, replace(scene, fault=fault))
    session, ticket = next_ticket(session)
    effect = EnrolOfficer(
        ticket=ticket, person=scene.person, code=event.code, password=event.password
    )
    return show(session, replace(scene, waiting=ticket, fault=None), effect)


def _enrolment_fault(
    session: Session, scene: OfficerEnrolling, event: EnrolmentTyped
) -> str | None:
    if locked(session, scene.lock):
        return LOCKED
    if not event.code.typed.strip():
        return "code_missing"
    if scene.has_password:
        return None
    return password_fault(event.password, event.again, scene.person)


def _wanted_back(session: Session, scene: WitnessConfirming) -> CardWantedBack:
    return CardWantedBack(
        person=scene.person,
        post=scene.post,
        since=session.at,
        reset=scene.reset,
        witness=scene.officer.certificate or b"",
    )


def _choosing(session: Session, scene: PrivacyNotice) -> ChoosingPassword:
    return ChoosingPassword(
        person=scene.person,
        post=scene.post,
        since=session.at,
        reset=scene.reset,
        witness=scene.witness,
    )


def _choose(session: Session, scene: ChoosingPassword, event: PasswordChosen) -> Step:
    if scene.waiting is not None:
        return stay(session)
    fault = password_fault(event.password, event.again, scene.person)
    if fault is not None:
        return show(session, replace(scene, fault=fault))
    session, ticket = next_ticket(session)
    effect = SetPassword(
        ticket=ticket,
        person=scene.person,
        post=scene.post,
        witness=scene.witness,
        password=event.password,
    )
    return show(session, replace(scene, waiting=ticket, fault=None, once=False), effect)


def _enter_once(session: Session, scene: ChoosingPassword) -> Step:
    session, ticket = next_ticket(session)
    effect = EnterWitnessed(
        ticket=ticket, person=scene.person, post=scene.post, witness=scene.witness
    )
    return show(session, replace(scene, waiting=ticket, fault=None, once=True), effect)


def _signed_in(
    session: Session, scene: AskingPassword | ChoosingPassword, answer: SignInAccepted
) -> Step:
    """At work. The name she corrected on K02 is the first change of her draft."""
    person, post = scene.person, scene.post
    # A draft that did not reach the disk is newer than the one on it.
    pending = next((each for each in session.pending if same_work(each, person, post)), None)
    draft = answer.draft if pending is None else pending.draft
    working = SignedIn(
        person=person,
        post=post,
        draft=draft,
        record=answer.record,
        page=_first_page(session, draft, answer),
        silent_since=session.at,
        password_at=session.at,
        saved=answer.saved,
        dirty=pending is not None,
        alarm=None if pending is None else pending.failed,
        recovered=answer.recovered,
        reading=answer.reading,
        witness=scene.witness if isinstance(scene, ChoosingPassword) and scene.once else None,
    )
    opened = show(session, working, Watch(answer.record.app, post.stage))
    own = kept(opened.session)
    if not isinstance(scene, AskingPassword) or not scene.named:
        return Step(opened.session, (*opened.effects, *own))
    told = keep(opened.session, working, named(session, working, scene.named), "name_proposed")
    return Step(told.session, (*opened.effects, *own, *told.effects))


def _first_page(session: Session, draft: Draft, answer: SignInAccepted) -> TasksPage | ConflictPage:
    """The list of tasks; where two versions stand against each other, first of all those."""
    torn = answer.record.in_conflict and set(draft.settles) != set(answer.record.head_hashes)
    if torn and answer.reading is None and window_at(session.station, session.at).editable:
        return ConflictPage()
    begun = draft.answers.notices_read > 0 or draft.answers.agreed_ms is not None
    return TasksPage(resumed=draft.bookmark if begun else None)
