"""The machines: when each was last heard of, and what is not known of it. Unknown is never fine."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from aiohttp import web
from sqlalchemy import Connection, Row, func, select

from server.console.layout import Crumb
from server.console.visit import Visit
from server.store.season_tables import school
from server.store.tables import device, device_school, head, inbox, revocation

HOUR_MS = 60 * 60 * 1000
DAY_MS = 24 * HOUR_MS


class Standing(StrEnum):
    """State of a machine; the gravest that applies."""

    QUARANTINED = "quarantined"
    REVOKED = "revoked"
    NEVER = "never"
    LOST = "lost"
    SILENT = "silent"
    HEARD = "heard"


NAMES = MappingProxyType(
    {
        Standing.QUARANTINED: "隔離",
        Standing.REVOKED: "撤銷",
        Standing.NEVER: "從未上傳",
        Standing.LOST: "逾 24 時未上傳",
        Standing.SILENT: "逾 1 時未上傳",
        Standing.HEARD: "1 時內有上傳",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One machine in service. What waits on it nobody tells, so nothing is said of that."""

    dev: bytes
    name: str
    role: str
    schools: tuple[str, ...]
    inc: int
    entries: int
    heard_ms: int | None
    enrolled_ms: int
    notices: int
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Rows as read: machines with their heads, schools by machine, notices sent."""

    rows: tuple[Row[Any], ...]
    schools: dict[bytes, list[str]]
    notices: dict[bytes, int]
    revoked: frozenset[bytes]


async def show_fleet(visit: Visit) -> web.StreamResponse:
    """The list of machines, the gravest first."""
    fleet = await visit.read(lambda connection: read_fleet(connection, visit.county))
    order = list(Standing)
    listed = sorted(
        machines(fleet, visit.now_ms), key=lambda each: (order.index(each.standing), each.name)
    )
    return visit.page(
        "fleet.html",
        (Crumb("總覽", "/"), Crumb("服務站")),
        machines=listed,
        standings=NAMES,
        counts={each: sum(m.standing is each for m in listed) for each in Standing},
        now_ms=visit.now_ms,
    )


def read_fleet(connection: Connection, county: str | None) -> Fleet:
    """Every machine in service, or those that serve a school of the county."""
    statement = select(device, head.c.seq, head.c.recv_ms, head.c.quarantined_ms).join(
        head, (head.c.dev == device.c.dev) & (head.c.inc == device.c.inc)
    )
    if county is not None:
        serving = (
            select(device_school.c.dev)
            .join(school, school.c.id == device_school.c.school)
            .where(school.c.county == county)
        )
        statement = statement.where(device.c.dev.in_(serving))
    schools: dict[bytes, list[str]] = {}
    listed = select(device_school.c.dev, device_school.c.school, school.c.name).outerjoin(
        school, school.c.id == device_school.c.school
    )
    for row in connection.execute(listed.order_by(device_school.c.school)):
        schools.setdefault(row.dev, []).append(row.name or row.school)
    notices = select(inbox.c.dev, func.max(inbox.c.seq)).group_by(inbox.c.dev)
    return Fleet(
        rows=tuple(connection.execute(statement.order_by(device.c.name)).all()),
        schools=schools,
        notices={row[0]: row[1] for row in connection.execute(notices)},
        revoked=frozenset(connection.execute(select(revocation.c.id)).scalars()),
    )


def machines(fleet: Fleet, now_ms: int) -> tuple[Machine, ...]:
    """The machines with what can be said of each now."""
    return tuple(_machines(fleet, now_ms))


def _machines(fleet: Fleet, now_ms: int) -> Iterable[Machine]:
    for row in fleet.rows:
        yield Machine(
            dev=row.dev,
            name=row.name,
            role=row.role,
            schools=tuple(fleet.schools.get(row.dev, ())),
            inc=row.inc,
            entries=row.seq,
            heard_ms=row.recv_ms,
            enrolled_ms=row.enrolled_ms,
            notices=fleet.notices.get(row.dev, 0),
            standing=_standing(
                row.recv_ms,
                now_ms,
                revoked=row.dev in fleet.revoked,
                quarantined=row.quarantined_ms is not None,
            ),
        )


def _standing(heard_ms: int | None, now_ms: int, *, revoked: bool, quarantined: bool) -> Standing:
    if quarantined:
        return Standing.QUARANTINED
    if revoked:
        return Standing.REVOKED
    if heard_ms is None:
        return Standing.NEVER
    silent = now_ms - heard_ms
    if silent >= DAY_MS:
        return Standing.LOST
    return Standing.SILENT if silent >= HOUR_MS else Standing.HEARD
