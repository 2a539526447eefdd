"""``--plain``: the kiosk as questions and answers, one per line.

For Braille, speech, bad terminals. The same session and desk as on the glass. One thread reads
lines, one reads cards; both only post.
"""

import queue
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TextIO

from kiosk.adapters.reader_port import Reader, Report
from kiosk.adapters.virtual_reader import VirtualCard, VirtualReader
from kiosk.desk.conversation import Conversation
from kiosk.desk.desk import Desk
from kiosk.plain.keyboard import EchoOff, terminal_of
from kiosk.plain.talk import Talk
from kiosk.reports import Reports
from kiosk.session.device import Ticked
from kiosk.session.effect import Effect

TICK_S = 1.0


class _End:
    """No more lines will come."""


class Line:
    """One kiosk on two streams."""

    def __init__(
        self,
        *,
        desk: Desk,
        now: Callable[[], datetime],
        reader: Reader,
        cards: Mapping[str, VirtualCard],
    ) -> None:
        """``cards`` can be put in when ``reader`` is the virtual one."""
        self._conversation = Conversation(desk, self._hear)
        self._now, self._reader, self._cards = now, reader, cards
        self._reports = Reports()
        self._inbox: queue.SimpleQueue[str | Report | _End] = queue.SimpleQueue()
        self._talk: Talk

    def run(self, source: TextIO, out: TextIO) -> None:
        """Talk until the input ends."""
        threading.Thread(target=self._listen, args=(source,), name="lines", daemon=True).start()
        with EchoOff(terminal_of(source)) as echo:
            self._talk = Talk(
                seat=self._conversation,
                now=self._now,
                cards=tuple(self._cards),
                move_card=self._move_card,
                out=out,
                echo=echo,
            )
            self._reader.start(self._inbox.put)
            try:
                while True:
                    self._talk.ask()
                    if not self._turn():
                        return
            finally:
                self._reader.stop()

    def leave(self) -> None:
        """Somebody ended a demonstration: nothing of a person is left behind."""
        self._talk.clear()

    def apologise(self) -> None:
        """A bug: a neutral sentence, and nothing else is left to read."""
        self._talk.apologise()

    def _turn(self) -> bool:
        """One thing that happens; false when the input has ended."""
        try:
            happened = self._inbox.get(timeout=TICK_S)
        except queue.Empty:
            self._conversation.tell(Ticked(at=self._now()))
            self._conversation.catch_up()
            return True
        match happened:
            case _End():
                self._talk.good_bye()
                return False
            case str() as text:
                self._talk.answer(text)
            case report:
                self._conversation.tell(self._reports.event_of(report, self._now()))
        return True

    def _move_card(self, label: str) -> None:
        if not isinstance(self._reader, VirtualReader):
            return
        if label in self._cards:
            self._reader.insert(self._cards[label])
        else:
            self._reader.remove()

    def _listen(self, source: TextIO) -> None:
        for text in source:
            self._inbox.put(text.rstrip("\r\n"))
        self._inbox.put(_End())

    def _hear(self, _: Effect) -> None:
        self._talk.ring()
