"""The exchange against a model of the server, over a line that loses, repeats and delays.

PROTOCOL 4.1. One seed decides everything; pytest shows it beside a failure (``JIEPIN_SEED``).
"""

import hashlib
import random
from dataclasses import dataclass, field, replace

import pytest

from core.wire.client import ClientState
from core.wire.exchange import Exchange
from core.wire.standing import Standing
from core.wire.talk import (
    HOUR_MS,
    MINUTE_MS,
    SECOND_MS,
    Acked,
    Alarm,
    AskBeacon,
    BeaconReceived,
    CommitBeacon,
    CommitEpoch,
    EvidenceStored,
    Instant,
    LogGrew,
    MarkDelivered,
    NothingCame,
    Refused,
    SendBatch,
    SendEvidence,
    ServerHead,
    Status,
    Ticked,
)

SCHEDULES = 150
STEPS = 120
START = hashlib.sha256(b"certificate").digest()


@dataclass(frozen=True)
class Sent:
    """A batch: entries from ``first`` on, after ``prev``."""

    first: int
    prev: bytes
    hashes: tuple[bytes, ...]


@dataclass
class Server:
    """PROTOCOL 2.7, server algorithm, step 3, for one machine."""

    log: list[bytes] = field(default_factory=list)
    evidence: set[bytes] = field(default_factory=set)
    epoch: bytes = b"epoch--0"
    quarantined: bool = False
    receipts: set[bytes] = field(default_factory=set)

    def head(self):
        return len(self.log), self.log[-1] if self.log else START

    def take(self, batch):
        """Status and code."""
        seq, _ = self.head()
        if self.quarantined:
            return Status.CONFLICT, "fork"
        if batch.first > seq + 1:
            return Status.CONFLICT, "gap"
        before = self.log[batch.first - 2] if batch.first > 1 else START
        overlap = self.log[batch.first - 1 : batch.first - 1 + len(batch.hashes)]
        if before != batch.prev or tuple(overlap) != batch.hashes[: len(overlap)]:
            self.evidence |= set(batch.hashes)
            self.quarantined = True
            return Status.CONFLICT, "fork"
        new = batch.hashes[len(overlap) :]
        self.log += new
        self.receipts |= set(new)
        return Status.STORED, "ok"

    def restore(self, length, epoch):
        """Back to a backup: the log is shorter, the epoch is new."""
        del self.log[length:]
        self.epoch = epoch


@dataclass
class Faults:
    """Chances per request; nothing goes wrong once the line is healed."""

    lost: float = 0.15
    answer_lost: float = 0.15
    repeated: float = 0.1
    refused: float = 0.1
    restore: float = 0.01
    restart: float = 0.03
    outage: float = 0.02


@dataclass
class Machine:
    """A kiosk: its log survives restarts, its standing does not."""

    rng: random.Random
    now: int = 10 * HOUR_MS
    log: list[bytes] = field(default_factory=list)
    standing: Standing = field(default_factory=lambda: Standing(stop=None))
    epoch: bytes | None = None
    stop: ClientState | None = None
    delivered: int = 0

    def write(self, what=b"app.revise"):
        """One committed entry, if the state allows it."""
        if self.standing.client_state(self.now).may_write:
            prev = self.log[-1] if self.log else START
            noise = self.rng.randbytes(8)
            self.log.append(hashlib.sha256(prev + what + noise).digest())

    def restart(self):
        """What survives is what the store keeps."""
        self.standing = Standing(stop=self.stop, written=len(self.log), epoch=self.epoch)

    def ours(self, seq):
        return self.log[seq - 1] if 0 < seq <= len(self.log) else None


