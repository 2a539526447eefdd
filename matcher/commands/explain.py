"""``jiepin match explain`` and ``explain-all``."""

from collections.abc import Iterator
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
from matcher.files.disk import (
    read_placement,
    read_problem,
)
from matcher.files.placement import Move
from matcher.telling.answer import Because, Explanation, Reason
from matcher.telling.explain import Explainer
from matcher.telling.explain import explain as explain_teacher
from matcher.telling.text import TEXTS, Language

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(
    help=usage(
        "Tell one teacher why she got what she got.",
        "jiepin match explain problem.json placement.json T0001",
        "jiepin match explain problem.json placement.json T0001 --lang en",
        "jiepin match explain problem.json placement.json --lot 417",
        more="The placement is checked first; a wrong one is not explained (exit code 1).",
    )
)
@uncollected()
def explain(  # noqa: PLR0913  # options of a command line, named by whoever calls
    problem: ProblemFile,
    placement: PlacementFile,
    teacher: Annotated[
        str | None, typer.Argument(help="Her ID in the problem file; in published ones, her lot.")
    ] = None,
    *,
    lot: Annotated[int | None, typer.Option("--lot", help="Her public lot instead.")] = None,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Tell one teacher why she got what she got."""
    if (teacher is None) == (lot is None):
        raise typer.BadParameter("give her ID or her --lot", param_hint="TEACHER")
    with failures_told(lang):
        read, result = read_problem(problem), read_placement(placement)
        findings = check_placement(read, result)
        if findings:
            tell_findings(findings, lang)
            raise typer.Exit(FAILED)
        meant = (each.id for each in read.teachers if each.id == teacher or each.lot == lot)
        name = next(meant, None)
        explanation = None if name is None else explain_teacher(read, result, name)
    if explanation is None:
        typer.echo(TEXTS[lang].nobody, err=True)
        raise typer.Exit(FAILED)
    if json:
        tell_json(explanation.document())
    else:
        _tell_explanation(explanation, lang)


@app.command(
    help=usage(
        "Tell every teacher why she got what she got, one line of JSON each.",
        "jiepin match explain-all problem.json placement.json > explanations.jsonl",
        more='As explain --json, with the sentences under "lines"; in the order of the file.',
    )
)
@uncollected()
def explain_all(
    problem: ProblemFile, placement: PlacementFile, *, lang: Lang = Language.ZH
) -> None:
    """Tell every teacher why she got what she got, one line of JSON each."""
    with failures_told(lang):
        read, result = read_problem(problem), read_placement(placement)
        findings = check_placement(read, result)
    if findings:
        tell_findings(findings, lang)
        raise typer.Exit(FAILED)
    for explanation in Explainer(read, result).everyone():
        lines = list(_explanation_lines(explanation, lang))
        tell_json({**explanation.document(), "lines": lines})


def _tell_explanation(explanation: Explanation, lang: Language) -> None:
    for line in _explanation_lines(explanation, lang):
        typer.echo(line)


def _explanation_lines(explanation: Explanation, lang: Language) -> Iterator[str]:
    texts = TEXTS[lang]
    match explanation.move, explanation.phase:
        case Move(destination=seat, wish=wish), str(phase):
            yield texts.moved(phase, seat.school, seat.subject, wish)
        case _:
            yield texts.stays()
    told: set[Reason] = set()
    for answer in explanation.answers:
        yield texts.answer(answer)
        for reason in answer.reasons:
            if reason.code is not Because.MOVED_ALREADY or reason not in told:
                yield f"  {texts.reason(reason)}"
            told.add(reason)
