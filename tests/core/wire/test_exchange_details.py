"""What a step leaves in the state, field by field, where the next steps hang on it."""

import pytest
from msgspec.structs import replace

from core.wire.client import Activity, ClientState
from core.wire.exchange import Exchange
from core.wire.standing import Block, Standing
from core.wire.talk import (
    Chore,
    CommitOpen,
    DeadlineMoved,
    Enrolled,
    Instant,
    LogGrew,
    Policy,
    Refused,
    SendBatch,
    SendNow,
    Ticked,
    Wanted,
)
from tests.core.wire.test_exchange import AT, CURRENT, HALF, NOW, SENDING, ack, asking, beacon, head

HOUR, DAY, MINUTE = 3_600_000, 86_400_000, 60_000
WRITTEN_OF = b"earlier!"


def test_a_new_incarnation_keeps_the_policy_and_nothing_else():
    policy = Policy(batch=7, beacon_ms=DAY)
    stopped = replace(
        CURRENT, policy=policy, stop=ClientState.FORKED, evidence=4, failures=3, durable=2
    )

    after = Exchange.step(stopped, Enrolled(inc=2, written=9, epoch=WRITTEN_OF), AT).standing

    fresh = Standing(policy=policy, stop=None, inc=2, written=9, epoch=WRITTEN_OF, limit=7)
    assert replace(after, activity=Activity.IDLE) == fresh
    assert after.activity is Activity.BEACON


def test_an_upload_under_way_remembers_its_range_and_no_retry():
    due = replace(CURRENT, written=8, retry_at=NOW, limit=2, blocked=Block("format", NOW))

    step = Exchange.step(due, Ticked(), AT)

    assert step.standing.resend == (6, 2)
    assert (step.standing.retry_at, step.standing.blocked) == (None, None)
    assert step.effects == (SendBatch(first=6, limit=2),)


def test_who_presses_the_button_waits_for_neither_slot_nor_block():
    waiting = replace(CURRENT, written=8, upload_at=NOW + HOUR, blocked=Block("format", NOW + HOUR))

    # The beacon comes first; the upload is due right after it.
    after = Exchange.step(waiting, SendNow(), AT).standing

    assert after.upload_at == NOW
    assert after.blocked is None


def test_a_block_that_only_a_new_start_ends_stays():
    blocked = replace(CURRENT, written=8, blocked=Block("upgrade", None))

    assert Exchange.step(blocked, SendNow(), AT).standing.blocked == Block("upgrade", None)


def test_a_stopped_machine_is_not_asked_for_chores():
    stopped = replace(CURRENT, stop=ClientState.REVOKED)

    after = Exchange.step(stopped, Wanted(frozenset(Chore)), AT).standing

    assert after.wanted == frozenset()


@pytest.mark.parametrize(
    ("before", "at_ms", "closed", "opens"),
    [
        ({}, NOW + DAY, False, True),
        ({"deadline": NOW + HOUR}, NOW + DAY, False, False),
        ({"deadline": NOW - HOUR, "closed": True}, NOW + DAY, False, True),
        ({"deadline": NOW - HOUR, "closed": True}, NOW - HOUR, True, False),
        ({"deadline": NOW - HOUR, "closed": True}, None, False, False),
        ({"stop": ClientState.FORKED}, NOW + DAY, False, False),
    ],
)
def test_a_deadline_that_moves_opens_or_leaves_the_season_as_it_is(before, at_ms, closed, opens):
    step = Exchange.step(replace(CURRENT, **before), DeadlineMoved(at_ms), AT)

    assert step.standing.closed is closed
    assert step.standing.deadline == at_ms
    assert (CommitOpen() in step.effects) is opens


def test_a_deadline_that_is_past_already_calls_nobody():
    announced = replace(CURRENT, deadline=NOW + HOUR, last_call_at=NOW + HOUR - MINUTE, closed=True)

    assert Exchange.step(announced, DeadlineMoved(NOW), AT).standing.last_call_at is None
    assert Exchange.step(announced, DeadlineMoved(None), AT).standing.last_call_at is None


@pytest.mark.parametrize(("chance", "ahead_s"), [(0, 300), (HALF, 225), (2**32 - 1, 150)])
def test_the_last_call_is_spread_over_the_second_half_of_its_interval(chance, ahead_s):
    step = Exchange.step(CURRENT, DeadlineMoved(NOW + DAY), Instant(NOW, chance))

    ahead_ms = NOW + DAY - step.standing.last_call_at
    assert abs(ahead_ms - ahead_s * 1000) <= 1


@pytest.mark.parametrize(
    ("state", "ahead_ms"),
    [
        ({"deadline": NOW + MINUTE}, MINUTE),
        ({"deadline": NOW + MINUTE, "closed": True}, HOUR),
        ({"deadline": None}, HOUR),
        ({"deadline": NOW + MINUTE, "stop": ClientState.FORKED, "evidence": 9}, HOUR),
    ],
)
def test_the_deadline_is_waited_for_until_it_has_passed(state, ahead_ms):
    waiting = replace(CURRENT, beacon_due=NOW + HOUR, **state)

    assert waiting.due_ms(NOW) == NOW + ahead_ms


def test_when_the_deadline_passes_no_last_call_is_left():
    near = replace(CURRENT, deadline=NOW, last_call_at=NOW - 1)

    after = Exchange.step(near, Ticked(), AT).standing

    assert (after.closed, after.last_call_at, after.committed_at) == (True, None, None)


def test_what_a_beacon_tells_of_joins_what_was_wanted_before():
    before = asking(replace(CURRENT, wanted=frozenset({Chore.INBOX})))

    after = Exchange.step(before, beacon(head(5), news=frozenset({Chore.TRUST})), AT).standing

    assert after.wanted == {Chore.INBOX, Chore.TRUST}
    assert after.chore is Chore.TRUST


def test_nothing_is_to_be_done_on_the_side_where_nothing_is_wanted():
    assert CURRENT.chore is None


def test_a_log_never_shrinks():
    assert Exchange.step(CURRENT, LogGrew(CURRENT.written - 2), AT).standing == CURRENT


def test_a_batch_of_two_that_is_too_large_is_halved_once_more():
    after = Exchange.step(SENDING, Refused(413, None, 2), AT).standing

    assert (after.limit, after.blocked) == (1, None)


def test_a_server_that_takes_more_does_not_raise_the_machines_own_limit():
    small = replace(SENDING, written=300, limit=20, policy=Policy(batch=20))

    assert Exchange.step(small, ack(head(8)), AT).standing.limit == 20


def test_a_machine_sends_no_more_at_once_than_it_is_told_to_from_its_first_beacon_on():
    started = asking(replace(CURRENT, written=300, policy=Policy(batch=20)))

    after = Exchange.step(started, beacon(head(5)), AT)

    assert SendBatch(first=6, limit=20) in after.effects
    assert after.standing.limit == 20


def test_a_machine_that_is_stopped_counts_its_failures_anew():
    failing = asking(replace(CURRENT, failures=4))
    newer = head(5, inc=2)

    after = Exchange.step(failing, beacon(newer), AT).standing

    assert after.stop is not None
    assert after.failures == 0
