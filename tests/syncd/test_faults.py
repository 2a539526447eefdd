"""What goes wrong outside: full disk, another process, kill -9. Nothing committed is lost."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest

from core.wire.chain import Head, follow
from core.wire.identity import certificate_hash
from syncd.store.database import open_store
from syncd.store.driver import connect
from syncd.store.fault import StoreDamaged, StoreFull, StoreLocked
from tests.syncd.machine import (
    BOOT,
    LOG_KEY,
    STORE_KEY,
    TestClock,
    append,
    append_until_full,
    enrolled_store,
)

KILLS = 12
WRITER = """
import sys
import time
from pathlib import Path
from syncd.store.database import open_store
from tests.syncd.machine import STORE_KEY, append
with open_store(Path(sys.argv[1]), STORE_KEY) as store:
    print("open", flush=True)
    for _ in range(int(sys.argv[2])):
        print(append(store).event.seq, flush=True)
    if sys.argv[3:]:
        time.sleep(3600)
"""


def check_chain(store):
    """The whole log holds; its length."""
    identity = store.identity.read()
    root = Head(inc=1, seq=0, hash=certificate_hash(identity.certificate))
    frames = [link.frame for link in store.ledger.links(1, 100_000)]
    links, broken = follow(frames, LOG_KEY.public, identity.device, root)
    assert broken is None
    assert (links[-1].head if links else root) == store.ledger.head()
    assert store.outbox.pending() == len(links)
    return len(links)


def test_every_commit_waits_for_the_disk(store):
    """What the power-cut harness shows holds for this setting; here the product has it."""
    connection = store._connections.here  # noqa: SLF001 - no product setting may weaken it
    names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "recursive_triggers")

    modes = [next(iter(connection.rows(f"PRAGMA {name}")[0].values())) for name in names]

    assert modes == ["wal", 2, 1, 0, 1]


def fill_up(path):
    """Write into a file until no byte fits any more."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def writer(path, count, *, stay=False):
    """A process of its own that appends and says each number after its commit."""
    command = [sys.executable, "-c", WRITER, str(path), str(count), *["stay"] * stay]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_on_a_full_disk_nothing_is_lost_and_writing_goes_on_once_there_is_space(small_disk):
    """PROTOCOL 4.2, disk full: acked rows readable, works again."""
    path = small_disk / "kiosk.db"
    with enrolled_store(path) as store:
        (small_disk / "ballast").write_bytes(bytes(500_000))
        written = append_until_full(store)

        assert store.ledger.head().seq == written
        assert check_chain(store) == written
        with pytest.raises(StoreFull):
            append(store)

        (small_disk / "ballast").unlink()

        assert append(store).event.seq == written + 1
        store.check()
    with open_store(path, STORE_KEY) as again:
        assert check_chain(again) == written + 1


def test_a_store_on_a_full_disk_can_still_be_opened_and_read(small_disk):
    path = small_disk / "kiosk.db"
    with enrolled_store(path) as store:
        append(store)
    fill = small_disk / "ballast"
    fill_up(fill)
    # Reading needs the shared-memory index: its pages are what a real disk always has left.
    os.truncate(fill, fill.stat().st_size - 64 * 1024)

    with open_store(path, STORE_KEY) as store:
        assert store.ledger.head().seq == 1


def test_a_locked_store_is_told_after_the_waiting_time_and_works_afterwards(path):
    with enrolled_store(path):
        pass
    other = connect(path, STORE_KEY, 100)
    with open_store(path, STORE_KEY, busy_ms=50) as store:
        other.begin()
        started = time.monotonic()

        with pytest.raises(StoreLocked):
            append(store)
        waited = time.monotonic() - started
        other.rollback()

        assert 0.04 < waited < 5
        assert append(store).event.seq == 1
    other.close()


