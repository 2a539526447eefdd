"""``jiepin match generate``."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Annotated

import typer

from matcher.commands.apart import keep_apart
from matcher.commands.terminal import (
    DryRun,
    Lang,
    Output,
    failures_told,
    progress,
    usage,
)
from matcher.files.counties import read_counties
from matcher.files.disk import (
    read_bytes,
    read_default_rules,
    read_rules_named,
    write_pieces,
)
from matcher.files.problem import Stage
from matcher.inventing.country import Place, invented_places, listed_places
from matcher.inventing.generate import Kind, generate_pieces, shape_of
from matcher.telling.running import RUNNING
from matcher.telling.text import Language

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    help=usage(
        "Invent a market.",
        "jiepin match generate --kind realistic --stage elementary --seed 1 -o problem.json",
        "jiepin match generate --kind national -o country.json.zst",
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
        typer.Option(readable=False, help="CSV lists of the ministry; repeatable."),
    ] = None,
    rules: Annotated[
        Path | None, typer.Option(readable=False, help="Rule file, or name of one of ours.")
    ] = None,
    dry_run: DryRun = False,
    lang: Lang = Language.ZH,
) -> None:
    """Invent a market."""
    with failures_told(lang):
        keep_apart((*(schools or ()), rules), (output,), lang)
        rng = Random(seed)  # noqa: S311  # nothing here is a secret
        chosen = read_default_rules() if rules is None else read_rules_named(rules)
        places = invented_places(rng, stage) if not schools else _listed(rng, schools)
        pieces = generate_pieces(rng, stage, shape_of(kind, stage), places, chosen)
        with progress(RUNNING[lang].inventing):
            made = _identity(pieces) if dry_run else write_pieces(output, pieces)
    typer.echo(f"{output}  {made}")


def _identity(pieces: Iterable[bytes]) -> str:
    digest = sha256()
    for piece in pieces:
        digest.update(piece)
    return f"sha256:{digest.hexdigest()}"


def _listed(rng: Random, files: list[Path]) -> list[Place]:
    return listed_places(rng, [(str(path), read_bytes(path)) for path in files], read_counties())
