"""Sentences of checking, sending, the receipt, the state of an application and its result."""

# ruff: noqa: S105 - sentences about passwords, none of which is one

from datetime import datetime

from core.domain.roc import TAIPEI
from core.season.county import CountyVerdict
from core.season.merge import Review
from kiosk.session.progress import Audit, StageName, StageState
from kiosk.session.record import Delivery
from kiosk.text.dates import month_day, short_minute
from kiosk.text.english.dates import full_minute, full_second
from kiosk.text.fields import sent

_DELIVERY = {
    Delivery.STORED: "accepted here, waits for upload",
    Delivery.SENDING: "accepted here, uploading",
    Delivery.DELIVERED: "delivered to the server",
    Delivery.BACKED_UP: "delivered and backed up",
    Delivery.ATTENTION: "needs attention, ask the officer",
    Delivery.ELSEWHERE: "sent from another machine",
}
_REVIEWS = {
    Review.WAITING: "waiting",
    Review.APPROVED: "approved",
    Review.RETURNED: "returned",
    Review.CONTRADICTORY: "contradictory",
}
_VERDICTS = {"approved": "approved", "returned": "returned", "ineligible": "not eligible"}
_COUNTY = {
    CountyVerdict.PASSED: "passed",
    CountyVerdict.REFUSED: "refused",
    CountyVerdict.RETURNED: "papers asked",
}
_REASONS = {
    "service_table_not_original": "No original of service table",
    "household_older_than_month": "Household record too old",
    "reinstatement_missing": "Reinstatement letter missing",
    "teaching_proof_not_stamped": "Teaching proof not stamped",
    "award_not_from_authority": "Award not from the authority",
    "fact_counted_twice": "One fact counted twice",
    "service_too_short": "Service shorter than required",
    "other": "Other (see remark)",
}
_PHASES = {
    "indigenous": "indigenous priority",
    "language": "language priority",
    "single": "vacancies",
    "swap": "swaps",
    "triangle": "triangles",
    "ring": "longer rings",
}
_STEPS = {
    StageName.SENT: "Sent",
    StageName.REVIEW: "School review",
    StageName.COUNTY: "County review",
    StageName.RESULT: "Result",
    StageName.COUNCIL: "School council",
    StageName.REPORT: "Reporting",
}
_STEP_NOTES = {
    StageName.COUNTY: "bring originals",
    StageName.RESULT: "letter decides",
    StageName.COUNCIL: "new school",
    StageName.REPORT: "see the letter",
}
_STAGE_STATES = {
    StageState.DONE: "done",
    StageState.NOW: "waiting",
    StageState.AHEAD: "not yet",
    StageState.REFUSED: "not passed",
    StageState.AWAITED: "by letter",
    StageState.NOT_NEEDED: "not needed",
}
_AUDITS = {
    Audit.NOTHING: "nothing sent",
    Audit.WAITING: "not passed yet",
    Audit.SCHOOL_PASSED: "not passed yet (passed by the school)",
    Audit.PASSED: "passed",
    Audit.COUNTY_PASSED: "passed (county)",
    Audit.REFUSED: "refused (school)",
    Audit.COUNTY_REFUSED: "refused (county)",
    Audit.COUNTY_RETURNED: "not passed yet (the county asks for papers)",
}
_WHY: dict[str, str] = {}


