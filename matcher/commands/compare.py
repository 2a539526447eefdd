"""``jiepin match compare``."""

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
from matcher.commands.terminal import (
    DryRun,
    Json,
    Lang,
    ProblemFile,
    failures_told,
    tell_json,
    usage,
)
from matcher.files.disk import read_problem, write_bytes
from matcher.telling.compare import compare as compare_placements
from matcher.telling.comparing_text import lines
from matcher.telling.text import Language

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    help=usage(
        "Put placements of one problem side by side.",
        "jiepin match compare problem.json official.json without-vacancies.json --json",
        "jiepin match compare problem.json official.json ttc.json --lang en --report report.html",
        more="Movers by phase, ranks of their wishes, flows between counties, who could complain, "
        "who differs and why. Placements under other rules or vacancies may stand beside each "
        "other as long as the people are the same.",
    )
)
def compare(  # noqa: PLR0913  # options of a command line, named by whoever calls
    problem: ProblemFile,
    placements: PlacementFiles,
    *,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Also write one HTML page with the pictures in it."),
    ] = None,
    names: NamesFile = None,
    json: Json = False,
    lang: Lang = Language.ZH,
    dry_run: DryRun = False,
) -> None:
    """Put placements of one problem side by side."""
    with failures_told(lang):
        keep_apart((problem, *placements, names), (report,), lang)
        known = read_names(names)
        read = read_problem(problem)
        results = read_comparable(read, placements, lang)
        comparison = compare_placements(read, results)
        if report is not None:
            with able_to_draw():
                from matcher.telling.report import page  # noqa: PLC0415  # takes seconds to load

            data = page(comparison, known, lang).encode()
            if not dry_run:
                write_bytes(report, data)
    if json:
        tell_json(comparison.document())
    else:
        for line in lines(comparison, known, lang):
            typer.echo(line)
