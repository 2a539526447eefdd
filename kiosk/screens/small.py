"""A window too small for any screen: one sentence with the present size, until it grows."""

from collections.abc import Iterable
from typing import cast

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from kiosk.screens.host import Host
from kiosk.theme import Role
from kiosk.widgets.lines import Lines
from kiosk.widgets.painted import Line, paragraph


class SmallScreen(ModalScreen[None]):
    """Nothing else is drawn under it that could be cut."""

    def compose(self) -> ComposeResult:
        yield Lines(self._sentence, id="small")

    def _sentence(self, width: int) -> Iterable[Line]:
        texts = cast("Host", self.app).texts
        size = self.app.size
        yield from paragraph(texts.too_small(size.width, size.height), max(4, width), Role.WARNING)

    def on_resize(self) -> None:
        self.query_one("#small", Lines).forget()

    def on_key(self, event: events.Key) -> None:
        event.stop()
