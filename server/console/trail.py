"""The audit trail as a page."""

from aiohttp import web
from sqlalchemy import Connection, Row, func, select

from server.audit import AuditCode
from server.console.layout import Crumb
from server.console.visit import Visit
from server.store.season_tables import audit

ROWS_PER_PAGE = 100
PAGE_DIGITS = 8


async def show_trail(visit: Visit) -> web.StreamResponse:
    """Every act of staff, the newest first."""
    asked = visit.request.query.get("page", "1")
    page = max(1, int(asked)) if asked.isdecimal() and len(asked) < PAGE_DIGITS else 1

    def work(connection: Connection) -> tuple[list[Row[tuple[object, ...]]], int]:
        total = connection.execute(select(func.count()).select_from(audit)).scalar_one()
        rows = connection.execute(
            select(audit)
            .order_by(audit.c.id.desc())
            .limit(ROWS_PER_PAGE)
            .offset((page - 1) * ROWS_PER_PAGE)
        )
        return list(rows.all()), total

    rows, total = await visit.read(work)
    return visit.page(
        "trail.html",
        (Crumb("總覽", "/"), Crumb("稽核紀錄")),
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // ROWS_PER_PAGE)),
        AuditCode=AuditCode,
    )
