"""The daemon's loop against a small server over real sockets, in obedient time."""

import asyncio
from dataclasses import replace

import msgspec
import pytest
from aiohttp import web

from core.rules.calendar import deadline
from core.sealing import KdfCost
from core.wire.ack import Verdict
from core.wire.canon import to_wire
from core.wire.client import ClientState, Delivery
from core.wire.identity import SigningRequest, make_request
from core.wire.payload import ReceiptPayload
from core.wire.receipt import Receipt, encode_receipt
from core.wire.talk import DAY_MS, HOUR_MS, MINUTE_MS
from syncd.client import Client
from syncd.runner import POLL_S, STORE_PAUSE_S, keep_talking
from syncd.store.accounts import Account
from syncd.store.audit import AuditCode
from syncd.store.database import open_store
from syncd.store.driver import PAGE_BYTES, connect
from syncd.store.fault import StoreDamaged, WritingStopped
from syncd.store.requests import RequestState
from tests.syncd.centre import NOON_MS, key
from tests.syncd.daemon import Daemon
from tests.syncd.machine import (
    STORE_KEY,
    append,
    append_until_full,
    enrolled_store,
    identity_of,
)
from tests.syncd.small_server import SmallServer

APP = b"a" * 16


@pytest.fixture
async def server(centre, aiohttp_server):
    small = SmallServer(centre, certificate=identity_of(centre).certificate)
    running = await aiohttp_server(small.app())
    small.url = str(running.make_url("/"))
    return small


@pytest.fixture
async def daemon(server, store, clock):
    async with Client(server.url) as client:
        yield Daemon(store, client, clock)


def publish(server, centre, version=1, **changes):
    """Reference files at the server."""
    files = centre.reference_files(**changes)
    server.publish(files, centre.snapshot(files, version=version))
    return files


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
    assert set(server.asked) == {"evidence"}


async def test_a_disk_put_back_is_noticed_at_the_first_beacon(daemon, server, clock, tmp_path):
    await daemon.turn()
    with enrolled_store(tmp_path / "old.db", server.centre) as rolled_back:
        copy = Daemon(rolled_back, daemon.client, clock)
        await copy.turn()

        assert copy.shown.client is ClientState.SELF_ROLLBACK


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


async def test_the_published_revocation_list_is(daemon, server, centre):
    device = identity_of(centre).device
    revoked = centre.revocations(version=2, items=((device, 1, NOON_MS, "範例"),))
    publish(server, centre, revocations=revoked)

    await daemon.turn()

    assert daemon.shown.client is ClientState.REVOKED


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


async def test_the_inbox_is_stored_and_confirmed_in_the_own_log(daemon, server):
    for number in range(7):
        server.tell("inbox.result", {"app": APP, "run": bytes([number]) * 32})

    await daemon.turn()

    assert daemon.store.inbox.after() == 7
    assert len(daemon.store.inbox.items(APP, "inbox.result")) == 7
    seen = daemon.store.ledger.newest("inbox.seen")
    assert seen.event.body == {"seq": 7, "head": server.inbox[-1].hash}


def strange_notices():
    """Frames that must not be kept, each in place of the next one."""
    result = {"app": APP, "run": b"r" * 32}
    return {
        "another's key": {"kind": "inbox.result", "body": result, "key": key("stranger")},
        "a gap": {"kind": "inbox.result", "body": result, "seq": 5},
        "another chain": {"kind": "inbox.result", "body": result, "prev": b"p" * 32},
        "another machine": {"kind": "inbox.result", "body": result, "dev": b"d" * 16},
        "not a notice": {"kind": "season.open", "body": {"season": "115"}},
    }


@pytest.mark.parametrize(
    "what", ["another's key", "a gap", "another chain", "another machine", "not a notice"]
)
async def test_an_inbox_that_does_not_hold_is_not_kept(daemon, server, what):
    server.tell(**strange_notices()[what])

    await daemon.turn()

    assert daemon.store.inbox.after() == 0
    assert "inbox.seen" not in daemon.kinds()
    assert AuditCode.INBOX_REFUSED in {row.code for row in daemon.store.audit.newest(9)}
    assert daemon.store.outbox.pending() == 0, "uploads go on"


def receipt_for(server, seq, signer, event=None):
    """A receipt notice's payload."""
    link = server.log[seq - 1]
    receipt = Receipt(
        device=link.event.dev[:8],
        inc=1,
        seq=seq,
        event=(event or link.hash)[:16],
        minute=NOON_MS // 60_000,
        log_index=seq + 100,
    )
    return to_wire(ReceiptPayload(salt=b"s" * 16, receipt=encode_receipt(receipt, signer)))


async def test_a_receipt_stands_beside_the_entry_it_is_for(daemon, server, centre):
    await daemon.turn()
    body = {"seq": 2, "hash": server.log[1].hash}
    server.tell("inbox.receipt", body, receipt_for(server, 2, centre.receipt))

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert len(daemon.store.outbox.receipt(2)) == 114


