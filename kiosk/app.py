"""The kiosk on the glass.

Draws the session, turns keys into events, lets the desk and the reader work in threads.

Nothing of a person is kept here.
"""

import contextlib
import gc
import sys
import time
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

from textual import events, work
from textual.errors import NoWidget
from textual.message import Message

from kiosk.adapters.reader_port import Reader, Report
from kiosk.adapters.virtual_reader import VirtualCard, VirtualReader
from kiosk.desk_port import Desk
from kiosk.desk_thread import DeskThread
from kiosk.journal import untold
from kiosk.locked import LockedApp
from kiosk.reports import Reports
from kiosk.rest import load_the_rest
from kiosk.screens.choice import screen_of
from kiosk.screens.frame import Frame
from kiosk.screens.help import (
    cards_chooser,
    display_choice,
    display_chooser,
    help_sheet,
    privacy_sheet,
)
from kiosk.screens.host import CardChoice
from kiosk.screens.overlay import Overlay
from kiosk.screens.small import SmallScreen
from kiosk.session.display import Display
from kiosk.session.effect import Sound
from kiosk.session.event import Ended, Event, Ticked, Touched
from kiosk.session.state import CardOut, Covered, SignedIn
from kiosk.session.step import step
from kiosk.session.trail import audit_event
from kiosk.spoken import Spoken
from kiosk.terminal import HEIGHTS, WIDTHS, Size, layouts
from kiosk.text.catalogue import LANGUAGES, Texts
from kiosk.theme import CONTRAST, PALETTES, Palette, textual_theme
from kiosk.waiting import happened_after, settled, until_it_stands
from kiosk.widgets.finger import meant, moved
from kiosk.widgets.glyphs import LINES, Glyphs

TICK_S = 1.0
TOUCH = timedelta(seconds=5)
"""Keys that only move a cursor are reported as a touch at most this often."""
RARELY = (20_000, 20, 1000)
"""Python looks for garbage after this many new objects; its full search is left to `_tidy`."""
QUIET_S = 2.0


