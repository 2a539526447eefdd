"""This machine's log: append-only, hash-chained, signed.

Nobody edits it, not even this module (PROTOCOL 2.4).
"""

from dataclasses import dataclass

import msgspec

from core.sealing import SigningKey
from core.season.merge import ApplicationState, DecisionFact, Fact, VersionFact, fact_of, state_of
from core.wire.canon import from_wire, typed
from core.wire.chain import Head, Link
from core.wire.client import ClientState
from core.wire.document import split_document
from core.wire.event import Cosignature, Event, Who, payload_hash, sign_event
from core.wire.identity import Certificate, certificate_hash
from core.wire.kind import KeyRotation
from core.wire.rotation import KIND as ROTATION
from syncd.store.connections import Connections
from syncd.store.fault import KeyChanged, WritingStopped
from syncd.store.frames import COLUMNS, entry_id, frame_record, link_of
from syncd.store.inbox import Inbox
from syncd.store.moment import Moment
from syncd.store.notebook import Note

NO_REFERENCE = (0, bytes(8))
SELECT = f"SELECT {COLUMNS} FROM event"  # noqa: S608 - our own names
STANDING = """
SELECT identity.device, identity.inc, identity.certificate, identity.log_key, link.client,
       last.id AS last_id, last.hash AS last_hash,
       sight.beacon, sight.boot_ms AS beacon_m, sight.boot AS beacon_boot,
       reference.version AS reference_version, reference.hash AS reference_hash
FROM identity LEFT JOIN link LEFT JOIN sight LEFT JOIN reference
     LEFT JOIN (SELECT id, hash FROM event ORDER BY id DESC LIMIT 1) AS last
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is to be written.

    ``body`` is the struct of the kind (`core.wire.kind`) or the same as a dict.
    """

    kind: str
    body: msgspec.Struct | dict[str, object]
    who: Who
    payload: bytes | None = None
    cosignatures: tuple[Cosignature, ...] = ()


