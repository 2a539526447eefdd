"""What is still to be delivered, and how far each entry has come. Only the daemon marks.

Everyone may ask.
"""

from collections.abc import Iterable

from core.wire.ack import Verdict
from core.wire.client import Delivery
from syncd.store.connections import Connections

OPEN = "inc = (SELECT inc FROM head) AND state IN ('stored', 'sending')"
HERE = "inc = (SELECT inc FROM head) AND seq = ?"
MARK_ITEM = (
    "UPDATE outbox SET log_index = ?, verdict = ?, "  # noqa: S608 - our own names
    f"state = iif(?, 'attention', state) WHERE {HERE}"
)
REACHED = "CASE WHEN seq > ?1 THEN 'stored' WHEN seq <= ?2 THEN 'backed_up' ELSE 'delivered' END"
MARK_DELIVERED = (
    f"UPDATE outbox SET state = {REACHED} "  # noqa: S608 - our own names
    f"WHERE inc = (SELECT inc FROM head) AND state <> 'attention' AND state <> {REACHED}"
)


class Outbox:
    """One row per entry of the log; all numbers are of the current incarnation."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def pending(self) -> int:
        """How many entries the server has not confirmed."""
        return int(self._connections.here.value(f"SELECT count(*) FROM outbox WHERE {OPEN}"))  # noqa: S608

    def oldest(self) -> int | None:
        """When the oldest unconfirmed entry was written, wall clock in ms."""
        found = self._connections.here.value(f"SELECT min(queued_ms) FROM outbox WHERE {OPEN}")  # noqa: S608
        return None if found is None else int(found)

    def delivery(self, seq: int) -> Delivery | None:
        """How far an entry has come; None when there is no such entry."""
        found = self._connections.here.value(f"SELECT state FROM outbox WHERE {HERE}", seq)  # noqa: S608
        return None if found is None else Delivery(found)

    def verdict(self, seq: int) -> Verdict | None:
        """The server's business judgement, None while it has not answered."""
        found = self._connections.here.value(f"SELECT verdict FROM outbox WHERE {HERE}", seq)  # noqa: S608
        return None if found is None else Verdict(found)

    def receipt(self, seq: int) -> bytes | None:
        """The server's signed receipt for an entry (`core.wire.receipt`)."""
        found = self._connections.here.value(f"SELECT receipt FROM outbox WHERE {HERE}", seq)  # noqa: S608
        return None if found is None else bytes(found)

    def mark_sending(self, first: int, last: int) -> None:
        """These entries are on their way."""
        self._connections.here.run(
            "UPDATE outbox SET state = 'sending' WHERE inc = (SELECT inc FROM head) "
            "AND seq BETWEEN ? AND ? AND state = 'stored'",
            first,
            last,
        )

    def mark_delivered(self, through: int, durable_through: int) -> None:
        """The server holds everything up to ``through``.

        What lies after it, it does not (or no longer) hold.
        """
        connection = self._connections.require_transaction()
        connection.run(
            MARK_DELIVERED,
            through,
            min(through, durable_through),
        )

    def mark_items(self, items: Iterable[tuple[int, int, int]]) -> None:
        """Keep what an acknowledgement says of each entry: ``[seq, log index, verdict]``.

        Rejected ones need attention.
        """
        connection = self._connections.require_transaction()
        for seq, log_index, verdict in items:
            connection.run(
                MARK_ITEM,
                log_index,
                verdict,
                verdict == Verdict.REJECTED,
                seq,
            )

    def mark_attention(self, seq: int) -> None:
        """The server cannot take this entry: a person has to act."""
        self._connections.here.run(f"UPDATE outbox SET state = 'attention' WHERE {HERE}", seq)  # noqa: S608

    def release(self) -> None:
        """Nothing is on its way any more: a failed upload, or a new start of the daemon."""
        self._connections.here.run("UPDATE outbox SET state = 'stored' WHERE state = 'sending'")

    def keep_receipt(self, seq: int, receipt: bytes) -> None:
        """Keep the server's receipt beside its entry."""
        self._connections.here.run(f"UPDATE outbox SET receipt = ? WHERE {HERE}", receipt, seq)  # noqa: S608
