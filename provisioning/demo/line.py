"""The network line between the stations and the server, as bad as asked for.

Cut, slow, and losing answers after they count.

A TCP relay in a thread of its own. A lost answer is the case that matters most: the server has
stored the batch, the station
does not know it.
"""

import asyncio
import contextlib
import random
import threading
from dataclasses import dataclass, field

CHUNK = 16 * 1024
READY_S = 10.0


@dataclass(slots=True)
class Tally:
    """What the line did to its connections."""

    carried: int = 0
    refused: int = 0
    cut: int = 0
    answers_lost: int = 0


@dataclass(slots=True)
class Line:
    """Relays 127.0.0.1:``port`` to ``target``; ``lose`` and ``cut`` are chances per connection."""

    target: tuple[str, int]
    seed: int
    lose: float = 0.0
    cut: float = 0.0
    up: bool = True
    tally: Tally = field(default_factory=Tally)
    port: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _over: asyncio.Event | None = None
    _thread: threading.Thread | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def start(self) -> int:
        """Begin to listen; gives the port."""
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(ready)), daemon=True, name="line"
        )
        self._thread.start()
        if not ready.wait(READY_S):
            raise RuntimeError("the relay did not start")
        return self.port

    def go_down(self) -> None:
        """Cut every connection and refuse new ones."""
        self.up = False
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._cut_all)

    def come_up(self) -> None:
        """Let connections through again."""
        self.up = True

    def stop(self) -> None:
        """End the relay, with every connection."""
        self.go_down()
        if self._loop is not None and self._over is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(READY_S)

    async def _serve(self, ready: threading.Event) -> None:
        rng = random.Random(self.seed)  # noqa: S311 - replayable faults
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(
            lambda reader, writer: self._relay(rng, reader, writer), "127.0.0.1", 0
        )
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._over.wait()
        server.close()
        self._cut_all()

    def _cut_all(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _relay(
        self, rng: random.Random, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if not self.up:
            self.tally.refused += 1
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.target)
        except OSError:
            self.tally.refused += 1
            writer.transport.abort()
            return
        self._open |= {writer, far_writer}
        self.tally.carried += 1
        loses, cuts = rng.random() < self.lose, rng.random() < self.cut
        budget = rng.randrange(1, 4096) if cuts else None
        try:
            there = asyncio.create_task(_pump(reader, far_writer, budget))
            back = asyncio.create_task(self._answer(far_reader, writer, loses=loses))
            done, rest = await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            if there in done and budget is not None and not there.result():
                self.tally.cut += 1
            for task in rest:
                if task is there or cuts:
                    task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await asyncio.gather(*rest, return_exceptions=True)
        finally:
            for each in (writer, far_writer):
                self._open.discard(each)
                each.transport.abort()

    async def _answer(
        self, far_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, loses: bool
    ) -> None:
        if loses:
            # The request has arrived and is acted on; its answer vanishes on the way back.
            with contextlib.suppress(OSError):
                await far_reader.read(CHUNK)
            self.tally.answers_lost += 1
            return
        await _pump(far_reader, writer, None)


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, budget: int | None
) -> bool:
    """Copy until the end; False when the budget of bytes ran out first."""
    try:
        while data := await reader.read(CHUNK):
            if budget is not None:
                data, budget = data[:budget], budget - len(data)
            writer.write(data)
            await writer.drain()
            if budget is not None and budget <= 0:
                return False
    except OSError:
        return True
    return True