class World:
    """One machine, one server, one line, one seed."""

    def __init__(self, seed):
        self.rng = random.Random(seed)  # noqa: S311 - replayable
        self.machine = Machine(self.rng)
        self.server = Server()
        self.faults = Faults()
        self.down_until = 0
        self.old_batches = []
        self.longest_wait = 0

    def step(self, event):
        """Let the machine hear an event, and do what follows until it waits."""
        queue = [event]
        for _ in range(10_000):
            if not queue:
                return
            at = Instant(self.machine.now, self.rng.getrandbits(32))
            done = Exchange.step(self.machine.standing, queue.pop(0), at)
            self.machine.standing = done.standing
            self.machine.stop, self.machine.epoch = done.standing.stop, done.standing.epoch
            for effect in done.effects:
                heard = self.carry(effect)
                if heard is not None:
                    queue.append(heard)
        raise AssertionError("the exchange never rests")

    def carry(self, effect):
        """Do one effect; the line decides what comes back."""
        match effect:
            case CommitBeacon() | CommitEpoch():
                self.machine.write(b"beacon")
                return LogGrew(len(self.machine.log))
            case MarkDelivered(through=through):
                self.machine.delivered = through
                return None
            case AskBeacon():
                return self.over_the_line(self.beacon)
            case SendBatch(first=first, limit=limit):
                batch = self.pack(first, limit)
                self.old_batches.append(batch)
                return self.over_the_line(lambda: self.upload(batch))
            case SendEvidence(first=first):
                return self.over_the_line(lambda: self.keep_evidence(self.pack(first, 200)))
            case Alarm():
                return None

    def over_the_line(self, request):
        self.machine.now += self.rng.randrange(1, 2 * SECOND_MS)
        faults = self.faults
        if self.machine.now < self.down_until or self.rng.random() < faults.lost:
            return NothingCame()
        if self.rng.random() < faults.refused:
            return Refused(self.rng.choice([408, 425, 429, 500, 502, 503]), None, 1)
        if self.rng.random() < faults.repeated:
            request()  # a proxy sent it twice
        if self.old_batches and self.rng.random() < faults.repeated:
            self.upload(self.rng.choice(self.old_batches))  # an old one surfaces
        answer = request()
        return NothingCame() if self.rng.random() < faults.answer_lost else answer

    def pack(self, first, limit):
        log = self.machine.log
        prev = log[first - 2] if first > 1 else START
        return Sent(first, prev, tuple(log[first - 1 : first - 1 + limit]))

    def server_head(self):
        seq, head = self.server.head()
        return ServerHead(inc=1, seq=seq, hash=head, ours=self.machine.ours(seq))

    def beacon(self):
        return BeaconReceived(
            server=self.server_head(),
            epoch=self.server.epoch,
            after_ms=self.rng.randrange(0, 10 * SECOND_MS),
            max_events=self.rng.choice([1, 7, 200]),
            next_ms=5 * MINUTE_MS,
            min_proto=1,
        )

    def upload(self, batch):
        status, code = self.server.take(batch)
        return Acked(
            status=status,
            code=code,
            server=self.server_head(),
            epoch=self.server.epoch,
            durable=0,
            after_ms=0,
            max_events=200,
            sent=len(batch.hashes),
        )

    def keep_evidence(self, batch):
        self.server.evidence |= set(batch.hashes)
        return EvidenceStored(batch.first + len(batch.hashes) - 1)

    def wait(self):
        """Sleep until the timer rings, or a random while if that is shorter."""
        due = self.machine.standing.due_ms(self.machine.now)
        nap = self.rng.randrange(1, 20 * MINUTE_MS)
        if due is not None:
            wait = max(0, due - self.machine.now)
            self.longest_wait = max(self.longest_wait, wait)
            nap = min(nap, wait) if self.rng.random() < 0.7 else nap
        self.machine.now += nap
        self.step(Ticked())

    def live(self, steps):
        """Write, wait, restart, fail."""
        for _ in range(steps):
            for _ in range(self.rng.choice([0, 0, 1, 1, 2, 30])):
                self.machine.write()
            self.step(LogGrew(len(self.machine.log)))
            if self.rng.random() < self.faults.restart:
                self.machine.restart()
            if self.rng.random() < self.faults.restore:
                epoch = self.rng.randbytes(8)
                self.server.restore(self.rng.randrange(len(self.server.log) + 1), epoch)
            if self.rng.random() < self.faults.outage:
                self.down_until = self.machine.now + self.rng.randrange(1, 100 * HOUR_MS)
            self.wait()

    def heal(self):
        """Nothing fails any more; run to rest."""
        self.faults = Faults(0, 0, 0, 0, 0, 0, 0)
        self.down_until = 0
        healed_at = self.machine.now
        while self.machine.now < healed_at + 3 * HOUR_MS or self.machine.standing.pending:
            due = self.machine.standing.due_ms(self.machine.now)
            if due is None:
                return
            self.machine.now = max(self.machine.now, due)
            self.step(Ticked())


@pytest.mark.parametrize("number", range(SCHEDULES))
def test_after_healing_both_logs_are_equal_and_nobody_cried_fork(seed, number):
    """PROTOCOL 4.1: I3 server log = kiosk log; I4 receipts backed; I5 no false fork."""
    world = World(seed + number)

    world.live(STEPS)
    written = list(world.machine.log)
    world.heal()

    assert world.machine.standing.stop is None, f"seed {seed + number}"
    assert world.server.log == world.machine.log, f"seed {seed + number}"
    assert world.machine.log[: len(written)] == written
    assert not world.server.quarantined
    assert world.server.receipts <= set(world.server.log)
    assert world.machine.delivered == len(world.machine.log)
    assert len(set(world.server.log)) == len(world.server.log)
    assert world.longest_wait <= HOUR_MS


@pytest.mark.parametrize("number", range(SCHEDULES // 3))
def test_a_clone_that_writes_is_always_found_out(seed, number):
    """PROTOCOL 4.1, I5: every diverging clone is detected once both have synced."""
    world = World(seed + number)
    world.faults = replace(world.faults, restore=0)
    world.live(20)
    clone = Machine(world.rng, now=world.machine.now, log=list(world.machine.log))
    clone.restart()
    for each in (world.machine, clone):
        each.write()
    original, world.machine = world.machine, clone
    world.live(10)
    world.heal()
    clone_stop = clone.standing.stop
    world.machine = original
    world.machine.now = max(original.now, clone.now)
    world.live(10)
    world.heal()

    stops = {clone_stop, original.standing.stop}

    assert stops & {ClientState.FORKED, ClientState.SELF_ROLLBACK}, f"seed {seed + number}"
    assert set(original.log) | set(clone.log) <= set(world.server.log) | world.server.evidence


@pytest.mark.parametrize("number", range(SCHEDULES // 3))
def test_a_disk_put_back_to_last_week_stops_at_the_first_beacon(seed, number):
    """PROTOCOL 2.7: the server has more than I have: I was rolled back."""
    world = World(seed + number)
    world.faults = Faults(0, 0, 0, 0, 0, 0, 0)
    world.live(20)
    world.heal()
    world.machine.log = world.machine.log[: world.rng.randrange(len(world.machine.log))]
    world.machine.restart()

    world.step(Ticked())

    assert world.machine.standing.stop is ClientState.SELF_ROLLBACK
    assert not world.machine.standing.client_state(world.machine.now).may_write
