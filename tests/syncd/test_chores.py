"""What comes down (PROTOCOL 2.8): inbox, lists, trust, officers' certificates."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from aiohttp import web

from core.domain.ids import SchoolId, SubjectCode, TeacherId, generate_national_id
from core.domain.past import PastResult
from core.domain.school import Stage
from core.wire.ack import Verdict
from core.wire.canon import FILE_LIMITS, encode, to_wire
from core.wire.client import ClientState, Delivery
from core.wire.errand import ErrandAnswer, Progress, Task
from core.wire.past import PAST, past_file
from core.wire.payload import BarredPayload, DisplayPayload, ReceiptPayload
from core.wire.receipt import Receipt, encode_receipt
from core.wire.reference import ReferenceFile
from core.wire.talk import DAY_MS, HOUR_MS, MINUTE_MS
from syncd.runner import POLL_S
from syncd.store.audit import AuditCode
from syncd.store.errands import StoredErrand
from syncd.store.requests import RequestState
from syncd.store.roster import Barred, RosterEntry
from tests.syncd.centre import NOON_MS, key
from tests.syncd.daemon import ACCOUNT, HOLDER, Daemon, officer_form, publish_lists
from tests.syncd.machine import (
    append,
    enrolled_store,
    identity_of,
)

APP = b"a" * 16


async def test_a_disk_put_back_is_noticed_at_the_first_beacon(daemon, server, clock, tmp_path):
    await daemon.turn()
    with enrolled_store(tmp_path / "old.db", server.centre) as rolled_back:
        copy = Daemon(rolled_back, daemon.client, clock)
        await copy.turn()

        assert copy.shown.client is ClientState.SELF_ROLLBACK


async def test_the_published_revocation_list_is(daemon, server, centre):
    device = identity_of(centre).device
    revoked = centre.revocations(version=2, items=((device, 1, NOON_MS, "範例"),))
    publish_lists(server, centre, revocations=revoked)

    await daemon.turn()

    assert daemon.shown.client is ClientState.REVOKED


async def test_the_inbox_is_stored_and_confirmed_in_the_own_log(daemon, server):
    for number in range(7):
        server.tell("inbox.result", {"app": APP, "run": bytes([number]) * 32})

    await daemon.turn()

    assert daemon.store.inbox.after() == 7
    assert len(daemon.store.inbox.items(APP, "inbox.result")) == 7
    seen = daemon.store.ledger.newest("inbox.seen")
    assert seen.event.body == {"seq": 7, "head": server.inbox[-1].hash}


def barred_payload(clause="介聘辦法第十一條", until="2030-08-01"):
    said = BarredPayload(salt=b"s" * 16, clause=clause, since="2020-08-01", until=until)
    return to_wire(said)


async def test_a_teacher_on_the_control_list_is_marked_and_taken_off_again(daemon, server):
    server.tell("inbox.barred", {"teacher": b"t" * 16}, barred_payload())
    server.tell("inbox.barred", {"teacher": b"u" * 16}, barred_payload(until=None))
    server.tell("inbox.barred", {"teacher": b"u" * 16}, barred_payload(clause=None))
    server.tell("inbox.barred", {"teacher": b"v" * 16}, barred_payload(until="someday"))
    server.tell("inbox.barred", {"teacher": b"v" * 16}, encode({"salt": b"s" * 16}))

    await daemon.turn()
    for teacher in b"tuv":
        daemon.store.roster.add(listed(bytes([teacher]) * 16))

    marks = {each.teacher[:1]: each.barred for each in daemon.store.roster.all()}
    assert marks == {
        b"t": Barred(clause="介聘辦法第十一條", until=date(2030, 8, 1)),
        b"u": None,
        b"v": None,
    }
    assert daemon.store.inbox.after() == 5


HERS = b"t" * 16


def looks(settings):
    return to_wire(DisplayPayload(salt=b"s" * 16, settings=settings))


async def test_how_she_wants_kiosks_to_look_is_known_here_as_the_centre_told_it_last(
    daemon, server
):
    server.tell("inbox.display", {"teacher": HERS}, looks(b'{"large":true}'))
    server.tell("inbox.display", {"teacher": HERS}, looks(b'{"plain":true}'))
    server.tell("inbox.display", {"teacher": HERS}, encode({"salt": b"s" * 16}))

    await daemon.turn()

    assert daemon.store.displays.find(HERS) == b'{"plain":true}'
    assert daemon.store.inbox.after() == 3


@pytest.mark.parametrize(
    ("progress", "kept"), [(None, b"{}"), (Progress.QUEUED, b"{}"), (Progress.DONE, b"told")]
)
async def test_what_she_chose_here_since_is_not_overwritten_before_the_centre_has_heard_it(
    daemon, server, progress, kept
):
    store = daemon.store
    chosen = StoredErrand(
        id=b"1" * 16, teacher=HERS, task=Task.DISPLAY, display=b"{}", asked_ms=NOON_MS
    )
    server.misbehave("errand", *[lambda _: web.Response(status=503)] * 9)
    with store.transaction():
        store.displays.save(HERS, b"{}")
        store.errands.add(chosen)
        if progress is not None:
            answer = ErrandAnswer(id=chosen.id, progress=progress, detail="", url="", channels=())
            store.errands.answered(answer, daemon.clock())
    server.tell("inbox.display", {"teacher": HERS}, looks(b"told"))

    await daemon.turn()

    assert store.inbox.after() == 1
    assert store.displays.find(HERS) == kept


def rejected(link, code="role", **other):
    return {"inc": link.event.inc, "seq": link.event.seq, "hash": link.hash, "code": code} | other


async def test_why_an_entry_is_rejected_stands_beside_it_until_it_is_not_any_more(daemon, server):
    first, second = append(daemon.store), append(daemon.store)
    await daemon.turn()
    server.tell("inbox.verdict", rejected(first))
    server.tell("inbox.verdict", rejected(first, "scope"))
    server.tell("inbox.verdict", rejected(second))
    server.tell("inbox.verdict", rejected(second, None))
    await daemon.pass_ms(HOUR_MS, MINUTE_MS)

    outbox, seqs = daemon.store.outbox, (first.event.seq, second.event.seq)
    assert outbox.rejections() == {first.hash: "scope"}
    assert [outbox.delivery(seq) for seq in seqs] == [Delivery.ATTENTION, Delivery.DELIVERED]
    assert [outbox.verdict(seq) for seq in seqs] == [Verdict.REJECTED, None]


@pytest.mark.parametrize("other", [{"seq": 9}, {"inc": 2}, {"hash": b"h" * 32}])
async def test_a_rejection_of_what_is_not_an_entry_of_this_machine_says_nothing(
    daemon, server, other
):
    server.tell("inbox.verdict", rejected(append(daemon.store), **other))
    await daemon.pass_ms(HOUR_MS, MINUTE_MS)

    assert daemon.store.inbox.after() == 1
    assert daemon.store.outbox.rejections() == {}


async def test_a_notice_of_a_newer_server_is_kept_and_the_inbox_goes_on(daemon, server):
    server.tell("inbox.invented", {"app": APP, "anything": 1})
    server.tell("inbox.result", {"app": APP, "run": b"r" * 32})

    await daemon.turn()

    inbox = daemon.store.inbox
    assert [link.event.kind for link in inbox.items(APP)] == ["inbox.invented", "inbox.result"]
    assert [link.event.seq for link in inbox.since(0, 9)] == [1, 2]
    assert inbox.facts(APP) == ()


def listed(teacher):
    return RosterEntry(
        teacher=TeacherId(teacher),
        national_id=generate_national_id("H", "2", "7000001"),
        name="陳範例",
        birth=date(1985, 2, 28),
        sex="F",
        title="教師",
        school=SchoolId("013601"),
        stage=Stage.ELEMENTARY,
        subject=SubjectCode("general"),
        registered_by=b"o" * 16,
    )


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
    publish_lists(server, centre)

    await daemon.turn()
    written = append(daemon.store)

    assert daemon.store.reference.current().version == 1
    assert written.event.ref == daemon.store.reference.version()


async def test_only_files_that_changed_travel_again(daemon, server, centre):
    publish_lists(server, centre)
    await daemon.turn()
    server.asked.clear()
    files = centre.reference_files()
    server.publish(files, centre.snapshot(files, version=2, versions=dict.fromkeys(files, 1)))

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.reference.current().version == 2
    assert "file" not in server.asked


def past(year, applicants):
    return PastResult(
        year=year, school=SchoolId("013601"), subject=SubjectCode("general"), vacancies=2,
        applicants=applicants, moved=None, lowest=None, source="公告", as_of="2025-06-01",
    )  # fmt: skip


async def test_past_results_come_with_the_lists_and_the_newest_year_is_kept(daemon, server, centre):
    results = past_file([past(114, 14), past(113, 9)])
    files = {**centre.reference_files(), PAST: results}
    server.publish(files, centre.snapshot(files))

    await daemon.turn()

    reference = daemon.store.reference.current().reference
    assert reference.past == {("013601", "general"): past(114, 14)}
    assert reference.schools


async def test_a_file_of_past_results_that_is_none_keeps_the_lists_as_they_were(
    daemon, server, centre
):
    files = {**centre.reference_files(), PAST: to_wire(ReferenceFile(kind="notice"), FILE_LIMITS)}
    server.publish(files, centre.snapshot(files))

    await daemon.turn()

    assert daemon.store.reference.current() is None


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
    files = publish_lists(server, centre, version=2)
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
    publish_lists(server, centre)
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
    publish_lists(server, centre, revocations=centre.revocations(version=5))
    await daemon.turn()

    publish_lists(server, centre, version=2, revocations=centre.revocations(version=4))
    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.reference.current().version == 1


async def test_officers_of_our_schools_are_known_and_revoked_ones_forgotten(daemon, server, centre):
    ours = centre.certificate(key("o1").public, "王主任", "officer", b"1" * 16)
    revoked = centre.certificate(key("o2").public, "李主任", "officer", b"2" * 16)
    others = centre.certificate(key("o3").public, "陳主任", "officer", schools=("999999",))
    publish_lists(server, centre, officers=(ours, revoked, others))
    await daemon.turn()
    assert len(daemon.store.officers.all()) == 2

    gone = daemon.store.officers.of_holder(b"2" * 16).id
    list_2 = centre.revocations(version=2, items=((gone, None, NOON_MS, "範例"),))
    publish_lists(server, centre, version=2, officers=(ours, revoked), revocations=list_2)
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
    publish_lists(server, centre, version=2**40)
    await daemon.turn()
    server.centre = centre.successor(release=key("release-2"))
    publish_lists(server, server.centre, version=1)

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


async def test_a_jump_while_the_daemon_was_down_is_noticed_too(daemon, clock):
    await daemon.turn()
    clock.wall_ms -= 10 * DAY_MS
    daemon.restart()

    await daemon.turn()

    assert daemon.store.ledger.newest("clock.step").event.body == {"delta_ms": -10 * DAY_MS}


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


@pytest.mark.parametrize("page", ["<html>請登入免費網路</html>", ""])
async def test_a_login_page_refuses_no_officer(daemon, server, clock, page):
    """Another letter of the county would be needed, for a hotel's word."""
    daemon.store.requests.add(officer_form(), HOLDER, clock())
    await daemon.turn()
    server.misbehave("enrol", *[page] * 3)

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert len(server.mischief["enrol"]) < 3
    assert daemon.store.requests.of_holder(HOLDER).state is RequestState.POSTED


