"""Who is connected without asking anything: such connections are closed after a while.

A request has a deadline of its own; a connection on which none ever arrives whole would otherwise
stay for ever, and enough of them would keep everybody else out.
"""

import asyncio
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from aiohttp import web

SWEEP_S = 2.0
FIRST_REQUEST_S = 20.0
BETWEEN_REQUESTS_S = 90.0
Connection = web.RequestHandler


class Attendance:
    """Notes when each connection was last of use."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        """``now_s`` counts seconds; it never steps."""
        self._now_s = now_s
        self._met: dict[Connection, float] = {}
        self._served: dict[Connection, float] = {}
        self._busy: Counter[Connection] = Counter()

    @contextmanager
    def serving(self, connection: Connection) -> Iterator[None]:
        """A request arrived on it, and is being answered."""
        self._busy[connection] += 1
        try:
            yield
        finally:
            self._busy[connection] -= 1
            if not self._busy[connection]:
                del self._busy[connection]
            self._served[connection] = self._now_s()

    def sweep(self, connections: Sequence[Connection]) -> int:
        """Close those that were silent for too long; how many."""
        now = self._now_s()
        closed = 0
        here = set(connections)
        for known in (self._met, self._served):
            for gone in known.keys() - here:
                del known[gone]
        for each in connections:
            met = self._met.setdefault(each, now)
            if each in self._busy:
                continue
            served = self._served.get(each)
            late = (
                now - met > FIRST_REQUEST_S
                if served is None
                else (now - served > BETWEEN_REQUESTS_S)
            )
            if late and each.transport is not None:
                each.transport.abort()
                closed += 1
        return closed

    async def keep_sweeping(self, connections: Callable[[], Sequence[Connection]]) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_S)
            self.sweep(connections())


ATTENDANCE: web.AppKey[Attendance] = web.AppKey("attendance", Attendance)


def allow_many_connections() -> None:
    """As many open files as the system lets this process have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
