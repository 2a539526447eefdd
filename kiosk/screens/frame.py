"""The rows every screen shares: header, steps, content, state of the draft, keys (UX 4.1, K00)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widget import Widget

from kiosk.screens.beside import application_lines, contact_lines, field_lines, key_lines
from kiosk.screens.foot import foot_line
from kiosk.screens.header import header_line, steps_line
from kiosk.screens.host import Host
from kiosk.session.event import Ended, Event, PasteCut, RevealAsked, StepsOpened, Undone, WentBack
from kiosk.session.season import deadline
from kiosk.session.state import OfficerSignedIn, Session, SignedIn
from kiosk.session.station import Station
from kiosk.terminal import PANE_COLUMNS, TALL_ROWS
from kiosk.text.catalogue import Texts
from kiosk.text.field import FieldPage
from kiosk.text.words import KeyWord
from kiosk.theme import Role
from kiosk.widgets.field import Field
from kiosk.widgets.lines import Hint, KeyBar, Lines, StateLine, Upright
from kiosk.widgets.painted import Line, Painted, Span, hanging, line, paragraph

NEAR = timedelta(minutes=10)
"""From here on every screen carries the notice of the deadline (UX 4.9)."""
SIDE_WIDTH = 49


class Frame(Screen[None]):
    """One screen. It draws the session of its host; what a person does goes there as an event.

    Subclasses give `body`, `hints`, perhaps `side`, `state_lines` and `show`.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = []
    HELP: ClassVar[str] = "idle"
    STEPS: ClassVar[bool] = False
    STATE_ROWS: ClassVar[int] = 0
    STEPS_BEHIND: ClassVar[bool] = False
    """Whether Enter on the state of the draft opens the list of steps."""
    SIDE: ClassVar[bool] = True
    """Whether the wide layout has a pane on the right; by default it is the help of the screen."""
    TOASTS: ClassVar[bool] = True
    """Whether a short message about the last act stands at the top; else the screen places it."""
    FIELDS: ClassVar[Mapping[str, FieldPage]] = MappingProxyType({})
    """Which widget is which field, by id, or by what stands before the dash of a family of ids."""
    ASKS: ClassVar[FieldPage | None] = None
    """What the whole screen asks, where it is one question: its help needs no focus."""
    FOLDS: ClassVar[bool] = False
    """Whether the wide layout always shows the field's help, and F1 folds it (K04, K10)."""
    FIRST: ClassVar[str | None] = None
    """Id of the widget that has the focus at first."""

    _built = _resumed = False
    _session: Session | None = None

    @property
    def host(self) -> Host:
        """The application."""
        return cast("Host", self.app)

    @property
    def session(self) -> Session:
        """What is drawn: the newest session this screen is meant for.

        While another screen takes over, this one may still be asked to paint, and must not find
        somebody else's lists.
        """
        return self.host.session if self._session is None else self._session

    def draw(self, session: Session) -> None:
        """This session, from now on."""
        self._session = session
        self.refresh_all()

    @property
    def station(self) -> Station:
        """This machine."""
        return self.session.station

    @property
    def texts(self) -> Texts:
        """The sentences in force."""
        return self.host.texts

    @property
    def now(self) -> datetime:
        """The time of an event that happens now."""
        return self.host.clock()

    @property
    def wide(self) -> bool:
        """Whether the second layout is in force, with a pane beside whole sentences."""
        return self.size.width >= PANE_COLUMNS

    @property
    def field(self) -> FieldPage | None:
        """The field in front: the one with the focus, else what the screen asks."""
        for node in () if self.focused is None else self.focused.ancestors_with_self:
            name = node.id or ""
            found = self.FIELDS.get(name) or self.FIELDS.get(name.partition("-")[0])
            if found is not None:
                return found
        return self.ASKS

    @property
    def help_beside(self) -> bool:
        """Whether the field's help stands beside the form now: F1 then folds it."""
        return self.FOLDS and self.wide and self.size.height >= TALL_ROWS

    def tell(self, event: Event) -> None:
        """Something happened."""
        self.host.tell(event)

    # What a screen consists of.

    def compose(self) -> ComposeResult:
        yield Lines(self._header, id="header", fill=Role.HEADER)
        if self.STEPS:
            yield Lines(self._steps, id="steps", fill=Role.STEP)
        yield Lines(self.top_rule, id="top-rule")
        yield Lines(self._notice, id="notice")
        yield from self.middle()
        if self.STATE_ROWS:
            yield (StateLine if self.STEPS_BEHIND else Lines)(self._state, id="state")
        yield Lines(self._bottom_rule, id="bottom-rule")
        yield KeyBar(self.hints, self._key_name, id="keys")

    def _key_name(self, key: str) -> str:
        return self.texts.key_name(key)

    def middle(self) -> Iterable[Widget]:
        """What lies between the rules: the body, and beside it the pane of the wide layout."""
        with Horizontal(id="middle"):
            with VerticalScroll(id="body", can_focus=False):
                yield from self.body()
            if self.SIDE:
                yield Upright(id="divider")
                yield Lines(self._side, id="side")

    def body(self) -> Iterable[Widget]:
        """The widgets of the content, top to bottom."""
        raise NotImplementedError

    def side(self, width: int) -> Iterable[Line]:
        """The pane on the right of the wide layout. Nothing is only there."""
        texts = self.texts
        if not self.help_beside:
            yield line(texts.help_title, role=Role.TITLE)
            yield ()
            yield from paragraph(texts.help(self.HELP), width)
            return
        folded = self.host.help_folded
        word = texts.help_unfold if folded else texts.help_fold
        yield line(Span(f"{texts.help_title}  ", Role.TITLE), Span(word, Role.DIM))
        yield ()
        if folded:
            yield from key_lines(self.hints(), texts)
        else:
            yield from self.field_help(width)
            yield from contact_lines(self.station, self.session.at, texts, width)
            yield self.rule(width)
        yield from application_lines(self.session, texts, width)

    def field_help(self, width: int) -> Iterable[Line]:
        """Of the field in front, else of the screen."""
        if self.field is not None:
            return field_lines(self.field, self.texts, width)
        return (*paragraph(self.texts.help(self.HELP), width), ())

    def on_descendant_focus(self) -> None:
        """The help follows the focus, and keys that mean something at one place only."""
        for pane in self.query("#side, #keys").results(Painted):
            pane.repaint()

    def hints(self) -> tuple[Hint, ...]:
        """The keys of this screen, footer and help alike."""
        raise NotImplementedError

    def state_lines(self, width: int) -> Iterable[Line]:  # noqa: ARG002
        """The state of the draft, above the keys."""
        return ()

    def show(self) -> None:
        """Bring fields, choices and lists in line with the session.

        Painted lines follow by themselves.
        """

    # The life of a screen.

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """At first its styles are new; afterwards something may have changed while it was away."""
        event.refresh_styles &= self._resumed
        self._resumed = True

    def on_mount(self) -> None:
        self._built = True
        body = self.query("#body")
        if body:
            self.watch(body.first(), "scroll_y", self._scrolled, init=False)
            self.watch(body.first(), "virtual_size", self._scrolled, init=False)
        self.refresh_all()
        if self.FIRST is not None and self.focused is None:
            # At once: `focus` would be done by the application, which may be holding back a key
            # until this screen has its focus.
            self.set_focus(self.query_one(f"#{self.FIRST}"), scroll_visible=False)

    @property
    def takes_keys(self) -> bool:
        """Whether it is built, with the focus where it belongs."""
        return self._built and (self.FIRST is None or self.focused is not None)

    def refresh_all(self) -> None:
        """Draw the session; only lines that changed reach the terminal."""
        if not self._built:
            return
        self.show()
        for painted in self.query(Painted):
            painted.repaint()

    def repaint_all(self) -> None:
        """Draw everything anew: colours, language or size changed."""
        for painted in self.query(Painted):
            painted.forget()
        self.refresh_all()
        self.refresh(layout=True)

    def _scrolled(self) -> None:
        for rule in self.query("#bottom-rule").results(Lines):
            rule.repaint()

    # Keys.

    def standard_hints(self, *, back: bool = True) -> tuple[Hint, ...]:
        """Help, display and end, the same on every screen with a person."""
        texts = self.texts
        return (
            *((self.hint("escape", KeyWord.BACK, self.go_back),) if back else ()),
            Hint(key="f1", label=texts.key_word(KeyWord.HELP), act=self.host.open_help),
            Hint(
                key="f2",
                label=texts.key_word(KeyWord.DISPLAY),
                act=self.host.open_display,
                shown=self.wide,
            ),
            *self._privacy_hint(),
            Hint(
                key="f10",
                label=texts.key_word(KeyWord.END),
                act=self.end,
                shown=self.wide or not back,
            ),
        )

    def _privacy_hint(self) -> tuple[Hint, ...]:
        """Where F1 folds instead of opening the box, F3 leads to the privacy notice directly."""
        if not self.FOLDS:
            return ()
        label = self.texts.help_privacy
        return (Hint(key="f3", label=label, act=self.host.open_privacy, shown=False),)

    def virtual_hint(self) -> tuple[Hint, ...]:
        """With the virtual reader: F9 swaps the card or takes it out."""
        if not self.host.virtual_cards:
            return ()
        return (self.hint("f9", KeyWord.VIRTUAL, self.host.open_cards),)

    def hint(self, key: str, word: KeyWord, act: object = None, *, shown: bool = True) -> Hint:
        """A hint of this screen; without ``act`` a click on it presses the key."""
        return Hint(key=key, label=self.texts.key_word(word), act=act, shown=shown)  # type: ignore[arg-type]

    def on_key(self, event: events.Key) -> None:
        for hint in self.hints():
            if hint.key == event.key and hint.act is not None:
                event.stop()
                event.prevent_default()
                hint.act()
                return
        self.handle_unused(event)

    def handle_unused(self, event: events.Key) -> None:
        """A key nobody else took: scroll, or just say that somebody is here."""
        if event.key in {"pagedown", "pageup"} and self.query("#body"):
            body = self.query_one("#body", VerticalScroll)
            scroll = body.scroll_page_down if event.key == "pagedown" else body.scroll_page_up
            scroll(animate=False)

    @on(KeyBar.Clicked)
    def _hint_clicked(self, message: KeyBar.Clicked) -> None:
        self.press(message.hint.key)

    def press(self, key: str) -> None:
        """As if this key of the screen had been pressed."""
        for hint in self.hints():
            if hint.key == key and hint.act is not None:
                hint.act()
                return
        self.app.simulate_key("down" if key == "updown" else key)

    @on(StateLine.Opened)
    def _steps_opened(self) -> None:
        self.tell(StepsOpened(at=self.now))

    @on(Field.Shortened)
    def _shortened(self) -> None:
        self.tell(PasteCut(at=self.now))

    def go_back(self) -> None:
        """Esc."""
        self.tell(WentBack(at=self.now))

    def end(self) -> None:
        """F10."""
        self.tell(Ended(at=self.now))

    def undo(self) -> None:
        """F7."""
        self.tell(Undone(at=self.now))

    def reveal(self) -> None:
        """Show the number for five seconds."""
        self.tell(RevealAsked(at=self.now))

    # The shared rows.

    def _header(self, width: int) -> Iterable[Line]:
        yield header_line(self.session, self.texts, width, steps=self.STEPS)

    def _steps(self, width: int) -> Iterable[Line]:
        yield steps_line(self.session, self.texts, width)

    def top_rule(self, width: int) -> Iterable[Line]:
        """The line under header and steps."""
        yield self.rule(width)

    def rule(self, width: int, joint: int | None = None, *, up: bool = False) -> Line:
        """A horizontal line, with a joint where an upright one meets it."""
        glyphs = self.host.glyphs
        if joint is None or joint >= width:
            return (Span(glyphs.horizontal * width, Role.RULE),)
        tee = glyphs.tee_up if up else glyphs.tee_down
        rest = width - joint - 1
        return (Span(glyphs.horizontal * joint + tee + glyphs.horizontal * rest, Role.RULE),)

    def _notice(self, width: int) -> Iterable[Line]:
        left = self.deadline_in()
        if (
            left is not None
            and timedelta(0) < left <= NEAR
            and isinstance(self.session.scene, SignedIn)
        ):
            minutes = int(left.total_seconds()) // 60 + 1
            yield from paragraph(self.texts.deadline_near(minutes), width, Role.WARNING)
        scene = self.session.scene
        alarm = getattr(scene, "alarm", None)
        if alarm is not None:
            yield from hanging("! ", self.texts.alarm(alarm), width, Role.ERROR)
        if isinstance(scene, SignedIn) and scene.reading is not None:
            code = "reading" if self.station.link.name.stops_writing else "reading_over"
            yield from hanging("! ", self.texts.alarm(code), width, Role.ERROR)
        if isinstance(scene, SignedIn) and scene.toast is not None and self.TOASTS:
            yield from hanging("! ", self.texts.toast(scene.toast), width, Role.WARNING)
        if isinstance(scene, OfficerSignedIn):
            yield from self._machine(width)

    def _machine(self, width: int) -> Iterable[Line]:
        """What is wrong with the machine, for whoever can have it mended."""
        trouble = self.station.link.trouble
        if trouble is not None:
            title, _, remedy = self.texts.machine_trouble(trouble)
            yield from hanging("! ", f"{title}{self.texts.colon}{remedy}", width, Role.WARNING)

    def deadline_in(self) -> timedelta | None:
        """Time until the end of applications; None while unknown."""
        ends = deadline(self.station.calendar)
        return None if ends is None else ends - self.session.at

    def _state(self, width: int) -> Iterable[Line]:
        lines = tuple(self.state_lines(width))[: self.STATE_ROWS]
        yield from lines
        yield from [()] * (self.STATE_ROWS - len(lines))

    def _side(self, width: int) -> Iterable[Line]:
        for each in self.side(width - 3):
            yield (Span("  "), *each)

    def _bottom_rule(self, width: int) -> Iterable[Line]:
        body = self.query("#body").results(VerticalScroll)
        below = next((each.max_scroll_y - each.scroll_offset.y for each in body), 0)
        yield foot_line(self.session, self.texts, self.host.glyphs, width, below=below)
