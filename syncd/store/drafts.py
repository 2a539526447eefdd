"""What a teacher has typed and not sent.

One row per application, replaced by every keystroke (DESIGN D11).
"""

from dataclasses import dataclass, field

from syncd.store.connections import Connections
from syncd.store.moment import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The kiosk's own bytes; the history for undo lives inside ``content``."""

    app: bytes
    content: bytes = field(repr=False)
    saved_ms: int


class Drafts:
    """Save, find and remove drafts."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def save(self, app: bytes, content: bytes, moment: Moment) -> None:
        """Keep the draft in place of the one before."""
        record = {"app": app, "content": content, "saved_ms": moment.wall_ms}
        self._connections.here.upsert("draft", record, key="app")

    def find(self, app: bytes) -> Draft | None:
        """The draft of an application."""
        row = self._connections.here.row(
            "SELECT app, content, saved_ms FROM draft WHERE app = ?", app
        )
        return None if row is None else Draft(**row)

    def all(self) -> tuple[Draft, ...]:
        """Every draft of this machine."""
        rows = self._connections.here.rows("SELECT app, content, saved_ms FROM draft ORDER BY app")
        return tuple(Draft(**row) for row in rows)

    def remove(self, app: bytes) -> None:
        """Forget the draft; harmless when there is none."""
        self._connections.here.run("DELETE FROM draft WHERE app = ?", app)
