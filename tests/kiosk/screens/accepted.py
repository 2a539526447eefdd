"""What every screen looks like, as it was looked at and accepted: text and colours, row by row.

``python -m tests.kiosk.screens.accepted [NAME …]`` accepts what is drawn now; without a name
everything. A file per picture holds the small screen in both languages as text, which a person can
read and compare, and every size, language and row as a digest of text and colours. Colours are
those of the light theme, which holds all three: roles that look alike there look alike in the
others, and the others draw the same pieces by another table (both in ``test_theme``).
"""

import asyncio
import hashlib
import sys
from pathlib import Path

from kiosk.app import KioskApp
from tests.kiosk.screens.gallery import PICTURES
from tests.kiosk.screens.stage import SIZES, SMALL, StagedKiosk

FOLDER = Path(__file__).parent / "accepted"
LANGUAGES = ("zh", "en")
DIGEST_BYTES = 2
MARK = "== "
Look = tuple[tuple[str, ...], tuple[str, ...]]
"""Rows as text without blanks at their ends, and a digest of each with its colours."""


def look(app: KioskApp) -> Look:
    """What stands on the screen now."""
    strips = app.screen._compositor.render_strips()  # noqa: SLF001
    rows = tuple(strip.text.rstrip() for strip in strips)
    digests = []
    for strip in strips:
        drawn = "|".join(f"{each.text}/{each.style}" for each in strip)
        digests.append(hashlib.blake2b(drawn.encode(), digest_size=DIGEST_BYTES).hexdigest())
    return rows, tuple(digests)


def way(size: tuple[int, int], language: str) -> str:
    """The name of one way of showing a picture."""
    return f"{size[0]}x{size[1]} {language}"


def differences(name: str, shown: str, now: Look) -> list[str]:
    """What is otherwise than accepted, in words with the rows; empty when nothing is."""
    before = read(name).get(shown)
    if before is None:
        return [f"{name} {shown}: nobody has accepted it"]
    rows, digests = before
    found = [
        f"{name} {shown}, row {at + 1}:\n  now {now[0][at]!r}"
        + (f"\n  was {rows[at]!r}" if rows else "")
        for at in range(len(now[1]))
        if at >= len(digests) or digests[at] != now[1][at]
    ]
    return found + ([] if len(digests) == len(now[1]) else [f"{name} {shown}: other height"])


def read(name: str) -> dict[str, Look]:
    """What was accepted of a picture, by way."""
    path = FOLDER / f"{name}.txt"
    found: dict[str, Look] = {}
    if not path.exists():
        return found
    for part in path.read_text(encoding="utf-8").split(f"\n{MARK}"):
        head, digests, *rows = part.removeprefix(MARK).split("\n")
        found[head] = (tuple(rows), tuple(digests.split()))
    return found


def write(name: str, looks: dict[str, Look]) -> None:
    """Accept these."""
    parts = []
    for shown, (rows, digests) in looks.items():
        is_small = shown.startswith(way(SMALL, ""))
        parts.append("\n".join([f"{MARK}{shown}", " ".join(digests), *(rows if is_small else ())]))
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.txt").write_text("\n".join(parts), encoding="utf-8")


async def _accept(names: list[str]) -> None:
    found: dict[str, dict[str, Look]] = {name: {} for name in names}
    for size in SIZES:
        for language in LANGUAGES:
            app = StagedKiosk(PICTURES["k01-idle"].session)
            async with app.run_test(size=size) as pilot:
                for name in names:
                    picture = PICTURES[name]
                    app.show(picture.session, language=language)
                    await pilot.pause()
                    await pilot.press(*picture.keys)
                    await pilot.pause()
                    found[name][way(size, language)] = look(app)
    for name, looks in found.items():
        write(name, looks)
    if set(names) == set(PICTURES):
        for path in FOLDER.glob("*.txt"):
            if path.stem not in PICTURES:
                path.unlink()


if __name__ == "__main__":
    asyncio.run(_accept(sys.argv[1:] or list(PICTURES)))
