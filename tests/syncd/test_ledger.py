"""The own log: appended in one transaction, chained, signed, never edited (PROTOCOL 2.4)."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sealing import SigningKey
from core.season.merge import Review
from core.wire.canon import to_wire
from core.wire.chain import Head, follow
from core.wire.client import ClientState
from core.wire.event import Who, payload_hash
from core.wire.fault import WireError
from core.wire.identity import certificate_hash
from core.wire.kind import Boot, Decision, Revision
from core.wire.payload import DecisionPayload, RosterPayload
from syncd.store.database import open_store
from syncd.store.fault import StoreError, WritingStopped
from syncd.store.ledger import Entry
from syncd.store.link_state import LinkState, Sight
from tests.syncd.machine import (
    BOOT,
    LOG_KEY,
    STORE_KEY,
    TestClock,
    append,
    enrolled_store,
    identity_of,
)

APP = b"a" * 16
TEACHER = Who(role="teacher", id=b"t" * 16)
OFFICER = Who(role="officer", id=b"o" * 16)


DECISION = Decision(app=APP, revision=b"r" * 32, claim=b"c" * 32, earlier=())
PAYLOAD = {
    "salt": b"s" * 16,
    "app": APP,
    "revision": b"r" * 32,
    "claim": b"c" * 32,
    "officer": b"o" * 16,
    "verdict": "returned",
    "points": None,
    "reasons": ("範例",),
    "remark": "",
}


def revision(version=1, parents=(), claim=b"c" * 32):
    body = Revision(app=APP, version=version, parents=parents, claim=claim, wishes=b"w" * 32)
    return Entry(kind="app.revise", body=body, who=TEACHER)


def test_given_a_new_machine_the_log_is_empty_and_hangs_on_its_certificate(store, centre):
    identity = identity_of(centre)

    assert store.ledger.head() == Head(inc=1, seq=0, hash=certificate_hash(identity.certificate))


def test_entries_form_one_signed_chain_without_gaps(store, centre):
    identity = identity_of(centre)

    for _ in range(5):
        append(store)

    links = store.ledger.links(1, 10)
    root = Head(inc=1, seq=0, hash=certificate_hash(identity.certificate))
    checked, broken = follow([each.frame for each in links], LOG_KEY.public, identity.device, root)
    assert broken is None
    assert [each.event.seq for each in checked] == [1, 2, 3, 4, 5]
    assert store.ledger.head() == checked[-1].head


def test_what_is_read_is_byte_for_byte_what_was_signed(store):
    payload = to_wire(
        RosterPayload(
            salt=b"s" * 16,
            national_id="範例",
            name="陳範例",
            birth="1980-01-01",
            sex="F",
            title="教師",
            school="013601",
            stage="elementary",
            subject="general",
        )
    )
    entry = Entry(
        kind="teacher.register", body={"teacher": b"t" * 16}, who=OFFICER, payload=payload
    )

    written = append(store, entry)

    assert store.ledger.link(written.hash) == written
    assert store.ledger.links(1, 1) == (written,)
    assert written.event.ph == payload_hash(payload)
    assert store.ledger.link(bytes(32)) is None


def test_entry_and_outbox_row_come_together_or_not_at_all(store, clock):
    append(store)

    with contextlib.suppress(LookupError), store.transaction():
        store.ledger.append(BOOT, clock(), LOG_KEY)
        raise LookupError

    assert store.ledger.head().seq == 1
    assert store.outbox.pending() == 1
    assert append(store).event.seq == 2


def test_appending_outside_a_transaction_is_a_bug(store, clock):
    with pytest.raises(RuntimeError):
        store.ledger.append(BOOT, clock(), LOG_KEY)


def test_transactions_do_not_nest(store):
    with store.transaction(), pytest.raises(RuntimeError), store.transaction():
        pass


COLUMNS = "id, hash, kind, body, signature, cosignatures"
REPLACE = {
    "event": f"INSERT OR REPLACE INTO event ({COLUMNS}) SELECT {COLUMNS} FROM event",  # noqa: S608
    "inbox": f"INSERT OR REPLACE INTO inbox ({COLUMNS}) SELECT {COLUMNS} FROM inbox",  # noqa: S608
    "audit": "INSERT OR REPLACE INTO audit SELECT * FROM audit",
}


@pytest.mark.parametrize("table", ["event", "inbox", "audit"])
@pytest.mark.parametrize("sql", ["DELETE FROM {}", "UPDATE {} SET kind = 'x'"])
def test_nobody_edits_what_was_written(store, table, sql):
    """PROTOCOL 2.4: nothing is ever updated or deleted in the event table; triggers forbid it."""
    append(store)
    rows = {
        "inbox": "INSERT INTO inbox (hash, kind, body, signature, cosignatures)"
        " VALUES (x'01', 'inbox.result', x'01', x'01', x'01')",
        "audit": "INSERT INTO audit (wall_ms, code, detail) VALUES (1, 'signed_in', '')",
    }
    connection = store._connections.here  # noqa: SLF001 - what no caller of the store can do
    if table in rows:
        connection.run(rows[table])

    statement = sql.format(table).replace("kind", "detail" if table == "audit" else "kind")
    with pytest.raises(StoreError, match="append-only"):
        connection.run(statement)
    with pytest.raises(StoreError, match="append-only"):
        connection.run(REPLACE[table])

    assert connection.value(f"SELECT count(*) FROM {table}") == 1  # noqa: S608


def test_retention_may_erase_a_payload_and_the_chain_still_holds(store):
    """PROTOCOL 2.3: after the retention period payloads are deleted; the chain still verifies."""
    salted = to_wire(DecisionPayload(**PAYLOAD))
    entry = Entry(kind="officer.return", body=DECISION, who=OFFICER, payload=salted)
    written = append(store, entry)
    connection = store._connections.here  # noqa: SLF001 - what retention will do

    connection.run("UPDATE event SET payload = NULL")

    (link,) = store.ledger.links(1, 9)
    assert link.frame.payload is None
    assert link.hash == written.hash
    store.check()
    with pytest.raises(StoreError, match="append-only"):
        connection.run("UPDATE event SET payload = x'00'")


def test_an_entry_of_an_unknown_kind_or_shape_is_refused_before_it_is_signed(store):
    with pytest.raises(WireError, match="kind"):
        append(store, replace(BOOT, kind="app.edit"))
    with pytest.raises(WireError, match="schema"):
        append(store, replace(BOOT, body={"software": "x"}))

    assert store.ledger.head().seq == 0


@pytest.mark.parametrize(
    "state",
    [
        ClientState.UNENROLLED,
        ClientState.FORKED,
        ClientState.SELF_ROLLBACK,
        ClientState.REVOKED,
    ],
)
def test_a_stopped_machine_writes_nothing(store, state):
    """PROTOCOL 2.7: writes allowed: no."""
    store.link_state.write(LinkState(client=state))

    with pytest.raises(WritingStopped):
        append(store)

    assert store.ledger.head().seq == 0


def test_before_enrolment_there_is_no_log(path):
    with open_store(path, STORE_KEY) as store:
        assert store.ledger.head() is None
        assert store.ledger.links(1, 1) == ()
        with pytest.raises(WritingStopped):
            append(store)


def test_an_entry_names_the_newest_beacon_of_this_boot_only(store, clock):
    store.link_state.see(Sight(beacon=b"beacon-1", server_ms=5, seen=clock()))
    same = append(store, moment=clock())
    clock.boot_id = b"boot---2"
    clock.boot_ms = 3
    after_reboot = append(store, moment=clock())

    assert same.event.bcn == (b"beacon-1", 1_000_000)
    assert after_reboot.event.bcn is None


def test_an_entry_names_the_lists_in_use(store, centre, clock):
    before = append(store)
    files = centre.reference_files()
    with store.transaction():
        store.reference.install(centre.snapshot(files, version=7), files, clock())
    after = append(store)

    assert before.event.ref == (0, bytes(8))
    assert after.event.ref == store.reference.version()
    assert after.event.ref[0] == 7


def test_a_new_incarnation_starts_an_empty_log_and_keeps_the_old_one(store, centre):
    append(store)
    second = SigningKey(b"2" * 32)

    with store.transaction():
        store.identity.write(identity_of(centre, second, inc=2))
    link = append(store, log_key=second)

    assert (link.event.inc, link.event.seq) == (2, 1)
    assert store.outbox.pending() == 1
    assert [each.event.inc for each in store.ledger.links(1, 9, inc=1)] == [1]
    assert [each.event.inc for each in store.ledger.links(1, 9)] == [2]


def test_an_application_is_folded_from_the_own_entries(store):
    first = append(store, revision())
    second = append(store, revision(version=2, parents=(first.hash,)))
    decision = Decision(app=APP, revision=second.hash, claim=b"c" * 32, earlier=())
    append(store, Entry(kind="officer.approve", body=decision, who=OFFICER))

    state = store.ledger.application(APP)

    assert [each.hash for each in state.heads] == [second.hash]
    assert state.review_of(state.current) is Review.APPROVED
    assert store.ledger.application(b"b" * 16).heads == ()
    assert len(store.ledger.of_application(APP)) == 3


def test_the_newest_of_a_kind_is_found(store):
    append(store)
    last = append(store, replace(BOOT, body=Boot(software="0.2.0", unclean=True)))
    append(store, revision())

    assert store.ledger.newest("boot") == last
    assert store.ledger.newest("season.close") is None
    assert store.ledger.hash_at(2) == last.hash
    assert store.ledger.hash_at(9) is None


@settings(max_examples=20, deadline=None)
@given(st.lists(st.booleans(), max_size=12))
def test_any_mix_of_commits_and_failures_leaves_a_chain_without_gaps(tmp_path_factory, acts):
    moment = TestClock()()
    with enrolled_store(tmp_path_factory.mktemp("ledger") / "kiosk.db") as store:
        for commits in acts:
            with contextlib.suppress(LookupError), store.transaction():
                store.ledger.append(BOOT, moment, LOG_KEY)
                if not commits:
                    raise LookupError

        numbers = [each.event.seq for each in store.ledger.links(1, 100)]

        assert numbers == list(range(1, sum(acts) + 1))
        assert store.outbox.pending() == sum(acts)
