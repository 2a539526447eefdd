"""A log goes on under another key, and another program takes that in (PROTOCOL 2.12, 2.13)."""

from core.sealing import SigningKey
from core.wire.rotation import rotation
from server.usb.intake import open_server, take
from tests.fakes.device import Device
from tests.server.running import start
from tests.usb.sticks import parcel_of

MINUTE_MS = 60_000


async def changing(server, centre):
    """A machine whose uploads are known here, its former key, and its change of key on a stick."""
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    await server.send(device)
    former, device.key = device.key, device.key
    fresh = SigningKey(b"n" * 32)
    place = (device.id, 1, 2, device.head.hash)
    device.add("key.rotate", rotation(place, former, fresh))
    data = parcel_of(device, centre, 2)
    device.key = fresh
    return device, former, data


async def take_in(server, centre, data):
    async with open_server(server.context.config) as beside:
        took = await take(beside, (centre.seal,), data)
    assert took.code == "ok"


async def rotated(server, centre):
    """The machine, whose change of key came to another program, and its former key."""
    device, former, data = await changing(server, centre)
    await take_in(server, centre, data)
    return device, former


def stolen(device, former):
    """A batch of whoever holds the former key."""
    thief = device.branch(2)
    thief.key = former
    thief.add_boot()
    return thief.batch(3)


async def test_the_new_key_is_good_at_once(server, centre):
    device, _ = await rotated(server, centre)
    device.add_boot()

    assert (await server.send(device, 3)).through == 3
    assert await server.inbox(device) == ()


async def test_the_former_key_is_not(server, centre):
    """What is in memory would still have taken it."""
    device, former = await rotated(server, centre)

    answered = await server.upload(device, stolen(device, former))

    assert answered.code == "signature"
    assert len(await server.log_of(device)) == 2


async def test_nor_is_it_a_minute_later(server, centre):
    """What is in memory is what the log says, as soon as anybody uploads."""
    device, former = await rotated(server, centre)
    other = Device(centre)
    await server.enrol(other)
    other.add_boot()
    await server.send(other)
    server.clock.now_ms += MINUTE_MS

    answered = await server.upload(device, stolen(device, former))

    assert answered.code == "signature"
    assert len(await server.log_of(device)) == 2


async def test_nor_before_anybody_uploaded_since_the_server_started(server, centre):
    device, former, data = await changing(server, centre)
    async with start(server.context.config, server.clock.now_ms, centre) as successor:
        await take_in(successor, centre, data)

        answered = await successor.upload(device, stolen(device, former))

        assert answered.code == "signature"
        assert len(await successor.log_of(device)) == 2


async def test_a_minute_later_nothing_is_looked_at_twice(server, centre):
    device, _ = await rotated(server, centre)
    device.add_boot()
    await server.send(device, 3)
    server.clock.now_ms += MINUTE_MS
    device.add_boot()

    assert (await server.send(device, 4)).through == 4
