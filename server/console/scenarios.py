"""Pages with pictures of a run, and with what other rules would have given."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy import Connection, select

from server.console.layout import Crumb
from server.console.names import Names
from server.console.visit import NAMES, Visit
from server.context import CONTEXT
from server.season.pictures import Album, Gallery
from server.season.run import MatcherError
from server.store.season_tables import freeze_entry, problem, run, school
from server.store.tables import application

log = structlog.get_logger()
DRAWINGS: web.AppKey[dict[int, asyncio.Task[None]]] = web.AppKey(
    "drawings", dict[int, asyncio.Task[None]]
)
DIFFERENCES_SHOWN = 200
PICTURE_HEADERS = {
    # A picture may use nothing but itself, wherever it is opened.
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Content-Type": "image/svg+xml; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What drawing a run needs: its files, and what its schools are called."""

    placement: bytes
    problem: bytes
    result: bytes
    stage: str
    schools: Mapping[str, str]

    def names(self, names: Names) -> Mapping[str, object]:
        """The names as the matcher reads them."""
        return {
            "format": "jiepin-names/1",
            "schools": dict(self.schools),
            "subjects": {
                code: name for (stage, code), name in names.subjects.items() if stage == self.stage
            },
        }


async def show_picture(visit: Visit) -> web.StreamResponse:
    """One picture of a run."""
    number, part, file = (visit.request.match_info[key] for key in ("run", "part", "file"))
    placement = await visit.read(lambda connection: _placement(connection, int(number)))
    gallery = gallery_of(visit.request.app)
    data = placement and await asyncio.to_thread(gallery.picture, placement, part, file)
    if not data:
        return visit.told(HTTPStatus.NOT_FOUND, "查無圖表", "這次媒合沒有這張圖。")
    return web.Response(body=data, headers=PICTURE_HEADERS)


async def show_scenarios(visit: Visit) -> web.StreamResponse:
    """The official result beside what other rules would have given, and who differs why."""
    number = int(visit.request.match_info["run"])
    placement = await visit.read(lambda connection: _placement(connection, number))
    album = await find_album(visit.request.app, placement)
    if album is None or album.comparison is None:
        sentence = "情境比較尚未產生；請回媒合結果頁按「畫圖並比較情境」。"
        return visit.told(HTTPStatus.NOT_FOUND, "尚無情境比較", sentence)
    aliases = [each["teacher"] for each in album.comparison["differences"][:DIFFERENCES_SHOWN]]
    people = await visit.read(lambda connection: _people(connection, number, aliases))
    stage, schools = await visit.read(lambda connection: _schools(connection, number))
    return visit.page(
        "scenarios.html",
        (
            Crumb("總覽", "/"),
            Crumb("媒合", "/runs"),
            Crumb(f"第 {number} 次", f"/runs/{number}"),
            Crumb("情境比較"),
        ),
        number=number,
        album=album,
        comparison=album.comparison,
        people=people,
        stage=stage,
        schools=schools,
        shown=DIFFERENCES_SHOWN,
    )


async def draw_again(visit: Visit) -> web.StreamResponse:
    """Draw a run whose pictures are missing or old."""
    number = int(visit.request.match_info["run"])
    begin_drawing(visit.request.app, number)
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"/runs/{number}"})


def gallery_of(app: web.Application) -> Gallery:
    """Where this server keeps pictures."""
    return Gallery(app[CONTEXT].config.home)


async def find_album(app: web.Application, placement: bytes | None) -> Album | None:
    """What has been drawn of a placement."""
    if placement is None:
        return None
    return await asyncio.to_thread(gallery_of(app).find, placement)


def begin_drawing(app: web.Application, number: int) -> None:
    """Draw a run beside the server, unless that is under way."""
    drawings = app[DRAWINGS]
    if number not in drawings:
        task = asyncio.create_task(_draw(app, number))
        drawings[number] = task
        task.add_done_callback(lambda _: drawings.pop(number, None))


async def stop_drawing(app: web.Application) -> None:
    """Give up what is under way: it can be drawn again at any time."""
    tasks = list(app[DRAWINGS].values())
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _draw(app: web.Application, number: int) -> None:
    context = app[CONTEXT]
    sheet = await context.store.read(partial(_sheet, number=number))
    if sheet is None:
        return
    try:
        await gallery_of(app).draw(
            sheet.placement,
            problem=sheet.problem,
            result=sheet.result,
            names=sheet.names(app[NAMES]),
        )
    except (MatcherError, OSError) as error:
        log.warning("run_not_drawn", run=number, cause=str(error))


def _placement(connection: Connection, number: int) -> bytes | None:
    digest: bytes | None = connection.execute(
        select(run.c.placement_sha256).where(run.c.id == number)
    ).scalar()
    return digest


def _sheet(connection: Connection, number: int) -> Sheet | None:
    row = connection.execute(
        select(run.c.placement_sha256, run.c.placement, run.c.stage, problem.c.data)
        .join(problem, (problem.c.freeze == run.c.freeze) & (problem.c.stage == run.c.stage))
        .where(run.c.id == number, run.c.check_ok)
    ).one_or_none()
    if row is None:
        return None
    return Sheet(
        placement=row.placement_sha256,
        problem=row.data,
        result=row.placement,
        stage=row.stage,
        schools=_schools(connection, number)[1],
    )


def _schools(connection: Connection, number: int) -> tuple[str, Mapping[str, str]]:
    stage: str = connection.execute(select(run.c.stage).where(run.c.id == number)).scalar_one()
    rows = connection.execute(select(school.c.id, school.c.name).where(school.c.stage == stage))
    return stage, {each.id: each.name for each in rows}


def _people(connection: Connection, number: int, aliases: Sequence[str]) -> Mapping[str, Any]:
    rows = connection.execute(
        select(freeze_entry.c.alias, freeze_entry.c.app, application.c.name)
        .join(run, (run.c.freeze == freeze_entry.c.freeze) & (run.c.stage == freeze_entry.c.stage))
        .join(application, application.c.app == freeze_entry.c.app)
        .where(run.c.id == number, freeze_entry.c.alias.in_(aliases))
    )
    return {each.alias: each for each in rows}
