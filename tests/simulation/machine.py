"""A kiosk of the simulation: a disk, and the daemon around the product's `Exchange`.

The disk is what was committed. Everything else dies with the power, at any step.
"""

import random
from dataclasses import dataclass, field, replace
from typing import Protocol

from core.wire.ack import Ack
from core.wire.admission import status_of
from core.wire.beacon import Beacon, beacon_id
from core.wire.chain import Head
from core.wire.client import TABLE, Activity, ClientState
from core.wire.exchange import Exchange
from core.wire.standing import Standing
from core.wire.talk import (
    BATCH,
    Acked,
    Alarm,
    AskBeacon,
    BeaconReceived,
    Chore,
    ChoreDone,
    CommitBeacon,
    CommitClose,
    CommitEpoch,
    CommitOpen,
    DeadlineMoved,
    Effect,
    Enrolled,
    EvidenceStored,
    Heard,
    Instant,
    LogGrew,
    MarkDelivered,
    NothingCame,
    Perform,
    Policy,
    Refused,
    RevocationProved,
    SendBatch,
    SendEvidence,
    SendNow,
    ServerHead,
    Status,
    Ticked,
)
from tests.simulation.centre import SIGNED, Reply
from tests.simulation.craft import OFFICER, TEACHER, Badge, Craft, Deed, Record, Tick

MILLION = 1_000_000
MOVED_MS = 5000
APPS = (b"application---01", b"application---02")
SEASON = "115"
PRESENTED = b"certificate"
NEEDS = {
    AskBeacon: Activity.BEACON,
    SendBatch: Activity.UPLOAD,
    SendEvidence: Activity.EVIDENCE,
    Perform: Activity.CHORE,
}
WRITES = (CommitBeacon, CommitEpoch, CommitOpen, CommitClose)


class PowerCut(Exception):  # noqa: N818 - no error of the machine's
    """The machine stopped, here and now."""


class Surroundings(Protocol):
    """What a machine can reach, and who watches it."""

    now: int
    craft: Craft

    def request(self, machine: "Machine", what: Activity, data: bytes) -> None: ...

    def wake_at(self, machine: "Machine", time: int) -> None: ...

    def watch(self, before: ClientState, after: ClientState) -> None: ...

    def wrote(self, record: Record) -> None: ...

    def broke(self, what: str) -> None: ...


@dataclass(slots=True)
class Disk:
    """What survives: the log, earlier logs, and what the daemon keeps beside them."""

    badge: Badge
    log: list[Record] = field(default_factory=list)
    past: list[tuple[Badge, list[Record]]] = field(default_factory=list)
    shown: ClientState | None = None
    epoch: bytes | None = None
    delivered: int = 0
    sight: tuple[bytes, int, bytes, int, int] | None = None  # id, server ms, boot, boot ms, wall
    turn: str = ""
    answers: tuple[tuple[Ack, bytes], ...] = ()

    def copy(self) -> "Disk":
        """An image of it."""
        return replace(self, log=list(self.log), past=list(self.past))

    @property
    def head(self) -> Head:
        """Where the log stands."""
        last = self.log[-1].link.hash if self.log else self.badge.certificate
        return Head(inc=self.badge.inc, seq=len(self.log), hash=last)

    @property
    def stop(self) -> ClientState | None:
        """As the daemon reads it when it starts."""
        return None if self.shown is None or self.shown.may_write else self.shown


