"""Who verifies uploads for the server: processes of its own, or threads (ADR 0020).

Python runs one thread at a time: verification beside the event loop and the writer would take turns
with both. A process that dies or hangs is replaced, and its questions are asked again elsewhere.
"""

import asyncio
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import msgspec
import structlog

from server.examiner import LENGTH_BYTES, Question, message, read_answer
from server.store.writer import BusyError
from server.upload import Incarnations, Unusable, Upload, examine

THREADS = 2
AT_ONCE = 2  # with each process: one is being answered, the next lies ready
ATTEMPTS = 3
ANSWER_S = 20.0
RESTART_S = 0.2
BUFFER_BYTES = 1024 * 1024
log = structlog.get_logger()


class ExaminerError(Exception):
    """A process went away before it answered."""


class Examiners(Protocol):
    """Runs from `start` to `stop`."""

    async def start(self) -> None:
        """Begin to take questions."""

    async def stop(self) -> None:
        """End; nothing is asked any more."""

    async def examine(self, data: bytes, dev: bytes, known: Incarnations) -> Upload | Unusable:
        """As `server.upload.examine`.

        Raises:
            BusyError: Nobody could answer; it may work later.
        """


class ExaminingThreads:
    """Threads of this process."""

    def __init__(self) -> None:
        """`start` begins."""
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="examiner")

    async def start(self) -> None:
        """Nothing to do: threads begin when they are needed."""

    async def stop(self) -> None:
        """End the threads."""
        self._pool.shutdown()

    async def examine(self, data: bytes, dev: bytes, known: Incarnations) -> Upload | Unusable:
        """As `server.upload.examine`."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, examine, data, dev, known)


class ExaminingProcesses:
    """So many processes."""

    def __init__(self, count: int, *, answer_s: float = ANSWER_S) -> None:
        """`start` begins; what takes longer than ``answer_s`` to answer hangs."""
        self._count = count
        self._answer_s = answer_s
        self._places = asyncio.Semaphore(count * AT_ONCE)
        self._alive: list[_Process] = []
        self._some = asyncio.Event()
        self._starting: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def start(self) -> None:
        """Start them all."""
        for _ in range(self._count):
            await self._add()

    async def stop(self) -> None:
        """End them all."""
        self._stopping = True
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(each.stop() for each in list(self._alive)))

    @property
    def ids(self) -> tuple[int, ...]:
        """Process ids of those that live."""
        return tuple(each.id for each in self._alive)

    async def examine(self, data: bytes, dev: bytes, known: Incarnations) -> Upload | Unusable:
        """As `server.upload.examine`, asked again elsewhere when a process goes away.

        Raises:
            BusyError: That happened too often.
        """
        asked = Question(dev=dev, incarnations=dict(known), data=data)
        question = message(msgspec.msgpack.encode(asked))
        for _ in range(ATTEMPTS):
            async with self._places:
                process = await self._free()
                try:
                    async with asyncio.timeout(self._answer_s):
                        return read_answer(await process.ask(question), data)
                except TimeoutError:
                    process.kill()
                except ExaminerError:
                    pass
        raise BusyError("examiners")

    async def _free(self) -> "_Process":
        while not self._alive:
            self._some.clear()
            await self._some.wait()
        return min(self._alive, key=lambda each: each.waiting)

    async def _add(self) -> None:
        self._alive.append(await _Process.start(self._lost))
        self._some.set()

    def _lost(self, process: "_Process") -> None:
        self._alive.remove(process)
        if self._stopping:
            return
        log.error("examiner_lost", alive=len(self._alive))
        task = asyncio.create_task(self._replace())
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _replace(self) -> None:
        while True:
            await asyncio.sleep(RESTART_S)
            try:
                return await self._add()
            except OSError as error:
                log.warning("examiner_not_started", cause=type(error).__name__)


class _Process:
    """One process and the socket to it; answers come in the order of the questions."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        lost: Callable[["_Process"], None],
    ) -> None:
        """Use `start`."""
        self._process = process
        self._reader, self._writer = streams
        self._lost = lost
        self._asked: deque[asyncio.Future[bytes]] = deque()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, lost: Callable[["_Process"], None]) -> "_Process":
        """A new one; ``lost`` is told when it is gone.

        Raises:
            OSError: The system has no room for it.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            descriptor = theirs.fileno()
            process = subprocess.Popen(  # noqa: ASYNC220, S603 - this very program, a few times
                [sys.executable, "-m", "server.examiner", str(descriptor)],
                pass_fds=[descriptor],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        streams = await asyncio.open_connection(sock=ours, limit=BUFFER_BYTES)
        return cls(process, streams, lost)

    @property
    def id(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def waiting(self) -> int:
        """Questions without an answer."""
        return len(self._asked)

    async def ask(self, question: bytes) -> bytes:
        """The answer to a message.

        Raises:
            ExaminerError: The process is gone.
        """
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        self._writer.write(question)
        return await answer

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    async def stop(self) -> None:
        """End it; it has nothing to answer."""
        self._writer.close()
        await self._listening

    async def _listen(self) -> None:
        try:
            while True:
                length = int.from_bytes(await self._reader.readexactly(LENGTH_BYTES), "big")
                content = await self._reader.readexactly(length)
                answer = self._asked.popleft()
                if not answer.done():  # whoever asked has given up
                    answer.set_result(content)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        self._writer.close()
        self.kill()
        await asyncio.to_thread(self._process.wait)
        self._lost(self)
        for answer in self._asked:
            if not answer.done():
                answer.set_exception(ExaminerError("gone"))
