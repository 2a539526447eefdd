"""Whether teachers see past results, from the command line (U-019)."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import typer

from core.domain.place import load_counties
from server.lists import read_table
from server.past import Showing, read_past_results, read_showing, set_showing
from server.season.actor import As, actor
from server.staff.role import Act
from server.terminal import AsJson, Database, Exit, Home, opened, report

app = typer.Typer()


@app.command("past-results")
def past_results(  # noqa: PLR0913 - the options of a command
    home: Home,
    database: Database = None,
    *,
    show: Annotated[
        bool | None, typer.Option("--show/--hide", help="Whether kiosks show them; off at first.")
    ] = None,
    smallest: Annotated[
        int | None, typer.Option(help="Counts of people below this are not told.", min=1, max=99)
    ] = None,
    lowest: Annotated[
        list[str] | None,
        typer.Option(help="A county that publishes the lowest total; repeat; '-' for none."),
    ] = None,
    as_login: As = None,
    as_json: AsJson = False,
) -> None:
    """Show or set whether teachers see earlier years' results; the next export carries it.

    Example: jiepin server past-results --home server --show --smallest 5 --as host1 < password
    """
    counties = _counties(lowest)
    with opened(home, database) as store:
        with store.reading() as connection:
            before, kept = read_showing(connection), read_past_results(connection)
        wanted = replace(
            before,
            shown=before.shown if show is None else show,
            smallest=before.smallest if smallest is None else smallest,
            lowest=before.lowest if counties is None else counties,
        )
        if wanted != before:
            now_ms = time.time_ns() // 1_000_000
            by = actor(store, as_login, Act.PUBLISH, now_ms)
            with store.writing() as connection:
                set_showing(connection, wanted, by=by, now_ms=now_ms)
        years = sorted({each.year for each in kept})
        facts = {
            "shown": wanted.shown,
            "smallest": wanted.smallest,
            "lowest": list(wanted.lowest),
            "years": years,
            "rows": len(kept),
        }
        report(facts, _lines(wanted, years, len(kept)), as_json=as_json)


def _counties(asked: list[str] | None) -> tuple[str, ...] | None:
    if not asked:
        return None
    known = {each.name: each.code for each in load_counties(read_table("counties.toml"))}
    names = [each for each in asked if each != "-"]
    unknown = [each for each in names if each not in known and each not in known.values()]
    if unknown:
        typer.echo(f"沒有這個縣市：{'、'.join(unknown)}", err=True)
        raise typer.Exit(Exit.USAGE)
    return tuple(sorted({str(known.get(each, each)) for each in names}))


def _lines(showing: Showing, years: list[int], rows: int) -> Iterator[str]:
    yield f"過去結果 {'提供教師參考' if showing.shown else '不提供教師（預設）'}"
    yield f"人數少於 {showing.smallest} 不公布（範例值，請依主管機關決定）"
    yield f"公布最低積分的縣市 {'、'.join(showing.lowest) or '無'}"
    yield f"已有 {rows:,} 列，年度 {'、'.join(map(str, years)) or '無'}"
