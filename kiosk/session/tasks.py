"""The rows of K03: what is done, what is next, what cannot be started yet."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.refusal import Refusal
from core.season.merge import Review
from kiosk.session.difference import Difference, difference
from kiosk.session.draft import Answers
from kiosk.session.form import (
    BASICS,
    COUNTIES,
    QUESTION_PLACES,
    answers_of,
    at_places,
    faults_of,
    name_answer,
)
from kiosk.session.page import QUESTIONS, Question, Task, TaskState
from kiosk.session.record import Version
from kiosk.session.season import Window, window_at
from kiosk.session.state import SignedIn
from kiosk.session.station import Station
from kiosk.session.wishing import closed_wishes

POSTS = frozenset().union(*QUESTION_PLACES.values())
WISHES = COUNTIES | {"schools"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """One row. ``count`` is how many wishes, or which question is open (from 1), else 0."""

    task: Task
    state: TaskState
    count: int = 0


def task_lines(scene: SignedIn, station: Station, at: datetime) -> tuple[TaskLine, ...]:
    """All eight rows, in their order."""
    answers, faults = scene.draft.answers, open_faults(scene, station)
    agreed = answers.agreed_ms is not None
    basics = _state(at_places(faults, BASICS), touched=_basics_touched(answers))
    posts = _state(at_places(faults, POSTS), touched=answers.indigenous is not None)
    wishes = _wishes_state(scene, station, faults)
    ready = agreed and not faults
    return (
        TaskLine(
            task=Task.NOTICES,
            state=_state((), touched=True)
            if agreed
            else _state(faults, touched=answers.notices_read > 0),
        ),
        TaskLine(task=Task.PASSWORD, state=TaskState.DONE),
        TaskLine(task=Task.BASICS, state=basics if agreed else TaskState.BLOCKED),
        TaskLine(
            task=Task.POSTS,
            state=posts if agreed else TaskState.BLOCKED,
            count=_open_question(faults),
        ),
        TaskLine(
            task=Task.WISHES,
            state=wishes if agreed else TaskState.BLOCKED,
            count=len(answers.wishes),
        ),
        TaskLine(task=Task.CHECK, state=_check_state(scene, station, at, ready=ready)),
        TaskLine(task=Task.REVIEW, state=_review_state(scene)),
        TaskLine(task=Task.STATUS, state=_status_state(scene)),
    )


def first_open(lines: tuple[TaskLine, ...]) -> Task:
    """The row that gets the focus: the first that waits for the teacher, else the status."""
    mine = {TaskState.NOT_STARTED, TaskState.UNDER_WAY, TaskState.ATTENTION}
    return next((each.task for each in lines if each.state in mine), Task.STATUS)


def first_question(scene: SignedIn, station: Station) -> Question:
    """The first question of 應聘資料 without a good answer; the first of all when there is none."""
    number = _open_question(open_faults(scene, station))
    return QUESTIONS[number - 1] if number else Question.INDIGENOUS


def open_faults(scene: SignedIn, station: Station) -> tuple[Refusal, ...]:
    """What keeps the answers from being sent, apart from the tick of K06."""
    return faults_of(
        scene.person,
        scene.post,
        scene.draft.answers,
        station.season,
        station.reference,
        declared=True,
    )


def change_since(scene: SignedIn, version: Version | None) -> Difference | None:
    """How the draft differs from a version; None when there is none or its content is elsewhere."""
    if version is None or version.claim is None or version.wishes is None:
        return None
    answers = scene.draft.answers
    now = replace(answers, teacher_name=name_answer(scene.person, answers))
    return difference(answers_of(version.claim, version.wishes), now)


def settled(scene: SignedIn) -> bool:
    """Whether the draft is what the teacher chose after seeing exactly these versions in conflict.

    One that arrives later makes her choose again.
    """
    return set(scene.draft.settles) == set(scene.record.head_hashes)


def may_withdraw(scene: SignedIn, station: Station, at: datetime) -> bool:
    """Whether there is something to take back, and time for it."""
    return (
        bool(scene.record.heads)
        and not scene.record.withdrawn
        and scene.reading is None
        and window_at(station, at) is Window.OPEN
    )


def _basics_touched(answers: Answers) -> bool:
    return bool(answers.phone1 or answers.phone2 or answers.email)


def _state(faults: tuple[Refusal, ...], *, touched: bool) -> TaskState:
    if not faults:
        return TaskState.DONE
    return TaskState.UNDER_WAY if touched else TaskState.NOT_STARTED


def _open_question(faults: tuple[Refusal, ...]) -> int:
    return next(
        (
            index
            for index, question in enumerate(QUESTIONS, start=1)
            if at_places(faults, QUESTION_PLACES[question])
        ),
        0,
    )


def _wishes_state(scene: SignedIn, station: Station, faults: tuple[Refusal, ...]) -> TaskState:
    answers = scene.draft.answers
    if station.reference is not None and closed_wishes(answers, station.reference):
        return TaskState.ATTENTION
    return _state(at_places(faults, WISHES), touched=answers.county_a is not None)


def _check_state(scene: SignedIn, station: Station, at: datetime, *, ready: bool) -> TaskState:
    if scene.record.in_conflict:
        return TaskState.ATTENTION
    change = change_since(scene, scene.record.current)
    if change is not None and change.count == 0:
        return TaskState.DONE
    if not ready or not window_at(station, at).editable:
        return TaskState.BLOCKED
    return TaskState.NOT_STARTED


def _review_state(scene: SignedIn) -> TaskState:
    if not scene.record.heads or scene.record.withdrawn:
        return TaskState.BLOCKED
    if scene.record.in_conflict:
        return TaskState.WAITING
    return {
        Review.WAITING: TaskState.WAITING,
        Review.APPROVED: TaskState.DONE,
        Review.RETURNED: TaskState.ATTENTION,
        Review.CONTRADICTORY: TaskState.WAITING,
    }[scene.record.review]


def _status_state(scene: SignedIn) -> TaskState:
    return TaskState.OPEN if scene.record.versions else TaskState.BLOCKED
