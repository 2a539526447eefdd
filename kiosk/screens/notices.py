"""注意事項: six notices, one a page, agreed to on the last (F-038 … F-047)."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.containers import Horizontal
from textual.widget import Widget

from kiosk.screens.draft_state import draft_words
from kiosk.screens.frame import Frame
from kiosk.session.event import WentOn
from kiosk.session.page import NOTICES, NoticesPage
from kiosk.session.state import SignedIn
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.controls import Push
from kiosk.widgets.lines import Hint, Lines
from kiosk.widgets.painted import BLANK, Line, Span, between, line, paragraph


class NoticesScreen(Frame):
    """One notice and the way on; once agreed to, re-readable in one scroll."""

    HELP = "notices"
    STEPS: ClassVar[bool] = True
    STATE_ROWS: ClassVar[int] = 1
    FIRST = "enter"

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")
        with Horizontal(classes="buttons"):
            yield Push(self.texts.step_back, id="back")
            yield Push(self.texts.go_on, id="enter")

    def show(self) -> None:
        scene = self.session.scene
        if isinstance(scene, SignedIn) and isinstance(scene.page, NoticesPage):
            last = scene.page.index == NOTICES - 1
            agreed = scene.draft.answers.agreed_ms is not None
            label = self.texts.notices_agree if last and not agreed else self.texts.go_on
            self.query_one("#enter", Push).label = label

    def hints(self) -> tuple[Hint, ...]:
        return (self.hint("enter", KeyWord.GO_ON), *self.standard_hints(), *self.virtual_hint())

    def state_lines(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        scene = self.session.scene
        if isinstance(scene, SignedIn):
            yield line(f" {draft_words(scene, self.texts)}", role=Role.DIM)

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        if message.push.id == "back":
            self.go_back()
        else:
            self.tell(WentOn(at=self.now))

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not (isinstance(scene, SignedIn) and isinstance(scene.page, NoticesPage)):
            return
        texts, index = self.texts, scene.page.index
        yield line(f" {texts.back}", role=Role.DIM)
        yield BLANK
        number = (Span(f"{texts.notice_number(index + 1, NOTICES)}  ", Role.DIM),)
        yield between((Span(f" {texts.notices_title}", Role.TITLE),), number, width)
        yield BLANK
        yield from paragraph(
            "\n".join(f"   {each}" if each else "" for each in texts.notice(index).split("\n")),
            min(width - 3, 76),
        )
        yield BLANK
