"""What the commands of ``jiepin match`` share: their options, and how they fail and report.

Exit codes: 0 ok, 1 failed or found wrong, 2 usage, 3 a file was refused; 130 and 143 after Ctrl-C
and SIGTERM.
"""

import gc
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from matcher.checking.verdict import Finding
from matcher.files import canon
from matcher.files.disk import OutputError
from matcher.files.refusal import RefusedFileError
from matcher.telling.running import RUNNING
from matcher.telling.text import TEXTS, Language

FAILED = 1
REFUSED = 3
INTERRUPTED = 130
TERMINATED = 143
FINDINGS_TOLD = 100
"""One thing in the wrong place can put a thousand behind it there."""

# Whether a file is there and may be read, its reader says, as it says everything else of it.
ProblemFile = Annotated[
    Path, typer.Argument(readable=False, help="Problem file (.json or .json.zst).")
]
PlacementFile = Annotated[
    Path, typer.Argument(readable=False, help="Placement file (.json or .json.zst).")
]
Output = Annotated[Path, typer.Option("--output", "-o", help="File to write (.json, .json.zst).")]
Json = Annotated[bool, typer.Option("--json", help="Report as one line of JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Do everything but write.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of the sentences.")]


def usage(summary: str, *examples: str, more: str) -> str:
    """The help of a command: what it does, examples, the rest."""
    return "\n\n".join((summary, "\b\n" + "\n".join(examples), more))


class TerminatedError(BaseException):
    """Somebody asked the process to end."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Do not look for circles in memory meanwhile: a market has none, and is walked in vain.

    Around a whole command: what it held is gone before anybody looks again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def failures_told(lang: Language) -> Iterator[None]:
    """Say on the error stream why a file was refused or not written, and leave with the code."""
    texts = RUNNING[lang]
    try:
        with _ends_orderly():
            yield
    except RefusedFileError as error:
        for fault in error.faults:
            sentence = TEXTS[lang].fault(fault)
            typer.echo(f"{fault.file}: {fault.path}: {sentence} [{fault.code}]", err=True)
        if error.count > len(error.faults):
            more = error.count - len(error.faults)
            typer.echo(texts.more_faults.format(count=more), err=True)
        raise typer.Exit(REFUSED) from error
    except OutputError as error:
        _fail(str(error), FAILED)
    except MemoryError:
        _fail(texts.no_memory, FAILED)
    except KeyboardInterrupt:
        _fail(texts.interrupted, INTERRUPTED)
    except TerminatedError:
        _fail(texts.interrupted, TERMINATED)


def _fail(sentence: str, code: int) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


@contextmanager
def _ends_orderly() -> Iterator[None]:
    """Turn SIGTERM into an exception while the block runs, so that it tidies up as after Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise TerminatedError


@contextmanager
def progress(sentence: str) -> Iterator[None]:
    """Show on the error stream what is going on while the block runs, if somebody watches."""
    if not sys.stderr.isatty():
        yield
        return
    # Drawing is imported only for a terminal: starting takes time.
    console = import_module("rich.console").Console(stderr=True)
    with console.status(sentence):
        yield


def tell_json(document: object, *, err: bool = False) -> None:
    """One line of JSON on standard output, or on the error stream."""
    typer.echo(canon.encode(document).decode(), err=err)


def tell_findings(findings: tuple[Finding, ...], lang: Language) -> None:
    """What the check found, on the error stream; nothing found is said on standard output."""
    if not findings:
        typer.echo(TEXTS[lang].accepted)
    for finding in findings[:FINDINGS_TOLD]:
        typer.echo(f"{finding.path}: {TEXTS[lang].finding(finding)} [{finding.code}]", err=True)
    if more := len(findings[FINDINGS_TOLD:]):
        typer.echo(RUNNING[lang].more_faults.format(count=more), err=True)
