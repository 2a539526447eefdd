"""A lost machine, a dismissed officer: what stays good and what is refused (PROTOCOL 2.12)."""

import io

from core.wire.ack import Verdict
from core.wire.canon import FILE_LIMITS, encode
from core.wire.kind import BeaconSeen
from core.wire.reference import ReferenceFile
from server.store.tables import application, event, verdict
from server.views.check import check_views
from tests.fakes.device import NOON_MS, Device, make_officer, make_teacher


async def revoke(server, *items, version=2, snapshot=1):
    """Publish a release whose revocation list has these items."""
    listed = ReferenceFile(
        kind="revocations", revocations=server.centre.revocations(version, *items)
    )
    signed, files = server.centre.publish(snapshot, {"revocations": (snapshot, listed)})
    body = io.BytesIO(encode([signed, files], FILE_LIMITS))
    async with server.client.post("/v1/reference", data=body) as response:
        assert response.status == 200


async def enrolled(server, entries=5):
    device = Device(server.centre)
    await server.enrol(device)
    for _ in range(entries):
        device.add_boot()
    return device


async def test_a_revoked_machine_is_turned_away_with_a_signed_answer(server):
    device = await enrolled(server)
    await revoke(server, (device.id, None, NOON_MS, "遺失"))

    answered = await server.upload(device, device.batch())

    assert (answered.status, answered.code) == (410, "revoked")
    assert (answered.ack.through, answered.ack.items) == (0, ())
    assert await server.rows(event) == []


async def test_entries_up_to_the_last_good_one_are_still_taken(server):
    device = await enrolled(server)
    await revoke(server, (device.id, 3, NOON_MS, "遺失"))

    whole = await server.upload(device, device.batch())
    good = await server.upload(device, device.batch(1, 3))
    later = await server.upload(device, device.batch(4))

    assert (whole.status, whole.ack.through) == (410, 3)
    assert [seq for seq, _, _ in whole.ack.items] == [1, 2, 3]
    assert (good.status, good.code) == (200, "ok")
    assert (later.status, later.code) == (410, "revoked")
    assert await server.log_of(device) == [link.hash for link in device.links[:3]]


async def test_a_revoked_machine_reads_no_inbox(server):
    device = await enrolled(server)
    await revoke(server, (device.id, None, NOON_MS, "遺失"))
    _, beacon = await server.beacon(device.id)

    path = f"/v1/inbox/{device.id.hex()}"
    async with server.client.post(path, data=device.statement(beacon)) as response:
        answered = (response.status, await response.json())

    assert answered == (410, {"code": "revoked"})


async def test_beacons_name_the_version_of_the_list(server):
    device = await enrolled(server)
    await revoke(server, (bytes(16), None, NOON_MS, "遺失"), version=7)

    beacon, _ = await server.beacon(device.id)

    assert beacon.rev_v == 7


async def test_an_older_list_does_not_bring_a_machine_back(server):
    device = await enrolled(server)
    await revoke(server, (device.id, None, NOON_MS, "遺失"), version=5, snapshot=1)
    await revoke(server, version=4, snapshot=2)

    answered = await server.upload(device, device.batch())

    assert answered.status == 410


async def test_decisions_received_after_an_officers_dismissal_are_reviewed_earlier_ones_stand(
    server, centre
):
    device, officer = await enrolled(server, 0), make_officer(centre)
    await server.enrol(officer)
    early, late = make_teacher(1), make_teacher(2)
    for teacher in (early, late):
        device.register(teacher, officer)
    versions = [device.revise(teacher) for teacher in (early, late)]
    device.decide(officer, versions[0])
    await server.send(device)
    server.clock.now_ms += 10_000
    device.decide(officer, versions[1])
    await server.send(device, 6)
    before = {row["app"]: row["review"] for row in await server.rows(application)}

    await revoke(server, (officer.id, None, server.clock.now_ms - 5_000, "離職"))

    after = {row["app"]: row["review"] for row in await server.rows(application)}
    codes = {row["eh"]: row["code"] for row in await server.rows(verdict)}
    assert before == {early.app: "approved", late.app: "approved"}
    assert after == {early.app: "approved", late.app: "waiting"}
    assert codes[device.head.hash] == "officer_revoked"
    assert check_views(server.context.store).equal


