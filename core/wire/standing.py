"""How one machine stands towards the server: the state of an `Exchange` (PROTOCOL 2.7)."""

from dataclasses import dataclass

import msgspec

from core.wire.client import TABLE, Activity, ClientState
from core.wire.talk import BATCH, Chore, Policy


@dataclass(frozen=True, slots=True)
class Block:
    """Why nothing is uploaded, and when that is tried again.

    ``until`` is None when only a beacon can lift it: the protocol is too old.
    """

    code: str
    until: int | None


# Never on the wire, yet a Struct: each step makes some new ones, and of 25 fields a dataclass makes
# them ten times as slowly.
class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Times are milliseconds of the boot clock. ``cursor`` is a cache of what the server holds.

    ``stop`` is set while ordinary talk is over. ``resend`` is the range of an upload whose fate
    is unknown. ``no_room``: the server took nothing for want of room (507), which is tried again.
    ``compared`` says the server's head was compared since the start; nothing is uploaded before.
    """

    policy: Policy = Policy()
    stop: ClientState | None = ClientState.UNENROLLED
    inc: int = 1
    written: int = 0
    cursor: int = 0
    durable: int = 0
    compared: bool = False
    epoch: bytes | None = None
    limit: int = BATCH
    gap_ms: int = 0
    activity: Activity = Activity.IDLE
    failures: int = 0
    retry_at: int | None = None
    not_before: int = 0
    upload_at: int = 0
    beacon_due: int = 0
    beacon_at: int | None = None
    committed_at: int | None = None
    outage: bool = True
    blocked: Block | None = None
    no_room: bool = False
    resend: tuple[int, int] | None = None
    wanted: frozenset[Chore] = frozenset()
    evidence: int = 0
    deadline: int | None = None
    last_call_at: int | None = None
    closed: bool = False

    @property
    def pending(self) -> int:
        """Entries the server is not known to hold."""
        return max(0, self.written - self.cursor)

    @property
    def chore(self) -> Chore | None:
        """The chore to be done first, or under way: keys before what they verify."""
        return next((chore for chore in Chore if chore in self.wanted), None)

    @property
    def attention(self) -> str | None:
        """The code of what people must look at."""
        if self.stop is not None:
            return self.stop.value
        if self.blocked is not None:
            return self.blocked.code
        return "quota" if self.no_room and self.pending else None

    def client_state(self, now: int) -> ClientState:
        """The state as people see it; it changes with time alone, too."""
        if self.stop is not None:
            return self.stop
        if self.activity is Activity.UPLOAD:
            return ClientState.SENDING
        age = None if self.beacon_at is None else now - self.beacon_at
        if age is not None and age >= self.policy.stale_ms:
            return ClientState.STALE
        if age is None or age >= self.policy.offline_ms:
            return ClientState.OFFLINE
        if self.retry_at is not None or self.pending:
            return ClientState.WAITING
        return ClientState.CLOSED if self.closed else ClientState.CURRENT

    def due_ms(self, now: int) -> int | None:
        """When something is to be done unasked: the one timer. None while something goes on."""
        times = [at for _, at in self.plans(now)]
        if self.deadline is not None and not self.closed and self.stop is None:
            times.append(self.deadline)
        return min(times, default=None)

    def plans(self, now: int) -> tuple[tuple[Activity, int], ...]:
        """What may be started and when; of those that are due, the more urgent stands first."""
        if self.activity is not Activity.IDLE:
            return ()
        allowed = TABLE[self.client_state(now)].network
        wished: tuple[tuple[Activity, int | None], ...] = (
            (Activity.BEACON, self._beacon_time()),
            (Activity.UPLOAD, self._upload_time()),
            (Activity.CHORE, 0 if self.wanted else None),
            (Activity.EVIDENCE, 0 if self.evidence < self.written else None),
        )
        return tuple(
            (what, max(at, self.retry_at or 0))
            for what, at in wished
            if at is not None and what in allowed
        )

    def _beacon_time(self) -> int:
        return min(self.beacon_due, self.last_call_at or self.beacon_due)

    def _upload_time(self) -> int | None:
        if not self.compared or not self.pending:
            return None
        if self.blocked is None:
            return self.upload_at
        return None if self.blocked.until is None else max(self.upload_at, self.blocked.until)
