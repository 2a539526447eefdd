"""The same session line by line, for whom the glass is of no use (純文字模式, UX 4.12, K12).

The screen lets go of the terminal and stays as it is; session, desk and reader go on where they
were, so nothing has to be handed over. When it is over nothing said is left on the terminal, and
the screen takes it back once what it will show stands.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TextIO

from kiosk.desk_thread import DeskThread
from kiosk.session.event import Event
from kiosk.session.state import Session

if TYPE_CHECKING:
    from kiosk.plain.keyboard import Lines
    from kiosk.plain.talk import Talk


class Glass(Protocol):
    """The application, as line mode knows it."""

    session: Session

    def clock(self) -> datetime:
        """Aware UTC, corrected by the server's."""

    def tell(self, event: Event) -> None:
        """One step of the session."""

    def move_virtual(self, label: str) -> None:
        """Put this virtual card in; empty takes the card out."""

    def call_later(self, callback: Callable[[], object]) -> object:
        """In the application's thread, after the events that threads have posted before."""

    def suspend(self) -> AbstractContextManager[None]:
        """Let go of the terminal, and take it again at the end."""

    def batch_update(self) -> AbstractContextManager[None]:
        """Paint nothing until the end."""


class Spoken:
    """Begins with the first `say` and ends with `over`, then `give_back`."""

    def __init__(
        self,
        glass: Glass,
        desk: DeskThread,
        *,
        cards: Sequence[str],
        leave: Callable[[], object] | None,
        streams: tuple[TextIO, TextIO],
    ) -> None:
        """``cards`` are virtual ones; ``leave`` is what Ctrl+C does, None on a public machine.

        ``streams`` are a terminal's, both ways.
        """
        self._glass, self._desk, self._cards, self._leave = glass, desk, tuple(cards), leave
        self._source, self._out = streams
        self._away: ExitStack | None = None
        self._talk: Talk | None = None
        self._lines: Lines | None = None
        self._typed: deque[str] = deque()
        self._behind = 0

    @property
    def has_the_terminal(self) -> bool:
        """Whether the screen has let go of it."""
        return self._away is not None

    def say(self) -> None:
        """What is new, as soon as the desk has answered all it was asked; nothing waits there."""
        talk = self._talk or self._begin()
        if talk.wipe():
            self._forget()
        self._behind += 1
        self._desk.then(lambda: self._glass.call_later(self._caught_up))

    def ring(self) -> bool:
        """A tone, if the terminal is here."""
        if self._talk is not None:
            self._talk.ring()
        return self.has_the_terminal

    def over(self) -> None:
        """Nothing more is said, and nothing that was is left to read."""
        self._typed.clear()
        if self._talk is not None:
            self._talk.clear()
        if self._lines is not None:
            self._lines.stop()
        self._talk = self._lines = None

    def give_back(self) -> None:
        """The terminal, to the screen; unless somebody chose the lines again meanwhile."""
        if self._away is not None and self._talk is None:
            away, self._away = self._away, None
            away.close()

    def _begin(self) -> "Talk":
        from kiosk.plain.keyboard import EchoOff, Lines  # noqa: PLC0415 - seldom, and a start waits
        from kiosk.plain.talk import Talk  # noqa: PLC0415

        if self._away is None:
            self._away = ExitStack()
            self._away.enter_context(self._glass.batch_update())
            self._away.enter_context(self._glass.suspend())
        terminal = self._source.fileno()
        self._lines = Lines(terminal, self._heard, self._leave)
        self._lines.start()
        self._talk = Talk(
            seat=self._glass,
            now=self._glass.clock,
            cards=self._cards,
            move_card=self._glass.move_virtual,
            out=self._out,
            echo=EchoOff(terminal),
            glass=True,
        )
        self._talk.begin()
        return self._talk

    def _heard(self, text: str) -> None:
        """A line; it waits until what it answers has been said."""
        self._typed.append(text)
        self._glass.call_later(self._go_on)

    def _caught_up(self) -> None:
        """The desk has answered what it had been asked by then."""
        self._behind -= 1
        self._go_on()

    def _forget(self) -> None:
        """Somebody went: a line half typed was hers."""
        self._typed.clear()
        if self._lines is not None:
            self._lines.forget()

    def _go_on(self) -> None:
        while self._talk is not None and not self._behind:
            self._talk.ask()
            if not self._typed:
                return
            self._talk.answer(self._typed.popleft())
