"""``--plain``: the kiosk as questions and answers, one per line.

For Braille, speech, bad terminals. The same session and desk as on the glass. One thread reads
lines, one reads cards; both only post.
"""

import os
import queue
import termios
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TextIO

from kiosk.adapters.reader_port import Reader, Report
from kiosk.adapters.virtual_reader import VirtualCard, VirtualReader
from kiosk.desk.conversation import Conversation
from kiosk.desk.desk import Desk
from kiosk.plain.bureau import officer_prompt, officer_state
from kiosk.plain.display import DISPLAY, display_prompt
from kiosk.plain.entry import card_out_prompt, covered_prompt, entry_prompt
from kiosk.plain.help import HELP, PRIVACY, help_lines, privacy_lines
from kiosk.plain.prompt import PAGE, Answer, Card, Collect, Prompt, Say, Situation, View
from kiosk.plain.teacher import state_lines, teacher_prompt
from kiosk.reports import Reports
from kiosk.session.device import Ticked
from kiosk.session.effect import Effect
from kiosk.session.gesture import Touched
from kiosk.session.person import Secret
from kiosk.session.state import (
    CardOut,
    Covered,
    Idle,
    OfficerSignedIn,
    Reading,
    SignedIn,
    TakeCard,
    Trouble,
)
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.plain import PLAIN, PlainTexts

