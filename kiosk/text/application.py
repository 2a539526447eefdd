"""Sentences of a teacher's application, from the first notice to the result.

What every language must have.
"""

from datetime import datetime
from typing import Protocol

from core.season.county import CountyVerdict
from core.season.merge import Review
from kiosk.session.draft import EditName
from kiosk.session.page import Doubt, Question, Task
from kiosk.session.progress import Audit, StageName, StageState
from kiosk.session.record import Delivery


class FormTexts(Protocol):
    """Sentences tasks, notices, 基本資料, 應聘資料, refusals."""

    your_application: str
    column_task: str
    column_state: str
    column_note: str
    never_sent: str
    offline_box: str
    conflict_box: str
    recovered: str
    notices_title: str
    notices_agree: str
    basics_title: str
    from_card: str
    label_sex: str
    label_phone1: str
    label_phone2: str
    label_email: str
    phone_hint: str
    email_hint: str
    sexes: tuple[str, str]
    yes_apply: str
    no_apply: str
    unanswered_is_no: str
    yes_outcome: str
    yes_no_school: str
    language_question: str
    area_general: str
    area_restricted: str
    area_consequence: str
    years_unit: str
    label_school: str
    label_own_subject: str
    label_subject1: str
    label_subject2: str
    label_subject3: str
    same_as_own: str
    own_subject_too: str
    years_before: str

    def sent_version(self, version: int, at: datetime | None, count: int) -> str: ...
    def task_note(self, task: Task) -> str: ...
    def agreed_at(self, at: datetime) -> str: ...
    def first_do(self, number: int) -> str: ...
    def counties_note(self, first: str, second: str) -> str: ...
    def changing(self, question: int) -> str: ...
    def review_waiting(self, version: int) -> str: ...
    def wishes_filled(self, count: int) -> str: ...
    def lists_old(self, hours: int) -> str: ...
    def resumed(self, task: str) -> str: ...
    def returned_box(self, reasons: str) -> str: ...
    def deadline_box(self, left: str) -> str: ...
    def notice_number(self, number: int, of: int) -> str: ...
    def notice(self, index: int) -> str: ...
    def errors_to_fix(self, count: int) -> str: ...
    def refusal(self, code: str) -> str: ...
    def gap(self, place: str) -> str: ...
    def place(self, place: str) -> str: ...
    def question(self, question: Question) -> str: ...
    def question_explained(self, question: Question) -> str: ...
    def yes_uses(self, ranks: str) -> str: ...
    def yes_drops(self, ranks: str) -> str: ...
    def yes_all(self) -> str: ...
    def ranks(self, ranks: tuple[int, ...]) -> str: ...
    def serves_years(self, years: int) -> str: ...


class WishesTexts(Protocol):
    """Sentences the wish list."""

    counties_title: str
    counties_rule: str
    county_a: str
    county_b: str
    counties_confirm: str
    not_chosen: str
    candidates: str
    candidates_loading: str
    no_candidate: str
    filter_label: str
    filter_hint: str
    all_townships: str
    marks_label: str
    legend: str
    insertion_label: str
    insert_last: str
    insert_first: str
    insert_before: tuple[str, str]
    insertion_mode: str
    insertion_modes: tuple[str, str, str]
    insert_last_long: str
    insert_first_long: str
    insert_before_long: tuple[str, str]
    your_wishes: str
    your_wishes_long: str
    wishes_empty_hint: str
    move_to: tuple[str, str]
    columns: tuple[str, str, str, str, str, str]
    list_removed: str
    list_short: str
    draft_word: str
    up: str
    down: str
    to_first: str
    to_last: str
    remove: str
    map_link: str
    move_up_long: str
    move_down_long: str
    move_first_long: str
    move_last_long: str
    move_rank_long: tuple[str, str]
    map_long: str
    add_wish: str
    other_county: str
    not_open: str
    clear_wishes: str
    change_counties: str
    remove_closed: str
    what_if: str
    what_if_title: str
    map_title: str
    map_hint: str
    map_no_qr: str
    township_title: str
    steps_title: str
    steps_hint: str
    step_zero: str
    step_now: str
    indigenous_no_use: str
    no_vacancy_data: str

    def chosen_rank(self, rank: int) -> str: ...
    def chosen_rank_short(self, rank: int) -> str: ...
    def shown_of(self, shown: int, total: int) -> str: ...
    def wish_title(self, rank: int, county: str, township: str, school: str) -> str: ...
    def county_tab(self, slot: str, county: str) -> str: ...
    def county_tab_long(self, slot: str, county: str, code: str) -> str: ...
    def county_coded(self, code: str) -> str: ...
    def uses_ranks(self, ranks: str) -> str: ...
    def wish_kinds(self, indigenous: int, others: int, closed: int) -> str: ...
    def problem_at(self, rank: int, sentence: str) -> str: ...
    def no_problem(self) -> str: ...
    def doubt_title(self, doubt: Doubt) -> str: ...
    def doubt_indigenous(self) -> tuple[str, ...]: ...
    def doubt_county(self, slot: str, old: str, new: str, count: int) -> tuple[str, ...]: ...
    def doubt_clear(self, count: int) -> tuple[str, ...]: ...
    def doubt_remove_closed(self, count: int) -> tuple[str, ...]: ...
    def edit(self, name: EditName, subject: str) -> str: ...
    def subject_of_edit(self, subject: str) -> str: ...
    def toast(self, code: str) -> str: ...
    def slot(self, slot: str) -> str: ...


