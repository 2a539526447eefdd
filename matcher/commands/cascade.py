"""``jiepin match cascade``."""

from pathlib import Path

import typer

from matcher.aftermath.cascade import Flaw, Objection
from matcher.aftermath.failures import Ground
from matcher.commands.apart import keep_apart
from matcher.commands.falling import (
    Asked,
    Extra,
    Failed,
    Only,
    Published,
    Why,
    Written,
    answer,
    case_of,
    refuse,
)
from matcher.commands.terminal import (
    Json,
    Lang,
    PlacementFile,
    ProblemFile,
    failures_told,
    usage,
)
from matcher.files.disk import read_placement, read_problem
from matcher.telling.text import Language

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    help=usage(
        "Tell which moves fall with those who do not come (介聘辦法 第十一條).",
        "jiepin match cascade problem.json placement.json --failed T0012,T0031",
        "jiepin match cascade problem.json placement.json --failed T0012 --extra-seat T0012 --json",
        "jiepin match cascade problem.json placement.json --failed case.json -o cascade.json",
        "jiepin match cascade problem.json placement.json --failed case.json --check cascade.json",
        more="Nobody is matched anew. --extra-seat: the old school of this one opens another seat. "
        "After a public calling: jiepin match rollcall cascade.",
    )
)
def cascade(  # noqa: PLR0913  # options of a command line, named by whoever calls
    problem: ProblemFile,
    placement: PlacementFile,
    *,
    failed: Failed,
    ground: Why = Ground.NOT_REPORTED,
    extra_seat: Extra = None,
    teacher: Only = None,
    output: Written = None,
    check: Published = None,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Tell which moves fall with those who do not come."""
    asked = Asked(teacher=teacher, output=output, check=check, json=json, lang=lang)
    with failures_told(lang):
        keep_apart((problem, placement, Path(failed), check), (output,), lang)
        read, result = read_problem(problem), read_placement(placement)
        case = case_of(result, failed, ground, frozenset(extra_seat or ()))
        if result.problem != read.identity():
            refuse((Objection(Flaw.OTHER_PROBLEM),), lang)
        answer(result, case, asked)
