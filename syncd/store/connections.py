"""One connection per thread, opened when first needed. It knows nothing of tables."""

import threading
import weakref
from pathlib import Path

from syncd.store.driver import Connection, connect
from syncd.store.notebook import Notebook
from syncd.store.room import Room


class Connections:
    """Lines to one file; any thread may ask, each gets its own.

    ``notebook`` and ``room`` stand beside it.
    """

    def __init__(self, path: Path, key: bytes, busy_ms: int) -> None:
        self._path = path
        self._key = key
        self._busy_ms = busy_ms
        self.notebook = Notebook(path, key)
        self.room = Room(path)
        self._local = threading.local()
        # A thread that ends lets go of its line; the set must not keep it open.
        self._open: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._lock = threading.Lock()

    @property
    def here(self) -> Connection:
        """This thread's line; one that met damaged pages is replaced.

        Raises:
            StoreError: It cannot be opened.
        """
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is not None and connection.poisoned and not connection.in_transaction:
            # Forgotten first: if no new line can be opened now, the next call tries again.
            self._local.connection = None
            connection.close()
            connection = None
        if connection is None:
            connection = connect(self._path, self._key, self._busy_ms)
            self._local.connection = connection
            with self._lock:
                self._open.add(connection)
        return connection

    def require_transaction(self) -> Connection:
        """This thread's line, inside a transaction its caller owns.

        Raises:
            RuntimeError: There is none: a bug of the caller.
        """
        connection = self.here
        if not connection.in_transaction:
            raise RuntimeError("needs a transaction of the caller's")
        return connection

    def close(self) -> None:
        """Close the lines of every thread; none may be in use."""
        with self._lock:
            for connection in list(self._open):
                connection.close()
            self._open.clear()
        self._local = threading.local()
