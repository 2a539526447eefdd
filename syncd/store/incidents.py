"""故障回報 on their way to the centre: number, time and codes; nobody's data (U-063)."""

from dataclasses import dataclass

from syncd.store.connections import Connections
from syncd.store.moment import Moment

KEPT = 50
"""Of more the oldest are not sent any more; the audit has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredIncident:
    """``wall_ms`` is when the key was pressed; ``state`` are words of `core.wire.incident`."""

    number: str
    wall_ms: int
    state: str


class Incidents:
    """The kiosk adds, the daemon sends and marks."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, number: str, state: str, moment: Moment) -> None:
        """Send this from now on.

        Raises:
            RuntimeError: Outside a transaction.
            StoreError: As the driver.
        """
        connection = self._connections.require_transaction()
        connection.run(
            "INSERT OR IGNORE INTO incident (number, wall_ms, state) VALUES (?, ?, ?)",
            number,
            moment.wall_ms,
            state,
        )
        connection.run(
            "DELETE FROM incident WHERE rowid NOT IN "
            "(SELECT rowid FROM incident ORDER BY rowid DESC LIMIT ?)",
            KEPT,
        )

    def open(self) -> tuple[StoredIncident, ...]:
        """What the centre is not known to have, oldest first."""
        rows = self._connections.here.rows(
            "SELECT number, wall_ms, state FROM incident WHERE sent_ms IS NULL ORDER BY rowid"
        )
        return tuple(StoredIncident(**row) for row in rows)

    def sent(self, incident: StoredIncident, moment: Moment) -> None:
        """The centre has it.

        Raises:
            RuntimeError: Outside a transaction.
            StoreError: As the driver.
        """
        self._connections.require_transaction().run(
            "UPDATE incident SET sent_ms = ? WHERE number = ? AND wall_ms = ?",
            moment.wall_ms,
            incident.number,
            incident.wall_ms,
        )
