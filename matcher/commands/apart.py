"""Files that a command writes, kept apart from those it reads and from one another."""

import os.path
from collections.abc import Iterable
from pathlib import Path

import typer

from matcher.telling.running import RUNNING
from matcher.telling.text import Language


def keep_apart(
    read: Iterable[Path | None],
    written: Iterable[Path | None],
    lang: Language,
    *,
    twice: str | None = None,
) -> None:
    """Return if no output is an input or another output; None is no file.

    ``twice``: what is said of two outputs in one place, if not the same as of an input.

    Raises:
        BadParameter: One is.
    """
    over = RUNNING[lang].same_file
    taken = {_place(path): over for path in read if path is not None}
    for path in written:
        if path is None:
            continue
        if sentence := taken.get(_place(path)):
            raise typer.BadParameter(sentence.format(path=path))
        taken[_place(path)] = over if twice is None else twice


def _place(path: Path) -> str:
    return os.path.realpath(path)  # of links in a circle as well
