"""The server of the simulation: PROTOCOL 2.7 around the product's own decision (`admit`).

What it holds is what was committed; a crash leaves exactly that. A restore goes back to a backup
under a new epoch, and forgets the certificates that came later. Revocations come from the desk.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.wire.ack import Ack, Pace
from core.wire.admission import FORK, Decision, Held, Offer, Room, admit, answer_code, status_of
from core.wire.batch import EVENTS_AT_MOST, WIRE_BYTES
from core.wire.beacon import Beacon, Slot
from core.wire.talk import HOUR_MS, MINUTE_MS, Status
from server.upload import Unusable
from tests.simulation.craft import Badge, Craft, Opened, Record

NOBODY = (1, 0, bytes(32))
AMPLE = Room(day_events=1 << 30, day_bytes=1 << 40, season_bytes=1 << 40)
SIGNED = frozenset({Status.STORED, Status.CONFLICT, Status.REVOKED, Status.MALFORMED})


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer: a signed body, or a status with nothing but a code."""

    status: int
    body: bytes | None = None
    retry_after_ms: int | None = None


Carried = tuple[bytes, tuple[bytes, int]]
"""The hash of an entry that a `replay` brought, and the log it is from."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored entry and when it was received; ``carried`` is what it brought."""

    record: Record
    recv_ms: int
    carried: Carried | None = None

    @property
    def hash(self) -> bytes:
        """Of the entry."""
        return self.record.link.hash


def carried_by(record: Record) -> Carried | None:
    """What a `replay` brings; None for any other entry."""
    event = record.link.event
    if event.kind != "replay":
        return None
    return event.body["hash"], (event.dev, event.body["inc"])


@dataclass(slots=True)
class Log:
    """One incarnation of a machine's log as the server holds it."""

    badge: Badge
    entries: list[Kept] = field(default_factory=list)
    quarantined: bool = False
    retired: bool = False

    @property
    def head(self) -> bytes:
        """Hash of the last entry; of the certificate while there is none."""
        return self.entries[-1].hash if self.entries else self.badge.certificate

    def held(self, first: int, last: int, last_good: int | None) -> Held:
        """What the decision about a batch needs."""
        entries, before = self.entries, first - 2
        hash_before = self.badge.certificate if first == 1 else None
        if 0 <= before < len(entries):
            hash_before = entries[before].hash
        part = entries[first - 1 : last]
        return Held(
            seq=len(entries),
            before=hash_before,
            overlap={first + index: kept.hash for index, kept in enumerate(part)},
            quarantined=self.quarantined or self.retired,
            last_good=last_good,
        )


Claim = tuple[bytes, int, int, bytes]
"""Device, incarnation, number and hash of an entry that was handed in as evidence."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a restore brings back: certificates, entries, quarantines, evidence."""

    logs: Mapping[tuple[bytes, int], tuple[Badge, tuple[Kept, ...], bool]]
    evidence: frozenset[bytes]
    claims: frozenset[Claim] = frozenset()
    brought: frozenset[Carried] = frozenset()


NOTHING = Backup({}, frozenset())


