"""撤回申請: what it means and until when it can be undone, before anything is written."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import ClassVar

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from kiosk.screens.frame import Frame
from kiosk.session.event import WithdrawConfirmed
from kiosk.session.page import WithdrawPage
from kiosk.session.person import Secret
from kiosk.session.season import deadline
from kiosk.session.state import SignedIn
from kiosk.text.fields import entry
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.controls import Push
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, Lines, Words
from kiosk.widgets.painted import BLANK, Line, hanging, line, paragraph

READABLE = 78
"""Cells of a line of prose; longer ones are hard to follow."""


class WithdrawScreen(Frame):
    """不撤回 has the focus; Esc is the same."""

    HELP = "withdraw"
    FIELDS = MappingProxyType(
        {
            "password": entry.PASSWORD_TO_SEND,
        }
    )
    STEPS: ClassVar[bool] = True
    FIRST = "keep"

    def body(self) -> Iterable[Widget]:
        texts = self.texts
        yield Lines(self._content, id="content")
        with Horizontal(id="password-row", classes="row"):
            scene = self.session.scene
            witnessed = isinstance(scene, SignedIn) and scene.witness is not None
            yield Words(f" {texts.witness_again if witnessed else texts.password_again} ")
            yield Field(id="password", secret=True, classes="grow")
        yield Lines(self._waiting, id="waiting")
        with Horizontal(classes="buttons"):
            yield Push(texts.withdraw_not, id="keep")
            yield Push(texts.withdraw_button, id="withdraw")

    @property
    def page(self) -> WithdrawPage:
        """Faults and the password."""
        scene = self.session.scene
        page = scene.page if isinstance(scene, SignedIn) else None
        return page if isinstance(page, WithdrawPage) else WithdrawPage()

    def show(self) -> None:
        row = self.query_one("#password-row")
        if row.display != self.page.password_wanted:
            row.display = self.page.password_wanted
            if self.page.password_wanted:
                self.set_focus(self.query_one("#password"))

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("tab", KeyWord.NEXT_ITEM),
            self.hint("enter", KeyWord.CONFIRM),
            self.hint("escape", KeyWord.CANCEL, self.go_back),
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("f2", KeyWord.DISPLAY, self.host.open_display, shown=self.wide),
            self.hint("f10", KeyWord.END, self.end),
            *self.virtual_hint(),
        )

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        if message.push.id == "keep":
            self.go_back()
        else:
            self._withdraw()

    @on(Field.Entered)
    def _entered(self) -> None:
        self._withdraw()

    def _withdraw(self) -> None:
        box = self.query_one("#password", Field)
        wanted = self.page.password_wanted and box.value
        password = Secret.from_text(box.value) if wanted else None
        box.set_value("")
        self.tell(WithdrawConfirmed(at=self.now, password=password))

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, SignedIn):
            return
        texts, current = self.texts, scene.record.current
        yield BLANK
        yield line(f"   ! {texts.withdraw_title}", role=Role.WARNING)
        yield BLANK
        if current is not None:
            when = "" if current.submitted is None else texts.sent_when(current.submitted)
            named = f"{texts.version_name(current.version)}  {when}  {current.number}"
            yield line(f"     {texts.in_force_word}  {named}", role=Role.TITLE)
            yield BLANK
        for sentence in texts.withdraw_meaning(deadline(self.station.calendar)):
            yield from paragraph(f"     {sentence}", min(width - 5, READABLE))
        yield BLANK
        for fault in self.page.faults:
            yield from hanging("   x ", texts.refusal(fault.code), width - 5, Role.ERROR)

    def _waiting(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        scene = self.session.scene
        if isinstance(scene, SignedIn) and scene.waiting is not None:
            yield line(f" {self.texts.working}", role=Role.DIM)
        elif self.page.password_wrong:
            yield line(f" x {self.texts.fault('password_wrong')}", role=Role.ERROR)
        else:
            yield BLANK
