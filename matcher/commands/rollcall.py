"""``jiepin match rollcall``: call a roll from file to file, and check a log that was published."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import Annotated, assert_never

import typer

from matcher.commands import logbook
from matcher.commands.called import add_result
from matcher.commands.hall import LogFile, RegisterFile, read_hall, refuse_unless_torn
from matcher.commands.terminal import (
    FAILED,
    REFUSED,
    Json,
    Lang,
    Output,
    failures_told,
    tell_json,
    usage,
)
from matcher.files.disk import read_bytes, write_bytes
from matcher.files.problem import SchoolId, TeacherId
from matcher.rollcall.account import Account, account_of
from matcher.rollcall.hall import Hall
from matcher.rollcall.log import Replay, first_line, next_line, replay
from matcher.rollcall.state import Absent, Call, Decline, Keep, Pick, Refused, Undo
from matcher.rollcall.step import step
from matcher.rollcall.text import TEXTS
from matcher.telling.text import Language


class Says(StrEnum):
    """What one who is called may answer."""

    PICK = "pick"
    DECLINE = "decline"
    KEEP = "keep"
    ABSENT = "absent"


class Named(StrEnum):
    """Settings that come with the program."""

    CHANGHUA = "changhua-113"
    KEELUNG = "keelung-111"


rollcall = typer.Typer(
    help="Public calling (公開唱名): who is called, what was chosen, and a log anybody can check.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app = typer.Typer(add_completion=False, rich_markup_mode=None)
app.add_typer(rollcall, name="rollcall")
add_result(rollcall)


@rollcall.command(
    help=usage(
        "Write a county's settings to a file, to be put into a register.",
        "jiepin match rollcall settings changhua-113 -o settings.json",
        more="Each line of the settings names its source; 範例 where no public text settles it.",
    )
)
def settings(name: Annotated[Named, typer.Argument(help="Which.")], output: Output) -> None:
    """Write a county's settings to a file."""
    with failures_told(Language.ZH):
        file = resources.files("matcher.rules").joinpath(f"rollcall-{name.value}.json")
        write_bytes(output, file.read_bytes())


