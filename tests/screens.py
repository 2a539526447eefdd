"""Draw every screen at both sizes as a picture.

`make screens`, or ``python -m tests.screens k05 --to DIR``.

Textual exports SVG; its renderer sets the width of a text by characters, which squeezes Chinese.
The widths are put right by cells, the fonts of a public server are replaced by the machine's, and a
browser without a window takes the picture.
"""

import asyncio
import re
import sys
from argparse import ArgumentParser
from html import escape, unescape
from itertools import groupby
from pathlib import Path

from playwright.async_api import Page, async_playwright
from rich.cells import cell_len

from tests.kiosk.screens.gallery import PICTURES, Picture
from tests.kiosk.screens.stage import SIZES, StagedKiosk

DOCS = Path(__file__).parents[1] / "docs" / "screens"
CHROMIUM = "/usr/bin/chromium"
CELL = 12.2
"""Width of a cell in Rich's SVG, pixels."""
ZOOM = 0.75
FONTS = "'DejaVu Sans Mono', 'Noto Sans Mono CJK TC', monospace"

_FONT_FACE = re.compile(r"@font-face\s*\{.*?\}", re.DOTALL)
_TEXT = re.compile(
    r'<text (?P<before>[^>]*?)x="(?P<x>[\d.]+)" (?P<between>[^>]*?)textLength="[\d.'
    r']+"(?P<after>[^>]*)>(?P<text>.*?)</text>',
    re.DOTALL,
)
_FAMILY = re.compile(r"font-family:\s*Fira Code[^;]*;")
_TERMINAL = re.compile(
    r'<g transform="translate\((?P<x>[\d.]+), (?P<y>[\d.]+)\)" clip-path="url\('
    r'#[^)]*-clip-terminal\)">'
)


def mended(svg: str) -> str:
    """The SVG with widths by cells, the machine's fonts, and neither window frame nor title."""
    svg = _FONT_FACE.sub("", svg)
    svg = _FAMILY.sub(f"font-family: {FONTS};", svg).replace(
        "font-variant-east-asian: full-width;", ""
    )

    return _TEXT.sub(_by_cells, svg)


def _by_cells(found: re.Match[str]) -> str:
    """One text per run of equally wide characters.

    Stretched together, they would push each other aside.
    """
    x = float(found["x"])
    out = []
    text = unescape(found["text"]).replace("\u00a0", " ")
    for _, run in groupby(text, key=cell_len):
        piece = "".join(run)
        length = cell_len(piece) * CELL
        if piece.strip():
            shown = escape(piece).replace(" ", "&#160;")
            out.append(
                f'<text {found["before"]}x="{x:.1f}" {found["between"]}textLength="{length:.1f}" '
                f'lengthAdjust="spacingAndGlyphs"{found["after"]}>{shown}</text>'
            )
        x += length
    return "".join(out)


async def export(picture: Picture, size: tuple[int, int]) -> str:
    """The screen as SVG."""
    app = StagedKiosk(picture.session, palette=picture.palette, language=picture.language)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for key in picture.keys:
            await pilot.press(key)
        await pilot.pause()
        return app.export_screenshot(title="")


async def photograph(page: Page, svg: str, size: tuple[int, int], to: Path) -> None:
    """The SVG's terminal, without the window Rich draws around it, as PNG."""
    origin = _TERMINAL.search(svg)
    if origin is None:
        raise ValueError("no terminal in the SVG")
    left, top = float(origin["x"]), float(origin["y"])
    width, height = size[0] * CELL, size[1] * 24.4
    await page.set_viewport_size(
        {"width": round(width * ZOOM), "height": round((height + 5) * ZOOM)}
    )
    await page.set_content(
        f"<style>body{{margin:0;overflow:hidden}}svg{{position:absolute;left:"
        f"{-left}px;top:{-top}px;"
        f"width:{width + 2 * left}px}}#zoom{{transform:scale({ZOOM});transform-origin:0 0}}</style>"
        f"<div id=zoom>{mended(svg)}</div>"
    )
    await page.screenshot(path=to)


async def draw(names: list[str], folder: Path) -> int:
    """Write the pictures; how many."""
    count = 0
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page()
        for name in names:
            for size in SIZES:
                svg = await export(PICTURES[name], size)
                await photograph(page, svg, size, folder / f"{name}-{size[0]}x{size[1]}.png")
                count += 1
        await browser.close()
    return count


def main() -> None:
    """Parse the words and draw."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument(
        "names", nargs="*", help="beginnings of names; all shown in the documentation when none"
    )
    parser.add_argument("--to", type=Path, default=DOCS)
    words = parser.parse_args()
    wanted = [
        name
        for name, picture in PICTURES.items()
        if (any(name.startswith(each) for each in words.names) if words.names else picture.main)
    ]
    words.to.mkdir(parents=True, exist_ok=True)
    count = asyncio.run(draw(wanted, words.to))
    sys.stdout.write(f"{count} pictures in {words.to}\n")


if __name__ == "__main__":
    main()
