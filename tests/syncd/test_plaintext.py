"""PROTOCOL 4.1, I11: nothing personal is readable in any file, and no byte changes unseen."""

import random
import sqlite3
from datetime import date

import pytest

from core.domain.ids import SchoolId, SubjectCode, TeacherId, generate_national_id
from core.domain.school import Stage
from core.wire.canon import to_wire
from core.wire.event import Who
from core.wire.payload import RosterPayload
from syncd.store.database import open_store
from syncd.store.driver import connect
from syncd.store.fault import (
    StoreDamaged,
    StoreError,
    StoreKeyError,
    StoreNewer,
    StoreUnreachable,
)
from syncd.store.ledger import Entry
from syncd.store.migrations import STEPS, migrate
from syncd.store.roster import RosterEntry
from tests.syncd.machine import STORE_KEY, append, enrolled_store

NAME = "歐陽範例"
NUMBER = generate_national_id("K", "2", "7123456")
MARKERS = (NUMBER.text.encode(), NAME.encode())
FLIPS = 60


ENTRY = RosterEntry(
    teacher=TeacherId(b"t" * 16),
    national_id=NUMBER,
    name=NAME,
    birth=date(1985, 2, 28),
    sex="F",
    title="教師",
    school=SchoolId("013601"),
    stage=Stage.ELEMENTARY,
    subject=SubjectCode("general"),
    registered_by=b"o" * 16,
)


def fill(store, clock):
    """A roster row, a draft and log entries that all hold the name and the number."""
    payload = to_wire(
        RosterPayload(
            salt=b"s" * 16,
            national_id=NUMBER.text,
            name=NAME,
            birth="1985-02-28",
            sex="F",
            title="教師",
            school="013601",
            stage="elementary",
            subject="general",
        )
    )
    who = Who(role="officer", id=b"o" * 16)
    entry = Entry(kind="teacher.register", body={"teacher": b"t" * 16}, who=who, payload=payload)
    for _ in range(20):
        append(store, entry)
    store.roster.add(ENTRY)
    store.drafts.save(b"a" * 16, f"{NAME} {NUMBER.text}".encode(), clock())


def content(store):
    """Everything a person could read."""
    return (
        store.ledger.links(1, 100),
        store.roster.all(),
        store.drafts.find(b"a" * 16),
        store.identity.read(),
    )


def readable(folder):
    """Names of the files in which a marker can be read."""
    return {
        path.name
        for path in folder.iterdir()
        if any(marker in path.read_bytes() for marker in MARKERS)
    }


def test_no_name_and_no_number_is_readable_in_any_file(tmp_path, store, path, clock):
    """The plain control file has them, so the search would see them."""
    fill(store, clock)
    control = sqlite3.connect(tmp_path / "control.db")
    with control:
        control.execute("CREATE TABLE roster (name TEXT, national_id TEXT)")
        control.execute("INSERT INTO roster VALUES (?, ?)", (NAME, NUMBER.text))
    control.close()

    names = {each.name for each in tmp_path.iterdir()}
    found = readable(tmp_path)

    assert {"kiosk.db", "kiosk.db-wal", "kiosk.db-shm"} <= names
    assert found == {"control.db"}
    assert not path.read_bytes().startswith(b"SQLite format 3")


def test_nothing_is_readable_after_the_store_was_closed(tmp_path, path, clock):
    with enrolled_store(path) as store:
        fill(store, clock)

    assert readable(tmp_path) == set()


@pytest.mark.parametrize("key", [b"x" * 32, b"short", b""])
def test_another_key_does_not_open_the_store_and_says_so_quietly(path, capfd, key):
    enrolled_store(path).close()

    with pytest.raises(StoreKeyError):
        open_store(path, key)

    assert capfd.readouterr() == ("", ""), "the engine must not write over a full-screen program"


def test_a_file_that_is_no_store_is_not_opened_and_not_touched(path):
    path.write_bytes(b"not a store at all, but long enough to be one" * 400)
    before = path.read_bytes()

    with pytest.raises(StoreKeyError):
        open_store(path, STORE_KEY)

    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_told_apart(tmp_path):
    with pytest.raises(StoreUnreachable):
        open_store(tmp_path / "missing" / "kiosk.db", STORE_KEY)


def test_every_flipped_bit_is_noticed(path, tmp_path, clock, seed):
    """PROTOCOL 4.2: one bit at rest, all detected; the engine alone would see one in a hundred."""
    with enrolled_store(path) as store:
        fill(store, clock)
        truth = content(store)
    original = path.read_bytes()
    rng = random.Random(seed)  # noqa: S311 - replayable
    copy = tmp_path / "copy" / "kiosk.db"
    copy.parent.mkdir()

    unnoticed = []
    for _ in range(FLIPS):
        bit = rng.randrange(len(original) * 8)
        damaged = bytearray(original)
        damaged[bit // 8] ^= 1 << bit % 8
        copy.write_bytes(damaged)
        for beside in copy.parent.glob("kiosk.db-*"):
            beside.unlink()
        try:
            with open_store(copy, STORE_KEY) as store:
                store.check()
                unnoticed.append((bit, content(store) == truth))
        except (StoreDamaged, StoreKeyError):
            continue

    assert unnoticed == []


def test_a_damaged_page_does_not_spoil_what_is_read_after_it(path, clock):
    """PROTOCOL 5.3: a failed page poisons the connection; it is opened anew."""
    with enrolled_store(path) as store:
        fill(store, clock)
    original = path.read_bytes()
    with open_store(path, STORE_KEY) as store:
        damaged = bytearray(original)
        for page in range(1, len(original) // 8192):
            damaged[page * 8192 + 100] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(StoreDamaged):
            content(store)

        path.write_bytes(original)

        assert len(store.ledger.links(1, 100)) == 20


def test_a_store_of_a_later_program_is_left_alone(path, store):
    connection = store._connections.here  # noqa: SLF001 - pretends to be a later program
    connection.insert(
        "_sqlite_migrations",
        {"migration_set": "store", "name": "from_the_future", "applied_at": "2030-01-01"},
    )

    with pytest.raises(StoreNewer):
        open_store(path, STORE_KEY)


def test_steps_already_taken_are_not_taken_again(path, centre):
    with enrolled_store(path, centre) as store:
        append(store)

    with open_store(path, STORE_KEY) as store:
        assert store.ledger.head().seq == 1


def test_a_step_that_fails_leaves_the_file_as_it_was(path):
    open_store(path, STORE_KEY).close()
    good, broken = "CREATE TABLE half_done (id INTEGER)", "CREATE TABLE nothing"

    connection = connect(path, STORE_KEY, 1000)
    with pytest.raises(StoreError):
        migrate(connection, path, {**STEPS, "good": (good,), "broken": (broken,)})
    tables = connection.rows("SELECT name FROM sqlite_master")
    connection.close()

    assert {"name": "half_done"} not in tables
    open_store(path, STORE_KEY).close()
