"""What an answer leaves in the state: every field, in states where each says something."""

import dataclasses

import pytest
from msgspec.structs import replace

from core.wire.answer import acked, beacon_received, chore_done, failed, refused, stopped
from core.wire.client import Activity, ClientState
from core.wire.standing import Block, Standing
from core.wire.talk import (
    Alarm,
    Chore,
    ChoreDone,
    CommitBeacon,
    CommitEpoch,
    Instant,
    MarkDelivered,
    Policy,
    Refused,
    Status,
)
from tests.core.wire.test_exchange import EPOCH, HALF, NOW, ack, beacon, head

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
AT = Instant(NOW, HALF)
OTHER_EPOCH = b"epoch--2"
FULL = Standing(
    policy=Policy(batch=120),
    stop=None,
    inc=1,
    written=30,
    cursor=5,
    durable=3,
    compared=True,
    epoch=EPOCH,
    limit=40,
    gap_ms=8 * SECOND,
    activity=Activity.UPLOAD,
    failures=2,
    retry_at=NOW + 7 * SECOND,
    not_before=NOW - 3 * SECOND,
    upload_at=NOW - 2 * SECOND,
    beacon_due=NOW + MINUTE,
    beacon_at=NOW - 2 * MINUTE,
    committed_at=NOW - 3 * MINUTE,
    outage=False,
    blocked=Block("format", NOW + HOUR),
    no_room=True,
    resend=(6, 40),
    wanted=frozenset({Chore.INBOX}),
    evidence=2,
    deadline=NOW + DAY,
    last_call_at=NOW + DAY - MINUTE,
)
ASKING = replace(FULL, activity=Activity.BEACON)


def test_an_upload_that_was_taken_moves_on_and_speeds_up():
    step = acked(FULL, ack(head(8), durable=7, after_ms=SECOND, max_events=45), AT)

    assert step.standing == replace(
        FULL,
        cursor=8,
        durable=7,
        no_room=False,
        limit=45,  # eight more, but not more than the server takes
        gap_ms=4 * SECOND,
        upload_at=NOW + 4 * SECOND,
        activity=Activity.IDLE,
        retry_at=None,
        failures=0,
        resend=None,
    )
    assert step.effects == (MarkDelivered(through=8, durable=7),)


def test_a_slot_the_server_gives_counts_where_it_is_later_than_the_own_gap():
    quick = replace(FULL, gap_ms=SECOND)

    step = acked(quick, ack(head(8), after_ms=2 * HOUR), AT)

    assert (step.standing.gap_ms, step.standing.upload_at) == (0, NOW + HOUR)
    assert acked(quick, ack(head(8), after_ms=9), AT).standing.upload_at == NOW + 9
    assert step.standing.limit == 48


@pytest.mark.parametrize(("takes", "limit"), [(0, 1), (1, 1), (2, 2), (47, 47), (48, 48), (49, 48)])
def test_the_next_upload_is_as_large_as_the_server_takes_and_never_empty(takes, limit):
    assert acked(FULL, ack(head(8), max_events=takes), AT).standing.limit == limit
    small = beacon_received(replace(ASKING, limit=48), beacon(head(8), max_events=takes), AT)
    assert small.standing.limit == limit


def test_an_upload_of_which_nothing_was_taken_is_tried_again_later():
    step = acked(FULL, ack(head(5), durable=4), AT)

    assert step.standing == replace(
        FULL,
        durable=4,
        no_room=False,
        activity=Activity.IDLE,
        failures=3,
        retry_at=NOW + 1 + 2 * SECOND,  # half of a second doubled twice
    )
    assert step.effects == (MarkDelivered(through=5, durable=4),)


def test_a_malformed_entry_waits_for_people_behind_what_was_taken():
    step = acked(FULL, ack(head(7), status=Status.MALFORMED, durable=5), AT)

    assert step.standing == replace(
        FULL,
        cursor=7,
        durable=5,
        no_room=False,
        activity=Activity.IDLE,
        resend=None,
        failures=0,
        blocked=Block("malformed", NOW + HOUR),
    )
    assert step.effects == (MarkDelivered(through=7, durable=5), Alarm("malformed", 1))


