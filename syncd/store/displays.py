"""How the people of this kiosk want it to look: one row each, the kiosk's own bytes."""

from syncd.store.connections import Connections


class Displays:
    """Find and save display settings."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def find(self, holder: bytes) -> bytes | None:
        """The settings of a person, by pseudonym (16 bytes)."""
        row = self._connections.here.row("SELECT settings FROM display WHERE holder = ?", holder)
        return None if row is None else bytes(row["settings"])

    def save(self, holder: bytes, settings: bytes) -> None:
        """Keep these in place of the ones before."""
        record = {"holder": holder, "settings": settings}
        self._connections.here.upsert("display", record, key="holder")
