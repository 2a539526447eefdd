"""`jiepin server import past-results`: what came of seats in earlier years (U-019)."""

import time
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from core.domain.roc import parse_date
from server.imports.commands import Yes, imported_before
from server.imports.confirmation import Asked, settle
from server.imports.fault import by_line, is_broken
from server.imports.layout import PAST_HEADINGS, sheet_faults
from server.imports.past import PastPlan, plan_past, read_past_list
from server.imports.report import (
    fault_facts,
    fault_lines,
    past_facts,
    past_lines,
    sheet_facts,
    sheet_lines,
)
from server.imports.sheet import Sheet, read_sheet
from server.imports.shelf import batch_of, find_applied_ms, read_gazetteer, write_past
from server.lists import read_schools, schools_by_id
from server.past import read_past_results
from server.terminal import AsJson, Database, DryRun, Exit, Home, opened, operator

app = typer.Typer()
SOURCE_AT_MOST = 100


@app.command("past-results")
def import_past_results(  # noqa: PLR0913 - the options of a command
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file.")],
    home: Home,
    source: Annotated[str, typer.Option(help="Who published it; kiosks show it with the numbers.")],
    as_of: Annotated[str, typer.Option(help="When: 115/8/1 or 2026-08-01.")],
    database: Database = None,
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take in what came of seats in earlier years: 年度,代碼,科別,缺額,選填人數,調入人數,最低積分.

    An empty cell of the last three is what the source does not say. Kiosks show them only when the
    season says so: jiepin server past-results.

    Example: jiepin server import past-results 結果.csv --home server --source 公告 --as-of 114/8/1
    """
    if not 0 < len(source.strip()) <= SOURCE_AT_MOST:
        typer.echo(f"--source：1 到 {SOURCE_AT_MOST} 字", err=True)
        raise typer.Exit(Exit.USAGE)
    try:
        published = parse_date(as_of).isoformat()
    except ValueError as error:
        typer.echo(f"--as-of {as_of} 不是日期", err=True)
        raise typer.Exit(Exit.USAGE) from error
    sheet = read_sheet(file.name, file.read_bytes())
    batch = batch_of({sheet.file: sheet.sha256}, operator(), time.time_ns() // 1_000_000)
    with opened(home, database) as store:

        def planned(connection: Connection) -> PastPlan:
            return _plan_past(connection, sheet, source.strip(), published)

        with store.reading() as connection:
            plan = planned(connection)
            before = find_applied_ms(connection, batch)
        facts = {
            "files": sheet_facts([sheet], {}),
            "faults": fault_facts(plan.faults),
            **past_facts(plan),
        }
        lines = chain(sheet_lines([sheet], {}), fault_lines(plan.faults), past_lines(plan))
        asked = Asked(
            yes=yes,
            dry_run=dry_run,
            as_json=as_json,
            broken=is_broken(plan.faults),
            changes=bool(plan.new or plan.changed),
        )
        settle(
            store,
            asked,
            facts,
            chain(lines, imported_before(before)),
            lambda connection: write_past(connection, planned(connection), batch),
        )


def _plan_past(connection: Connection, sheet: Sheet, source: str, as_of: str) -> PastPlan:
    faults = sheet_faults(sheet, PAST_HEADINGS)
    if is_broken(faults):
        return replace(plan_past((), ()), faults=faults)
    schools = schools_by_id(read_schools(connection))
    lines, found = read_past_list(sheet, schools, read_gazetteer(), source=source, as_of=as_of)
    plan = plan_past(lines, read_past_results(connection))
    return replace(plan, faults=by_line(faults, found, plan.faults))
