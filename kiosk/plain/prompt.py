"""What line mode says at one moment, and what each answer means. It knows no terminal."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.session.event import Event
from kiosk.session.person import Secret
from kiosk.session.state import Session
from kiosk.text.catalogue import Texts
from kiosk.text.plain import PlainTexts


@dataclass(frozen=True, slots=True)
class View:
    """Where inside a page line mode is: a menu, one field, one wish. Empty is the page itself."""

    name: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """An event to tell, then where to stand."""

    event: Callable[[datetime], Event]
    view: View = View()


@dataclass(frozen=True, slots=True)
class Collect:
    """One of several secrets a page wants; kept until all are typed."""

    secret: Secret


@dataclass(frozen=True, slots=True)
class Card:
    """Put this virtual card in; empty takes the card out."""

    label: str = ""


Answer = Say | View | Collect | Card | None
"""None: that is no answer."""


@dataclass(frozen=True, slots=True)
class Option:
    """A numbered choice."""

    label: str
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """``lines`` are said, then ``options`` from 1, then 0 when there is a way ``back``.

    With ``typed`` any other answer is taken as text; ``question`` then asks for it and ``secret``
    hides it, and an empty line goes back. ``passing`` are lines that grow old by themselves; a
    change of nothing else is no reason to speak.
    """

    lines: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    back: Option | None = None
    question: str = ""
    typed: Callable[[str], Answer] | None = None
    secret: bool = False
    passing: tuple[str, ...] = ()

    def choices(self) -> tuple[str, ...]:
        """The numbered choices and the way back, as they are said."""
        numbered = (f"{number} {one.label}" for number, one in enumerate(self.options, start=1))
        back = () if self.back is None or not self.back.label else (self.back.label,)
        return (*numbered, *back)

    def said(self) -> tuple[str, ...]:
        """Everything that is said before the question."""
        return (*self.lines, *self.choices())

    def news(self) -> tuple[str, ...]:
        """What is worth saying again once it has changed."""
        return tuple(each for each in self.said() if each not in self.passing)

    def answer(self, text: str) -> Answer:
        """What this line of input means."""
        if self.secret and self.typed is not None and text:
            return self.typed(text)
        if self.secret:
            return None if self.back is None else self.back.answer
        plain = unicodedata.normalize("NFKC", text).strip()  # full-width digits count too
        if plain == "0" and self.back is not None:
            return self.back.answer
        if plain.isascii() and plain.isdecimal() and 1 <= int(plain) <= len(self.options):
            return self.options[int(plain) - 1].answer
        return None if self.typed is None else self.typed(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything a prompt is made of.

    ``collected`` are secrets typed so far on this page; ``glass``: there is a screen to go back to.
    """

    session: Session
    view: View
    texts: Texts
    plain: PlainTexts
    cards: tuple[str, ...] = ()
    collected: tuple[Secret, ...] = ()
    glass: bool = False

    def card_options(self) -> tuple[Option, ...]:
        """Virtual cards to put in, where there is a virtual reader."""
        return tuple(Option(self.plain.put_in(each), Card(each)) for each in self.cards)

    def at(self, view: View) -> "Situation":
        """The same somewhere else on the page."""
        return replace(self, view=view)


PAGE = View()
"""The page itself."""


def say(kind: Callable[..., Event], view: View = PAGE, **values: object) -> Say:
    """An event of this kind, made when it happens."""
    return Say(lambda at: kind(at=at, **values), view)
