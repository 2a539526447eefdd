"""Sentences around every screen and up to the signed-in person: what every language must have."""

from datetime import datetime, timedelta
from typing import Protocol

from core.domain.school import Mark, Stage
from core.rules.calendar import PhaseName
from kiosk.session.page import Question, Task, TaskState
from kiosk.session.state import TroubleCode
from kiosk.session.station import Link, Service


class FrameTexts(Protocol):
    """Sentences around every screen."""

    system_name: str
    system_wide: str
    system_short: str
    kiosk_name: str
    bureau_name: str
    practice: str
    card_in: str
    card_absent: str
    officer_card_in: str
    back: str
    closed: str
    not_yet_open: str
    checking_step: str
    more_below: str
    never_synced: str
    system_message: str
    applicant: str
    applicant_new: str
    colon: str
    list_comma: str
    go_on: str
    step_back: str
    cancel: str
    confirm: str
    none: str
    not_given: str
    loading: str
    working: str
    crashed: str

    def key_name(self, key: str) -> str: ...
    def too_small(self, columns: int, rows: int) -> str: ...
    def link(self, link: Link) -> str: ...
    def today(self, moment: datetime) -> str: ...
    def short_minute(self, moment: datetime) -> str: ...
    def clock(self, moment: datetime) -> str: ...
    def time_left(self, left: timedelta) -> str: ...
    def time_left_full(self, left: timedelta) -> str: ...
    def deadline(self, moment: datetime) -> str: ...
    def deadline_near(self, minutes: int) -> str: ...
    def stage(self, stage: Stage) -> str: ...
    def mark(self, mark: Mark) -> str: ...
    def mark_name(self, mark: Mark) -> str: ...
    def task_short(self, task: Task) -> str: ...
    def task_step(self, task: Task) -> str: ...
    def task(self, task: Task) -> str: ...
    def task_explained(self, task: Task) -> str: ...
    def phase_name(self, phase: PhaseName) -> str: ...
    def task_state(self, state: TaskState) -> str: ...
    def question_of(self, question: Question) -> str: ...
    def draft_saved(self, at: datetime) -> str: ...
    def draft_saving(self) -> str: ...
    def draft_equal(self, version: int) -> str: ...
    def draft_untouched(self) -> str: ...
    def in_force(self, version: int, at: datetime | None) -> str: ...
    def alarm(self, code: str) -> str: ...
    def counted(self, count: int) -> str: ...


class EntryTexts(Protocol):
    """Sentences from the idle screen to the signed-in person."""

    insert_card: str
    choose_virtual_card: str
    card_hint: tuple[str, str]
    card_chip: str
    card_word: str
    checks: str
    check_service: str
    check_reader: str
    check_card: str
    card_waiting: str
    card_reading: str
    card_ready: str
    card_faulty: str
    bring: str
    wrong_place: str
    what_now: str
    apply_now: str
    no_calendar: str
    supported_cards: str
    supported_card_list: str
    service_down: tuple[str, str]
    reader_down: tuple[str, str]
    take_card_out_to_end: str
    found: str
    what_to_do: str
    whom_to_ask: str
    identity_title: str
    card_says: str
    label_name: str
    label_number: str
    label_birth: str
    label_registered: str
    registered_done: str
    reveal_hint: str
    label_stage: str
    label_password: str
    label_password_again: str
    toggle_password: str
    password_rule: str
    not_you: str
    forgotten: str
    forgotten_link: str
    enter_once: str
    enter_once_why: str
    sign_in: str
    first_use_title: str
    reset_title: str
    witness_steps: tuple[str, str, str, str]
    witness_card_now: str
    witness_password_now: str
    witness_confirm: str
    witness_confirmed_button: str
    card_back_now: str
    privacy_title: str
    privacy_intro: str
    privacy_points: tuple[str, str, str, str, str, str]
    privacy_agree: str
    choose_password_title: str
    choose_password_rule: str
    choose_password_later: str
    set_password: str
    officer_title: str
    officer_card_now: str
    officer_waiting: str
    officer_enrol_title: str
    officer_enrol_intro: str
    officer_has_password: str
    label_code: str
    enrol: str
    idle_question: str
    any_key: str
    still_here: str
    end_now: str
    card_is_out: str
    card_back_leave: str
    take_card: str
    take_card_why: str

    def service(self, state: Service) -> str: ...
    def reading(self, seconds: int) -> str: ...
    def season_dates(self, begins: datetime | None) -> str: ...
    def deadline_line(self, deadline: datetime, left: str) -> str: ...
    def left_long(self, left: timedelta) -> str: ...
    def opens_at(self, moment: datetime) -> str: ...
    def closed_at(self, moment: datetime) -> str: ...
    def trouble(self, code: TroubleCode) -> tuple[str, str, str]: ...
    def trouble_detail(self, code: TroubleCode, detail: str) -> str: ...
    def ask(self, contact: str) -> str: ...
    def idle_notice(self, code: str) -> str: ...
    def hidden_birth(self, year: int) -> str: ...
    def full_birth(self, year: int, month: int, day: int) -> str: ...
    def password_wrong(self, tries_left: int) -> str: ...
    def password_locked(self, left: timedelta) -> str: ...
    def fault(self, code: str) -> str: ...
    def witness_of(self, name: str) -> str: ...
    def officer_is(self, name: str) -> str: ...
    def covered(self, saved: datetime | None) -> str: ...
    def covered_left(self, seconds: int) -> str: ...
    def cleared(self, saved: datetime | None) -> str: ...
    def back_within(self, seconds: int) -> str: ...
    def back_at(self, number: int, step: str) -> str: ...
