"""Which applications are of an earlier season: they are over, and no matter of this one.

The log goes on from season to season. What was erased meanwhile says no season any more, so when
it came decides, as it does for erasing (`server.keeping.retention`). A calendar that was corrected
while its season ran makes nothing old that says itself it is of this season.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Row, select

from core.wire.fault import WireError
from core.wire.payload import read_application
from server.lists import Season, milliseconds
from server.store.tables import payload

AT_ONCE = 500


def of_earlier_seasons(
    connection: Connection, versions: Mapping[bytes, Sequence[Row[Any]]], season: Season
) -> frozenset[bytes]:
    """Those of the applications with these versions."""
    opened = min(milliseconds(each.opens) for each in season.calendar)
    old = {app: rows for app, rows in versions.items() if all(row.recv_ms < opened for row in rows)}
    declared = {row.eh: app for app, rows in old.items() for row in rows if row.claim is not None}
    said = dict(_seasons(connection, declared))
    alive = {app for eh, app in declared.items() if said.get(eh, season.name) == season.name}
    return frozenset(old.keys() - alive)


def _seasons(connection: Connection, versions: Iterable[bytes]) -> Iterator[tuple[bytes, str]]:
    """The season each of these versions names, empty where its content was erased.

    Nothing of one whose content never came, or cannot be read.
    """
    wanted = sorted(versions)
    for start in range(0, len(wanted), AT_ONCE):
        rows = connection.execute(
            select(payload.c.eh, payload.c.data).where(
                payload.c.eh.in_(wanted[start : start + AT_ONCE])
            )
        )
        for row in rows:
            with suppress(WireError):
                yield row.eh, "" if row.data is None else read_application(row.data)[0].season
