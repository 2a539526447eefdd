"""This machine's log: append-only, hash-chained, signed.

Nobody edits it, not even this module (PROTOCOL 2.4).
"""

from dataclasses import dataclass

import msgspec

from core.sealing import SigningKey
from core.season.merge import ApplicationState, DecisionFact, Fact, VersionFact, fact_of, state_of
from core.wire.chain import Head, Link
from core.wire.client import ClientState
from core.wire.event import Cosignature, Event, Who, payload_hash, sign_event
from syncd.store.connections import Connections
from syncd.store.fault import WritingStopped
from syncd.store.frames import COLUMNS, frame_record, link_of
from syncd.store.inbox import Inbox
from syncd.store.moment import Moment

NO_REFERENCE = (0, bytes(8))
SELECT = f"SELECT {COLUMNS} FROM event AS frame LEFT JOIN payload ON payload.event = frame.id"  # noqa: S608
FROM_SEQ = (
    f"{SELECT} WHERE frame.inc = coalesce(?, (SELECT inc FROM head)) "  # noqa: S608 - our own names
    "AND frame.seq >= ? "
    "ORDER BY frame.seq LIMIT ?"
)
NEWEST_OF_KIND = (
    f"{SELECT} WHERE frame.inc = (SELECT inc FROM head) "  # noqa: S608 - our own names
    "AND frame.kind = ? "
    "ORDER BY frame.seq DESC LIMIT 1"
)
STANDING = """
SELECT head.inc, head.seq, head.hash, identity.device, link.client,
       sight.beacon, sight.boot_ms AS beacon_m, sight.boot AS beacon_boot,
       reference.version AS reference_version, reference.hash AS reference_hash
FROM head JOIN identity LEFT JOIN link LEFT JOIN sight LEFT JOIN reference
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

    def head(self) -> Head | None:
        """The last entry, ``seq`` 0 when there is none yet; None before enrolment."""
        row = self._connections.here.row("SELECT inc, seq, hash FROM head")
        return None if row is None else Head(**row)

    def append(self, entry: Entry, moment: Moment, key: SigningKey) -> Link:
        """Chain, sign and store one entry and queue it.

        Durable once the caller's transaction commits.

        Raises:
            WritingStopped: The log may not grow.
            WireError: The entry does not fit its kind, or is too large.
            RuntimeError: Outside a transaction.
            StoreError: As the driver.
        """
        connection = self._connections.require_transaction()
        row = connection.row(STANDING)
        if row is None:
            raise WritingStopped(ClientState.UNENROLLED)
        standing = msgspec.convert(row, _Standing)
        if standing.client is not None and not standing.client.may_write:
            raise WritingStopped(standing.client)
        event = _event(entry, moment, standing)
        frame = sign_event(event, key, entry.payload, entry.cosignatures)
        link = Link(frame=frame, event=event, hash=frame.hash)
        number = connection.insert("event", {"inc": event.inc, **frame_record(link)})
        if entry.payload is not None:
            connection.insert("payload", {"event": number, "content": entry.payload})
        connection.run("UPDATE head SET seq = ?, hash = ?", event.seq, link.hash)
        connection.insert(
            "outbox",
            {"event": number, "inc": event.inc, "seq": event.seq, "queued_ms": moment.wall_ms},
        )
        return link

    def links(self, first: int, limit: int, inc: int | None = None) -> tuple[Link, ...]:
        """At most ``limit`` entries from ``seq`` ``first`` on.

        Of the current incarnation unless another is named.
        """
        rows = self._connections.here.rows(
            FROM_SEQ,
            inc,
            first,
            limit,
        )
        return tuple(link_of(row) for row in rows)

    def link(self, event_hash: bytes) -> Link | None:
        """The entry with this hash, of any incarnation."""
        row = self._connections.here.row(f"{SELECT} WHERE frame.hash = ?", event_hash)
        return None if row is None else link_of(row)

    def hash_at(self, seq: int) -> bytes | None:
        """The hash of entry ``seq`` of the current incarnation.

        None when there is no such entry.
        """
        found = self._connections.here.value(
            "SELECT hash FROM event WHERE inc = (SELECT inc FROM head) AND seq = ?", seq
        )
        return None if found is None else bytes(found)

    def newest(self, kind: str) -> Link | None:
        """The last entry of a kind in the current incarnation."""
        row = self._connections.here.row(
            NEWEST_OF_KIND,
            kind,
        )
        return None if row is None else link_of(row)

    def of_application(self, app: bytes) -> tuple[Link, ...]:
        """Own entries about an application, oldest first."""
        rows = self._connections.here.rows(f"{SELECT} WHERE frame.app = ? ORDER BY frame.id", app)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """What a new entry is built on, in one read."""

    device: bytes
    inc: int
    seq: int
    hash: bytes
    client: ClientState | None
    beacon: bytes | None
    beacon_m: int | None
    beacon_boot: bytes | None
    reference_version: int | None
    reference_hash: bytes | None


def _event(entry: Entry, moment: Moment, standing: _Standing) -> Event:
    body = entry.body
    return Event(
        v=1,
        dev=standing.device,
        inc=standing.inc,
        seq=standing.seq + 1,
        prev=standing.hash,
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
