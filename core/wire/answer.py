"""What an answer, or its absence, changes (PROTOCOL 2.7, client rules and table of statuses)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from msgspec.structs import replace

from core.wire.beacon import PROTOCOL_VERSION
from core.wire.client import TABLE, Activity, ClientState
from core.wire.standing import Block, Standing
from core.wire.talk import (
    HOUR_MS,
    Acked,
    Alarm,
    BeaconReceived,
    Chore,
    ChoreDone,
    CommitBeacon,
    CommitEpoch,
    Effect,
    Instant,
    MarkDelivered,
    Refused,
    ServerHead,
    Status,
)

RETRIED = frozenset({408, 425, 429, *range(500, 600)})
# Code for people. None of them is for ever: an answer may be a stranger's word, or speak of bytes
# that were spoilt on the way, so each is tried again hourly (ADR 0011).
BLOCKS: Mapping[int, str] = MappingProxyType(
    {
        Status.FORMAT: "format",
        Status.UNKNOWN: "unknown_device",
        Status.SCOPE: "scope",
        Status.ABSENT: "absent",
        # Without a signature this may be anyone's word; the signed revocation list decides.
        Status.REVOKED: "revoked_unproved",
        Status.UPGRADE: "upgrade",
    }
)
STOPPED_CHORES = frozenset({Chore.TRUST, Chore.CERTIFICATES})
WAIT_AT_MOST_MS = HOUR_MS  # an answer cannot silence a machine for longer


@dataclass(frozen=True, slots=True)
class Step:
    """The state after an event, and what is to be done now, in this order."""

    standing: Standing
    effects: tuple[Effect, ...] = ()


def beacon_received(state: Standing, event: BeaconReceived, at: Instant) -> Step:
    """Time, news and the server's head; committed to the log hourly and after every outage."""
    if state.activity is not Activity.BEACON:
        return Step(state)
    if state.stop is not None:
        return Step(_overheard(state, event, at))
    answered = replace(
        state,
        activity=Activity.IDLE,
        beacon_at=at.ms,
        beacon_due=_next_beacon(state, event, at),
        failures=state.failures if state.resend else 0,
        wanted=state.wanted | event.news,
    )
    if event.durable is not None:
        answered = replace(answered, durable=event.durable)
    found = _compare(answered, event.server, event.epoch)
    if found.standing.stop is not None:
        return found
    after = _upgraded(found.standing, event)
    # A slot spreads those who come back together; it must not put off what was due already.
    spread = state.outage or not state.compared or not after.pending
    slot = at.ms + min(event.after_ms, WAIT_AT_MOST_MS) if spread else after.upload_at
    limit = _bounded(after, event.max_events)
    after = replace(after, compared=True, upload_at=slot, limit=limit)
    called = state.last_call_at is not None and at.ms >= state.last_call_at
    hour = state.committed_at is None or at.ms - state.committed_at >= state.policy.commit_ms
    if not (state.outage or hour or called):
        return Step(after, found.effects)
    committed = replace(
        after,
        committed_at=at.ms,
        outage=False,
        last_call_at=None if called else after.last_call_at,
    )
    return Step(committed, (*found.effects, CommitBeacon()))


def _overheard(state: Standing, event: BeaconReceived, at: Instant) -> Standing:
    """What a beacon is to a stopped machine: a restored server is to get the evidence again."""
    return replace(
        succeeded(state),
        beacon_at=at.ms,
        beacon_due=_next_beacon(state, event, at),
        epoch=event.epoch,
        last_call_at=None,
        wanted=event.news & STOPPED_CHORES,
        evidence=state.evidence if event.epoch == state.epoch else 0,
    )


def _next_beacon(state: Standing, event: BeaconReceived, at: Instant) -> int:
    return at.ms + min(state.policy.beacon_ms or event.next_ms, WAIT_AT_MOST_MS)


def _upgraded(state: Standing, event: BeaconReceived) -> Standing:
    if event.min_proto > PROTOCOL_VERSION:
        return replace(state, blocked=Block("upgrade", None))
    lifted = state.blocked is not None and state.blocked.code == "upgrade"
    return replace(state, blocked=None) if lifted else state


def _compare(state: Standing, server: ServerHead, epoch: bytes) -> Step:
    """Hold the server's head against the own log (PROTOCOL 2.7, client rules).

    The cursor may move back.
    """
    if server.inc > state.inc or (server.inc == state.inc and server.seq and server.ours is None):
        return stopped(state, ClientState.SELF_ROLLBACK)
    if server.inc == state.inc and server.seq and server.ours != server.hash:
        return stopped(state, ClientState.FORKED)
    cursor = server.seq if server.inc == state.inc else 0
    news: tuple[Effect, ...] = ()
    if state.epoch is not None and state.epoch != epoch:
        news = (CommitEpoch(epoch),)
    durable = min(state.durable, cursor)
    # The own log may have grown behind our back: the entry was found, so it exists.
    moved = replace(
        state, cursor=cursor, durable=durable, epoch=epoch, written=max(state.written, cursor)
    )
    return Step(moved, (*news, MarkDelivered(through=cursor, durable=durable)))


def acked(state: Standing, event: Acked, at: Instant) -> Step:
    """The signed answer to an upload: move the cursor, go on, slow down or stop."""
    if state.activity is not Activity.UPLOAD:
        return Step(state)
    if event.status is Status.REVOKED:
        return stopped(state, ClientState.REVOKED)
    if event.code == "fork":
        return stopped(state, ClientState.FORKED)
    answered = replace(state, durable=event.durable, no_room=False)
    found = _compare(answered, event.server, event.epoch)
    if found.standing.stop is not None:
        return found
    return _joined(found, _moved(found.standing, state.cursor, event, at))


