"""Pages about runs and results: start one, see it checked, approve it, publish it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy import Connection, Row, select

from core.domain.school import Stage
from server.console.layout import Crumb
from server.console.scenarios import DRAWINGS, begin_drawing, find_album
from server.console.visit import Visit
from server.context import CONTEXT
from server.season.approval import approvals_of, approve
from server.season.publish import publish
from server.season.result import Result, flows, read_placement
from server.season.run import (
    CHECKED,
    RUNNING,
    MatcherError,
    Solved,
    Task,
    compute,
    find_freeze,
    finish_run,
    stages_of,
    start_run,
)
from server.store.season_tables import freeze, freeze_entry, problem, publication, run, school
from server.store.tables import application
from server.store.writer import StoreError

log = structlog.get_logger()
TASKS: web.AppKey[set[asyncio.Task[None]]] = web.AppKey("runs", set[asyncio.Task[None]])
MOVES_PER_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run in the list; ``result`` is None until it is computed."""

    row: Row[*tuple[Any, ...]]
    problem: bytes | None
    result: Result | None
    approvals: Sequence[str]
    published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """Everything the result page shows: people by alias, schools by code."""

    line: RunLine
    frozen: Row[*tuple[Any, ...]]
    people: Mapping[str, Row[*tuple[Any, ...]]]
    schools: Mapping[str, tuple[str, str]]
    publication: Row[*tuple[Any, ...]] | None
    included: int


async def list_runs(visit: Visit) -> web.StreamResponse:
    """All runs, the newest first, and what could be run now."""

    def work(connection: Connection) -> tuple[tuple[RunLine, ...], tuple[Stage, ...], int]:
        newest = connection.execute(
            select(freeze.c.id).order_by(freeze.c.id.desc()).limit(1)
        ).scalar()
        rows = connection.execute(_runs().order_by(run.c.id.desc())).all()
        lines = tuple(_line(connection, row) for row in rows)
        return lines, () if newest is None else stages_of(connection, newest), newest or 0

    lines, stages, newest = await visit.read(work)
    done = {Stage(line.row.stage) for line in lines if line.published and line.row.freeze == newest}
    return visit.page(
        "runs.html",
        (Crumb("總覽", "/"), Crumb("媒合")),
        lines=lines,
        stages=[stage for stage in stages if stage not in done],
        newest=newest,
        underway=any(line.row.state == RUNNING for line in lines),
    )


async def begin_run(visit: Visit) -> web.StreamResponse:
    """Write the run down, compute it beside the server, and show the list meanwhile."""
    wanted = await visit.field("stage")
    if wanted not in set(Stage):
        return visit.told(HTTPStatus.BAD_REQUEST, "沒有這個階段別", "請回上一頁重新選擇。")

    def work(connection: Connection) -> Task:
        number = find_freeze(connection).id
        return start_run(
            connection, number, Stage(wanted), by=visit.account.login, now_ms=visit.now_ms
        )

    task = await visit.write(work)
    tasks = visit.request.app[TASKS]
    running = asyncio.create_task(_compute(visit.request.app, task, visit.account.login))
    tasks.add(running)
    running.add_done_callback(tasks.discard)
    return _see("/runs")


async def show_result(visit: Visit) -> web.StreamResponse:
    """One run: hashes, check, numbers, every chain and ring."""
    number = int(visit.request.match_info["run"])
    found = await visit.read(lambda connection: _view(connection, number))
    if found is None:
        return visit.told(HTTPStatus.NOT_FOUND, "查無媒合", f"沒有第 {number} 次媒合。")
    result = found.line.result
    counties = {code: county for code, (_, county) in found.schools.items()}
    album = await find_album(visit.request.app, found.line.row.placement_sha256)
    return visit.page(
        "result.html",
        (Crumb("總覽", "/"), Crumb("媒合", "/runs"), Crumb(f"第 {number} 次")),
        found=found,
        line=found.line,
        result=result,
        flows=sorted(flows(result.moves, counties).items()) if result else [],
        own=found.line.row.by == visit.account.login,
        approved=visit.account.login in found.line.approvals,
        album=album,
        drawing=number in visit.request.app[DRAWINGS],
    )


async def approve_result(visit: Visit) -> web.StreamResponse:
    """The second person's approval."""
    number = int(visit.request.match_info["run"])
    await visit.write(
        lambda connection: approve(
            connection, number, login=visit.account.login, now_ms=visit.now_ms
        )
    )
    return _see(f"/runs/{number}")


async def publish_result(visit: Visit) -> web.StreamResponse:
    """Every applicant's outcome into the inboxes."""
    number = int(visit.request.match_info["run"])
    key = visit.context.keys.receipt
    await visit.write(
        lambda connection: publish(
            connection, number, by=visit.account.login, key=key, now_ms=visit.now_ms
        )
    )
    return _see(f"/runs/{number}")


async def _compute(app: web.Application, task: Task, by: str) -> None:
    context = app[CONTEXT]
    try:
        solved: Solved | MatcherError = await asyncio.to_thread(compute, task.problem)
    except MatcherError as error:
        solved = error
    try:
        await context.store.write(
            lambda connection: finish_run(connection, task, solved, by=by, now_ms=context.now_ms())
        )
    except StoreError as error:
        log.warning("run_not_kept", run=task.run, cause=type(error.__cause__).__name__)
        return
    begin_drawing(app, task.run)


def _runs() -> Any:  # noqa: ANN401 - the type of a join has no shorter name
    return (
        select(run, problem.c.sha256.label("problem_sha256"), publication.c.run.label("published"))
        .join(problem, (problem.c.freeze == run.c.freeze) & (problem.c.stage == run.c.stage))
        .outerjoin(publication, publication.c.run == run.c.id)
    )


def _line(connection: Connection, row: Row[*tuple[Any, ...]]) -> RunLine:
    return RunLine(
        row=row,
        problem=row.problem_sha256,
        result=read_placement(row.placement) if row.state == CHECKED else None,
        approvals=approvals_of(connection, row.id),
        published=row.published is not None,
    )


def _view(connection: Connection, number: int) -> ResultView | None:
    row = connection.execute(_runs().where(run.c.id == number)).one_or_none()
    if row is None:
        return None
    entries = connection.execute(
        select(
            freeze_entry.c.alias,
            freeze_entry.c.app,
            application.c.name,
            application.c.school,
            application.c.stage,
        )
        .join(application, application.c.app == freeze_entry.c.app)
        .where(
            freeze_entry.c.freeze == row.freeze,
            freeze_entry.c.stage == row.stage,
            freeze_entry.c.included,
        )
    ).all()
    schools = connection.execute(
        select(school.c.id, school.c.name, school.c.county).where(school.c.stage == row.stage)
    )
    return ResultView(
        line=_line(connection, row),
        frozen=find_freeze(connection, row.freeze),
        people={each.alias: each for each in entries},
        schools={each.id: (each.name, each.county) for each in schools},
        publication=connection.execute(
            select(publication).where(publication.c.run == number)
        ).one_or_none(),
        included=len(entries),
    )


def _see(address: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
