"""One thread writes, in groups; one bad piece never takes others with it (PROTOCOL 6)."""

import asyncio
import threading
import time

import pytest
from sqlalchemy import insert, select, text

from server.store.database import open_store
from server.store.migrate import migrate
from server.store.settings import read_setting, write_setting
from server.store.tables import setting
from server.store.writer import BusyError, StoreError
from tests.server.running import read_rows


@pytest.fixture
def writing(store):
    """A store whose writer runs."""
    store.writer.start()
    return store


def put(name):
    def work(connection):
        write_setting(connection, name, b"x")
        return name

    return work


def names(store):
    with store.reading() as connection:
        return {row["name"] for row in read_rows(connection, setting)} - {"epoch", "judged"}


async def together(store, *works):
    """Results or exceptions of pieces that reach the writer as one group."""
    hold, held = threading.Event(), threading.Event()

    def block(_):
        held.set()
        hold.wait(60)

    first = asyncio.create_task(store.write(block))
    await asyncio.to_thread(held.wait, 10)
    waiting = [asyncio.create_task(store.write(work)) for work in works]
    await asyncio.sleep(0)
    hold.set()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_every_piece_of_a_group_gets_its_own_result(writing):
    results = await together(writing, *(put(f"n{number}") for number in range(10)))

    assert results == [f"n{number}" for number in range(10)]
    assert names(writing) == set(results)


async def test_given_a_piece_that_raises_then_only_it_is_rolled_back(writing):
    def fails(connection):
        write_setting(connection, "half", b"x")
        raise LookupError("no such thing")

    results = await together(writing, put("before"), fails, put("after"))

    assert isinstance(results[1], LookupError)
    assert names(writing) == {"before", "after"}


async def test_what_the_database_refuses_is_a_fault_of_the_store(writing):
    def twice(connection):
        connection.execute(insert(setting).values(name="epoch", value=b"again"))

    results = await together(writing, put("before"), twice, put("after"))

    assert isinstance(results[1], StoreError)
    assert results[1].__cause__ is not None
    assert names(writing) == {"before", "after"}


async def test_a_full_queue_says_so_at_once(database_url):
    store = open_store(database_url, waiting_at_most=0)

    with pytest.raises(BusyError):
        await store.write(put("never"))

    store.close()


class Gathering:
    """A store whose writer waits for two pieces; when it begins to wait, the second one comes."""

    def __init__(self, database_url):
        self.groups = []
        self.second = None
        self.loop = asyncio.get_running_loop()
        self.store = open_store(database_url, self.append, worth_waiting_for=self.worth_waiting_for)
        migrate(self.store)
        self.store.writer.start()

    def append(self, _, uploads):
        self.groups.append(list(uploads))
        return uploads

    def worth_waiting_for(self):
        if self.second is None:
            self.second = asyncio.run_coroutine_threadsafe(self.store.writer.append(2), self.loop)
            while not self.store.writer.waiting:
                time.sleep(0)
        return 2


async def test_in_a_rush_a_group_waits_until_it_is_worth_its_commit(database_url):
    gathering = Gathering(database_url)

    first = await gathering.store.writer.append(1)

    assert (first, await asyncio.wrap_future(gathering.second)) == (1, 2)
    assert gathering.groups == [[1, 2]]
    gathering.store.close()


async def test_a_group_that_never_fills_is_written_all_the_same(database_url):
    store = open_store(database_url, lambda _, uploads: uploads, worth_waiting_for=lambda: 2)
    migrate(store)
    store.writer.start()

    assert await store.writer.append("alone") == "alone"

    store.close()


async def test_a_group_that_waits_is_written_when_the_server_stops(database_url):
    store = open_store(database_url, lambda _, uploads: uploads, worth_waiting_for=lambda: 2)
    migrate(store)
    store.writer.start()
    piece = asyncio.create_task(store.writer.append("last"))
    await asyncio.sleep(0)

    await asyncio.to_thread(store.writer.stop)

    assert await piece == "last"
    store.close()


async def test_what_waits_when_the_server_stops_is_still_written(writing):
    pieces = [asyncio.create_task(writing.write(put(f"n{number}"))) for number in range(200)]
    await asyncio.sleep(0)

    await asyncio.to_thread(writing.writer.stop)

    assert len(names(writing)) == 200
    assert await asyncio.gather(*pieces) == [f"n{number}" for number in range(200)]


async def test_a_piece_nobody_waits_for_any_more_is_written(writing):
    piece = asyncio.create_task(writing.write(put("alone")))
    await asyncio.sleep(0)
    piece.cancel()

    await writing.write(put("behind"))

    assert names(writing) == {"alone", "behind"}


async def test_uploads_need_a_store_that_was_opened_with_a_log(writing):
    with pytest.raises(TypeError):
        await writing.writer.append(object())


def test_a_reader_sees_one_state_from_beginning_to_end(store):
    with store.writing() as connection:
        write_setting(connection, "n", b"1")

    with store.reading() as reader:
        before = read_setting(reader, "n")
        with store.writing() as connection:
            write_setting(connection, "n", b"2")
        during = read_setting(reader, "n")
    with store.reading() as reader:
        after = read_setting(reader, "n")

    assert (before, during, after) == (b"1", b"1", b"2")


def test_writers_of_two_processes_take_turns(store, database_url):
    other = open_store(database_url)
    order = []
    entered = threading.Event()

    def second():
        entered.wait(60)
        with other.writing() as connection:
            order.append(("second", read_setting(connection, "n")))

    thread = threading.Thread(target=second)
    thread.start()
    with store.writing() as connection:
        entered.set()
        thread.join(0.3)
        write_setting(connection, "n", b"1")
        order.append(("first", b"1"))
    thread.join(60)
    other.close()

    assert order == [("first", b"1"), ("second", b"1")]


def test_sqlite_really_waits_for_the_disk(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'server.db'}")

    with store.reading() as connection:
        modes = [
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        ]

    store.close()
    assert modes == ["wal", 2, 1, 1]


def test_postgresql_really_waits_for_the_disk(postgresql_url):
    store = open_store(postgresql_url)

    with store.reading() as connection:
        waits = connection.execute(text("SHOW synchronous_commit")).scalar_one()
        level = connection.execute(text("SHOW transaction_isolation")).scalar_one()
        one = connection.execute(select(1)).scalar_one()

    store.close()
    assert (waits, level, one) == ("on", "repeatable read", 1)
