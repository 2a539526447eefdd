"""A signed-in teacher's pages: tasks, notices, 基本資料, 應聘資料, steps, status."""

from dataclasses import replace
from typing import Literal, assert_never

from kiosk.session import (
    choosing,
    conflict,
    contacting,
    correction,
    history,
    printing,
    self_checking,
    sending,
    withdrawing,
)
from kiosk.session.device import Happening
from kiosk.session.draft import Answers, EditName
from kiosk.session.edit import clean, record, redo, stand_at, undo
from kiosk.session.event import Event
from kiosk.session.form import (
    BASICS,
    QUESTION_PLACES,
    agreement,
    answers_of,
    at_places,
    name_of,
)
from kiosk.session.gesture import (
    AreaLimitAnswered,
    BaseChosen,
    ConflictOpened,
    Declared,
    DifferenceAsked,
    Ended,
    FormChosen,
    HeadChosen,
    HeadTurned,
    IndigenousAnswered,
    LanguageAnswered,
    NameOpened,
    PasteCut,
    QuestionOpened,
    Redone,
    ServiceYearsAnswered,
    StepChosen,
    StepsOpened,
    SubjectAnswered,
    SubmitAsked,
    TaskOpened,
    TextTyped,
    Undone,
    VersionRestored,
    VersionsOpened,
    WentBack,
    WentOn,
    WithdrawAsked,
    WithdrawConfirmed,
)
from kiosk.session.listing import preview
from kiosk.session.page import (
    NOTICES,
    NOTICES_VERSION,
    QUESTIONS,
    BasicsPage,
    CheckPage,
    ConflictPage,
    ContactPage,
    CountiesPage,
    Doubt,
    Interruption,
    NamePage,
    NoticesPage,
    Page,
    PostsPage,
    Question,
    ReceiptPage,
    SelfCheckPage,
    StatusPage,
    StepsPage,
    Task,
    TasksPage,
    TaskState,
    VersionsPage,
    WishesPage,
    WithdrawPage,
)
from kiosk.session.rare_name import begin, fault_of
from kiosk.session.record import Version
from kiosk.session.silence import close
from kiosk.session.state import Session, SignedIn
from kiosk.session.tasks import first_open, first_question, open_faults, settled, task_lines
from kiosk.session.turn import Step, at_ms, show, stay
from kiosk.session.wishing import with_resting
from kiosk.session.work import hindrance, keep, mark, named, say, turn

TYPED_AT_MOST = 200


def worked(  # noqa: C901, PLR0911, PLR0912 - a table
    session: Session, scene: SignedIn, event: Event
) -> Step:
    """What a teacher does, page by page."""
    if scene.waiting is not None:
        return stay(session)  # a version is being made of exactly this draft
    match event:
        case Ended():
            return printing.parted(close(session, scene, "ended"), printing.wanted(scene))
        case WentBack():
            return _back(session, scene)
        case WentOn():
            return _on(session, scene)
        case TaskOpened(task=task):
            return open_task(session, scene, task)
        case Declared() | SubmitAsked():
            return sending.sent(session, scene, event)
        case WithdrawAsked() | WithdrawConfirmed():
            return withdrawing.withdrawn(session, scene, event)
        case ConflictOpened() | HeadTurned() | HeadChosen():
            return conflict.looked(session, scene, event)
        case PasteCut():
            return say(session, scene, "paste_cut")
        case _ if isinstance(scene.page, Interruption):
            return stay(session)
        case VersionsOpened() | BaseChosen():
            return history.looked(session, scene, event)
        case NameOpened():
            return _name_opened(session, scene)
        case _ if isinstance(event, correction.GESTURES):
            return correction.turned(session, scene, event)
        case FormChosen():
            return printing.asked(session, scene, event)
        case _ if isinstance(event, self_checking.GESTURES):
            return self_checking.checked(session, scene, event)
        case _ if isinstance(event, contacting.GESTURES):
            return contacting.contacted(session, scene, event)
        case Undone() | Redone() | StepsOpened() | StepChosen() | VersionRestored():
            return _stepped(session, scene, event)
        case DifferenceAsked(version=wanted):
            return turn(session, scene, StatusPage(history.version_of(scene, wanted)))
        case _ if isinstance(event, choosing.GESTURES):
            return choosing.chosen(session, scene, event)
        case _:
            return _answered(session, scene, event)


def open_task(session: Session, scene: SignedIn, task: Task) -> Step:
    """A row of K03; one that cannot be started yet says so."""
    lines = {each.task: each.state for each in task_lines(scene, session.station, session.at)}
    if lines[task] is TaskState.BLOCKED:
        return say(session, scene, "blocked")
    page = _page_of(session, scene, task)
    if page is None:
        return say(session, scene, "password_kept")
    if task in {Task.REVIEW, Task.STATUS}:
        return turn(session, scene, page)
    scene = replace(scene, page=page)
    if hindrance(session, scene) is None:
        scene = replace(scene, draft=replace(scene.draft, bookmark=task, closed=False))
    return show(session, scene)


