"""Lines and boxes in two alphabets.

Box-drawing characters are of ambiguous width: a terminal set for Chinese draws them two cells
wide while we count one,
and every frame breaks. There the frames are ASCII and such characters in other people's text are
replaced.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.domain.school import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """Characters to draw with; each is one cell wide in its terminal, but for the ASCII arrow."""

    horizontal: str
    vertical: str
    top_left: str
    top_right: str
    bottom_left: str
    bottom_right: str
    tee_down: str
    tee_up: str
    tee_right: str
    tee_left: str
    arrow: str
    half_blocks: bool
    """Whether half-height blocks may be drawn (QR codes)."""

    def safe(self, text: str) -> str:
        """The text without characters whose width this terminal and we see differently."""
        if self.half_blocks or text.isascii():
            return text
        return "".join(STAND_INS.get(each, "?") if ambiguous(each) else each for each in text)


STAND_INS = {"○": "O", "□": "?", "\u2013": "-", "\u2014": "-", "\u2027": ".", "\u00b7": "."}
"""What names on cards and in school lists really hold; one cell each."""


MARK_SIGNS: Mapping[Mark, str] = MappingProxyType(
    {
        Mark.REMOTE: "△",
        Mark.SPECIAL_REMOTE: "▲",
        Mark.VERY_REMOTE: "◆",
        Mark.CORRECTIONAL: "★",
    }
)
"""The signs of the old system, for a legend in a terminal that draws them one cell wide."""


def ambiguous(character: str) -> bool:
    """Whether terminals disagree about its width."""
    return unicodedata.east_asian_width(character) == "A"


LINES = Glyphs(
    horizontal="─",
    vertical="│",
    top_left="┌",
    top_right="┐",
    bottom_left="└",
    bottom_right="┘",
    tee_down="┬",
    tee_up="┴",
    tee_right="├",
    tee_left="┤",
    arrow="→",
    half_blocks=True,
)
ASCII = Glyphs(
    horizontal="-",
    vertical="|",
    top_left="+",
    top_right="+",
    bottom_left="+",
    bottom_right="+",
    tee_down="+",
    tee_up="+",
    tee_right="+",
    tee_left="+",
    arrow="->",
    half_blocks=False,
)
