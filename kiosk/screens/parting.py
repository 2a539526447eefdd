"""K08, K09 and the end: full screens on which nothing personal is left."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.containers import Horizontal
from textual.widget import Widget

from kiosk.screens.frame import Frame
from kiosk.screens.labels import STEPS
from kiosk.session.event import Touched
from kiosk.session.page import Task
from kiosk.session.printing import paper_word
from kiosk.session.state import CardOut, Covered, OfficerSignedIn, SignedIn, TakeCard
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import centre
from kiosk.widgets.controls import Push
from kiosk.widgets.lines import Hint, Lines
from kiosk.widgets.painted import BLANK, Line, line


class Parting(Frame):
    """Nothing beside the one sentence that matters."""

    HELP = "covered"
    SIDE: ClassVar[bool] = False


class CoveredScreen(Parting):
    """K08: still there? Any key goes on."""

    FIRST = "stay"

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")
        with Horizontal(id="choices", classes="centred"):
            yield Push(self.texts.still_here, id="stay")
            yield Push(self.texts.end_now, id="finish")

    def hints(self) -> tuple[Hint, ...]:
        return (
            self.hint("any", KeyWord.CONTINUE, self._stay),
            self.hint("f10", KeyWord.END_CARD, self.end),
        )

    def on_key(self, event: events.Key) -> None:
        event.stop()
        if event.key == "f10":
            self.end()
        elif event.key not in {"tab", "shift+tab", "left", "right"}:
            self._stay()

    def on_click(self) -> None:
        """A click is as good as a key."""
        self._stay()

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        (self.end if message.push.id == "finish" else self._stay)()

    def _stay(self) -> None:
        self.tell(Touched(at=self.now))

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, Covered):
            return
        texts = self.texts
        saved = scene.held.saved if isinstance(scene.held, SignedIn) else None
        seconds = max(0, int((scene.ends - self.session.at).total_seconds()))
        yield from [BLANK] * 3
        yield line(centre(texts.idle_question, width), role=Role.TITLE)
        yield BLANK
        yield line(centre(texts.covered(saved), width))
        yield BLANK
        yield line(centre(texts.covered_left(seconds), width), role=Role.WARNING)
        yield BLANK
        yield line(centre(texts.any_key, width))
        yield BLANK


class CardOutScreen(Parting):
    """K09: the card was taken out; the same card within the time goes on."""

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")

    def hints(self) -> tuple[Hint, ...]:
        return (self.hint("card_back", KeyWord.CONTINUE), *self.virtual_hint())

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, CardOut):
            return
        texts = self.texts
        held = scene.held
        seconds = max(0, int((scene.ends - self.session.at).total_seconds()))
        saved = held.saved if isinstance(held, SignedIn) else None
        left = " " * max(0, (width - 56) // 2)
        yield from [BLANK] * 3
        yield line(centre(texts.card_is_out, width), role=Role.TITLE)
        yield BLANK
        yield line(f"{left}{texts.cleared(saved)}")
        yield BLANK
        yield line(f"{left}{texts.back_within(seconds)}", role=Role.WARNING)
        yield line(f"{left}{texts.card_back_leave}")
        yield BLANK
        word = paper_word(held)
        if word is not None:
            yield line(centre(texts.toast(word), width), role=Role.WARNING)
            yield BLANK
        if isinstance(held, OfficerSignedIn):
            return
        task = next((each for each in Task if each.value == scene.bookmark), None)
        if task in STEPS:
            yield line(f"{left}{texts.back_at(STEPS.index(task) + 1, texts.task_step(task))}")


class TakeCardScreen(Parting):
    """The session is over and the card still in the slot."""

    def body(self) -> Iterable[Widget]:
        yield Lines(self._content, id="content")

    def hints(self) -> tuple[Hint, ...]:
        return (self.hint("card_away", KeyWord.END), *self.virtual_hint())

    def _content(self, width: int) -> Iterable[Line]:
        scene = self.session.scene
        if not isinstance(scene, TakeCard):
            return
        texts = self.texts
        yield from [BLANK] * 5
        yield line(centre(texts.take_card, width), role=Role.TITLE)
        yield BLANK
        yield line(centre(texts.idle_notice(scene.notice), width))
        yield BLANK
        yield line(centre(texts.take_card_why, width), role=Role.WARNING)
