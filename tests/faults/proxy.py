"""The line between a machine and its server, request by request as bad as told.

Dropped, delayed, byte by byte, torn off after any byte in either direction, asked twice, answered
in vain, never answered, answered by somebody else. In the event loop of whoever uses it.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum, auto
from types import TracebackType
from typing import Self

END_OF_HEADERS = b"\r\n\r\n"
LIMIT = 8 * 1024 * 1024
LONGEST_DELAY_S = 0.02
PAGE = "<html><body>請登入免費網路</body></html>".encode()
PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: "
    + str(len(PAGE)).encode()
    + END_OF_HEADERS
    + PAGE
)
DRIBBLED_AT_MOST = 1500  # bytes one at a time; what follows comes in one piece


class Fate(StrEnum):
    """What becomes of one request and its answer."""

    PASSED = auto()
    DROPPED = auto()
    DELAYED = auto()
    DRIBBLED = auto()
    REQUEST_TORN = auto()
    ANSWER_TORN = auto()
    ASKED_TWICE = auto()
    ANSWER_LOST = auto()
    HALF_OPEN = auto()
    PORTAL = auto()


BAD = tuple(each for each in Fate if each is not Fate.PASSED)
Choose = Callable[[], Fate]


def always_passed() -> Fate:
    """A good line."""
    return Fate.PASSED


@dataclass
class Proxy:
    """Relays to ``target``; ``choose`` decides about each request. Open it with ``async with``."""

    target: tuple[str, int]
    rng: random.Random
    choose: Choose = always_passed
    fates: Counter[Fate] = field(default_factory=Counter)
    url: str = ""
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LIMIT)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass  # one of the two went away, which is what this is about
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; False when the connection is to be cut."""
        request = await _message(reader)
        fate = self.choose()
        self.fates[fate] += 1
        if fate is Fate.HALF_OPEN:
            if self.rng.random() < 0.5:
                await self._ask(request)
            await reader.read()  # until whoever asked gives up
            return False
        answer = await self._answer(fate, request)
        await _say(writer, answer, dribbled=fate is Fate.DRIBBLED)
        return bool(answer) and fate is not Fate.ANSWER_TORN

    async def _answer(self, fate: Fate, request: bytes) -> bytes:
        """What whoever asked is to hear; nothing when the line is cut before."""
        match fate:
            case Fate.DROPPED:
                return b""
            case Fate.PORTAL:
                return PORTAL
            case Fate.REQUEST_TORN:
                await self._ask(request[: self.rng.randrange(len(request))])
                return b""
            case Fate.ASKED_TWICE:
                return self.rng.choice(await asyncio.gather(self._ask(request), self._ask(request)))
        if fate is Fate.DELAYED:
            await asyncio.sleep(self.rng.uniform(0, LONGEST_DELAY_S))
        answer = await self._ask(request, dribbled=fate is Fate.DRIBBLED)
        kept = {Fate.ANSWER_LOST: 0, Fate.ANSWER_TORN: self.rng.randrange(len(answer) or 1)}
        return answer[: kept.get(fate, len(answer))]

    async def _ask(self, request: bytes, *, dribbled: bool = False) -> bytes:
        """What the server answers; nothing when the request is not whole."""
        reader, writer = await asyncio.open_connection(*self.target, limit=LIMIT)
        try:
            await _say(writer, request, dribbled=dribbled)
            if not _is_whole(request):
                return b""
            return await _message(reader)
        finally:
            writer.transport.abort()


async def _say(writer: asyncio.StreamWriter, data: bytes, *, dribbled: bool) -> None:
    if dribbled:
        for place in range(min(len(data), DRIBBLED_AT_MOST)):
            writer.write(data[place : place + 1])
            await writer.drain()
            await asyncio.sleep(0)
        data = data[DRIBBLED_AT_MOST:]
    writer.write(data)
    with suppress(OSError):
        await writer.drain()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """Headers and a body whose length they state."""
    head = await reader.readuntil(END_OF_HEADERS)
    return head + await reader.readexactly(_length(head))


def _is_whole(message: bytes) -> bool:
    head, end, body = message.partition(END_OF_HEADERS)
    return bool(end) and len(body) >= _length(head)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