@dataclass(slots=True)
class Machine:
    """One kiosk. ``death`` is the chance of a power cut at each step."""

    name: int
    around: Surroundings
    rng: random.Random
    disk: Disk
    policy: Policy = field(default_factory=Policy)
    death: float = 0.0
    boot_at: int = 0
    ppm: int = 0
    wall_offset: int = 0
    deadline: int | None = None
    boot: bytes = b""
    standing: Standing = field(default_factory=Standing)
    state: ClientState = ClientState.UNENROLLED
    asked: int = 0
    what: Activity | None = None
    sent: int = 0
    nonce: bytes = b""
    chore: Chore = Chore.REFERENCE
    seen: Beacon | None = None
    presented: bytes | None = None
    parcel: tuple[tuple[int, int, bytes | None], bytes, bytes, int] | None = None
    failing: set[str] = field(default_factory=set)
    revoked: bool = False
    waiting_since: int | None = None
    asked_at: int = -1
    heard_at: int = -1
    asleep: bool = False
    exchange: type[Exchange] = Exchange

    @property
    def badges(self) -> tuple[Badge, ...]:
        """The certificates it shows: every one this disk ever had."""
        return (*(badge for badge, _ in self.disk.past), self.disk.badge)

    def boot_ms(self) -> int:
        """The boot clock."""
        run = self.around.now - self.boot_at
        return max(0, run + run * self.ppm // MILLION)

    def tick(self) -> Tick:
        """All clocks."""
        sight, m = self.disk.sight, self.boot_ms()
        seen = (sight[0], sight[3]) if sight and sight[2] == self.boot else None
        return Tick(max(0, self.around.now + self.wall_offset), m, self.boot, seen)

    # -- power ------------------------------------------------------------------------------

    def start(self) -> None:
        """Power on: the state is taken from the disk, as `syncd.runner` does."""
        self.boot_at = self.around.now - self.rng.randrange(10_000, 60_000)
        self.boot = self.rng.randbytes(8)
        self.parcel = None
        self.seen = self.presented = None
        self.failing = set()
        self.begin()

    def begin(self) -> None:
        """A new start of the daemon."""
        disk = self.disk
        self.what = None
        self.asked += 1
        self.waiting_since = None
        self.standing = Standing(
            policy=self.policy,
            stop=disk.stop,
            inc=disk.badge.inc,
            written=len(disk.log),
            epoch=disk.epoch,
            beacon_at=self._last_beacon(),
        )
        self.state = self.standing.client_state(self.boot_ms())
        try:
            if disk.stop is None:
                self._write(Deed("boot", {"software": "sim", "unclean": False}))
        except PowerCut:
            self.start()
            return
        self.hear(LogGrew(len(disk.log)))

    def _last_beacon(self) -> int | None:
        sight, tick = self.disk.sight, self.tick()
        if sight is None:
            return None
        if sight[2] == self.boot:
            return sight[3]
        return tick.boot_ms - max(0, tick.wall - sight[4])

    def cut(self) -> None:
        """Maybe the power goes, here."""
        if self.death and self.rng.random() < self.death:
            raise PowerCut

    # -- writing ----------------------------------------------------------------------------

    def _write(self, deed: Deed) -> Record:
        self.cut()
        disk = self.disk
        record = self.around.craft.write(disk.badge, disk.head, deed, self.tick())
        disk.log.append(record)
        self.around.wrote(record)
        self.cut()
        return record

    def act(self) -> Record | None:
        """A person does something: the entry whose storing she was told of, if it was stored."""
        if self.disk.shown is not None and not self.disk.shown.may_write:
            return None
        try:
            record = self._write(self._deed())
        except PowerCut:
            self.start()
            return None
        self.hear(LogGrew(len(self.disk.log)))
        return record

    def _deed(self) -> Deed:
        rng = self.rng
        app = APPS[rng.getrandbits(1)]
        mine = [each for each in self.disk.log if each.link.event.body.get("app") == app]
        versions = [each for each in mine if each.link.event.kind.startswith("app.")]
        if versions and rng.random() < 0.3:
            newest = versions[-1].link
            decisions = [each.link for each in mine if each.link.event.kind.startswith("officer.")]
            claim = newest.event.body.get("claim")
            if claim is not None:
                earlier = [each.hash for each in decisions if each.event.body["claim"] == claim]
                kind = "officer.approve" if rng.random() < 0.8 else "officer.return"
                body = {"app": app, "revision": newest.hash, "claim": claim, "earlier": earlier}
                return Deed(kind, body, OFFICER)
        body = {
            "app": app,
            "version": len(versions) + 1,
            "parents": [versions[-1].link.hash] if versions else [],
        }
        if versions and rng.random() < 0.1:
            return Deed("app.withdraw", body, TEACHER)
        claims = {"claim": bytes([rng.randrange(3)]) * 32, "wishes": rng.randbytes(32)}
        return Deed("app.revise", body | claims, TEACHER)

    # -- the daemon -------------------------------------------------------------------------

    def hear(self, event: Heard) -> None:
        """Something happened: step, keep, do, and sleep until the next thing is due."""
        try:
            self._step(event)
        except PowerCut:
            self.start()
            return
        now = self.boot_ms()
        due = self.standing.due_ms(now)
        if due is not None:
            run = max(0, due - now)
            self.around.wake_at(self, self.around.now + run - run * self.ppm // MILLION)

    def rouse(self, slept: int) -> None:
        """Awake after so long: the boot clock stood still, and nobody read what came."""
        self.asleep = False
        self.boot_at += slept
        if self.waiting_since is not None:
            self.waiting_since += slept
        if self.what is not None:
            self.answered(self.asked, None)
        self.hear(SendNow())

    def wake(self) -> None:
        """Something is due, or was."""
        if self.asleep:
            return
        self._watch_deadline()
        self.hear(Ticked())

    def _watch_deadline(self) -> None:
        """D on the boot clock, by the newest beacon where there is one of this boot."""
        if self.deadline is None:
            return
        tick, sight = self.tick(), self.disk.sight
        server = tick.wall
        if sight is not None and sight[2] == self.boot:
            server = sight[1] + tick.boot_ms - sight[3]
        at, known = tick.boot_ms + self.deadline - server, self.standing.deadline
        if known is None or abs(at - known) >= MOVED_MS:
            self.hear(DeadlineMoved(at))

    def _step(self, event: Heard) -> None:
        queue = [event]
        while queue:
            at = Instant(self.boot_ms(), self.rng.getrandbits(32))
            step = self.exchange.step(self.standing, queue.pop(0), at)
            self.standing = step.standing
            after = step.standing.client_state(at.ms)
            if after is not self.state:
                self.around.watch(self.state, after)
                self.state = after
            self.cut()
            self.disk.shown = after
            # A new epoch is kept in the transaction that writes of it.
            self.disk.epoch = self.disk.epoch or step.standing.epoch
            for effect in step.effects:
                needs = NEEDS.get(type(effect))
                if needs is not None and needs not in TABLE[after].network:
                    self.around.broke(f"{after} does {needs}")
                if isinstance(effect, WRITES) and not after.may_write:
                    self.around.broke(f"{after} writes {type(effect).__name__}")
                self.cut()
                heard = self._do(effect)
                if heard is not None:
                    queue.append(heard)

    def _do(self, effect: Effect) -> Heard | None:  # noqa: C901, PLR0911 - one line each
        match effect:
            case AskBeacon():
                return self._ask(Activity.BEACON, b"", 0)
            case SendBatch(first=first, limit=limit):
                return self._send(Activity.UPLOAD, first, limit)
            case SendEvidence(first=first):
                return self._send(Activity.EVIDENCE, first, BATCH)
            case Perform(chore=chore):
                self.chore = chore
                present = chore is Chore.CERTIFICATES
                return self._ask(Activity.CHORE, PRESENTED if present else b"", 0)
            case MarkDelivered(through=through):
                self.disk.delivered = through
                return None
            case CommitBeacon():
                if self.seen is None:
                    return None
                self._write(Deed("beacon", {"digest": self.seen.nonce * 2, "t": self.seen.t}))
            case CommitEpoch(epoch=epoch):
                self._renew_epoch(epoch)
            case CommitOpen():
                self._turn("season.open")
            case CommitClose():
                self._turn("season.close")
            case Alarm(code=code, count=count):
                if self.standing.stop is not None or code in self.failing:
                    return None
                self.failing.add(code)
                self._write(Deed("sync.fail", {"code": code, "count": count}))
        return LogGrew(len(self.disk.log))

    def _renew_epoch(self, epoch: bytes) -> None:
        """One transaction. What a restored server lost of earlier logs nobody else has."""
        death, self.death = self.death, 0.0
        self._write(Deed("server.epoch", {"epoch": epoch}))
        carried = {
            each.link.event.body["hash"]
            for each in self.disk.log
            if each.link.event.kind == "replay"
        }
        for _, log in self.disk.past:
            for each in log:
                event = each.link.event
                name = event.body["hash"] if event.kind == "replay" else each.link.hash
                if name not in carried:
                    self._carry(each)
        self._repeat_answers()
        self.disk.epoch = epoch
        self.death = death

    def _repeat_answers(self) -> None:
        """The centre may not know any more since when it has held what is sent again."""
        for _, document in self.disk.answers:
            self._write(Deed("server.said", {"answers": [document]}))

    def _carry(self, old: Record) -> None:
        disk = self.disk
        record = self.around.craft.refile(disk.badge, disk.head, old.link, self.tick())
        disk.log.append(record)
        self.around.wrote(record)

    def _turn(self, kind: str) -> None:
        if self.disk.turn != kind:
            self._write(Deed(kind, {"season": SEASON}))
            self.disk.turn = kind

    def _ask(self, what: Activity, data: bytes, sent: int) -> None:
        self.asked += 1
        self.what, self.sent, self.asked_at = what, sent, self.around.now
        if what is not Activity.UPLOAD:
            self.nonce = self.rng.randbytes(16)
        self.around.request(self, what, data)

    def _send(self, what: Activity, first: int, limit: int) -> Heard | None:
        """The same range under the same epoch is the same bytes again (`syncd.parcel`)."""
        asked = (first, limit, self.standing.epoch)
        if self.parcel is None or self.parcel[0] != asked:
            records = self.disk.log[first - 1 : first - 1 + limit]
            if not records:
                return NothingCame()
            nonce = self.rng.randbytes(16)
            data = self.around.craft.pack(self.disk.badge, records, self.standing.epoch, nonce)
            self.parcel = (asked, data, nonce, len(records))
        _, data, self.nonce, sent = self.parcel
        self._ask(what, data, sent)
        return None

    # -- answers ----------------------------------------------------------------------------

    def answered(self, asked: int, reply: Reply | None) -> None:
        """What came back; too late is never."""
        if self.asleep or asked != self.asked or self.what is None:
            return
        what, self.what = self.what, None
        heard = NothingCame() if reply is None else self._judged(what, reply)
        self.hear(heard)

    def _judged(self, what: Activity, reply: Reply) -> Heard:
        match what:
            case Activity.BEACON:
                return self._beacon(reply)
            case Activity.UPLOAD:
                return self._ack(reply)
            case Activity.EVIDENCE:
                if reply.status != Status.ACCEPTED:
                    return Refused(reply.status, reply.retry_after_ms, self.sent)
                first = 1 if self.parcel is None else self.parcel[0][0]
                return EvidenceStored(first + self.sent - 1)
            case _:
                if reply.status == Status.STORED and reply.body is not None:
                    return NothingCame()  # somebody else's page
                shown = self.chore is Chore.CERTIFICATES and reply.status == Status.STORED
                if shown and self.seen is not None:
                    self.presented = self.seen.epoch
                revoked = self.revoked and self.chore is Chore.REFERENCE
                return RevocationProved() if revoked else ChoreDone(self.chore)

    def _beacon(self, reply: Reply) -> Heard:
        if reply.status != Status.STORED or reply.body is None:
            return self._refused(reply)
        beacon = self.around.craft.hear(reply.body, Beacon)
        if beacon is None or beacon.nonce != self.nonce or beacon.dev != self.disk.badge.dev:
            return NothingCame()
        tick = self.tick()
        self.heard_at = self.asked_at
        seen = beacon_id(reply.body)
        self.disk.sight = (seen, beacon.t, self.boot, tick.boot_ms, tick.wall)
        self.seen = beacon
        inc, seq, head = beacon.cursor
        return BeaconReceived(
            server=self._server_head(inc, seq, head),
            epoch=beacon.epoch,
            after_ms=beacon.slot.after_ms,
            max_events=beacon.slot.max_events,
            next_ms=beacon.next_ms,
            min_proto=beacon.min_proto,
            news=self._news(beacon),
        )

    def _news(self, beacon: Beacon) -> frozenset[Chore]:
        """What a beacon calls for (`syncd.courier`)."""
        inc, seq, head = beacon.cursor
        badge = self.disk.badge
        forgotten = inc < badge.inc or ((inc, seq) == (badge.inc, 0) and head != badge.certificate)
        news = {Chore.CERTIFICATES} if forgotten or self.presented != beacon.epoch else set()
        return frozenset(news | {Chore.REFERENCE} if beacon.rev_v else news)

    def _ack(self, reply: Reply) -> Heard:
        if reply.status not in SIGNED or reply.body is None:
            return self._refused(reply)
        ack = self.around.craft.hear(reply.body, Ack)
        if ack is None or ack.nonce != self.nonce or ack.dev != self.disk.badge.dev:
            return NothingCame()
        self.parcel = None
        self._keep(ack, reply.body)
        return Acked(
            status=status_of(ack.code),
            code=ack.code,
            server=self._server_head(ack.inc, ack.through, ack.head),
            epoch=ack.epoch,
            durable=ack.durable_through,
            after_ms=ack.next.after_ms,
            max_events=ack.next.max_events,
            sent=self.sent,
        )

    def _keep(self, ack: Ack, document: bytes) -> None:
        """As `syncd.store.answers`."""
        mine = [each.through for each, _ in self.disk.answers if each.inc == ack.inc]
        ours = self._server_head(ack.inc, ack.through, ack.head).ours
        if ack.through > max(mine, default=0) and ours == ack.head:
            self.disk.answers = (*self.disk.answers, (ack, document))

    def _refused(self, reply: Reply) -> Heard:
        if reply.status in {Status.STORED, Status.CONFLICT}:  # not our form: a captive portal
            return NothingCame()
        return Refused(reply.status, reply.retry_after_ms, self.sent)

    def _server_head(self, inc: int, seq: int, head: bytes) -> ServerHead:
        log = self.disk.log
        mine = inc == self.disk.badge.inc and 0 < seq <= len(log)
        return ServerHead(
            inc=inc, seq=seq, hash=head, ours=log[seq - 1].link.hash if mine else None
        )

    # -- recovery ---------------------------------------------------------------------------

    def renew(self, badge: Badge, *, running: bool) -> None:
        """A new incarnation: the unsent entries are carried over as they were (ADR 0014)."""
        disk = self.disk
        old = disk.log[disk.delivered :]
        head, stop = disk.head, disk.stop
        disk.past.append((disk.badge, disk.log))
        disk.badge, disk.log, disk.delivered, disk.shown = badge, [], 0, None
        disk.turn = ""
        self.parcel = None
        death, self.death = self.death, 0.0  # one transaction
        reason = stop.value if stop else "lost"
        last = head.hash if head.seq else None
        said = {"inc": head.inc, "seq": head.seq, "head": last, "reason": reason}
        self._write(Deed("device.renew", said))
        for each in old:
            self._carry(each)
        self.death = death
        self.what = None
        self.asked += 1
        if running:
            self.hear(Enrolled(badge.inc, len(disk.log), disk.epoch))
        else:
            self.begin()
