"""Sentences of the officer's side: queue, case, decision, roster, registration."""

# ruff: noqa: S105 - sentences about passwords, none of which is one

from datetime import datetime, timedelta

from kiosk.session.bureau import CertificateState, QueueFilter
from kiosk.text.dates import month_day, short_minute
from kiosk.text.durations import MINUTE_S, MINUTES_A_DAY
from kiosk.text.fields import bureau as fields

_FILTERS = {
    QueueFilter.WAITING: "open",
    QueueFilter.INCOMPLETE: "returned",
    QueueFilter.REVIEWED: "passed",
    QueueFilter.RETURNED: "refused",
    QueueFilter.ALL: "all",
}
_CERTIFICATES = {
    CertificateState.WAITING: "Certificate requested; you can sign once the county has issued it.",
    CertificateState.GRANTED: "Your certificate is valid.",
    CertificateState.REFUSED: "The county has refused a certificate; please ask the county.",
    CertificateState.REVOKED: "Your certificate was revoked; please ask the county.",
}
_TITLES = {
    "teacher": "Teacher",
    "homeroom": "Class",
    "section_chief": "Section",
    "director": "Dept",
    "principal": "Head",
    "educare": "Educare",
}
_ROLES = {
    "officer": "officer",
    "personnel": "officer",
    "headmaster": "headmaster",
    "principal": "headmaster",
}
_TABS = {"claim": "Application", "points": "Points", "wishes": "Wishes", "decision": "Decision"}
_POINTS = {
    "reason_a": "Reason (A)",
    "reason_b": "Reason (B)",
    "service": "Service",
    "appraisal": "Appraisal",
    "awards": "Awards",
    "training": "Training",
    "special": "Special",
}


class BureauEn:
    """Part of `English`."""

    columns_queue = ("Receipt", "Name", "Stage", "Sent", "Ver.", "State", "Waits")
    queue_own = "Your own application never appears here; the headmaster names another reviewer."
    queue_empty = "Nothing of this kind."
    queue_reopened = "new"
    roster_title = "Teachers of this school"
    roster_empty = "Nobody yet. F5 registers the first teacher."
    columns_roster = ("Name", "ID number", "Title", "Stage", "Class", "First use")
    first_use_done = "done"
    first_use_open = "open"
    register_title = "Register a teacher"
    register_card_now = (
        "Take the officer's card out and insert the card of the teacher to register."
    )
    register_card_why = "Name, ID number, birth date and sex are filled in from it."
    register_fix_name = (
        "The card cannot show every character of the name; correct it by the ID card (F8)."
    )
    register_known = "This teacher is already registered; saving updates the entry."
    register_trainee = "Trainees belong to their training school: do not register them here."
    register_save = "Register"
    label_title = fields.TITLE.en.label
    label_school_short = fields.SCHOOL.en.label
    case_points = "Points (proposed by this year's scale, 範例)"
    case_preview = "What the teacher will read"
    case_no_verdict = "Choose a conclusion to see it here."
    case_verdict = fields.VERDICT.en.label
    verdict_approve = "Approve, on to the county"
    verdict_return = "Return for completion"
    verdict_ineligible = "Not eligible"
    case_reasons = "Reasons for a return (several; the teacher sees them)"
    case_remark = fields.REMARK.en.label
    pledge = (
        "Statement: none of the following holds for the applicant: (1) article "
        "16 Teachers' Act, not renewed; "
        "(2) any case of article 30; (3) publicly funded and still bound "
        "to serve. Hiding it has consequences."
    )
    pledge_originals = fields.ORIGINALS.en.label
    pledge_clean = fields.CLEAN.en.label
    sign_password = "Password"
    sign = "Sign"
    next_case = "Next case"
    back_to_queue = "Back to the queue"
    signed_title = "Signed"
    label_signature = "Signature code"
    signed_explained = (
        "The decision is stored here and queued for upload; the teacher sees "
        "it at the next sign-in."
    )

    left_card_what_now = "If nobody has come for it, keep it safe and tell its owner. F8: seen."
    left_card_seen = "Seen (a card was left behind)"

    def bureau_header(self, name: str, role: str) -> str:
        return f"{name} {_ROLES.get(role, role)}"

    def queue_filter_count(self, number: int, which: QueueFilter, count: int) -> str:
        return f"{number} {_FILTERS[which]} {count}"

    def to_do(self, count: int) -> str:
        return f"{count} to do"

    def review_until(self, left: str) -> str:
        return f"review: {left}"

    def certificate(self, state: CertificateState) -> str:
        return _CERTIFICATES[state]

    def waited(self, since: timedelta) -> str:
        minutes = max(0, int(since.total_seconds()) // MINUTE_S)
        if minutes < MINUTE_S:
            return f"{minutes}m"
        if minutes < MINUTES_A_DAY:
            return f"{minutes // MINUTE_S}h{minutes % MINUTE_S:02}m"
        return f"{minutes // MINUTES_A_DAY}d{minutes % MINUTES_A_DAY // MINUTE_S:02}h"

    def case_tab(self, tab: str) -> str:
        return _TABS[tab]

    def title(self, code: str) -> str:
        return _TITLES.get(code, code)

    def point_field(self, place: str) -> str:
        return _POINTS[place]

    def case_name(self, number: str, name: str, stage: str, version: int) -> str:
        return f"{number} {name} {stage} version {version}"

    def totals(self, first: str, second: str) -> str:
        return f"Total   A {first}   B {second}"

    def decided_before(self, verdict: str, at: datetime) -> str:
        return f"Decided before: {verdict} ({month_day(at)})"

    def registered(self, name: str) -> str:
        return f"{name} is registered. Insert the next teacher's card, or Esc for the list."

    def roster_count(self, count: int) -> str:
        return f"{count}"

    def left_card(self, left: datetime, taken: datetime | None, *, restarted: bool) -> str:
        begins = f"A health card was left in the reader at {short_minute(left)}"
        if taken is None:
            since = "taken out while this machine was off" if restarted else "not taken out yet"
            return f"{begins}: {since}."
        if restarted:
            last = short_minute(taken)
            return f"{begins}, taken out by {last} at the latest (restart in between)."
        return f"{begins} and taken out at {short_minute(taken)}."
