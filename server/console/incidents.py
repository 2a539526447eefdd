"""問題回報: what machines reported, for who takes the call; numbers are read out by telephone."""

from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import Connection

from core.wire.incident import facts_of
from server.console.fleet import Machine, machines, read_fleet
from server.console.layout import Crumb
from server.console.text import FACT_WORDS, FACTS
from server.console.visit import Visit
from server.store.incidents import count_since, read_incidents

SHOWN = 200
DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One report: by which machine, when by its clock and ours, and its state in words."""

    machine: Machine
    number: str
    t_ms: int
    recv_ms: int
    state: tuple[tuple[str, str], ...]


async def list_incidents(visit: Visit) -> web.StreamResponse:
    """The newest reports of the machines this person sees, or the one with a number."""
    number = visit.request.query.get("number", "").replace(" ", "").upper()[:12]
    found = await visit.read(
        lambda connection: reported(connection, visit.county, number, visit.now_ms)
    )
    return visit.page(
        "incidents.html",
        (Crumb("總覽", "/"), Crumb("問題回報")),
        incidents=found,
        number=number,
        shown=SHOWN,
    )


def reported(
    connection: Connection, county: str | None, number: str, now_ms: int
) -> tuple[Reported, ...]:
    """Reports of machines in service, the newest first."""
    fleet = {each.dev: each for each in machines(read_fleet(connection, county), now_ms)}
    return tuple(_reported(connection, fleet, None if county is None else set(fleet), number))


def reported_lately(connection: Connection, county: str | None, now_ms: int) -> int:
    """How many came within a day."""
    owned = None
    if county is not None:
        owned = {each.dev for each in machines(read_fleet(connection, county), now_ms)}
    return count_since(connection, owned, now_ms - DAY_MS)


def _reported(
    connection: Connection, fleet: dict[bytes, Machine], owned: set[bytes] | None, number: str
) -> Iterable[Reported]:
    for row in read_incidents(connection, owned, number, SHOWN):
        if row.dev not in fleet:  # out of service since
            continue
        yield Reported(
            machine=fleet[row.dev],
            number=row.number,
            t_ms=row.t_ms,
            recv_ms=row.recv_ms,
            state=tuple(
                (FACTS[name], FACT_WORDS.get((name, value), value))
                for name, value in facts_of(row.state).items()
            ),
        )
