"""The task that sends: one message after the other, one timer for each channel (DESIGN D18).

Between taking and marking a crash repeats a message at most, under the same name. What cannot be
sent now waits with full jitter; the other side's wish to wait is obeyed.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import structlog
from sqlalchemy import Connection

from server.metrics import Metrics
from server.notifying import postbox
from server.notifying.delivery import Outcome, Parcel, PutOff, Refused, Sent
from server.notifying.postbox import Taken
from server.notifying.queue import Channel
from server.store.database import Store
from server.store.writer import StoreError

FIRST_MS = 1_000
CAP_MS = 15 * 60_000
POLL_S = 2.0
REST_S = 10.0
AT_A_TIME = 50
DOUBLINGS_AT_MOST = 20
SECOND_MS = 1000
log = structlog.get_logger()


class Way(Protocol):
    """A channel as the sender knows it."""

    async def send(self, parcel: Parcel) -> Outcome:
        """One try."""

    async def rest(self) -> None:
        """Nothing more for now."""


@dataclass(slots=True, kw_only=True)
class _Lane:
    """A channel, and how long it rests after failures."""

    channel: Channel
    way: Way
    failures: int = 0
    not_before_ms: int = 0


@dataclass(slots=True, kw_only=True)
class Sender:
    """Runs from `run` until cancelled; `wake` shortens the wait.

    ``chance`` gives a number from 0 up to 1. ``month`` is what LINE may send in a month, ``public``
    where anybody may check a receipt.
    """

    store: Store
    ways: Mapping[Channel, Way]
    contact_key: bytes = field(repr=False)
    month: int
    metrics: Metrics
    now_ms: Callable[[], int]
    chance: Callable[[], float]
    poll_s: float = POLL_S
    public: str = ""
    _lanes: list[_Lane] = field(init=False)
    _news: asyncio.Event = field(init=False, default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._lanes = [_Lane(channel=channel, way=way) for channel, way in self.ways.items()]

    def wake(self) -> None:
        """Something new waits."""
        self._news.set()

    async def run(self) -> None:
        """Send whatever is due, until cancelled."""
        while True:
            pause = self.poll_s
            try:
                await self.round()
            except StoreError as error:
                log.warning("notifications_wait", error=type(error).__name__)
                pause = REST_S
            try:
                async with asyncio.timeout(pause):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()

    async def round(self) -> None:
        """Send what is due on every channel that does not rest."""
        for lane in self._lanes:
            try:
                for _ in range(AT_A_TIME):
                    if self.now_ms() < lane.not_before_ms or not await self._send_next(lane):
                        break
            finally:
                await lane.way.rest()
        waiting = await self.store.read(postbox.count_waiting)
        for channel in Channel:
            self.metrics.notifications_waiting.labels(channel.value).set(
                waiting.get(channel.value, 0)
            )

    async def _send_next(self, lane: _Lane) -> bool:
        """Whether there was one."""
        if not await self.store.read(partial(postbox.is_due, lane.channel, self.now_ms())):
            return False
        if lane.channel is Channel.LINE and await self._spent():
            self._rest(lane, PutOff(code="quota", everything=True))
            return False
        taken = await self.store.write(
            partial(
                postbox.take,
                channel=lane.channel,
                key=self.contact_key,
                now_ms=self.now_ms(),
                public=self.public,
            )
        )
        if taken is None:
            return False
        outcome = Refused(taken.code) if taken.parcel is None else await lane.way.send(taken.parcel)
        self._judge(lane, outcome)
        await self.store.write(partial(self._settle, lane, taken, outcome))
        result = "sent" if isinstance(outcome, Sent) else outcome.code
        self.metrics.notifications.labels(lane.channel.value, result).inc()
        log.info("notification_tried", channel=lane.channel.value, result=result)
        return True

    async def _spent(self) -> bool:
        used = await self.store.read(
            lambda connection: postbox.sent_this_month(connection, self.now_ms())
        )
        return used >= self.month

    def _judge(self, lane: _Lane, outcome: Outcome) -> None:
        if isinstance(outcome, PutOff) and outcome.everything:
            self._rest(lane, outcome)
        else:
            lane.failures, lane.not_before_ms = 0, 0

    def _rest(self, lane: _Lane, outcome: PutOff) -> None:
        """The whole channel waits: another message would fare no better."""
        wait = max(self._jitter(lane.failures), outcome.after_ms or 0)
        lane.failures += 1
        lane.not_before_ms = self.now_ms() + wait

    def _settle(self, lane: _Lane, taken: Taken, outcome: Outcome, connection: Connection) -> None:
        now_ms = self.now_ms()
        alone = now_ms + self._jitter(taken.attempts - 1)
        whole = isinstance(outcome, PutOff) and outcome.everything
        postbox.settle(connection, taken, outcome, now_ms, lane.not_before_ms if whole else alone)

    def _jitter(self, failures: int) -> int:
        """Full jitter: anything up to twice the last bound, which ends at a quarter of an hour."""
        cap = min(CAP_MS, FIRST_MS << min(failures, DOUBLINGS_AT_MOST))
        return int(self.chance() * cap)
