"""The note of the newest entry beside the store (ADR 0012, PROTOCOL 2.12)."""

import contextlib
import shutil
from dataclasses import replace

import pytest

from core.wire.chain import Head
from core.wire.client import ClientState
from syncd.store.database import open_store
from syncd.store.fault import StoreDamaged, WritingStopped
from syncd.store.notebook import SLOT_BYTES, Note, Notebook
from tests.syncd.centre import Centre
from tests.syncd.machine import (
    BOOT,
    LOG_KEY,
    STORE_KEY,
    TestClock,
    append,
    enrolled_store,
    identity_of,
)

DEVICE = b"d" * 16


def note(seq, inc=1, device=DEVICE):
    return Note(device=device, head=Head(inc=inc, seq=seq, hash=bytes([seq]) * 32))


@pytest.fixture
def notebook(path):
    made = Notebook(path, STORE_KEY)
    made.prepare()
    return made


def test_the_newest_note_of_the_log_counts(notebook):
    for seq in (1, 2, 3):
        notebook.write(note(seq))

    assert notebook.read(DEVICE, 1) == note(3).head
    assert notebook.read(DEVICE, 2) is None
    assert notebook.read(b"o" * 16, 1) is None


def test_a_note_torn_by_a_power_cut_leaves_the_one_before(notebook, path):
    notebook.write(note(1))
    notebook.write(note(2))
    place = path.with_name("kiosk.db-head")
    torn = bytearray(place.read_bytes())
    torn[5] ^= 1
    place.write_bytes(torn)

    assert notebook.read(DEVICE, 1) == note(1).head


def test_a_note_under_another_key_or_none_at_all_says_nothing(notebook, path):
    notebook.write(note(1))

    assert Notebook(path, b"o" * 32).read(DEVICE, 1) is None
    assert Notebook(path.with_name("other.db"), STORE_KEY).read(DEVICE, 1) is None


def test_a_disk_that_does_not_take_the_note_does_not_undo_the_entry(tmp_path):
    folder = tmp_path / "gone"
    lost = Notebook(folder / "kiosk.db", STORE_KEY)

    lost.prepare()
    lost.write(note(1))

    assert not folder.exists()


def test_its_room_is_taken_when_the_store_is_made(path):
    enrolled_store(path).close()

    assert path.with_name("kiosk.db-head").stat().st_size == 2 * SLOT_BYTES


@pytest.fixture
def put_back(path):
    """A store whose file is an older copy of itself."""
    with enrolled_store(path) as store:
        append(store)
    older = path.with_name("older.db")
    shutil.copy(path, older)
    with open_store(path, STORE_KEY) as store:
        append(store)
        append(store)
    shutil.copy(older, path)
    return path


def test_a_store_that_is_put_back_stops_writing_before_it_does_harm(put_back):
    with open_store(put_back, STORE_KEY) as store:
        shown = store.link_state.read()

        assert store.set_back
        assert (shown.client, shown.attention) == (ClientState.SELF_ROLLBACK, "self_rollback")
        assert store.ledger.head().seq == 1
        with pytest.raises(WritingStopped):
            append(store)
        with pytest.raises(StoreDamaged, match="missing"):
            store.check()


def test_a_new_incarnation_goes_on(put_back):
    """PROTOCOL 2.12: the old log stays as it is; what was noted of it binds nobody any more."""
    with open_store(put_back, STORE_KEY) as store, store.transaction():
        store.identity.write(identity_of(Centre(), inc=2))
        state = store.link_state.read()
        store.link_state.write(replace(state, client=ClientState.OFFLINE, attention=None))

    with open_store(put_back, STORE_KEY) as store:
        assert not store.set_back
        assert append(store).event.seq == 1
        store.check()


def test_a_store_that_lost_only_its_note_is_not_accused(path):
    with enrolled_store(path) as store:
        append(store)
    path.with_name("kiosk.db-head").unlink()

    with open_store(path, STORE_KEY) as store:
        assert not store.set_back
        assert append(store).event.seq == 2


def test_what_was_rolled_back_was_never_noted(path):
    with enrolled_store(path) as store:
        append(store)
        with contextlib.suppress(LookupError), store.transaction():
            store.ledger.append(BOOT, TestClock()(), LOG_KEY)
            raise LookupError
        with store.transaction():
            store.link_state.write(store.link_state.read())
        noted = Notebook(path, STORE_KEY).read(identity_of(Centre()).device, 1)

        assert noted == store.ledger.head()
        assert noted.seq == 1
