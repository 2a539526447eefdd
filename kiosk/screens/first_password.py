"""After the witness: the privacy notice, and a password of one's own."""

from collections.abc import Iterable
from types import MappingProxyType

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from kiosk.screens.frame import Frame
from kiosk.screens.identity import IdentityFrame
from kiosk.session.event import (
    EnteredOnce,
    PasswordChosen,
    WentOn,
)
from kiosk.session.state import (
    ChoosingPassword,
    PrivacyNotice,
)
from kiosk.text.fields import entry
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.controls import Push
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, Lines, Words
from kiosk.widgets.painted import BLANK, Line, hanging, line, paragraph


class PrivacyScreen(IdentityFrame):
    """The six points of 個資法 §8, once before the first password."""

    HELP = "privacy"
    FIRST = "enter"

    def side(self, width: int) -> Iterable[Line]:
        return Frame.side(self, width)

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")
        with Horizontal(classes="buttons"):
            yield Push(self.texts.cancel, id="cancel")
            yield Push(self.texts.privacy_agree, id="enter")

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("enter", KeyWord.GO_ON),
            self.hint("pagedown", KeyWord.PAGE),
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY, self.host.open_display, shown=self.wide),
            self.hint("escape", KeyWord.CANCEL, self.go_back),
            self.hint("f10", KeyWord.END, self.end, shown=False),
        )

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        if message.push.id == "cancel":
            self.go_back()
        else:
            self.tell(WentOn(at=self.now))

    def _content(self, width: int) -> Iterable[Line]:
        if not isinstance(self.session.scene, PrivacyNotice):
            return
        texts = self.texts
        yield line(f" {texts.privacy_title}", role=Role.TITLE)
        yield from paragraph(f"   {texts.privacy_intro}", width)
        for number, point in enumerate(texts.privacy_points, start=1):
            yield from hanging(f"   {number} ", point, width - 2)
        yield BLANK


class ChoosePasswordScreen(IdentityFrame):
    """A new password, typed twice."""

    HELP = "choose_password"
    FIELDS = MappingProxyType(
        {
            "password": entry.NEW_PASSWORD,
            "again": entry.PASSWORD_AGAIN,
        }
    )
    FIRST = "password"

    def body(self) -> Iterable[Widget]:
        texts = self.texts
        yield Lines(self._content, id="content")
        for name, label, then in (
            ("password", texts.label_password, "again"),
            ("again", texts.label_password_again, None),
        ):
            with Horizontal(classes="row"):
                text = f"   {fit(label, 14)}"
                yield Words(text, classes="label17")
                yield Field(id=name, secret=True, then=then, classes="w36")
            yield Words("")
        yield Lines(self._fault, id="fault")
        with Horizontal(classes="buttons"):
            yield Push(texts.cancel, id="cancel")
            yield Push(texts.enter_once, id="once")
            yield Push(texts.set_password, id="enter")

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("enter", KeyWord.GO_ON),
            self.hint("tab", KeyWord.NEXT_FIELD),
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY, self.host.open_display, shown=self.wide),
            self.hint("f6", KeyWord.SHOW_PASSWORD, self.toggle_shown),
            self.hint("f8", KeyWord.ONCE, self._enter_once),
            self.hint("escape", KeyWord.CANCEL, self.go_back),
            self.hint("f10", KeyWord.END, self.end, shown=False),
        )

    @on(Field.Entered)
    def _entered(self) -> None:
        self._choose()

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        acts = {"cancel": self.go_back, "once": self._enter_once}
        acts.get(message.push.id or "", self._choose)()

    def _enter_once(self) -> None:
        for box in self.query(Field):
            box.set_value("")
        self.tell(EnteredOnce(at=self.now))

    def _choose(self) -> None:
        secret, again = self.password(), self.password("again")
        self.set_focus(self.query_one("#password"))
        self.tell(PasswordChosen(at=self.now, password=secret, again=again))

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, ChoosingPassword):
            return
        texts = self.texts
        yield line(f" {texts.choose_password_title}", role=Role.TITLE)
        yield BLANK
        yield self.labelled(texts.label_name, scene.person.name, 3)
        yield BLANK
        yield from paragraph(f"   {texts.choose_password_rule}", width)
        yield from paragraph(f"   {texts.choose_password_later}", width)
        yield from paragraph(f"   {texts.enter_once_why}", width)
        yield BLANK

    def _fault(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if isinstance(scene, ChoosingPassword):
            if self.waiting():
                yield line(f"   {self.texts.working}", role=Role.DIM)
            else:
                yield from self.fault_lines(scene.fault, None, width)
        yield BLANK
