"""From a chart to an SVG: one look for all, the same bytes on every machine."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape

import altair as alt
import vl_convert

from matcher.telling.picture import FONTS, Picture, cells, head

INK = "#17212b"
SOFT = "#52606d"  # 6.4 : 1 on white
LINE = "#cfd8e0"
SERIES = (
    "#0b4f6c",
    "#c26a00",
    "#1b6e3c",
    "#9c1c1c",
    "#5b3f8c",
    "#6b6f00",
)  # each at least 3 : 1 on white
TITLE_SIZE, LINE_HEIGHT = 17, 19
_PALE, _DARK = (0xE3, 0xEE, 0xF5), (0x0B, 0x4F, 0x6C)
_EVEN = 0.179  # black and white are equally readable on a colour of this luminance
_NEARLY_BLACK = 0.04045  # up to here sRGB is linear
_OPENING = re.compile(r"<svg [^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What a picture is called; ``lines`` stand under the title, ``description`` is for readers."""

    file: str
    title: str
    lines: Sequence[str]
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The view of a chart and the room around it, in pixels; titles get theirs on top of that.

    ``across`` and ``down`` say what the axes count; ``across`` stands where the x axis is.
    """

    width: int
    height: int
    left: int
    right: int
    top: int = 8
    bottom: int = 8
    across: str
    down: str = ""


def values(rows: Sequence[Mapping[str, object]]) -> alt.InlineData:
    """Rows as data of a chart."""
    return alt.InlineData(values=[dict(row) for row in rows])


def draw(layers: Sequence[alt.Chart], caption: Caption, view: View) -> Picture:
    """The chart as a picture. All titles are ours: vega would place them by the width of a font."""
    needed = max(cells(caption.title) * TITLE_SIZE, *(cells(line) * 13 for line in caption.lines))
    free = 32 + needed // 2 - view.left - view.width
    view = replace(view, right=max(view.right, free))
    above = 16 + TITLE_SIZE + LINE_HEIGHT * len(caption.lines) + view.top
    dressed = alt.layer(*layers).properties(
        width=view.width,
        height=view.height,
        autosize=alt.AutoSizeParams(type="none"),
        padding={"left": view.left, "right": view.right, "top": above, "bottom": view.bottom},
        background="white",
    )
    spec: dict[str, Any] = dressed.to_dict() | {"config": _CONFIG}
    drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    opening = head(
        width=view.width + view.left + view.right,
        height=view.height + above + view.bottom,
        title=caption.title,
        description=caption.description,
    )
    words = _titles(caption, view, above)
    return Picture(
        file=caption.file,
        title=caption.title,
        description=caption.description,
        svg=_OPENING.sub(lambda _: opening, drawn).replace("</svg>", words + "</svg>\n"),
    )


def _titles(caption: Caption, view: View, above: int) -> str:
    first = 12 + TITLE_SIZE
    middle = view.left + view.width // 2
    is_above = view.top > view.bottom
    below = above + view.height + view.bottom - 12
    return "".join(
        (
            _words(16, first, caption.title, f'font-size="{TITLE_SIZE}" font-weight="bold"', INK),
            *(
                _words(16, first + LINE_HEIGHT * n, line, 'font-size="13"', SOFT)
                for n, line in enumerate(caption.lines, start=1)
            ),
            _words(
                middle,
                above - view.top + 22 if is_above else below,
                view.across,
                'font-size="12" text-anchor="middle"',
                SOFT,
            ),
            _words(view.left - 8, above - 8, view.down, 'font-size="12" text-anchor="end"', SOFT),
        )
    )


def _words(x: int, y: int, text: str, look: str, colour: str) -> str:
    return f'<text x="{x}" y="{y}" {look} fill="{colour}">{escape(text)}</text>\n' if text else ""


def shade(share: float) -> tuple[str, str]:
    """The colour of a cell, and the ink that is readable on it (WCAG 2.2: at least 4.5 : 1)."""
    colour = tuple(
        round(pale + (dark - pale) * share) for pale, dark in zip(_PALE, _DARK, strict=True)
    )
    return "#{:02x}{:02x}{:02x}".format(*colour), "#000000" if luminance(
        colour
    ) > _EVEN else "#ffffff"


def luminance(colour: Sequence[int]) -> float:
    """Relative luminance by WCAG 2.2 of red, green and blue from 0 to 255."""
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= _NEARLY_BLACK else ((share + 0.055) / 1.055) ** 2.4


_CONFIG: Mapping[str, Any] = {
    "font": FONTS,
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "labelFontSize": 12,
        "labelLimit": 0,
        "labelOverlap": False,
        "grid": False,
        "title": None,
        "domainColor": SOFT,
        "tickColor": LINE,
    },
    "axisY": {"ticks": False, "labelPadding": 6},
}
