"""``jiepin match generate``."""

from pathlib import Path
from random import Random
from typing import Annotated

import typer

from matcher.commands.terminal import (
    DryRun,
    Output,
    failures_told,
    usage,
)
from matcher.files import canon
from matcher.files.disk import (
    read_bytes,
    read_counties,
    read_default_rules,
    read_rules,
    write_bytes,
)
from matcher.files.problem import Stage
from matcher.inventing.country import Place, invented_places, listed_places
from matcher.inventing.generate import Kind, shape_of
from matcher.inventing.generate import generate as generate_problem
from matcher.telling.text import Language

app = typer.Typer()


@app.command(
    help=usage(
        "Invent a market.",
        "jiepin match generate --kind realistic --stage elementary --seed 1 -o problem.json",
        "jiepin match generate --schools 114_basec.csv --schools remote_113.csv -o problem.json",
        more="Schools are invented unless lists are given; teachers always are.",
    )
)
def generate(  # noqa: PLR0913  # options of a command line, named by whoever calls
    output: Output,
    kind: Annotated[Kind, typer.Option(help="Size and shape.")] = Kind.REALISTIC,
    stage: Annotated[Stage, typer.Option(help="School stage.")] = Stage.ELEMENTARY,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same file.")] = 1,
    *,
    schools: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="CSV lists of the ministry; repeatable."),
    ] = None,
    rules: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Rule file to put in.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Invent a market."""
    with failures_told(Language.ZH):
        rng = Random(seed)  # noqa: S311  # nothing here is a secret
        chosen = read_default_rules() if rules is None else read_rules(rules)
        places = invented_places(rng, stage) if not schools else _listed(rng, schools)
        document = generate_problem(rng, stage, shape_of(kind, stage), places, chosen)
        data = canon.encode(document)
        if not dry_run:
            write_bytes(output, data)
    typer.echo(f"{output}  {canon.identity(data)}")


def _listed(rng: Random, files: list[Path]) -> list[Place]:
    return listed_places(rng, [(str(path), read_bytes(path)) for path in files], read_counties())