def _page_of(session: Session, scene: SignedIn, task: Task) -> Page | None:  # noqa: PLR0911 - a table
    match task:
        case Task.NOTICES:
            return NoticesPage()
        case Task.PASSWORD:
            return None
        case Task.BASICS:
            return BasicsPage()
        case Task.POSTS:
            return PostsPage(first_question(scene, session.station))
        case Task.WISHES:
            return choosing.front_page(scene)
        case Task.CHECK if scene.record.in_conflict and not settled(scene):
            return ConflictPage()
        case Task.CHECK:
            return CheckPage(faults=sending.faults(session, scene, ticked=False))
        case Task.REVIEW | Task.STATUS:
            return StatusPage()
        case _ as never:
            assert_never(never)


def _back(session: Session, scene: SignedIn) -> Step:
    """Esc: one step back; the list of tasks is the last."""
    match scene.page:
        case (
            Interruption() | StepsPage() | VersionsPage() | ContactPage() | SelfCheckPage() as page
        ):
            return turn(session, scene, page.behind)
        case NoticesPage(index=index) if index > 0:
            return turn(session, scene, NoticesPage(index - 1))
        case PostsPage(question=question) if question is not Question.INDIGENOUS:
            return turn(session, scene, PostsPage(QUESTIONS[QUESTIONS.index(question) - 1]))
        case StatusPage(version=Version()):
            return turn(session, scene, StatusPage())
        case NamePage():
            return turn(session, scene, BasicsPage())
        case _:
            return turn(session, scene, TasksPage())


def _on(session: Session, scene: SignedIn) -> Step:  # noqa: C901, PLR0911 - a table
    """Enter on the page's own button."""
    match scene.page:
        case TasksPage():
            lines = task_lines(scene, session.station, session.at)
            return open_task(session, scene, first_open(lines))
        case NoticesPage(index=index):
            return _notice_read(session, scene, index)
        case BasicsPage():
            found = at_places(open_faults(scene, session.station), BASICS)
            if found:
                return turn(session, scene, BasicsPage(found))
            return open_task(session, scene, Task.POSTS)
        case NamePage() as page:
            return _named(session, scene, page)
        case PostsPage(question=question):
            return _question_passed(session, scene, question)
        case CountiesPage() | WishesPage() | Interruption():
            return choosing.confirmed(session, scene, scene.page)
        case ReceiptPage():
            return turn(session, scene, StatusPage())
        case ConflictPage() | WithdrawPage():
            return stay(session)
        case StepsPage() | VersionsPage() | ContactPage() | SelfCheckPage() as page:
            return turn(session, scene, page.behind)
        case CheckPage() | StatusPage():
            return stay(session)
        case _ as never:
            assert_never(never)


def _notice_read(session: Session, scene: SignedIn, index: int) -> Step:
    answers = scene.draft.answers
    read = replace(answers, notices_read=max(answers.notices_read, index + 1))
    if index + 1 < NOTICES:
        turned = replace(scene, page=NoticesPage(index + 1))
        return mark(session, turned, read) if read != answers else show(session, turned)
    if answers.agreed_ms is not None:
        return turn(session, scene, TasksPage())
    agreed = mark(
        session, scene, replace(read, agreed_ms=at_ms(session), agreed_to=NOTICES_VERSION)
    )
    now = agreed.session.scene
    if not isinstance(now, SignedIn) or now.draft.answers.agreed_ms is None:
        return agreed  # the window is closed
    opened = open_task(agreed.session, now, Task.BASICS)
    return Step(opened.session, (*agreed.effects, *opened.effects))


def _name_opened(session: Session, scene: SignedIn) -> Step:
    """F8 in 基本資料; a name the card can show is not corrected here."""
    if not isinstance(scene.page, BasicsPage):
        return stay(session)
    if not scene.person.name_damaged:
        return say(session, scene, "name_readable")
    hindered = hindrance(session, scene)
    if hindered is not None:
        return say(session, scene, hindered)
    entry = begin(scene.person, name_of(scene.person, scene.draft.answers))
    return turn(session, scene, NamePage(entry))


def _named(session: Session, scene: SignedIn, page: NamePage) -> Step:
    """The name becomes an answer; one that leaves the card's readable part is refused."""
    fault = fault_of(page.entry.name, page.entry.raw)
    if fault is not None:
        return turn(session, scene, NamePage(replace(page.entry, fault=fault)))
    draft = named(session, scene, page.entry.name)
    back = replace(scene, page=BasicsPage())
    if draft == scene.draft:
        return show(session, back)
    return keep(session, back, draft, "name_proposed")


