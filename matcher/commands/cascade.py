"""``jiepin match cascade``."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.aftermath.cascade import Cascade, Flaw, Objection
from matcher.aftermath.cascade import cascade as undo
from matcher.aftermath.failures import Failure, Failures, Ground, parse_failures
from matcher.aftermath.text import TEXTS
from matcher.commands.terminal import (
    REFUSED,
    Json,
    Lang,
    PlacementFile,
    ProblemFile,
    failures_told,
    tell_json,
    usage,
)
from matcher.files.disk import read_bytes, read_placement, read_problem, write_bytes
from matcher.files.placement import Placement
from matcher.files.problem import TeacherId
from matcher.telling.text import Language

app = typer.Typer(rich_markup_mode=None)


@app.command(
    help=usage(
        "Tell which moves fall with those who do not come (介聘辦法 第十一條).",
        "jiepin match cascade problem.json placement.json --failed T0012,T0031",
        "jiepin match cascade problem.json placement.json --failed T0012 --extra-seat T0012 --json",
        "jiepin match cascade problem.json placement.json --failed case.json -o cascade.json",
        more="Nobody is matched anew. --extra-seat: the old school of this one opens another seat.",
    )
)
def cascade(  # noqa: PLR0913  # options of a command line, named by whoever calls
    problem: ProblemFile,
    placement: PlacementFile,
    *,
    failed: Annotated[
        str, typer.Option("--failed", help="A file (jiepin-failures), or ids: T0012,T0031.")
    ],
    ground: Annotated[
        Ground, typer.Option("--ground", help="Why, when ids are given.")
    ] = Ground.NOT_REPORTED,
    extra_seat: Annotated[
        list[str] | None, typer.Option("--extra-seat", help="One of the ids; may be repeated.")
    ] = None,
    teacher: Annotated[
        str | None, typer.Option("--teacher", help="Tell only what led to her move being void.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Also write the answer to this file.")
    ] = None,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Tell which moves fall with those who do not come."""
    opened = frozenset(extra_seat or ())
    with failures_told(lang):
        read, result = read_problem(problem), read_placement(placement)
        case = _case(result, failed, ground, opened)
        answer = undo(result, case)
        if result.problem != read.identity():
            answer = (Objection(Flaw.OTHER_PROBLEM),)
        if not isinstance(answer, Cascade):
            for objection in answer:
                typer.echo(f"{TEXTS[lang].objection(objection)} [{objection.flaw}]", err=True)
            raise typer.Exit(REFUSED)
        if output is not None:
            write_bytes(output, answer.encode())
    if json:
        tell_json(answer.document())
    elif teacher is not None:
        _tell_chain(answer, TeacherId(teacher), lang)
    else:
        _tell(answer, lang)


def _case(placement: Placement, failed: str, ground: Ground, opened: frozenset[str]) -> Failures:
    path = Path(failed)
    if path.is_file():
        if opened:
            raise typer.BadParameter("--extra-seat", param_hint=str(path))
        return parse_failures(read_bytes(path), str(path))
    names = tuple(dict.fromkeys(failed.split(",")))
    if strangers := sorted(opened - set(names)):
        raise typer.BadParameter(strangers[0], param_hint="--extra-seat")
    return Failures(
        placement=placement.identity(),
        failed=tuple(
            Failure(teacher=TeacherId(name), ground=ground, extra_seat=name in opened)
            for name in names
        ),
    )


def _tell(answer: Cascade, lang: Language) -> None:
    texts = TEXTS[lang]
    failures = {failure.teacher: failure for failure in answer.case.failed}
    for voided in answer.void:
        failure = failures.get(voided.move.teacher)
        typer.echo(texts.failed(failure, voided.move.origin) if failure else texts.voided(voided))
    for position, count in answer.free.items():
        typer.echo(texts.free(position, count))
    for name in answer.unused:
        typer.echo(texts.unused(name))
    typer.echo(texts.stand(len(answer.stand)))


def _tell_chain(answer: Cascade, teacher: TeacherId, lang: Language) -> None:
    texts, chain = TEXTS[lang], answer.chain_of(teacher)
    failures = {failure.teacher: failure for failure in answer.case.failed}
    for voided in chain:
        failure = failures.get(voided.move.teacher)
        typer.echo(texts.failed(failure, voided.move.origin) if failure else texts.voided(voided))
    if not chain:
        typer.echo(texts.stands(teacher))
