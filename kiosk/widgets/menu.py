"""A box in the middle of the screen: a title, lines, and perhaps things to choose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rich.cells import cell_len
from textual import events
from textual.geometry import Region, Size
from textual.message import Message

from kiosk.theme import Role
from kiosk.widgets.cells import fit, shorten
from kiosk.widgets.painted import Line, Painted, Span, line, padded


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something to choose; ``note`` stands at the right end. A heading is not chosen."""

    key: str
    label: str
    note: str = ""
    heading: bool = False


class Boxed(Painted):
    """Lines inside a frame, with words in its upper and lower edge."""

    DEFAULT_CSS = "Boxed { width: auto; height: auto; }"
    can_focus = True

    def __init__(self, title: str, *, width: int, id: str = "menu") -> None:  # noqa: A002
        super().__init__(id=id)
        self.title_text = title
        self._wanted = width

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        return min(self._wanted, viewport.width)

    def framed(self, spans: Line, width: int) -> Line:
        """One line between the upright edges."""
        edge = self.look.glyphs.vertical
        kept: list[Span] = []
        room = width - 4
        for span in spans:
            text = span.text if cell_len(span.text) <= room else fit(span.text, room)
            kept.append(Span(text, span.role))
            room -= cell_len(text)
        return (Span(f"{edge} ", Role.RULE), *kept, Span(" " * room), Span(f" {edge}", Role.RULE))

    def edge(self, width: int, words: str, *, top: bool) -> Line:
        """The upper or lower edge."""
        glyphs = self.look.glyphs
        left, right = (
            (glyphs.top_left, glyphs.top_right)
            if top
            else (glyphs.bottom_left, glyphs.bottom_right)
        )
        word = f" {shorten(words, width - 6)} " if words else ""
        rest = width - 3 - cell_len(word)
        return (
            Span(left + glyphs.horizontal, Role.RULE),
            Span(word, Role.TITLE),
            Span(glyphs.horizontal * rest + right, Role.RULE),
        )


class Paper(Boxed):
    """A text to read, scrolled by arrows, page keys and wheel.

    ``links`` are lines that name a key; a click on one is as good as the key.
    """

    @dataclass
    class Pressed(Message):
        """A line that names this key was clicked."""

        key: str

    def __init__(
        self,
        title: str,
        lines: tuple[Line, ...],
        *,
        width: int,
        close: str,
        links: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(title, width=width)
        self._lines = lines
        self._links = links
        self._close = close
        self.top = 0

    @property
    def room(self) -> int:
        """Rows of text in view."""
        return max(1, min(len(self._lines), self.screen.size.height - 3))

    def paint(self, width: int) -> Iterable[Line]:
        yield self.edge(width, self.title_text, top=True)
        for each in self._lines[self.top : self.top + self.room]:
            yield self.framed(each, width)
        hidden = len(self._lines) > self.room
        place = f"{self.top + 1}-{self.top + self.room} / {len(self._lines)}  " if hidden else ""
        yield self.edge(width, f"{place}{self._close}", top=False)

    def keyed(self, event: events.Key) -> None:
        page = self.room - 1
        step = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "home": -9999, "end": 9999}
        if event.key in step:
            event.stop()
            self._scroll(step[event.key])

    @property
    def link_height(self) -> int:
        """Cells of a line that names a key: the blank below it too where fingers point."""
        return 2 if self.look.touch else 1

    def zones_of_touch(self) -> Iterable[Region]:
        for row in range(self.room):
            if self.top + row in self._links:
                yield Region(1, 1 + row, self.size.width - 2, self.link_height)

    def on_click(self, event: events.Click) -> None:
        if not 0 < event.y <= self.room:
            return
        event.stop()
        index = self.top + event.y - 1
        for at in range(index, index - self.link_height, -1):
            if at in self._links:
                self.post_message(self.Pressed(self._links[at]))
                return

    def on_mouse_scroll_down(self) -> None:
        self._scroll(+2)

    def on_mouse_scroll_up(self) -> None:
        self._scroll(-2)

    def _scroll(self, by: int) -> None:
        self.top = max(0, min(self.top + by, len(self._lines) - self.room))
        self.repaint()