def _question_passed(session: Session, scene: SignedIn, question: Question) -> Step:
    """On to the next question once this one has a good answer.

    Passing is the answer of two of them.
    """
    answers = scene.draft.answers
    match question:
        case Question.POST:
            passed = replace(answers, post_confirmed=True)
        case Question.SUBJECTS:
            passed = replace(
                answers, subject2=answers.subject2 or "", subject3=answers.subject3 or ""
            )
        case _:
            passed = answers
    kept = _answer(session, scene, passed, question)
    scene = _working(kept, scene)
    found = at_places(open_faults(scene, session.station), QUESTION_PLACES[question])
    if found:
        onward = turn(kept.session, scene, PostsPage(question, found))
    elif question is QUESTIONS[-1]:
        onward = open_task(kept.session, scene, Task.WISHES)
    else:
        onward = turn(kept.session, scene, PostsPage(QUESTIONS[QUESTIONS.index(question) + 1]))
    return Step(onward.session, (*kept.effects, *onward.effects))


def _answered(session: Session, scene: SignedIn, event: Happening) -> Step:  # noqa: C901 - a table
    """One answer of 基本資料 or 應聘資料; every keystroke is kept."""
    answers = scene.draft.answers
    match event:
        case TextTyped(place=place, text=text):
            typed = _typed(answers, place, clean(text)[:TYPED_AT_MOST])
            draft = record(scene.draft, typed, EditName.BASICS_TYPED, place, at_ms(session))
            return keep(session, scene, draft)
        case IndigenousAnswered(answer=True) if answers.indigenous is not True:
            hindered = hindrance(session, scene)
            if hindered is not None:
                return say(session, scene, hindered)
            return turn(session, scene, _consent(session, scene))
        case IndigenousAnswered(answer=answer):
            changed, question = replace(answers, indigenous=answer), Question.INDIGENOUS
        case LanguageAnswered(answer=answer):
            changed, question = replace(answers, language=answer), Question.INDIGENOUS
        case AreaLimitAnswered(answer=limit):
            changed, question = replace(answers, area_limit=limit), Question.AREA_LIMIT
        case ServiceYearsAnswered(answer=years):
            changed, question = replace(answers, service_years=years), Question.SERVICE_YEARS
        case SubjectAnswered(slot=2, subject=subject):
            changed, question = replace(answers, subject2=subject), Question.SUBJECTS
        case SubjectAnswered(subject=subject):
            changed, question = replace(answers, subject3=subject), Question.SUBJECTS
        case QuestionOpened(question=wanted) if isinstance(scene.page, PostsPage):
            return turn(session, scene, PostsPage(wanted))
        case _:
            return stay(session)
    return _answer(session, scene, changed, question)


def _typed(answers: Answers, place: Literal["phone1", "phone2", "email"], text: str) -> Answers:
    match place:
        case "phone1":
            return replace(answers, phone1=text)
        case "phone2":
            return replace(answers, phone2=text)
        case "email":
            return replace(answers, email=text)
        case _ as never:
            assert_never(never)


def _consent(session: Session, scene: SignedIn) -> Interruption:
    """是 to 原民調 asks first, with how many of the teacher's own wishes it would use."""
    reference = session.station.reference
    ranks = (
        () if reference is None else preview(reference, scene.post, scene.draft.answers).indigenous
    )
    return Interruption(asks=Doubt.INDIGENOUS_YES, behind=scene.page, count=len(ranks))


def _answer(session: Session, scene: SignedIn, answers: Answers, question: Question) -> Step:
    draft = record(scene.draft, answers, EditName.POST_ANSWERED, question, at_ms(session))
    return keep(session, scene, draft)


def _stepped(session: Session, scene: SignedIn, event: Event) -> Step:
    """Back and forth in the list of steps (UX 4.10)."""
    match event:
        case Undone():
            after, toast = undo(scene.draft), "undone"
        case Redone():
            after, toast = redo(scene.draft), "redone"
        case StepChosen(count=count):
            after, toast = stand_at(scene.draft, count), "redone"
        case VersionRestored(version=wanted):
            return _restored(session, scene, history.version_of(scene, wanted))
        case _:
            return turn(session, scene, StepsPage(scene.page))
    if after == scene.draft:
        return say(session, scene, "no_step")
    return choosing.settled(keep(session, scene, after, toast))


def _restored(session: Session, scene: SignedIn, version: Version | None) -> Step:
    if version is None or version.claim is None or version.wishes is None:
        return say(session, scene, "version_elsewhere")
    answers = scene.draft.answers
    agreed = agreement(answers, version, at_ms(session))
    sent = answers_of(version.claim, version.wishes, agreed)
    after = with_resting(sent, answers)
    draft = record(
        scene.draft, after, EditName.VERSION_RESTORED, str(version.version), at_ms(session)
    )
    at_tasks = replace(scene, page=TasksPage())
    if draft == scene.draft:
        return say(session, at_tasks, "restored")
    return keep(session, at_tasks, draft, "restored")


def _working(step: Step, before: SignedIn) -> SignedIn:
    scene = step.session.scene
    return scene if isinstance(scene, SignedIn) else before
