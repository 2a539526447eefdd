"""The sender: one at a time, a timer for each channel, nothing lost by a crash, no quota passed."""

from dataclasses import dataclass, field

import pytest

from server.metrics import Metrics
from server.notifying import postbox
from server.notifying.delivery import PutOff, Refused, Sent
from server.notifying.queue import Channel, Told, notification_id, queue
from server.notifying.sender import CAP_MS, Sender
from server.notifying.text import Topic
from server.store import dialect
from server.store.notify_tables import notification
from server.store.writer import StoreError
from tests.fakes.device import NOON_MS
from tests.server.running import read_rows

KEY = bytes(32)
FOREVER = 2**62


@dataclass
class Desk:
    """A store without a server: reads and writes at once."""

    store: object
    failing: bool = False

    async def read(self, work):
        if self.failing:
            raise StoreError("database")
        with self.store.reading() as connection:
            return work(connection)

    async def write(self, work):
        with self.store.writing() as connection:
            return work(connection)


@dataclass
class Way:
    """Takes parcels and answers as it was told, then `Sent`."""

    answers: list = field(default_factory=list)
    parcels: list = field(default_factory=list)

    async def send(self, parcel):
        self.parcels.append(parcel.id)
        answer = self.answers.pop(0) if self.answers else Sent()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def rest(self):
        return None


@dataclass
class Clock:
    ms: int = NOON_MS

    def __call__(self):
        return self.ms


@pytest.fixture
def bench(store):
    clock, way, desk = Clock(), Way(), Desk(store)
    sender = Sender(
        store=desk,
        ways={Channel.MAIL: way},
        contact_key=KEY,
        month=2,
        metrics=Metrics(),
        now_ms=clock,
        chance=lambda: 0.5,
    )
    return sender, way, clock


def put(store, *names, channel=Channel.MAIL):
    """Codes in line: they need no application."""
    rows = [
        {
            "id": name,
            "channel": channel.value,
            "topic": Topic.MAIL_CODE.value,
            "address": "a@example.tw",
            "code": "123456",
            "t_ms": NOON_MS,
            "due_ms": NOON_MS,
            "attempts": 0,
            "state": "waiting",
        }
        for name in names
    ]
    with store.writing() as connection:
        dialect.insert_many(connection, notification, rows)


def rows(store):
    with store.reading() as connection:
        return read_rows(connection, notification)


ONE, TWO, THREE = (bytes([number]) * 16 for number in (1, 2, 3))


async def test_what_was_sent_is_kept_without_address_and_code(store, bench):
    sender, way, _ = bench
    put(store, ONE, TWO)

    await sender.round()
    await sender.round()

    assert way.parcels == [ONE, TWO]
    assert [(row["state"], row["address"], row["code"]) for row in rows(store)] == [
        ("sent", None, None)
    ] * 2


async def test_a_crash_between_sending_and_marking_repeats_under_the_same_name(store, bench):
    sender, way, clock = bench
    put(store, ONE)
    way.answers = [RuntimeError("killed")]

    with pytest.raises(RuntimeError):
        await sender.round()
    await sender.round()  # another process leaves it alone for as long as it may be under way
    clock.ms += postbox.LEASE_MS
    await sender.round()

    assert way.parcels == [ONE, ONE]
    assert rows(store)[0]["state"] == "sent"


async def test_when_nothing_goes_through_the_channel_rests_with_full_jitter(store, bench):
    sender, way, clock = bench
    put(store, ONE, TWO)
    way.answers = [PutOff(code="unreachable", everything=True)] * 3

    waits = []
    for _ in range(3):
        await sender.round()
        before = clock.ms
        while len(way.parcels) == len(waits) + 1:
            clock.ms += 100
            await sender.round()
            if clock.ms - before > 10_000:
                break
        waits.append(clock.ms - before)

    assert waits == [500, 1000, 2000]
    assert [row["state"] for row in rows(store)] == ["sent", "sent"]


