"""What the commands of ``jiepin match`` share: their options, and how they fail and report.

Exit codes: 0 ok, 1 failed or found wrong, 2 usage, 3 a file was refused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from matcher.checking.verdict import Finding
from matcher.files import canon
from matcher.files.disk import OutputError
from matcher.files.refusal import RefusedFileError
from matcher.telling.text import TEXTS, Language

FAILED = 1
REFUSED = 3

ProblemFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="Problem file (.json or .json.zst).")
]
PlacementFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="Placement file (.json or .json.zst).")
]
Output = Annotated[Path, typer.Option("--output", "-o", help="File to write (.json, .json.zst).")]
Json = Annotated[bool, typer.Option("--json", help="Report as one line of JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Do everything but write.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of the sentences.")]


def usage(summary: str, *examples: str, more: str) -> str:
    """The help of a command: what it does, examples, the rest."""
    return "\n\n".join((summary, "\b\n" + "\n".join(examples), more))


@contextmanager
def failures_told(lang: Language) -> Iterator[None]:
    """Say on the error stream why a file was refused or not written, and leave with the code."""
    try:
        yield
    except RefusedFileError as error:
        for fault in error.faults:
            sentence = TEXTS[lang].fault(fault)
            typer.echo(f"{fault.file}: {fault.path}: {sentence} [{fault.code}]", err=True)
        raise typer.Exit(REFUSED) from error
    except OutputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(FAILED) from error


def tell_json(document: object) -> None:
    """One line of JSON on standard output."""
    typer.echo(canon.encode(document).decode())


def tell_findings(findings: tuple[Finding, ...], lang: Language) -> None:
    """What the check found, on the error stream; nothing found is said on standard output."""
    if not findings:
        typer.echo(TEXTS[lang].accepted)
    for finding in findings:
        typer.echo(f"{finding.path}: {TEXTS[lang].finding(finding)} [{finding.code}]", err=True)