@pytest.mark.parametrize(
    ("answer", "stop"),
    [
        (ack(head(8), status=Status.REVOKED), ClientState.REVOKED),
        (ack(head(8), code="fork"), ClientState.FORKED),
    ],
)
def test_a_signed_answer_that_ends_ordinary_talk_leaves_nothing_under_way(answer, stop):
    step = acked(FULL, answer, AT)

    assert step.standing == replace(
        FULL,
        stop=stop,
        activity=Activity.IDLE,
        retry_at=None,
        failures=0,
        wanted=frozenset(),
        resend=None,
        blocked=None,
        last_call_at=None,
    )
    assert step.effects == (Alarm(stop.value, 1),)


@pytest.mark.parametrize(
    ("server", "stop"),
    [
        (dataclasses.replace(head(8), ours=bytes(32)), ClientState.FORKED),
        (dataclasses.replace(head(8), ours=None), ClientState.SELF_ROLLBACK),
        (head(1, inc=2), ClientState.SELF_ROLLBACK),
    ],
)
def test_a_head_that_is_not_of_this_log_ends_ordinary_talk_and_marks_nothing(server, stop):
    by_upload = acked(FULL, ack(server, durable=4), AT)
    by_beacon = beacon_received(ASKING, beacon(server), AT)

    for step in (by_upload, by_beacon):
        assert step.standing.stop is stop
        assert step.standing.cursor == FULL.cursor
        assert step.effects == (Alarm(stop.value, 1),)


def test_who_is_stopped_for_good_is_not_stopped_otherwise():
    revoked = stopped(FULL, ClientState.REVOKED).standing

    again = stopped(revoked, ClientState.FORKED)

    assert (again.standing, again.effects) == (revoked, ())


def test_a_beacon_brings_time_news_and_the_servers_head():
    news = frozenset({Chore.TRUST})

    step = beacon_received(ASKING, beacon(head(9), news=news, next_ms=2 * MINUTE, durable=8), AT)

    assert step.standing == replace(
        ASKING,
        activity=Activity.IDLE,
        cursor=9,
        durable=8,
        beacon_at=NOW,
        beacon_due=NOW + 2 * MINUTE,
        wanted=frozenset({Chore.TRUST, Chore.INBOX}),
    )
    assert step.effects == (MarkDelivered(through=9, durable=8),)


def test_a_beacon_after_an_outage_is_committed_and_spreads_the_uploads():
    late = replace(ASKING, outage=True, resend=None, blocked=None)

    step = beacon_received(late, beacon(head(9), after_ms=2 * HOUR, epoch=OTHER_EPOCH), AT)

    assert step.standing == replace(
        late,
        activity=Activity.IDLE,
        failures=0,
        cursor=9,
        beacon_at=NOW,
        beacon_due=NOW + 5 * MINUTE,
        epoch=OTHER_EPOCH,
        upload_at=NOW + HOUR,
        committed_at=NOW,
        outage=False,
    )
    assert step.effects == (
        CommitEpoch(OTHER_EPOCH),
        MarkDelivered(through=9, durable=3),
        CommitBeacon(),
    )


@pytest.mark.parametrize(
    ("before", "last_call_at", "committed"),
    [
        ({"last_call_at": NOW}, None, True),
        ({"last_call_at": NOW + 1}, NOW + 1, False),
        ({"last_call_at": NOW + 1, "committed_at": NOW - HOUR}, NOW + 1, True),
        ({"last_call_at": None, "committed_at": NOW - HOUR + 1}, None, False),
        ({"last_call_at": None, "committed_at": None}, None, True),
        ({"last_call_at": NOW + 1, "outage": True}, NOW + 1, True),
    ],
)
def test_a_beacon_is_committed_hourly_and_for_the_last_call(before, last_call_at, committed):
    step = beacon_received(replace(ASKING, **before), beacon(head(9)), AT)

    assert step.standing.last_call_at == last_call_at
    assert (step.standing.committed_at == NOW) == committed
    assert (CommitBeacon() in step.effects) == committed
    assert not step.standing.outage