def test_two_processes_append_to_one_chain_without_gaps(path):
    enrolled_store(path).close()

    programs = [writer(path, 60), writer(path, 60)]
    outputs = [program.communicate(timeout=60)[0].split()[1:] for program in programs]

    numbers = sorted(int(each) for output in outputs for each in output)
    with open_store(path, STORE_KEY) as store:
        assert check_chain(store) == 120
        assert not store.unclean
    assert numbers == list(range(1, 121))
    assert all(program.returncode == 0 for program in programs)


def test_threads_have_a_connection_each_and_share_the_chain(store):
    def work():
        for _ in range(20):
            append(store)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert check_chain(store) == 60


def test_a_commit_elsewhere_is_noticed(path, store):
    before = store.data_version()
    append(store)
    own = store.data_version()
    with open_store(path, STORE_KEY) as other:
        append(other)

    assert own == before
    assert store.data_version() != before


def test_kill_minus_nine_loses_nothing_that_was_told(path, seed):
    """PROTOCOL 4.2, kill -9: every number told after a commit is in the log."""
    rng = random.Random(seed)  # noqa: S311 - replayable
    enrolled_store(path).close()
    told = 0
    for _ in range(KILLS):
        program = writer(path, 100_000)
        program.stdout.readline()
        threading.Timer(rng.uniform(0.005, 0.15), program.send_signal, [signal.SIGKILL]).start()
        told = max([told, *(int(line) for line in program.stdout if line.endswith("\n"))])
        program.wait()
        program.stdout.close()

        with open_store(path, STORE_KEY) as store:
            assert store.unclean
            assert store.ledger.head().seq >= told
            told = store.ledger.head().seq
            assert check_chain(store) == told
    with open_store(path, STORE_KEY) as store:
        assert not store.unclean


def test_after_an_unclean_stop_a_log_that_was_tampered_with_is_not_opened(path, store):
    """PROTOCOL 5.3: chain check of the last 200 events; here one was taken out of the middle."""
    for _ in range(3):
        append(store)
    connection = store._connections.here  # noqa: SLF001 - what only an intruder would do
    connection.run("PRAGMA foreign_keys = OFF")
    connection.run("DROP TRIGGER event_undeleted")
    connection.run("DELETE FROM event WHERE seq = 2")
    connection.run("UPDATE opening SET pid = 1, started = 0")

    with pytest.raises(StoreDamaged, match="chain"):
        open_store(path, STORE_KEY)


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("DELETE FROM outbox", "outbox"),
        ("DROP TRIGGER event_unchanged; UPDATE event SET hash = zeroblob(32)", "chain"),
        ("DROP TRIGGER event_unchanged; UPDATE event SET signature = zeroblob(64)", "chain"),
        ("DROP TRIGGER event_unchanged; UPDATE event SET body = x'80'", "entry"),
    ],
)
def test_the_check_sees_what_does_not_fit(store, sql, what):
    append(store)
    for statement in sql.split(";"):
        store._connections.here.run(statement)  # noqa: SLF001 - what only an intruder would do

    with pytest.raises(StoreDamaged, match=what):
        store.check()


def test_a_program_that_still_runs_is_not_taken_for_a_crashed_one(path):
    enrolled_store(path).close()
    with writer(path, 1, stay=True) as program:
        try:
            assert [program.stdout.readline() for _ in range(2)] == ["open\n", "1\n"]

            with open_store(path, STORE_KEY) as store:
                unclean = store.unclean
                store.check()
        finally:
            program.kill()

    assert not unclean


def test_another_boot_means_the_power_went(path):
    store = enrolled_store(path)
    store._connections.here.run("UPDATE opening SET boot = zeroblob(8)")  # noqa: SLF001

    with open_store(path, STORE_KEY) as again:
        assert again.unclean
    store.close()


def test_a_key_held_by_nobody_else_opens_after_every_way_of_closing(path):
    store = enrolled_store(path)
    append(store, BOOT, TestClock()())
    store.close()

    with open_store(path, STORE_KEY) as again:
        assert again.ledger.head().seq == 1
