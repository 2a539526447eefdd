"""This machine's one encrypted file, opened. Kiosk and daemon are two processes on it.

The caller owns the transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from core.wire.client import ClientState
from syncd.store.accounts import Accounts
from syncd.store.answers import Answers
from syncd.store.audit import Audit
from syncd.store.connections import Connections
from syncd.store.displays import Displays
from syncd.store.drafts import Drafts
from syncd.store.errands import Errands
from syncd.store.fault import StoreDamaged, StoreFull
from syncd.store.identity import Identities
from syncd.store.inbox import Inbox
from syncd.store.incidents import Incidents
from syncd.store.ledger import Ledger
from syncd.store.left_cards import LeftCards
from syncd.store.link_state import LinkStates
from syncd.store.migrations import migrate
from syncd.store.officers import Officers
from syncd.store.outbox import Outbox
from syncd.store.recovery import check_everything, last_stop_was_unclean, sign_in, sign_out
from syncd.store.reference import References
from syncd.store.requests import Requests
from syncd.store.roster import Roster

BUSY_MS = 10_000


class Store:
    """The tables of a machine. Any thread may use it.

    Each has its own connection and its own transaction.

    ``unclean`` says that a program on this file stopped without closing it; everything was
    checked since. ``set_back`` says that entries are missing which people were told were stored:
    the log may not grow any more.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._notebook = connections.notebook
        self.inbox = Inbox(connections)
        self.ledger = Ledger(connections, self.inbox)
        self.outbox = Outbox(connections)
        self.answers = Answers(connections)
        self.drafts = Drafts(connections)
        self.roster = Roster(connections)
        self.accounts = Accounts(connections)
        self.displays = Displays(connections)
        self.officers = Officers(connections)
        self.requests = Requests(connections)
        self.errands = Errands(connections)
        self.incidents = Incidents(connections)
        self.left_cards = LeftCards(connections)
        self.reference = References(connections)
        self.identity = Identities(connections)
        self.link_state = LinkStates(connections)
        self.audit = Audit(connections)
        self.unclean = last_stop_was_unclean(connections)
        if self.unclean:
            check_everything(connections, self.ledger)
        self.set_back = self._misses_entries()
        if self.set_back:
            self._stop()
        self._notebook.prepare()
        connections.room.take()
        self._token = sign_in(connections)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is stored together, durably, when the block ends.

        Nothing of it when the block raises.

        Raises:
            RuntimeError: This thread has a transaction open already.
            StoreError: It could not be begun or committed; nothing was stored.
        """
        connection = self._connections.here
        if connection.in_transaction:
            raise RuntimeError("transactions do not nest")
        connection.begin()
        try:
            yield
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        if connection.appended is not None:
            self._notebook.write(connection.appended)

    def data_version(self) -> int:
        """A number that changes when any other thread or process has committed."""
        return int(self._connections.here.value("PRAGMA data_version"))

    def check(self) -> None:
        """Check every page, the structure, the last entries of the log, and that none is missing.

        Raises:
            StoreDamaged: Something is not as it was written.
        """
        check_everything(self._connections, self.ledger, self._token)
        if self._misses_entries():
            raise StoreDamaged("entries missing")

    def _misses_entries(self) -> bool:
        """Whether the log ends before an entry that was noted, or has another in its place."""
        identity = self.identity.read()
        if identity is None:
            return False
        noted = self._notebook.read(identity.device, identity.inc)
        return noted is not None and self.ledger.hash_at(noted.seq) != noted.hash

    def _stop(self) -> None:
        """As when the server is found to have more than this machine (PROTOCOL 2.12)."""
        state = self.link_state.read()
        if state.client.may_write:
            stopped = ClientState.SELF_ROLLBACK
            self.link_state.write(replace(state, client=stopped, attention=stopped.value))

    def close(self) -> None:
        """Note an orderly stop and close every thread's connection."""
        try:
            sign_out(self._connections, self._token)
        finally:
            self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(path: Path, key: bytes, busy_ms: int = BUSY_MS) -> Store:
    """Open the store, creating or migrating it; after an unclean stop check it first.

    Args:
        path: The file; its folder exists. ``-wal`` and ``-shm`` stand beside it.
        key: 32 raw bytes.
        busy_ms: How long to wait for another process before `StoreLocked`.

    Raises:
        StoreKeyError: Wrong key, or not a store.
        StoreDamaged: The file does not hold what was written.
        StoreError: Anything else of the family in `syncd.store.fault`.
    """
    connections = Connections(path, key, busy_ms)
    try:
        _open_first(connections)
        migrate(connections.here, path)
        return Store(connections)
    except BaseException:
        connections.close()
        raise


def _open_first(connections: Connections) -> None:
    """The first line to the file, in the room that was kept if there is no other."""
    try:
        _ = connections.here
    except StoreFull:
        if not connections.room.give():
            raise
        _ = connections.here