async def test_the_other_sides_wish_to_wait_is_obeyed(store, bench):
    sender, way, clock = bench
    put(store, ONE)
    way.answers = [PutOff(code="too_many", everything=True, after_ms=60_000)]

    await sender.round()
    clock.ms += 59_999
    await sender.round()
    assert len(way.parcels) == 1
    clock.ms += 1
    await sender.round()

    assert len(way.parcels) == 2


async def test_one_message_that_is_put_off_holds_up_no_other(store, bench):
    sender, way, clock = bench
    put(store, ONE, TWO, THREE)
    way.answers = [PutOff(code="address_later", everything=False), Refused("address_refused")]

    await sender.round()
    clock.ms += 1000
    await sender.round()

    assert way.parcels == [ONE, TWO, THREE, ONE]
    assert [(row["state"], row["detail"]) for row in rows(store)] == [
        ("sent", None),
        ("failed", "address_refused"),
        ("sent", None),
    ]


async def test_a_code_that_came_too_late_is_not_sent(store, bench):
    sender, way, clock = bench
    put(store, ONE)
    clock.ms += 15 * 60_000 + 1

    await sender.round()

    assert way.parcels == []
    row = rows(store)[0]
    assert (row["state"], row["detail"], row["address"]) == ("failed", "expired", None)


async def test_line_stops_at_the_months_messages_and_goes_on_in_the_next(store, bench):
    mail, way, clock = bench
    sender = Sender(
        store=mail.store,
        ways={Channel.LINE: way},
        contact_key=KEY,
        month=2,
        metrics=mail.metrics,
        now_ms=clock,
        chance=lambda: 0.0,
    )
    put(store, ONE, TWO, channel=Channel.LINE)
    await sender.round()
    put(store, THREE, channel=Channel.LINE)

    await sender.round()

    assert way.parcels == [ONE, TWO]
    with store.reading() as connection:
        assert postbox.sent_this_month(connection, clock.ms) == 2
        assert postbox.sent_this_month(connection, clock.ms + 31 * 86_400_000) == 0
    text = mail.metrics.text().decode()
    assert 'jiepin_notifications_total{channel="line",result="sent"} 2.0' in text
    assert 'jiepin_notifications_waiting{channel="line"} 1.0' in text


async def test_two_senders_never_take_the_same_message(store):
    put(store, ONE, TWO)

    taken = []
    for _ in range(3):
        with store.writing() as connection:
            found = postbox.take(connection, Channel.MAIL, KEY, NOON_MS)
            taken.append(found and found.id)

    assert taken == [ONE, TWO, None]


async def test_the_wait_never_grows_beyond_a_quarter_of_an_hour(store, bench):
    sender, way, clock = bench
    put(store, ONE)
    for _ in range(30):
        way.answers = [PutOff(code="unreachable", everything=True)]
        await sender.round()
        with store.writing() as connection:
            connection.execute(notification.update().values(due_ms=0, t_ms=FOREVER))
        before = clock.ms
        clock.ms += CAP_MS
        assert clock.ms - before <= CAP_MS

    assert len(way.parcels) == 30


async def test_the_task_outlives_a_database_that_cannot_be_read(store, bench):
    sender, way, _ = bench
    sender.store.failing = True
    with pytest.raises(StoreError):
        await sender.round()

    sender.store.failing = False
    put(store, ONE)
    await sender.round()

    assert way.parcels == [ONE]


def test_a_name_is_made_of_channel_topic_application_and_fact():
    told = Told(Topic.RESULT, ONE, TWO)
    names = {
        notification_id(Channel.MAIL, told),
        notification_id(Channel.LINE, told),
        notification_id(Channel.MAIL, Told(Topic.PASSWORD, ONE, TWO)),
        notification_id(Channel.MAIL, Told(Topic.RESULT, TWO, TWO)),
        notification_id(Channel.MAIL, Told(Topic.RESULT, ONE, ONE)),
    }

    assert len(names) == 5


def test_queueing_nothing_asks_nothing(store):
    with store.writing() as connection:
        queue(connection, [], NOON_MS)

    assert rows(store) == []
