"""The daemon's loop against a small server over real sockets, in obedient time."""

import asyncio
import random
from dataclasses import replace

import pytest
from aiohttp import web

from core.rules.calendar import deadline
from core.wire.ack import Verdict
from core.wire.canon import FILE_LIMITS, encode, to_wire
from core.wire.client import ClientState, Delivery
from core.wire.event import SYSTEM
from core.wire.reference import ReferenceFile
from core.wire.talk import DAY_MS, HOUR_MS, MINUTE_MS
from syncd.client import Client
from syncd.runner import POLL_S, STORE_PAUSE_S, keep_talking
from syncd.store.audit import AuditCode
from syncd.store.database import open_store
from syncd.store.driver import PAGE_BYTES, connect
from syncd.store.fault import StoreDamaged, WritingStopped
from syncd.store.ledger import Entry
from tests.syncd.centre import NOON_MS
from tests.syncd.daemon import HOLDER, Daemon, officer_form, publish_lists
from tests.syncd.machine import (
    STORE_KEY,
    append,
    append_until_full,
    enrolled_store,
    identity_of,
)


async def test_the_first_turn_starts_asks_commits_the_beacon_and_delivers(daemon, server):
    append(daemon.store)

    await daemon.turn()

    assert daemon.kinds() == ["boot", "boot", "beacon"]
    assert [link.hash for link in server.log] == [
        link.hash for link in daemon.store.ledger.links(1, 9)
    ]
    assert daemon.store.outbox.pending() == 0
    assert daemon.shown.client is ClientState.CURRENT
    assert daemon.store.outbox.delivery(3) is Delivery.DELIVERED
    assert daemon.store.outbox.verdict(3) is Verdict.VALID


async def test_the_beacon_in_the_log_is_the_one_the_server_signed(daemon):
    await daemon.turn()

    link = daemon.store.ledger.newest("beacon")
    sight = daemon.store.link_state.sight()

    assert link.event.body["t"] == NOON_MS
    assert link.event.body["digest"][:8] == sight.beacon
    assert link.event.bcn == (sight.beacon, sight.seen.boot_ms)


async def test_what_the_kiosk_commits_is_carried_with_the_next_turn(daemon, server):
    await daemon.turn()
    append(daemon.store)

    await daemon.turn()

    assert len(server.log) == len(daemon.kinds())


async def test_while_the_line_is_down_everything_is_kept_and_goes_out_afterwards(daemon, server):
    await daemon.turn()
    server.misbehave("log", *[503] * 3)
    server.misbehave("beacon", *["<html>"] * 100)
    append(daemon.store)

    await daemon.turn()
    assert daemon.shown.client is ClientState.WAITING
    await daemon.pass_ms(30_000)

    assert daemon.store.outbox.pending() == 0
    assert len(server.log) == len(daemon.kinds())
    assert "sync.fail" not in daemon.kinds()


async def test_after_an_outage_the_first_thing_is_a_beacon_then_everything(daemon, server):
    """PROTOCOL 2.5: always first after an outage."""
    await daemon.turn()
    server.misbehave("beacon", *[500] * 9999)
    server.misbehave("log", *[500] * 9999)
    append(daemon.store)
    await daemon.pass_ms(2 * HOUR_MS, step_ms=MINUTE_MS)
    assert daemon.shown.client is ClientState.OFFLINE
    assert "sync.fail" in daemon.kinds()
    await daemon.pass_ms(3 * DAY_MS, step_ms=10 * MINUTE_MS)
    assert daemon.shown.client is ClientState.STALE

    server.mischief.clear()
    await daemon.pass_ms(MINUTE_MS)

    assert daemon.shown.client is ClientState.CURRENT
    assert daemon.kinds()[-1] == "beacon"
    assert daemon.kinds().count("sync.fail") <= 5
    assert [link.hash for link in server.log] == [
        link.hash for link in daemon.store.ledger.links(1, 9999)
    ]


