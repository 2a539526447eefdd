"""The season from the command line: export-reference, freeze, match, approve, publish."""

import time
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from core.domain.school import Stage
from core.season.county import CountyRule
from core.season.ruling import ConflictRule, DoubtfulRule, SeasonRules
from server.directory import Directory
from server.judging import is_behind, judge_all
from server.keys import KeysError, read_keys
from server.lists import moment, read_season
from server.notices import Stamp
from server.season.actor import As, actor
from server.season.approval import approve, newest_runs
from server.season.county import pass_waiting
from server.season.freeze import check_time, plan_freeze, write_freeze
from server.season.publish import publish
from server.season.reference import reference_files, write_files
from server.season.report import freeze_facts, freeze_lines, rule_lines
from server.season.result import read_placement
from server.season.ruling import read_rules_of_season, set_rules
from server.season.run import (
    MatcherError,
    Solved,
    compute,
    find_freeze,
    finish_run,
    read_rules,
    stages_of,
    start_run,
)
from server.staff.account import find_account
from server.staff.role import Act
from server.store.database import Store
from server.terminal import (
    AsJson,
    Database,
    DryRun,
    Exit,
    Home,
    RefusedError,
    opened,
    report,
)

app = typer.Typer()

OnlyRun = Annotated[int | None, typer.Option("--run", help="Only this run, not every stage's.")]
OnlyStage = Annotated[Stage | None, typer.Option("--stage", help="Only this stage.")]


