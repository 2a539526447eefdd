"""Sentences about notifications, the mail code and LINE: what every language must have."""

from typing import Protocol

from kiosk.session.contact import MailState, Telephone


class ContactTexts(Protocol):
    """Sentences mail code, LINE, notices."""

    contact_title: str
    contact_code: str
    contact_try: str
    contact_send: str
    contact_done: str
    contact_no_address: str
    line_title: str
    line_link: str
    line_show: str
    line_unlink: str
    line_scan: tuple[str, ...]
    notices_sent_title: str
    notices_sent: tuple[str, ...]

    def mail_mark(self, state: MailState) -> str: ...
    def mail_state(self, state: MailState, detail: str, tries: int) -> str: ...
    def mail_short(self, state: MailState) -> str: ...
    def telephone(self, state: Telephone, detail: str) -> str: ...
    def contact_fault(self, code: str) -> str: ...
    def understood(self, text: str) -> str: ...