async def test_a_lost_answer_is_not_sent_twice_as_two(daemon, server):
    await daemon.turn()
    before = len(server.log)
    server.misbehave("log", lambda _stored: web.Response(status=502))
    append(daemon.store)

    await daemon.turn()
    await daemon.pass_ms(5000)

    assert len(server.log) == before + 1
    assert daemon.store.outbox.pending() == 0


async def test_the_same_upload_again_has_the_same_bytes(daemon, server):
    """PROTOCOL 2.7: 5xx, time-out: retry same bytes."""
    await daemon.turn()
    server.bodies.clear()
    server.misbehave("log", 500, 504, 500)
    append(daemon.store)

    await daemon.turn()
    append(daemon.store)
    await daemon.pass_ms(20_000)

    assert len(server.bodies) == 5
    assert len(set(server.bodies[:4])) == 1


async def test_a_restored_server_gets_everything_again_and_the_log_says_so(daemon, server):
    """PROTOCOL 2.7: epoch changed → write server.epoch, keep uploading from the server's head."""
    for _ in range(5):
        append(daemon.store)
    await daemon.turn()
    del server.log[2:]
    server.epoch = b"epoch--2"

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert "server.epoch" in daemon.kinds()
    assert [link.hash for link in server.log] == [
        link.hash for link in daemon.store.ledger.links(1, 99)
    ]
    assert daemon.shown.epoch == b"epoch--2"


async def test_the_epoch_is_remembered_over_a_restart(daemon, server):
    await daemon.turn()
    server.epoch = b"epoch--2"
    daemon.restart()

    await daemon.turn()

    assert daemon.kinds().count("server.epoch") == 1


async def test_a_restart_goes_on_where_it_was(daemon, server):
    await daemon.turn()
    append(daemon.store)
    daemon.restart()

    await daemon.turn()

    assert daemon.kinds() == ["boot", "beacon", "boot", "boot", "beacon"]
    assert len(server.log) == 5


async def test_a_fork_stops_writing_and_sends_the_whole_log_as_evidence(daemon, server):
    """PROTOCOL 2.7: forked: upload the whole log to evidence, stop."""
    append(daemon.store)
    await daemon.turn()
    stranger = replace(server.log[-1], hash=b"x" * 32)
    server.log[-1] = stranger

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.shown.client is ClientState.FORKED
    assert daemon.shown.attention == "forked"
    assert len(server.evidence) == len(daemon.kinds())
    assert daemon.store.audit.newest(1)[0].code is AuditCode.DEVICE_STOPPED
    with pytest.raises(WritingStopped):
        append(daemon.store)


async def test_a_stopped_machine_stays_stopped_over_a_restart(daemon, server):
    await daemon.turn()
    server.log[-1] = replace(server.log[-1], hash=b"x" * 32)
    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)
    server.asked.clear()
    daemon.restart()

    await daemon.turn()

    assert daemon.shown.client is ClientState.FORKED
    assert set(server.asked) == {"beacon", "certificates", "evidence"}


async def test_a_revoked_machine_is_silent_once_the_server_signed_it(daemon, server):
    await daemon.turn()
    append(daemon.store)
    server.revoked = True

    await daemon.turn()
    server.asked.clear()
    await daemon.pass_ms(HOUR_MS, step_ms=MINUTE_MS)

    assert daemon.shown.client is ClientState.REVOKED
    assert server.asked == []


async def test_anybodys_word_for_revocation_is_not_enough(daemon, server):
    await daemon.turn()
    server.misbehave("log", web.json_response({"code": "revoked"}, status=410))
    append(daemon.store)

    await daemon.turn()

    assert daemon.shown.client is ClientState.WAITING
    assert daemon.shown.attention == "revoked_unproved"
    assert append(daemon.store)


