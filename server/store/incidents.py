"""故障回報 of the machines: kept by machine, number and time, so that telling twice is once.

Codes and numbers of a closed list (`core.wire.incident`), nobody's data. So much of a machine is
kept; of more than that the oldest are forgotten.
"""

from sqlalchemy import Column, Connection, Row, Table, Text, delete, func, select

from core.wire.incident import Incident
from server.store import dialect
from server.store.column import Big, Id16, metadata

HOUR_MS = 60 * 60 * 1000
IN_AN_HOUR = 30
KEPT = 200

incident = Table(
    "incident",
    metadata,
    Column("dev", Id16, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("t_ms", Big, primary_key=True),  # by the machine's clock
    Column("recv_ms", Big, nullable=False, index=True),
    Column("state", Text, nullable=False),
)


def keep_incident(connection: Connection, told: Incident, now_ms: int) -> bool:
    """Keep it, unless it is here already; False when the machine has told too much lately."""
    mine = incident.c.dev == told.dev
    same = select(incident.c.dev).where(
        mine, incident.c.number == told.number, incident.c.t_ms == told.t
    )
    if connection.execute(same).first() is not None:
        return True
    lately = select(func.count()).where(mine, incident.c.recv_ms > now_ms - HOUR_MS)
    if connection.execute(lately).scalar_one() >= IN_AN_HOUR:
        return False
    row = {
        "dev": told.dev,
        "number": told.number,
        "t_ms": told.t,
        "recv_ms": now_ms,
        "state": told.state,
    }
    dialect.insert_many(connection, incident, [row])
    _forget_oldest(connection, told.dev)
    return True


def read_incidents(
    connection: Connection, devices: set[bytes] | None, number: str, at_most: int
) -> tuple[Row[tuple[bytes, str, int, int, str]], ...]:
    """The newest first: of these machines or of all, with this number or any."""
    wanted = select(incident).order_by(incident.c.recv_ms.desc(), incident.c.number)
    if devices is not None:
        wanted = wanted.where(incident.c.dev.in_(sorted(devices)))
    if number:
        wanted = wanted.where(incident.c.number == number)
    return tuple(connection.execute(wanted.limit(at_most)).all())


def count_since(connection: Connection, devices: set[bytes] | None, since_ms: int) -> int:
    """How many came since then, of these machines or of all."""
    wanted = select(func.count()).select_from(incident).where(incident.c.recv_ms > since_ms)
    if devices is not None:
        wanted = wanted.where(incident.c.dev.in_(sorted(devices)))
    return connection.execute(wanted).scalar_one()


def _forget_oldest(connection: Connection, dev: bytes) -> None:
    newest = (
        select(incident.c.recv_ms)
        .where(incident.c.dev == dev)
        .order_by(incident.c.recv_ms.desc())
        .offset(KEPT)
        .limit(1)
    )
    last = connection.execute(newest).scalar_one_or_none()
    if last is not None:
        connection.execute(
            delete(incident).where(incident.c.dev == dev, incident.c.recv_ms <= last)
        )
