"""How one machine stands towards the server: the state of an `Exchange` (PROTOCOL 2.7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from core.wire.client import ClientState
from core.wire.talk import BATCH, Chore, Policy


class Activity(StrEnum):
    """What is under way. One thing at a time: a kiosk's line is thin, and one timer suffices."""

    IDLE = "idle"
    BEACON = "beacon"
    UPLOAD = "upload"
    CHORE = "chore"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a state starts on the network, and which states may follow it."""

    network: frozenset[Activity]
    leads_to: frozenset[ClientState]


_TALK = frozenset({Activity.BEACON, Activity.UPLOAD, Activity.CHORE})
_ENDS = frozenset({ClientState.FORKED, ClientState.SELF_ROLLBACK, ClientState.REVOKED})
_RENEWED = frozenset({ClientState.OFFLINE})  # a new incarnation, until its first beacon
_OPEN = frozenset(set(ClientState) - _ENDS - {ClientState.UNENROLLED})

TABLE: Mapping[ClientState, Rule] = MappingProxyType(
    {
        ClientState.UNENROLLED: Rule(frozenset(), _RENEWED),
        ClientState.CURRENT: Rule(_TALK, _OPEN | _ENDS),
        ClientState.SENDING: Rule(_TALK, _OPEN | _ENDS),
        ClientState.WAITING: Rule(_TALK, _OPEN | _ENDS),
        ClientState.OFFLINE: Rule(frozenset({Activity.BEACON}), _OPEN | _ENDS),
        ClientState.STALE: Rule(frozenset({Activity.BEACON}), _OPEN | _ENDS),
        ClientState.CLOSED: Rule(_TALK, _OPEN | _ENDS),
        ClientState.FORKED: Rule(frozenset({Activity.EVIDENCE}), _RENEWED | {ClientState.REVOKED}),
        ClientState.SELF_ROLLBACK: Rule(
            frozenset({Activity.EVIDENCE}), _RENEWED | {ClientState.REVOKED}
        ),
        ClientState.REVOKED: Rule(frozenset(), _RENEWED),
    }
)


@dataclass(frozen=True, slots=True)
class Block:
    """Why nothing is uploaded, and when that is tried again; None.

    Not before a new start of the program.
    """

    code: str
    until: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Times are milliseconds of the boot clock. ``cursor`` is a cache of what the server holds.

    ``stop`` is set while ordinary talk is over. ``resend`` is the range of an upload whose fate
    is unknown.
    ``compared`` says the server's head was compared since the start; nothing is uploaded before.
    """

    policy: Policy = field(default_factory=Policy)
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
        return None if self.blocked is None else self.blocked.code

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

    def due_ms(self) -> int | None:
        """When something is to be done unasked: the one timer.

        None while something is under way, or nothing ever is.
        """
        times = [at for _, at in self.plans()]
        if self.deadline is not None and not self.closed and self.stop is None:
            times.append(self.deadline)
        return min(times, default=None)

    def plans(self) -> tuple[tuple[Activity, int], ...]:
        """What may be started and when, the more urgent first among those that are due."""
        if self.activity is not Activity.IDLE:
            return ()
        if self.stop in {ClientState.FORKED, ClientState.SELF_ROLLBACK}:
            due = self.evidence < self.written
            return ((Activity.EVIDENCE, self.retry_at or 0),) if due else ()
        if self.stop is not None:
            return ()
        plans = [(Activity.BEACON, self._beacon_time())]
        upload = self._upload_time()
        if upload is not None:
            plans.append((Activity.UPLOAD, upload))
        if self.wanted:
            plans.append((Activity.CHORE, 0))
        return tuple((what, max(at, self.retry_at or at)) for what, at in plans)

    def _beacon_time(self) -> int:
        return (
            self.beacon_due
            if self.last_call_at is None
            else min(self.beacon_due, self.last_call_at)
        )

    def _upload_time(self) -> int | None:
        if not self.compared or not self.pending:
            return None
        if self.blocked is None:
            return self.upload_at
        return None if self.blocked.until is None else max(self.upload_at, self.blocked.until)