class SentTexts(Protocol):
    """Sentences check, receipt, status, result."""

    check_intro: str
    change: str
    label_indigenous: str
    label_area: str
    label_language: str
    in_force_word: str
    label_years: str
    label_current: str
    label_applied: str
    applies: str
    applies_not: str
    area_words: tuple[str, str]
    declare: str
    submit: str
    go_back: str
    first_version: str
    no_difference: str
    difference_title: str
    difference_key: str
    added: str
    removed: str
    moved: str
    changed_answers: str
    password_again: str
    witness_again: str
    label_receipt: str
    label_check_code: str
    label_version: str
    label_sent_at: str
    label_clock: str
    next_title: str
    may_change: tuple[str, str]
    scan: str
    receipt_unmailed: str
    qr_unavailable: str
    counting_rule: str
    clock_never: str
    receipt_title: str
    status_title: str
    points_title: str
    points_county: str
    county_again: str
    points_none: str
    reason_points: str
    service_points: str
    appraisal_points: str
    award_points: str
    training_points: str
    special_points: str
    total_points: str
    versions_title: str
    restore: str
    label_audit: str
    applied_title: str
    wishes_title: str
    label_computer_number: str
    number_pending: str
    number_given: str
    effective_rule: str
    moved_title: str
    stayed_title: str
    result_school: str
    result_subject: str
    why_title: str
    no_versions: str
    content_elsewhere: str
    official_rule: str

    def different(self, added: int, moved: int, removed: int) -> str: ...
    def difference_to(self, version: int, at: datetime | None) -> str: ...
    def wishes_line(self, count: int, first: str, second: str) -> str: ...
    def and_more(self, count: int) -> str: ...
    def from_to(self, old: int, new: int) -> str: ...
    def delivery(self, delivery: Delivery) -> str: ...
    def receipt_heading(self, delivery: Delivery) -> str: ...
    def version_replaces(self, version: int, before: int | None, at: datetime | None) -> str: ...
    def receipt_mailed(self, address: str) -> str: ...
    def sent_at(self, at: datetime) -> str: ...
    def clock_compared(self, at: datetime, offset_ms: int) -> str: ...
    def next_review(self, until: datetime | None) -> str: ...
    def next_county(self, at: datetime | None) -> str: ...
    def next_result(self, at: datetime | None) -> str: ...
    def questions_to(self, contact: str) -> str: ...
    def closed_at_long(self, at: datetime) -> str: ...
    def open_until(self, at: datetime) -> str: ...
    def draft_differs(self, changes: int, *, over: bool) -> str: ...
    def review(self, review: Review) -> str: ...
    def verdict(self, verdict: str) -> str: ...
    def county_verdict(self, verdict: CountyVerdict) -> str: ...
    def reason(self, code: str) -> str: ...
    def result_wish(self, wish: int, phase: str) -> str: ...
    def sent_when(self, at: datetime) -> str: ...
    def explanation(self, text: str) -> str: ...
    def audit(self, audit: Audit) -> str: ...
    def step_name(self, name: StageName) -> str: ...
    def step_note(self, name: StageName) -> str: ...
    def stage_state(self, state: StageState) -> str: ...
    def stage_time(self, at: datetime, *, planned: bool) -> str: ...
    def version_name(self, version: int) -> str: ...
