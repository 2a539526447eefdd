"""The log onto a stick: everything that is not confirmed, as a copy, in files that stay good."""

import hashlib
from contextlib import nullcontext
from dataclasses import replace

import msgspec
import pytest

from core.sealing import SigningKey, seal_public
from core.signature import SignatureType
from core.wire.client import ClientState
from core.wire.document import sign_document
from core.wire.stick import StickError
from core.wire.talk import BATCH
from core.wire.usb import check_parcel, read_parcel
from syncd.store.fault import KeyChanged
from syncd.store.link_state import LinkState
from syncd.usb.export import UnenrolledError, export
from tests.fakes.centre import Centre
from tests.fakes.device import make_officer, make_teacher
from tests.syncd.machine import STORE_KEY, append_until_full
from tests.usb.fake_stick import FakeStick
from tests.usb.kiosk import make_kiosk, no_patience


def opened(kiosk, centre, data):
    def key_of(*_):
        return kiosk.key.public

    return read_parcel(data, key_of, (centre.seal,))


def only(stick):
    (name,) = stick.files
    return name, stick.files[name]


def delivered(kiosk, through):
    with kiosk.store.transaction():
        kiosk.store.outbox.mark_delivered(through, 0)


def test_everything_not_confirmed_is_on_the_stick_and_still_pending(kiosk, centre):
    kiosk.boot()
    kiosk.submit(make_teacher(1))
    stick = FakeStick()

    (done,) = kiosk.export(stick)

    name, data = only(stick)
    manifest = opened(kiosk, centre, data).manifest
    assert name == done.name == f"TTX-{kiosk.device.id.hex()}-1-2.ttx"
    assert (done.first, done.last, done.written) == (1, 2, len(data))
    assert (manifest.first, manifest.last, manifest.head) == (1, 2, kiosk.hashes()[1])
    assert (manifest.snapshot, manifest.inbox, manifest.trust) == ((0, bytes(8)), 0, 1)
    assert manifest.reply == seal_public(kiosk.seal)
    assert kiosk.store.outbox.pending() == 3


def test_the_log_says_which_file_went_out(kiosk):
    kiosk.boot()
    stick = FakeStick()

    kiosk.export(stick)

    newest = kiosk.store.ledger.newest("usb.export").event.body
    file = hashlib.sha256(only(stick)[1]).digest()
    assert newest == {"file": file, "first": 1, "last": 1}


def test_only_what_follows_the_servers_head_goes_out(kiosk):
    for _ in range(5):
        kiosk.boot()
    delivered(kiosk, 3)
    stick = FakeStick()

    (done,) = kiosk.export(stick)

    assert (done.first, done.last) == (4, 5)


def test_exporting_again_writes_neither_a_file_nor_an_entry(kiosk):
    kiosk.boot()
    stick = FakeStick()
    kiosk.export(stick)
    files, kinds = dict(stick.files), kiosk.kinds()

    (again,) = kiosk.export(stick)

    assert again.written == 0
    assert (stick.files, kiosk.kinds()) == (files, kinds)


def test_what_came_later_goes_into_another_file_and_the_first_one_stays(kiosk):
    kiosk.boot()
    stick = FakeStick()
    kiosk.export(stick)
    before = dict(stick.files)
    kiosk.boot()

    (later,) = kiosk.export(stick)

    assert (later.first, later.last) == (1, 3)
    assert before.items() <= stick.files.items()
    assert len(stick.files) == 2


def test_a_machine_with_nothing_to_send_still_asks_for_an_answer_once(kiosk):
    kiosk.boot()
    delivered(kiosk, 1)
    stick = FakeStick()

    first = kiosk.export(stick)
    delivered(kiosk, 2)
    asked = kiosk.export(stick)
    again = kiosk.export(stick)

    assert [(each.first, each.last) for each in first] == [(1, 1)]
    assert [(each.first, each.last, bool(each.written)) for each in asked] == [(2, 2, True)]
    assert [(each.first, bool(each.written)) for each in again] == [(3, True)]
    assert [bool(each.written) for each in kiosk.export(stick)] == [False]


def test_a_long_log_takes_several_files_each_good_by_itself(kiosk, centre):
    kiosk.file_bytes = 40_000
    teachers = [make_teacher(number) for number in range(60)]
    for teacher in teachers:
        kiosk.submit(teacher)
    with_bulk = [kiosk.submit(teacher) for teacher in teachers for _ in range(4)]
    stick = FakeStick()

    done = kiosk.export(stick)

    assert len(done) > 1
    assert [each.first for each in done[1:]] == [each.last + 1 for each in done[:-1]]
    assert done[-1].last == 60 + len(with_bulk)
    for data in stick.files.values():
        assert opened(kiosk, centre, data).manifest.count


def test_a_file_that_was_damaged_meanwhile_is_written_again(kiosk):
    kiosk.boot()
    stick = FakeStick()
    kiosk.export(stick)
    name, data = only(stick)
    stick.files[name] = data[:-1] + bytes([data[-1] ^ 1])

    (done,) = kiosk.export(stick)

    assert done.written
    assert check_parcel(stick.files[name], kiosk.key.public).last == 1


def test_a_clone_that_tells_another_story_does_not_overwrite_the_first(kiosk, centre, tmp_path):
    """Two machines with one identity meet on one stick: both stories are kept, people are told."""
    clone = make_kiosk(tmp_path / "clone.db", centre, kiosk.device, key=STORE_KEY)
    kiosk.submit(make_teacher(1))
    clone.submit(make_teacher(2))
    stick = FakeStick()
    kiosk.export(stick)
    before = dict(stick.files)

    with pytest.raises(StickError) as refused:
        clone.export(stick)

    assert refused.value.code == "occupied"
    assert stick.files == before
    assert clone.kinds() == ["app.revise"]
    clone.store.close()


