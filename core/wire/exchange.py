"""One machine's talk with the server (PROTOCOL 2.5, 2.7): state + event → state + effects.

The server's head decides the cursor; one timer, `Standing.due_ms`, owns every retry. It refuses to
know sockets, bytes,
the wall clock and where random numbers come from.
"""

from typing import assert_never

from msgspec.structs import replace

from core.wire.answer import (
    Step,
    acked,
    beacon_received,
    chore_done,
    failed,
    jitter,
    refused,
    stopped,
    succeeded,
)
from core.wire.client import Activity, ClientState
from core.wire.standing import Standing
from core.wire.talk import (
    Acked,
    AskBeacon,
    BeaconReceived,
    ChoreDone,
    CommitClose,
    CommitOpen,
    DeadlineMoved,
    Enrolled,
    EvidenceStored,
    Heard,
    Instant,
    LinkCameUp,
    LogGrew,
    NothingCame,
    Perform,
    Refused,
    RevocationProved,
    SendBatch,
    SendEvidence,
    SendNow,
    Ticked,
    Wanted,
)


class Exchange:
    """The machine; its state is a `Standing`."""

    @staticmethod
    def step(state: Standing, event: Heard, at: Instant) -> Step:
        """What follows from an event; events that make no sense in a state change nothing."""
        heard = _hear(state, event, at)
        closed = _close(heard.standing, at.ms)
        started = _start(closed.standing, at.ms)
        return Step(started.standing, heard.effects + closed.effects + started.effects)


def _hear(state: Standing, event: Heard, at: Instant) -> Step:  # noqa: C901, PLR0911, PLR0912 - one line each
    match event:
        case Ticked():
            return Step(state)
        case Enrolled():
            return Step(_enrolled(state, event))
        case LogGrew():
            return Step(replace(state, written=max(state.written, event.written)))
        case LinkCameUp():
            return Step(_hurried(state, at, jitter(state.policy.retry_first_ms, at)))
        case SendNow():
            return Step(_lifted(_hurried(state, at, 0)))
        case Wanted():
            chores = event.chores if state.stop is None else frozenset()
            return Step(replace(state, wanted=state.wanted | chores))
        case DeadlineMoved():
            return _deadline(state, event, at)
        case BeaconReceived():
            return beacon_received(state, event, at)
        case Acked():
            return acked(state, event, at)
        case Refused():
            return refused(state, event, at)
        case NothingCame():
            return failed(state, at)
        case EvidenceStored():
            return _evidence(state, event, at)
        case ChoreDone():
            return chore_done(state, event)
        case RevocationProved():
            return stopped(state, ClientState.REVOKED)
        case _:
            assert_never(event)


def _start(state: Standing, now: int) -> Step:
    """Begin the most urgent thing that is due, if any."""
    what = next((what for what, time in state.plans(now) if time <= now), None)
    if what is None:
        return Step(state)
    if what is Activity.UPLOAD:
        fresh = (state.cursor + 1, state.limit)
        first, limit = state.resend if state.resend and state.resend[0] == fresh[0] else fresh
        sending = replace(state, activity=what, retry_at=None, blocked=None, resend=(first, limit))
        return Step(sending, (SendBatch(first=first, limit=limit),))
    begun = replace(state, activity=what, retry_at=None)
    match what:
        case Activity.BEACON:
            return Step(begun, (AskBeacon(),))
        case Activity.CHORE:
            return Step(begun, () if state.chore is None else (Perform(state.chore),))
        case _:  # evidence: uploads went above, and nothing plans to be idle
            return Step(begun, (SendEvidence(state.evidence + 1),))


def _close(state: Standing, now: int) -> Step:
    """Notice that D has passed. The next beacon is committed.

    Sealed entries need one on both sides of D.
    """
    if state.stop is not None or state.closed or state.deadline is None or now < state.deadline:
        return Step(state)
    after = replace(state, closed=True, last_call_at=None, committed_at=None, beacon_due=now)
    return Step(after, (CommitClose(),))


def _evidence(state: Standing, event: EvidenceStored, at: Instant) -> Step:
    if state.activity is not Activity.EVIDENCE or event.through <= state.evidence:
        return failed(state, at)
    return Step(succeeded(replace(state, evidence=event.through)))


def _enrolled(state: Standing, event: Enrolled) -> Standing:
    return Standing(
        policy=state.policy,
        stop=None,
        inc=event.inc,
        written=event.written,
        epoch=event.epoch,
        limit=state.policy.batch,
    )


def _hurried(state: Standing, at: Instant, delay: int) -> Standing:
    """Everything due now, except what the server asked to wait for."""
    soon = max(at.ms + delay, state.not_before)
    waiting = None if state.retry_at is None else min(state.retry_at, soon)
    return replace(
        state,
        retry_at=waiting,
        beacon_due=min(state.beacon_due, soon),
        upload_at=min(state.upload_at, soon),
    )


def _lifted(state: Standing) -> Standing:
    passing = state.blocked is not None and state.blocked.until is not None
    return replace(state, blocked=None) if passing else state


def _deadline(state: Standing, event: DeadlineMoved, at: Instant) -> Step:
    if event.at_ms is None or event.at_ms <= at.ms:
        closed = state.closed and event.at_ms is not None
        return Step(replace(state, deadline=event.at_ms, last_call_at=None, closed=closed))
    # Spread over the second half of the interval, or every school's machine would call at once.
    ahead = state.policy.last_call_ms - jitter(state.policy.last_call_ms // 2, at)
    ahead_of_us = replace(
        state, deadline=event.at_ms, last_call_at=event.at_ms - ahead, closed=False
    )
    opened = state.stop is None and (state.deadline is None or state.closed)
    return Step(ahead_of_us, (CommitOpen(),) if opened else ())