@pytest.mark.parametrize(
    ("before", "upload_at"),
    [
        ({}, FULL.upload_at),  # something was due
        ({"compared": False}, NOW + MINUTE),
        ({"outage": True}, NOW + MINUTE),
        ({"written": 9}, NOW + MINUTE),
        ({"written": 8}, NOW + MINUTE),
    ],
)
def test_a_slot_puts_off_only_what_was_not_due(before, upload_at):
    step = beacon_received(replace(ASKING, **before), beacon(head(9), after_ms=MINUTE), AT)

    assert step.standing.upload_at == upload_at
    assert step.standing.compared
    assert step.standing.written == max(9, replace(ASKING, **before).written)


def test_to_a_stopped_machine_a_beacon_tells_of_keys_and_of_a_restored_server():
    forked = replace(ASKING, stop=ClientState.FORKED, blocked=None)
    news = frozenset({Chore.TRUST, Chore.CERTIFICATES, Chore.INBOX})

    same = beacon_received(forked, beacon(head(9), news=news), AT)
    restored = beacon_received(forked, beacon(head(9), epoch=OTHER_EPOCH), AT)

    heard = replace(
        forked,
        activity=Activity.IDLE,
        retry_at=None,
        beacon_at=NOW,
        beacon_due=NOW + 5 * MINUTE,
        last_call_at=None,
        wanted=frozenset({Chore.TRUST, Chore.CERTIFICATES}),
    )
    assert (same.standing, same.effects) == (heard, ())
    assert restored.standing == replace(heard, wanted=frozenset(), epoch=OTHER_EPOCH, evidence=0)


def test_a_protocol_too_old_blocks_until_a_beacon_that_takes_it():
    new = beacon_received(replace(ASKING, blocked=None), beacon(head(9), min_proto=2), AT).standing
    old = beacon_received(replace(new, activity=Activity.BEACON), beacon(head(9)), AT).standing

    assert new.blocked == Block("upgrade", None)
    assert old.blocked is None
    assert beacon_received(ASKING, beacon(head(9)), AT).standing.blocked == FULL.blocked


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "format"), (401, "unknown_device"), (426, "upgrade"), (418, "status")],
)
def test_a_refusal_for_people_is_tried_again_in_an_hour(status, code):
    step = refused(FULL, Refused(status, 9, 3), AT)

    assert step.standing == replace(
        FULL,
        activity=Activity.IDLE,
        resend=None,
        failures=0,
        blocked=Block(code, NOW + HOUR),
    )
    assert step.effects == (Alarm(code, 1),)


@pytest.mark.parametrize(
    ("sent", "limit", "after"), [(40, 40, 20), (3, 40, 1), (2, 40, 1), (40, 9, 4), (9, 1, 1)]
)
def test_a_batch_that_is_too_large_is_halved(sent, limit, after):
    step = refused(replace(FULL, limit=limit), Refused(413, None, sent), AT)

    assert step.standing == replace(FULL, activity=Activity.IDLE, limit=after, resend=None)
    assert step.effects == ()


@pytest.mark.parametrize("sent", [0, 1])
def test_one_entry_that_is_too_large_is_for_people(sent):
    step = refused(FULL, Refused(413, None, sent), AT)

    assert step.standing.blocked == Block("too_large", NOW + HOUR)