class Menu(Boxed):
    """A framed list: arrows move, Enter or Space or a click chooses."""

    @dataclass
    class Chosen(Message):
        """This item was chosen.

        ``stay`` is true when Space was pressed (ticks do not close the box).
        """

        menu: "Menu"
        key: str
        stay: bool

        @property
        def control(self) -> "Menu":
            return self.menu

    def __init__(
        self,
        title: str,
        items: tuple[Item, ...],
        *,
        width: int,
        intro: tuple[Line, ...] = (),
        id: str = "menu",  # noqa: A002
    ) -> None:
        super().__init__(title, width=width, id=id)
        self.items = items
        self.ends = True
        """Whether Home and End go to the first and the last item; else the box takes them."""
        self._intro = intro
        self.cursor = next((at for at, each in enumerate(items) if not each.heading), 0)
        self.top = 0

    def set_items(self, items: tuple[Item, ...]) -> None:
        """Other labels for the same box."""
        self.items = items
        self.cursor = min(self.cursor, max(0, len(items) - 1))
        self.repaint()

    def select(self, key: str) -> None:
        """Put the cursor there."""
        found = next((at for at, each in enumerate(self.items) if each.key == key), None)
        if found is not None:
            self.cursor = found
            self.repaint()

    @property
    def room(self) -> int:
        """Rows for items."""
        rows = self.screen.size.height - 4 - len(self._intro)
        return max(1, min(len(self.items), rows // self.row_height))

    @property
    def row_height(self) -> int:
        """Cells of one item: two where fingers point."""
        return 2 if self.look.touch else 1

    def paint(self, width: int) -> Iterable[Line]:
        self.top = max(min(self.top, self.cursor), self.cursor - self.room + 1)
        yield self.edge(width, self.title_text, top=True)
        for each in self._intro:
            yield self.framed(each, width)
        for index in range(self.top, self.top + self.room):
            item = self._item(index, width - 4)
            yield self.framed(item, width)
            below = tuple(Span(" " * cell_len(each.text), each.role) for each in item)
            yield from [self.framed(below, width)] * (self.row_height - 1)
        more = len(self.items) > self.room
        place = f"{self.top + 1}-{self.top + self.room} / {len(self.items)}" if more else ""
        yield self.edge(width, place, top=False)

    def _item(self, index: int, width: int) -> Line:
        item = self.items[index]
        if item.heading:
            return line(item.label, role=Role.TITLE)
        here = index == self.cursor
        role = Role.FOCUS if here else Role.TEXT
        room = width - cell_len(item.note) - 3
        label = fit(shorten(item.label, room), room)
        return padded(line(f"{'>' if here else ' '} {label} {item.note}", role=role), width, role)

    def keyed(self, event: events.Key) -> None:
        match event.key:
            case "up":
                self._go(-1)
            case "down":
                self._go(+1)
            case "pageup":
                self._go(-self.room)
            case "pagedown":
                self._go(self.room)
            case "home" | "end" if self.ends:
                self._go(len(self.items) * (1 if event.key == "end" else -1))
            case "enter" | "space":
                self._choose(stay=event.key == "space")
            case _:
                return
        event.stop()

    def zones_of_touch(self) -> Iterable[Region]:
        first = 1 + len(self._intro)
        for row in range(min(self.room, len(self.items) - self.top)):
            if not self.items[self.top + row].heading:
                y = first + row * self.row_height
                yield Region(1, y, self.size.width - 2, self.row_height)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        row = (event.y - 1 - len(self._intro)) // self.row_height
        index = self.top + row
        if 0 <= row < self.room and not self.items[index].heading:
            self.cursor = index
            self.repaint()
            self._choose(stay=False)

    def on_mouse_scroll_down(self) -> None:
        self._go(+1)

    def on_mouse_scroll_up(self) -> None:
        self._go(-1)

    def _choose(self, *, stay: bool) -> None:
        if self.items and not self.items[self.cursor].heading:
            self.post_message(self.Chosen(self, self.items[self.cursor].key, stay))

    def _go(self, by: int) -> None:
        """That many lines on, past headings; at most to the first or last that can be chosen."""
        open_ = [at for at, each in enumerate(self.items) if not each.heading]
        target = self.cursor + by
        if by > 0:
            self.cursor = next((at for at in open_ if at >= target), max(open_, default=0))
        else:
            self.cursor = next(
                (at for at in reversed(open_) if at <= target), min(open_, default=0)
            )
        self.repaint()