class KioskApp(LockedApp):
    """One kiosk in one terminal."""

    CSS_PATH = Path(__file__).with_name("kiosk.tcss")
    TITLE = "kiosk"
    HORIZONTAL_BREAKPOINTS = list(WIDTHS)  # noqa: RUF012 - the name and type are Textual's
    VERTICAL_BREAKPOINTS = list(HEIGHTS)  # noqa: RUF012

    class Happened(Message):
        """A thread has an event for the session."""

        def __init__(self, event: Event) -> None:
            super().__init__()
            self.event = event

    def __init__(  # noqa: PLR0913 - everything is handed in
        self,
        *,
        desk: Desk,
        reader: Reader,
        clock: Callable[[], datetime],
        cards: Mapping[str, VirtualCard] = MappingProxyType({}),
        glyphs: Glyphs = LINES,
        touch: bool = False,
        ticking: bool = True,
        crashed: Callable[[BaseException], None] = untold,
        streams: tuple[TextIO, TextIO] | None = None,
    ) -> None:
        """``streams`` are what 純文字模式 reads and writes; by default the standard ones."""
        super().__init__()
        self.touch = touch
        self.set_class(touch, "-touch")
        self.session = desk.begin()
        self.glyphs = glyphs
        self._few_colours = False
        self._reader = reader
        self._desk = DeskThread(desk, tell=self._post, pending=lambda: self.session.pending)
        self._virtual = reader if isinstance(reader, VirtualReader) else None
        self._cards = cards
        self._card_in: str | None = None
        self._spoken = Spoken(
            self,
            self._desk,
            cards=() if self._virtual is None else tuple(cards),
            leave=None if self._virtual is None else self.action_leave,
            streams=streams or (sys.stdin, sys.stdout),
        )
        self._reports = Reports()
        self._clock = clock
        self._ticking = ticking
        self._crashed = crashed
        self._kind: Hashable = None
        self.help_folded = False
        self._touched = self.session.at
        self._pressed_at: float | None = None
        for each in PALETTES.values():
            self.register_theme(textual_theme(each))
        # No watcher has to run for it: there is nothing yet to be painted, or parsed, again.
        self.set_reactive(KioskApp.theme, self.palette.name)
        self.stylesheet.set_variables(self.get_css_variables())

    # What screens see.

    @property
    def palette(self) -> Palette:
        """The colours in force.

        Sixteen are not enough for two shades: black, white and yellow always are.
        """
        if self._few_colours:
            return CONTRAST
        return PALETTES[self.session.looks.display.theme]

    @property
    def texts(self) -> Texts:
        """The sentences in force."""
        return LANGUAGES[self.session.looks.display.language]

    def clock(self) -> datetime:
        """Aware UTC, corrected by the server's."""
        return self._clock()

    @property
    def virtual_cards(self) -> tuple[CardChoice, ...]:
        """Cards of the virtual reader; empty with a real one."""
        if self._virtual is None:
            return ()
        return tuple(CardChoice(key=label, label=label) for label in self._cards)

    @property
    def virtual_card_inserted(self) -> bool:
        """Whether the virtual slot holds a card."""
        return self._card_in is not None

    def tell(self, event: Event) -> None:
        """One step of the session; effects go to the desk's thread, the rest is drawn."""
        if isinstance(event, Ended):
            # A virtual card takes itself out: there is no hand to do it.
            self.remove_virtual()
        before = self.session
        turn = step(before, event)
        self.session = turn.session
        self._desk.note(audit_event(before, self.session))
        for effect in turn.effects:
            if not isinstance(effect, Sound):
                self._desk.perform(effect)
            elif not self._spoken.ring():
                self.bell()
        self._look_as(before.looks.display)
        self._draw()

    def _look_as(self, before: Display) -> None:
        """Other colours or sentences, at once.

        Labels are made with the screen, so for another language the screen is made again.
        """
        now = self.session.looks.display
        if now.theme != before.theme:
            self._paint()
        if now.language != before.language:
            self._kind = None

    def _paint(self) -> None:
        self.theme = self.palette.name
        for screen in self.screen_stack:
            if isinstance(screen, Frame | Overlay):
                screen.repaint_all()

    def _draw(self) -> None:
        """The session, on the glass or line by line."""
        if self.session.looks.display.plain:
            self._kind = None  # whatever is shown afterwards is made anew
            self._spoken.say()
            return
        self._draw_glass()
        if self._spoken.has_the_terminal:
            self._spoken.over()
            self._return_to_the_glass()

    @work(group="glass", exclusive=True)
    async def _return_to_the_glass(self) -> None:
        """Only once it stands: what was drawn before is no longer what is."""
        await until_it_stands(self)
        self._spoken.give_back()

    def _draw_glass(self) -> None:
        kind, screen = screen_of(self.session)
        if kind != self._kind:
            self._kind = kind
            self.help_folded = self.help_folded and isinstance(self.session.scene, SignedIn)
            self._close_overlays()
            self.switch_screen(self._drawn(screen))
            return
        for each in self.screen_stack:
            if isinstance(each, Frame):
                each.draw(self.session)

    def _drawn(self, screen: type[Frame]) -> Frame:
        frame = screen()
        # Else Textual would find the layout out when it stands, and style it all again.
        frame.add_class(*layouts(*self.size), update=False)
        frame.draw(self.session)
        return frame

    def _close_overlays(self) -> None:
        while isinstance(self.screen, Overlay):
            self.pop_screen()

    # Life.

    def on_mount(self) -> None:
        self.animation_level = "none"
        self._kind, first = screen_of(self.session)
        self.push_screen(self._drawn(first))
        if not self.is_headless and self.console.color_system in {None, "standard", "windows"}:
            self._few_colours = True
            self._paint()
        if self._ticking:
            self.set_interval(TICK_S, self._tick)
        self._work_at_the_desk()
        self._reader.start(self._reported)
        gc.set_threshold(*RARELY)
        gc.enable()
        self.call_after_refresh(lambda: self.run_worker(load_the_rest()))

    def on_unmount(self) -> None:
        self._spoken.over()
        self._desk.stop()
        self._reader.stop()

    def _tick(self) -> None:
        self.tell(Ticked(at=self.clock()))
        self._desk.ask_for_news()
        self._tidy()

    def _tidy(self) -> None:
        """Look for garbage while nobody types: a full search takes as long as several keys."""
        if self._pressed_at is not None and time.monotonic() - self._pressed_at >= QUIET_S:
            self._pressed_at = None
            gc.collect()

    @work(thread=True, group="desk", exclusive=True)
    def _work_at_the_desk(self) -> None:
        self._desk.run()

    def _reported(self, report: Report) -> None:
        """From the reader's thread."""
        self._post(self._reports.event_of(report, self.clock()))

    def _post(self, event: Event) -> None:  # from a thread
        self.post_message(self.Happened(event))

    def on_kiosk_app_happened(self, message: Happened) -> None:
        """A thread's event."""
        self.tell(message.event)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded:
            if isinstance(event, events.Key):
                await self._press(event)
                return
            if not isinstance(event, events.MouseMove):
                self._somebody_is_here()
            if isinstance(event, events.MouseDown | events.MouseUp):
                await self._point(event)
                return
        await super().on_event(event)

    async def _point(self, event: events.MouseDown | events.MouseUp) -> None:
        """The button goes down or up, a finger where the target is that it meant.

        Like a key it waits for a screen that is being built, laid out too: where a button will
        stand nobody knows before. What a click does is done before the next event is looked at.
        """
        if isinstance(event, events.MouseDown):
            await until_it_stands(self)
            await happened_after(self.screen.call_after_refresh)
        to = event.screen_offset
        if self.touch and self.mouse_captured is None:
            to = meant(to, self.screen)
        await super().on_event(event if to == event.screen_offset else moved(event, to))
        with contextlib.suppress(NoWidget):
            await settled(self.get_widget_at(*to)[0])

    async def _press(self, event: events.Key) -> None:
        """One key after the other: the digit after Tab must not reach the wrong widget."""
        self._somebody_is_here()
        self._pressed_at = time.monotonic()
        await until_it_stands(self)
        target = self.focused or self.screen
        await super().on_event(event)
        await settled(target)

    def _somebody_is_here(self) -> None:
        """Moving a cursor is no event of the session, but it is not silence either."""
        now = self.clock()
        away = isinstance(self.session.scene, Covered | CardOut)
        if not away and now - self._touched >= TOUCH:
            self._touched = now
            self.tell(Touched(at=now))

    def on_resize(self, event: events.Resize) -> None:
        """Below the smallest size one sentence replaces everything."""
        small = not Size(event.size.width, event.size.height).large_enough
        shown = isinstance(self.screen, SmallScreen)
        if small and not shown:
            self._close_overlays()
            self.push_screen(SmallScreen())
        elif shown and not small:
            self.pop_screen()

    # Boxes.

    def open_help(self) -> None:
        """F1."""
        front = self.screen
        if isinstance(front, Frame) and front.help_beside:
            self.help_folded = not self.help_folded
            front.refresh_all()
        elif isinstance(front, Frame):
            self.push_screen(help_sheet(front))

    def open_privacy(self) -> None:
        """F3 beside a form, or in the help."""
        self.push_screen(privacy_sheet(self))

    def open_display(self) -> None:
        """F2."""
        self.push_screen(display_chooser(self), self._display_chosen)

    def _display_chosen(self, answer: str | None) -> None:
        chosen = display_choice(answer, self.session.looks.display, self.clock())
        if chosen is not None:
            self.tell(chosen)

    def open_cards(self) -> None:
        """F9 with the virtual reader."""
        if self._virtual is not None:
            self.push_screen(cards_chooser(self), self._card_chosen)

    def _card_chosen(self, answer: str | None) -> None:
        kind, _, value = (answer or "").partition(":")
        if kind == "card":
            self.insert_virtual(value)
        elif kind == "out":
            self.remove_virtual()

    def insert_virtual(self, key: str) -> None:
        """Put this card in; one that is in comes out first."""
        if self._virtual is not None and key in self._cards:
            self._card_in = key
            self._virtual.insert(self._cards[key])

    def remove_virtual(self) -> None:
        """Take the card out."""
        if self._virtual is not None:
            self._card_in = None
            self._virtual.remove()

    def move_virtual(self, label: str) -> None:
        """Put this virtual card in; empty takes the card out."""
        if label:
            self.insert_virtual(label)
        else:
            self.remove_virtual()

    # Ends.

    def action_leave(self) -> None:
        """Only a demonstration with virtual cards can be left by key."""
        if self._virtual is not None:
            self.exit(0)

    def failed(self, error: BaseException) -> str:
        self._crashed(error)
        self._spoken.over()
        return self.texts.crashed
