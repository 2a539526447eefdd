"""Every trust document this server ever worked under, so that a machine can walk them one by one.

What they are worth is checked by who asks for them (PROTOCOL 2.8a).
"""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from server.store import dialect
from server.store.tables import trust


def keep(connection: Connection, documents: Mapping[int, bytes]) -> None:
    """Keep signed documents by version; those that are here stay as they are."""
    rows = [{"v": version, "signed": signed} for version, signed in sorted(documents.items())]
    dialect.insert_new(connection, trust, rows)


def find(connection: Connection, version: int) -> bytes | None:
    """The signed document of that version."""
    return connection.execute(
        select(trust.c.signed).where(trust.c.v == version)
    ).scalar_one_or_none()
