"""`POST /v1/log`: what is taken and what is answered (PROTOCOL 2.7)."""

from core.wire.ack import Verdict
from server.store.tables import event, head, payload
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
    assert ack.epoch == (await server.beacon(device.id))[0].epoch
    assert await server.log_of(device) == [link.hash for link in device.links]
    assert [row["log_index"] for row in await server.rows(event)] == [1, 2, 3, 4]


async def test_nothing_is_called_durable_while_there_is_no_backup(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()

    ack = await server.send(device)

    assert ack.durable_through == 0


async def test_personal_content_lies_beside_the_log_and_the_log_verifies_without_it(server, centre):
    device, teacher = Device(centre), make_teacher(1)
    await server.enrol(device)
    version = device.revise(teacher)

    await server.send(device)

    stored = (await server.rows(event))[0]["frame"]
    assert teacher.name.encode() not in stored
    contents = {row["eh"]: row["data"] for row in await server.rows(payload)}
    assert contents[version.hash] == version.frame.payload


async def test_a_batch_sent_twice_changes_nothing_and_gets_the_same_answer(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    device.revise(make_teacher(1))
    batch = device.batch()
    first = await server.upload(device, batch)
    rows = await server.rows(event)

    second = await server.upload(device, batch)

    assert (second.status, second.ack) == (200, first.ack)
    assert await server.rows(event) == rows


async def test_an_overlap_adds_only_what_is_new(server, centre):
    device = Device(centre)
    await server.enrol(device)
    for _ in range(6):
        device.add_boot()
    await server.send(device, 1, 4)

    ack = await server.send(device, 2, 6)

    assert ack.through == 6
    assert [seq for seq, _, _ in ack.items] == [2, 3, 4, 5, 6]
    assert await server.log_of(device) == [link.hash for link in device.links]


async def test_a_batch_from_further_on_is_a_gap_and_names_the_servers_head(server, centre):
    device = Device(centre)
    await server.enrol(device)
    for _ in range(5):
        device.add_boot()
    await server.send(device, 1, 2)

    answered = await server.upload(device, device.batch(4))

    assert (answered.status, answered.code) == (409, "gap")
    assert (answered.ack.through, answered.ack.head) == (2, device.links[1].hash)
    assert answered.ack.items == ()
    assert len(await server.rows(event)) == 2


async def test_an_empty_batch_asks_where_the_server_stands(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    await server.send(device)

    answered = await server.upload(device, device.batch(2))

    assert (answered.status, answered.ack.through, answered.ack.items) == (200, 1, ())


async def test_a_full_batch_of_two_hundred_entries_is_taken(server, centre):
    device = Device(centre)
    await server.enrol(device)
    for _ in range(200):
        device.add_boot()

    ack = await server.send(device)

    assert ack.through == 200
    assert len(ack.items) == 200


async def test_logs_of_several_machines_share_one_count_without_a_gap(server, centre):
    devices = [Device(centre) for _ in range(3)]
    await server.enrol(*devices)
    for device in devices:
        device.add_boot()
        device.add_boot()
        await server.send(device)

    rows = await server.rows(event)

    assert [row["log_index"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert {row["dev"] for row in rows} == {device.id for device in devices}


async def test_a_new_certificate_for_a_machine_opens_its_next_incarnation(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    await server.send(device)
    reborn = Device(centre)
    reborn.certificate, _ = centre.certify(reborn.key, id=device.id, inc=2)
    reborn.id, reborn.inc = device.id, 2
    await server.enrol(reborn)
    reborn.add_boot()

    ack = await server.send(reborn)

    assert (ack.inc, ack.through) == (2, 1)
    assert [(row["inc"], row["seq"]) for row in await server.rows(head)] == [(1, 1), (2, 1)]
    assert (await server.beacon(device.id))[0].cursor == (2, 1, reborn.head.hash)
