"""What a person presses, chooses and ticks.

Every one works by Tab, by Space or Enter, and by a click.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from rich.cells import cell_len
from textual import events
from textual.geometry import Region, Size
from textual.message import Message

from kiosk.theme import Role
from kiosk.widgets.cells import wrap
from kiosk.widgets.painted import Line, Painted, Span, line, width_of


class Push(Painted):
    """A button in brackets: ``[ 繼續 ]``."""

    DEFAULT_CSS = "Push { width: auto; height: 1; }"
    can_focus = True

    @dataclass
    class Pressed(Message):
        """The button was pressed."""

        push: "Push"

        @property
        def control(self) -> "Push":
            return self.push

    def __init__(
        self,
        label: str,
        *,
        id: str,  # noqa: A002
        tight: bool = False,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._label = label
        self._pad = "" if tight else " "
        self._on = False

    def set_on(self, *, on: bool) -> None:
        """Mark the one that is in front (tabs); words elsewhere say the same."""
        if on != self._on:
            self._on = on
            self.repaint()

    @property
    def label(self) -> str:
        """What stands between the brackets."""
        return self._label

    @label.setter
    def label(self, label: str) -> None:
        if label != self._label:
            self._label = label
            self.refresh(layout=True)
            self.repaint()

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        return cell_len(self._label) + 2 + 2 * len(self._pad)

    def paint(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        role = Role.STEP_NOW if self._on else Role.BUTTON
        if self.has_focus:
            role = Role.BUTTON_FOCUS
        words = line(f"[{self._pad}{self._label}{self._pad}]", role=role)
        if not self.look.touch:
            yield words
            return
        blank = line(" " * width_of(words), role=role)
        yield from (blank, words, blank)

    def zones_of_touch(self) -> Iterable[Region]:
        yield self.region.reset_offset

    def press(self) -> Self:
        """As if a person pressed it."""
        self.post_message(self.Pressed(self))
        return self

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.press()

    def keyed(self, event: events.Key) -> None:
        if event.key in {"enter", "space"}:
            event.stop()
            self.press()


class Tick(Painted):
    """A box to tick: ``[v] 已核對正本``. The session owns the tick; this only asks."""

    DEFAULT_CSS = "Tick { height: auto; width: 1fr; }"
    can_focus = True

    @dataclass
    class Toggled(Message):
        """The person wants the other state."""

        tick: "Tick"
        on: bool

        @property
        def control(self) -> "Tick":
            return self.tick

    def __init__(
        self,
        label: str,
        *,
        id: str,  # noqa: A002
        on: bool = False,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.label = label
        self.on = on

    def set_on(self, *, on: bool) -> None:
        """Show this state."""
        if on != self.on:
            self.on = on
            self.repaint()

    def paint(self, width: int) -> Iterable[Line]:
        role = Role.FOCUS if self.has_focus else Role.TEXT
        box = "[v] " if self.on else "[ ] "
        first, *rest = wrap(self.label, width - 4)
        yield line(f"{box}{first}", role=role)
        for each in rest:
            yield line("    ", Span(each, role))
        if self.look.touch and not rest:
            yield ()

    def zones_of_touch(self) -> Iterable[Region]:
        yield self.region.reset_offset

    def toggle(self) -> None:
        """As if a person pressed Space on it."""
        self.post_message(self.Toggled(self, not self.on))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.toggle()

    def keyed(self, event: events.Key) -> None:
        if event.key == "space":
            event.stop()
            self.toggle()


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer of a choice."""

    key: str
    label: str


class Choice(Painted):
    """One of several answers, below each other or, ``across``, in a row.

    None is chosen until a person chooses.
    """

    DEFAULT_CSS = "Choice { height: auto; width: 1fr; } Choice.across { height: 1; width: auto; }"
    can_focus = True

    @dataclass
    class Chosen(Message):
        """The person chose an answer."""

        choice: "Choice"
        key: str

        @property
        def control(self) -> "Choice":
            return self.choice

    def __init__(
        self,
        options: tuple[Option, ...],
        *,
        id: str,  # noqa: A002
        chosen: str | None = None,
        across: bool = False,
        gap: int = 3,
    ) -> None:
        super().__init__(id=id, classes="across" if across else None)
        self._gap = gap
        self.options = options
        self.chosen = chosen
        self.across = across
        self.cursor = max(0, self._index(chosen))
        self._zones: list[tuple[int, int, int]] = []

    def _index(self, key: str | None) -> int:
        return next((at for at, each in enumerate(self.options) if each.key == key), -1)

    def set_chosen(self, key: str | None) -> None:
        """Show this answer as the one in force."""
        if key != self.chosen:
            self.chosen = key
            self.cursor = max(0, self._index(key))
            self.repaint()

    def set_options(self, options: tuple[Option, ...]) -> None:
        """Offer these answers instead."""
        if options != self.options:
            self.options = options
            self.cursor = max(0, self._index(self.chosen))
            self.repaint()

    def paint(self, width: int) -> Iterable[Line]:
        self._zones = []
        if self.across:
            yield self._across()
            return
        row = 0
        for index, option in enumerate(self.options):
            role = self._role(index)
            first, *rest = wrap(option.label, width - 4)
            high = max(1 + len(rest), 2 if self.look.touch else 1)
            self._zones += [(index, 0, row + each) for each in range(high)]
            row += high
            yield line(f"{self._dot(option)} {first}", role=role)
            for each in rest:
                yield line(Span("    "), Span(each, role))
            if high > 1 + len(rest):
                yield ()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        if not self.across:
            return super().get_content_width(container, viewport)
        pad = 1 if self._gap > 1 else 0
        cells = sum(3 + pad + cell_len(each.label) + self._gap for each in self.options)
        return cells - self._gap

    def zones_of_touch(self) -> Iterable[Region]:
        if self.across:
            for _, start, end in self._zones:
                yield Region(start, 0, end - start, 1)
            return
        for index in range(len(self.options)):
            rows = [row for at, _, row in self._zones if at == index]
            if rows:
                yield Region(0, rows[0], self.size.width, len(rows))

    def _across(self) -> Line:
        spans: list[Span] = []
        x = 0
        for index, option in enumerate(self.options):
            pad = " " if self._gap > 1 else ""
            text = f"{self._dot(option)}{pad}{option.label}"
            self._zones.append((index, x, x + cell_len(text)))
            last = index == len(self.options) - 1
            spans += Span(text, self._role(index)), Span("" if last else " " * self._gap)
            x += cell_len(text) + self._gap
        return tuple(spans)

    def _dot(self, option: Option) -> str:
        return "(o)" if option.key == self.chosen else "( )"

    def _role(self, index: int) -> Role:
        return Role.FOCUS if self.has_focus and index == self.cursor else Role.TEXT

    def _choose(self) -> None:
        self.post_message(self.Chosen(self, self.options[self.cursor].key))

    def _move(self, event: events.Key, by: int) -> None:
        event.stop()
        self.cursor = min(len(self.options) - 1, max(0, self.cursor + by))
        self.repaint()

    def keyed(self, event: events.Key) -> None:
        back, forth = ("left", "right") if self.across else ("up", "down")
        if event.key == back:
            self._move(event, -1)
        elif event.key == forth:
            self._move(event, +1)
        elif event.key == "space":
            event.stop()
            self._choose()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        for index, start, end in self._zones:
            hit = start <= event.x < end if self.across else event.y == end
            if hit:
                self.cursor = index
                self.repaint()
                self._choose()
                return