async def test_a_commit_is_noticed_within_a_second(daemon):
    await daemon.turn()

    assert 0 < daemon.talk.pause_s() <= POLL_S <= 1


async def test_a_server_without_lists_or_inbox_is_not_asked_for_ever(daemon, server):
    server.beacon_changes = {"snap_v": 9, "snap_h": b"nowhere!", "inbox": 5}
    server.misbehave("inbox", 404, 404)

    await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.shown.client is ClientState.CURRENT
    assert server.asked.count("snapshot") <= 3


async def test_a_file_the_server_lost_leaves_the_lists_as_they_were(daemon, server, centre):
    publish_lists(server, centre)
    server.files.clear()

    await daemon.turn()

    assert daemon.store.reference.current() is None
    assert daemon.store.outbox.pending() == 0


async def test_new_trust_that_cannot_be_had_leaves_the_daemon_off_line(daemon, server, centre):
    await daemon.turn()
    server.centre = replace(centre, beacon=key("beacon-2"))

    await daemon.pass_ms(2 * HOUR_MS, step_ms=10 * MINUTE_MS)

    assert daemon.shown.client is ClientState.OFFLINE
    assert daemon.store.identity.read().trust == centre.signed_trust


async def test_a_replaced_desk_key_starts_the_revocation_list_anew(daemon, server, centre):
    publish_lists(server, centre, revocations=centre.revocations(version=9))
    await daemon.turn()
    renewed = centre.successor(enrol=key("enrol-2"))
    server.centre = renewed
    publish_lists(server, renewed, version=2, revocations=renewed.revocations(version=1))

    await daemon.pass_ms(11 * MINUTE_MS, step_ms=MINUTE_MS)

    assert daemon.store.reference.current().version == 2