async def test_a_receipt_that_is_not_for_the_entry_is_not_put_beside_it(daemon, server, centre):
    await daemon.turn()
    right, wrong = {"seq": 2, "hash": server.log[1].hash}, {"seq": 2, "hash": b"x" * 32}
    server.tell("inbox.receipt", wrong, receipt_for(server, 2, centre.receipt))
    server.tell("inbox.receipt", right, receipt_for(server, 2, key("stranger")))
    server.tell("inbox.receipt", right, receipt_for(server, 2, centre.receipt, b"y" * 16))
    server.tell("inbox.receipt", right)

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.inbox.after() == 4
    assert daemon.store.outbox.receipt(2) is None


async def test_the_published_lists_are_installed_and_named_by_every_entry(daemon, server, centre):
    publish(server, centre)

    await daemon.turn()
    written = append(daemon.store)

    assert daemon.store.reference.current().version == 1
    assert written.event.ref == daemon.store.reference.version()


async def test_only_files_that_changed_travel_again(daemon, server, centre):
    publish(server, centre)
    await daemon.turn()
    server.asked.clear()
    files = centre.reference_files()
    server.publish(files, centre.snapshot(files, version=2, versions=dict.fromkeys(files, 1)))

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.reference.current().version == 2
    assert "file" not in server.asked


def attacks(centre, files):
    """PROTOCOL 2.8, TUF's rules: snapshots that must not be installed over version 2."""
    older = {**files, "notices": centre.reference_files()["notices"]}
    return {
        "rollback": centre.snapshot(files, version=1),
        "file rollback": centre.snapshot(files, version=3, versions=dict.fromkeys(files, 1)),
        "same version": centre.snapshot(files, version=2, t=NOON_MS + 1),
        "another season": centre.snapshot(files, version=3, season="116"),
        "another's key": replace(centre, release=key("stranger")).snapshot(files, version=3),
        "not a snapshot": b"\x92\x01\x02",
        "a file that is not there": centre.snapshot({**older, "more": b"x"}, version=3),
    }


@pytest.mark.parametrize(
    "attack",
    [
        "rollback",
        "file rollback",
        "same version",
        "another season",
        "another's key",
        "not a snapshot",
        "a file that is not there",
    ],
)
async def test_a_snapshot_that_breaks_the_rules_leaves_the_lists_as_they_were(
    daemon, server, centre, attack
):
    files = publish(server, centre, version=2)
    await daemon.turn()
    before = daemon.store.reference.version()

    server.snapshot = attacks(centre, files)[attack]
    server.beacon_changes = {"snap_v": 3, "snap_h": b"attacked"}
    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.reference.version() == before
    assert daemon.shown.client is ClientState.CURRENT, "staleness never blocks work"


@pytest.mark.parametrize("content", [b"altered", b"", b"x" * 10_000])
async def test_a_file_that_is_not_the_listed_one_is_refused(daemon, server, centre, content):
    """PROTOCOL 2.8: mix-and-match, endless data."""
    publish(server, centre)
    server.misbehave("file", *[lambda _real: web.Response(body=content)] * 10)

    await daemon.turn()

    assert daemon.store.reference.current() is None


async def test_a_list_no_kiosk_could_read_is_not_installed(daemon, server, centre):
    files = centre.reference_files()
    files["calendar"] = files["calendar"].replace(b"officer_review", b"officer_reviex")
    server.publish(files, centre.snapshot(files))

    await daemon.turn()

    assert daemon.store.reference.current() is None
    assert daemon.store.audit.newest(1)[0].detail == "content"


async def test_a_revocation_list_never_falls_back(daemon, server, centre):
    publish(server, centre, revocations=centre.revocations(version=5))
    await daemon.turn()

    publish(server, centre, version=2, revocations=centre.revocations(version=4))
    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.reference.current().version == 1


async def test_officers_of_our_schools_are_known_and_revoked_ones_forgotten(daemon, server, centre):
    ours = centre.certificate(key("o1").public, "王主任", "officer", b"1" * 16)
    revoked = centre.certificate(key("o2").public, "李主任", "officer", b"2" * 16)
    others = centre.certificate(key("o3").public, "陳主任", "officer", schools=("999999",))
    publish(server, centre, officers=(ours, revoked, others))
    await daemon.turn()
    assert len(daemon.store.officers.all()) == 2

    gone = daemon.store.officers.of_holder(b"2" * 16).id
    list_2 = centre.revocations(version=2, items=((gone, None, NOON_MS, "範例"),))
    publish(server, centre, version=2, officers=(ours, revoked), revocations=list_2)
    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert [each.certificate.name for each in daemon.store.officers.all()] == ["王主任"]


async def test_new_trust_is_taken_when_old_and_new_roots_vouch_for_it(daemon, server, centre):
    await daemon.turn()
    server.centre = centre.successor(release=key("release-2"))

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.identity.read().trust == server.centre.signed_trust


