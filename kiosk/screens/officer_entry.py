"""The officer's way in: card, password, and the first time with the county's one-time code."""

from collections.abc import Iterable
from types import MappingProxyType

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from kiosk.screens.identity import IdentityFrame
from kiosk.session.event import EnrolmentTyped, PasswordTyped
from kiosk.session.person import Secret
from kiosk.session.state import AskingOfficerPassword, OfficerCardWanted, OfficerEnrolling
from kiosk.text.fields import entry
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.controls import Push
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, Lines, Words
from kiosk.widgets.painted import BLANK, Line, line, paragraph


class OfficerFrame(IdentityFrame):
    """Footer and cancel, the same on the three pages."""

    HELP = "officer_card"

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("enter", KeyWord.CONFIRM),
            self.hint("tab", KeyWord.NEXT_FIELD),
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY, self.host.open_display),
            self.hint("f6", KeyWord.SHOW_PASSWORD, self.toggle_shown),
            *self.virtual_hint(),
            self.hint("escape", KeyWord.CANCEL, self.go_back),
            self.hint("f10", KeyWord.END, self.end, shown=False),
        )

    def working_or(self, lines: Iterable[Line]) -> Iterable[Line]:
        """The given lines, unless the desk is still at it."""
        if self.waiting():
            yield line(f"   {self.texts.working}", role=Role.DIM)
        else:
            yield from lines


class OfficerCardScreen(OfficerFrame):
    """F9: the officer's card, please."""

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")

    def hints(self) -> tuple[Hint, ...]:
        return tuple(each for each in super().hints() if each.key not in {"enter", "tab", "f6"})

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, OfficerCardWanted):
            return
        texts = self.texts
        yield line(f" {texts.officer_title}", role=Role.TITLE)
        yield BLANK
        yield BLANK
        yield line(f"   {texts.officer_card_now}", role=Role.WARNING)
        yield BLANK
        yield line(f"   {texts.officer_waiting}", role=Role.DIM)
        yield BLANK
        yield from self.fault_lines(scene.fault, None, width)


class OfficerPasswordScreen(OfficerFrame):
    """The officer's password."""

    HELP = "officer_password"
    FIELDS = MappingProxyType(
        {
            "password": entry.OFFICER_PASSWORD,
        }
    )
    FIRST = "password"

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")
        with Horizontal(classes="row"):
            label = f"   {fit(self.texts.label_password, 14)}"
            yield Words(label, classes="label17")
            yield Field(id="password", secret=True, classes="w28")
        yield Lines(self._fault, id="fault")
        with Horizontal(classes="buttons"):
            yield Push(self.texts.cancel, id="cancel")
            yield Push(self.texts.sign_in, id="enter")

    @on(Field.Entered)
    def _entered(self) -> None:
        self._sign_in()

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        (self.go_back if message.push.id == "cancel" else self._sign_in)()

    def _sign_in(self) -> None:
        if self.query_one("#password", Field).value:
            self.tell(PasswordTyped(at=self.now, password=self.password()))

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, AskingOfficerPassword):
            return
        texts, officer = self.texts, scene.officer
        yield line(f" {texts.officer_title}", role=Role.TITLE)
        yield BLANK
        yield self.labelled(texts.label_name, officer.person.name, 3)
        yield from paragraph(f"   {texts.certificate(officer.state)}", width, Role.DIM)
        yield BLANK

    def _fault(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if isinstance(scene, AskingOfficerPassword):
            yield from self.working_or(self.fault_lines(scene.fault, scene.lock, width))
        yield BLANK


class OfficerEnrolScreen(OfficerFrame):
    """An officer's first time here.

    A code from the county and a password, new or the teacher's own.
    """

    HELP = "officer_enrol"
    FIELDS = MappingProxyType(
        {
            "code": entry.ONE_TIME_CODE,
            "password": entry.OFFICER_PASSWORD,
            "again": entry.PASSWORD_AGAIN,
        }
    )
    FIRST = "code"

    def body(self) -> Iterable[Widget]:
        texts, scene = self.texts, self.session.scene
        known = isinstance(scene, OfficerEnrolling) and scene.has_password
        yield Lines(self._content, id="content")
        rows = (
            ("code", texts.label_code, "password"),
            ("password", texts.label_password, None if known else "again"),
            *((("again", texts.label_password_again, None),) if not known else ()),
        )
        for name, label, then in rows:
            with Horizontal(classes="row"):
                yield Words(f"   {fit(label, 14)}", classes="label17")
                yield Field(id=name, secret=name != "code", then=then, classes="w36")
            yield Words("")
        yield Lines(self._fault, id="fault")
        with Horizontal(classes="buttons"):
            yield Push(texts.cancel, id="cancel")
            yield Push(texts.enrol, id="enter")

    @on(Field.Entered)
    def _entered(self) -> None:
        self._enrol()

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        (self.go_back if message.push.id == "cancel" else self._enrol)()

    def _enrol(self) -> None:
        # The code is no secret of the person and stays, so that a mistyped password costs one box.
        code = Secret.from_text(self.query_one("#code", Field).value.strip())
        password = self.password()
        again = self.password("again") if self.query("#again") else password
        self.set_focus(self.query_one("#password"))
        self.tell(EnrolmentTyped(at=self.now, code=code, password=password, again=again))

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, OfficerEnrolling):
            return
        texts = self.texts
        yield line(f" {texts.officer_enrol_title}", role=Role.TITLE)
        yield BLANK
        yield self.labelled(texts.label_name, scene.person.name, 3)
        yield BLANK
        yield from paragraph(f"   {texts.officer_enrol_intro}", width - 3)
        if scene.has_password:
            yield line(f"   {texts.officer_has_password}", role=Role.WARNING)
        yield BLANK

    def _fault(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if isinstance(scene, OfficerEnrolling):
            yield from self.working_or(self.fault_lines(scene.fault, scene.lock, width))
        yield BLANK
