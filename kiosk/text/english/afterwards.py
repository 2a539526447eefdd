"""Sentences about versions in conflict, taking back, and how far a version has come."""

from collections.abc import Mapping
from datetime import datetime

from core.wire.rejection import Rejection
from kiosk.session.bureau import Standing
from kiosk.session.paper import Form
from kiosk.session.record import Delivery
from kiosk.text.afterwards import Rejected
from kiosk.text.dates import short_minute
from kiosk.text.english.dates import full_minute

_WORDS = {
    Delivery.STORED: "stored here",
    Delivery.SENDING: "sending",
    Delivery.DELIVERED: "delivered",
    Delivery.BACKED_UP: "backed up",
    Delivery.ATTENTION: "needs attention",
    Delivery.ELSEWHERE: "sent elsewhere",
}
_WITHDRAWN = {
    Delivery.STORED: "accepted here, waits for upload",
    Delivery.SENDING: "accepted here, uploading",
    Delivery.DELIVERED: "delivered to the server",
    Delivery.BACKED_UP: "delivered and backed up",
    Delivery.ATTENTION: "needs attention, ask the officer",
    Delivery.ELSEWHERE: "sent from another machine",
}
_STANDINGS = {
    Standing.IN_FORCE: "",
    Standing.CONFLICT: "conflict",
    Standing.WITHDRAWN: "withdrawn",
}
_FORMS = {
    Form.PERSONAL: "Personal data sheet (個人資料表)",
    Form.RECEIPT: "Receipt (送出回執)",
    Form.EVIDENCE: "What to bring (應備文件檢核表)",
    Form.COVER: "Cover sheet (送件封面)",
    Form.COUNTY_TRANSFER: "Own county, A3 (縣內介聘申請表)",
    Form.COUNTY_SURPLUS: "Surplus post, A3 (超額介聘申請表)",
}
_REJECTED_WHAT: Mapping[Rejected, str] = {
    "version": "The centre did not take this version",
    "review": "The centre did not take this review",
    "registration": "The centre did not take this registration",
}
_REJECTED: Mapping[str, str] = {
    Rejection.PAYLOAD_SHAPE: (
        "it cannot read the content. Please do it once more and send "
        "it; if it happens again, the officer reports the machine."
    ),
    Rejection.PART_HASH: (
        "the content is not what was signed. Please send it once more; "
        "if it happens again, the officer reports the machine."
    ),
    Rejection.ROLE: (
        "it was not sent by who may do so. The teacher (application) "
        "or the officer (registration, review) signs in and does it once more."
    ),
    Rejection.SCOPE: (
        "the school is not the officer's or not this machine's. The "
        "officer of that school does it at its own machine; if that is wrong, ask the county."
    ),
    Rejection.COSIGNATURE: (
        "the officer's signature does not hold. The officer signs in "
        "again, reviews and signs once more; if it happens again, ask the county."
    ),
    Rejection.DECISION_DIFFERS: (
        "what was signed is not about this version. The officer opens "
        "the case again, compares and reviews once more."
    ),
    Rejection.OFFICER_REVOKED: (
        "the officer's certificate had been revoked. An officer with a "
        "valid one does it once more; the county issues certificates."
    ),
    Rejection.REPLAY: (
        "nobody can tell that it is an earlier record of this machine. "
        "The officer asks the county; please keep the receipt."
    ),
    Rejection.RULED_OUT: (
        "two officers of the centre looked into when it was made, and decided so. The officer "
        "opens the case again and reviews once more; questions go to the county."
    ),
}
_REJECTED_ELSE = (
    "for a reason this machine does not know. The officer asks the county, and the machine needs "
    "an update."
)


class AfterwardsEn:
    """Part of `English`."""

    conflict_heading = "Two versions: please choose the one that counts"
    conflict_intro = (
        "They were sent from different machines that did not know of each other; neither counts "
        "now. What you send next replaces both; both stay on record."
    )
    conflict_closed = "The deadline is over: the rules decide. Please ask the personnel officer."
    conflict_word = "Conflict"
    left_word = "Left"
    right_word = "Right"
    take_left = "1 Take left"
    take_right = "2 Take right"
    edit_left = "3 Edit left"
    edit_right = "4 Edit right"
    sent_here = "sent here"
    sent_elsewhere = "sent elsewhere"
    side_withdrawn = "this side withdraws"
    side_missing = "content is elsewhere"
    wish_short = "Wish"
    withdraw_title = "Withdraw the application"
    withdraw_button = "Withdraw"
    withdraw_not = "Do not withdraw"
    withdrawn_word = "withdrawn"
    revives = "The application is withdrawn now; sending this version revives it."
    label_delivery = "Delivery"
    label_log = "Receipt"
    attention_word = "ask the officer"
    server_receipt = "the server's"
    device_receipt = "this machine's"
    print_title = "Print"

    def conflict_pair(self, left: int, right: int, of: int) -> str:
        return f"{of} versions; these are {left} and {right}"

    def same_answers(self, count: int, wishes: int) -> str:
        return f"{count} other answers are the same; {wishes} wishes differ (marked *)."

    def settles(self, versions: tuple[int, ...]) -> str:
        names = ", ".join(str(each) for each in versions)
        return f"Sending replaces the versions in conflict: {names}."

    def withdraw_meaning(self, until: datetime | None) -> tuple[str, ...]:
        end = "the deadline" if until is None else f"the deadline, {full_minute(until)}"
        return (
            "Without an application you take no part this year, and nobody reviews it.",
            "Versions sent, receipts and your draft are all kept.",
            (
                f"Until {end}, you can revive it: send once more from 'Check and send'. If nothing "
                "reviewed has changed, the school's review stays valid."
            ),
            "After the deadline it cannot be revived.",
        )

    def withdrawn_heading(self, delivery: Delivery) -> str:
        return f"Application withdrawn ({_WITHDRAWN[delivery]})"

    def withdrawn_version(self, version: int, at: datetime | None) -> str:
        when = "" if at is None else f", {short_minute(at)}"
        return f"Withdrawn: version {version}{when}"

    def withdrawn_box(self, until: datetime | None, *, over: bool) -> str:
        if over:
            return "! You have withdrawn; the deadline is over, so you take no part this year."
        end = "the deadline" if until is None else short_minute(until)
        return f"! You have withdrawn and take no part now. Sending again before {end} revives it."

    def withdrawn_when(self, at: datetime) -> str:
        return f"withdrawn {short_minute(at)}"

    def delivery_word(self, delivery: Delivery) -> str:
        return _WORDS[delivery]

    def rejected(self, what: Rejected, code: str) -> str:
        return f"{_REJECTED_WHAT[what]}: {_REJECTED.get(code, _REJECTED_ELSE)}"

    def log_index(self, index: int) -> str:
        return f"server's entry {index:,}"

    def standing(self, standing: Standing) -> str:
        return _STANDINGS[standing]

    def form(self, form: Form) -> str:
        return _FORMS[form]
