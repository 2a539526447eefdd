"""``jiepin match plot``. What draws is loaded when the command runs: it takes seconds."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from matcher.commands.apart import keep_apart
from matcher.commands.side_by_side import (
    NamesFile,
    PlacementFiles,
    able_to_draw,
    read_comparable,
    read_names,
)
from matcher.commands.terminal import DryRun, Lang, ProblemFile, failures_told, usage
from matcher.files import canon
from matcher.files.disk import make_folders, read_problem, write_together
from matcher.files.placement import Placement
from matcher.files.problem import Problem
from matcher.telling.compare import compare
from matcher.telling.diagrams import components
from matcher.telling.names import Names
from matcher.telling.picture import Picture
from matcher.telling.text import Language

app = typer.Typer(add_completion=False, rich_markup_mode=None)
FORMAT = "jiepin-pictures/1"
INDEX = "index.json"


@app.command(
    help=usage(
        "Draw placements: ranks, flows between counties, cut-offs, every chain and ring.",
        "jiepin match plot problem.json placement.json --out pictures",
        "jiepin match plot problem.json official.json ttc.json --out pictures --lang en",
        more="SVG files and index.json, which tells what each shows. Chains and rings are drawn "
        "when one placement is given.",
    )
)
def plot(  # noqa: PLR0913  # options of a command line, named by whoever calls
    problem: ProblemFile,
    placements: PlacementFiles,
    out: Annotated[Path, typer.Option("--out", file_okay=False, help="Folder to write into.")],
    *,
    names: NamesFile = None,
    lang: Lang = Language.ZH,
    dry_run: DryRun = False,
) -> None:
    """Draw placements: ranks, flows between counties, cut-offs, every chain and ring."""
    with failures_told(lang):
        keep_apart((problem, *placements, names), (out / INDEX,), lang)
        known = read_names(names)
        read = read_problem(problem)
        results = read_comparable(read, placements, lang)
        with able_to_draw():
            pictures = list(_pictures(read, results, known, lang))
        if not dry_run:
            _write(out, read, results, pictures)
    for picture in pictures:
        typer.echo(f"{picture.file}\t{picture.title}")


def _pictures(
    problem: Problem, placements: Mapping[str, Placement], names: Names, lang: Language
) -> Iterator[Picture]:
    from matcher.telling.plots import charts  # noqa: PLC0415  # takes seconds to load

    yield from charts(compare(problem, placements), names, lang)
    if len(placements) == 1:
        for placement in placements.values():
            yield from components(problem, placement, names, lang)


def _write(
    folder: Path, problem: Problem, placements: Mapping[str, Placement], pictures: list[Picture]
) -> None:
    """The pictures with the list of them: all or none."""
    make_folders(folder)
    index = {
        "format": FORMAT,
        "problem": problem.identity(),
        "placements": [placement.identity() for placement in placements.values()],
        "pictures": [picture.document() for picture in pictures],
    }
    contents = {folder / picture.file: (picture.svg.encode(),) for picture in pictures}
    write_together(contents | {folder / INDEX: (canon.encode(index),)})
