"""Keys and clicks wait for each other: one does all it does before the next is looked at.

They travel by messages, from the widget to the screen, and two quick ones would overtake each other
there; and a screen that is being built gets what was meant for it when it stands.
"""

import asyncio
import contextlib
from collections.abc import Callable

from textual.app import App
from textual.dom import DOMNode

from kiosk.screens.frame import Frame
from kiosk.screens.overlay import Overlay

SETTLED_S = 0.5  # nothing must be held back longer, whatever it started
BUILT_PAUSE_S, BUILT_TRIES = 0.005, 200


async def until_it_stands(app: App[int]) -> None:
    """Until the screen in front is built and has its focus."""
    for _ in range(BUILT_TRIES):
        screen = app.screen
        if not isinstance(screen, Frame | Overlay) or screen.takes_keys:
            return
        await asyncio.sleep(BUILT_PAUSE_S)


async def settled(target: DOMNode) -> None:
    """Until what was sent to this widget has gone up to its screen."""
    for node in target.ancestors_with_self:
        if isinstance(node, App) or not await happened_after(node.call_later):
            return


async def happened_after(later: Callable[[Callable[[], object]], bool]) -> bool:
    """Until a callback has come through; false when nothing can come through any more."""
    passed = asyncio.Event()
    if not later(passed.set):
        return False
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(passed.wait(), SETTLED_S)
    return True
