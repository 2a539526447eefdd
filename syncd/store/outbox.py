"""What is still to be delivered, and how far each entry has come.

Only the daemon marks; everyone may ask. All numbers are of the current incarnation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.wire.ack import Verdict
from core.wire.client import Delivery
from syncd.store.connections import Connections
from syncd.store.frames import entry_id

REACHED = (
    "CASE WHEN event > ?1 THEN 'stored' WHEN event <= ?2 THEN 'backed_up' ELSE 'delivered' END"
)
MARK_DELIVERED = (
    f"UPDATE outbox SET state = {REACHED} "  # noqa: S608 - our own names
    "WHERE event > ?3 AND event < ?4 AND state <> 'attention'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Progress:
    """How far the server holds the log, and its backup; what lies before needs no look."""

    inc: int
    through: int
    durable: int


class Outbox:
    """One row per entry of the log."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def pending(self) -> int:
        """How many entries the server has not confirmed."""
        return int(self._open("count(*)") or 0)

    def oldest(self) -> int | None:
        """When the oldest unconfirmed entry was written, wall clock in ms."""
        return self._open("min(queued_ms)")

    def delivery(self, seq: int, inc: int | None = None) -> Delivery | None:
        """How far an entry has come, of this incarnation or ``inc``; None when there is none."""
        found = self._column("state", seq, inc)
        return None if found is None else Delivery(found)

    def verdict(self, seq: int) -> Verdict | None:
        """The server's business judgement, None while it has not answered."""
        found = self._column("verdict", seq)
        return None if found is None else Verdict(found)

    def receipt(self, seq: int, inc: int | None = None) -> bytes | None:
        """The server's signed receipt for an entry (`core.wire.receipt`); ``inc`` as above."""
        found = self._column("receipt", seq, inc)
        return None if found is None else bytes(found)

    def mark_sending(self, first: int, last: int) -> None:
        """These entries are on their way."""
        inc = self._inc()
        self._connections.here.run(
            "UPDATE outbox SET state = 'sending' WHERE event BETWEEN ? AND ? AND state = 'stored'",
            entry_id(inc, first),
            entry_id(inc, last),
        )

    def mark_delivered(self, through: int, durable_through: int) -> None:
        """The server holds everything up to ``through``, its backup up to ``durable_through``.

        What lies after ``through`` it does not hold, or no longer: those entries are pending again.
        """
        connection = self._connections.require_transaction()
        before = self._progress()
        durable = min(through, durable_through)
        unchanged = min(before.through, before.durable, through, durable)
        connection.run(
            MARK_DELIVERED,
            entry_id(before.inc, through),
            entry_id(before.inc, durable),
            entry_id(before.inc, unchanged),
            entry_id(before.inc + 1, 0),
        )
        record = {"id": 1, "inc": before.inc, "through": through, "durable": durable}
        connection.upsert("progress", record, key="id")

    def mark_items(self, items: Iterable[tuple[int, int, int]]) -> None:
        """Keep what an acknowledgement says of each entry: ``[seq, log index, verdict]``.

        Rejected ones need attention; what was taken after all does not any more.
        """
        connection = self._connections.require_transaction()
        inc = self._inc()
        for seq, log_index, verdict in items:
            connection.run(
                "UPDATE outbox SET log_index = ?1, verdict = ?2, "
                "state = iif(?3, 'attention', iif(state = 'attention', 'delivered', state)), "
                "rejection = iif(?3, rejection, NULL) WHERE event = ?4",
                log_index,
                verdict,
                verdict == Verdict.REJECTED,
                entry_id(inc, seq),
            )

    def judge(self, number: tuple[int, int], code: str | None) -> None:
        """Why the server rejects entry ``(inc, seq)``, of whichever incarnation; None: no more."""
        self._connections.here.run(
            "UPDATE outbox SET rejection = ?1, "
            "verdict = iif(?1 IS NULL, nullif(verdict, ?2), ?2), "
            "state = iif(?1 IS NULL, iif(state = 'attention', 'delivered', state), 'attention') "
            "WHERE event = ?3",
            code,
            Verdict.REJECTED,
            entry_id(*number),
        )

    def rejections(self) -> Mapping[bytes, str]:
        """Why entries of this machine are rejected, as the server told it, by their hash."""
        rows = self._connections.here.rows(
            "SELECT hash, rejection FROM outbox JOIN event ON event.id = outbox.event "
            "WHERE rejection IS NOT NULL"
        )
        return {row["hash"]: row["rejection"] for row in rows}

    def mark_attention(self, seq: int) -> None:
        """The server cannot take this entry: a person has to act."""
        number = entry_id(self._inc(), seq)
        self._connections.here.run("UPDATE outbox SET state = 'attention' WHERE event = ?", number)

    def release(self) -> None:
        """Nothing is on its way any more: a failed upload, or a new start of the daemon."""
        progress = self._progress()
        self._connections.here.run(
            "UPDATE outbox SET state = 'stored' WHERE event > ? AND state = 'sending'",
            entry_id(progress.inc, progress.through),
        )

    def keep_receipt(self, seq: int, receipt: bytes) -> None:
        """Keep the server's receipt beside its entry."""
        number = entry_id(self._inc(), seq)
        self._connections.here.run("UPDATE outbox SET receipt = ? WHERE event = ?", receipt, number)

    def through(self) -> int:
        """Up to which entry the server is known to hold the log."""
        return self._progress().through

    def settle(self, number: tuple[int, int], receipt: bytes) -> None:
        """The server has entry ``(inc, seq)``, of whichever incarnation: keep its receipt.

        An entry of an earlier one is thereby delivered.
        """
        self._connections.here.run(
            "UPDATE outbox SET receipt = ?, state = iif(event < ?, 'delivered', state) "
            "WHERE event = ?",
            receipt,
            entry_id(self._inc(), 0),
            entry_id(*number),
        )

    def _open(self, what: str) -> int | None:
        progress = self._progress()
        found = self._connections.here.value(
            f"SELECT {what} FROM outbox "  # noqa: S608 - our own words
            "WHERE event > ? AND event < ? AND state IN ('stored', 'sending')",
            entry_id(progress.inc, progress.through),
            entry_id(progress.inc + 1, 0),
        )
        return None if found is None else int(found)

    def _column(self, name: str, seq: int, inc: int | None = None) -> Any:  # noqa: ANN401 - the caller knows the column
        return self._connections.here.value(
            f"SELECT {name} FROM outbox WHERE event = ?",  # noqa: S608 - our own words
            entry_id(self._inc() if inc is None else inc, seq),
        )

    def _progress(self) -> _Progress:
        row = self._connections.here.row(
            "SELECT progress.inc, through, durable FROM progress JOIN identity "
            "ON progress.inc = identity.inc"
        )
        return _Progress(inc=self._inc(), through=0, durable=0) if row is None else _Progress(**row)

    def _inc(self) -> int:
        """The current incarnation; 0, of which there are no entries, before enrolment."""
        return int(self._connections.here.value("SELECT inc FROM identity") or 0)