async def test_a_malformed_entry_needs_attention_and_keeps_what_was_before_it(daemon, server):
    await daemon.turn()
    held = len(server.log)
    append(daemon.store)
    append(daemon.store)
    server.break_at = held + 2

    await daemon.turn()

    assert daemon.shown.attention == "malformed"
    assert daemon.store.outbox.delivery(held + 1) is Delivery.DELIVERED
    assert daemon.store.outbox.delivery(held + 2) is Delivery.ATTENTION


async def test_a_rejected_entry_needs_attention_but_blocks_nothing(daemon, server):
    """PROTOCOL 1: transport acceptance is not business acceptance."""
    server.items_verdict = Verdict.REJECTED
    await daemon.turn()
    server.items_verdict = Verdict.VALID
    append(daemon.store)

    await daemon.turn()

    assert daemon.store.outbox.delivery(1) is Delivery.ATTENTION
    assert daemon.store.outbox.delivery(3) is Delivery.DELIVERED
    assert daemon.store.outbox.pending() == 0


async def test_what_is_backed_up_is_shown(daemon, server):
    server.durable = 1

    await daemon.turn()

    assert daemon.store.outbox.delivery(1) is Delivery.BACKED_UP


async def test_an_idle_machine_hears_of_a_backup_with_the_next_beacon(daemon, server):
    await daemon.turn()
    before = daemon.store.outbox.delivery(1)
    server.durable = 1

    await daemon.pass_ms(6 * MINUTE_MS)

    assert before is Delivery.DELIVERED
    assert daemon.store.outbox.delivery(1) is Delivery.BACKED_UP


async def test_a_clock_that_jumps_is_written_down_once(daemon, clock):
    await daemon.turn()
    clock.wall_ms += HOUR_MS

    await daemon.turn()
    await daemon.turn()

    steps = [
        link.event.body
        for link in daemon.store.ledger.links(1, 99)
        if link.event.kind == "clock.step"
    ]
    assert steps == [{"delta_ms": HOUR_MS}]
    assert daemon.shown.offset_ms == -HOUR_MS


async def test_the_season_opens_and_closes_once_in_the_log(daemon, server, centre, clock):
    """PROTOCOL 2.10: at D the machine writes season.close by its own estimate."""
    publish_lists(server, centre)
    server.now = lambda: clock.wall_ms
    await daemon.turn()
    d_ms = int(deadline(daemon.store.reference.current().calendar).timestamp()) * 1000
    assert d_ms == NOON_MS + 10 * DAY_MS

    while clock.wall_ms < d_ms + HOUR_MS:
        near = clock.wall_ms > d_ms - 3 * HOUR_MS
        await daemon.pass_ms(HOUR_MS, step_ms=MINUTE_MS if near else HOUR_MS)
    daemon.restart()
    await daemon.turn()

    kinds = daemon.kinds()
    assert kinds.count("season.open") == kinds.count("season.close") == 1
    closed = kinds.index("season.close")
    assert "beacon" in kinds[closed + 1 :]
    close, before = daemon.store.ledger.links(closed, 2)[1], kinds[:closed]
    assert before[-1] == "beacon"
    assert abs(close.event.t - d_ms) <= 2 * MINUTE_MS
    assert daemon.shown.client is ClientState.CLOSED


async def test_a_person_pressing_send_is_heard_within_a_turn(daemon, server, clock):
    await daemon.turn()
    server.misbehave("log", 500)
    append(daemon.store)
    await daemon.turn()
    assert daemon.store.outbox.pending() == 1

    clock.pass_ms(1)
    daemon.store.link_state.ask_to_send(clock())
    await daemon.turn()

    assert daemon.store.outbox.pending() == 0


