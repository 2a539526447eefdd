"""Machines, a line and a centre under one clock and one stream of random numbers.

Everything that happens stands in one queue by time, so the same random numbers give the same
history to the last message.
"""

import heapq
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from core.wire.client import TABLE, Activity, ClientState
from core.wire.exchange import Exchange
from core.wire.talk import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from tests.simulation.centre import AMPLE, NOTHING, Centre, Reply
from tests.simulation.craft import Badge, Craft, Model, Record
from tests.simulation.machine import PRESENTED, Disk, Machine

TIMEOUT_MS = 30 * SECOND_MS
RETRY_CAP_MS = 15 * MINUTE_MS
BEGINNING = 400 * DAY_MS
PAGE = Reply(200, b"<html>please sign in</html>")
KEY_BYTES = 32
SETTLED_MS = 5 * HOUR_MS  # a passing block is tried again hourly, and there may be two


@dataclass(slots=True)
class Faults:
    """Chances per message; all zero once healed."""

    lost: float = 0.0
    answer_lost: float = 0.0
    repeated: float = 0.0
    late: float = 0.0
    spoiled: float = 0.0
    crash: float = 0.0


@dataclass(frozen=True, slots=True)
class Request:
    """One question on its way. ``machine`` is None for an echo: nobody waits for its answer."""

    machine: Machine | None
    asked: int
    what: Activity
    badge: Badge
    data: bytes
    nonce: bytes
    shown: tuple[Badge, ...] = ()


