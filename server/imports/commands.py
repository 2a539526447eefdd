"""`jiepin server import …`: lists of the season from files. Nothing is written unconfirmed."""

import hashlib
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from core.domain.roc import format_roc_minute
from server.barring import grounds, notices_of
from server.imports.barred import (
    BARRED_HEADINGS,
    BarredLine,
    BarredPlan,
    plan_barred,
    read_barred,
)
from server.imports.cell import Gazetteer
from server.imports.confirmation import Asked, settle
from server.imports.fault import by_line, is_broken
from server.imports.layout import VACANCY_HEADINGS, sheet_faults
from server.imports.report import (
    barred_facts,
    barred_lines,
    fault_facts,
    fault_lines,
    school_facts,
    school_lines,
    seat_facts,
    seat_lines,
    sheet_facts,
    sheet_lines,
)
from server.imports.school_list import plan_school_lists, read_school_lists
from server.imports.sheet import Sheet, read_sheet
from server.imports.shelf import (
    Batch,
    batch_of,
    find_applied_ms,
    read_barred_of,
    read_gazetteer,
    read_listed,
    write_barred,
    write_notice,
    write_schools,
    write_season,
    write_seats,
)
from server.imports.vacancy import VacancyPlan, plan_vacancies, read_vacancies
from server.inbox import append_notices
from server.keys import KeysError, read_keys
from server.lists import (
    PACKAGED_CALENDAR,
    day_of,
    load_season,
    moment,
    read_schools,
    read_season,
    read_seats,
    read_table,
    schools_by_id,
)
from server.terminal import (
    AsJson,
    Database,
    DryRun,
    Exit,
    Home,
    RefusedError,
    opened,
    operator,
)

app = typer.Typer(no_args_is_help=True, help="Take in school lists, vacancies and the calendar.")

NOTICE_AT_MOST = 20_000
Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="CSV files.")]
Yes = Annotated[bool, typer.Option("--yes", help="Confirm without being asked.")]
CloseGone = Annotated[
    bool, typer.Option("--close-gone", help="Also close what the files no longer name.")
]


