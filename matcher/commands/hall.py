"""The register and the log of a roll call, as its commands read them."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.commands.terminal import REFUSED
from matcher.files.disk import read_bytes
from matcher.rollcall.hall import Hall, hall_of
from matcher.rollcall.log import LogFlaw, Replay
from matcher.rollcall.objection import objections
from matcher.rollcall.register import parse_register
from matcher.rollcall.text import TEXTS
from matcher.telling.text import Language

RegisterFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="Register (jiepin-rollcall).")
]
LogFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="Log (jiepin-rollcall-log).")
]


def read_hall(path: Path, lang: Language) -> Hall:
    """The register, looked up.

    Raises:
        Exit: The county's own settings forbid it; every reason has been told.
        RefusedFileError: It cannot be read.
    """
    register = parse_register(read_bytes(path), str(path))
    found = objections(register)
    for each in found:
        sentence = TEXTS[lang].objection(each)
        typer.echo(f"{path}: {each.path}: {sentence} [{each.code}]", err=True)
    if found:
        raise typer.Exit(REFUSED)
    return hall_of(register)


def refuse_unless_torn(found: Replay, lang: Language) -> None:
    """Go on with a log that is right as far as its last whole line.

    Raises:
        Exit: It is wrong before that.
    """
    if found.fault is not None and found.fault.flaw is not LogFlaw.TORN:
        typer.echo(f"{TEXTS[lang].fault(found.fault)} [{found.fault.flaw}]", err=True)
        raise typer.Exit(REFUSED)