def test_two_schools_on_one_stick_leave_each_other_alone(kiosk, centre, tmp_path):
    other = make_kiosk(tmp_path / "other.db", centre)
    kiosk.boot()
    other.boot()
    stick = FakeStick()

    kiosk.export(stick)
    mine = dict(stick.files)
    other.export(stick)
    kiosk.export(stick)

    assert mine.items() <= stick.files.items()
    assert {name[4:36] for name in stick.files} == {kiosk.device.id.hex(), other.device.id.hex()}
    other.store.close()


def test_after_the_seal_key_changed_the_file_is_sealed_anew(kiosk, centre):
    kiosk.boot()
    stick = FakeStick()
    kiosk.export(stick)
    newer = msgspec.structs.replace(centre.trust, v=2, seal=seal_public(b"n" * 32))
    kiosk.store.identity.renew_trust(sign_document(SignatureType.TRUST, newer, centre.root))

    (done,) = kiosk.export(stick)

    _, data = only(stick)
    assert done.written
    assert read_parcel(data, lambda *_: kiosk.key.public, (b"n" * 32,)).manifest.last == 1


@pytest.mark.parametrize("torn", [0, 0.5, 1])
def test_pulled_out_anywhere_the_export_goes_on_when_the_stick_is_back(tmp_path, torn):
    centre = Centre()
    whole = make_kiosk(tmp_path / "whole.db", centre)
    whole.submit(make_teacher(1))
    measure = FakeStick()
    whole.export(measure)
    acts = len(measure.acts)
    whole.store.close()

    for at in range(acts):
        kiosk = make_kiosk(tmp_path / f"{torn}-{at}.db", centre)
        kiosk.submit(make_teacher(1))
        stick = FakeStick()
        stick.pull_at, stick.torn = at, torn

        def back(stick=stick):
            stick.plug_in()
            return True

        (done,) = kiosk.export(stick, back)

        _, data = only(stick)
        assert check_parcel(data, kiosk.key.public).last == done.last == 1
        assert kiosk.kinds() == ["app.revise", "usb.export"], at
        kiosk.store.close()


def test_nobody_puts_the_stick_back_nothing_is_noted_and_nothing_is_lost(kiosk):
    kiosk.submit(make_teacher(1))
    stick = FakeStick()
    stick.pull_at = 5

    with pytest.raises(StickError) as refused:
        kiosk.export(stick)

    assert refused.value.code == "gone"
    assert kiosk.kinds() == ["app.revise"]
    assert kiosk.store.outbox.pending() == 1


@pytest.mark.parametrize(
    ("stick", "code"), [(FakeStick(room=100), "full"), (FakeStick(read_only=True), "read_only")]
)
def test_a_stick_that_cannot_be_written_is_named_and_nothing_is_noted(kiosk, stick, code):
    kiosk.boot()

    with pytest.raises(StickError) as refused:
        kiosk.export(stick)

    assert refused.value.code == code
    assert kiosk.kinds() == ["boot"]


def test_a_machine_whose_own_disk_is_full_still_gets_everything_onto_the_stick(kiosk):
    """The stick may be the only way out that is left."""
    kiosk.file_bytes = 1
    line = kiosk.store._connections.here  # noqa: SLF001 - a full disk, to the engine
    line.value(f"PRAGMA max_page_count = {line.value('PRAGMA page_count') + 40}")
    written = append_until_full(kiosk.store, log_key=kiosk.key)
    stick = FakeStick()

    done = kiosk.export(stick)

    assert written > BATCH
    assert (done[0].first, done[-1].last) == (1, written)
    assert len(stick.files) == len(done) > 1
    assert "usb.export" not in kiosk.kinds()


def test_with_a_key_that_is_not_the_logs_nothing_is_said_to_be_on_the_stick(kiosk):
    kiosk.boot()
    stick = FakeStick()
    sender = replace(kiosk.sender, key=SigningKey(b"o" * 32))

    with pytest.raises(KeyChanged):
        list(export(sender, lambda: nullcontext(stick), no_patience))

    assert stick.files == {}


@pytest.mark.parametrize("state", [ClientState.FORKED, ClientState.REVOKED])
def test_a_closed_log_goes_out_whole_as_evidence_and_is_not_written_to(kiosk, centre, state):
    for _ in range(3):
        kiosk.boot()
    delivered(kiosk, 2)
    kiosk.store.link_state.write(LinkState(client=state))
    stick = FakeStick()

    (done,) = kiosk.export(stick)

    assert (done.first, done.last) == (1, 3)
    assert opened(kiosk, centre, only(stick)[1]).manifest.purpose == "evidence"
    assert kiosk.kinds() == ["boot"] * 3


def test_a_machine_without_a_log_has_nothing_to_carry(kiosk):
    with pytest.raises(UnenrolledError):
        kiosk.export(FakeStick())


def test_officers_requests_go_along(kiosk, centre):
    kiosk.boot()
    form = kiosk.device.form("officer", make_officer(centre).key)
    kiosk.store.requests.add(form, b"h" * 16, kiosk.clock())
    stick = FakeStick()

    kiosk.export(stick)

    assert opened(kiosk, centre, only(stick)[1]).forms == (form,)
