"""``jiepin match``: from file to file. Each module reads, calls, writes; none decides anything.

A subcommand's module is imported when it is called: a match of a second has none to lose.
"""

import errno
import importlib
from collections.abc import Mapping
from types import MappingProxyType

import typer
from typer.core import TyperCommand, TyperGroup

FAILED = 1
STREAM = "standard output"
PARTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "solve": ("solve", "Decide one match or many."),
        "check": ("check", "Prove a placement right, or tell what is wrong with it (exit code 1)."),
        "explain": ("explain", "Tell one teacher why she got what she got."),
        "explain-all": (
            "explain",
            "Tell every teacher why she got what she got, one line of JSON each.",
        ),
        "anonymise": (
            "anonymise",
            "Write the files that may be published: no names, no birthdays, the same result.",
        ),
        "compare": ("compare", "Put placements of one problem side by side."),
        "plot": (
            "plot",
            "Draw placements: ranks, flows between counties, cut-offs, every chain and ring.",
        ),
        "generate": ("generate", "Invent a market."),
        "lots": (
            "lots",
            "Draw lots so that nobody can arrange them and anybody can draw them again.",
        ),
        "cascade": (
            "cascade",
            "Tell which moves fall with those who do not come (介聘辦法 第十一條).",
        ),
        "rollcall": (
            "rollcall",
            "Public calling (公開唱名): who is called, what was chosen, and a checkable log.",
        ),
        "rules": (
            "rules",
            "List the rule files that come with the program, or tell what one says.",
        ),
    }
)
"""By name, the module of the subcommand and what it does."""


class Parts(TyperGroup):
    """Lists every subcommand from the table above and loads the one that is called."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # as below
        """What the subcommand gives back.

        Raises:
            Exit: What it prints goes to a disk that is full.
        """
        try:
            return super().invoke(ctx)
        except OSError as error:
            # One of a file has its name; nobody reads on behind a broken pipe.
            if error.filename is not None or error.errno == errno.EPIPE:
                raise
            typer.echo(f"{STREAM}: {error.strerror}", err=True)
            raise typer.Exit(FAILED) from error

    def resolve_command(  # type: ignore[override]  # the base names its context by a private class
        self, ctx: typer.Context, args: list[str]
    ) -> tuple[str | None, TyperCommand | TyperGroup | None, list[str]]:
        """The named subcommand, imported now."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, None if name is None else _load(name), rest


def _load(name: str) -> TyperCommand | TyperGroup:
    part = importlib.import_module(f"matcher.commands.{PARTS[name][0]}")
    command = typer.main.get_command(part.app)
    if isinstance(command, TyperGroup):
        command = command.commands[name]
    return command  # type: ignore[return-value]  # the base names its commands by a private class


def _listed() -> None:
    """Only its name and help are ever asked for."""


app = typer.Typer(
    cls=Parts,
    help="Solve, check and explain a match, from file to file. No network, no database, no clock.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _name, (_, _summary) in PARTS.items():
    app.command(_name, help=_summary)(_listed)
