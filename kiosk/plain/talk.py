"""A session told line by line: what is said of it now, and what a typed line means to it.

It knows neither who keeps the session nor where lines come from.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TextIO

from kiosk.harmless import harmless
from kiosk.plain.bureau import officer_prompt, officer_state
from kiosk.plain.display import DISPLAY, display_prompt
from kiosk.plain.entry import card_out_prompt, covered_prompt, entry_prompt
from kiosk.plain.help import HELP, PRIVACY, help_lines, privacy_lines
from kiosk.plain.keyboard import EchoOff
from kiosk.plain.prompt import PAGE, Answer, Card, Collect, Prompt, Say, Situation, View
from kiosk.plain.teacher import state_lines, teacher_prompt
from kiosk.session.event import Event
from kiosk.session.gesture import Touched
from kiosk.session.person import Secret
from kiosk.session.state import (
    CardOut,
    Covered,
    Idle,
    OfficerSignedIn,
    Reading,
    Session,
    SignedIn,
    TakeCard,
    Trouble,
)
from kiosk.session.turn import held_of
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.plain import PLAIN, PlainTexts

BELL = "\a"
HELPS = {HELP: help_lines, PRIVACY: privacy_lines}
WIPE = "\x1b[2J\x1b[3J\x1b[H"
"""Clears the screen and what has scrolled out of it."""
NOBODY = (Idle, Reading, Trouble, TakeCard, CardOut, Covered)
"""Nothing of a person is said there, so nothing of one may be left to read (UX 4.7)."""


class Seat(Protocol):
    """Who keeps the session."""

    @property
    def session(self) -> Session:
        """As it stands."""

    def tell(self, event: Event) -> object:
        """One event, and what it leads to."""


class Talk:
    """One session, said on one stream."""

    def __init__(  # noqa: PLR0913 - everything is handed in
        self,
        *,
        seat: Seat,
        now: Callable[[], datetime],
        cards: tuple[str, ...],
        move_card: Callable[[str], object],
        out: TextIO,
        echo: EchoOff,
        glass: bool = False,
    ) -> None:
        """``cards`` are virtual ones to put in; ``glass``: there is a screen to go back to."""
        self._seat, self._now = seat, now
        self._cards, self._move_card = cards, move_card
        self._out, self._echo, self._glass = out, echo, glass
        self._view: View = PAGE
        self._page: object = None
        self._collected: tuple[Secret, ...] = ()
        self._asked: Prompt = Prompt()
        self._said: Prompt | None = None
        self._asking = False
        self._wiped = self._held = False

    def begin(self) -> None:
        """How one gets out of it again; what stood here before is nobody's to read."""
        self.clear()
        self._wiped = isinstance(self._seat.session.scene, NOBODY)
        self._print(self._words().lines_begin)

    def ask(self) -> None:
        """Say what is new, and what can be answered."""
        prompt = self._asked = self._prompt()
        self._echo.hide(hidden=prompt.secret)
        self.wipe()
        self._say(prompt)

    def answer(self, text: str) -> None:
        """What this line means to what was asked last."""
        prompt = self._asked
        self._said, self._asking = None, False  # what comes next is said, even if it is the same
        told = HELPS.get(text.strip().replace("？", "?"))  # shorter than any password
        if told is not None:
            for line in told(self._now_at()):
                self._print(line)
            self._touch()
            return
        if not text.strip() and not prompt.secret and prompt.typed is None:
            self._touch()
            return
        self._do(prompt.answer(text))

    def wipe(self) -> bool:
        """Clear a terminal once nobody is there, and whatever a crash before us left on it.

        Another person's card may come without hers having been seen to leave. Whether it has just
        been done.
        """
        scene = self._seat.session.scene
        nobody, held = isinstance(scene, NOBODY), held_of(scene) is not None
        clears = (nobody and not self._wiped) or (self._held and not held)
        if clears:
            self.clear()
        self._wiped, self._held = nobody, held
        return clears

    def clear(self) -> None:
        """Leave nothing to read on a terminal."""
        if self._out.isatty():
            self._said, self._asking = None, False
            self._out.write(WIPE)
            self._out.flush()

    def ring(self) -> None:
        """A tone."""
        self._out.write(BELL)
        self._out.flush()

    def apologise(self) -> None:
        """A bug: a neutral sentence, and nothing else is left to read."""
        self.clear()
        self._print(LANGUAGES[self._seat.session.looks.display.language].crashed)

    def good_bye(self) -> None:
        """No more lines will come."""
        self._print(self._words().good_bye)

    def _prompt(self) -> Prompt:
        """What is to be said now. Another page forgets where one stood on the last."""
        scene = self._seat.session.scene
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
        return PLAIN[self._seat.session.looks.display.language]

    def _now_at(self) -> Situation:
        session = self._seat.session
        language = session.looks.display.language
        return Situation(
            session=session,
            view=self._view,
            texts=LANGUAGES[language],
            plain=PLAIN[language],
            cards=self._cards,
            collected=self._collected,
            glass=self._glass,
        )

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
        self._out.write(_shown(ask))
        self._out.flush()

    def _do(self, answer: Answer) -> None:
        match answer:
            case Say(event=event, view=view):
                self._collected, self._view = (), view
                self._seat.tell(event(self._now()))
            case View() as view:
                self._view, self._collected = view, ()
                self._touch()
            case Collect(secret=secret):
                self._collected = (*self._collected, secret)
            case Card(label=label):
                self._move_card(label)
            case None:
                self._print(self._words().not_an_answer)
                self._touch()

    def _touch(self) -> None:
        self._seat.tell(Touched(at=self._now()))

    def _print(self, line: str) -> None:
        self._out.write(_shown(line) + "\n")
        self._out.flush()


def _shown(text: str) -> str:
    """Our own sentences may have line breaks; other people's words are one line."""
    return "\n".join(harmless(each) for each in text.split("\n"))


def _after(lines: tuple[str, ...], prompt: Prompt) -> Prompt:
    return replace(prompt, lines=(*lines, *prompt.lines))