@dataclass(slots=True)
class Centre:
    """Logs, evidence and answers. ``receipts`` are the entries it signed for, ever."""

    craft: Craft
    epoch: bytes = b"epoch--0"
    logs: dict[tuple[bytes, int], Log] = field(default_factory=dict)
    newest: dict[bytes, int] = field(default_factory=dict)
    evidence: set[bytes] = field(default_factory=set)
    claims: set[Claim] = field(default_factory=set)
    brought: set[Carried] = field(default_factory=set)
    revoked: dict[bytes, int] = field(default_factory=dict)
    backups: list[Backup] = field(default_factory=list)
    receipts: set[bytes] = field(default_factory=set)
    room: Room = AMPLE
    largest: int = WIRE_BYTES
    max_events: int = EVENTS_AT_MOST
    after_ms: int = 0
    next_ms: int = 5 * MINUTE_MS
    min_proto: int = 1

    def enrol(self, badge: Badge) -> None:
        """A certificate opens the log it names; all but the newest are retired (ADR 0014)."""
        self.logs.setdefault((badge.dev, badge.inc), Log(badge))
        self._count_incarnations()

    def _count_incarnations(self) -> None:
        self.newest = {}
        for dev, inc in self.logs:
            self.newest[dev] = max(inc, self.newest.get(dev, 0))
        for (dev, inc), log in self.logs.items():
            log.retired = inc < self.newest[dev]

    def badge(self, dev: bytes, inc: int) -> Badge | None:
        """Who wrote a log."""
        log = self.logs.get((dev, inc))
        return None if log is None else log.badge

    def take(self, dev: bytes, data: bytes, now: int) -> Reply:
        """An upload, stored before it is answered."""
        if len(data) > self.largest:
            return Reply(Status.TOO_LARGE)
        opened = self.craft.open(data, dev, self.badge)
        if isinstance(opened, Unusable):
            return Reply(opened.status)
        log = self.logs[dev, opened.header.inc]
        decision = self.decide(log, opened)
        fresh = [self.kept(opened.records[index], now) for index in decision.fresh]
        self.store(log, decision, opened, fresh)
        return self.answer(log, decision, opened, fresh, now)

    def kept(self, record: Record, now: int) -> Kept:
        """What is stored."""
        return Kept(record, now, carried_by(record))

    def decide(self, log: Log, opened: Opened) -> Decision:
        """PROTOCOL 2.7, step 3."""
        header, records = opened.header, opened.records
        held = log.held(header.first, header.last, self.revoked.get(header.dev))
        if self.contradicted(records):
            held = replace(held, quarantined=True)
        offer = Offer(
            first=header.first,
            prev=header.prev,
            hashes=[each.link.hash for each in records],
            sizes=[len(each.blob) for each in records],
            broken=opened.broken,
        )
        return admit(held, offer, self.room)

    def store(self, log: Log, decision: Decision, opened: Opened, fresh: Sequence[Kept]) -> None:
        """One transaction: new entries, or a fork's evidence and the quarantine."""
        if decision.code == FORK:
            log.quarantined = True
            self._claim(opened.records)
        log.entries += fresh

    def answer(
        self,
        log: Log,
        decision: Decision,
        opened: Opened,
        fresh: Sequence[Kept],
        now: int,
    ) -> Reply:
        """Signed, unless it says that there is no room."""
        code = answer_code(decision.code, len(fresh))
        status = status_of(code)
        if status not in SIGNED:
            return Reply(status)
        header = opened.header
        first = header.first - 1
        spoken = log.entries[first : header.last] if code != FORK else []
        self.receipts.update(kept.hash for kept in spoken)
        ack = Ack(
            dev=header.dev,
            nonce=header.nonce,
            t=now,
            code=code,
            failed=decision.failed,
            epoch=self.epoch,
            inc=header.inc,
            through=len(log.entries),
            head=log.head,
            items=tuple((first + index, 0, 0) for index, _ in enumerate(spoken, 1)),
            durable_through=self.durable(header.dev, header.inc),
            next=Pace(after_ms=self.after_ms, max_events=self.max_events),
        )
        return Reply(status, self.craft.say(ack))

    def keep(self, dev: bytes, data: bytes) -> Reply:
        """A batch of a stopped machine, for people to judge."""
        opened = self.craft.open(data, dev, self.badge)
        if isinstance(opened, Unusable):
            return Reply(opened.status)
        log = self.logs[dev, opened.header.inc]
        stored = {each.record.link.event.seq: each.hash for each in log.entries}
        both = any(
            stored.get(each.link.event.seq, each.link.hash) != each.link.hash
            for each in opened.records
        )
        if not log.retired and (both or self.contradicted(opened.records)):
            log.quarantined = True
        self._claim(opened.records)
        return Reply(Status.ACCEPTED)

    def contradicted(self, records: Sequence[Record]) -> bool:
        """Whether evidence holds another entry under one of these numbers (`server.forks`)."""
        said: dict[tuple[bytes, int, int], set[bytes]] = defaultdict(set)
        for dev, inc, seq, claimed in self.claims:
            said[dev, inc, seq].add(claimed)
        return any(
            said[each.link.event.dev, each.link.event.inc, each.link.event.seq] - {each.link.hash}
            for each in records
        )

    def _claim(self, records: Sequence[Record]) -> None:
        for each in records:
            event = each.link.event
            self.evidence.add(each.link.hash)
            self.claims.add((event.dev, event.inc, event.seq, each.link.hash))
            if (carried := carried_by(each)) is not None:
                self.brought.add(carried)

    def beacon(self, dev: bytes, nonce: bytes, now: int) -> Reply:
        """Time, news, and where this machine's log stands here."""
        log = self.logs.get((dev, self.newest.get(dev, 0)))
        cursor = NOBODY if log is None else (log.badge.inc, len(log.entries), log.head)
        beacon = Beacon(
            dev=dev,
            t=now,
            epoch=self.epoch,
            nonce=nonce,
            trust_v=1,
            snap_v=0,
            snap_h=bytes(8),
            rev_v=len(self.revoked),
            cursor=cursor,
            inbox=0,
            durable=0,
            slot=Slot(
                after_ms=min(self.after_ms, HOUR_MS),
                max_events=self.max_events,
                max_bytes=WIRE_BYTES,
            ),
            next_ms=self.next_ms,
            min_proto=self.min_proto,
        )
        return Reply(Status.STORED, self.craft.say(beacon))

    def durable(self, dev: bytes, inc: int) -> int:
        """How far the newest backup goes."""
        if not self.backups:
            return 0
        found = self.backups[-1].logs.get((dev, inc))
        return 0 if found is None else len(found[1])

    def backup(self) -> None:
        """Keep a copy; the last three are kept."""
        logs = {
            name: (log.badge, tuple(log.entries), log.quarantined)
            for name, log in self.logs.items()
        }
        self.backups = [
            *self.backups[-2:],
            Backup(logs, frozenset(self.evidence), frozenset(self.claims), frozenset(self.brought)),
        ]

    def restore(self, backup: Backup, epoch: bytes) -> None:
        """Back to what a backup holds, in a new life."""
        self.logs = {
            name: Log(badge, list(entries), quarantined)
            for name, (badge, entries, quarantined) in backup.logs.items()
        }
        self._count_incarnations()
        self.evidence = set(backup.evidence)
        self.claims = set(backup.claims)
        self.brought = set(backup.brought)
        self.epoch = epoch

    def crash(self) -> None:
        """Nothing is half done: what is not committed was never answered."""

    def holdings(self) -> set[bytes]:
        """Every entry it can show: in a log, as evidence, or carried by one of these.

        A carried entry counts once the certificate of its log is known (`server.refiling`).
        """
        stored = list(self.stored())
        carried = self.brought.union(each.carried for each in stored if each.carried is not None)
        named = {hash_ for hash_, log in carried if log in self.logs}
        return self.evidence | named | {each.hash for each in stored}

    def size(self) -> int:
        """How many entries all logs hold; without a restore it never falls."""
        return sum(len(log.entries) for log in self.logs.values())

    def stored(self) -> Iterator[Kept]:
        """All entries of all logs."""
        for log in self.logs.values():
            yield from log.entries