class Ledger:
    """Append and read entries of the own log."""

    def __init__(self, connections: Connections, inbox: Inbox) -> None:
        self._connections = connections
        self._inbox = inbox
        self._certified: tuple[bytes, bytes] | None = None

    def head(self) -> Head | None:
        """The last entry, ``seq`` 0 when there is none yet; None before enrolment."""
        standing = self._standing()
        return None if standing is None else standing.head

    def append(self, entry: Entry, moment: Moment, key: SigningKey) -> Link:
        """Chain, sign and store one entry and queue it; durable once the transaction commits.

        Raises:
            WritingStopped: The log may not grow.
            KeyChanged: It grows under another key; nobody could verify the entry.
            WireError: The entry does not fit its kind, or is too large.
            RuntimeError: Outside a transaction.
            StoreError: As the driver.
        """
        connection = self._connections.require_transaction()
        standing = self._standing()
        if standing is None:
            raise WritingStopped(ClientState.UNENROLLED)
        if standing.client is not None and not standing.client.may_write:
            raise WritingStopped(standing.client)
        if key.public != (standing.log_key or self._key_of(standing.certificate)):
            raise KeyChanged("another log key")
        event = _event(entry, moment, standing)
        frame = sign_event(event, key, entry.payload, entry.cosignatures)
        link = Link(frame=frame, event=event, hash=frame.hash)
        number = entry_id(event.inc, event.seq)
        connection.insert("event", {"id": number, **frame_record(link)})
        connection.insert("outbox", {"event": number, "queued_ms": moment.wall_ms})
        connection.appended = Note(device=event.dev, head=link.head)
        return link

    def links(self, first: int, limit: int, inc: int | None = None) -> tuple[Link, ...]:
        """At most ``limit`` entries from ``seq`` ``first`` on.

        Of the current incarnation unless another is named.
        """
        log = self._inc() if inc is None else inc
        rows = self._connections.here.rows(
            f"{SELECT} WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?",
            entry_id(log, first),
            entry_id(log + 1, 0),
            limit,
        )
        return tuple(link_of(row) for row in rows)

    def link(self, event_hash: bytes) -> Link | None:
        """The entry with this hash, of any incarnation."""
        row = self._connections.here.row(f"{SELECT} WHERE hash = ?", event_hash)
        return None if row is None else link_of(row)

    def hash_at(self, seq: int) -> bytes | None:
        """The hash of entry ``seq`` of the current incarnation; None when there is none."""
        number = entry_id(self._inc(), seq)
        found = self._connections.here.value("SELECT hash FROM event WHERE id = ?", number)
        return None if found is None else bytes(found)

    def newest(self, kind: str) -> Link | None:
        """The last entry of a kind in the current incarnation."""
        row = self._connections.here.row(
            f"{SELECT} WHERE id > ? AND kind = ? ORDER BY id DESC LIMIT 1",
            entry_id(self._inc(), 0),
            kind,
        )
        return None if row is None else link_of(row)

    def of_kind(self, kind: str) -> tuple[Link, ...]:
        """Entries of a kind in the current incarnation, oldest first."""
        rows = self._connections.here.rows(
            f"{SELECT} WHERE id > ? AND kind = ? ORDER BY id", entry_id(self._inc(), 0), kind
        )
        return tuple(link_of(row) for row in rows)

    def key_at(self, seq: int) -> bytes:
        """The raw public key that signs entry ``seq`` of the current incarnation.

        Raises:
            WireError: The stored certificate is not one.
            LookupError: Before enrolment.
        """
        inc = self._inc()
        row = self._connections.here.row(
            f"{SELECT} WHERE id > ? AND id < ? AND kind = ? ORDER BY id DESC LIMIT 1",
            entry_id(inc, 0),
            entry_id(inc, seq),
            ROTATION,
        )
        if row is not None:
            return typed(link_of(row).event.body, KeyRotation).key
        document = self._connections.here.value("SELECT certificate FROM identity")
        if document is None:
            raise LookupError("not enrolled")
        return self._key_of(document)

    def of_application(self, app: bytes) -> tuple[Link, ...]:
        """Own entries about an application, oldest first."""
        rows = self._connections.here.rows(f"{SELECT} WHERE app = ? ORDER BY id", app)
        return tuple(link_of(row) for row in rows)

    def facts(self, app: bytes) -> tuple[Fact, ...]:
        """What own entries and the server's notices say about an application."""
        own = (fact_of(link.event, link.hash) for link in self.of_application(app))
        return (*(fact for fact in own if fact is not None), *self._inbox.facts(app))

    def application(self, app: bytes) -> ApplicationState:
        """Versions, heads and reviews of an application, as far as this machine knows."""
        facts = self.facts(app)
        return state_of(
            app,
            [fact for fact in facts if isinstance(fact, VersionFact)],
            [fact for fact in facts if isinstance(fact, DecisionFact)],
        )

    def _key_of(self, document: bytes) -> bytes:
        """The key a certificate is for; read once, it is asked for with every entry."""
        known = self._certified
        if known is None or known[0] != document:
            key = from_wire(split_document(document)[0], Certificate).key
            self._certified = known = (document, key)
        return known[1]

    def _standing(self) -> "_Standing | None":
        row = self._connections.here.row(STANDING)
        return None if row is None else msgspec.convert(row, _Standing)

    def _inc(self) -> int:
        """The current incarnation; 0, of which there are no entries, before enrolment."""
        return int(self._connections.here.value("SELECT inc FROM identity") or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """What a new entry is built on, in one read."""

    device: bytes
    inc: int
    certificate: bytes
    log_key: bytes | None
    last_id: int | None
    last_hash: bytes | None
    client: ClientState | None
    beacon: bytes | None
    beacon_m: int | None
    beacon_boot: bytes | None
    reference_version: int | None
    reference_hash: bytes | None

    @property
    def head(self) -> Head:
        """The last row; nothing is stored beside it that could say otherwise."""
        empty = entry_id(self.inc, 0)
        if self.last_id is None or self.last_hash is None or self.last_id < empty:
            return Head(inc=self.inc, seq=0, hash=certificate_hash(self.certificate))
        return Head(inc=self.inc, seq=self.last_id - empty, hash=self.last_hash)


def _event(entry: Entry, moment: Moment, standing: _Standing) -> Event:
    body = entry.body
    head = standing.head
    return Event(
        v=1,
        dev=standing.device,
        inc=head.inc,
        seq=head.seq + 1,
        prev=head.hash,
        kind=entry.kind,
        t=moment.wall_ms,
        m=moment.boot_ms,
        boot=moment.boot_id,
        bcn=_seen(moment, standing),
        ref=_reference(standing),
        who=entry.who,
        body=body if isinstance(body, dict) else msgspec.to_builtins(body, builtin_types=(bytes,)),
        ph=None if entry.payload is None else payload_hash(entry.payload),
    )


def _seen(moment: Moment, standing: _Standing) -> tuple[bytes, int] | None:
    """A beacon of another boot would pair its reading of the boot clock with this one's.

    So it is not named.
    """
    if (
        standing.beacon is None
        or standing.beacon_m is None
        or standing.beacon_boot != moment.boot_id
    ):
        return None
    return standing.beacon, standing.beacon_m


def _reference(standing: _Standing) -> tuple[int, bytes]:
    if standing.reference_version is None or standing.reference_hash is None:
        return NO_REFERENCE
    return standing.reference_version, standing.reference_hash
