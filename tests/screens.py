"""Draw every screen at both sizes as a picture.

`make screens`, or ``python -m tests.screens k05 --to DIR``.

Textual exports SVG; its renderer sets the width of a text by characters, which squeezes Chinese.
The widths are put right by cells, the fonts of a public server are replaced by the machine's, and a
browser without a window takes the picture.
"""

import asyncio
import base64
import re
import struct
import sys
import zlib
from argparse import ArgumentParser
from html import escape, unescape
from itertools import groupby
from pathlib import Path
from typing import TypedDict

from playwright.async_api import Page, async_playwright
from rich.cells import cell_len

from tests.kiosk.screens.gallery import NOT_DOCUMENTED, PICTURES, Picture
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


FEW_COLOURS = """
async (png) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const data = context.getImageData(0, 0, image.width, image.height).data;
  const counts = new Map();
  const key = at => (data[at] >> 3) << 10 | (data[at + 1] >> 3) << 5 | data[at + 2] >> 3;
  for (let at = 0; at < data.length; at += 4) {
    const entry = counts.get(key(at));
    if (entry) entry[0] += 1;
    else counts.set(key(at), [1, data[at], data[at + 1], data[at + 2]]);
  }
  const palette = [...counts.values()].sort((a, b) => b[0] - a[0]).slice(0, 48);
  const nearest = new Map();
  for (const [name, [, r, g, b]] of counts) {
    let best = 0, least = Infinity;
    palette.forEach(([, pr, pg, pb], index) => {
      const far = (r - pr) ** 2 + (g - pg) ** 2 + (b - pb) ** 2;
      if (far < least) { least = far; best = index; }
    });
    nearest.set(name, best);
  }
  let pixels = '';
  for (let at = 0; at < data.length; at += 4) pixels += String.fromCharCode(nearest.get(key(at)));
  return {
    width: image.width, height: image.height,
    palette: palette.flatMap(([, r, g, b]) => [r, g, b]), pixels: btoa(pixels),
  };
}
"""
"""A screen has few colours; with a palette of them its picture takes a quarter of the bytes."""


class Few(TypedDict):
    """What `FEW_COLOURS` gives: an index into the palette for every pixel, base64."""

    width: int
    height: int
    palette: list[int]
    pixels: str


def small_png(few: Few) -> bytes:
    """An indexed PNG."""
    width, height = few["width"], few["height"]
    pixels = base64.b64decode(few["pixels"])
    rows = (b"\0" + pixels[at : at + width] for at in range(0, width * height, width))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", bytes(few["palette"])),
            (b"IDAT", zlib.compress(b"".join(rows), 9)),
            (b"IEND", b""),
        )
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


async def photograph(page: Page, svg: str, size: tuple[int, int]) -> bytes:
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
    picture = await page.screenshot()
    found = await page.evaluate(FEW_COLOURS, base64.b64encode(picture).decode())
    return small_png(found)


async def draw(names: list[str]) -> dict[str, bytes]:
    """Every picture by file name."""
    pictures = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = await browser.new_page()
        for name in names:
            for size in SIZES:
                svg = await export(PICTURES[name], size)
                picture = await photograph(page, svg, size)
                pictures[f"{name}-{size[0]}x{size[1]}.png"] = picture
        await browser.close()
    return pictures


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
        for name in PICTURES
        if any(name.startswith(each) for each in words.names)
        or (not words.names and name not in NOT_DOCUMENTED)
    ]
    pictures = asyncio.run(draw(wanted))
    words.to.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        (words.to / name).write_bytes(picture)
    sys.stdout.write(f"{len(pictures)} pictures in {words.to}\n")


if __name__ == "__main__":
    main()
