"""What the server told this machine.

Its own hash-chained log going the other way (PROTOCOL 2.8b).
"""

from collections.abc import Sequence

from core.season.merge import Fact, fact_of
from core.signature import SignatureType, digest
from core.wire.canon import from_wire
from core.wire.chain import Head, Link
from core.wire.event import Event, read_notice
from core.wire.fault import WireError
from core.wire.identity import certificate_hash
from core.wire.payload import CopyPayload
from syncd.store.connections import Connections
from syncd.store.frames import COLUMNS, frame_record, link_of

INBOX_INC = 1
FIRST_INCARNATION = 1
SELECT = f"SELECT {COLUMNS} FROM inbox"  # noqa: S608 - our own names


class Inbox:
    """Read what came, in the order of the server's log; only the daemon stores."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def after(self) -> int:
        """The newest entry here; 0 when there is none."""
        return int(self._connections.here.value("SELECT coalesce(max(id), 0) FROM inbox"))

    def head(self) -> Head | None:
        """Where the server's log stands here; its first ``prev`` is the device certificate's hash.

        That of the first incarnation, which a later one need not have: then the hash is empty, and
        the signed first entry tells it. None before enrolment.
        """
        connection = self._connections.here
        row = connection.row("SELECT id AS seq, hash FROM inbox ORDER BY id DESC LIMIT 1")
        if row is not None:
            return Head(inc=INBOX_INC, **row)
        identity = connection.row("SELECT inc, certificate FROM identity")
        if identity is None:
            return None
        known = identity["inc"] == FIRST_INCARNATION
        root = certificate_hash(identity["certificate"]) if known else b""
        return Head(inc=INBOX_INC, seq=0, hash=root)

    def store(self, links: Sequence[Link]) -> None:
        """Keep entries that the caller verified as the continuation of `head`.

        Raises:
            RuntimeError: Outside a transaction.
            StoreError: One of them is here already, or as the driver.
        """
        connection = self._connections.require_transaction()
        for link in links:
            connection.insert("inbox", {"id": link.event.seq, **frame_record(link)})

    def items(self, app: bytes, kind: str | None = None) -> tuple[Link, ...]:
        """Entries about an application, oldest first.

        Of one kind (``inbox.result``) when it is named.
        """
        rows = self._connections.here.rows(
            f"{SELECT} WHERE app = ? AND (? IS NULL OR kind = ?) ORDER BY id",
            app,
            kind,
            kind,
        )
        return tuple(link_of(row, read_notice) for row in rows)

    def since(self, seq: int, limit: int) -> tuple[Link, ...]:
        """At most ``limit`` entries after ``seq``, about whatever."""
        rows = self._connections.here.rows(f"{SELECT} WHERE id > ? ORDER BY id LIMIT ?", seq, limit)
        return tuple(link_of(row, read_notice) for row in rows)

    def facts(self, app: bytes) -> tuple[Fact, ...]:
        """What copies of other machines' entries say about an application."""
        found = (_fact(link) for link in self.items(app))
        return tuple(fact for fact in found if fact is not None)


def _fact(link: Link) -> Fact | None:
    """The fact in the copy a notice carries.

    A notice without one says nothing the fold could use.
    """
    try:
        copy = from_wire(link.frame.payload or b"", CopyPayload)
        return fact_of(from_wire(copy.event, Event), digest(SignatureType.EVENT, copy.event))
    except WireError:
        return None