@app.command("schools")
def import_schools(  # noqa: PLR0913 - the options of a command
    files: Files,
    home: Home,
    database: Database = None,
    *,
    yes: Yes = False,
    close_gone: CloseGone = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take in school lists: the ministry's own files, and lists written by hand.

    The ministry's directories (e1_new, j1_new, k1_new), figures per school (…_basec) and the list
    with 地區屬性 are known by their headings; give those of one year together. By hand:
    代碼,學校名稱,縣市,鄉鎮市區,階段別,註記 and, if wanted, 簡稱,委託,學年度. Public schools are
    delegated until said otherwise; private ones are left out.

    Example: jiepin server import schools --home server e1_new.csv 114_basec.csv remote_113.csv
    """
    now_ms = time.time_ns() // 1_000_000
    today = day_of(now_ms)
    lists = read_school_lists(_sheets(files), read_gazetteer(), today)
    batch = _batch(lists.sheets, now_ms)
    with opened(home, database) as store:
        with store.reading() as connection:
            plan = plan_school_lists(lists, read_listed(connection))
            before = find_applied_ms(connection, batch)
        facts = {
            "files": sheet_facts(lists.sheets, lists.layouts),
            "faults": fault_facts(plan.faults),
            **school_facts(plan),
        }
        lines = chain(
            sheet_lines(lists.sheets, lists.layouts), fault_lines(plan.faults), school_lines(plan)
        )

        def write(connection: Connection) -> int:
            again = plan_school_lists(lists, read_listed(connection))
            return write_schools(connection, again, batch, close_gone=close_gone)

        asked = Asked(
            yes=yes,
            dry_run=dry_run,
            as_json=as_json,
            broken=is_broken(plan.faults),
            changes=bool(plan.new or plan.changed or (close_gone and plan.gone)),
        )
        settle(store, asked, facts, chain(lines, imported_before(before)), write)


@app.command("vacancies")
def import_vacancies(  # noqa: PLR0913 - the options of a command
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file.")],
    home: Home,
    database: Database = None,
    *,
    yes: Yes = False,
    close_gone: CloseGone = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take in 單調缺額 of this season: 代碼,科別,缺額,遇缺不補; 0 seats close a line.

    Example: jiepin server import vacancies --home server 缺額.csv --yes
    """
    sheet = _sheets([file])[0]
    gazetteer = read_gazetteer()
    batch = _batch([sheet], time.time_ns() // 1_000_000)
    with opened(home, database) as store:
        with store.reading() as connection:
            season = read_season(connection).name
            plan = _plan_seats(connection, sheet, gazetteer, season)
            before = find_applied_ms(connection, batch)
        facts = {
            "files": sheet_facts([sheet], {}),
            "season": season,
            "faults": fault_facts(plan.faults),
            **seat_facts(plan),
        }
        lines = chain(sheet_lines([sheet], {}), fault_lines(plan.faults), seat_lines(plan))

        def write(connection: Connection) -> int:
            again = _plan_seats(connection, sheet, gazetteer, season)
            return write_seats(connection, season, again, batch, close_gone=close_gone)

        asked = Asked(
            yes=yes,
            dry_run=dry_run,
            as_json=as_json,
            broken=is_broken(plan.faults),
            changes=bool(plan.new or plan.changed or plan.closed or (close_gone and plan.gone)),
        )
        settle(store, asked, facts, chain(lines, imported_before(before)), write)


@app.command("barred")
def import_barred(  # noqa: PLR0913 - the options of a command
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file.")],
    home: Home,
    database: Database = None,
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take in the control list (管制名單): 縣市,身分證統一編號,依據,起日,迄日,來源.

    依據 is 未報到, 放棄介聘, 公費生, 薦送主任 or 教甄服務年限; 迄日 is the last day, empty where
    the ground's years say it. Lines that are not named stay; an earlier 迄日 ends one. Of persons
    only keyed hashes are kept. Their schools' machines are told; nobody is refused by it.

    Example: jiepin server import barred --home server 管制名單.csv
    """
    sheet = _sheets([file])[0]
    now_ms = time.time_ns() // 1_000_000
    batch = _batch([sheet], now_ms)
    faults = sheet_faults(sheet, BARRED_HEADINGS)
    lines: tuple[BarredLine, ...] = ()
    if not is_broken(faults):
        today = day_of(now_ms)
        lines, wrong = read_barred(sheet, read_gazetteer(), grounds(), today)
        faults += wrong

    def planned(connection: Connection) -> BarredPlan:
        plan = plan_barred(lines, read_barred_of(connection, lines))
        return replace(plan, faults=by_line(faults, plan.faults))

    def write(connection: Connection) -> int:
        plan = planned(connection)
        written = write_barred(connection, plan, batch)
        people = [each.person.text for each in (*plan.new, *plan.changed)]
        notices = list(notices_of(connection, people, now_ms))
        if notices:
            try:
                append_notices(connection, notices, now_ms, read_keys(home).receipt)
            except KeysError as error:
                raise RefusedError("keys", f"無法簽發給學校的通知，未寫入：{error}") from error
        return written

    with opened(home, database) as store:
        with store.reading() as connection:
            plan = planned(connection)
            before = find_applied_ms(connection, batch)
        facts = {
            "files": sheet_facts([sheet], {}),
            "faults": fault_facts(plan.faults),
            **barred_facts(plan),
        }
        told = chain(sheet_lines([sheet], {}), fault_lines(plan.faults), barred_lines(plan))
        asked = Asked(
            yes=yes,
            dry_run=dry_run,
            as_json=as_json,
            broken=is_broken(plan.faults),
            changes=bool(plan.new or plan.changed),
        )
        settle(store, asked, facts, chain(told, imported_before(before)), write)


@app.command("calendar")
def import_calendar(  # noqa: PLR0913 - the options of a command
    home: Home,
    file: Annotated[
        Path | None,
        typer.Argument(exists=True, dir_okay=False, help="TOML; the package's own if not given."),
    ] = None,
    database: Database = None,
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take in the windows of a season from a table like core/rules/tables/calendar_115.toml.

    A table whose source says 示範 is a demonstration: its windows may be passed over.

    Example: jiepin server import calendar --home server calendar.toml --yes
    """
    try:
        text = file.read_text("utf-8") if file else read_table(PACKAGED_CALENDAR)
        season = load_season(text)
    except ValueError as error:
        typer.echo(f"{file or PACKAGED_CALENDAR} 不是日程表：{error}", err=True)
        raise typer.Exit(Exit.FAILED) from error
    name = file.name if file else PACKAGED_CALENDAR
    digest = hashlib.sha256(text.encode()).hexdigest()
    batch = batch_of({name: digest}, operator(), time.time_ns() // 1_000_000)
    facts = {
        "season": season.name,
        "source": season.source,
        "phases": {
            each.name.value: [each.opens.isoformat(), each.closes.isoformat()]
            for each in season.calendar
        },
    }
    lines = (
        f"{each.name:<16} {format_roc_minute(each.opens)} 至 {format_roc_minute(each.closes)}"
        for each in season.calendar
    )
    asked = Asked(yes=yes, dry_run=dry_run, as_json=as_json, broken=False, changes=True)
    with opened(home, database) as store:
        settle(
            store, asked, facts, lines, lambda connection: write_season(connection, season, batch)
        )


@app.command("notice")
def import_notice(  # noqa: PLR0913 - the options of a command
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="UTF-8 text.")],
    home: Home,
    database: Database = None,
    *,
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take in a text that every kiosk shows beside the form's own notices.

    Example: jiepin server import notice --home server 公告.txt --yes
    """
    try:
        text = unicodedata.normalize("NFC", file.read_text("utf-8-sig")).strip()
    except UnicodeDecodeError as error:
        typer.echo(f"{file} 不是 UTF-8 文字檔", err=True)
        raise typer.Exit(Exit.FAILED) from error
    digest = hashlib.sha256(text.encode()).hexdigest()
    batch = batch_of({file.name: digest}, operator(), time.time_ns() // 1_000_000)
    asked = Asked(
        yes=yes,
        dry_run=dry_run,
        as_json=as_json,
        broken=len(text) > NOTICE_AT_MOST,
        changes=True,
    )
    facts: dict[str, object] = {"letters": len(text)}
    with opened(home, database) as store:
        settle(
            store,
            asked,
            facts,
            iter([text]),
            lambda connection: write_notice(connection, text, batch),
        )


def _sheets(paths: Sequence[Path]) -> list[Sheet]:
    names = [path.name for path in paths]
    return [
        read_sheet(path.name if names.count(path.name) == 1 else str(path), path.read_bytes())
        for path in paths
    ]


def _batch(sheets: Sequence[Sheet], now_ms: int) -> Batch:
    return batch_of({sheet.file: sheet.sha256 for sheet in sheets}, operator(), now_ms)


def _plan_seats(
    connection: Connection, sheet: Sheet, gazetteer: Gazetteer, season: str
) -> VacancyPlan:
    faults = sheet_faults(sheet, VACANCY_HEADINGS)
    stored = read_seats(connection, season)
    if is_broken(faults):
        return replace(plan_vacancies((), stored), faults=faults, gone=())
    schools = schools_by_id(read_schools(connection))
    lines, found = read_vacancies(sheet, schools, gazetteer)
    plan = plan_vacancies(lines, stored)
    return replace(plan, faults=by_line(faults, found, plan.faults))


def imported_before(applied_ms: int | None) -> Iterator[str]:
    """A line for files that were imported already."""
    if applied_ms is not None:
        yield f"這些檔案已在 {format_roc_minute(moment(applied_ms))} 匯入過。"
