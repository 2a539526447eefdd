"""Published files as differences from their forerunners, each made once (PROTOCOL 2.8a).

Only between versions of one file, so that nobody can make the server compute what nobody needs;
one at a time, beside the event loop, and no more is kept than the memory set aside for it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, select

from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.delta import encode_delta
from core.wire.document import split_document
from core.wire.reference import Snapshot
from server.store import references
from server.store.database import Store
from server.store.tables import reference
from server.store.writer import BusyError

KEPT_BYTES = 8 * 1024 * 1024
WAITING_AT_MOST = 16
Pair = tuple[bytes, bytes]


class Deltas:
    """Gives what takes a machine from one published file to the next."""

    def __init__(
        self,
        store: Store,
        *,
        make: Callable[[bytes, bytes], bytes] = encode_delta,
        kept_bytes: int = KEPT_BYTES,
        waiting_at_most: int = WAITING_AT_MOST,
    ) -> None:
        """Nothing is made before it is asked for."""
        self._store = store
        self._encode = make
        self._kept_bytes = kept_bytes
        self._waiting_at_most = waiting_at_most
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="delta")
        self._made: OrderedDict[Pair, bytes] = OrderedDict()
        self._making: dict[Pair, asyncio.Task[bytes | None]] = {}
        self._size = 0

    @property
    def kept_bytes(self) -> int:
        """Memory that made differences take."""
        return self._size

    async def find(self, older: bytes, newer: bytes) -> bytes | None:
        """The delta between two files by their SHA-256; None: they are not versions of one file.

        Raises:
            BusyError: Too many are asked for at once.
            StoreError: The database cannot be read.
        """
        pair = (older, newer)
        known = self._made.get(pair) or self._making.get(pair)
        if known is None:
            if not await self._store.read(lambda connection: _related(connection, pair)):
                return None
            # While that was read, another may have begun it, or begun and ended it.
            known = self._made.get(pair) or self._making.get(pair)
        if isinstance(known, bytes):
            self._made.move_to_end(pair)
            return known
        if known is None:
            if len(self._making) >= self._waiting_at_most:
                raise BusyError("deltas")
            known = self._making[pair] = asyncio.create_task(self._make(pair))
        return await asyncio.shield(known)

    async def stop(self) -> None:
        """Finish what is being made."""
        if self._making:
            await asyncio.wait(self._making.values())
        self._maker.shutdown()

    async def _make(self, pair: Pair) -> bytes | None:
        try:
            files = await self._store.read(
                lambda connection: [references.find_file(connection, each) for each in pair]
            )
            older, newer = files
            if older is None or newer is None:
                return None
            loop = asyncio.get_running_loop()
            made = await loop.run_in_executor(self._maker, self._encode, older, newer)
            self._keep(pair, made)
            return made
        finally:
            del self._making[pair]

    def _keep(self, pair: Pair, made: bytes) -> None:
        self._made[pair] = made
        self._size += len(made)
        while self._size > self._kept_bytes:
            _, dropped = self._made.popitem(last=False)
            self._size -= len(dropped)


def _related(connection: Connection, pair: Pair) -> bool:
    """Whether the newer is in force, and the older was the file of that name before."""
    signed = list(
        connection.execute(
            select(reference.c.signed).order_by(reference.c.version.desc())
        ).scalars()
    )
    if not signed:
        return False
    snapshots = [from_wire(split_document(each)[0], Snapshot, FILE_LIMITS) for each in signed]
    names = {name for name, (_, _, sha256) in snapshots[0].files.items() if sha256 == pair[1]}
    return any(
        name in each.files and each.files[name][2] == pair[0] and pair[0] != pair[1]
        for each in snapshots[1:]
        for name in names
    )