class SentEn:
    """Part of `English`."""

    check_intro = "Please check your answers. Nothing is final until you send."
    change = "Change"
    label_indigenous = "原民調"
    label_area = "Area"
    label_language = "Language"
    in_force_word = "In force"
    label_years = "Service"
    label_current = "Now"
    label_applied = "Classes"
    applies = "yes"
    applies_not = "no"
    area_words = ("no limit", "limited")
    declare = sent.DECLARED.en.label
    submit = "Send"
    go_back = "Back"
    first_version = "First time: no version is in force yet."
    no_difference = "Nothing differs from the version in force."
    difference_title = "Against the version in force"
    difference_key = "[ F4 show ]"
    added = "added"
    removed = "removed"
    moved = "moved"
    changed_answers = "changed"
    witness_again = "You came in without a password: the officer's password again, please:"
    password_again = "Your last password is over 10 minutes old; again please:"

    label_receipt = "Receipt"
    label_check_code = "Check"
    label_version = "Version"
    label_sent_at = "Sent"
    label_clock = "Clock"
    next_title = "What happens next:"
    may_change = (
        "You may change it until the deadline and send again.",
        "Until then this version counts.",
    )
    scan = "Scan to check this receipt."
    receipt_unmailed = "Your mail address is not proved: no receipt goes there before it is."
    qr_unavailable = "No QR code fits here: please copy receipt number and check code."
    counting_rule = "What counts is the time signed by this machine, on line or off."
    clock_never = "not compared with the server yet"
    receipt_title = "Receipt"

    status_title = "Progress"
    points_title = "Points (school's review, county review pending)"
    points_county = "Points (reviewed by the county)"
    county_again = "once more"
    points_none = "Points (given by the officer's review, 0.0 before it)"
    reason_points = " reason"
    service_points = "Service"
    appraisal_points = "Appraisal"
    award_points = "Awards"
    training_points = "Training"
    special_points = "Special"
    total_points = " total"
    versions_title = "Versions sent"
    restore = "Put into the draft:"
    label_audit = "Review"
    applied_title = "Application"
    wishes_title = "Wishes"
    label_computer_number = "Computer number"
    number_pending = "(pending)"
    number_given = "as the county tells"
    effective_rule = "The transfer takes effect on 1 August; surplus rules apply a year later."
    moved_title = "You are transferred"
    stayed_title = "No transfer this time"
    result_school = "School"
    result_subject = "Class"
    why_title = "Why"
    no_versions = "Nothing has been sent yet."
    content_elsewhere = "This version was sent from another machine, which keeps its content."
    official_rule = "Messages and this screen only inform; the school's official letter decides."

    def different(self, added: int, moved: int, removed: int) -> str:
        return f"{added} added, {moved} moved, {removed} removed"

    def difference_to(self, version: int, at: datetime | None) -> str:
        when = "" if at is None else f", {month_day(at)}"
        return f"Against version {version}{when}: "

    def wishes_line(self, count: int, first: str, second: str) -> str:
        return f"{count}  A {first} B {second}"

    def and_more(self, count: int) -> str:
        return f"... {count} in all"

    def from_to(self, old: int, new: int) -> str:
        return f"from {old} to {new}"

    def delivery(self, delivery: Delivery) -> str:
        return _DELIVERY[delivery]

    def receipt_heading(self, delivery: Delivery) -> str:
        return f"Application sent ({self.delivery(delivery)})"

    def version_replaces(self, version: int, before: int | None, at: datetime | None) -> str:
        if before is None:
            return f"{version}"
        when = "" if at is None else f" of {month_day(at)}"
        return f"{version}, replaces {before}{when}"

    def receipt_mailed(self, address: str) -> str:
        return f"Once the server has it, the receipt goes to {address}."

    def sent_at(self, at: datetime) -> str:
        return full_second(at)

    def clock_compared(self, at: datetime, offset_ms: int) -> str:
        tenths = abs(offset_ms) // 100
        return f"compared {at.astimezone(TAIPEI):%H:%M}, {tenths // 10}.{tenths % 10} s off"

    def next_review(self, until: datetime | None) -> str:
        when = "" if until is None else f" until {month_day(until)}"
        return f"1. School review{when}, bring originals"

    def next_county(self, at: datetime | None) -> str:
        return "2. County review" + ("" if at is None else f" from {short_minute(at)}")

    def next_result(self, at: datetime | None) -> str:
        when = "" if at is None else f" {month_day(at)}"
        return f"3. Result{when} (official letter decides)"

    def questions_to(self, contact: str) -> str:
        return f"Questions: {contact}"

    def closed_at_long(self, at: datetime) -> str:
        return f"Applications closed {full_minute(at)}; nothing can be changed."

    def open_until(self, at: datetime) -> str:
        return f"Open until {full_minute(at)}: you may change and send again."

    def draft_differs(self, changes: int, *, over: bool) -> str:
        end = "will not count" if over else "not sent yet"
        return f"{changes} changes, {end} (F4 shows them)"

    def review(self, review: Review) -> str:
        return _REVIEWS[review]

    def verdict(self, verdict: str) -> str:
        return _VERDICTS[verdict]

    def county_verdict(self, verdict: CountyVerdict) -> str:
        return _COUNTY[verdict]

    def reason(self, code: str) -> str:
        return _REASONS.get(code, code)

    def result_wish(self, wish: int, phase: str) -> str:
        return f"wish {wish} ({_PHASES.get(phase, phase)})"

    def sent_when(self, at: datetime) -> str:
        return f"sent {short_minute(at)}"

    def explanation(self, text: str) -> str:
        """One line of the matcher's reasons; codes become sentences, sentences stay."""
        code, _, detail = text.partition(":")
        sentence = _WHY.get(code)
        return text if sentence is None else sentence.format(detail.strip())

    def audit(self, audit: Audit) -> str:
        return _AUDITS[audit]

    def step_name(self, name: StageName) -> str:
        return _STEPS[name]

    def step_note(self, name: StageName) -> str:
        return _STEP_NOTES.get(name, "")

    def stage_state(self, state: StageState) -> str:
        return _STAGE_STATES[state]

    def stage_time(self, at: datetime, *, planned: bool) -> str:
        return f"from {month_day(at)}" if planned else short_minute(at)

    def version_name(self, version: int) -> str:
        return f"v. {version}"