async def test_a_person_pressing_send_is_heard_after_the_clock_was_put_back(daemon, server, clock):
    clock.wall_ms += 365 * DAY_MS
    daemon.store.link_state.ask_to_send(clock())
    await daemon.turn()
    clock.wall_ms -= 365 * DAY_MS
    await daemon.turn()
    server.misbehave("log", 500)
    append(daemon.store)
    await daemon.turn()
    assert daemon.store.outbox.pending() == 1

    daemon.store.link_state.ask_to_send(clock())
    await daemon.turn()

    assert daemon.store.outbox.pending() == 0


async def test_a_clock_that_lost_the_year_is_not_believed_before_what_was_heard(
    daemon, server, clock
):
    """A machine whose battery is empty begins each day in another year: the season stays open."""
    await daemon.turn()
    server.misbehave("beacon", *[500] * 99)
    clock.wall_ms -= 365 * DAY_MS
    clock.boot_ms, clock.boot_id = 5000, b"boot---2"
    daemon.restart()

    await daemon.turn()
    await daemon.pass_ms(HOUR_MS, step_ms=MINUTE_MS)

    assert clock.wall_ms + daemon.shown.offset_ms == NOON_MS + 5000 + HOUR_MS
    assert "season.close" not in daemon.kinds()


async def test_before_enrolment_the_daemon_waits_quietly(server, path, clock, centre):
    with open_store(path, STORE_KEY) as store:
        async with Client(server.url) as client:
            daemon = Daemon(store, client, clock)
            await daemon.turn()
            assert server.asked == []
            assert daemon.talk.pause_s() == POLL_S

            with store.transaction():
                store.identity.write(identity_of(centre))
            await daemon.turn()

            assert daemon.shown.client is ClientState.CURRENT


async def test_a_full_disk_is_waited_for_and_written_down_afterwards(
    server, small_disk, clock, centre
):
    ballast = small_disk / "ballast"
    pauses = []

    async def sleep(pause):
        pauses.append(pause)
        ballast.unlink(missing_ok=True)
        if len(pauses) > 1:
            raise asyncio.CancelledError

    with enrolled_store(small_disk / "kiosk.db", centre) as store:
        async with Client(server.url) as client:
            daemon = Daemon(store, client, clock)
            ballast.write_bytes(bytes(500_000))
            written = append_until_full(store)
            with pytest.raises(asyncio.CancelledError):
                await keep_talking(daemon.talk, sleep)

            assert pauses[0] == STORE_PAUSE_S
            assert daemon.kinds()[written : written + 2] == ["boot", "storage.alarm"]
            assert len(server.log) == len(daemon.kinds())
            assert AuditCode.STORE_FULL in {row.code for row in store.audit.newest(9)}


async def test_a_locked_store_is_waited_for(daemon, path, server):
    other = connect(path, STORE_KEY, 10)
    with open_store(path, STORE_KEY, busy_ms=20) as impatient:
        busy = Daemon(impatient, daemon.client, daemon.clock)
        other.begin()
        pauses = []

        async def sleep(pause):
            pauses.append(pause)
            other.rollback()
            if len(pauses) > 1:
                raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await keep_talking(busy.talk, sleep)
    other.close()

    assert pauses[0] == STORE_PAUSE_S
    assert len(server.log) == 2


