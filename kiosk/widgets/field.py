"""One line of typed text, ``[ 07-1234567________ ]``.

No clipboard: the next person must not paste what this one cut.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from textual import events
from textual.geometry import Offset, Region
from textual.message import Message

from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.painted import Line, Painted, Span

EMPTY = "_"
HIDDEN = "*"
PASTED_AT_MOST = 10_000
"""Characters looked at; nobody types that much, and a clipboard may hold a book."""
Takes = Literal["text", "digits"]


class Field(Painted):
    """A box to type in. Enter goes to the box ``then``, or says `Entered`.

    ``secret`` shows stars until `reveal`; ``takes`` limits what keys enter. ``changed`` is called
    at once with the whole text: by message it would come back as news after the next key.
    """

    DEFAULT_CSS = "Field { height: 1; width: 24; }"
    can_focus = True

    @dataclass
    class Entered(Message):
        """The person pressed Enter in the box."""

        field: "Field"
        value: str

        @property
        def control(self) -> "Field":
            return self.field

    @dataclass
    class Shortened(Message):
        """More was pasted than the box takes."""

        field: "Field"

        @property
        def control(self) -> "Field":
            return self.field

    def __init__(  # noqa: PLR0913 - a box has that many settings
        self,
        value: str = "",
        *,
        id: str,  # noqa: A002
        secret: bool = False,
        takes: Takes = "text",
        most: int = 200,
        tight: bool = False,
        then: str | None = None,
        changed: Callable[[str], object] | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.value = value
        self.cursor = len(value)
        self.secret = secret
        self.revealed = False
        self._touched = False
        self._takes = takes
        self._most = most
        self._then = then
        self._changed = changed
        self._left = 0
        self._open, self._close = ("[", "]") if tight else ("[ ", " ]")

    def set_value(self, value: str) -> None:
        """Show this text; the cursor stays unless the text really is another."""
        if value != self.value:
            self.value = value
            self.cursor = len(value)
            self.repaint()
            self._place_cursor()

    def reveal(self, *, shown: bool) -> None:
        """Show or hide what a secret box holds."""
        self.revealed = shown
        self.repaint()
        self._place_cursor()

    def _shown(self) -> str:
        return HIDDEN * len(self.value) if self.secret and not self.revealed else self.value

    def paint(self, width: int) -> Iterable[Line]:
        room = max(1, width - len(self._open) - len(self._close))
        shown = self._shown()
        role = Role.FIELD_FOCUS if self.has_focus else Role.FIELD
        before, after = self._visible(shown, room)
        tail = after[1:] if self.has_focus else after
        spans = [Span(self._open, role), Span(before, role)]
        if self.has_focus:
            spans.append(Span(after[:1] or EMPTY, Role.CURSOR))
        used = cell_len(before) + (cell_len(after[:1]) or 1 if self.has_focus else 0)
        spans.append(Span(fit(tail, min(cell_len(tail), room - used)), role))
        used += min(cell_len(tail), room - used)
        spans += Span(EMPTY * (room - used), role), Span(self._close, role)
        yield tuple(spans)

    def _visible(self, shown: str, room: int) -> tuple[str, str]:
        """What stands before and from the cursor on, scrolled so that the cursor is inside the

        box.
        """
        self._left = min(self._left, self.cursor)
        while cell_len(shown[self._left : self.cursor]) > room - 2:
            self._left += 1
        return shown[self._left : self.cursor], shown[self.cursor :]

    def _place_cursor(self) -> None:
        """Put the terminal's own cursor here, so that an input method opens its window at the

        right place.
        """
        if self.has_focus and self.is_mounted:
            before = self._shown()[self._left : self.cursor]
            x, y = self.content_region.offset
            self.app.cursor_position = Offset(x + len(self._open) + cell_len(before), y)

    def on_focus(self) -> None:
        self.call_after_refresh(self._place_cursor)

    def on_blur(self) -> None:
        self._touched = False

    def zones_of_touch(self) -> Iterable[Region]:
        yield self.region.reset_offset

    def on_click(self, event: events.Click) -> None:
        event.stop()
        shown = self._shown()
        x = event.x - len(self._open)
        at = self._left
        while at < len(shown) and cell_len(shown[self._left : at + 1]) <= x:
            at += 1
        self._go(at)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.take(event.text)

    def take(self, text: str) -> None:
        """As if pasted: one line of what the box takes; what is left out is told, never hidden."""
        before = len(self.value)
        first = "".join(text[:PASTED_AT_MOST].splitlines()[:1])
        self.insert(first)
        if len(self.value) - before < len(text.rstrip("\r\n")):
            self.post_message(self.Shortened(self))

    def keyed(self, event: events.Key) -> None:
        match event.key:
            case "backspace":
                self._replace(max(0, self.cursor - 1), self.cursor, "")
            case "delete":
                self._replace(self.cursor, self.cursor + 1, "")
            case "left":
                self._go(self.cursor - 1)
            case "right":
                self._go(self.cursor + 1)
            case "home":
                self._go(0)
            case "end":
                self._go(len(self.value))
            case "enter" if self._then is not None:
                self.screen.set_focus(self.screen.query_one(f"#{self._then}"))
            case "enter":
                self.post_message(self.Entered(self, self.value))
            case _ if event.is_printable and event.character is not None:
                self.insert(event.character)
            case _:
                return
        event.stop()

    def insert(self, text: str) -> None:
        """As if a person typed it."""
        kept = "".join(each for each in text if each.isprintable())
        if self._takes == "digits":
            kept = "".join(str(unicodedata.decimal(each)) for each in kept if each.isdecimal())
        if kept and self._takes == "digits" and not self._touched:
            # A number is typed anew, not continued.
            self.value, self.cursor = "", 0
        room = self._most - len(self.value)
        if kept and room > 0:
            self._replace(self.cursor, self.cursor, kept[:room])

    def _replace(self, start: int, end: int, text: str) -> None:
        self._touched = True
        value = f"{self.value[:start]}{text}{self.value[end:]}"
        if value == self.value:
            return
        self.value = value
        self._go(start + len(text))
        if self._changed is not None:
            self._changed(value)

    def _go(self, to: int) -> None:
        self.cursor = min(len(self.value), max(0, to))
        self.repaint()
        self._place_cursor()
