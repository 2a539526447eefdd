"""The server's signed answers to uploads: since when it has held which part of the log.

Kept for the day on which the server is restored from a backup and does not know it any more.
"""

from core.wire.ack import Ack
from core.wire.kind import ANSWER_BYTES
from syncd.store.connections import Connections
from syncd.store.frames import entry_id

MINUTE_MS = 60_000
FURTHER = "INSERT INTO answer (inc, through, t_ms, document) VALUES (?, ?, ?, ?)"


class Answers:
    """One row per answer that moved the server's head forward; only the daemon keeps them."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def keep(self, ack: Ack, document: bytes) -> None:
        """Keep a verified answer if it says that the server holds more of this log than before.

        Raises:
            RuntimeError: Outside a transaction.
            StoreError: As the driver.
        """
        connection = self._connections.require_transaction()
        before = connection.value(
            "SELECT coalesce(max(through), 0) FROM answer WHERE inc = ?", ack.inc
        )
        ours = connection.value(
            "SELECT hash FROM event WHERE id = ?", entry_id(ack.inc, ack.through)
        )
        further = ack.through > int(before) and ours == ack.head
        if further and len(document) <= ANSWER_BYTES:
            connection.run(FURTHER, ack.inc, ack.through, ack.t, document)

    def all(self) -> tuple[bytes, ...]:
        """Signed answers about this and earlier incarnations, the last one of each minute."""
        rows = self._connections.here.rows(
            "SELECT document, max(through) FROM answer "
            "GROUP BY inc, t_ms / ? ORDER BY inc, max(through)",
            MINUTE_MS,
        )
        return tuple(bytes(row["document"]) for row in rows)
