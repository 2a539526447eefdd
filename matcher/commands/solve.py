"""``jiepin match solve``."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from matcher.commands.terminal import (
    DryRun,
    Json,
    Output,
    ProblemFile,
    failures_told,
    tell_json,
    usage,
)
from matcher.deciding.solve import decide
from matcher.files.disk import (
    read_problem,
    write_bytes,
)
from matcher.files.placement import Placement
from matcher.files.problem import Problem
from matcher.telling.text import TEXTS, Language

app = typer.Typer()


@app.command(
    help=usage(
        "Decide a match.",
        "jiepin match solve problem.json -o placement.json",
        "jiepin match solve problem.json.zst -o placement.json.zst --trace trace.jsonl",
        more="The phases are those of the rule file inside the problem.",
    )
)
def solve(
    problem: ProblemFile,
    output: Output,
    *,
    trace: Annotated[
        Path | None, typer.Option("--trace", help="Also write every decision, as JSON lines.")
    ] = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Decide a match."""
    with failures_told(Language.ZH):
        read = read_problem(problem)
        solution = decide(read)
        if not dry_run:
            if trace is not None:
                write_bytes(trace, solution.trace)
            write_bytes(output, solution.placement.encode())
    _tell_solved(read, solution.placement, json=json)


def _tell_solved(problem: Problem, placement: Placement, *, json: bool) -> None:
    moved = Counter({phase.name: 0 for phase in problem.rules.phases})
    for component in placement.components:
        moved[component.phase] += len(component.moves)
    if json:
        tell_json(
            {
                "problem": placement.problem,
                "rules": placement.rules,
                "placement": placement.identity(),
                "trace": placement.trace,
                "teachers": len(problem.teachers),
                "moved": dict(moved),
                "total": moved.total(),
            }
        )
        return
    for name, count in moved.items():
        typer.echo(f"{TEXTS[Language.ZH].phase(name)}\t{count}")
    typer.echo(f"合計\t{moved.total()} / {len(problem.teachers)}")
    typer.echo(placement.identity())
