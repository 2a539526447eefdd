"""Everything else a station keeps: drafts, roster, accounts, officers, requests, lists, states."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core.domain.ids import SchoolId, SubjectCode, TeacherId, generate_national_id
from core.domain.school import Mark, Stage
from core.rules.calendar import deadline
from core.sealing import KdfCost
from core.season.merge import VersionFact
from core.wire.ack import Verdict
from core.wire.canon import to_wire
from core.wire.chain import Link
from core.wire.client import ClientState, Delivery
from core.wire.event import Event, Who, payload_hash, sign_event
from core.wire.fault import WireError
from core.wire.payload import CopyPayload
from syncd.store.accounts import Account
from syncd.store.audit import AuditCode
from syncd.store.database import open_store
from syncd.store.drafts import Draft
from syncd.store.fault import StoreError
from syncd.store.link_state import LinkState, Sight
from syncd.store.requests import RequestState
from syncd.store.roster import Barred, RosterEntry
from tests.syncd.centre import NOON_MS, key
from tests.syncd.machine import STORE_KEY, append, identity_of

APP, OTHER = b"a" * 16, b"b" * 16
HOLDER = b"h" * 16
SERVER = Who(role="server", id=None)


def test_a_draft_is_replaced_by_every_keystroke_and_removed_once_sent(store, clock):
    store.drafts.save(APP, "王".encode(), clock())
    clock.pass_ms(1)
    store.drafts.save(APP, "王小".encode(), clock())

    assert store.drafts.find(APP) == Draft(app=APP, content="王小".encode(), saved_ms=NOON_MS + 1)
    assert "王" not in repr(store.drafts.find(APP))
    assert store.drafts.find(OTHER) is None

    store.drafts.remove(APP)
    store.drafts.remove(APP)
    assert store.drafts.find(APP) is None


def test_the_roster_gives_back_what_the_officer_registered(store):
    entry = RosterEntry(
        teacher=TeacherId(b"t" * 16),
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

    store.roster.add(entry)
    store.roster.add(replace(entry, title="組長"))

    assert store.roster.find(entry.teacher) == replace(entry, title="組長")
    assert store.roster.all() == (replace(entry, title="組長"),)
    assert store.roster.find(TeacherId(b"x" * 16)) is None
    assert "陳範例" not in repr(entry)
    assert entry.national_id.text not in repr(entry)


def test_what_the_centre_says_of_a_bar_stands_on_the_roster_until_it_says_otherwise(store):
    teacher = TeacherId(b"t" * 16)
    entry = RosterEntry(
        teacher=teacher,
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
    bar = Barred(clause="介聘辦法第十一條", until=date(2030, 8, 1))

    store.roster.bar(teacher, bar)
    assert store.roster.all() == ()
    store.roster.add(entry)
    store.roster.add(replace(entry, title="組長"))
    assert store.roster.find(teacher) == replace(entry, title="組長", barred=bar)
    assert store.roster.all()[0].barred == bar

    store.roster.bar(teacher, replace(bar, until=None))
    assert store.roster.find(teacher).barred == replace(bar, until=None)
    store.roster.bar(teacher, None)
    assert store.roster.find(teacher).barred is None


def test_a_bar_holds_until_the_day_before_it_ends_and_one_without_end_for_good():
    bar = Barred(clause="介聘辦法第十一條", until=date(2030, 8, 1))

    assert bar.holds_on(date(2030, 7, 31))
    assert not bar.holds_on(date(2030, 8, 1))
    assert replace(bar, until=None).holds_on(date(2099, 1, 1))


def test_an_account_keeps_its_tries_when_the_certificate_arrives(store):
    account = Account(
        holder=HOLDER, verifier=b"v" * 32, salt=b"s" * 16, cost=KdfCost(memory_kib=64), tries=2
    )
    store.accounts.save(account)
    store.accounts.save(replace(account, tries=3, locked_until_ms=9, wrapped_key=b"w" * 60))

    store.accounts.certify(HOLDER, b"signed")

    assert store.accounts.find(HOLDER) == replace(
        account, tries=3, locked_until_ms=9, wrapped_key=b"w" * 60, certificate=b"signed"
    )
    assert store.accounts.find(OTHER) is None
    assert repr(b"v" * 32) not in repr(account)


def test_officers_are_found_by_certificate_and_by_person(store, centre):
    older = centre.certificate(key("officer-1").public, "王主任", "officer", HOLDER, serial=1)
    newer = centre.certificate(key("officer-2").public, "王主任", "officer", HOLDER, serial=2)

    first = store.officers.add(older)
    second = store.officers.add(newer)
    store.officers.add(newer)

    assert store.officers.find(first.id) == first
    assert store.officers.of_holder(HOLDER) == second
    assert set(store.officers.all()) == {first, second}
    assert store.officers.find(bytes(16)) is None
    assert store.officers.of_holder(OTHER) is None

    store.officers.remove(second.id)
    assert store.officers.of_holder(HOLDER) == first
    with pytest.raises(WireError):
        store.officers.add(b"not a certificate")


def test_a_request_goes_from_waiting_to_posted_to_granted(store, clock):
    number = store.requests.add(b"form", HOLDER, clock())
    again = store.requests.add(b"form", HOLDER, clock())
    clock.pass_ms(5)
    later = store.requests.add(b"another form", HOLDER, clock())

    store.requests.mark_posted(number, "ab12")
    assert again == number
    assert [(each.id, each.state) for each in store.requests.open()] == [
        (number, RequestState.POSTED),
        (later, RequestState.WAITING),
    ]

    store.requests.mark_granted(number, b"grant")
    store.requests.mark_refused(later)
    assert store.requests.open() == ()
    assert store.requests.of_holder(HOLDER).state is RequestState.REFUSED
    assert store.requests.of_holder(OTHER) is None


def test_a_request_the_server_forgot_is_posted_again(store, clock):
    number = store.requests.add(b"form", HOLDER, clock())
    store.requests.mark_posted(number, "ab12")

    store.requests.mark_waiting(number)

    (request,) = store.requests.open()
    assert (request.state, request.ticket) == (RequestState.WAITING, None)


def test_the_identity_is_read_back_and_hides_its_secrets(store, centre):
    identity = store.identity.read()

    assert identity == identity_of(centre)
    assert repr(centre.season_secret) not in repr(identity)

    store.identity.renew_trust(b"newer")
    assert store.identity.read() == replace(identity, trust=b"newer")


def test_before_enrolment_there_is_no_identity_and_the_link_says_so(path):
    with open_store(path, STORE_KEY) as store:
        assert store.identity.read() is None
        assert store.inbox.head() is None
        assert store.link_state.read() == LinkState(client=ClientState.UNENROLLED)
        assert store.link_state.sight() is None
        assert store.reference.current() is None
        assert store.reference.signed() is None
        assert store.reference.version() is None
        assert store.outbox.oldest() is None


def test_the_link_state_tells_the_header_line_what_it_shows(store, clock):
    state = LinkState(
        client=ClientState.WAITING,
        attention="scope",
        changed_ms=4,
        offset_ms=-1500,
        epoch=b"epoch--1",
    )
    store.link_state.write(state)
    store.link_state.see(Sight(beacon=b"beacon-1", server_ms=7, seen=clock()))

    assert store.link_state.read() == replace(state, last_beacon_ms=NOON_MS)
    assert store.link_state.sight() == Sight(beacon=b"beacon-1", server_ms=7, seen=clock())


def test_a_person_who_asks_to_send_is_heard(store, clock):
    assert store.link_state.asked_ms() == 0

    store.link_state.ask_to_send(clock())

    assert store.link_state.asked_ms() == NOON_MS


def test_the_audit_log_grows_in_order(store, clock):
    store.audit.add(AuditCode.SIGNED_IN, clock(), who=HOLDER)
    store.audit.add(AuditCode.STORE_FULL, clock(), detail="disk")

    newest, older = store.audit.newest(5)

    assert (newest.code, newest.detail, newest.who) == (AuditCode.STORE_FULL, "disk", None)
    assert (older.code, older.who) == (AuditCode.SIGNED_IN, HOLDER)


def test_delivery_goes_from_stored_to_backed_up(store):
    for _ in range(5):
        append(store)

    store.outbox.mark_sending(1, 4)
    assert [store.outbox.delivery(seq) for seq in (1, 5, 6)] == [
        Delivery.SENDING,
        Delivery.STORED,
        None,
    ]

    with store.transaction():
        store.outbox.mark_delivered(4, 2)
        store.outbox.mark_items([(3, 77, Verdict.REJECTED), (4, 78, Verdict.REVIEW)])
    assert [store.outbox.delivery(seq) for seq in range(1, 6)] == [
        Delivery.BACKED_UP,
        Delivery.BACKED_UP,
        Delivery.ATTENTION,
        Delivery.DELIVERED,
        Delivery.STORED,
    ]
    assert store.outbox.verdict(4) is Verdict.REVIEW
    assert store.outbox.verdict(5) is None
    assert store.outbox.pending() == 1


def test_when_the_server_was_restored_entries_are_pending_again(store):
    for _ in range(3):
        append(store)
    with store.transaction():
        store.outbox.mark_delivered(3, 3)

    with store.transaction():
        store.outbox.mark_delivered(1, 1)

    assert store.outbox.pending() == 2
    assert store.outbox.oldest() == NOON_MS


def test_a_failed_upload_is_stored_and_no_longer_on_its_way(store):
    append(store)
    store.outbox.mark_sending(1, 1)

    store.outbox.release()

    assert store.outbox.delivery(1) is Delivery.STORED


def test_what_the_server_cannot_take_needs_attention_whatever_is_delivered_after(store):
    append(store)
    append(store)
    store.outbox.mark_attention(1)
    store.outbox.keep_receipt(2, b"receipt")

    with store.transaction():
        store.outbox.mark_delivered(2, 0)

    assert store.outbox.delivery(1) is Delivery.ATTENTION
    assert (store.outbox.receipt(1), store.outbox.receipt(2)) == (None, b"receipt")


def test_what_the_server_takes_after_all_needs_no_attention_any_more(store):
    append(store)
    store.outbox.mark_attention(1)

    with store.transaction():
        store.outbox.mark_items([(1, 1, Verdict.VALID)])
        store.outbox.mark_delivered(1, 0)

    assert store.outbox.delivery(1) is Delivery.DELIVERED


def notice(store, centre, body, kind, payload=None):
    """The next entry of the server's log for this machine."""
    head = store.inbox.head()
    event = Event(
        v=1,
        dev=store.identity.read().device,
        inc=1,
        seq=head.seq + 1,
        prev=head.hash,
        kind=kind,
        t=NOON_MS,
        m=NOON_MS,
        boot=b"epoch--1",
        bcn=None,
        ref=(0, bytes(8)),
        who=SERVER,
        body=body,
        ph=None if payload is None else payload_hash(payload),
    )
    frame = sign_event(event, centre.receipt, payload)
    return Link(frame=frame, event=event, hash=frame.hash)


