"""Lines that only show, and the row of keys that can also be clicked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.geometry import Region
from textual.message import Message

from kiosk.theme import Role
from kiosk.widgets.painted import Line, Painted, Span, padded

PaintLines = Callable[[int], Iterable[Line]]


class Lines(Painted):
    """Whatever ``paint_lines`` gives for a width; ``fill`` is the role behind it."""

    def __init__(
        self,
        paint_lines: PaintLines,
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        fill: Role = Role.TEXT,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._paint_lines = paint_lines
        self.FILL = fill

    def paint(self, width: int) -> Iterable[Line]:
        return self._paint_lines(width)


class StateLine(Lines):
    """The state of the draft; Enter or a click on it opens the list of steps (UX 4.10)."""

    can_focus = True

    class Opened(Message):
        """The person wants the list of steps."""

    def paint(self, width: int) -> Iterable[Line]:
        first, *rest = super().paint(width)
        if self.has_focus:
            words = "".join(each.text for each in first)
            first = padded((Span(f">{words.removeprefix(' ')}", Role.FOCUS),), width, Role.FOCUS)
        yield from (first, *rest)

    def zones_of_touch(self) -> Iterable[Region]:
        yield self.region.reset_offset

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Opened())

    def keyed(self, event: events.Key) -> None:
        if event.key in {"enter", "space"}:
            event.stop()
            self.post_message(self.Opened())


class Words(Painted):
    """One line that never changes, such as the label of a box.

    As wide as its words unless a class says otherwise.
    """

    DEFAULT_CSS = "Words { width: auto; height: 1; }"

    def __init__(self, text: str, role: Role = Role.TEXT, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._text = text
        self._role = role

    def paint(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        yield (Span(self._text, self._role),)


class Upright(Painted):
    """A vertical line between two panes.

    ``joints`` are the rows where a horizontal one leaves to the right.
    """

    DEFAULT_CSS = "Upright { width: 1; height: 1fr; }"
    FILL = Role.RULE

    def __init__(self, *, id: str, joints: Callable[[], frozenset[int]] = frozenset) -> None:  # noqa: A002
        super().__init__(id=id)
        self._joints = joints

    def paint(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        glyphs, joints = self.look.glyphs, self._joints()
        for y in range(max(1, self.size.height)):
            yield (Span(glyphs.tee_right if y in joints else glyphs.vertical, Role.RULE),)

    def on_resize(self) -> None:
        self._painted_width = self.size.width
        self._strips = self._painted(self.size.width)
        self.refresh()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A key and what it does here.

    ``shown`` false keeps it out of the footer; help lists it all the same.
    """

    key: str
    label: str
    act: Callable[[], object] | None = None
    shown: bool = True


MOST_HINTS = 8
"""UX 4.3: a ninth is cut at 80 columns."""
TALL_KEYS = 3
"""Rows of the keys where fingers press them and the screen has room."""


class KeyBar(Painted):
    """The footer: at most eight hints, each of them a button for the mouse."""

    DEFAULT_CSS = "KeyBar { height: 1; }"
    FILL = Role.KEY_LABEL

    @dataclass
    class Clicked(Message):
        """A hint was clicked; the screen acts as if its key had been pressed."""

        hint: Hint

    def __init__(
        self,
        hints: Callable[[], tuple[Hint, ...]],
        name_key: Callable[[str], str],
        *,
        id: str,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._hints = hints
        self._name_key = name_key
        self.zones: list[tuple[int, int, Hint]] = []
        """First and last cell of each hint that is shown."""

    def paint(self, width: int) -> Iterable[Line]:
        self.zones = []
        spans: list[Span] = []
        x = 0
        for hint in [each for each in self._hints() if each.shown][:MOST_HINTS]:
            key = f" {self._name_key(hint.key)}"
            text = f" {hint.label} "
            cells = cell_len(key) + cell_len(text)
            if x + cells > width + 1:
                break
            self.zones.append((x, x + cells, hint))
            spans += Span(key, Role.KEY), Span(text, Role.KEY_LABEL)
            x += cells
        tall = self.look.touch and self.size.height == TALL_KEYS
        blank = tuple(Span(" " * cell_len(each.text), each.role) for each in spans)
        yield from (blank, tuple(spans), blank) if tall else (tuple(spans),)

    def zones_of_touch(self) -> Iterable[Region]:
        for start, end, _ in self.zones:
            yield Region(start, 0, end - start, self.size.height)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        for start, end, hint in self.zones:
            if start <= event.x < end:
                self.post_message(self.Clicked(hint))
