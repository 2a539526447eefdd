"""What two officers of the centre hold of doubtful entries, as the centre's log says so far."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from core.season.ruling import Ruling, Vote, rulings
from server.store.tables import vote


def read_votes(
    connection: Connection, entries: Collection[bytes] | None = None
) -> tuple[Vote, ...]:
    """What officers said of these entries (None: of all), in the order they said it."""
    statement = select(vote).order_by(vote.c.log_index)
    if entries is not None:
        statement = statement.where(vote.c.entry.in_(sorted(entries)))
    known = {each.value for each in Ruling}
    return tuple(
        Vote(entry=row.entry, officer=row.officer, ruling=Ruling(row.ruling), place=row.log_index)
        for row in connection.execute(statement)
        if row.ruling in known
    )


def read_rulings(connection: Connection, entries: Collection[bytes]) -> Mapping[bytes, Ruling]:
    """Those of these entries that are decided, and how."""
    return rulings(read_votes(connection, entries)) if entries else {}
