"""A list that may be long.

Only the rows in view are painted, so three thousand schools cost as much as twenty. A list with a
``grip`` can be put in order by dragging, beside whatever keys do the same.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from textual import events
from textual.geometry import Region, Size
from textual.message import Message

from core.domain.place import searchable
from kiosk.theme import Role
from kiosk.widgets.painted import Line, Painted, Span, padded

WHEEL_ROWS = 3
GRIP = ":"
GRIP_CELLS = 5
"""Where a row is taken hold of: grip and number. Further right a click selects."""


class Row(NamedTuple):
    """One line of the list; a heading groups what follows and is never selected."""

    key: str
    heading: bool = False


How = Literal["space", "enter", "click"]
PaintRow = Callable[[Row, int], Line]
PaintEmpty = Callable[[int], Iterable[Line]]
NameRow = Callable[[Row], str]
TYPED_TOGETHER_S = 2.0
"""Characters typed within this time are one word to look for."""


class Rows(Painted):
    """A list with one selected row.

    The rows belong to the session; which one is selected is this widget's.
    """

    DEFAULT_CSS = "Rows { height: 1fr; width: 1fr; }"
    can_focus = True

    @dataclass
    class Moved(Message):
        """Another row is selected."""

        rows: "Rows"
        key: str

        @property
        def control(self) -> "Rows":
            return self.rows

    @dataclass
    class Acted(Message):
        """Space, Enter or a second click on the selected row."""

        rows: "Rows"
        key: str
        how: How

        @property
        def control(self) -> "Rows":
            return self.rows

    @dataclass
    class Scrolled(Message):
        """Other rows are in view; what is selected is not."""

        rows: "Rows"

        @property
        def control(self) -> "Rows":
            return self.rows

    @dataclass
    class Dragged(Message):
        """A row was let go over another one; ``place`` is that one's, from 0, headings counted."""

        rows: "Rows"
        key: str
        place: int

        @property
        def control(self) -> "Rows":
            return self.rows

    def __init__(
        self,
        paint_row: PaintRow,
        *,
        id: str,  # noqa: A002
        paint_empty: PaintEmpty | None = None,
        name_row: NameRow | None = None,
        grip: bool = False,
    ) -> None:
        super().__init__(id=id)
        self._grip = grip
        self._held: int | None = None
        self._over: int | None = None
        self._adrift = False
        self._paint_row = paint_row
        self._paint_empty = paint_empty
        self._name_row = name_row
        self._typed = ""
        self._typed_at = 0.0
        self.rows: Sequence[Row] = ()
        self.cursor = 0
        self.top = 0

    @property
    def selected(self) -> str | None:
        """Key of the selected row; None when there is nothing to select."""
        if 0 <= self.cursor < len(self.rows) and not self.rows[self.cursor].heading:
            return self.rows[self.cursor].key
        return None

    @property
    def row_height(self) -> int:
        """Cells of one row: two where fingers point."""
        return 2 if self.look.touch else 1

    @property
    def room(self) -> int:
        """Rows that can be seen at once."""
        return max(1, self.size.height // self.row_height)

    @property
    def in_view(self) -> tuple[int, int]:
        """First and last row in view, counted from 1 without headings; (0, 0) when empty."""
        shown = self.rows[self.top : self.top + self.room]
        before = sum(not row.heading for row in self.rows[: self.top])
        within = sum(not row.heading for row in shown)
        return (before + 1, before + within) if within else (0, 0)

    @property
    def count(self) -> int:
        """Rows that can be selected."""
        return sum(not row.heading for row in self.rows)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """These rows from the next `repaint` on.

        The selected one stays selected if it is among them, else its neighbour is.
        """
        if rows is self.rows:
            return
        key = self.selected
        self.rows = rows
        self._adrift, self._held, self._over = False, None, None
        same = None if key is None else self._index_of(key)
        self.cursor = self._nearest(self.cursor, +1) if same is None else same
        self._scroll()

    def select(self, key: str, *, tell: bool = True) -> bool:
        """Select the row with this key; false if there is none."""
        index = self._index_of(key)
        if index is None:
            return False
        self._set(index, tell=tell)
        return True

    def _index_of(self, key: str) -> int | None:
        return next(
            (at for at, row in enumerate(self.rows) if row.key == key and not row.heading), None
        )

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return max(1, len(self.rows)) * self.row_height

    def paint(self, width: int) -> Iterable[Line]:
        height = self.size.height
        if not self.rows and self._paint_empty is not None:
            yield from tuple(self._paint_empty(width))[:height]
            return
        for index in range(self.top, min(len(self.rows), self.top + self.room)):
            spans = self._paint_row(self.rows[index], width)
            heading = self.rows[index].heading
            if index == self._over and index != self._held:
                yield from self._tall(_gripped(spans, ">"), width, Role.STEP_NOW)
            elif index == self.cursor and (self.has_focus or index == self._held) and not heading:
                yield from self._tall(_pointed(spans), width, Role.FOCUS)
            else:
                yield _gripped(spans, GRIP) if self._grip and not heading else spans
                yield from [()] * (self.row_height - 1)

    def _tall(self, spans: Line, width: int, role: Role) -> Iterable[Line]:
        """The whole row in one role, as high as rows are."""
        yield padded(tuple(Span(each.text, role) for each in spans), width, role)
        yield from [(Span(" " * width, role),)] * (self.row_height - 1)

    def on_resize(self) -> None:
        self._scroll()
        self._painted_width = self.size.width
        self._strips = self._painted(self.size.width)
        self.refresh()

    def repaint(self) -> None:
        self._scroll()
        height = len(self._strips)
        super().repaint()
        if len(self._strips) != height:
            self.refresh()

    def keyed(self, event: events.Key) -> None:  # noqa: C901 - a table
        page = max(1, self.room - 1)
        match event.key:
            case "escape" if self._held is not None:
                self._let_go()
            case "down" if self.at_the_end and not self._adrift:
                return
            case "up":
                self._go(self.cursor - 1, -1)
            case "down":
                self._go(self.cursor + 1, +1)
            case "pageup":
                self._go(max(0, self.cursor - page), -1)
            case "pagedown":
                self._go(min(len(self.rows) - 1, self.cursor + page), +1)
            case "home":
                self._go(0, +1)
            case "end":
                self._go(len(self.rows) - 1, -1)
            case "space":
                self._act("space")
            case "enter":
                self._act("enter")
            case _ if self._name_row is not None and event.is_printable:
                self._find(event)
            case _:
                return
        event.stop()

    def _find(self, event: events.Key) -> None:
        """Type to find: the first row whose name contains what was typed."""
        if event.time - self._typed_at > TYPED_TOGETHER_S:
            self._typed = ""
        self._typed_at = event.time
        self._typed += event.character or ""
        wanted = searchable(self._typed)
        for row in self.rows:
            if not row.heading and self._name_row and wanted in searchable(self._name_row(row)):
                self.select(row.key)
                return

    @property
    def at_the_end(self) -> bool:
        """Whether there is nothing further down to select."""
        return all(each.heading for each in self.rows[self.cursor + 1 :])

    def zones_of_touch(self) -> Iterable[Region]:
        shown = range(self.top, min(self.top + self.room, len(self.rows)))
        for index in shown:
            if not self.rows[index].heading:
                y = (index - self.top) * self.row_height
                yield Region(0, y, self.size.width, self.row_height)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        index = self._row_at(event.y)
        if index is None or self.rows[index].heading:
            return
        if index == self.cursor and event.chain > 0 and self._clicked == index:
            self._act("click")
        else:
            self._set(index)
        self._clicked = index

    _clicked = -1

    def _row_at(self, y: int) -> int | None:
        index = self.top + y // self.row_height
        return index if 0 <= index < len(self.rows) else None

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._drift(+WHEEL_ROWS)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._drift(-WHEEL_ROWS)

    def _drift(self, by: int) -> None:
        """Other rows come into view; what is selected stays, until a key needs it in view."""
        self._adrift = True
        self.top += by
        self.repaint()
        self.post_message(self.Scrolled(self))

    # Dragging.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        index = self._row_at(event.y)
        if not self._grip or event.x >= GRIP_CELLS or index is None or self.rows[index].heading:
            return
        self._set(index)
        self._held = self._over = index
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._held is None:
            return
        event.stop()
        if not 0 <= event.y < self.size.height:
            self._adrift = True
            self.top += 1 if event.y >= 0 else -1
            self._scroll()
        y = min(max(0, event.y), self.size.height - 1)
        over = self._row_at(y)
        inside = 0 <= event.x < self.size.width
        usable = inside and over is not None and not self.rows[over].heading
        self._over = over if usable else self._held
        self.repaint()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self._held is None:
            return
        event.stop()
        held, over = self._held, self._over
        self._let_go()
        if over is not None and over != held:
            self._clicked = -1
            self.post_message(self.Dragged(self, self.rows[held].key, over))

    def _let_go(self) -> None:
        self._held = self._over = None
        self.release_mouse()
        self.repaint()

    def _act(self, how: How) -> None:
        if self.selected is not None:
            self.post_message(self.Acted(self, self.selected, how))

    def _go(self, index: int, direction: int) -> None:
        """Select ``index``, or what is nearest to it that can be selected."""
        if self.rows:
            self._set(self._nearest(index, direction))

    def _nearest(self, index: int, direction: int) -> int:
        """The first row in ``direction`` that is no heading, else the first the other way."""
        if not self.rows:
            return 0
        index = max(0, min(index, len(self.rows) - 1))
        ahead = range(index, len(self.rows)) if direction > 0 else range(index, -1, -1)
        back = range(index, -1, -1) if direction > 0 else range(index, len(self.rows))
        usable = (each for each in (*ahead, *back) if not self.rows[each].heading)
        return next(usable, 0)

    def _set(self, index: int, *, tell: bool = True) -> None:
        moved = index != self.cursor
        self._adrift = False
        self.cursor = index
        if moved:
            self._clicked = -1
        self.repaint()
        if moved and tell:
            self.post_message(self.Moved(self, self.rows[index].key))

    def _scroll(self) -> None:
        room = self.room
        if not self._adrift:
            above = self.cursor - 1 if self.cursor and self.rows and self._headed() else self.cursor
            self.top = min(self.top, above)
            self.top = max(self.top, self.cursor - room + 1)
        self.top = max(0, min(self.top, len(self.rows) - room))

    def _headed(self) -> bool:
        return self.cursor < len(self.rows) and self.rows[self.cursor - 1].heading


def _gripped(spans: Line, grip: str) -> Line:
    """The line with this in its first cell when that is free."""
    first = spans[0].text if spans else ""
    return (
        (Span(grip, Role.DIM), Span(first[1:], spans[0].role), *spans[1:])
        if first.startswith(" ")
        else spans
    )


def _pointed(spans: Line) -> Line:
    """The line with ``>`` in its first cell when that is free.

    Focus is never told by colour alone.
    """
    first = spans[0].text if spans else ""
    return (Span(f">{first[1:]}"), *spans[1:]) if first.startswith(" ") else spans
