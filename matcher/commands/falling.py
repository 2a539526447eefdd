"""What asking for a cascade has in common, after a match and after a roll call."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from matcher.aftermath.cascade import Cascade, Objection, Voided, cascade
from matcher.aftermath.decided import Decided
from matcher.aftermath.failures import Failure, Failures, Ground, parse_failures
from matcher.aftermath.text import TEXTS
from matcher.commands.terminal import FAILED, REFUSED, tell_json
from matcher.files import canon
from matcher.files.disk import read_bytes, write_bytes
from matcher.files.problem import TeacherId
from matcher.files.reader import Reader, open_document
from matcher.telling.text import Language

Failed = Annotated[
    str, typer.Option("--failed", help="A file (jiepin-failures), or ids: T0012,T0031.")
]
Why = Annotated[Ground, typer.Option("--ground", help="Why, when ids are given.")]
Extra = Annotated[
    list[str] | None, typer.Option("--extra-seat", help="One of the ids; may be repeated.")
]
Only = Annotated[
    str | None, typer.Option("--teacher", help="Tell only what led to her move being void.")
]
Written = Annotated[
    Path | None, typer.Option("--output", "-o", help="Also write the answer to this file.")
]
Published = Annotated[
    Path | None,
    typer.Option(
        "--check", readable=False, help="Hold this published answer against ours (exit code 1)."
    ),
]
_FILES = frozenset({".json", ".zst"})  # meant as one, also if it is not there


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asked about the result of a case, and how to tell it."""

    teacher: str | None
    output: Path | None
    check: Path | None
    json: bool
    lang: Language


def case_of(decided: Decided, failed: str, ground: Ground, opened: Collection[str]) -> Failures:
    """The case that ``--failed``, ``--ground`` and ``--extra-seat`` spell.

    Raises:
        RefusedFileError: The file of the case is refused.
        BadParameter: Nobody is named, or a seat is opened for one who did not fail, or beside a
            file.
    """
    path = Path(failed)
    if path.is_file() or path.suffix in _FILES:
        if opened:
            raise typer.BadParameter("goes with ids, not with a file", param_hint="--extra-seat")
        return parse_failures(read_bytes(path), str(path))
    names = tuple(dict.fromkeys(failed.split(",")))
    if "" in names:
        raise typer.BadParameter("an id is missing", param_hint="--failed")
    if strangers := sorted(set(opened) - set(names)):
        raise typer.BadParameter(f"{strangers[0]} did not fail", param_hint="--extra-seat")
    return Failures(
        placement=decided.identity(),
        failed=tuple(
            Failure(teacher=TeacherId(name), ground=ground, extra_seat=name in opened)
            for name in names
        ),
    )


def refuse(objections: tuple[Objection, ...], lang: Language) -> NoReturn:
    """Say why there is no answer, and leave."""
    for objection in objections:
        typer.echo(f"{TEXTS[lang].objection(objection)} [{objection.flaw}]", err=True)
    raise typer.Exit(REFUSED)


def answer(decided: Decided, case: Failures, asked: Asked) -> None:
    """Tell what the case undoes; write it, and hold a published answer against it, if asked to.

    Raises:
        Exit: There is no answer, or the published one is another.
        RefusedFileError: The published one cannot be read.
        OutputError: The file cannot be written.
    """
    found = cascade(decided, case)
    if not isinstance(found, Cascade):
        refuse(found, asked.lang)
    if asked.output is not None:
        write_bytes(asked.output, found.encode())
    if asked.check is not None:
        _compare(found, asked.check, asked)
    elif asked.json:
        tell_json(found.document())
    elif asked.teacher is not None:
        _tell_chain(found, TeacherId(asked.teacher), asked.lang)
    else:
        _tell(found, asked.lang)


def _compare(found: Cascade, path: Path, asked: Asked) -> None:
    differ = list(_differing(_read(path), found.document()))
    if asked.json:
        tell_json({"ok": not differ, "differ": differ})
    elif not differ:
        typer.echo(TEXTS[asked.lang].same)
    for key in () if asked.json else differ:
        typer.echo(f"{path}: $.{key}: {TEXTS[asked.lang].differs} [differs]", err=True)
    if differ:
        raise typer.Exit(FAILED)


def _read(path: Path) -> object:
    document, reader = open_document(read_bytes(path), str(path)), Reader(str(path))
    reader.plain(document, "$")
    reader.finish()
    return document


def _differing(published: object, ours: dict[str, object]) -> Iterator[str]:
    """The keys under which the two say different things."""
    theirs = published if isinstance(published, dict) else {}
    for key in sorted({*theirs, *ours}):
        one, other = ({key: each[key]} if key in each else {} for each in (theirs, ours))
        if canon.encode(one) != canon.encode(other):  # spelt: to Python 1 and true are the same
            yield key


def _tell(found: Cascade, lang: Language) -> None:
    texts = TEXTS[lang]
    _tell_void(found, found.void, lang)
    for position, count in found.free.items():
        typer.echo(texts.free(position, count))
    for name in found.unused:
        typer.echo(texts.unused(name))
    typer.echo(texts.stand(len(found.stand)))


def _tell_chain(found: Cascade, teacher: TeacherId, lang: Language) -> None:
    chain = found.chain_of(teacher)
    _tell_void(found, chain, lang)
    if not chain:
        typer.echo(TEXTS[lang].stands(teacher))


def _tell_void(found: Cascade, void: tuple[Voided, ...], lang: Language) -> None:
    texts = TEXTS[lang]
    failures = {failure.teacher: failure for failure in found.case.failed}
    for voided in void:
        failure = failures.get(voided.move.teacher)
        typer.echo(texts.failed(failure, voided.move.origin) if failure else texts.voided(voided))
