"""Sentences about versions in conflict, taking back, and how far a version has come.

What every language must have.
"""

from datetime import datetime
from typing import Literal, Protocol

from kiosk.session.bureau import Standing
from kiosk.session.paper import Form
from kiosk.session.record import Delivery

Rejected = Literal["version", "review", "registration"]
"""What of people's work the centre may reject."""


class AfterwardsTexts(Protocol):
    """Sentences conflict, 撤回, delivery, receipts."""

    conflict_heading: str
    conflict_intro: str
    conflict_closed: str
    conflict_word: str
    left_word: str
    right_word: str
    take_left: str
    take_right: str
    edit_left: str
    edit_right: str
    sent_here: str
    sent_elsewhere: str
    side_withdrawn: str
    side_missing: str
    wish_short: str
    withdraw_title: str
    withdraw_button: str
    withdraw_not: str
    withdrawn_word: str
    revives: str
    label_delivery: str
    label_log: str
    attention_word: str
    server_receipt: str
    device_receipt: str
    print_title: str

    def conflict_pair(self, left: int, right: int, of: int) -> str: ...
    def same_answers(self, count: int, wishes: int) -> str: ...
    def settles(self, versions: tuple[int, ...]) -> str: ...
    def withdraw_meaning(self, until: datetime | None) -> tuple[str, ...]: ...
    def withdrawn_heading(self, delivery: Delivery) -> str: ...
    def withdrawn_version(self, version: int, at: datetime | None) -> str: ...
    def withdrawn_box(self, until: datetime | None, *, over: bool) -> str: ...
    def withdrawn_when(self, at: datetime) -> str: ...
    def delivery_word(self, delivery: Delivery) -> str: ...
    def rejected(self, what: Rejected, code: str) -> str: ...
    def log_index(self, index: int) -> str: ...
    def standing(self, standing: Standing) -> str: ...
    def form(self, form: Form) -> str: ...
