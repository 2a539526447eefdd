"""The daemon's loop: feeds an `Exchange` with what happens here and there, and does what it asks.

Waiting, clock and chance are handed in, so that days of outage pass in a test within a second.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterator

from msgspec.structs import replace

from core.rules.calendar import deadline
from core.wire.client import ClientState
from core.wire.errand import Task
from core.wire.exchange import Exchange
from core.wire.standing import Standing
from core.wire.talk import (
    DAY_MS,
    SECOND_MS,
    Alarm,
    AskBeacon,
    Chore,
    CommitBeacon,
    CommitClose,
    CommitEpoch,
    CommitOpen,
    DeadlineMoved,
    Effect,
    Heard,
    Instant,
    LogGrew,
    MarkDelivered,
    Perform,
    Policy,
    SendBatch,
    SendEvidence,
    SendNow,
    Ticked,
    Wanted,
)
from syncd.courier import Courier
from syncd.kit import Kit, Log
from syncd.logbook import Logbook
from syncd.store.audit import AuditCode
from syncd.store.fault import StoreError, StoreFull, StoreLocked, StoreUnreachable
from syncd.store.link_state import Carried
from syncd.store.moment import Moment
from syncd.store.requests import RequestState

POLL_S = 0.5  # how soon a commit of the kiosk is noticed
STORE_PAUSE_S = 5.0  # after the disk was full, or another process held the store
CLOCK_STEP_MS = 2000  # less is slewing, not a step
ERRAND_EVERY_MS = 3000  # how often is asked while somebody may be waiting
ERRAND_URGENT_MS = 20 * 60_000  # later it comes up again with each beacon
DEADLINE_MOVED_MS = 5000  # less is the drift of the estimate

Sleep = Callable[[float], Awaitable[object]]


async def keep_talking(talk: "Talk", sleep: Sleep) -> None:
    """Talk until cancelled. A full or busy store is waited for.

    Every other fault of it ends the daemon.

    Raises:
        StoreError: The store is damaged or does not belong to this machine.
    """
    while True:
        try:
            await talk.turn()
            pause = talk.pause_s()
        except (StoreFull, StoreLocked, StoreUnreachable) as error:
            talk.interrupted(error)
            pause = STORE_PAUSE_S
        await sleep(pause)


class Talk:
    """One machine's talk with its server; `turn` does everything that is due."""

    def __init__(  # noqa: PLR0913 - what a process is made of
        self,
        kit: Kit,
        *,
        policy: Policy,
        software: str,
        chance: Callable[[], int],
        random_bytes: Callable[[int], bytes],
        log: Log,
    ) -> None:
        """Nothing is read before the first turn."""
        self._kit = kit
        self._policy = policy
        self._software = software
        self._chance = chance
        self._random = random_bytes
        self._log = log
        self._logbook = Logbook(kit)
        self._courier: Courier | None = None
        self._standing = Standing(policy=policy)
        self._started = False
        self._full = False
        self._clock_offset: int | None = None
        self._identity_key: tuple[bytes, int] | None = None
        self._carried: Carried | None = None
        self._asked_ms = 0
        self._seen_version: int | None = None
        self._shown: ClientState | None = None
        self._season = ""
        self._requests: frozenset[bytes] = frozenset()
        self._errands: frozenset[bytes] = frozenset()
        self._errands_at: int | None = None
        self._incidents: frozenset[str] = frozenset()

    @property
    def standing(self) -> Standing:
        """Where the exchange stands."""
        return self._standing

    def pause_s(self) -> float:
        """How long nothing is due; at most until the store is looked at again."""
        now = self._kit.clock().boot_ms
        due = self._standing.due_ms(now)
        return POLL_S if due is None else min(POLL_S, max(0, due - now) / SECOND_MS)

    async def turn(self) -> None:
        """Notice what changed here, do what is due, and everything that follows from it.

        Raises:
            StoreError: The store failed; call again later, the state is taken from it anew.
        """
        if self._nothing_new():
            return
        self._begin()
        queue: deque[Heard] = deque(self._observed())
        queue.append(Ticked())
        while queue:
            now = Instant(self._kit.clock().boot_ms, self._chance())
            step = Exchange.step(self._standing, queue.popleft(), now)
            self._standing = step.standing
            self._show()
            for effect in step.effects:
                self._seen_version = None  # what we write ourselves is looked at in the next turn
                heard = await self._do(effect)
                if heard is not None:
                    queue.append(heard)
        self._show()

    def interrupted(self, error: StoreError) -> None:
        """The store failed.

        What was to be written may be missing, so the state is read from it anew.
        """
        self._log.warning("store_failed", error=type(error).__name__)
        self._identity_key = None
        self._full = self._full or isinstance(error, StoreFull)

    def _nothing_new(self) -> bool:
        """Nobody else has committed, nothing is due, and what people see is still true."""
        now = self._kit.clock()
        version = self._kit.store.data_version()
        same = self._identity_key is not None and version == self._seen_version
        self._seen_version = version
        due = self._standing.due_ms(now.boot_ms)
        return (
            same
            and (due is None or due > now.boot_ms)
            and (self._errands_at is None or self._errands_at > now.boot_ms)
            and self._standing.client_state(now.boot_ms) is self._shown
            and self._clock_moved(now) == 0
        )

    def _begin(self) -> None:
        """Take the state from the store.

        At the start, after enrolment, after the store failed, and when an answer came on a stick.
        """
        identity = self._kit.store.identity.read()
        head = self._kit.store.ledger.head()
        if identity is None or head is None:
            return
        carried = self._kit.store.link_state.carried()
        same = self._identity_key == (identity.device, identity.inc)
        if same and carried == self._carried:
            return
        self._carried = carried
        self._kit.store.outbox.release()
        now = self._kit.clock()
        link = self._kit.store.link_state.read()
        self._courier = Courier(self._kit, identity, self._random, self._log)
        if not same:
            self._clock_offset = self._offset_of_this_boot(now)
        self._asked_ms = self._kit.store.link_state.asked_ms()
        self._standing = Standing(
            policy=self._policy,
            stop=None
            if link.client is ClientState.UNENROLLED or link.client.may_write
            else link.client,
            inc=identity.inc,
            written=head.seq,
            epoch=link.epoch,
            beacon_at=self._last_beacon_boot_ms(now),
        )
        self._identity_key = (identity.device, identity.inc)
        self._season = identity.season
        if self._standing.stop is None:
            self._write_starts()
            self._standing = replace(self._standing, written=self._written())

    def _write_starts(self) -> None:
        audit = self._kit.store.audit
        if not self._started:
            self._show()
            if self._kit.store.unclean:
                audit.add(AuditCode.STORE_RECOVERED, self._kit.clock())
            self._logbook.boot(self._software)
            self._started = True
        if self._full:
            self._logbook.storage_alarm("storage_full")
            audit.add(AuditCode.STORE_FULL, self._kit.clock())
            self._full = False

    def _observed(self) -> Iterator[Heard]:
        """What happened on this machine since the last turn."""
        if self._courier is None:
            return
        self._watch_clock()
        yield LogGrew(self._written())
        asked = self._kit.store.link_state.asked_ms()
        if asked != self._asked_ms:  # a clock that was put back since asks all the same
            self._asked_ms = asked
            yield SendNow()
        waiting = frozenset(
            each.id
            for each in self._kit.store.requests.open()
            if each.state is RequestState.WAITING
        )
        # Only new ones are urgent; what could not be posted comes up again with the next beacon.
        if waiting - self._requests:
            yield Wanted(frozenset({Chore.REQUESTS}))
        self._requests = waiting
        yield from self._errands_due()
        yield from self._incidents_due()
        yield from self._deadline_moved()

    def _errands_due(self) -> Iterator[Heard]:
        """Somebody waits for these at the screen: new ones at once, open ones every few seconds.

        Nobody waits for settings: they go with the next beacon.
        """
        now = self._kit.clock()
        urgent = frozenset(
            each.id
            for each in self._kit.store.errands.open()
            if abs(now.wall_ms - each.asked_ms) < ERRAND_URGENT_MS and each.task is not Task.DISPLAY
        )
        due = self._errands_at is not None and self._errands_at <= now.boot_ms
        if urgent - self._errands or (urgent and due):
            self._errands_at = now.boot_ms + ERRAND_EVERY_MS
            yield Wanted(frozenset({Chore.ERRANDS}))
        elif not urgent:
            self._errands_at = None
        self._errands = urgent

    def _incidents_due(self) -> Iterator[Heard]:
        """Somebody is about to telephone: new ones at once, the others with each beacon."""
        waiting = frozenset(each.number for each in self._kit.store.incidents.open())
        if waiting - self._incidents:
            yield Wanted(frozenset({Chore.ERRANDS}))
        self._incidents = waiting

    def _watch_clock(self) -> None:
        now = self._kit.clock()
        delta = self._clock_moved(now)
        if delta and self._standing.stop is None:
            self._clock_offset = now.wall_ms - now.boot_ms
            self._logbook.clock_step(delta)

    def _clock_moved(self, now: Moment) -> int:
        """By how much the wall clock stepped against the boot clock; 0 when it did not."""
        offset = now.wall_ms - now.boot_ms
        if self._clock_offset is None:
            self._clock_offset = offset
        delta = offset - self._clock_offset
        return delta if abs(delta) >= CLOCK_STEP_MS else 0

    def _deadline_moved(self) -> Iterator[Heard]:
        """D on the boot clock, by the newest beacon where there is one of this boot."""
        current = self._kit.store.reference.current()
        moment = None if current is None else deadline(current.calendar)
        known = self._standing.deadline
        if moment is None:
            if known is not None:
                yield DeadlineMoved(None)
            return
        now = self._kit.clock()
        at = now.boot_ms + int(moment.timestamp()) * SECOND_MS - self._server_now(now)
        if known is None or abs(at - known) >= DEADLINE_MOVED_MS:
            yield DeadlineMoved(at)

    def _server_now(self, now: Moment) -> int:
        """By the newest beacon of this boot; else the wall clock, unless that is surely behind."""
        sight = self._kit.store.link_state.sight()
        if sight is None or sight.seen.boot_id != now.boot_id:
            return max(now.wall_ms, self._kit.store.link_state.not_before_ms(now))
        return sight.server_ms + now.boot_ms - sight.seen.boot_ms

    async def _do(self, effect: Effect) -> Heard | None:  # noqa: PLR0911 - one line each
        if self._courier is None:
            return None
        match effect:
            case AskBeacon():
                return await self._courier.ask_beacon()
            case SendBatch(first=first, limit=limit):
                return await self._courier.send(first, limit, self._standing.epoch)
            case SendEvidence(first=first):
                return await self._courier.send_evidence(first, self._standing.epoch)
            case Perform(chore=chore):
                return await self._courier.perform(chore)
            case MarkDelivered(through=through, durable=durable):
                with self._kit.store.transaction():
                    self._kit.store.outbox.mark_delivered(through, durable)
                return None
            case _:
                self._commit(effect)
                return LogGrew(self._written())

    def _commit(
        self, effect: CommitBeacon | CommitEpoch | CommitOpen | CommitClose | Alarm
    ) -> None:
        """Write into the own log what the exchange found worth keeping."""
        match effect:
            case CommitBeacon():
                if self._courier is not None and self._courier.seen is not None:
                    self._logbook.beacon(self._courier.seen)
            case CommitEpoch(epoch=epoch):
                self._logbook.epoch(epoch, self._log)
            case CommitOpen():
                self._logbook.open_season(self._season)
            case CommitClose():
                self._logbook.close_season(self._season)
            case Alarm(code=code, count=count):
                self._ring(code, count)

    def _ring(self, code: str, count: int) -> None:
        self._log.warning("attention_needed", code=code, count=count)
        if self._standing.stop is None:
            self._logbook.failing(code, count, DAY_MS)
        else:
            self._kit.store.audit.add(AuditCode.DEVICE_STOPPED, self._kit.clock(), detail=code)

    def _show(self) -> None:
        """Tell the kiosk where we stand."""
        if self._courier is not None:
            now = self._kit.clock()
            self._shown = self._standing.client_state(now.boot_ms)
            self._logbook.state(self._standing, self._server_now(now) - now.wall_ms)

    def _written(self) -> int:
        head = self._kit.store.ledger.head()
        return 0 if head is None else head.seq

    def _offset_of_this_boot(self, now: Moment) -> int | None:
        """Wall minus boot clock when the last beacon of this boot was seen.

        Steps while we were not running show.
        """
        sight = self._kit.store.link_state.sight()
        if sight is None or sight.seen.boot_id != now.boot_id:
            return None
        return sight.seen.wall_ms - sight.seen.boot_ms

    def _last_beacon_boot_ms(self, now: Moment) -> int | None:
        """When the last beacon was seen, on this boot's clock.

        By the wall clock if that was another boot; one from a stick counts from when it was made.
        """
        sight, carried = self._kit.store.link_state.sight(), self._kit.store.link_state.carried()
        ages = [] if carried is None else [carried.age_ms(now)]
        if sight is not None and sight.seen.boot_id == now.boot_id:
            ages.append(now.boot_ms - sight.seen.boot_ms)
        elif sight is not None:
            ages.append(max(0, now.wall_ms - sight.seen.wall_ms))
        return now.boot_ms - min(ages) if ages else None
