"""What a kiosk need not have for its first screen, loaded afterwards, a little at a time."""

import asyncio
import gc
import sys
from collections.abc import Iterator
from importlib import import_module

from kiosk.screens import choice

BREATH_S = 0.01
"""Between two modules; a key or a card that comes is taken first."""
BESIDE = (
    "kiosk.text.english.catalogue",
    "kiosk.desk.incidents",
    "kiosk.plain.talk",
    "segno",
)


async def load_the_rest() -> None:
    """Load it, so that nobody waits for a module later, and take it out of the garbage search."""
    for module in rest():
        import_module(module)
        await asyncio.sleep(BREATH_S)
    gc.freeze()


def rest() -> Iterator[str]:
    """Modules that are not loaded yet."""
    for module in (*choice.MODULES, *BESIDE):
        if module not in sys.modules:
            yield module
