"""W07 管制名單 as it stands: who entered what, until when. Nobody is named."""

from aiohttp import web
from sqlalchemy import Connection, Row, select

from server.barring import grounds
from server.console.layout import Crumb
from server.console.visit import Visit
from server.lists import day_of
from server.store.season_tables import barred, import_batch

LISTED_AT_MOST = 1000


async def list_barred(visit: Visit) -> web.StreamResponse:
    """The lines a county entered; everybody's for those who see the whole country."""

    def work(connection: Connection) -> list[Row[*tuple[object, ...]]]:
        rows = (
            select(barred, import_batch.c.by, import_batch.c.applied_ms)
            .join(import_batch, import_batch.c.id == barred.c.import_batch)
            .order_by(barred.c.until.desc(), barred.c.since, barred.c.person)
        )
        if visit.county is not None:
            rows = rows.where(barred.c.county == visit.county)
        return list(connection.execute(rows))

    rows = await visit.read(work)
    today = day_of(visit.now_ms).isoformat()
    in_force = [row for row in rows if row.until is None or row.until > today]
    return visit.page(
        "barred.html",
        (Crumb("總覽", "/"), Crumb("管制名單")),
        rows=in_force[:LISTED_AT_MOST],
        total=len(in_force),
        over=len(rows) - len(in_force),
        grounds={each.code: each for each in grounds()},
    )
