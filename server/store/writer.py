"""The one thread that writes: it drains a bounded queue and commits in groups (PROTOCOL 6).

Uploads of a group are appended together, other work runs beside them in the same transaction. When
the group fails, each piece is tried alone, so that only the one at fault does.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from server.store.line import Line

T = TypeVar("T")
Append = Callable[[Connection, Sequence[Any]], Sequence[Any]]
"""Stores uploads in the order given; one outcome for each."""
GROUP_AT_MOST = 64
GATHER_S = 0.1
JOIN_S = 30.0
PAUSE_S = 0.02
REST_S = 5.0
log = structlog.get_logger()


class StoreError(Exception):
    """The database refused, is full, or cannot be reached; nothing of this piece was stored."""


class BusyError(StoreError):
    """More waits for the writer than it takes; try again later."""


class Chore(Protocol):
    """Work of the writer's own between groups, each time in a transaction of its own."""

    @property
    def wanted(self) -> bool:
        """Whether there may be something to do."""

    @property
    def due(self) -> bool:
        """Whether to do it now, when nothing waits."""

    @property
    def pressing(self) -> bool:
        """Whether to do it now, whatever waits."""

    def __call__(self, connection: Connection) -> None:
        """Do some of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One upload to append, or one piece of other work; exactly one of them is set."""

    upload: Any
    work: Callable[[Connection], Any] | None
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Failure:
    error: Exception


class Writer:
    """Runs from `start` to `stop`."""

    def __init__(
        self,
        transaction: Callable[[], AbstractContextManager[Connection]],
        append: Append,
        *,
        waiting_at_most: int,
        chore: Chore | None = None,
        worth_waiting_for: Callable[[], int] = lambda: 1,
    ) -> None:
        """``transaction`` begins a writing transaction and commits at its end.

        A group begun waits a little until ``worth_waiting_for`` pieces are there: a commit costs
        the same for one as for many.
        """
        self._transaction = transaction
        self._append = append
        self._chore = chore
        self._worth_waiting_for = worth_waiting_for
        self._resting_until_s = 0.0
        self._waiting_at_most = waiting_at_most
        self._line = Line[_Job]()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    @property
    def waiting(self) -> int:
        """Pieces in the queue."""
        return len(self._line)

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end the thread."""
        self._line.end()
        self._thread.join(JOIN_S)

    async def append(self, upload: object) -> object:
        """What became of the upload, once it is committed.

        Raises:
            BusyError: The queue is full.
            StoreError: It could not be stored.
        """
        return await self._submit(upload, None)

    async def run(self, work: Callable[[Connection], T]) -> T:
        """The result of ``work``, once it is committed; what it raises rolls back only itself.

        Raises:
            BusyError: The queue is full.
            StoreError: The database refused.
        """
        answer: T = await self._submit(None, work)
        return answer

    def _submit(
        self, upload: object, work: Callable[[Connection], Any] | None
    ) -> asyncio.Future[Any]:
        if len(self._line) >= self._waiting_at_most:
            raise BusyError("queue_full")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        self._line.put(_Job(upload=upload, work=work, loop=loop, answer=answer))
        return answer

    def _run(self) -> None:
        while group := self._next():
            self._gather(group)
            self._write(group)
            if self._chore is not None and self._chore.pressing and not self._line.ended:
                self._do(self._chore)

    def _gather(self, group: list[_Job]) -> None:
        """Add to a group what waits, and what is worth waiting for."""

        def lacking() -> int:
            return min(self._worth_waiting_for(), GROUP_AT_MOST) - len(group)

        self._line.wait(lacking, GATHER_S)
        group += self._line.take(GROUP_AT_MOST - len(group))

    def _next(self) -> list[_Job]:
        """The next piece, alone; until it comes, the chore is done. Empty: no more come."""
        while True:
            chore = self._chore
            if chore is None or not chore.wanted:
                self._line.wait(_one)
            elif not chore.due:
                self._line.wait(_one, PAUSE_S)
            ended, group = self._line.ended, self._line.take(1)
            if group or ended:
                return group
            if chore is not None and chore.due and not self._do(chore):
                time.sleep(PAUSE_S)

    def _do(self, chore: Chore) -> bool:
        """Some of the chore, unless it failed a moment ago."""
        if time.monotonic() < self._resting_until_s:
            return False
        try:
            with self._transaction() as connection:
                chore(connection)
        except Exception as error:  # noqa: BLE001 - uploads go on, and it is tried again
            # Not the exception itself: it may hold a row, and rows are personal data.
            cause = type(error).__name__
            log.error("chore_failed", cause=cause)  # noqa: TRY400
            self._resting_until_s = time.monotonic() + REST_S
            return False
        return True

    def _write(self, group: Sequence[_Job]) -> None:
        answers = self._attempt(group)
        if len(group) > 1 and isinstance(answers[0], _Failure):
            answers = [answer for job in group for answer in self._attempt([job])]
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
        for job, answer in zip(group, answers, strict=True):
            by_loop.setdefault(job.loop, []).append((job.answer, answer))
        for loop, pairs in by_loop.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_deliver, pairs)

    def _attempt(self, group: Sequence[_Job]) -> list[Any]:
        """One answer per job, committed; or the same `_Failure` for all, and nothing was stored."""
        try:
            with self._transaction() as connection:
                uploads = [job.upload for job in group if job.work is None]
                appended = iter(self._append(connection, uploads) if uploads else ())
                answers = [
                    next(appended) if job.work is None else job.work(connection) for job in group
                ]
        except SQLAlchemyError as error:
            failure = StoreError("database")
            failure.__cause__ = error
            return [_Failure(failure)] * len(group)
        except Exception as error:  # noqa: BLE001 - handed to whoever awaits it, as an executor does
            return [_Failure(error)] * len(group)
        return answers


def _one() -> int:
    return 1


def _deliver(pairs: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for future, answer in pairs:
        if future.done():  # whoever asked has gone away; the work stands
            continue
        if isinstance(answer, _Failure):
            future.set_exception(answer.error)
        else:
            future.set_result(answer)
