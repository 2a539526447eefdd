"""Who verifies uploads for the server: processes of its own, or threads (ADR 0020).

Python runs one thread at a time: verification beside the event loop and the writer would take turns
with both. A process that dies or hangs is replaced, and its questions are asked again elsewhere.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import msgspec
import structlog

from server.examiner import (
    LENGTH_BYTES,
    Examined,
    Question,
    look_at,
    message,
    read_answer,
)
from server.store.writer import BusyError
from server.upload import Incarnations

THREADS = 2
AT_ONCE = 16  # with each process: one is being answered, the next ones lie ready
ATTEMPTS = 3
ANSWER_S = 20.0
LOOKS = 8  # at a process, in the time it may take to answer
RESTART_S = 0.2
log = structlog.get_logger()


class ExaminerError(Exception):
    """A process went away before it answered."""


class Examiners(Protocol):
    """Runs from `start` to `stop`."""

    async def start(self) -> None:
        """Begin to take questions."""

    async def stop(self) -> None:
        """End; nothing is asked any more."""

    async def examine(self, data: bytes, dev: bytes, known: Incarnations) -> Examined:
        """As `server.examiner.look_at`.

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

    async def examine(self, data: bytes, dev: bytes, known: Incarnations) -> Examined:
        """As `server.examiner.look_at`."""
        asked = Question(dev=dev, incarnations=dict(known), data=data)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, look_at, asked)


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
        self._watching: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self) -> None:
        """Start them all."""
        for _ in range(self._count):
            await self._add()
        self._watching = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """End them all."""
        self._stopping = True
        tasks = [*self._starting, *([self._watching] if self._watching else ())]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(each.stop() for each in list(self._alive)))

    @property
    def ids(self) -> tuple[int, ...]:
        """Process ids of those that live."""
        return tuple(each.id for each in self._alive)

    async def examine(self, data: bytes, dev: bytes, known: Incarnations) -> Examined:
        """As `server.examiner.look_at`, asked again elsewhere when a process goes away.

        Raises:
            BusyError: That happened too often.
        """
        asked = Question(dev=dev, incarnations=dict(known), data=data)
        question = message(msgspec.msgpack.encode(asked))
        for _ in range(ATTEMPTS):
            async with self._places:
                process = await self._free()
                try:
                    return read_answer(await process.ask(question), data)
                except ExaminerError:
                    pass
        raise BusyError("examiners")

    async def _watch(self) -> None:
        """End what hangs: what it was asked is then asked again elsewhere."""
        while True:
            await asyncio.sleep(self._answer_s / LOOKS)
            for each in self._alive:
                if each.silent_s > self._answer_s:
                    each.kill()

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


class _Process(asyncio.Protocol):
    """One process and the socket to it; answers come in the order of the questions."""

    def __init__(
        self, process: subprocess.Popen[bytes], lost: Callable[["_Process"], None]
    ) -> None:
        """Use `start`."""
        self.transport: asyncio.Transport
        self._process = process
        self._lost = lost
        self._asked: deque[asyncio.Future[bytes]] = deque()
        self._unsent: list[bytes] = []
        self._heard_s = 0.0
        self._came = bytearray()
        self._gone: asyncio.Task[None] | None = None
        self._closed = asyncio.Event()

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
        loop = asyncio.get_running_loop()
        transport, made = await loop.create_connection(lambda: cls(process, lost), sock=ours)
        made.transport = transport
        return made

    @property
    def id(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def waiting(self) -> int:
        """Questions without an answer."""
        return len(self._asked)

    @property
    def silent_s(self) -> float:
        """For how long it has had something to answer and did not."""
        return time.monotonic() - self._heard_s if self._asked else 0.0

    async def ask(self, question: bytes) -> bytes:
        """The answer to a message.

        Raises:
            ExaminerError: The process is gone.
        """
        if not self._asked:
            self._heard_s = time.monotonic()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bytes] = loop.create_future()
        self._asked.append(answer)
        # What is asked in one turn of the loop goes out together: each call of the system costs
        # more than what it does, as the writer takes the interpreter meanwhile.
        if not self._unsent:
            loop.call_soon(self._send)
        self._unsent.append(question)
        return await answer

    def _send(self) -> None:
        self.transport.write(b"".join(self._unsent))
        self._unsent.clear()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    async def stop(self) -> None:
        """End it; it has nothing to answer."""
        self.transport.close()
        await self._closed.wait()

    def data_received(self, data: bytes) -> None:
        """Some of an answer, or of several."""
        self._came += data
        while len(self._came) >= LENGTH_BYTES:
            end = LENGTH_BYTES + int.from_bytes(self._came[:LENGTH_BYTES], "big")
            if len(self._came) < end:
                return
            content = bytes(self._came[LENGTH_BYTES:end])
            del self._came[:end]
            self._heard_s = time.monotonic()
            answer = self._asked.popleft()
            if not answer.done():  # whoever asked has given up
                answer.set_result(content)

    def connection_lost(self, _: Exception | None) -> None:
        """It is gone, or told to go."""
        self._gone = asyncio.get_running_loop().create_task(self._bury())

    async def _bury(self) -> None:
        self.kill()
        await asyncio.to_thread(self._process.wait)
        self._lost(self)
        for answer in self._asked:
            if not answer.done():
                answer.set_exception(ExaminerError("gone"))
        self._closed.set()
