"""The one command. It imports a package only when its subcommand is called.

Exit codes, for every subcommand: 0 ok, 1 failed, 2 usage, 3 refused by rule, 4 off line.
"""

import gc
import importlib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

import typer
from typer.core import TyperCommand, TyperGroup

PROGRAM = "jiepin"
HELP = """Teacher transfer (教師介聘): kiosks, sync daemon, server, matcher, provisioning.

Examples: "jiepin demo" shows everything on this machine with invented people;
"jiepin kiosk --plain" speaks line by line; "jiepin match explain --help" and so on.

Exit codes: 0 ok, 1 failed, 2 usage, 3 refused by rule, 4 off line.
"""
OUR_PACKAGES = frozenset({"core", "kiosk", "matcher", "provisioning", "server", "syncd"})
FAILED = 1
NEW_THINGS = 20_000
"""Python looks for garbage after so many; with its usual 700 a fifth of a start is that search."""


class Shell(StrEnum):
    """The shells `completion` can write for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcommand:
    """Where a subcommand lives; ``extra`` is the optional part of the package it needs."""

    module: str
    summary: str
    extra: str | None = None


SUBCOMMANDS: Mapping[str, Subcommand] = MappingProxyType(
    {
        "demo": Subcommand(
            module="provisioning.demo.commands",
            summary="Run a whole invented country on this machine.",
            extra="provisioning",
        ),
        "kiosk": Subcommand(
            module="kiosk.commands",
            summary="Run the kiosk in this terminal.",
            extra="kiosk",
        ),
        "card-agent": Subcommand(
            module="kiosk.agent.commands",
            summary="Read one's own health card for the console, on this computer.",
            extra="kiosk",
        ),
        "syncd": Subcommand(
            module="syncd.commands",
            summary="Carry this machine's records to the server and back.",
            extra="syncd",
        ),
        "server": Subcommand(
            module="server.commands",
            summary="Run the collection server and its console; import, freeze, publish.",
            extra="server",
        ),
        "match": Subcommand(
            module="matcher.commands.match",
            summary="Solve, check and explain a match, from file to file.",
        ),
        "provision": Subcommand(
            module="provisioning.commands",
            summary="Make keys and certificates; enrol machines and officers.",
            extra="provisioning",
        ),
        "doctor": Subcommand(
            module="provisioning.doctor",
            summary="Check reader, fonts, clock, disk, certificate and network.",
            extra="provisioning",
        ),
    }
)

# Drivers that are chosen by configuration, so no subcommand needs them as such.
EXTRA_OF_DRIVER: Mapping[str, str] = MappingProxyType({"psycopg": "postgresql"})


class Subcommands(TyperGroup):
    """Lists every subcommand from the table above and loads the one that is called."""

    def resolve_command(  # type: ignore[override]  # the base names its context by a private class
        self, ctx: typer.Context, args: list[str]
    ) -> tuple[str | None, TyperCommand | TyperGroup | None, list[str]]:
        """The named subcommand, imported now."""
        name, command, rest = super().resolve_command(ctx, args)
        if name is not None and name in SUBCOMMANDS:
            return name, _load(SUBCOMMANDS[name].module), rest
        return name, command if isinstance(command, TyperCommand) else None, rest


def _load(module: str) -> TyperCommand | TyperGroup:
    # What an import makes stays: there is nothing to look for, neither now nor later.
    gc.disable()
    app = importlib.import_module(module).app
    gc.freeze()
    gc.enable()
    command = typer.main.get_command(app)
    if not isinstance(command, TyperCommand | TyperGroup):
        raise TypeError(f"{module}.app is not a Typer application")
    return command


def _complete(
    shell: Annotated[Shell, typer.Argument(help="The shell that will read it.")],
) -> None:
    """Print the completion script for a shell.

    In bash and zsh: eval "$(jiepin completion bash)"; in fish: jiepin completion fish | source
    """
    os.environ[f"_{PROGRAM.upper()}_COMPLETE"] = f"source_{shell.value}"
    root()(prog_name=PROGRAM)


def root() -> TyperGroup:
    """The command with all its subcommands listed and none of their packages imported."""
    app = typer.Typer(
        cls=Subcommands,
        name=PROGRAM,
        help=HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for name, subcommand in SUBCOMMANDS.items():
        app.command(name, help=subcommand.summary)(lambda: None)
    app.command("completion")(_complete)
    typer.main.get_install_completion_arguments()  # makes the shells known, adds no option
    return typer.main.get_group(app)


def explain_missing(missing: ModuleNotFoundError, arguments: list[str]) -> str | None:
    """One sentence for a package that is not installed; ``None`` if the fault is ours."""
    package = (missing.name or "").partition(".")[0]
    if not package or package in OUR_PACKAGES or package in sys.stdlib_module_names:
        return None
    called = next((word for word in arguments if word in SUBCOMMANDS), None)
    extra = EXTRA_OF_DRIVER.get(package) or (SUBCOMMANDS[called].extra if called else None)
    wanted = f"{PROGRAM}[{extra}]" if extra else PROGRAM
    asked = f"{PROGRAM} {called}" if called else PROGRAM
    return f'{asked} needs {package}, which is not installed here: pip install "{wanted}"'


def main() -> None:
    """Run the command line; a missing role is one sentence, not a traceback."""
    gc.set_threshold(NEW_THINGS, *gc.get_threshold()[1:])
    try:
        root()(prog_name=PROGRAM)
    except ModuleNotFoundError as error:
        sentence = explain_missing(error, sys.argv[1:])
        if sentence is None:
            raise
        typer.echo(sentence, err=True)
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
