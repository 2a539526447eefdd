"""Officers' enrolment forms on their way to the county desk, and its answers."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from syncd.store.connections import Connections
from syncd.store.moment import Moment


class RequestState(StrEnum):
    """How far a form has come."""

    WAITING = "waiting"
    POSTED = "posted"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """``form`` is an `EnrolmentForm` in wire bytes; ``ticket`` the server's name for it.

    ``answer`` the `Grant` as received.
    """

    id: bytes
    holder: bytes
    form: bytes = field(repr=False)
    created_ms: int
    state: RequestState = RequestState.WAITING
    ticket: str | None = None
    answer: bytes | None = field(default=None, repr=False)


class Requests:
    """The kiosk adds; the daemon posts and stores the answer."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, form: bytes, holder: bytes, moment: Moment) -> bytes:
        """Queue a form for the desk; its id here (16 bytes). The same form twice is one request."""
        number = hashlib.sha256(form).digest()[:16]
        self._connections.here.run(
            "INSERT INTO request (id, holder, form, created_ms) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            number,
            holder,
            form,
            moment.wall_ms,
        )
        return number

    def open(self) -> tuple[Request, ...]:
        """Forms that are waiting to be posted or for an answer, oldest first."""
        rows = self._connections.here.rows(
            "SELECT * FROM request WHERE state IN ('waiting', 'posted') ORDER BY created_ms, id"
        )
        return tuple(Request(**{**row, "state": RequestState(row["state"])}) for row in rows)

    def of_holder(self, holder: bytes) -> Request | None:
        """The newest request of a person."""
        row = self._connections.here.row(
            "SELECT * FROM request WHERE holder = ? ORDER BY created_ms DESC, id LIMIT 1", holder
        )
        return None if row is None else Request(**{**row, "state": RequestState(row["state"])})

    def mark_posted(self, number: bytes, ticket: str) -> None:
        """The server holds the form under ``ticket``."""
        self._connections.here.run(
            "UPDATE request SET state = 'posted', ticket = ? WHERE id = ?", ticket, number
        )

    def mark_waiting(self, number: bytes) -> None:
        """The server no longer knows the form (it was restored): post it again."""
        self._connections.here.run(
            "UPDATE request SET state = 'waiting', ticket = NULL WHERE id = ?", number
        )

    def mark_granted(self, number: bytes, answer: bytes) -> None:
        """The desk signed the certificate in ``answer``."""
        self._connections.here.run(
            "UPDATE request SET state = 'granted', answer = ? WHERE id = ?", answer, number
        )

    def mark_refused(self, number: bytes) -> None:
        """The desk said no, or its answer was not for this form."""
        self._connections.here.run("UPDATE request SET state = 'refused' WHERE id = ?", number)