@pytest.mark.parametrize(
    ("status", "asked", "retry_at", "not_before", "changed"),
    [
        # A second doubled twice, half of it by chance; but not before the gap is over.
        (503, None, 8 * SECOND, 0, {}),
        (503, 30 * SECOND, 30 * SECOND, 30 * SECOND, {}),
        (503, 2 * HOUR, HOUR, HOUR, {}),
        (429, None, 16 * SECOND, 0, {"gap_ms": 16 * SECOND}),
        (507, None, 8 * SECOND, 0, {}),
    ],
)
def test_what_may_pass_is_tried_again_when_the_server_said(
    status, asked, retry_at, not_before, changed
):
    before = replace(FULL, no_room=False)

    step = refused(before, Refused(status, asked, 3), AT)

    assert step.standing == replace(
        before,
        activity=Activity.IDLE,
        failures=3,
        retry_at=NOW + retry_at,
        not_before=NOW + not_before,
        no_room=status == Status.QUOTA,
        **changed,
    )
    assert step.effects == ((Alarm("quota", 1),) if status == Status.QUOTA else ())


@pytest.mark.parametrize(
    ("gap", "after"), [(0, SECOND), (SECOND, 2 * SECOND), (14 * MINUTE, 15 * MINUTE)]
)
def test_each_refusal_for_haste_doubles_the_gap_to_a_quarter_of_an_hour(gap, after):
    step = refused(replace(FULL, gap_ms=gap), Refused(429), AT)

    assert step.standing.gap_ms == after
    assert step.standing.retry_at == NOW + max(after, 2 * SECOND + 1)


def test_a_beacon_that_fails_is_an_outage_and_a_chore_that_fails_is_dropped():
    lost = failed(ASKING, AT)
    chore = replace(FULL, activity=Activity.CHORE, wanted=frozenset({Chore.INBOX, Chore.TRUST}))
    idle = replace(FULL, activity=Activity.IDLE)

    assert lost.standing == replace(
        ASKING, activity=Activity.IDLE, failures=3, retry_at=NOW + 1 + 2 * SECOND, outage=True
    )
    assert failed(replace(FULL, outage=True), AT).standing.outage
    for step in (failed(chore, AT), refused(chore, Refused(503, 9), AT)):
        assert step.standing == replace(
            chore, activity=Activity.IDLE, wanted=frozenset({Chore.INBOX})
        )
        assert step.effects == ()
    for step in (failed(idle, AT), refused(idle, Refused(400), AT)):
        assert (step.standing, step.effects) == (idle, ())


@pytest.mark.parametrize(("failures", "rings"), [(8, False), (9, True), (10, False)])
def test_people_hear_of_the_tenth_failure_in_a_row(failures, rings):
    step = failed(replace(FULL, failures=failures), AT)

    assert step.effects == ((Alarm("sync_failing", 10),) if rings else ())


@pytest.mark.parametrize("failures", [30, 31, 500])
def test_after_however_many_failures_the_wait_stays_at_a_quarter_of_an_hour(failures):
    latest = Instant(NOW, (1 << 32) - 1)

    waited = failed(replace(FULL, failures=failures), latest).standing.retry_at - NOW

    assert 15 * MINUTE - 1 <= waited <= 15 * MINUTE


@pytest.mark.parametrize(
    ("block", "chore", "left"),
    [
        ("unknown_device", Chore.CERTIFICATES, None),
        ("unknown_device", Chore.TRUST, Block("unknown_device", NOW + HOUR)),
        ("format", Chore.CERTIFICATES, Block("format", NOW + HOUR)),
    ],
)
def test_a_chore_that_is_done_is_not_wanted_and_certificates_lift_what_waited_for_them(
    block, chore, left
):
    before = replace(
        FULL,
        activity=Activity.CHORE,
        wanted=frozenset({chore, Chore.INBOX}),
        blocked=Block(block, NOW + HOUR),
    )

    step = chore_done(before, ChoreDone(chore))

    assert step.standing == replace(
        before,
        activity=Activity.IDLE,
        retry_at=None,
        wanted=frozenset({Chore.INBOX}),
        blocked=left,
    )
    assert chore_done(replace(before, resend=None), ChoreDone(chore)).standing.failures == 0
    assert chore_done(FULL, ChoreDone(chore)).standing == FULL
