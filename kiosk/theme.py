"""Colours by what they mean, three tables of them, and the contrast each pair has.

Nothing is told by colour alone: a role only repeats what a word, a mark or a bracket already says.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rich.style import Style
from textual.theme import Theme


class Role(StrEnum):
    """What a piece of text is; every role has a colour pair in every palette."""

    TEXT = "text"
    DIM = "dim"
    TITLE = "title"
    HEADER = "header"
    STEP = "step"
    STEP_NOW = "step_now"
    RULE = "rule"
    FOCUS = "focus"
    ERROR = "error"
    WARNING = "warning"
    GOOD = "good"
    FIELD = "field"
    FIELD_FOCUS = "field_focus"
    CURSOR = "cursor"
    BUTTON = "button"
    BUTTON_FOCUS = "button_focus"
    DISABLED = "disabled"
    KEY = "key"
    KEY_LABEL = "key_label"
    QR = "qr"
    QR_DARK = "qr_dark"


BOLD = frozenset(
    {Role.TITLE, Role.HEADER, Role.STEP_NOW, Role.FOCUS, Role.ERROR, Role.BUTTON_FOCUS, Role.KEY}
)
QR_PAIR = ("#000000", "#FFFFFF")
"""Black on white in every theme: telephones refuse inverted codes."""

LINEAR_BELOW = 0.04045
"""sRGB is linear near black (IEC 61966-2-1)."""
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3."""
LEAST_HIGH_CONTRAST = 7.0
"""WCAG 2.2, 1.4.6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """A theme: ``pairs`` are foreground and background as ``#RRGGBB``."""

    name: str
    dark: bool
    least_contrast: float
    pairs: dict[Role, tuple[str, str]]

    def style(self, role: Role) -> Style:
        """The pair as a style for one segment."""
        return _style(*self.pairs[role], role in BOLD)

    @property
    def ground(self) -> str:
        """The colour behind everything."""
        return self.pairs[Role.TEXT][1]


@lru_cache(maxsize=128)
def _style(foreground: str, background: str, bold: bool) -> Style:  # noqa: FBT001 - a cache key
    return Style(color=foreground, bgcolor=background, bold=bold)


def _palette(  # noqa: PLR0913 - one table each, read as a table
    name: str,
    *,
    dark: bool,
    least: float,
    ground: str,
    on_ground: dict[Role, str],
    own_ground: dict[Role, tuple[str, str]],
) -> Palette:
    pairs = {role: (colour, ground) for role, colour in on_ground.items()}
    return Palette(
        name=name,
        dark=dark,
        least_contrast=least,
        pairs=pairs | own_ground | {Role.QR: QR_PAIR, Role.QR_DARK: QR_PAIR[::-1]},
    )


LIGHT = _palette(
    "light",
    dark=False,
    least=LEAST_CONTRAST,
    ground="#FBFAF6",
    on_ground={
        Role.TEXT: "#1B1B1B",
        Role.DIM: "#55554F",
        Role.TITLE: "#0B3A52",
        Role.RULE: "#6A6A64",
        Role.ERROR: "#A8001C",
        Role.WARNING: "#7A4300",
        Role.GOOD: "#14591D",
        Role.DISABLED: "#62625C",
    },
    own_ground={
        Role.HEADER: ("#FFFFFF", "#14485E"),
        Role.STEP: ("#1B1B1B", "#E3E9EA"),
        Role.STEP_NOW: ("#FFFFFF", "#2A6279"),
        Role.FOCUS: ("#FFFFFF", "#0B57A4"),
        Role.FIELD: ("#111111", "#E6ECF2"),
        Role.FIELD_FOCUS: ("#111111", "#FFF3C4"),
        Role.CURSOR: ("#FFFFFF", "#111111"),
        Role.BUTTON: ("#0B3A52", "#D9E4EC"),
        Role.BUTTON_FOCUS: ("#FFFFFF", "#0B57A4"),
        Role.KEY: ("#FFFFFF", "#3A4A50"),
        Role.KEY_LABEL: ("#1B1B1B", "#E3E9EA"),
    },
)
DARK = _palette(
    "dark",
    dark=True,
    least=LEAST_CONTRAST,
    ground="#14191D",
    on_ground={
        Role.TEXT: "#E8E6E0",
        Role.DIM: "#B3B8BB",
        Role.TITLE: "#9FD8EC",
        Role.RULE: "#8A9296",
        Role.ERROR: "#FF9F98",
        Role.WARNING: "#FFD07A",
        Role.GOOD: "#9ADFA0",
        Role.DISABLED: "#9AA0A3",
    },
    own_ground={
        Role.HEADER: ("#FFFFFF", "#1F5068"),
        Role.STEP: ("#E8E6E0", "#26333A"),
        Role.STEP_NOW: ("#101010", "#9FD8EC"),
        Role.FOCUS: ("#101010", "#F6C85F"),
        Role.FIELD: ("#FFFFFF", "#2B3740"),
        Role.FIELD_FOCUS: ("#FFFFFF", "#4A3F12"),
        Role.CURSOR: ("#101010", "#FFFFFF"),
        Role.BUTTON: ("#E8E6E0", "#33444F"),
        Role.BUTTON_FOCUS: ("#101010", "#F6C85F"),
        Role.KEY: ("#101010", "#C9D3D8"),
        Role.KEY_LABEL: ("#E8E6E0", "#26333A"),
    },
)
# Only black, white and yellow, and no dim text: what is secondary is told by its place.
CONTRAST = _palette(
    "contrast",
    dark=True,
    least=LEAST_HIGH_CONTRAST,
    ground="#000000",
    on_ground=dict.fromkeys((Role.TEXT, Role.DIM, Role.RULE, Role.DISABLED, Role.GOOD), "#FFFFFF")
    | dict.fromkeys((Role.TITLE, Role.ERROR, Role.WARNING), "#FFFF00"),
    own_ground={
        Role.HEADER: ("#000000", "#FFFFFF"),
        Role.STEP: ("#FFFFFF", "#000000"),
        Role.STEP_NOW: ("#000000", "#FFFF00"),
        Role.FOCUS: ("#000000", "#FFFF00"),
        Role.FIELD: ("#000000", "#FFFFFF"),
        Role.FIELD_FOCUS: ("#000000", "#FFFF00"),
        Role.CURSOR: ("#FFFF00", "#000000"),
        Role.BUTTON: ("#FFFFFF", "#000000"),
        Role.BUTTON_FOCUS: ("#000000", "#FFFF00"),
        Role.KEY: ("#000000", "#FFFF00"),
        Role.KEY_LABEL: ("#FFFFFF", "#000000"),
    },
)
PALETTES = {palette.name: palette for palette in (LIGHT, DARK, CONTRAST)}


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two ``#RRGGBB`` colours after WCAG 2.2: 1 (equal) to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def textual_theme(palette: Palette) -> Theme:
    """The palette as Textual wants it, for what Textual itself paints (grounds)."""
    pairs = palette.pairs
    return Theme(
        name=palette.name,
        primary=pairs[Role.HEADER][1],
        foreground=pairs[Role.TEXT][0],
        background=palette.ground,
        surface=palette.ground,
        panel=palette.ground,
        warning=pairs[Role.WARNING][0],
        error=pairs[Role.ERROR][0],
        success=pairs[Role.GOOD][0],
        dark=palette.dark,
        variables={
            f"{role.value.replace('_', '-')}-ground": pair[1] for role, pair in pairs.items()
        },
    )
