"""What the kiosk asks the centre to do for a teacher beside the log, and how it stands (ADR 0030).

One row for each teacher and task: a newer one takes the place of the older. A mail code stays until
another address is to be proved; it never leaves this file but in the request.
"""

from dataclasses import dataclass, field, replace

from core.wire.errand import ErrandAnswer, Progress, Task
from syncd.store.connections import Connections
from syncd.store.moment import Moment

SEPARATOR = " "


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredErrand:
    """``progress`` is None until the centre answered; ``taken_ms`` is wall time of its first yes.

    ``tries`` counts wrong codes; ``proved_ms`` is when the right one was typed.
    """

    id: bytes
    teacher: bytes = field(repr=False)
    task: Task
    address: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    display: bytes | None = field(default=None, repr=False)
    asked_ms: int
    progress: Progress | None = None
    detail: str = ""
    url: str = field(default="", repr=False)
    taken_ms: int | None = None
    tries: int = 0
    proved_ms: int | None = None

    @property
    def open(self) -> bool:
        """Whether the centre has to be asked (again)."""
        return self.progress is None or not self.progress.final


class Errands:
    """The kiosk adds and proves; the daemon carries and marks."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, errand: StoredErrand) -> None:
        """Ask for this from now on, in place of what the teacher asked of the kind before.

        Raises:
            RuntimeError: Outside a transaction.
            StoreError: As the driver.
        """
        connection = self._connections.require_transaction()
        connection.run(
            "INSERT OR REPLACE INTO errand "
            "(teacher, task, id, address, code, token, display, asked_ms) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            errand.teacher,
            errand.task.value,
            errand.id,
            errand.address,
            errand.code,
            errand.token,
            errand.display,
            errand.asked_ms,
        )

    def find(self, teacher: bytes, task: Task) -> StoredErrand | None:
        """What a teacher asked of the kind."""
        row = self._connections.here.row(
            "SELECT * FROM errand WHERE teacher = ? AND task = ?", teacher, task.value
        )
        return None if row is None else _errand(row)

    def open(self) -> tuple[StoredErrand, ...]:
        """What is not done or refused yet, oldest first."""
        rows = self._connections.here.rows(
            "SELECT * FROM errand WHERE progress IS NULL OR progress NOT IN (?, ?) "
            "ORDER BY asked_ms, id",
            Progress.DONE.value,
            Progress.REFUSED.value,
        )
        return tuple(_errand(row) for row in rows)

    def answered(self, answer: ErrandAnswer, moment: Moment) -> None:
        """Keep what the centre says; one that was replaced meanwhile is passed over.

        Raises:
            RuntimeError: Outside a transaction.
            StoreError: As the driver.
        """
        connection = self._connections.require_transaction()
        taken = None if answer.progress is Progress.REFUSED else moment.wall_ms
        connection.run(
            "UPDATE errand SET progress = ?, detail = ?, url = ?, "
            "taken_ms = coalesce(taken_ms, ?) WHERE id = ?",
            answer.progress.value,
            answer.detail,
            answer.url,
            taken,
            answer.id,
        )
        connection.run(
            "INSERT OR REPLACE INTO channels (id, names) VALUES (1, ?)",
            SEPARATOR.join(answer.channels),
        )

    def channels(self) -> tuple[str, ...] | None:
        """By what the centre sends, as far as it was ever heard."""
        row = self._connections.here.row("SELECT names FROM channels")
        return None if row is None else tuple(row["names"].split())

    def tried(self, errand: StoredErrand, proved_ms: int | None) -> StoredErrand:
        """Count a code that was typed: right at that time, or wrong.

        Raises:
            RuntimeError: Outside a transaction.
            StoreError: As the driver.
        """
        connection = self._connections.require_transaction()
        tries = errand.tries + (proved_ms is None)
        connection.run(
            "UPDATE errand SET tries = ?, proved_ms = ? WHERE id = ?", tries, proved_ms, errand.id
        )
        return replace(errand, tries=tries, proved_ms=proved_ms)


def _errand(row: dict[str, object]) -> StoredErrand:
    progress = row["progress"]
    return StoredErrand(
        **{
            **row,
            "task": Task(str(row["task"])),
            "progress": None if progress is None else Progress(str(progress)),
        }  # type: ignore[arg-type]
    )