def _moved(state: Standing, before: int, event: Acked, at: Instant) -> Step:
    """What an answer means once the heads agree."""
    if event.status is Status.MALFORMED:
        return _blocked(state, "malformed", at)
    if state.cursor == before:
        # Signed, but nothing moved: asking again at once would only repeat it.
        return failed(state, at)
    grown = min(state.limit + state.policy.batch_growth, state.policy.batch)
    # One success a time, or a quarter of an hour between uploads would outlast the rush by days.
    gap = state.gap_ms // 2 if state.gap_ms >= 2 * state.policy.retry_first_ms else 0
    paced = replace(
        succeeded(replace(state, limit=grown, resend=None)),
        gap_ms=gap,
        upload_at=at.ms + max(min(event.after_ms, WAIT_AT_MOST_MS), gap),
    )
    return Step(replace(paced, limit=_bounded(paced, event.max_events)))


def refused(state: Standing, event: Refused, at: Instant) -> Step:
    """An unsigned answer: retry it, make the next batch smaller, or wait for people."""
    if state.activity in {Activity.IDLE, Activity.CHORE}:
        return failed(state, at)
    if event.status in RETRIED or state.activity is not Activity.UPLOAD:
        return _later(state, event, at)
    if event.status == Status.TOO_LARGE:
        if event.sent <= 1:
            return _blocked(state, "too_large", at)
        smaller = max(1, min(event.sent, state.limit) // 2)
        return Step(replace(state, activity=Activity.IDLE, limit=smaller, resend=None))
    return _blocked(state, BLOCKS.get(event.status, "status"), at)


def _later(state: Standing, event: Refused, at: Instant) -> Step:
    """A retry, not before the server's own word for when."""
    asked = at.ms + min(event.retry_after_ms or 0, WAIT_AT_MOST_MS)
    gap = state.gap_ms
    if event.status == Status.TOO_MANY:
        gap = min(max(2 * gap, state.policy.retry_first_ms), state.policy.retry_cap_ms)
    again = failed(state, at)
    retry_at = max(again.standing.retry_at or 0, asked, at.ms + gap)
    after = replace(again.standing, gap_ms=gap, not_before=asked, retry_at=retry_at)
    if event.status != Status.QUOTA:
        return Step(after, again.effects)
    return Step(replace(after, no_room=True), (*again.effects, Alarm("quota", 1)))


def failed(state: Standing, at: Instant) -> Step:
    """Try again after a delay with full jitter, doubling to the cap (PROTOCOL 2.7)."""
    if state.activity is Activity.IDLE:
        return Step(state)
    if state.activity is Activity.CHORE:
        # The next beacon calls for it again; nothing on the side may put off an upload.
        return Step(replace(state, activity=Activity.IDLE, wanted=state.wanted - {state.chore}))
    ceiling = min(state.policy.retry_cap_ms, state.policy.retry_first_ms << min(state.failures, 30))
    after = replace(
        state,
        activity=Activity.IDLE,
        failures=state.failures + 1,
        retry_at=at.ms + 1 + jitter(ceiling, at),
        outage=state.outage or state.activity is Activity.BEACON,
    )
    rang = after.failures == state.policy.alarm_after
    return Step(after, (Alarm("sync_failing", after.failures),) if rang else ())


def chore_done(state: Standing, event: ChoreDone) -> Step:
    """One chore less."""
    if state.activity is not Activity.CHORE:
        return Step(state)
    rest = replace(state, wanted=state.wanted - {event.chore})
    unknown = state.blocked is not None and state.blocked.code == BLOCKS[Status.UNKNOWN]
    if unknown and event.chore is Chore.CERTIFICATES:
        rest = replace(rest, blocked=None)  # uploads were refused for want of what this brought
    return Step(succeeded(rest))


def succeeded(state: Standing) -> Standing:
    """Nothing under way; the count of failures starts anew unless an upload's fate is unknown."""
    kept = state.failures if state.resend else 0
    return replace(state, activity=Activity.IDLE, retry_at=None, failures=kept)


def _blocked(state: Standing, code: str, at: Instant) -> Step:
    block = Block(code, at.ms + state.policy.blocked_ms)
    after = replace(state, activity=Activity.IDLE, resend=None, failures=0, blocked=block)
    return Step(after, (Alarm(code, 1),))


def stopped(state: Standing, stop: ClientState) -> Step:
    """Ordinary talk is over; the log may not grow until a new incarnation."""
    if state.stop is not None and stop not in TABLE[state.stop].leads_to:
        return Step(state)
    after = replace(
        state,
        stop=stop,
        activity=Activity.IDLE,
        retry_at=None,
        failures=0,
        wanted=frozenset(),
        resend=None,
        blocked=None,
        last_call_at=None,
    )
    return Step(after, (Alarm(stop.value, 1),))


def _joined(first: Step, second: Step) -> Step:
    return Step(second.standing, first.effects + second.effects)


def _bounded(state: Standing, server_limit: int) -> int:
    return max(1, min(state.limit, server_limit, state.policy.batch))


def jitter(ceiling_ms: int, at: Instant) -> int:
    """Uniform between 0 and the ceiling."""
    return ceiling_ms * at.chance >> 32
