"""How a person wants the machine to look and sound (F2), as a value and as the bytes it is kept in.

Colours, language, large letters, more time, quiet, line by line: nothing else is known of her by
it.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

Theme: TypeAlias = Literal["light", "dark", "contrast"]
Language: TypeAlias = Literal["zh", "en"]
Place: TypeAlias = Literal["theme", "language", "large", "more_time", "muted", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """``large``: 大字; ``more_time``: fifteen minutes of silence (UX 4.7); ``muted``: no tones.

    ``plain``: 純文字模式, questions and answers instead of screens (UX 4.12).
    """

    theme: Theme = "light"
    language: Language = "zh"
    large: bool = False
    more_time: bool = False
    muted: bool = False
    plain: bool = False

    def with_choice(self, place: str, value: object) -> "Display":
        """The same with one choice made; one that is not on the list changes nothing."""
        values = asdict(self)
        if place not in values:
            return self
        try:
            return msgspec.convert({**values, place: value}, Display)
        except msgspec.ValidationError:
            return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What is in force now.

    ``chosen`` are the places somebody chose since the machine was neutral: they win over what a
    card brings back. ``since`` is when that was last done.
    """

    display: Display = Display()
    chosen: frozenset[str] = frozenset()
    since: datetime | None = None

    def with_choice(self, place: str, value: object, at: datetime) -> "Looks":
        """One choice made at this time."""
        display = self.display.with_choice(place, value)
        return replace(self, display=display, chosen=self.chosen | {place}, since=at)

    def met(self, kept: Display) -> "Looks":
        """As a person kept it, but for what has just been chosen at the idle screen."""
        display = kept
        for place in sorted(self.chosen):
            display = display.with_choice(place, getattr(self.display, place))
        return replace(self, display=display)


AS_BUILT = Display()
UNCHOSEN = Looks()


def encode_display(display: Display) -> bytes:
    """JSON, so that a later program still reads what an earlier one wrote."""
    return msgspec.json.encode(display)


def decode_display(content: bytes) -> Display:
    """The choices; what another program wrote and this one does not know stays at its default.

    Raises:
        ValueError: Not a display at all.
    """
    display = Display()
    for place, value in msgspec.json.decode(content, type=dict[str, object]).items():
        display = display.with_choice(place, value)
    return display
