"""A widget that is a list of styled lines and repaints only those that changed."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, cast, runtime_checkable

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from kiosk.harmless import harmless
from kiosk.text.catalogue import Texts
from kiosk.theme import Palette, Role
from kiosk.widgets.cells import fit, wrap
from kiosk.widgets.glyphs import Glyphs


class Span(NamedTuple):
    """A piece of a line."""

    text: str
    role: Role = Role.TEXT


Line = tuple[Span, ...]
BLANK: Line = ()


@runtime_checkable
class Look(Protocol):
    """How everything looks at the moment; the application is one."""

    glyphs: Glyphs
    touch: bool
    """Whether fingers point here: rows are two cells high, buttons three."""

    @property
    def palette(self) -> Palette:
        """The colours in force."""

    @property
    def texts(self) -> Texts:
        """The sentences in force."""


def line(*parts: str | Span, role: Role = Role.TEXT) -> Line:
    """A line of spans; bare text has ``role``."""
    return tuple(part if isinstance(part, Span) else Span(part, role) for part in parts)


def paragraph(text: str, width: int, role: Role = Role.TEXT) -> tuple[Line, ...]:
    """The text wrapped to ``width`` cells."""
    return tuple((Span(each, role),) for each in wrap(text, width))


def hanging(head: str, text: str, width: int, role: Role = Role.TEXT) -> tuple[Line, ...]:
    """The text wrapped beside ``head`` (a number, a mark), which stands before the first line

    only.
    """
    cells = cell_len(head)
    first, *rest = wrap(text, max(1, width - cells))
    return (Span(head + first, role),), *((Span(" " * cells + each, role),) for each in rest)


def width_of(spans: Iterable[Span]) -> int:
    """Cells the spans take."""
    return sum(cell_len(span.text) for span in spans)


def padded(spans: Line, width: int, role: Role = Role.TEXT) -> Line:
    """The line filled with spaces of ``role`` up to ``width`` cells.

    Longer lines come back unchanged.
    """
    missing = width - width_of(spans)
    return (*spans, Span(" " * missing, role)) if missing > 0 else spans


def between(left: Line, right: Line, width: int, role: Role = Role.TEXT) -> Line:
    """``left`` at the left end, ``right`` at the right end of ``width`` cells."""
    return (*padded(left, max(0, width - width_of(right)), role), *right)


class Painted(Widget):
    """Subclasses give `paint`; call `repaint` when what they show has changed."""

    DEFAULT_CSS = """
    Painted { height: auto; width: 1fr; }
    """
    ALLOW_SELECT = False
    FILL = Role.TEXT
    """What is behind and right of the text."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._strips: list[Strip] = []
        self._painted_width = -1

    @property
    def look(self) -> Look:
        """Palette, glyphs and texts in force."""
        return cast("Look", self.app)

    def paint(self, width: int) -> Iterable[Line]:
        """The lines, top to bottom; each is cut or filled to ``width`` cells afterwards."""
        raise NotImplementedError

    def zones_of_touch(self) -> Iterable[Region]:
        """What acts when it is touched, relative to the widget; nothing by default."""
        return ()

    def repaint(self) -> None:
        """Paint again.

        Only changed lines reach the terminal, and the layout is redone only if their number
        changed.
        """
        if self._painted_width < 0:
            return
        before, self._strips = self._strips, self._painted(self._painted_width)
        if len(before) != len(self._strips):
            self.refresh(layout=True)
            return
        rows = enumerate(zip(before, self._strips, strict=True))
        changed = [y for y, (old, new) in rows if old != new]
        if changed:
            self.refresh(
                *(Region(0, top, self._painted_width, rows) for top, rows in _runs(changed))
            )

    def on_key(self, event: events.Key) -> None:
        """Tab moves the focus at once, not when the key has bubbled all the way up."""
        if event.key == "tab":
            event.stop()
            self.screen.focus_next()
        elif event.key == "shift+tab":
            event.stop()
            self.screen.focus_previous()
        else:
            self.keyed(event)

    def keyed(self, event: events.Key) -> None:
        """A key for this widget; stop it if it means something here."""

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 - Textual's
        """Focus is painted; Textual's own search for styles that depend on it costs more."""
        self.repaint()

    def forget(self) -> None:
        """Throw the painted lines away: colours or language changed."""
        self._painted_width = -1
        self._strips = []
        self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        return max((width_of(each) for each in self.paint(viewport.width)), default=0)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        self._ensure(width)
        return len(self._strips)

    def render_line(self, y: int) -> Strip:
        self._ensure(self.size.width)
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.look.palette.style(self.FILL))

    def on_resize(self) -> None:
        self._ensure(self.size.width)

    def _ensure(self, width: int) -> None:
        if width != self._painted_width:
            self._painted_width = width
            self._strips = self._painted(width)

    def _painted(self, width: int) -> list[Strip]:
        return [self._strip(spans, width) for spans in self.paint(width)]

    def _strip(self, spans: Line, width: int) -> Strip:
        look = self.look
        segments: list[Segment] = []
        left = width
        for span in spans:
            text = look.glyphs.safe(harmless(span.text))
            cells = cell_len(text)
            if cells > left:
                text, cells = fit(text, left), left
            if text:
                segments.append(Segment(text, look.palette.style(span.role)))
            left -= cells
            if left == 0:
                break
        if left:
            segments.append(Segment(" " * left, look.palette.style(self.FILL)))
        return Strip(segments, width)


def _runs(changed: list[int]) -> list[tuple[int, int]]:
    """Neighbouring rows as first row and how many: one region costs less than ten."""
    found: list[tuple[int, int]] = []
    for y in changed:
        top, rows = found[-1] if found else (y, 0)
        if found and y == top + rows:
            found[-1] = (top, rows + 1)
        else:
            found.append((y, 1))
    return found