@dataclass(slots=True)
class World:
    """``promised``: entries a person was told are 已存妥,"""

    rng: random.Random
    craft: Craft = field(default_factory=Model)
    centre: Centre = field(init=False)
    centre_type: type[Centre] = Centre
    disk_type: type[Disk] = Disk
    machine_type: type[Machine] = Machine
    exchange: type[Exchange] = Exchange
    now: int = BEGINNING
    faults: Faults = field(default_factory=Faults)
    machines: list[Machine] = field(default_factory=list)
    queue: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = field(default_factory=list)
    count: int = 0
    wakes: dict[int, int] = field(default_factory=dict)
    down_until: int = 0
    portal_until: int = 0
    proxy_until: int = 0
    proxy: Reply = PAGE
    centre_down_until: int = 0
    broken: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    promised: list[Record] = field(default_factory=list)
    written: dict[bytes, tuple[int, Record]] = field(default_factory=dict)
    lost_by_restore: set[bytes] = field(default_factory=set)
    doubled: set[tuple[bytes, int]] = field(default_factory=set)
    destroyed: set[bytes] = field(default_factory=set)
    barred: set[bytes] = field(default_factory=set)
    issued: Counter[bytes] = field(default_factory=Counter)
    moves: set[tuple[ClientState, ClientState]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """An empty centre."""
        self.centre = self.centre_type(self.craft)

    # -- what machines see ------------------------------------------------------------------

    def broke(self, what: str) -> None:
        """A promise was broken while things ran."""
        self.broken.append(what)

    def watch(self, before: ClientState, after: ClientState) -> None:
        """No transition outside the table."""
        self.moves.add((before, after))
        if after not in TABLE[before].leads_to:
            self.broke(f"table: {before} to {after}")

    def wrote(self, record: Record) -> None:
        """An entry was committed, at this true time."""
        self.written[record.link.hash] = (self.now, record)

    def wake_at(self, machine: Machine, time: int) -> None:
        """The machine's one timer."""
        self.wakes[machine.name] = time
        self._push(time, self._wake, machine, time)

    def _wake(self, machine: Machine, time: int) -> None:
        if self.wakes.get(machine.name) == time and machine in self.machines:
            machine.wake()

    def request(self, machine: Machine, what: Activity, data: bytes) -> None:
        """Over the line, or into it."""
        self._first_try(machine)
        asked, rng, faults = machine.asked, self.rng, self.faults
        self._push(self.now + TIMEOUT_MS, machine.answered, asked, None)
        if self.now < self.down_until:
            self.counts["dead line"] += 1
            if rng.getrandbits(1):
                self._push(self.now + rng.randrange(10_000), machine.answered, asked, None)
        elif self.now < self.portal_until:
            self.counts["portal"] += 1
            self._push(self.now + 100, machine.answered, asked, PAGE)
        elif self.now < self.proxy_until:
            self.counts[f"proxy {self.proxy.status}"] += 1
            self._push(self.now + 100, machine.answered, asked, self.proxy)
        elif faults.lost and rng.random() < faults.lost:
            self.counts["lost"] += 1
        else:
            self._send(machine, what, data)

    def _send(self, machine: Machine, what: Activity, data: bytes) -> None:
        rng, faults = self.rng, self.faults
        spoilable = len(data) > len(PRESENTED)
        if faults.spoiled and spoilable and rng.random() < faults.spoiled:
            data = self._spoil(data)
        delay = rng.randrange(10, 2_000)
        if faults.late and rng.random() < faults.late:
            self.counts["late"] += 1
            delay = rng.randrange(10_000, 2 * HOUR_MS)
        badge, nonce = machine.disk.badge, machine.nonce
        shown = machine.badges if data == PRESENTED else ()
        request = Request(machine, machine.asked, what, badge, data, nonce, shown)
        self._push(self.now + delay, self._deliver, request)
        while faults.repeated and rng.random() < faults.repeated:
            self.counts["repeated"] += 1
            again = self.now + rng.randrange(10, rng.choice((MINUTE_MS, 2 * HOUR_MS)))
            self._push(again, self._deliver, replace(request, machine=None))

    def _deliver(self, request: Request) -> None:
        rng, faults = self.rng, self.faults
        if self.now < self.centre_down_until:
            self.counts["centre down"] += 1
            return
        if faults.crash and rng.random() < faults.crash:
            self.crash_centre()
            return
        reply = self._serve(request)
        if faults.crash and rng.random() < faults.crash:
            self.crash_centre()
            return
        machine = request.machine
        if machine is None:
            return
        if faults.answer_lost and rng.random() < faults.answer_lost:
            self.counts["answer lost"] += 1
            return
        if faults.spoiled and reply.body and rng.random() < faults.spoiled:
            reply = Reply(reply.status, self._spoil(reply.body))
        delay = rng.randrange(10, 2_000)
        if faults.late and rng.random() < faults.late:
            self.counts["answer late"] += 1
            delay = rng.randrange(10_000, 2 * HOUR_MS)
        self._push(self.now + delay, machine.answered, request.asked, reply)

    def _serve(self, request: Request) -> Reply:
        dev, data = request.badge.dev, request.data
        match request.what:
            case Activity.UPLOAD:
                before = self.centre.size()
                reply = self.centre.take(dev, data, self.now)
                if self.centre.size() < before:
                    self.broke("I4: the centre took something out of its log")
                return reply
            case Activity.EVIDENCE:
                return self.centre.keep(dev, data)
            case Activity.BEACON:
                return self.centre.beacon(dev, request.nonce, self.now)
            case _:
                for badge in request.shown:
                    self.centre.enrol(badge)
                return Reply(200)

    def _spoil(self, data: bytes) -> bytes:
        rng = self.rng
        place = rng.randrange(len(data))
        if rng.getrandbits(1):
            self.counts["truncated"] += 1
            return data[:place]
        self.counts["corrupted"] += 1
        turned = bytearray(data)
        turned[place] ^= 1 << rng.randrange(8)
        return bytes(turned)

    def _first_try(self, machine: Machine) -> None:
        """PROTOCOL 4.2: the first retry comes within a quarter of an hour of the link's return."""
        since, machine.waiting_since = machine.waiting_since, None
        if since is not None and self.now - since > RETRY_CAP_MS + SECOND_MS:
            self.broke(f"first retry {(self.now - since) // SECOND_MS} s after the link was back")

    # -- time -------------------------------------------------------------------------------

    def _push(self, time: int, what: Callable[..., None], *arguments: Any) -> None:
        self.count += 1
        heapq.heappush(self.queue, (time, self.count, what, arguments))

    def run(self, until: int) -> None:
        """Let everything happen that is due by then."""
        queue = self.queue
        while queue and queue[0][0] <= until:
            time, _, what, arguments = heapq.heappop(queue)
            self.now = max(self.now, time)
            what(*arguments)
        self.now = max(self.now, until)

    def settle(self) -> bool:
        """Nothing fails any more: run until nothing is left to do; False if that never comes."""
        self.mend()
        healed = self.now
        while self.queue and self.now < healed + SETTLED_MS:
            if all(self._quiet(machine, healed) for machine in self.machines):
                return True
            time, _, what, arguments = heapq.heappop(self.queue)
            self.now = max(self.now, time)
            what(*arguments)
        return all(self._quiet(machine, healed) for machine in self.machines)

    def mend(self) -> None:
        """Every fault ends."""
        self.faults = Faults()
        self.centre_down_until = 0
        self.centre.room, self.centre.largest, self.centre.after_ms = AMPLE, 1 << 30, 0
        self.centre.min_proto = 1
        for machine in self.machines:
            machine.death = 0.0
        self.link_back()

    def link_back(self) -> None:
        """The line is up again; nobody tells the machines."""
        self.down_until = self.portal_until = self.proxy_until = 0
        for machine in self.machines:
            standing = machine.standing
            asked_to_wait = standing.blocked or standing.not_before > machine.boot_ms()
            failing = standing.retry_at is not None
            if standing.stop is None and failing and not asked_to_wait:
                machine.waiting_since = self.now

    @staticmethod
    def _quiet(machine: Machine, since: int) -> bool:
        standing = machine.standing
        if standing.stop is ClientState.REVOKED:
            return True
        # By true time: the machine's own clock may have been set back under a sleeping machine.
        if machine.heard_at <= since:
            return False
        left = standing.pending if standing.stop is None else standing.written - standing.evidence
        return left <= 0 and standing.activity is Activity.IDLE

    # -- what befalls them ------------------------------------------------------------------

    def add_machine(self) -> Machine:
        """A new kiosk, enrolled and switched on."""
        dev = self.rng.randbytes(16)
        return self._switch_on(self.disk_type(self._certify(dev)))

    def _certify(self, dev: bytes) -> Badge:
        """The desk counts the incarnations of a machine; the centre may have forgotten some."""
        self.issued[dev] += 1
        badge = self.craft.badge(dev, self.issued[dev], self.rng.randbytes(KEY_BYTES))
        self.centre.enrol(badge)
        return badge

    def _switch_on(self, disk: Disk) -> Machine:
        machine = self.machine_type(
            name=len(self.wakes), around=self, rng=self.rng, disk=disk, exchange=self.exchange
        )
        self.wakes[machine.name] = -1
        self.machines.append(machine)
        machine.start()
        return machine

    def act(self, machine: Machine) -> None:
        """A person does something, and is told that it is stored once it is."""
        record = machine.act()
        if record is not None:
            self.promised.append(record)

    def clone(self, machine: Machine) -> Machine:
        """An image of the disk runs elsewhere."""
        self.counts["clones"] += 1
        twin = machine.disk.copy()
        self.doubled.add((twin.badge.dev, twin.badge.inc))
        made = self._switch_on(twin)
        made.policy, made.deadline = machine.policy, machine.deadline
        return made

    def roll_back(self, machine: Machine, image: Disk) -> None:
        """The disk is put back to an earlier image, and the machine started."""
        self.counts["rollbacks"] += 1
        kept = {each.link.hash for each in image.log}
        kept.update(each.link.hash for _, log in image.past for each in log)
        disk = machine.disk
        gone = {each.link.hash for each in disk.log}
        gone.update(each.link.hash for _, log in disk.past for each in log)
        self.destroyed |= gone - kept
        self.doubled.add((disk.badge.dev, disk.badge.inc))
        self.doubled.add((image.badge.dev, image.badge.inc))
        machine.disk = image
        machine.start()

    def renew(self, machine: Machine) -> None:
        """The county enrols the stopped machine anew."""
        self.counts["renewals"] += 1
        dev = machine.disk.badge.dev
        badge = self._certify(dev)
        self.centre.revoked.pop(dev, None)
        machine.revoked = False
        machine.renew(badge, running=bool(self.rng.getrandbits(1)))

    def revoke(self, machine: Machine) -> None:
        """Entries up to what the centre holds stay good."""
        self.counts["revocations"] += 1
        dev, inc = machine.disk.badge.dev, machine.disk.badge.inc
        self.barred.add(dev)
        log = self.centre.logs.get((dev, inc))
        held = 0 if log is None else len(log.entries)
        self.centre.revoked[dev] = max(0, held + self.rng.randrange(-1, 3))
        for each in self.machines:
            each.revoked = each.revoked or each.disk.badge.dev == dev

    def restore(self) -> None:
        """The centre goes back to one of its backups."""
        self.counts["restores"] += 1
        backups = self.centre.backups
        chosen = self.rng.choice(backups) if backups else NOTHING
        self.centre.restore(chosen, self.rng.randbytes(8))
        self.lost_by_restore = self.centre.receipts - self.centre.holdings()

    def crash_centre(self) -> None:
        """Power off at the centre; it is back within minutes. What it answered for is there."""
        self.counts["centre crashes"] += 1
        self.centre.crash()
        self.centre_down_until = self.now + self.rng.randrange(1, 5 * MINUTE_MS)
        missing = self.centre.receipts - self.lost_by_restore - self.centre.holdings()
        if missing:
            self.broke(f"I4: {len(missing)} receipts without entry after a crash")
