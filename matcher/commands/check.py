"""``jiepin match check``."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.checking.check import check as check_placement
from matcher.commands.terminal import (
    FAILED,
    Json,
    Lang,
    PlacementFile,
    ProblemFile,
    failures_told,
    tell_findings,
    tell_json,
    uncollected,
    usage,
)
from matcher.files.disk import read_bytes, read_placement, read_problem
from matcher.files.placement import Mechanism
from matcher.telling.text import TEXTS, Language

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    help=usage(
        "Prove a placement right, or tell what is wrong with it (exit code 1).",
        "jiepin match check problem.json placement.json",
        "jiepin match check problem.json placement.json --trace trace.jsonl --json",
        more="Nothing is solved again: seats are counted, the result is held against the theorems.",
    )
)
@uncollected()
def check(
    problem: ProblemFile,
    placement: PlacementFile,
    *,
    trace: Annotated[
        Path | None,
        typer.Option("--trace", readable=False, help="Hold this file against its hash, too."),
    ] = None,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Prove a placement right, or tell what is wrong with it (exit code 1)."""
    with failures_told(lang):
        read, result = read_problem(problem), read_placement(placement)
        decisions = None if trace is None else read_bytes(trace)
        findings = check_placement(read, result, decisions)
    if json:
        tell_json(
            {
                "ok": not findings,
                "problem": read.identity(),
                "placement": result.identity(),
                "mechanism": result.mechanism.value,
                "findings": [
                    {"path": f.path, "code": f.code.value, "detail": f.detail} for f in findings
                ],
            }
        )
    elif not findings and result.mechanism is not Mechanism.STATUTORY:
        typer.echo(TEXTS[lang].accepted_what_if)
    else:
        tell_findings(findings, lang)
    if findings:
        raise typer.Exit(FAILED)
