"""`POST /v1/log`: what is taken, what is answered, what is refused (PROTOCOL 2.7)."""

from core.wire.ack import Verdict
from server.store.tables import event
from tests.fakes.device import Device, make_officer, make_teacher


async def test_given_an_enrolled_machine_when_it_uploads_then_every_entry_is_stored_and_acked(
    server, centre
):
    device, officer, teacher = Device(centre), make_officer(centre), make_teacher(1)
    await server.enrol(device, officer)
    device.add_boot()
    device.register(teacher, officer)
    version = device.revise(teacher)
    device.decide(officer, version)

    ack = await server.send(device)

    assert (ack.dev, ack.inc, ack.through, ack.head) == (device.id, 1, 4, device.head.hash)
    assert ack.items == ((1, 1, 0), (2, 2, 1), (3, 3, 1), (4, 4, Verdict.VALID))
    assert ack.durable_through == 0
    assert await server.log_of(device) == [link.hash for link in device.links]
    assert [row["log_index"] for row in await server.rows(event)] == [1, 2, 3, 4]
