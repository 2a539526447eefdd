"""How often a process that serves looks for garbage that only a search can find.

Nearly everything goes when the last one lets go of it; what is left are cycles, such as errors and
their frames. Python looks for them after every seven hundred new things, and at times through all
there is, which in a rush took a tenth of the event loop's time.
"""

import asyncio
import gc
import os
from collections.abc import Callable
from pathlib import Path

NEW_THINGS = 50_000
"""A few megabytes at most, if all of them were garbage and small."""
GROWTH_BYTES = 32 * 1024 * 1024
LOOK_S = 1.0
MEMORY = Path("/proc/self/statm")


def search_rarely() -> None:
    """Pass over what is here already, which stays, and search less often in what is to come."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_THINGS, *gc.get_threshold()[1:])


class Search:
    """Through all there is, once this process has grown.

    What cannot be read as HTTP leaves an error whose frames hold it: few things, each as large as
    whoever sent it liked, so that counting things would let strangers fill the memory.
    """

    def __init__(
        self, memory: Callable[[], int] | None = None, search: Callable[[], object] = gc.collect
    ) -> None:
        """It is as large now as it should be."""
        self._memory, self._search = memory or resident_bytes, search
        self._small = self._memory()

    def look(self) -> None:
        """Search, if there may be something worth it."""
        now = self._memory()
        if now - self._small > GROWTH_BYTES:
            self._search()
            self._small = self._memory()
        else:
            self._small = min(self._small, now)

    async def keep_looking(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            self.look()


def resident_bytes() -> int:
    """How much memory this process has."""
    pages = int(MEMORY.read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
