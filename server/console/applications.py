"""Pages about applications: the list, one record, revealing a person, taking the list away."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from aiohttp import web
from sqlalchemy import Connection, select

from core.domain.points import Points
from core.domain.roc import TAIPEI
from core.domain.school import Stage
from core.wire.receipt import check_code
from server.audit import AuditCode, record
from server.console import text
from server.console.comparison import compare
from server.console.layout import Crumb
from server.console.names import Names
from server.console.record import Record, read_record
from server.console.register import (
    SIZES,
    STATES,
    Listing,
    View,
    may_see,
    read_all,
    read_listing,
    view_of,
)
from server.console.visit import Visit
from server.lists import day_of, moment
from server.store.season_tables import school

APP_BYTES = 16
REASON_AT_MOST = 200
EXPORT_HEADINGS = (
    ("app", "申請代碼"),
    ("name", "姓名"),
    ("national_id", "身分證字號"),
    ("stage", "階段別"),
    ("school", "學校代碼"),
    ("school_name", "學校名稱"),
    ("subject", "科別"),
    ("county_a", "志願縣市甲"),
    ("county_b", "志願縣市乙"),
    ("wishes", "志願數"),
    ("version", "版本"),
    ("state", "狀態"),
    ("points_a", "積分甲"),
    ("points_b", "積分乙"),
    ("check_code", "檢查碼"),
    ("received", "收到時間"),
)


async def list_applications(visit: Visit) -> web.StreamResponse:
    """The list as its address says."""
    view = view_of(visit.request.query)

    def work(connection: Connection) -> tuple[Listing, dict[str, str]]:
        return read_listing(connection, view, visit.county), _counties(connection, visit)

    listing, counties = await visit.read(work)
    return visit.page(
        "applications.html",
        (Crumb("總覽", "/"), Crumb("申請")),
        view=view,
        listing=listing,
        counties=counties,
        states=STATES,
        sizes=SIZES,
        pages=listing.pages(view),
        stages=tuple(Stage),
    )


async def show_application(visit: Visit) -> web.StreamResponse:
    """One record, the person masked."""
    found = await _find(visit)
    return found if isinstance(found, web.Response) else _record_page(visit, found, shown=False)


async def reveal_application(visit: Visit) -> web.StreamResponse:
    """The same with the person shown, for a reason that is written down first."""
    found = await _find(visit)
    if isinstance(found, web.Response):
        return found
    reason = (await visit.field("reason"))[:REASON_AT_MOST]
    if not reason:
        return _record_page(visit, found, shown=False, missing_reason=True)
    await visit.write(
        lambda connection: record(
            connection,
            AuditCode.PERSON_REVEALED,
            account=visit.account.login,
            target=found.app.hex(),
            reason=reason,
            now_ms=visit.now_ms,
        )
    )
    return _record_page(visit, found, shown=True)


async def export_applications(visit: Visit) -> web.StreamResponse:
    """Exactly the list the address says, all pages, persons masked, as CSV or JSON."""
    view = view_of(visit.request.query)
    kind = visit.request.match_info["kind"]
    rows = await visit.read(
        lambda connection: [
            _exported(row, visit.names) for row in read_all(connection, view, visit.county)
        ]
    )
    await visit.write(
        lambda connection: record(
            connection,
            AuditCode.APPLICATIONS_EXPORTED,
            account=visit.account.login,
            target=f"{len(rows)} rows as {kind}",
            after=_without_words(view),
            now_ms=visit.now_ms,
        )
    )
    body, content_type = (
        (_csv(rows), "text/csv") if kind == "csv" else (_json(rows), "application/json")
    )
    day = day_of(visit.now_ms).isoformat()
    return web.Response(
        body=body,
        content_type=content_type,
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="applications-{day}.{kind}"'},
    )


async def _find(visit: Visit) -> Record | web.Response:
    name = visit.request.match_info["app"]
    app = bytes.fromhex(name)

    def work(connection: Connection) -> Record | None:
        return read_record(connection, app) if may_see(connection, app, visit.county) else None

    found = await visit.read(work)
    if found is None:
        return visit.told(HTTPStatus.NOT_FOUND, "查無申請", "沒有這件申請，或不屬於您的縣市。")
    return found


def _record_page(
    visit: Visit, found: Record, *, shown: bool, missing_reason: bool = False
) -> web.Response:
    newest = found.newest
    return visit.page(
        "application.html",
        (Crumb("總覽", "/"), Crumb("申請", "/applications"), Crumb(found.app.hex()[:8])),
        record=found,
        claim=newest.claim if newest else None,
        wishes=newest.wishes if newest else None,
        shown=shown,
        missing_reason=missing_reason,
        comparison=compare(found.versions, visit.names),
    )


def _exported(row: Mapping[str, Any], names: Names) -> dict[str, object]:
    stage = row["stage"]
    return {
        "app": row["app"].hex(),
        "name": text.masked_name(row["name"]),
        "national_id": text.masked_id(row["national_id"]),
        "stage": names.stage(stage),
        "school": row["any_school"] or "",
        "school_name": row["school_name"] or "",
        "subject": names.subject(stage, row["subject"]),
        "county_a": names.county(row["county_a"]),
        "county_b": names.county(row["county_b"]),
        "wishes": row["wish_count"],
        "version": row["version"],
        "state": text.APPLICATION_STATES[row["shown_state"]],
        "points_a": None if row["points_a"] is None else str(Points(row["points_a"])),
        "points_b": None if row["points_b"] is None else str(Points(row["points_b"])),
        "check_code": check_code(row["revision"]) if row["revision"] else "",
        "received": None
        if row["recv_ms"] is None
        else moment(row["recv_ms"]).astimezone(TAIPEI).isoformat(timespec="seconds"),
    }


def _without_words(view: View) -> str:
    """What was selected; of words searched for only that there were some, as they may be names."""
    return replace(view, q="…" if view.q else "").query


def _csv(rows: Iterable[Mapping[str, object]]) -> bytes:
    """UTF-8 with mark, so that spreadsheet programs read the Chinese; codes stay text."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([heading for _, heading in EXPORT_HEADINGS])
    for row in rows:
        writer.writerow([_cell(row[name]) for name, _ in EXPORT_HEADINGS])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    # A cell that begins like a formula would be run by the program that opens the file.
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{value}"
    return "" if value is None else value


def _json(rows: Iterable[Mapping[str, object]]) -> bytes:
    return json.dumps(list(rows), ensure_ascii=False, indent=1).encode()


def _counties(connection: Connection, visit: Visit) -> dict[str, str]:
    """The counties to choose from: those with schools, or only one's own."""
    if visit.county is not None:
        return {visit.county: visit.names.county(visit.county)}
    present = set(connection.execute(select(school.c.county).distinct()).scalars())
    return {code: name for code, name in visit.names.counties.items() if code in present}