TICK_S = 1.0
BELL = "\a"
HELPS = {HELP: help_lines, PRIVACY: privacy_lines}
WIPE = "\x1b[2J\x1b[3J\x1b[H"
"""Clears the screen and what has scrolled out of it."""
NOBODY = (Idle, Reading, Trouble, TakeCard, CardOut, Covered)
"""Nothing of a person is said there, so nothing of one may be left to read (UX 4.7)."""


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
        self._talk = Conversation(desk, self._hear)
        self._now, self._reader, self._cards = now, reader, cards
        self._reports = Reports()
        self._inbox: queue.SimpleQueue[str | Report | _End] = queue.SimpleQueue()
        self._view: View = PAGE
        self._page: object = None
        self._collected: tuple[Secret, ...] = ()
        self._said: Prompt | None = None
        self._asking = False
        self._wiped = False
        self._out: TextIO

    def run(self, source: TextIO, out: TextIO) -> None:
        """Talk until the input ends."""
        self._out = out
        threading.Thread(target=self._listen, args=(source,), name="lines", daemon=True).start()
        self._reader.start(self._inbox.put)
        try:
            with _EchoOff(source) as echo:
                while True:
                    prompt = self._prompt()
                    echo.hide(hidden=prompt.secret)
                    self._wipe()
                    self._say(prompt)
                    if not self._turn(prompt):
                        return
        finally:
            self._reader.stop()

    def leave(self) -> None:
        """Somebody ended a demonstration: nothing of a person is left behind."""
        self._clear()

    def apologise(self) -> None:
        """A bug: a neutral sentence, and nothing else is left to read."""
        self._clear()
        self._print(LANGUAGES[self._talk.session.looks.display.language].crashed)

    def _turn(self, prompt: Prompt) -> bool:
        """One thing that happens; false when the input has ended."""
        try:
            happened = self._inbox.get(timeout=TICK_S)
        except queue.Empty:
            self._talk.tell(Ticked(at=self._now()))
            self._talk.catch_up()
            return True
        match happened:
            case _End():
                self._print(self._words().good_bye)
                return False
            case str() as text:
                self._answer(prompt, text)
            case report:
                self._talk.tell(self._reports.event_of(report, self._now()))
        return True

    def _prompt(self) -> Prompt:
        """What is to be said now. Another page forgets where one stood on the last."""
        scene = self._talk.session.scene
        page = (type(scene), type(getattr(scene, "page", None)), getattr(scene, "question", None))
        if page != self._page:
            self._page, self._view, self._collected, self._said = page, PAGE, (), None
        now = self._now_at()
        if self._view == DISPLAY and not isinstance(scene, Covered | CardOut):
            return display_prompt(now)
        prompt = self._prompt_of(now)
        return _after((now.texts.practice,), prompt) if now.session.station.practice else prompt

    def _prompt_of(self, now: Situation) -> Prompt:
        match now.session.scene:
            case SignedIn() as scene:
                return _after(state_lines(now, scene), teacher_prompt(now, scene))
            case OfficerSignedIn() as scene:
                return _after(officer_state(now, scene), officer_prompt(now, scene))
            case Covered() as scene:
                return covered_prompt(now, scene)
            case CardOut() as scene:
                return card_out_prompt(now, scene)
            case scene:
                return entry_prompt(now, scene)

    def _words(self) -> PlainTexts:
        return PLAIN[self._talk.session.looks.display.language]

    def _now_at(self) -> Situation:
        session = self._talk.session
        language = session.looks.display.language
        return Situation(
            session=session,
            view=self._view,
            texts=LANGUAGES[language],
            plain=PLAIN[language],
            cards=tuple(self._cards),
            collected=self._collected,
        )

    def _wipe(self) -> None:
        """Clear a terminal once nobody is there, and whatever a crash before us left on it."""
        nobody = isinstance(self._talk.session.scene, NOBODY)
        if nobody and not self._wiped:
            self._clear()
        self._wiped = nobody

    def _clear(self) -> None:
        if self._out.isatty():
            self._said, self._asking = None, False
            self._out.write(WIPE)
            self._out.flush()

    def _say(self, prompt: Prompt) -> None:
        """Say what is new.

        While the question before still stands, only lines that were not said with it are, or where
        some are gone, the lines without the choices: what is read aloud must not begin again
        because a minute has passed.
        """
        before, self._said = self._said, prompt
        lines = prompt.said()
        if before is not None:
            if prompt.news() == before.news() and prompt.question == before.question:
                return
            if prompt.choices() == before.choices():
                lines = tuple(each for each in lines if each not in before.said()) or prompt.lines
        for line in ("", *lines) if self._asking else lines:
            self._print(line)
        ask = prompt.question or (self._words().choose if prompt.options else "")
        self._asking = bool(ask)
        self._out.write(ask)
        self._out.flush()

    def _answer(self, prompt: Prompt, text: str) -> None:
        self._said, self._asking = None, False  # what comes next is said, even if it is the same
        told = HELPS.get(text.strip().replace("？", "?"))  # shorter than any password
        if told is not None:
            for line in told(self._now_at()):
                self._print(line)
            self._talk.tell(Touched(at=self._now()))
            return
        if not text.strip() and not prompt.secret and prompt.typed is None:
            self._talk.tell(Touched(at=self._now()))
            return
        self._do(prompt.answer(text))

    def _do(self, answer: Answer) -> None:
        match answer:
            case Say(event=event, view=view):
                self._collected, self._view = (), view
                self._talk.tell(event(self._now()))
            case View() as view:
                self._view, self._collected = view, ()
                self._talk.tell(Touched(at=self._now()))
            case Collect(secret=secret):
                self._collected = (*self._collected, secret)
            case Card(label=label):
                self._move_card(label)
            case None:
                self._print(self._words().not_an_answer)
                self._talk.tell(Touched(at=self._now()))

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
        self._out.write(BELL)

    def _print(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()


def _after(lines: tuple[str, ...], prompt: Prompt) -> Prompt:
    return Prompt(
        lines=(*lines, *prompt.lines),
        options=prompt.options,
        back=prompt.back,
        question=prompt.question,
        typed=prompt.typed,
        secret=prompt.secret,
        passing=prompt.passing,
    )


class _EchoOff:
    """Hides what is typed while a secret is asked for, where the input is a terminal."""

    def __init__(self, source: TextIO) -> None:
        self._number = _terminal(source)
        self._before: list[object] | None = None

    def __enter__(self) -> "_EchoOff":
        return self

    def __exit__(self, *_: object) -> None:
        self.hide(hidden=False)

    def hide(self, *, hidden: bool) -> None:
        """Hide or show from now on."""
        if self._number is None or hidden == (self._before is not None):
            return
        if hidden:
            self._before = termios.tcgetattr(self._number)
            quiet = termios.tcgetattr(self._number)
            quiet[3] = quiet[3] & ~termios.ECHO | termios.ECHONL
            termios.tcsetattr(self._number, termios.TCSADRAIN, quiet)
        elif self._before is not None:
            termios.tcsetattr(self._number, termios.TCSADRAIN, self._before)  # type: ignore[arg-type]
            self._before = None


def _terminal(source: TextIO) -> int | None:
    with suppress(OSError, ValueError):
        number = source.fileno()
        return number if os.isatty(number) else None
    return None