async def test_a_new_release_key_recovers_from_a_version_that_was_set_too_high(
    daemon, server, centre
):
    """PROTOCOL 2.8.

    A fast-forward is recoverable because a key change deletes the stored versions.
    """
    publish(server, centre, version=2**40)
    await daemon.turn()
    server.centre = centre.successor(release=key("release-2"))
    publish(server, server.centre, version=1)

    await daemon.pass_ms(11 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.reference.current().version == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"signers": (key("root-1"),)},
        {"signers": (key("stranger"), key("root-1"))},
        {"roots": (key("new-1"), key("new-2")), "signers": (key("root-1"), key("root-2"))},
        {"roots": (key("new-1"), key("new-2")), "signers": (key("new-1"), key("new-2"))},
    ],
)
async def test_trust_that_too_few_vouch_for_is_refused(daemon, server, centre, changes):
    """PROTOCOL 2.8: root only +1 and double threshold."""
    await daemon.turn()
    server.centre = centre.successor(**changes)

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.identity.read().trust == centre.signed_trust


async def test_trust_that_skips_a_version_is_refused(daemon, server, centre):
    await daemon.turn()
    server.centre = centre.successor().successor()

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.identity.read().trust == centre.signed_trust
    assert AuditCode.TRUST_REFUSED in {row.code for row in daemon.store.audit.newest(9)}


async def test_a_beacon_under_a_new_key_makes_the_daemon_look_for_new_trust(daemon, server, centre):
    await daemon.turn()
    server.centre = centre.successor(beacon=key("beacon-2"))

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.shown.client is ClientState.CURRENT
    assert daemon.store.identity.read().trust == server.centre.signed_trust


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


async def test_a_jump_while_the_daemon_was_down_is_noticed_too(daemon, clock):
    await daemon.turn()
    clock.wall_ms -= 10 * DAY_MS
    daemon.restart()

    await daemon.turn()

    assert daemon.store.ledger.newest("clock.step").event.body == {"delta_ms": -10 * DAY_MS}


async def test_the_season_opens_and_closes_once_in_the_log(daemon, server, centre, clock):
    """PROTOCOL 2.10: at D the machine writes season.close by its own estimate."""
    publish(server, centre)
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


HOLDER = b"h" * 16
OFFICER_KEY = key("officer")
ACCOUNT = Account(holder=HOLDER, verifier=b"v" * 32, salt=b"s" * 16, cost=KdfCost())


def officer_form():
    """What the kiosk leaves for the daemon when an officer signs up."""
    request = SigningRequest(
        subject="officer",
        key=OFFICER_KEY.public,
        seal=None,
        schools=("013601",),
        name="王主任",
        asset="",
        software="0.1.0",
        holder=HOLDER,
        nonce=b"n" * 16,
    )
    return to_wire(make_request(request, OFFICER_KEY, "7H2K-9QD3-XW5T"))


async def test_an_officers_request_is_posted_granted_and_put_into_the_account(
    daemon, server, clock
):
    await daemon.turn()
    daemon.store.accounts.save(ACCOUNT)
    daemon.store.requests.add(officer_form(), HOLDER, clock())
    await daemon.turn()
    assert len(server.forms) == 1

    server.grant_all()
    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    officer = daemon.store.officers.of_holder(HOLDER)
    assert officer.certificate.name == "王主任"
    assert daemon.store.accounts.find(HOLDER).certificate == officer.document
    assert daemon.store.requests.of_holder(HOLDER).state is RequestState.GRANTED


async def test_a_request_the_desk_refuses_is_told(daemon, server, clock):
    daemon.store.requests.add(officer_form(), HOLDER, clock())
    await daemon.turn()
    server.refused |= set(server.forms)

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.requests.of_holder(HOLDER).state is RequestState.REFUSED
    assert daemon.store.audit.newest(1)[0].code is AuditCode.OFFICER_REFUSED


async def test_a_request_a_restored_server_forgot_is_posted_again(daemon, server, clock):
    daemon.store.requests.add(officer_form(), HOLDER, clock())
    await daemon.turn()
    server.forms.clear()

    await daemon.pass_ms(12 * MINUTE_MS, step_ms=MINUTE_MS)

    assert len(server.forms) == 1


async def test_while_the_line_is_down_a_request_is_not_posted_every_moment(daemon, server, clock):
    await daemon.turn()
    server.misbehave("enrol", *[500] * 100)
    daemon.store.requests.add(officer_form(), HOLDER, clock())
    server.asked.clear()

    await daemon.pass_ms(4 * MINUTE_MS)

    assert server.asked.count("enrol") == 1


async def test_a_grant_for_another_key_is_refused(daemon, server, clock):
    daemon.store.requests.add(officer_form(), HOLDER, clock())
    await daemon.turn()
    for name, request in server.forms.items():
        other = msgspec.structs.replace(request, key=key("stranger").public)
        server.grants[name] = server.centre.grant(other)

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.requests.of_holder(HOLDER).state is RequestState.REFUSED
    assert daemon.store.officers.all() == ()


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


async def test_a_commit_is_noticed_within_a_second(daemon):
    await daemon.turn()

    assert 0 < daemon.talk.pause_s() <= POLL_S <= 1


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
