"""F8 罕用字更正: the card's name, its open places, and 注音 typed on a plain keyboard."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import ClassVar

from textual import events, on
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from core.domain.reading import KEYS, spelled
from kiosk.screens.frame import Frame
from kiosk.session.correction import entry_in
from kiosk.session.event import (
    CharacterChosen,
    CharacterErased,
    ReadingTyped,
    RosterNameTaken,
    WentOn,
)
from kiosk.session.rare_name import TONES, NameEntry
from kiosk.session.state import OfficerSignedIn
from kiosk.text.fields import basics
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.cells import fit
from kiosk.widgets.controls import Push
from kiosk.widgets.lines import Hint, Lines
from kiosk.widgets.painted import BLANK, Line, Painted, Span, hanging, line, paragraph, width_of

LABEL = 16
A_PAGE = 9
"""Characters that digits can choose among."""


class ReadingBox(Painted):
    """Where the keys go: printable ones are 注音; digits choose once there is a choice."""

    DEFAULT_CSS = "ReadingBox { height: 1; width: 1fr; }"
    can_focus = True

    class Pressed(Message):
        """A key for the box: a character, or ``backspace``, ``enter``, ``pagedown``, ``pageup``."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    entry: NameEntry | None = None

    def paint(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        texts, keys = self.look.texts, "" if self.entry is None else self.entry.keys
        tone = texts.tone(keys[-1:]) if keys else ""
        shown = f"{spelled(keys.rstrip(TONES))} {tone}".strip()
        role = Role.FIELD_FOCUS if self.has_focus else Role.FIELD
        label = Span(f"   {fit(texts.label_reading, LABEL - 3)}", Role.DIM)
        yield label, Span(f"[ {fit(shown, 20)} ]", role)

    def keyed(self, event: events.Key) -> None:
        if event.key in {"backspace", "enter", "pagedown", "pageup"}:
            event.stop()
            self.post_message(self.Pressed(event.key))
        elif event.character is not None and event.is_printable:
            event.stop()
            self.post_message(self.Pressed(event.character))

    def on_click(self) -> None:
        """A click brings the keys back here."""
        self.screen.set_focus(self)


class Candidates(Painted):
    """Nine characters at a time, each with the digit that chooses it; a click does too."""

    DEFAULT_CSS = "Candidates { height: auto; width: 1fr; }"

    class Picked(Message):
        """One of those shown was clicked; ``index`` counts from 0."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    CELL = 6
    INDENT = 3

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.shown: tuple[str, ...] = ()
        self.turn = ""

    def paint(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        if self.shown:
            cells = (fit(f"{at} {each}", self.CELL) for at, each in enumerate(self.shown, start=1))
            yield line(" " * self.INDENT, *cells)
            yield line(" " * self.INDENT, Span(self.turn, Role.DIM))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        index = (event.x - self.INDENT) // self.CELL
        if event.y == 0 and 0 <= index < len(self.shown):
            self.post_message(self.Picked(index))


class NameScreen(Frame):
    """One name under correction, whoever opened it.

    Which page of characters is in front is the screen's own, everything else the session's.
    """

    HELP = "name"
    FIELDS = MappingProxyType({"reading": basics.READING})
    FIRST = "reading"

    def __init__(self) -> None:
        super().__init__()
        self._page = 0
        self._found: tuple[str, ...] | None = None

    @property
    def entry(self) -> NameEntry | None:
        """The name as far as it is."""
        return entry_in(self.session.scene)

    def body(self) -> Iterable[Widget]:
        texts = self.texts
        yield Lines(self._names, id="content")
        yield ReadingBox(id="reading")
        yield Lines(self._hint, id="reading-hint")
        yield Candidates(id="characters")
        yield Lines(self._after, id="after")
        with Horizontal(classes="buttons"):
            if self.entry is not None and self.entry.roster is not None:
                yield Push(texts.roster_take, id="roster")
            yield Push(texts.cancel, id="cancel")
            yield Push(texts.confirm, id="enter")

    def show(self) -> None:
        entry = self.entry
        if entry is None or not self.query("#reading"):
            return
        if entry.found != self._found:
            self._found, self._page = entry.found, 0
        self.query_one("#reading", ReadingBox).entry = entry
        characters = self.query_one("#characters", Candidates)
        found = entry.found or ()
        characters.shown = found[self._page * A_PAGE : (self._page + 1) * A_PAGE]
        page = self.texts.names_page(self._page + 1, self._pages)
        characters.turn = f"{page}   {self.texts.reading_choose}"

    def hints(self) -> tuple[Hint, ...]:
        offered = self.entry is not None and self.entry.roster is not None
        return (
            self.hint("digits", KeyWord.CHOOSE),
            self.hint("enter", KeyWord.CONFIRM),
            *((self.hint("f6", KeyWord.ROSTER_NAME, self._take),) if offered else ()),
            self.hint("f7", KeyWord.ERASE, self._erase),
            self.hint("f1", KeyWord.HELP, self.host.open_help),
            self.hint("escape", KeyWord.CANCEL, self.go_back),
            self.hint("f10", KeyWord.END, self.end, shown=False),
        )

    @property
    def _pages(self) -> int:
        return max(1, -(-len(self._found or ()) // A_PAGE))

    @on(ReadingBox.Pressed)
    def _pressed_key(self, message: ReadingBox.Pressed) -> None:
        entry, key = self.entry, message.key
        if entry is None:
            return
        shown = self.query_one("#characters", Candidates).shown
        match key:
            case "enter":
                self.tell(WentOn(at=self.now))
            case "backspace" if entry.keys:
                self._type("" if entry.found else entry.keys[:-1])
            case "backspace":
                self._erase()
            case "pagedown" | "0" if shown:
                self._turn(1)
            case "pageup" if shown:
                self._turn(-1)
            case _ if shown and key.isdecimal() and key.isascii():
                self._pick(int(key) - 1)
            case _ if shown and key.lower() in KEYS:
                self._type(key)
            case _ if not shown and (key.lower() in KEYS or key in TONES):
                self._type(entry.keys + key)
            case _:
                return

    @on(Candidates.Picked)
    def _picked(self, message: Candidates.Picked) -> None:
        self._pick(message.index)

    @on(Push.Pressed)
    def _pressed(self, message: Push.Pressed) -> None:
        match message.push.id:
            case "cancel":
                self.go_back()
            case "roster":
                self._take()
            case _:
                self.tell(WentOn(at=self.now))

    def _type(self, keys: str) -> None:
        self.tell(ReadingTyped(at=self.now, keys=keys))

    def _erase(self) -> None:
        self.tell(CharacterErased(at=self.now))

    def _take(self) -> None:
        self.tell(RosterNameTaken(at=self.now))

    def _pick(self, index: int) -> None:
        shown = self.query_one("#characters", Candidates).shown
        if 0 <= index < len(shown):
            self.tell(CharacterChosen(at=self.now, character=shown[index]))

    def _turn(self, by: int) -> None:
        self._page = (self._page + by) % self._pages
        self.refresh_all()

    # Drawing.

    def _names(self, width: int) -> Iterable[Line]:
        entry, texts = self.entry, self.texts
        if entry is None:
            return
        yield line(f" {texts.names_title}", role=Role.TITLE)
        yield BLANK
        yield self._labelled(texts.label_card_name, entry.card, Span(texts.names_gap, Role.DIM))
        if entry.roster is not None:
            take = Span(f"F6 {texts.roster_take}", Role.DIM)
            yield self._labelled(texts.label_roster_name, entry.roster, take)
        yield self._labelled(texts.label_new_name, self._new_name(entry), role=Role.TITLE)
        yield BLANK
        if entry.fault is not None:
            yield from hanging(" x ", texts.name_fault(entry.fault), width, Role.ERROR)
            yield BLANK

    def _new_name(self, entry: NameEntry) -> str:
        """The place that is being filled stands in brackets: colour alone would not do."""
        at = entry.place
        if at is None:
            return entry.name
        return f"{entry.name[:at]}[{entry.name[at]}]{entry.name[at + 1 :]}"

    def _labelled(
        self, label: str, value: str, *more: Span, role: Role = Role.TEXT
    ) -> tuple[Span, ...]:
        left = line(Span(f"   {fit(label, LABEL - 3)}", Role.DIM), Span(value, role))
        gap = max(3, 44 - width_of(left))
        return (*left, Span(" " * gap), *more) if more else left

    def _hint(self, width: int) -> Iterable[Line]:
        yield from paragraph(f"   {self.texts.reading_hint}", width, Role.DIM)
        yield BLANK

    def _after(self, width: int) -> Iterable[Line]:
        texts = self.texts
        yield BLANK
        officer = isinstance(self.session.scene, OfficerSignedIn)
        yield from paragraph(f"   {texts.names_by_sound_only}", width, Role.DIM)
        yield from paragraph(
            f"   {texts.names_after_officer if officer else texts.names_after}", width
        )


class BasicsNameScreen(NameScreen):
    """The same inside a teacher's application."""

    STEPS: ClassVar[bool] = True
