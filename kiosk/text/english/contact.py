"""Sentences about notifications, the mail code and LINE."""

from kiosk.session.contact import MailState, Telephone
from kiosk.text.fields import contact

_MARKS = {MailState.PROVED: "proved"}
_STATES = {
    MailState.UNPROVED: "Not proved. A code is mailed; type it here. Now or later, as you like.",
    MailState.WAITING: "The code will be mailed once there is a line. Go on, and come back later.",
    MailState.EXPIRED: "The code is older than 15 minutes. Please have another one mailed.",
    MailState.SPENT: "Five wrong codes: this one is void. Please have another one mailed.",
    MailState.PROVED: "Proved: notices will reach you.",
}
_SHORT = {
    MailState.UNPROVED: "not proved: F6 mails a code (or later)",
    MailState.WAITING: "not proved: the code waits for a line (F6)",
    MailState.SENT: "not proved: the code was mailed, F6 to type it",
    MailState.EXPIRED: "not proved: the code is too old (F6)",
    MailState.SPENT: "not proved: the code is void (F6)",
    MailState.REFUSED: "not proved: the code cannot be mailed (F6)",
    MailState.PROVED: "proved: notices will reach you",
}
_REFUSED = {
    "mail_off": "The centre sends no mail yet; the officer will tell you. You can apply.",
    "line_off": "The centre sends notices by mail only.",
    "teacher_unknown": "The centre has not heard of you yet. Try again in a few minutes.",
    "too_soon": "One was just sent. Please wait a minute.",
    "too_many": "Too many within the hour. Please try later.",
    "email_wrong": "The centre does not take this address; it looks like name@example.tw.",
    "address_refused": "The other side has no such mailbox. Please check the spelling.",
    "content_refused": "The other side does not take the letter. Please use another address.",
    "expired": "It was not finished in time. Please try again.",
}
_FAULTS = {
    "code_wrong": "That is not the code. Please compare the six digits of the letter.",
    "code_form": "The code is six digits, such as 042137.",
    "code_expired": "The code is older than 15 minutes. Please have another one mailed.",
    "code_spent": "Five wrong codes: this one is void. Please have another one mailed.",
    "code_not_asked": "No code was mailed to this address yet. Have one mailed first.",
    "code_not_sent": "The code is not mailed yet (off line). Type it when the letter has come.",
    "code_too_soon": "One was just asked for. Please wait a minute.",
    "email_wrong": "Type a mail address first, such as name@example.tw.",
    "line_offline": "Off line: LINE cannot be linked now. Notices by mail are not affected.",
    "practice": "Practice sends no mail and links nothing.",
    "store": "This machine cannot write now; nothing was kept. Please try again.",
}
_TELEPHONES = {
    Telephone.FREE: "Not linked. Scan a QR code with your own telephone for notices by LINE.",
    Telephone.ASKED: "The QR code is being made.",
    Telephone.OPEN: "Scan the QR code with your telephone and send the message (15 minutes).",
    Telephone.LINKED: "Linked: notices come by LINE, too.",
    Telephone.OFF: "Notices by mail only (the centre does not use LINE).",
}


class ContactEn:
    """Part of `English`."""

    contact_title = "Notifications"
    contact_code = contact.CODE.en.label
    contact_try = "Confirm"
    contact_send = "Mail a code"
    contact_done = "Back"
    contact_no_address = "No mail address yet: type it under Personal data first."
    line_title = "LINE"
    line_link = "Link LINE"
    line_show = "Show QR code"
    line_unlink = "Unlink"
    line_scan: tuple[str, ...] = (
        "1 Scan it with your camera",
        "2 Send the message as written",
        "Never log in to LINE on this machine.",
        "Only your LINE user id is kept.",
    )
    notices_sent_title = "You are told when"
    notices_sent: tuple[str, ...] = (
        "a password is set or reset, the first review is done, the result is there.",
        "No name or number inside; a reminder only. The official letter decides.",
        "If nothing comes, look here.",
    )

    def mail_mark(self, state: MailState) -> str:
        return _MARKS.get(state, "not proved")

    def mail_state(self, state: MailState, detail: str, tries: int) -> str:
        if state is MailState.SENT:
            return f"The code was mailed: type it within 15 minutes ({tries} tries left)."
        if state is MailState.REFUSED:
            return _refused(detail)
        return _STATES[state]

    def mail_short(self, state: MailState) -> str:
        return _SHORT[state]

    def telephone(self, state: Telephone, detail: str) -> str:
        return _refused(detail) if state is Telephone.REFUSED else _TELEPHONES[state]

    def contact_fault(self, code: str) -> str:
        return _FAULTS[code]

    def understood(self, text: str) -> str:
        return f"read as {text}"


def _refused(detail: str) -> str:
    return _REFUSED.get(detail, "The centre cannot do it; ask the officer. You can apply.")
