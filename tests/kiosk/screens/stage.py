"""A kiosk on a test's stage.

The real application with a desk that only listens and a reader without cards.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TextIO

from kiosk.adapters.reader_port import Emit
from kiosk.app import KioskApp
from kiosk.session.effect import Effect
from kiosk.session.event import Event
from kiosk.session.state import Session
from kiosk.session.trail import Trace
from kiosk.widgets.glyphs import LINES, Glyphs

SMALL, LARGE = (80, 24), (120, 40)
SIZES = (SMALL, LARGE)
PATIENCE_S = 60.0


class ListeningDesk:
    """Answers nothing; remembers what was asked."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.asked: list[Effect] = []

    def begin(self) -> Session:
        return self._session

    def perform(self, effect: Effect) -> tuple[Event, ...]:
        self.asked.append(effect)
        return ()

    def news(self) -> tuple[Event, ...]:
        return ()

    def note(self, traces: Iterable[Trace]) -> None:
        """Nothing is written."""


class QuietReader:
    """No service, no reader, no card; nothing is ever reported."""

    def start(self, emit: Emit) -> None:
        """Nothing to watch."""

    def stop(self) -> None:
        """Nothing to end."""


def dressed(session: Session, palette: str, language: str) -> Session:
    """The session in these colours and this language, unless it says so itself."""
    if session.looks.chosen:
        return session
    display = session.looks.display.with_choice("theme", palette).with_choice("language", language)
    return replace(session, looks=replace(session.looks, display=display))


class StagedKiosk(KioskApp):
    """A kiosk whose time stands still unless a test moves it."""

    def __init__(  # noqa: PLR0913 - each has a default
        self,
        session: Session,
        *,
        glyphs: Glyphs = LINES,
        palette: str = "light",
        language: str = "zh",
        touch: bool = False,
        streams: tuple[TextIO, TextIO] | None = None,
    ) -> None:
        self.desk = ListeningDesk(dressed(session, palette, language))
        self.time: datetime = session.at
        super().__init__(
            desk=self.desk,
            reader=QuietReader(),
            clock=lambda: self.time,
            glyphs=glyphs,
            touch=touch,
            ticking=False,
            streams=streams,
        )
        self._desk.run = self._until_over(self._desk.run)
        self._over = threading.Event()

    def _until_over(self, run: Callable[[], None]) -> Callable[[], None]:
        def noted() -> None:
            try:
                run()
            finally:
                self._over.set()

        return noted

    def show(self, session: Session, *, palette: str = "light", language: str = "zh") -> None:
        """Another scene on the same stage."""
        self.session = dressed(session, palette, language)
        self.time = session.at
        self._kind = None
        self._paint()
        self._draw()

    def asked(self, kind: type[Effect]) -> list[Effect]:
        """The effects of a kind the desk was asked for, once its thread has come to the last."""
        done, end = threading.Event(), time.monotonic() + PATIENCE_S
        self._desk.then(done.set)
        while not (done.wait(0.01) or self._over.is_set()):
            assert time.monotonic() < end, "the desk's thread stands still"
        return [each for each in self.desk.asked if isinstance(each, kind)]


def lines_of(app: KioskApp) -> list[str]:
    """What stands on the screen, row by row."""
    return [strip.text for strip in app.screen._compositor.render_strips()]  # noqa: SLF001


def text_of(app: KioskApp) -> str:
    """The whole screen as one text."""
    return "\n".join(lines_of(app))
