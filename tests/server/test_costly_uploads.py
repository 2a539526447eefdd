"""What is refused, or sent again, stores nothing and is paid for: by its sender alone (PROTOCOL 3).

Time is that of the server's clock, which stands still between uploads: nobody is given any back.
"""

import time
from dataclasses import replace

import pytest

from core.signature import SignatureType
from core.wire.batch import MAGIC
from core.wire.document import open_document
from core.wire.identity import Certificate
from server.appending import Appender
from server.config import Limits, ServerConfig
from server.directory import Directory
from server.examiners import ExaminingThreads
from server.ingest import Ingest, Sender
from server.judging import Judge
from server.key_changes import Watch
from server.keys import read_keys
from server.metrics import Metrics
from server.spending import BESIDES_MS
from server.store import identities
from server.store.database import open_store
from server.store.migrate import migrate
from server.store.tables import event
from server.traffic import Traffic
from tests.fakes.device import NOON_MS, Device, spoiled
from tests.server.running import start

BURST_S = 0.1
AT_MOST = int(BURST_S * 1000 / BESIDES_MS)  # uploads, if looking at them took no time
HOUR_MS = 3_600_000
ELSEWHERE = {"X-Forwarded-For": "203.0.113.9"}


@pytest.fixture(params=[0, 1], ids=["threads", "processes"])
async def server(request, database_url, centre, tmp_path):
    """A server with little time for each machine."""
    centre.write_home(tmp_path / "home")
    config = ServerConfig(
        home=tmp_path / "home",
        database=database_url,
        workers=request.param,
        limits=Limits(processor_burst_s=BURST_S),
    )
    async with start(config, NOON_MS, centre) as running:
        yield running


async def enrolled(server, entries=5):
    device = Device(server.centre)
    await server.enrol(device)
    for _ in range(entries):
        device.add_boot()
    return device


def gap(device):
    return device.batch(3)


def other_end(device):
    return device.batch(head=bytes(32))


def broken(device):
    return device.batch(
        frames=[spoiled(device.links[0])] + [each.frame for each in device.links[1:]]
    )


async def until_it_waits(upload):
    """Send until nothing more is taken; what was said before, and then."""
    answers = []
    while len(answers) <= AT_MOST:
        answers.append(await upload())
        if answers[-1].status == 429:
            return {(each.status, each.code) for each in answers[:-1]}, answers[-1]
    pytest.fail("it went on for ever")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (gap, (409, "gap")),
        (other_end, (400, "head")),
        (broken, (422, "signature")),
        (Device.batch, (200, "ok")),
    ],
    ids=["a gap", "another end", "a broken entry", "the same again"],
)
async def test_whoever_sends_for_nothing_is_put_off_and_nobody_else(server, make, said):
    hostile, honest = await enrolled(server), await enrolled(server)
    data = make(hostile)

    before, refused = await until_it_waits(lambda: server.upload(hostile, data))
    meanwhile = await server.upload(honest, honest.batch())
    server.clock.now_ms += HOUR_MS
    after = await server.upload(hostile, data)

    assert before == {said}
    assert (refused.status, refused.code) == (429, "pace")
    assert int(refused.retry_after) >= 1
    assert (meanwhile.status, meanwhile.ack.through) == (200, 5)
    assert (after.status, after.code) == said


async def test_what_waits_may_come_when_it_was_told_to(server):
    device = await enrolled(server)
    _, refused = await until_it_waits(lambda: server.upload(device, gap(device)))

    server.clock.now_ms += int(refused.retry_after) * 1000
    answered = await server.upload(device, device.batch())

    assert (answered.status, answered.ack.through) == (200, 5)


async def test_evidence_is_paid_for_like_an_upload(server):
    device, path = await enrolled(server), "/v1/evidence/{}"
    number = iter(range(1000))

    async def accuse():
        data = device.batch(nonce=next(number).to_bytes(16, "big"))
        return await server.post(path.format(device.id.hex()), data)

    before, _ = await until_it_waits(accuse)
    answered = await server.upload(device, device.batch())

    assert before == {(202, "ok")}
    assert (answered.status, answered.code) == (429, "pace")


@pytest.mark.parametrize("what", ["not signed by it", "no batch"])
async def test_a_stranger_in_the_name_of_a_machine_spends_nothing_of_its_time(server, what):
    device = await enrolled(server)
    forged = device.batch(key=server.centre.enrol) if what == "not signed by it" else MAGIC

    before, refused = await until_it_waits(lambda: server.upload(device, forged, **ELSEWHERE))
    answered = await server.upload(device, device.batch())

    assert before <= {(403, "signature"), (400, "compression")}
    assert refused.code == "pace"
    assert (answered.status, answered.ack.through) == (200, 5)


class Dear:
    """An appender that says each upload kept the writer busy for so long."""

    def __init__(self, append, spent_us):
        self.append, self.spent_us = append, spent_us
        self.shares, self.spent_ns = [], 0

    def __call__(self, connection, uploads):
        started = time.thread_time_ns()
        outcomes = self.append(connection, uploads)
        self.spent_ns += time.thread_time_ns() - started
        self.shares += [each.spent_us for each in outcomes]
        return [replace(each, spent_us=self.spent_us) for each in outcomes]


@pytest.fixture
async def dear(database_url, centre, tmp_path):
    """A writer in which every upload takes 40 s, and what takes uploads to it."""
    centre.write_home(tmp_path / "home")
    keys, directory, limits = read_keys(tmp_path / "home"), Directory(), Limits()
    judge = Judge(directory, keys.receipt, lambda: NOON_MS)
    appender = Dear(Appender(judge, limits, lambda: NOON_MS, Watch(directory)), 40_000_000)
    store = open_store(database_url, appender)
    migrate(store)
    ingest = Ingest(
        store=store,
        directory=directory,
        keys=keys,
        limits=limits,
        now_ms=lambda: NOON_MS,
        metrics=Metrics(),
        traffic=Traffic(),
        examiners=ExaminingThreads(),
    )
    await ingest.start(bytes(8))
    store.writer.start()
    yield ingest, store, appender
    await ingest.stop()
    store.close()


async def test_what_storing_and_judging_take_is_booked_like_looking_at_it(dear, centre):
    ingest, store, appender = dear
    device = Device(centre)
    enrol = {centre.enrol.id: centre.enrol.public}
    known = open_document(SignatureType.CERTIFICATE, device.certificate, Certificate, enrol)
    await store.write(lambda c: identities.add_certificate(c, device.certificate, known, NOON_MS))
    device.add_boot()
    sender = Sender(dev=device.id, address="")

    await ingest.knows(device.id)
    before = ingest.wait_ms(sender)
    answer = await ingest.receive(sender, device.batch())
    after = ingest.wait_ms(sender)

    assert (before, answer.status) == (0, 200)
    assert after > (40 - Limits().processor_burst_s) / Limits().processor_s_a_minute * 60_000
    assert 0 <= sum(appender.shares) <= appender.spent_ns // 1000


async def test_a_backlog_as_large_as_a_day_allows_is_sent_without_a_pause(
    database_url, centre, tmp_path
):
    centre.write_home(tmp_path / "home")
    config = ServerConfig(home=tmp_path / "home", database=database_url)
    async with start(config, NOON_MS, centre) as server:
        device = await enrolled(server, Limits().day_events)

        for first in range(1, len(device.links), 200):
            ack = await server.send(device, first, first + 199)

        assert ack.through == Limits().day_events
        assert len(await server.rows(event)) == Limits().day_events