def test_the_inbox_is_a_chain_that_starts_at_the_certificate(store, centre):
    result = {"app": APP, "run": b"r" * 32}
    first = notice(store, centre, result, "inbox.result")
    with store.transaction():
        store.inbox.store([first])
    second = notice(store, centre, {"reason": "end"}, "inbox.retire")
    with store.transaction():
        store.inbox.store([second])

    assert second.event.prev == first.hash
    assert store.inbox.after() == 2
    assert store.inbox.items(APP) == (first,)
    assert store.inbox.items(APP, "inbox.result") == (first,)
    assert store.inbox.items(APP, "inbox.review") == ()
    assert store.inbox.since(1, 9) == (second,)
    with pytest.raises(StoreError), store.transaction():
        store.inbox.store([first])


def test_a_version_from_another_kiosk_becomes_a_head_beside_the_own_one(store, centre):
    elsewhere = Event(
        v=1,
        dev=b"e" * 16,
        inc=1,
        seq=9,
        prev=bytes(32),
        kind="app.revise",
        t=NOON_MS,
        m=1,
        boot=b"boot---9",
        bcn=None,
        ref=(0, bytes(8)),
        who=Who(role="teacher", id=b"t" * 16),
        body={
            "app": APP,
            "version": 1,
            "parents": (),
            "claim": b"c" * 32,
            "wishes": b"w" * 32,
        },
        ph=b"p" * 32,
    )
    data = to_wire(elsewhere)
    copy = to_wire(CopyPayload(salt=b"s" * 16, event=data, payload=None))
    told = {"app": APP, "revision": b"x" * 32, "version": 1}
    with store.transaction():
        store.inbox.store([notice(store, centre, told, "inbox.version", copy)])
    with store.transaction():
        store.inbox.store([notice(store, centre, told, "inbox.version")])

    (fact,) = store.ledger.facts(APP)

    assert isinstance(fact, VersionFact)
    assert (fact.device, fact.seq) == (b"e" * 16, 9)
    assert store.ledger.application(APP).current == fact


