"""``jiepin match compare``."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.commands.terminal import REFUSED, Json, ProblemFile, failures_told, tell_json, usage
from matcher.files.disk import (
    read_placement,
    read_problem,
)
from matcher.telling.compare import Comparison
from matcher.telling.compare import compare as compare_placements
from matcher.telling.text import TEXTS, Language

app = typer.Typer()


@app.command(
    help=usage(
        "Put placements of one problem side by side.",
        "jiepin match compare problem.json official.json without-vacancies.json --json",
        more="Movers by phase, ranks of their wishes, flows between counties, and who differs.",
    )
)
def compare(
    problem: ProblemFile,
    placements: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="Placement files.")
    ],
    *,
    json: Json = False,
) -> None:
    """Put placements of one problem side by side."""
    with failures_told(Language.ZH):
        read = read_problem(problem)
        results = {str(path): read_placement(path) for path in placements}
        for path, result in results.items():
            strangers = {m.teacher for m in result.moves()} - {t.id for t in read.teachers}
            if strangers:
                typer.echo(f"{path}: {TEXTS[Language.ZH].nobody} {min(strangers)}", err=True)
                raise typer.Exit(REFUSED)
        comparison = compare_placements(read, results)
    if json:
        tell_json(comparison.document())
    else:
        _tell_comparison(comparison)


def _tell_comparison(comparison: Comparison) -> None:
    for account in comparison.accounts:
        typer.echo(f"{account.name}  {account.placement}")
        phases = (f"{TEXTS[Language.ZH].phase(n)} {count}" for n, count in account.moved.items())
        typer.echo(f"  達成 {sum(account.moved.values())}：{'、'.join(phases)}")
        ranks = (f"{rank}:{count}" for rank, count in account.ranks.items())
        typer.echo(f"  志願序 {' '.join(ranks)}")
    for difference in comparison.differences:
        wishes = " / ".join("-" if w is None else str(w) for w in difference.wishes)
        typer.echo(f"{difference.teacher}\t{wishes}\t{'、'.join(difference.better)}")
