"""A log goes on under another key, and another program takes that in (PROTOCOL 2.12, 2.13)."""

from core.sealing import SigningKey
from core.wire.rotation import rotation
from server.usb.intake import open_server, take
from tests.fakes.device import Device
from tests.usb.sticks import parcel_of

MINUTE_MS = 60_000


async def rotated(server, centre):
    """The machine's uploads are known here; its change of key comes to another program."""
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
    async with open_server(server.context.config) as beside:
        took = await take(beside, (centre.seal,), data)
    assert took.code == "ok"
    return device, former


async def test_the_new_key_is_good_at_once(server, centre):
    device, _ = await rotated(server, centre)
    device.add_boot()

    assert (await server.send(device, 3)).through == 3
    assert await server.inbox(device) == ()


async def test_the_former_key_is_not(server, centre):
    """What is in memory would still have taken it."""
    device, former = await rotated(server, centre)
    thief = device.branch(2)
    thief.key = former
    thief.add_boot()

    answered = await server.upload(thief, thief.batch(3))

    assert answered.code == "signature"
    assert len(await server.log_of(device)) == 2


async def test_a_minute_later_nothing_is_looked_at_twice(server, centre):
    device, _ = await rotated(server, centre)
    device.add_boot()
    await server.send(device, 3)
    server.clock.now_ms += MINUTE_MS
    device.add_boot()

    assert (await server.send(device, 4)).through == 4
