"""`GET /v1/beacon`: the server's time, head and news (PROTOCOL 2.5)."""

import asyncio
import secrets
import threading

import pytest

from server.config import Limits, ServerConfig
from server.keeping.backup import Order, make_backup
from tests.fakes.device import NOON_MS, Device, make_officer, make_teacher
from tests.server.running import start


async def test_a_beacon_gives_time_head_and_news_and_repeats_the_nonce(server, centre):
    device, officer = Device(centre), make_officer(centre)
    await server.enrol(device, officer)
    device.register(make_teacher(1), officer)
    device.revise(make_teacher(1))
    await server.send(device)
    server.clock.now_ms += 5_000

    beacon, _ = await server.beacon(device.id, bytes(range(16)))

    assert (beacon.dev, beacon.t, beacon.nonce) == (
        device.id,
        server.clock.now_ms,
        bytes(range(16)),
    )
    assert beacon.cursor == (1, 2, device.head.hash)
    assert beacon.inbox == 1  # the receipt for the version
    assert (beacon.trust_v, beacon.snap_v, beacon.snap_h, beacon.rev_v) == (1, 0, bytes(8), 0)
    assert beacon.slot.max_events == 200
    assert beacon.next_ms == 300_000


async def test_a_fresh_machine_stands_at_its_certificate(server, centre):
    device = Device(centre)
    await server.enrol(device)

    beacon, _ = await server.beacon(device.id)

    assert beacon.cursor == (1, 0, device.root)


async def test_a_beacon_says_what_the_newest_backup_holds(server, centre, tmp_path):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    device.add_boot()
    await server.send(device)
    before, _ = await server.beacon(device.id)
    config = server.context.config
    order = Order(
        url=config.database_url,
        room=config.home,
        folder=tmp_path,
        keep=1,
        keys=server.context.keys,
        account="os:test",
        now_ms=server.clock,
        random_bytes=secrets.token_bytes,
    )

    await asyncio.to_thread(make_backup, order)
    device.add_boot()
    ack = await server.send(device, 3)
    after, _ = await server.beacon(device.id)

    assert (before.durable, after.durable, ack.durable_through) == (0, 2, 2)
    assert after.cursor[1] == 3


async def test_whoever_asks_gets_the_time_and_nothing_else(server):
    beacon, _ = await server.beacon(b"\x07" * 16)

    assert beacon.cursor == (1, 0, bytes(32))
    assert beacon.inbox == 0


async def test_the_epoch_stays_the_same(server, centre):
    device = Device(centre)

    first, _ = await server.beacon(device.id)
    second, _ = await server.beacon(device.id)

    assert first.epoch == second.epoch != bytes(8)


@pytest.mark.parametrize(
    "query",
    [{}, {"dev": "00" * 16}, {"dev": "00", "nonce": "00" * 16}, {"dev": "g" * 32, "nonce": "1"}],
)
async def test_a_question_without_16_bytes_each_gets_a_code(server, query):
    async with server.client.get("/v1/beacon", params=query) as response:
        body = await response.json()

    assert (response.status, body) == (400, {"code": "parameter"})


async def test_a_beacon_says_when_the_centre_is_busy(database_url, centre, tmp_path):
    """U-064: known to a machine by the slot that was always in it."""
    centre.write_home(tmp_path)
    config = ServerConfig(home=tmp_path, database=database_url, limits=Limits(waiting_at_most=4))
    begun, go_on = threading.Event(), threading.Event()

    def slow(_):
        begun.set()
        go_on.wait(60)

    async with start(config, NOON_MS, centre) as server:
        calm, _ = await server.beacon(bytes(16))
        store = server.context.store
        jobs = [asyncio.create_task(store.write(slow))]
        await asyncio.to_thread(begun.wait, 20)
        jobs += [asyncio.create_task(store.write(lambda _: None)) for _ in range(3)]
        busy, _ = await server.beacon(bytes(16))
        go_on.set()
        await asyncio.gather(*jobs)
        later, _ = await server.beacon(bytes(16))

    assert [each.slot.after_ms for each in (calm, busy, later)] == [0, 1000, 0]
