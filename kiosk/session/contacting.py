"""通知設定: the code that proves a mail address, and LINE on the teacher's own telephone."""

import unicodedata
from dataclasses import replace

from core.domain.ids import TeacherId
from kiosk.session.answer import ContactChanged
from kiosk.session.contact import (
    CODE_DIGITS,
    RESEND_AFTER,
    Contact,
    MailState,
    Telephone,
    mail_state,
)
from kiosk.session.effect import ContactAct, Contacting
from kiosk.session.form import email_as_sent, read_email
from kiosk.session.page import BasicsPage, CheckPage, ContactPage, ReceiptPage, StatusPage
from kiosk.session.person import Secret
from kiosk.session.reach import CodeAsked, CodeTyped, ContactOpened, LineAsked, LineUnlinkAsked
from kiosk.session.state import Session, SignedIn
from kiosk.session.station import LinkName
from kiosk.session.turn import Step, held_of, show, stay, with_held
from kiosk.session.work import say, turn

GESTURES = (ContactOpened, CodeAsked, CodeTyped, LineAsked, LineUnlinkAsked)
Gesture = ContactOpened | CodeAsked | CodeTyped | LineAsked | LineUnlinkAsked
CONNECTED = frozenset({LinkName.ONLINE, LinkName.UPLOADING, LinkName.WAITING, LinkName.CLOSED})
WRONG_CODE, NOT_KEPT = "code_wrong", "store"
UNTYPEABLE = {
    MailState.UNPROVED: "code_not_asked",
    MailState.WAITING: "code_not_sent",
    MailState.EXPIRED: "code_expired",
    MailState.SPENT: "code_spent",
    MailState.REFUSED: "code_not_asked",
}
"""Why a code cannot be right now, by how the address stands."""


def contacted(session: Session, scene: SignedIn, event: Gesture) -> Step:  # noqa: PLR0911 - a table
    """What a teacher does about how she is reached."""
    if isinstance(event, ContactOpened):
        return _opened(session, scene)
    page = scene.page
    if not isinstance(page, ContactPage):
        return stay(session)
    if session.suspended is not None:
        return _fault(session, scene, page, "practice")
    if scene.reading is not None:
        return say(session, scene, "reading")
    match event:
        case CodeAsked():
            return _ask_code(session, scene, page)
        case CodeTyped(code=code):
            return _try_code(session, scene, page, code)
        case LineAsked():
            return _link(session, scene, page)
        case _:
            return _ask(session, scene, page, Contacting(_teacher(scene), ContactAct.LINE_UNLINK))


def changed(session: Session, news: ContactChanged) -> Step:
    """The centre answered, a telephone was linked, a code was looked at."""
    scene = held_of(session.scene)
    if not isinstance(scene, SignedIn) or scene.person.teacher != news.teacher:
        return stay(session)
    before, now = scene.contact, news.contact
    if now is None:
        page = replace(scene.page, fault=NOT_KEPT) if isinstance(scene.page, ContactPage) else None
        failed = scene if page is None else replace(scene, page=page)
        return show(session, with_held(session.scene, failed))
    informed = replace(scene, contact=now)
    if isinstance(scene.page, ContactPage):
        if _failed(before, now):
            informed = replace(informed, page=replace(scene.page, fault=WRONG_CODE))
        elif now != before:
            informed = replace(informed, page=replace(scene.page, fault=None))
    if _proved(now) and not _proved(before) and before != Contact():
        informed = replace(informed, toast="mail_proved")
    linked = now.telephone is Telephone.LINKED
    if linked and before.telephone in {Telephone.ASKED, Telephone.OPEN}:
        informed = replace(informed, toast="line_linked")
    return show(session, with_held(session.scene, informed))


def address_of(scene: SignedIn) -> str:
    """The address as it will be sent; as typed while it is not one."""
    return email_as_sent(scene.draft.answers.email)


def _opened(session: Session, scene: SignedIn) -> Step:
    if isinstance(scene.page, BasicsPage | CheckPage | ReceiptPage | StatusPage):
        behind = BasicsPage() if isinstance(scene.page, BasicsPage) else scene.page
        return turn(session, scene, ContactPage(behind=behind))
    return stay(session)


def _ask_code(session: Session, scene: SignedIn, page: ContactPage) -> Step:
    address = read_email(scene.draft.answers.email)
    if address is None:
        return _fault(session, scene, page, "email_wrong")
    state, proof = mail_state(scene.contact, address, session.at), scene.contact.proof
    if state is MailState.PROVED:
        return say(session, scene, "mail_proved")
    sent = proof is not None and state is not MailState.REFUSED
    if sent and proof is not None and session.at - proof.asked < RESEND_AFTER:
        return _fault(session, scene, page, "code_too_soon")
    effect = Contacting(_teacher(scene), ContactAct.MAIL_CODE, address=address)
    return _ask(session, scene, page, effect)


def _try_code(session: Session, scene: SignedIn, page: ContactPage, code: Secret) -> Step:
    state = mail_state(scene.contact, address_of(scene), session.at)
    if state is MailState.PROVED:
        return say(session, scene, "mail_proved")
    if state in UNTYPEABLE:
        return _fault(session, scene, page, UNTYPEABLE[state])
    digits = _digits(code)
    if digits is None:
        return _fault(session, scene, page, "code_form")
    effect = Contacting(_teacher(scene), ContactAct.TRY_CODE, code=digits)
    return _ask(session, scene, page, effect)


def _link(session: Session, scene: SignedIn, page: ContactPage) -> Step:
    if scene.contact.telephone in {Telephone.OFF, Telephone.LINKED}:
        return say(session, scene, f"line_{scene.contact.telephone}")
    if session.station.link.name not in CONNECTED:
        return _fault(session, scene, page, "line_offline")
    return _ask(session, scene, page, Contacting(_teacher(scene), ContactAct.LINE_LINK))


def _ask(session: Session, scene: SignedIn, page: ContactPage, effect: Contacting) -> Step:
    return show(session, replace(scene, page=replace(page, fault=None)), effect)


def _fault(session: Session, scene: SignedIn, page: ContactPage, fault: str) -> Step:
    return turn(session, scene, replace(page, fault=fault))


def _teacher(scene: SignedIn) -> TeacherId:
    return scene.person.teacher


def _digits(code: Secret) -> Secret | None:
    """The six digits, whatever stands between them; None when there are not six."""
    text = unicodedata.normalize("NFKC", code.typed.decode("utf-8", "replace"))
    digits = "".join(each for each in text if not each.isspace() and each != "-")
    good = digits.isascii() and digits.isdecimal() and len(digits) == CODE_DIGITS
    return Secret.from_text(digits) if good else None


def _failed(before: Contact, now: Contact) -> bool:
    """Whether a code was looked at and was wrong."""
    if before.proof is None or now.proof is None or before.proof.asked != now.proof.asked:
        return False
    return now.proof.tries_left < before.proof.tries_left


def _proved(contact: Contact) -> bool:
    return contact.proof is not None and contact.proof.proved
