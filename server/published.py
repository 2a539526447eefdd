"""Published files in memory, each once however many are being sent it.

Anybody may ask for them, and need not read the answer: a copy for each would be as much memory as
strangers like.
"""

from collections import OrderedDict
from weakref import WeakValueDictionary

from server.store import references
from server.store.database import Store

KEPT_BYTES = 8 * 1024 * 1024


class Held:
    """A file, for as long as anybody holds it."""

    __slots__ = ("__weakref__", "data")

    def __init__(self, data: bytes) -> None:
        """Its bytes."""
        self.data = data


class Published:
    """Gives files by their SHA-256; those asked for lately stay."""

    def __init__(self, store: Store) -> None:
        """Nothing is read before it is asked for."""
        self._store = store
        self._held: WeakValueDictionary[bytes, Held] = WeakValueDictionary()
        self._lately: OrderedDict[bytes, Held] = OrderedDict()

    async def find(self, sha256: bytes) -> Held | None:
        """A published file; whoever sends it holds it until then.

        Raises:
            StoreError: The database cannot be read.
        """
        held = self._held.get(sha256)
        if held is None:
            data = await self._store.read(
                lambda connection: references.find_file(connection, sha256)
            )
            if data is None:
                return None
            held = self._held.setdefault(sha256, Held(data))  # another may have read it meanwhile
        self._lately[sha256] = held
        self._lately.move_to_end(sha256)
        while sum(len(each.data) for each in self._lately.values()) > KEPT_BYTES:
            self._lately.popitem(last=False)
        return held