@rollcall.command(
    help=usage(
        "Begin the log of a roll call.",
        "jiepin match rollcall new register.json log.jsonl",
        more="A register the county's own settings forbid is refused, with every reason.",
    )
)
def new(
    register: RegisterFile,
    log: Annotated[Path, typer.Argument(dir_okay=False, help="The log to begin.")],
    *,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Begin the log of a roll call."""
    with failures_told(lang):
        hall = read_hall(register, lang)
        line = first_line(hall)
        logbook.create(log, line)
    _tell(account_of(hall, replay(hall, line)), lang, json=json)


@rollcall.command(
    help=usage(
        "Write down what the one who is called answers.",
        "jiepin match rollcall call register.json log.jsonl A017 pick --school 074601",
        "jiepin match rollcall call register.json log.jsonl A017 keep",
        more="pick takes a seat; decline is 放棄, keep 保留, absent 未到. Wrong calls are refused.",
    )
)
def call(  # noqa: PLR0913  # options of a command line, named by whoever calls
    register: RegisterFile,
    log: LogFile,
    applicant: Annotated[str, typer.Argument(help="Who is called.")],
    says: Annotated[Says, typer.Argument(help="What she answers.")],
    *,
    school: Annotated[str | None, typer.Option("--school", help="With pick: where.")] = None,
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Write down what the one who is called answers."""
    if (says is Says.PICK) != (school is not None):
        raise typer.BadParameter("goes with pick, and only with it", param_hint="--school")
    _append(register, log, _call(TeacherId(applicant), says, school), lang, json=json)


@rollcall.command(
    help=usage(
        "Take the last step back. It stays in the log, with the reason.",
        "jiepin match rollcall undo register.json log.jsonl --reason 看錯學校",
        more="Repeated, it goes back further, step by step.",
    )
)
def undo(
    register: RegisterFile,
    log: LogFile,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is published.")],
    json: Json = False,
    lang: Lang = Language.ZH,
) -> None:
    """Take the last step back."""
    _append(register, log, Undo(reason=reason), lang, json=json)


@rollcall.command(
    help=usage(
        "Show where a roll call stands: who is called, open seats, what was taken.",
        "jiepin match rollcall show register.json log.jsonl",
        "jiepin match rollcall show register.json log.jsonl --json",
        more="When it is over, also who changes places by written exchange (互調).",
    )
)
def show(
    register: RegisterFile, log: LogFile, *, json: Json = False, lang: Lang = Language.ZH
) -> None:
    """Show where a roll call stands."""
    with failures_told(lang):
        hall = read_hall(register, lang)
        found = replay(hall, read_bytes(log))
    refuse_unless_torn(found, lang)
    account = account_of(hall, found)
    _tell(account, lang, json=json)
    if not json:
        for position, count in sorted(
            account.state.open.items(), key=lambda item: (item[0].school, item[0].subject)
        ):
            typer.echo(TEXTS[lang].seats(position, count))
        for taken in account.state.taken:
            typer.echo(TEXTS[lang].taken(taken))


@rollcall.command(
    help=usage(
        "Call a published log again and say where it stops being right (exit code 1).",
        "jiepin match rollcall check register.json log.jsonl",
        more="Compare the identity of the last line with the one read aloud in the hall.",
    )
)
def check(
    register: RegisterFile, log: LogFile, *, json: Json = False, lang: Lang = Language.ZH
) -> None:
    """Call a published log again and say where it stops being right."""
    with failures_told(lang):
        hall = read_hall(register, lang)
        found = replay(hall, read_bytes(log))
    fault = found.fault
    if json:
        finding = None
        if fault is not None:
            finding = {"line": fault.line, "code": fault.flaw.value, "detail": fault.detail}
        tell_json(
            {
                "ok": fault is None,
                "finding": finding,
                "lines": found.lines,
                "head": found.head,
                "over": found.session.state.turn is None,
            }
        )
    elif fault is None:
        typer.echo(TEXTS[lang].accepted(found.lines, found.head))
    else:
        typer.echo(f"{TEXTS[lang].fault(fault)} [{fault.flaw}]", err=True)
    if fault is not None:
        raise typer.Exit(FAILED)


def _call(applicant: TeacherId, says: Says, school: str | None) -> Call:
    match says:
        case Says.PICK:
            return Pick(applicant=applicant, school=SchoolId(str(school)))
        case Says.DECLINE:
            return Decline(applicant=applicant)
        case Says.KEEP:
            return Keep(applicant=applicant)
        case Says.ABSENT:
            return Absent(applicant=applicant)
        case _:
            assert_never(says)


def _append(register: Path, log: Path, said: Call, lang: Language, *, json: bool) -> None:
    with failures_told(lang):
        hall = read_hall(register, lang)
        with _held(hall, log, lang) as (book, found):
            after = step(hall, found.session, said)
            if isinstance(after, Refused):
                typer.echo(f"{TEXTS[lang].refused(after)} [{after.code}]", err=True)
                raise typer.Exit(REFUSED)
            book.append(next_line(hall, found.session, said, found.lines, found.head))
            now = replay(hall, book.data)
    _tell(account_of(hall, now), lang, json=json)


@contextmanager
def _held(hall: Hall, log: Path, lang: Language) -> Iterator[tuple[logbook.Logbook, Replay]]:
    """The log, right to its end: a line that a crash cut short is removed, other faults refuse."""
    with logbook.opened(log) as book:
        found = replay(hall, book.data)
        refuse_unless_torn(found, lang)
        if found.size < len(book.data):
            book.cut(found.size)
            typer.echo(TEXTS[lang].mended, err=True)
        yield book, found


def _tell(account: Account, lang: Language, *, json: bool) -> None:
    if json:
        tell_json(account.document())
        return
    texts, now = TEXTS[lang], account.now
    if now is None:
        typer.echo(texts.over)
        for swap in account.swaps:
            typer.echo(texts.swap(swap))
    else:
        typer.echo(texts.called(now))
        typer.echo(texts.choices(now))
        typer.echo(texts.then(now))
    typer.echo(account.head)