@app.command("export-reference")
def export_reference(
    folder: Annotated[Path, typer.Argument(help="Folder to write to.", file_okay=False)],
    home: Home,
    database: Database = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write the reference files (schools, calendar, officers, notices), to be signed elsewhere.

    Example: jiepin server export-reference reference --home server
    """
    with opened(home, database) as store:
        with store.reading() as connection:
            files = reference_files(connection)
        written = write_files(folder, files)
    facts = {"files": {name: len(data) for name, data in files.items()}, "written": written}
    lines = (
        f"{name}  {len(data):,} 位元組{'' if name in written else '  未變動'}"
        for name, data in files.items()
    )
    report(facts, lines, as_json=as_json)


@app.command("freeze")
def freeze_season(  # noqa: PLR0913 - the options of a command
    home: Home,
    database: Database = None,
    *,
    early: Annotated[
        bool, typer.Option("--early", help="Before its time; only under a demonstration calendar.")
    ] = False,
    rules: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Rule file of the matcher.")
    ] = None,
    as_login: As = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Decide which applications go into the match, print the input root, and build the input.

    Example: jiepin server freeze --home server --dry-run
    """
    with opened(home, database) as store:
        now_ms = _now_ms()
        by = actor(store, as_login, Act.FREEZE, now_ms)
        used = read_rules(rules)
        number = None
        if dry_run:
            with store.reading() as connection:
                check_time(read_season(connection), moment(now_ms), early=early)
                plan = plan_freeze(connection, used)
        else:
            with store.writing() as connection:
                _judge_the_rest(connection, home, now_ms)
                plan = plan_freeze(connection, used)
                number = write_freeze(connection, plan, by=by, early=early, now_ms=now_ms)
        report(freeze_facts(plan, number), freeze_lines(plan, number), as_json=as_json)


@app.command("season-rules")
def name_rules(  # noqa: PLR0913 - the options of a command
    home: Home,
    database: Database = None,
    *,
    conflict: Annotated[
        ConflictRule | None, typer.Option(help="What becomes of open conflicts at the freeze.")
    ] = None,
    doubtful: Annotated[
        DoubtfulRule | None, typer.Option(help="What becomes of undecided doubtful entries.")
    ] = None,
    county: Annotated[
        CountyRule | None, typer.Option(help="Whether a county's review is needed to go in.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; kept in the centre's log.")] = "",
    as_login: As = None,
    as_json: AsJson = False,
) -> None:
    """Show the season's rules for conflicts, doubtful entries and counties, or set them.

    Example: jiepin server season-rules --home server --doubtful leave-out --reason 委員會決議
    """
    with opened(home, database) as store:
        now_ms = _now_ms()
        with store.reading() as connection:
            season = read_season(connection).name
            rules = read_rules_of_season(connection, season)
        if conflict is not None or doubtful is not None or county is not None:
            by = actor(store, as_login, Act.FREEZE, now_ms)
            rules = SeasonRules(
                conflict=conflict or rules.conflict,
                doubtful=doubtful or rules.doubtful,
                county=county or rules.county,
            )
            try:
                key = read_keys(home).receipt
            except KeysError as error:
                typer.echo(f"{error}", err=True)
                raise typer.Exit(Exit.FAILED) from error
            with store.writing() as connection:
                set_rules(
                    connection, season, rules, login=by, reason=reason, key=key, now_ms=now_ms
                )
        facts = {
            "season": season,
            "conflict": rules.conflict.value,
            "doubtful": rules.doubtful.value,
            "county": rules.county.value,
        }
        report(facts, rule_lines(rules), as_json=as_json)


@app.command("county-pass")
def pass_for_county(
    home: Home,
    as_login: Annotated[
        str, typer.Option("--as", help="A county's account; the password on standard input.")
    ],
    database: Database = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Pass everything that waits for the account's county, with the school's figures.

    Left for people: who is on the control list, whose content is gone, and the reviewer's own.

    Example: jiepin server county-pass --home server --as pingtung < password
    """
    with opened(home, database) as store:
        login = actor(store, as_login, Act.REVIEW, _now_ms())
        with store.writing() as connection:
            account = find_account(connection, login)
            if account is None:
                raise RefusedError("role", f"{login} 已停用。")
            _judge_the_rest(connection, home, _now_ms())
            try:
                key = read_keys(home).receipt
            except KeysError as error:
                raise RefusedError("keys", f"無法簽發審查紀錄：{error}") from error
            done, left = pass_waiting(connection, account=account, key=key, now_ms=_now_ms())
        facts = {"passed": done, "left": left, "by": login}
        report(facts, iter([f"{login} 已通過 {done:,} 件，留待人工 {left:,} 件"]), as_json=as_json)


@app.command("match")
def match_season(
    home: Home,
    database: Database = None,
    *,
    stage: OnlyStage = None,
    as_login: As = None,
    as_json: AsJson = False,
) -> None:
    """Run the matcher on the newest freeze and have every result checked independently.

    Example: jiepin server match --home server --stage elementary
    """
    with opened(home, database) as store:
        by = actor(store, as_login, Act.RUN, _now_ms())
        with store.reading() as connection:
            number = find_freeze(connection).id
            stages = [stage] if stage else list(stages_of(connection, number))
        runs = [_match(store, number, each, by) for each in stages]
        ok = all(each["check_ok"] for each in runs)
        facts = {
            "freeze": number,
            "runs": runs,
            "moved": sum(int(str(each["moved"])) for each in runs),
            "check_ok": ok,
        }
        lines = (
            f"第 {each['run']} 次 {each['stage']}：{each['moved']} 人達成，"
            f"檢核{'相符' if each['check_ok'] else '不符'}"
            for each in runs
        )
        report(facts, lines, as_json=as_json)
    if not ok:
        raise typer.Exit(Exit.FAILED)


@app.command("approve")
def approve_result(
    home: Home,
    as_login: Annotated[
        str, typer.Option("--as", help="The second person; the password on standard input.")
    ],
    database: Database = None,
    *,
    run: OnlyRun = None,
    as_json: AsJson = False,
) -> None:
    """Approve checked results as the second person, who is not the one who ran the match.

    Example: jiepin server approve --home server --as host2 < password
    """
    with opened(home, database) as store:
        login = actor(store, as_login, Act.APPROVE, _now_ms())
        with store.writing() as connection:
            numbers = _runs(connection, run)
            for number in numbers:
                approve(connection, number, login=login, now_ms=_now_ms())
        report(
            {"approved": numbers, "by": login},
            iter([f"{login} 已核可第 {'、'.join(map(str, numbers))} 次媒合"]),
            as_json=as_json,
        )


@app.command("publish")
def publish_result(  # noqa: PLR0913 - the options of a command
    home: Home,
    database: Database = None,
    *,
    run: OnlyRun = None,
    as_login: As = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Send every applicant's outcome to the kiosks; results must be checked and approved.

    Example: jiepin server publish --home server
    """
    try:
        keys = read_keys(home)
    except KeysError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(Exit.FAILED) from error
    with opened(home, database) as store:
        now_ms = _now_ms()
        by = actor(store, as_login, Act.PUBLISH, now_ms)
        with store.writing() as connection:
            attempt = connection.begin_nested()
            done = [
                publish(connection, number, by=by, key=keys.receipt, now_ms=now_ms)
                for number in _runs(connection, run)
            ]
            if dry_run:
                attempt.rollback()
        facts = {
            "published": [each.run for each in done],
            "notices": sum(each.notices for each in done),
            "fresh": any(each.fresh for each in done),
            "dry_run": dry_run,
        }
        word = "將公告" if dry_run else "已公告"
        lines = (
            f"第 {each.run} 次媒合{word}，通知 {each.notices:,} 則"
            f"{'' if each.fresh else '（先前已公告）'}"
            for each in done
        )
        report(facts, lines, as_json=as_json)


def _match(store: Store, number: int, stage: Stage, by: str) -> dict[str, object]:
    with store.writing() as connection:
        task = start_run(connection, number, stage, by=by, now_ms=_now_ms())
    try:
        solved: Solved | MatcherError = compute(task.problem)
    except MatcherError as error:
        solved = error
    with store.writing() as connection:
        finish_run(connection, task, solved, by=by, now_ms=_now_ms())
    if isinstance(solved, MatcherError):
        typer.echo(f"第 {task.run} 次 {stage}：{solved}", err=True)
        return {"run": task.run, "stage": stage.value, "moved": 0, "check_ok": False}
    result = read_placement(solved.placement)
    return {
        "run": task.run,
        "stage": stage.value,
        "moved": len(result.moves),
        "by_phase": dict(result.by_phase),
        "check_ok": solved.check_ok,
    }


def _runs(connection: Connection, run: int | None) -> list[int]:
    if run is not None:
        return [run]
    runs = newest_runs(connection, find_freeze(connection).id)
    if not runs:
        raise RefusedError("not_run", "還沒有媒合結果。")
    return [runs[stage].id for stage in sorted(runs)]


def _judge_the_rest(connection: Connection, home: Path, now_ms: int) -> None:
    """A rush may have left entries whose verdicts are still to come."""
    if not is_behind(connection):
        return
    try:
        key = read_keys(home).receipt
    except KeysError as error:
        typer.echo(f"{error}", err=True)
        raise typer.Exit(Exit.FAILED) from error
    judge_all(connection, Directory(), Stamp(now_ms=now_ms, key=key))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
