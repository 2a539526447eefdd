"""Line mode for 通知設定: the mail code, and LINE on the teacher's own telephone."""

from kiosk.plain.prompt import Option, Prompt, Situation, View, say
from kiosk.session.contact import Telephone, mail_state
from kiosk.session.contacting import address_of
from kiosk.session.gesture import WentBack
from kiosk.session.page import ContactPage
from kiosk.session.person import Secret
from kiosk.session.reach import CodeAsked, CodeTyped, LineAsked, LineUnlinkAsked
from kiosk.session.state import SignedIn

CODE = View("code")


def contact_prompt(now: Situation, scene: SignedIn, page: ContactPage) -> Prompt:
    """How she is reached; a QR code cannot be spoken, its address can."""
    texts, value, contact = now.texts, now.plain.value, scene.contact
    if now.view == CODE:
        return Prompt(
            lines=(),
            question=value(texts.contact_code, ""),
            typed=lambda text: say(CodeTyped, code=Secret.from_text(text)),
        )
    address, proof = address_of(scene), contact.proof
    state = mail_state(contact, address, now.session.at)
    detail, tries = ("", 0) if proof is None else (proof.detail, proof.tries_left)
    mail = (
        (
            value(texts.label_email, f"{address} {texts.mail_mark(state)}"),
            texts.mail_state(state, detail, tries),
        )
        if address
        else (texts.contact_no_address,)
    )
    lines = (
        texts.contact_title,
        *mail,
        *((texts.contact_fault(page.fault),) if page.fault else ()),
        value(texts.line_title, texts.telephone(contact.telephone, contact.detail)),
        *((contact.url, *texts.line_scan) if contact.telephone is Telephone.OPEN else ()),
        texts.notices_sent_title,
        *texts.notices_sent,
    )
    options = (
        Option(texts.contact_send, say(CodeAsked)),
        Option(texts.contact_code, CODE),
        *_telephone(now, contact.telephone),
    )
    return Prompt(lines=lines, options=options, back=Option(now.plain.back, say(WentBack)))


def _telephone(now: Situation, telephone: Telephone) -> tuple[Option, ...]:
    match telephone:
        case Telephone.OFF:
            return ()
        case Telephone.LINKED:
            return (Option(now.texts.line_unlink, say(LineUnlinkAsked)),)
        case _:
            return (Option(now.texts.line_link, say(LineAsked)),)
