"""The server's database: many readers, one writer at a time, in this process and among others."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from server.store import dialect
from server.store.writer import Append, Chore, StoreError, Writer

T = TypeVar("T")
READERS = 4
WAITING_AT_MOST = 2_000


class Store:
    """An open database. Commands use `reading` and `writing`, the server `read` and `write`."""

    def __init__(
        self,
        engine: Engine,
        writer: Callable[[Callable[[], AbstractContextManager[Connection]]], Writer],
    ) -> None:
        """Use `open_store`."""
        self.engine = engine
        self._for_reading = dialect.reading(engine)
        self._for_writing = dialect.writing(engine)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self.writer = writer(self.writing)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the database, for as long as it is open."""
        with self._for_reading.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The only writing transaction of all processes; commits unless something is raised."""
        with self._for_writing.begin() as connection:
            dialect.lock(connection)
            yield connection

    @contextmanager
    def serving_alone(self, wait_s: float) -> Iterator[bool]:
        """Whether this is the only server on the database, and for as long as it is open."""
        with dialect.serving_alone(self.engine, wait_s) as alone:
            yield alone

    async def read(self, work: Callable[[Connection], T]) -> T:
        """The result of ``work``, which must not write.

        Raises:
            StoreError: The database cannot be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """The result of ``work``, once it is committed by the writer.

        Raises:
            BusyError: Too much waits for the writer.
            StoreError: The database refused.
        """
        return await self.writer.run(work)

    def close(self) -> None:
        """End the threads and the connections."""
        if self.writer.alive:
            self.writer.stop()
        self._readers.shutdown()
        self.engine.dispose()

    def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            with self.reading() as connection:
                return work(connection)
        except SQLAlchemyError as error:
            raise StoreError("database") from error


def _appends_nothing(_: Connection, uploads: Sequence[Any]) -> Sequence[Any]:
    raise TypeError(f"{len(uploads)} uploads reached a store that was opened without a log")


def open_store(
    url: str,
    append: Append = _appends_nothing,
    *,
    waiting_at_most: int = WAITING_AT_MOST,
    chore: Chore | None = None,
    worth_waiting_for: Callable[[], int] = lambda: 1,
) -> Store:
    """The database at ``url``; the rest is for its `Writer`, which the running server starts."""

    def writer(transaction: Callable[[], AbstractContextManager[Connection]]) -> Writer:
        return Writer(
            transaction,
            append,
            waiting_at_most=waiting_at_most,
            chore=chore,
            worth_waiting_for=worth_waiting_for,
        )

    return Store(dialect.make_engine(url), writer)
