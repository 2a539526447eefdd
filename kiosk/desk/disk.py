"""Whether this machine's disk takes what is written; learnt from failures, unlearnt by trying."""

from kiosk.desk.equipment import Equipment
from syncd.store.fault import StoreError, StoreFull

PROBE = b"disk-probe"
PROBE_BYTES = 16 * 1024
"""More than one page, so that room for a single line is not taken for room."""


class Disk:
    """Full from the first entry that found no room until one finds some again."""

    def __init__(self, equipment: Equipment) -> None:
        self._equipment = equipment
        self._full = False

    @property
    def full(self) -> bool:
        """As far as known; nothing is tried."""
        return self._full

    def failed(self, error: StoreError) -> None:
        """Something could not be written."""
        self._full = self._full or isinstance(error, StoreFull)

    def look(self) -> None:
        """Where it was full, write something and take it away again."""
        if not self._full:
            return
        store = self._equipment.store
        try:
            with store.transaction():
                store.drafts.save(PROBE, bytes(PROBE_BYTES), self._equipment.clock.moment())
            with store.transaction():
                store.drafts.remove(PROBE)
        except StoreError:
            return
        self._full = False
