"""通知設定: the code that proves the mail address, and LINE on the teacher's own telephone."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import ClassVar

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from kiosk.screens.frame import Frame
from kiosk.screens.overlay import Sheet
from kiosk.session.contact import MailState, Telephone, mail_state
from kiosk.session.contacting import address_of
from kiosk.session.event import CodeAsked, CodeTyped, LineAsked, LineUnlinkAsked
from kiosk.session.page import ContactPage
from kiosk.session.person import Secret
from kiosk.session.state import SignedIn
from kiosk.text.fields import contact
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.controls import Push
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, Lines
from kiosk.widgets.painted import BLANK, Line, Span, line, paragraph
from kiosk.widgets.qr import qr_lines, qr_size

LABEL = 17
LINKABLE = frozenset({Telephone.FREE, Telephone.REFUSED, Telephone.ASKED})


class ContactScreen(Frame):
    """The code has the focus: who comes back with the letter only types."""

    HELP = "contact"
    FIELDS = MappingProxyType({"code": contact.CODE})
    STEPS: ClassVar[bool] = True
    FIRST = "code"

    @property
    def scene(self) -> SignedIn | None:
        """The teacher, while she is signed in."""
        return self.session.scene if isinstance(self.session.scene, SignedIn) else None

    def body(self) -> Iterable[Widget]:
        texts = self.texts
        yield Lines(self._mail, id="mail")
        with Horizontal(classes="row"):
            yield Lines(self._code_label, classes="label20")
            yield Field(id="code", takes="digits", most=6)
            yield Push(texts.contact_try, id="try")
            yield Push(texts.contact_send, id="send")
        yield Lines(self._fault, id="fault")
        yield Lines(self._line, id="line")
        with Horizontal(classes="row", id="line-buttons"):
            yield Push(texts.line_link, id="link")
            yield Push(texts.line_show, id="qr")
            yield Push(texts.line_unlink, id="unlink")
        yield Lines(self._notices, id="notices")
        with Horizontal(classes="buttons"):
            yield Push(texts.contact_done, id="back")

    def show(self) -> None:
        telephone = Telephone.OFF if self.scene is None else self.scene.contact.telephone
        shown = {
            "link": telephone in LINKABLE,
            "qr": telephone is Telephone.OPEN,
            "unlink": telephone is Telephone.LINKED,
        }
        for name, there in shown.items():
            button = self.query_one(f"#{name}", Push)
            if button.display != there:
                button.display = there
        row = self.query_one("#line-buttons")
        row.display = any(shown.values())

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("tab", KeyWord.NEXT_ITEM),
            self.hint("enter", KeyWord.CONFIRM),
            self.hint("f6", KeyWord.MAIL_CODE, self._send),
            *self.standard_hints(),
            *self.virtual_hint(),
        )

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        match message.push.id:
            case "try":
                self._try()
            case "send":
                self._send()
            case "link":
                self.tell(LineAsked(at=self.now))
            case "unlink":
                self.tell(LineUnlinkAsked(at=self.now))
            case "qr":
                self._show_code()
            case _:
                self.go_back()

    @on(Field.Entered)
    def _entered(self) -> None:
        self._try()

    def _send(self) -> None:
        self.tell(CodeAsked(at=self.now))

    def _try(self) -> None:
        box = self.query_one("#code", Field)
        code = Secret.from_text(box.value)
        box.set_value("")
        self.tell(CodeTyped(at=self.now, code=code))

    def _show_code(self) -> None:
        if self.scene is not None and self.scene.contact.url:
            width = qr_size(self.scene.contact.url, self.host.glyphs)[0] + 4
            self.app.push_screen(Sheet(self.texts.line_title, self._code_sheet, width=width))

    def _code_sheet(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        if self.scene is not None:
            yield from qr_lines(self.scene.contact.url, self.host.glyphs)

    # Drawing.

    def _mail(self, width: int) -> Iterable[Line]:
        scene, texts = self.scene, self.texts
        if scene is None:
            return
        address = address_of(scene)
        yield line(f" {texts.contact_title}", role=Role.TITLE)
        yield BLANK
        if not address:
            yield from paragraph(f"   {texts.contact_no_address}", width, Role.WARNING)
            yield BLANK
            return
        state, proof = mail_state(scene.contact, address, self.session.at), scene.contact.proof
        detail, tries = ("", 0) if proof is None else (proof.detail, proof.tries_left)
        good = state is MailState.PROVED
        yield line(
            Span(f"   {fit(texts.label_email, LABEL)}", Role.DIM),
            Span(address, Role.TEXT),
            Span(f"  {texts.mail_mark(state)}", Role.GOOD if good else Role.WARNING),
        )
        yield from paragraph(f"   {texts.mail_state(state, detail, tries)}", width)
        yield BLANK

    def _code_label(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        yield line(f"   {self.texts.contact_code}", role=Role.DIM)

    def _fault(self, width: int) -> Iterable[Line]:
        page = None if self.scene is None else self.scene.page
        fault = page.fault if isinstance(page, ContactPage) else None
        if fault is None:
            yield BLANK
            return
        yield from paragraph(f" x {self.texts.contact_fault(fault)}", width, Role.ERROR)

    def _line(self, width: int) -> Iterable[Line]:
        if self.scene is None:
            return
        reached, texts = self.scene.contact, self.texts
        yield BLANK
        yield line(f" {texts.line_title}", role=Role.TITLE)
        said = texts.telephone(reached.telephone, reached.detail)
        yield from paragraph(f"   {said}", width)

    def _notices(self, width: int) -> Iterable[Line]:
        texts = self.texts
        yield BLANK
        yield line(f" {texts.notices_sent_title}", role=Role.TITLE)
        for sentence in texts.notices_sent:
            yield from paragraph(f"   {sentence}", width, Role.DIM)

    def side(self, width: int) -> Iterable[Line]:
        """The QR beside the page where there is room for it; else the help."""
        reached = None if self.scene is None else self.scene.contact
        if reached is not None and reached.telephone is Telephone.OPEN and reached.url:
            columns, _ = qr_size(reached.url, self.host.glyphs)
            if columns <= width:
                yield from qr_lines(reached.url, self.host.glyphs)
                yield BLANK
                for sentence in self.texts.line_scan:
                    yield from paragraph(sentence, width)
                return
        yield from super().side(width)
