"""What the commands that put placements side by side share."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from matcher.commands.terminal import FAILED, REFUSED
from matcher.files.counties import read_counties
from matcher.files.disk import read_bytes, read_placement
from matcher.files.placement import Placement
from matcher.files.problem import Problem
from matcher.telling.compare import stranger
from matcher.telling.names import Names, parse_names
from matcher.telling.text import TEXTS, Language

PlacementFiles = Annotated[
    list[Path], typer.Argument(exists=True, dir_okay=False, help="Placement files.")
]
NamesFile = Annotated[
    Path | None,
    typer.Option(
        "--names",
        exists=True,
        dir_okay=False,
        help="What schools and subjects are called: "
        '{"format":"jiepin-names/1","schools":{…},"subjects":{…}}.',
    ),
]


def read_names(path: Path | None) -> Names:
    """The names in a file, or none but those of counties.

    Raises:
        RefusedFileError: It cannot be read, or it is refused.
    """
    if path is None:
        return Names(counties=read_counties())
    return parse_names(read_bytes(path), str(path), read_counties())


def read_comparable(problem: Problem, paths: list[Path], lang: Language) -> Mapping[str, Placement]:
    """The placements under the names of their files; leaves with a code if one is a stranger."""
    results = {str(path): read_placement(path) for path in paths}
    for path, result in results.items():
        move = stranger(problem, result)
        if move is not None:
            typer.echo(f"{path}: {TEXTS[lang].nobody} {move.teacher}", err=True)
            raise typer.Exit(REFUSED)
    return results


@contextmanager
def able_to_draw() -> Iterator[None]:
    """Say what to install when that which draws is not there, and leave with a code."""
    _keep_input_open()
    try:
        yield
    except ModuleNotFoundError as error:
        typer.echo(f"{error.name}: pip install 'jiepin[match]'", err=True)
        raise typer.Exit(FAILED) from error


def _keep_input_open() -> None:
    """What draws looks at standard input when it starts, and ends where that is closed.

    A service may have none, nor what is started by a program without one.
    """
    try:
        os.fstat(0)
    except OSError:
        os.open(os.devnull, os.O_RDONLY)  # takes the lowest number that is free: 0