async def test_a_damaged_store_ends_the_daemon(server, path, clock, centre):
    with enrolled_store(path, centre) as store:
        append(store)
    original = path.read_bytes()
    with open_store(path, STORE_KEY) as store:
        damaged = bytearray(original)
        for page in range(1, len(original) // PAGE_BYTES):
            damaged[page * PAGE_BYTES + 100] ^= 1
        path.write_bytes(damaged)
        async with Client(server.url) as client:
            daemon = Daemon(store, client, clock)
            with pytest.raises(StoreDamaged):
                await keep_talking(daemon.talk, asyncio.sleep)
        path.write_bytes(original)


async def test_after_a_crash_the_recovery_is_written_down(server, path, clock, centre):
    crashed = enrolled_store(path, centre)
    crashed._connections.here.run("UPDATE opening SET boot = zeroblob(8)")  # noqa: SLF001
    with open_store(path, STORE_KEY) as store:
        async with Client(server.url) as client:
            daemon = Daemon(store, client, clock)
            await daemon.turn()

            assert store.ledger.newest("boot").event.body["unclean"] is True
            assert store.audit.newest(9)[-1].code is AuditCode.STORE_RECOVERED
    crashed.close()


async def test_no_personal_data_and_no_key_is_in_the_daemons_log(daemon, server, clock):
    daemon.store.requests.add(officer_form(), HOLDER, clock())
    server.misbehave("log", 500, "<html>")
    await daemon.turn()
    await daemon.pass_ms(10_000)

    text = repr(daemon.journal.lines)

    assert daemon.journal.lines
    assert "王主任" not in text
    assert HOLDER.hex() not in text


async def test_an_upload_larger_than_the_wire_is_sent_in_smaller_ones(daemon, server):
    """PROTOCOL 2.7: wire at most 1 MiB, raw at most 4 MiB."""
    noise = random.Random(1)  # noqa: S311 - cannot be compressed
    for _ in range(90):
        payload = encode({"noise": noise.randbytes(50_000), "salt": b"s" * 16})
        entry = Entry(
            kind="teacher.register", body={"teacher": b"t" * 16}, who=SYSTEM, payload=payload
        )
        append(daemon.store, entry)

    await daemon.turn()

    assert len(server.log) == len(daemon.kinds()) == 92
    assert max(len(body) for body in server.bodies) <= 1024 * 1024
    assert len(server.bodies) >= 5


async def test_without_evidence_taken_it_is_tried_again(daemon, server):
    await daemon.turn()
    server.log[-1] = replace(server.log[-1], hash=b"x" * 32)
    server.misbehave("evidence", 503, "<html>")

    await daemon.pass_ms(7 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.shown.client is ClientState.FORKED
    assert len(server.evidence) == 2


async def test_a_deadline_that_is_withdrawn_opens_the_machine_again(daemon, server, centre, clock):
    publish_lists(server, centre)
    server.now = lambda: clock.wall_ms
    clock.wall_ms += 11 * DAY_MS
    await daemon.turn()
    await daemon.turn()
    assert daemon.shown.client is ClientState.CLOSED

    files = centre.reference_files()
    files["calendar"] = to_wire(ReferenceFile(kind="calendar"), FILE_LIMITS)
    server.publish(files, centre.snapshot(files, version=2))
    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.shown.client is ClientState.CURRENT


async def test_a_beacon_the_server_refuses_is_asked_again(daemon, server):
    server.misbehave("beacon", web.json_response({"code": "busy"}, status=503))

    await daemon.pass_ms(5000)

    assert daemon.shown.client is ClientState.CURRENT


async def test_while_nothing_happens_the_daemon_reads_nothing_and_still_notices(
    daemon, server, path, clock
):
    await daemon.turn()
    await daemon.turn()
    clock.pass_ms(MINUTE_MS)
    standing = daemon.talk.standing

    await daemon.turn()
    assert daemon.talk.standing is standing, "no event was heard"

    with open_store(path, STORE_KEY) as kiosk:
        append(kiosk)
    await daemon.turn()

    assert daemon.store.outbox.pending() == 0
    assert len(server.log) == len(daemon.kinds())


async def test_how_busy_the_centre_is_reaches_the_screen(daemon, server):
    """U-064: by the next beacon or answer, and gone again by the one after."""
    await daemon.turn()
    calm = daemon.store.link_state.pace_ms()
    server.pace_ms = 1000
    await daemon.pass_ms(10 * 60_000, step_ms=30_000)
    busy = daemon.store.link_state.pace_ms()
    server.pace_ms = 0
    await daemon.pass_ms(10 * 60_000, step_ms=30_000)

    assert (calm, busy, daemon.store.link_state.pace_ms()) == (0, 1000, 0)
