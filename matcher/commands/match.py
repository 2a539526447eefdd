"""``jiepin match``: from file to file. Each module reads, calls, writes; none decides anything."""

import typer

from matcher.commands import (
    anonymise,
    cascade,
    check,
    compare,
    explain,
    generate,
    lots,
    plot,
    rollcall,
    rules,
    solve,
)

app = typer.Typer(
    help="Solve, check and explain a match, from file to file. No network, no database, no clock.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for _part in (
    solve,
    check,
    explain,
    anonymise,
    compare,
    plot,
    generate,
    lots,
    cascade,
    rollcall,
    rules,
):
    app.add_typer(_part.app)
