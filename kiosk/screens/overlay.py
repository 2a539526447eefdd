"""Boxes over a screen.

They hold nothing of a person that could outlive the session: the application closes them.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen

from kiosk.screens.host import Host
from kiosk.text.catalogue import Texts
from kiosk.theme import Role
from kiosk.widgets.lines import PaintLines
from kiosk.widgets.menu import Boxed, Item, Menu, Paper
from kiosk.widgets.painted import Painted, paragraph


class Overlay(ModalScreen[str]):
    """A menu in a box. Ends with the key chosen, or the empty text when closed."""

    AUTO_FOCUS = "#menu"
    BINDINGS: ClassVar[list[BindingType]] = []

    @property
    def host(self) -> Host:
        """The application."""
        return cast("Host", self.app)

    @property
    def texts(self) -> Texts:
        """The sentences in force."""
        return self.host.texts

    @property
    def takes_keys(self) -> bool:
        """Whether the box stands and has the focus."""
        return self.focused is not None

    def box(self) -> Boxed:
        """The box itself."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield self.box()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        if event.key in {"escape", "f10"}:
            self.dismiss("")
        else:
            self.other_key(event)

    def other_key(self, event: events.Key) -> None:
        """A key that neither moves nor closes."""

    @on(Menu.Chosen)
    def _chosen(self, message: Menu.Chosen) -> None:
        self.chosen(message)

    def chosen(self, message: Menu.Chosen) -> None:
        """An item was chosen."""
        self.dismiss(message.key)

    def on_click(self, event: events.Click) -> None:
        """A click beside the box closes it."""
        event.stop()
        self.dismiss("")

    def repaint_all(self) -> None:
        """Colours or language changed."""
        for painted in self.query(Painted):
            painted.forget()


class Sheet(Overlay):
    """Lines to read in a box; Esc, Enter or a click closes it.

    ``more`` are keys that lead to another sheet, ``foot`` names them in the lower edge. ``links``
    are lines that name a key, known once the lines are made; ``press`` does what the key does.
    """

    def __init__(  # noqa: PLR0913 - each is named
        self,
        title: str,
        lines: PaintLines,
        *,
        width: int = 72,
        foot: str = "",
        more: Mapping[str, Callable[[], "Sheet"]] = MappingProxyType({}),
        links: Mapping[int, str] = MappingProxyType({}),
        press: Callable[[str], object] = str,
    ) -> None:
        super().__init__()
        self._sheet = title, lines
        self._links, self._press = links, press
        self._width = width
        self._more = more
        self._foot = foot

    def box(self) -> Paper:
        title, lines = self._sheet
        width = min(self._width, self.app.size.width)
        return Paper(
            title,
            tuple(lines(width - 4)),
            width=width,
            close=f"{self.texts.help_close}{self._foot}",
            links=self._links,
        )

    @on(Paper.Pressed)
    def _pressed(self, message: Paper.Pressed) -> None:
        """The box goes first: what the key opens must not open below it."""
        self.dismiss("")
        self.app.call_later(self._press, message.key)

    def other_key(self, event: events.Key) -> None:
        if event.key in {"enter", "space", "f1"}:
            self.dismiss("")
        elif event.key in self._more:
            self.app.switch_screen(self._more[event.key]())


class Chooser(Overlay):
    """One of several things."""

    def __init__(
        self,
        title: str,
        items: tuple[Item, ...],
        *,
        width: int = 46,
        intro: str = "",
        selected: str = "",
    ) -> None:
        super().__init__()
        self._parts = title, items, intro, selected
        self._width = width

    def box(self) -> Menu:
        title, items, intro, selected = self._parts
        width = min(self._width, self.app.size.width)
        lines = (*paragraph(intro, width - 4, Role.DIM), ()) if intro else ()
        menu = Menu(title, items, width=width, intro=lines)
        menu.cursor = next(
            (at for at, each in enumerate(items) if each.key == selected and not each.heading),
            menu.cursor,
        )
        return menu
