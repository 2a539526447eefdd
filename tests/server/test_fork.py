"""Two stories under one name: kept, told apart, and judged by people (PROTOCOL 1, 2.7)."""

from core.wire.event import Frame
from server.config import Limits, ServerConfig
from server.store.tables import event, evidence, head
from tests.fakes.device import NOON_MS, Device
from tests.server.running import start


async def forked(server, centre, *, at=2):
    """A machine whose log the server knows up to entry 3, and a clone that goes another way."""
    device = Device(centre)
    await server.enrol(device)
    for _ in range(at):
        device.add_boot()
    clone = device.branch(at)
    device.add_boot()
    await server.send(device)
    clone.now_ms += 7
    clone.add_boot()
    clone.add_boot()
    return device, clone


async def test_given_a_clone_when_it_uploads_then_the_log_stands_and_the_batch_is_evidence(
    server, centre
):
    device, clone = await forked(server, centre)
    before = await server.rows(event)
    batch = clone.batch(1)

    answered = await server.upload(clone, batch)

    assert (answered.status, answered.code) == (409, "fork")
    assert (answered.ack.through, answered.ack.head) == (3, device.head.hash)
    assert await server.rows(event) == before
    assert [row["data"] for row in await server.rows(evidence)] == [batch]
    assert (await server.rows(head))[0]["quarantined_ms"] == server.clock.now_ms


async def test_a_batch_that_follows_an_entry_the_log_does_not_have_is_a_fork(server, centre):
    _, clone = await forked(server, centre)

    answered = await server.upload(clone, clone.batch(4))

    assert (answered.status, answered.code) == (409, "fork")
    assert len(await server.rows(evidence)) == 1


async def test_a_log_that_begins_with_another_certificate_is_a_fork(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.certificate, _ = centre.certify(device.key, id=device.id)
    device.add_boot()

    answered = await server.upload(device, device.batch())

    assert (answered.status, answered.code) == (409, "fork")


async def test_after_a_fork_neither_branch_grows(server, centre):
    device, clone = await forked(server, centre)
    await server.upload(clone, clone.batch(1))
    device.add_boot()

    answered = await server.upload(device, device.batch(4))

    assert (answered.status, answered.code) == (409, "fork")
    assert len(await server.rows(event)) == 3
    assert len(await server.rows(evidence)) == 2


async def test_the_same_evidence_is_kept_once(server, centre):
    _, clone = await forked(server, centre)
    batch = clone.batch(1)

    await server.upload(clone, batch)
    await server.upload(clone, batch)
    answered = await server.post(f"/v1/evidence/{clone.id.hex()}", batch)

    assert (answered.status, answered.code) == (202, "ok")
    assert len(await server.rows(evidence)) == 1


async def test_a_forked_machine_can_send_its_whole_log_as_evidence(server, centre):
    _, clone = await forked(server, centre)
    await server.upload(clone, clone.batch(3))

    answered = await server.post(f"/v1/evidence/{clone.id.hex()}", clone.batch(1))

    assert (answered.status, answered.code) == (202, "ok")
    assert {row["reason"] for row in await server.rows(evidence)} == {"fork", "sent"}


async def test_evidence_must_carry_the_machines_own_signature(server, centre):
    device, clone = await forked(server, centre)
    stranger = Device(centre)

    answered = await server.post(
        f"/v1/evidence/{device.id.hex()}", clone.batch(1, key=stranger.key)
    )

    assert (answered.status, answered.code) == (403, "signature")
    assert await server.rows(evidence) == []


async def test_a_lost_answer_and_a_retry_are_never_taken_for_a_fork(server, centre):
    """PROTOCOL I5: no false alarm for honest machines."""
    device = Device(centre)
    await server.enrol(device)
    for number in range(1, 12):
        device.add_boot()
        for first in range(max(1, number - 3), number + 1):
            answered = await server.upload(device, device.batch(first))
            assert answered.status == 200

    assert await server.rows(evidence) == []
    assert len(await server.rows(event)) == 11


async def test_a_changed_frame_in_a_repeated_batch_is_refused_as_malformed_not_forked(
    server, centre
):
    device = Device(centre)
    await server.enrol(device)
    link = device.add_boot()
    await server.send(device)
    forged = Frame(event=link.frame.event, signature=bytes(64))

    answered = await server.upload(device, device.batch(frames=[forged]))

    assert (answered.status, answered.code) == (422, "signature")
    assert (await server.rows(head))[0]["quarantined_ms"] is None


async def test_evidence_has_a_limit_and_the_answer_still_says_fork(database_url, centre, tmp_path):
    centre.write_home(tmp_path / "home")
    config = ServerConfig(
        home=tmp_path / "home", database=database_url, limits=Limits(evidence_bytes=100)
    )
    async with start(config, NOON_MS, centre) as server:
        _, clone = await forked(server, centre)

        answered = await server.upload(clone, clone.batch(1))
        told = await server.post(f"/v1/evidence/{clone.id.hex()}", clone.batch(2))

        assert (answered.status, answered.code) == (409, "fork")
        assert (told.status, told.code) == (507, "quota")
        assert await server.rows(evidence) == []


async def test_the_other_half_of_a_pair_of_clones_is_found_whoever_comes_first(server, centre):
    device, clone = await forked(server, centre, at=0)

    answered = await server.upload(clone, clone.batch(1))

    assert (answered.status, answered.code) == (409, "fork")
    assert len(await server.rows(event)) == len(device.links)


async def test_two_branches_that_come_as_evidence_only_are_a_fork_too(server, centre):
    """A server restored from before both of them: nothing in its log contradicts either."""
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    clone = device.branch(1)
    clone.now_ms += 1
    device.add_boot()
    clone.add_boot()
    path = f"/v1/evidence/{device.id.hex()}"

    first = await server.post(path, device.batch())
    before = (await server.rows(head))[0]["quarantined_ms"]
    second = await server.post(path, clone.batch())

    assert (first.status, second.status, before) == (202, 202, None)
    assert (await server.rows(head))[0]["quarantined_ms"] is not None


async def test_what_contradicts_kept_evidence_is_a_fork(server, centre):
    """The other machine goes on after a restore, as if there had been one only."""
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    clone = device.branch(1)
    clone.now_ms += 1
    device.add_boot()
    clone.add_boot()
    await server.post(f"/v1/evidence/{device.id.hex()}", clone.batch())

    shared = await server.upload(device, device.batch(1, 1))
    own = await server.upload(device, device.batch(2, 2))

    assert shared.code == "ok", "both tell the same of the first entry"
    assert (own.status, own.code) == (409, "fork")
    assert (await server.rows(head))[0]["quarantined_ms"] is not None


async def test_evidence_of_the_very_log_is_no_fork(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    await server.post(f"/v1/evidence/{device.id.hex()}", device.batch())
    device.add_boot()

    assert (await server.send(device)).through == 2
    assert (await server.rows(head))[0]["quarantined_ms"] is None
