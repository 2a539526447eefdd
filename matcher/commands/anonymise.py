"""``jiepin match anonymise``."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from matcher.checking.check import check as check_placement
from matcher.commands.apart import keep_apart
from matcher.commands.terminal import (
    FAILED,
    Json,
    Lang,
    PlacementFile,
    ProblemFile,
    failures_told,
    tell_findings,
    tell_json,
    usage,
)
from matcher.files.disk import (
    make_folders,
    read_bytes,
    read_placement,
    read_problem,
    write_together,
)
from matcher.telling.publication import AmbiguousNameError, publish, remainder
from matcher.telling.publishing_text import PUBLISHING
from matcher.telling.text import Language

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    help=usage(
        "Write the files that may be published: no names, no birthdays, the same result.",
        "jiepin match anonymise problem.json placement.json --out published/",
        "jiepin match anonymise problem.json placement.json --trace trace.jsonl --out published/",
        more="The placement is checked first. Teachers are called by their public lot numbers; "
        "anybody can check the published files with docs/verify_placement.py. Says what the files "
        "still tell about people.",
    )
)
def anonymise(  # noqa: PLR0913  # options of a command line, named by whoever calls
    problem: ProblemFile,
    placement: PlacementFile,
    *,
    out: Annotated[
        Path, typer.Option("--out", file_okay=False, help="Folder for the published files.")
    ],
    trace: Annotated[
        Path | None, typer.Option("--trace", readable=False, help="Publish the trace too.")
    ] = None,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Write the files that may be published: no names, no birthdays, the same result."""
    texts = PUBLISHING[lang]
    files = [out / name for name in ("problem.json", "placement.json", "trace.jsonl")]
    with failures_told(lang):
        keep_apart((problem, placement, trace), files, lang)
        read, result = read_problem(problem), read_placement(placement)
        decisions = None if trace is None else read_bytes(trace)
        findings = check_placement(read, result, decisions)
        if findings:
            tell_findings(findings, lang)
            raise typer.Exit(FAILED)
        try:
            public = publish(read, result, decisions)
        except AmbiguousNameError as error:
            typer.echo(texts.ambiguous.format(name=error), err=True)
            raise typer.Exit(FAILED) from error
        contents = {
            files[0]: public.problem.pieces(),
            files[1]: (public.placement.encode(),),
        }
        if public.trace is not None:
            contents[files[2]] = (public.trace,)
        make_folders(out)
        write_together(contents)
    left = remainder(public.problem)
    if json:
        tell_json(
            {
                "problem": public.problem.identity(),
                "placement": public.placement.identity(),
                "trace": None if public.trace is None else public.placement.trace,
                "still_told": asdict(left),
            }
        )
    else:
        for line in texts.remains(left):
            typer.echo(line)