def test_the_lists_come_back_as_values(store, centre, clock):
    files = centre.reference_files()
    signed = centre.snapshot(files, version=3)

    with store.transaction():
        store.reference.install(signed, files, clock())
    current = store.reference.current()

    assert current is store.reference.current(), "parsed once"
    assert current.version == current.reference.version == 3
    assert store.reference.version() == (3, current.hash)
    assert store.reference.signed() == signed
    assert current.reference.schools[SchoolId("013601")].short_name == "福山"
    marked = current.reference.schools[SchoolId("013602")]
    assert marked.marks_on(current.reference.on) == {Mark.REMOTE}
    assert deadline(current.calendar) == datetime.fromtimestamp(NOON_MS / 1000, UTC) + timedelta(10)
    assert current.notices == {"notices": "範例：注意事項"}
    assert current.age_ms(NOON_MS + 5) == 5
    assert current.age_ms(NOON_MS - 5) == 0
    content = files["calendar"]
    assert store.reference.file(hashlib.sha256(content).digest()) == content
    assert store.reference.file(bytes(32)) is None


def test_a_newer_snapshot_replaces_the_lists_for_every_reader(store, centre, clock):
    files = centre.reference_files()
    with store.transaction():
        store.reference.install(centre.snapshot(files), files, clock())
    before = store.reference.current()

    del files["notices"]
    with store.transaction():
        store.reference.install(centre.snapshot(files, version=2), files, clock())

    assert before.version == 1
    assert store.reference.current().version == 2
    assert store.reference.current().notices == {}


def test_a_snapshot_without_all_its_files_is_not_installed(store, centre, clock):
    files = centre.reference_files()

    with pytest.raises(KeyError), store.transaction():
        store.reference.install(centre.snapshot(files), {}, clock())

    assert store.reference.current() is None
