"""The size of the terminal's letters: what the unit that draws the terminal is told.

A program in a terminal cannot change its font. So the kiosk runs under a terminal multiplexer, and
only the terminal around it is started anew, with the other font (ADR 0028): the program, and with
it the session, never ends. This module writes the wish where that unit reads it.
"""

import os
from pathlib import Path
from typing import Protocol

NORMAL, LARGE = "normal", "large"


class Lettering(Protocol):
    """Where the terminal's letters can be chosen."""

    def choose(self, *, large: bool) -> None:
        """Letters of this size, from now on."""


class LetteringFile:
    """A file of one word, ``normal`` or ``large``, which a path unit watches."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def choose(self, *, large: bool) -> None:
        """Replace the file in one step; the word is read by whoever draws the terminal.

        Raises:
            OSError: The folder is not there or not ours.
        """
        beside = self._path.with_name(f"{self._path.name}.new")
        beside.write_text(f"{LARGE if large else NORMAL}\n", encoding="ascii")
        os.replace(beside, self._path)  # noqa: PTH105 - atomic on the one file system
