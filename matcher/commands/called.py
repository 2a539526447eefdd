"""``jiepin match rollcall result`` and ``cascade``: what a roll called to its end comes to."""

from pathlib import Path
from typing import Annotated

import typer

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
)
from matcher.commands.hall import LogFile, RegisterFile, read_hall, refuse_unless_torn
from matcher.commands.terminal import REFUSED, Json, Lang, failures_told, tell_json, usage
from matcher.files.disk import read_bytes, write_bytes
from matcher.rollcall.log import replay
from matcher.rollcall.result import Result, result_of
from matcher.rollcall.text import TEXTS
from matcher.telling.text import Language


def add_result(rollcall: typer.Typer) -> None:
    """Give the group of commands these two."""
    rollcall.command(
        help=usage(
            "Tell what a finished roll call came to: who took whose seat, who changes places.",
            "jiepin match rollcall result register.json log.jsonl",
            "jiepin match rollcall result register.json log.jsonl -o result.json",
            more="People in one line depend on each other when somebody does not come.",
        )
    )(result)
    rollcall.command(
        help=usage(
            "Tell which moves fall with those who do not come (介聘辦法 第十一條).",
            "jiepin match rollcall cascade register.json log.jsonl --failed A017,A020",
            "jiepin match rollcall cascade register.json log.jsonl --failed A017 --extra-seat A017",
            "jiepin match rollcall cascade register.json log.jsonl --failed case.json -o fall.json",
            "jiepin match rollcall cascade register.json log.jsonl --failed case.json "
            "--check fall.json",
            more="Nobody is called anew. The roll must be called to its end.",
        )
    )(cascade)


def result(
    register: RegisterFile,
    log: LogFile,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Also write the result to this file.")
    ] = None,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Tell what a finished roll call came to."""
    with failures_told(lang):
        keep_apart((register, log), (output,), lang)
        found = _result(register, log, lang)
        if output is not None:
            write_bytes(output, found.encode())
    if json:
        tell_json(found.document())
        return
    for line in found.components:
        typer.echo(TEXTS[lang].line(line))
    typer.echo(found.identity())


def cascade(  # noqa: PLR0913  # options of a command line, named by whoever calls
    register: RegisterFile,
    log: LogFile,
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
        keep_apart((register, log, Path(failed), check), (output,), lang)
        found = _result(register, log, lang)
        answer(found, case_of(found, failed, ground, frozenset(extra_seat or ())), asked)


def _result(register: Path, log: Path, lang: Language) -> Result:
    hall = read_hall(register, lang)
    called = replay(hall, read_bytes(log))
    refuse_unless_torn(called, lang)
    found = result_of(hall, called)
    if found is None:
        typer.echo(f"{TEXTS[lang].not_over} [not_over]", err=True)
        raise typer.Exit(REFUSED)
    return found