async def test_what_an_officer_certainly_signed_after_her_dismissal_is_rejected(server, centre):
    device, officer = await enrolled(server, 0), make_officer(centre)
    await server.enrol(officer)
    teachers = [make_teacher(number) for number in range(2)]
    for teacher in teachers:
        device.register(teacher, officer)
    versions = [device.revise(teacher) for teacher in teachers]
    await server.send(device)
    dismissed_ms = server.clock.now_ms + 5_000
    device.add("beacon", BeaconSeen(digest=bytes(32), t=dismissed_ms))
    doubtful = device.decide(officer, versions[0])
    device.add("beacon", BeaconSeen(digest=bytes(32), t=dismissed_ms + 1))
    later = device.decide(officer, versions[1])
    server.clock.now_ms = dismissed_ms + 10_000

    await revoke(server, (officer.id, None, dismissed_ms, "離職"))
    ack = await server.send(device, len(device.links) - 3)

    assert [level for _, _, level in ack.items] == [0, Verdict.REVIEW, 0, Verdict.REJECTED]
    found = {row["eh"]: (row["verdict"], row["code"]) for row in await server.rows(verdict)}
    assert found[doubtful.hash] == (Verdict.REVIEW, "officer_revoked")
    assert found[later.hash] == (Verdict.REJECTED, "officer_revoked")
    assert {row["review"] for row in await server.rows(application)} == {"waiting"}
    assert check_views(server.context.store).equal


async def test_the_judgement_is_the_same_when_the_list_comes_after_the_entries(server, centre):
    device, officer, teacher = await enrolled(server, 0), make_officer(centre), make_teacher(1)
    await server.enrol(officer)
    device.register(teacher, officer)
    version = device.revise(teacher)
    device.add("beacon", BeaconSeen(digest=bytes(32), t=server.clock.now_ms - 1_000))
    decided = device.decide(officer, version)
    await server.send(device)

    await revoke(server, (officer.id, None, server.clock.now_ms - 2_000, "離職"))

    found = {row["eh"]: (row["verdict"], row["code"]) for row in await server.rows(verdict)}
    assert found[decided.hash] == (Verdict.REJECTED, "officer_revoked")
    assert check_views(server.context.store).equal


async def test_a_registration_that_no_longer_counts_puts_versions_up_for_review(server, centre):
    device, officer, teacher = await enrolled(server, 0), make_officer(centre), make_teacher(1)
    await server.enrol(officer)
    device.register(teacher, officer)
    version = device.revise(teacher)
    await server.send(device)

    await revoke(server, (officer.id, None, NOON_MS - 1, "離職"))

    codes = {row["eh"]: row["code"] for row in await server.rows(verdict)}
    assert codes[version.hash] == "teacher_unregistered"
    assert (await server.rows(application))[0]["flag"] == "teacher_unregistered"
    assert check_views(server.context.store).equal


async def test_entries_of_a_lost_machine_that_came_after_the_loss_are_reviewed(server, centre):
    device, officer, teacher = await enrolled(server, 0), make_officer(centre), make_teacher(1)
    await server.enrol(officer)
    device.register(teacher, officer)
    device.revise(teacher)
    ack = await server.send(device)

    await revoke(server, (device.id, 1, NOON_MS - 1, "遺失"))

    levels = {row["eh"]: row["verdict"] for row in await server.rows(verdict)}
    assert [level for _, _, level in ack.items] == [Verdict.VALID, Verdict.VALID]
    assert levels[device.links[0].hash] == Verdict.VALID
    assert levels[device.links[1].hash] == Verdict.REVIEW
    assert check_views(server.context.store).equal
