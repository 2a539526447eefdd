"""A new incarnation brings the unsent entries of the old one (PROTOCOL 2.12, ADR 0014)."""

import pytest

from core.sealing import SigningKey
from core.season.deadline import Timeliness, timeliness
from core.wire.ack import Verdict
from core.wire.canon import from_wire, to_wire
from core.wire.event import decode_frame, encode_frame
from core.wire.kind import Renewal, Replay
from core.wire.payload import CopyPayload
from core.wire.refile import ReplayPayload, refile
from core.wire.rotation import rotation
from server.directory import Directory
from server.keeping.retention import Due, erase
from server.season.evidence import read_evidence
from server.store.tables import evidence, head, receipt, refiled, revision, verdict
from server.views.check import check_views
from tests.fakes.device import Device, make_officer, make_teacher
from tests.server.test_certificates import show

AMY = make_teacher(1)


def renewed(device, centre, reason="forked"):
    """The machine's next incarnation: another key, another certificate, an empty log."""
    later = device.branch(0)
    later.key = SigningKey(centre.random.randbytes(32))
    later.inc = device.inc + 1
    later.certificate, _ = centre.certify(
        later.key, id=device.id, schools=device.schools, inc=later.inc
    )
    later.now_ms = device.now_ms
    later.began = Renewal(inc=device.inc, seq=device.head.seq, head=device.head.hash, reason=reason)
    return later


def begin(later, *unsent):
    """Its first entries."""
    later.add("device.renew", later.began)
    for link in unsent:
        carry(later, link)


def carry(later, link):
    body, payload = refile(link, later.salt())
    return later.add("replay", body, payload=payload)


@pytest.fixture
async def sent(server, centre):
    """A machine that sent a registration and a version of an application."""
    device, officer = Device(centre), make_officer(centre)
    await server.enrol(device, officer)
    device.register(AMY, officer)
    device.revise(AMY)
    await server.send(device)
    return device, officer


async def verdict_of(server, link):
    rows = {row["eh"]: (row["verdict"], row["code"]) for row in await server.rows(verdict)}
    return rows.get(link.hash)


async def test_an_unsent_version_counts_under_the_name_it_always_had(server, centre, sent):
    device, officer = sent
    first = device.links[-1]
    unsent = device.revise(AMY, parents=(first.hash,), version=2)
    decided = device.decide(officer, unsent)
    later = renewed(device, centre, "self_rollback")
    await server.enrol(later)

    begin(later, unsent, decided)
    await server.send(later)

    versions = {row["eh"]: row for row in await server.rows(revision)}
    assert versions[unsent.hash]["valid"]
    assert (versions[unsent.hash]["inc"], versions[unsent.hash]["seq"]) == (1, unsent.event.seq)
    assert await verdict_of(server, unsent) == (Verdict.VALID, None)
    assert await verdict_of(server, decided) == (Verdict.VALID, None)
    assert unsent.hash in {row["eh"] for row in await server.rows(receipt)}
    found = await server.read(lambda c: read_evidence(c, [unsent.hash, decided.hash], 0))
    assert {each.received for each in found.values()} == {server.clock.now_ms}


async def test_an_entry_that_had_arrived_before_has_no_second_effect(server, centre, sent):
    device, _ = sent
    before = await server.rows(revision)
    later = renewed(device, centre, "self_rollback")
    await server.enrol(later)

    begin(later, *device.links)
    await server.send(later)

    assert await server.rows(revision) == before
    assert await server.rows(refiled) == []


async def test_carried_twice_it_counts_once(server, centre, sent):
    device, _ = sent
    unsent = device.revise(AMY, parents=(device.links[-1].hash,), version=2)
    second = renewed(device, centre)
    await server.enrol(second)
    begin(second, unsent)
    await server.send(second)
    third = renewed(second, centre)
    await server.enrol(third)

    begin(third, second.links[-1])
    await server.send(third)

    assert [row["eh"] for row in await server.rows(refiled)] == [unsent.hash]
    inner = from_wire(third.links[-1].frame.payload, ReplayPayload).frame
    assert decode_frame(inner).hash == unsent.hash


async def test_from_a_forked_log_a_person_has_to_confirm(server, centre, sent):
    device, _ = sent
    clone = device.branch(2)
    device.add_boot()
    await server.send(device, 3)
    unsent = clone.revise(AMY, parents=(clone.links[-1].hash,), version=2)
    assert (await server.upload(clone, clone.batch(3))).code == "fork"
    later = renewed(clone, centre)
    await server.enrol(later)

    begin(later, unsent)
    await server.send(later)

    assert await verdict_of(server, unsent) == (Verdict.REVIEW, "replayed")
    confirmed = later.revise(AMY, parents=(unsent.hash,), version=3)
    await server.send(later, 3)
    assert await verdict_of(server, confirmed) == (Verdict.VALID, None)


async def test_an_entry_under_a_number_that_is_taken_needs_a_person_too(server, centre, sent):
    """A rolled back machine wrote other entries under the same numbers before it noticed."""
    device, _ = sent
    restored = device.branch(1)
    other = restored.revise(AMY, wishes=2)
    later = renewed(restored, centre, "self_rollback")
    await server.enrol(later)

    begin(later, other)
    await server.send(later)

    assert await verdict_of(server, other) == (Verdict.REVIEW, "replayed")
    found = await server.read(lambda c: read_evidence(c, [other.hash], 2**52))
    assert timeliness(found[other.hash], 2**52, 0) is Timeliness.DOUBTFUL, "people decide"


async def test_the_old_incarnation_is_retired_from_then_on(server, centre, sent):
    device, _ = sent
    later = renewed(device, centre)
    await server.enrol(later)
    device.add_boot()

    answered = await server.upload(device, device.batch(3))
    beacon, seen = await server.beacon(device.id)
    statement = device.statement(seen)
    async with server.client.post(f"/v1/inbox/{device.id.hex()}", data=statement) as response:
        asked = response.status

    assert (answered.status, answered.code) == (409, "fork")
    assert len(await server.rows(evidence)) == 1
    assert [row["quarantined_ms"] for row in await server.rows(head)] == [None, None]
    assert beacon.cursor == (2, 0, later.root)
    assert asked == 410


async def test_what_was_carried_waits_for_the_certificate_its_log_was_opened_with(server, centre):
    """The server was restored from before the first enrolment, the machine enrolled anew."""
    device, officer = Device(centre), make_officer(centre)
    device.register(AMY, officer)
    version = device.revise(AMY)
    later = renewed(device, centre, "self_rollback")
    await server.enrol(later, officer)
    begin(later, *device.links, version)  # one of them twice
    carriers = later.links[1:]

    await server.send(later)

    waiting = [await verdict_of(server, each) for each in carriers]
    assert waiting == [(Verdict.REVIEW, "certificate_missing")] * 3
    assert await server.rows(revision) == []
    assert check_views(server.context.store).equal

    assert await show(server, device.certificate) == (200, {"added": 1})

    assert [await verdict_of(server, each) for each in carriers] == [None] * 3
    assert await verdict_of(server, version) == (Verdict.VALID, None)
    assert [row["eh"] for row in await server.rows(receipt)] == [version.hash]
    assert sorted(row["eh"] for row in await server.rows(refiled)) == sorted(
        each.hash for each in device.links
    )
    assert check_views(server.context.store).equal


async def test_what_waited_and_turns_out_to_be_another_entry_is_rejected(server, centre):
    device = Device(centre)
    stranger = device.branch(0)
    stranger.key = SigningKey(centre.random.randbytes(32))
    foreign = stranger.add_boot()
    later = renewed(device, centre)
    await server.enrol(later)
    begin(later, foreign)
    await server.send(later)

    assert await show(server, device.certificate) == (200, {"added": 1})

    assert await verdict_of(server, later.links[-1]) == (Verdict.REJECTED, "signature")
    assert check_views(server.context.store).equal


def names(inc, seq, changed=None):
    """A carrier whose body names another entry than the one it holds."""
    return lambda body, frame: (Replay(inc=inc, seq=seq, hash=changed or body.hash), frame)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda body, frame: (body, frame[:-1]), "malformed"),
        (
            lambda body, frame: (Replay(inc=1, seq=body.seq, hash=bytes(32)), frame),
            "replay_differs",
        ),
        (lambda body, frame: (Replay(inc=1, seq=99, hash=body.hash), frame), "replay_differs"),
        (lambda body, frame: (Replay(inc=2, seq=1, hash=body.hash), frame), "replay_foreign"),
        (lambda body, frame: (Replay(inc=7, seq=1, hash=body.hash), frame), "replay_foreign"),
    ],
)
async def test_what_is_not_the_old_entry_is_stored_and_rejected(server, centre, sent, spoil, code):
    device, _ = sent
    unsent = device.revise(AMY, parents=(device.links[-1].hash,), version=2)
    later = renewed(device, centre)
    await server.enrol(later)
    body, frame = spoil(Replay(inc=1, seq=3, hash=unsent.hash), encode_frame(unsent.frame))
    payload = to_wire(ReplayPayload(salt=later.salt(), frame=frame))

    begin(later)
    carrier = later.add("replay", body, payload=payload)
    await server.send(later)

    assert await verdict_of(server, carrier) == (Verdict.REJECTED, code)
    assert await server.rows(refiled) == []


async def test_another_signature_than_the_old_keys_is_rejected(server, centre, sent):
    device, _ = sent
    stranger = device.branch(2)
    stranger.key = SigningKey(centre.random.randbytes(32))
    unsent = stranger.revise(AMY, parents=(device.links[-1].hash,), version=2)
    later = renewed(device, centre)
    await server.enrol(later)

    begin(later, unsent)
    await server.send(later)

    assert await verdict_of(server, later.links[-1]) == (Verdict.REJECTED, "signature")


async def test_rebuilding_the_views_gives_the_same_rows(server, centre, sent):
    device, officer = sent
    unsent = device.revise(AMY, parents=(device.links[-1].hash,), version=2)
    decided = device.decide(officer, unsent)
    later = renewed(device, centre)
    await server.enrol(later)
    begin(later, *device.links, decided)
    later.add("replay", Replay(inc=1, seq=9, hash=bytes(32)), payload=later.links[-1].frame.payload)
    await server.send(later)

    checked = check_views(server.context.store)

    assert checked.equal, checked


async def test_when_its_content_is_erased_a_carrier_is_not_rejected(server, centre, sent):
    """The machine would be told of entries of a season long past that they have no effect."""
    device, officer = sent
    unsent = device.decide(officer, device.links[-1])
    later = renewed(device, centre)
    await server.enrol(later)
    begin(later, *device.links, unsent)
    await server.send(later)
    server.clock.now_ms += 1
    due = Due(season="116", before_ms=server.clock.now_ms, payloads=0, evidence=0, code="")
    await server.context.store.write(
        lambda connection: erase(connection, due, "test", server.clock.now_ms)
    )

    later.add_boot()
    ack = await server.send(later, len(later.links))

    assert [seq for seq, _, _ in ack.items] == [len(later.links)]
    assert check_views(server.context.store).equal


async def test_the_machine_is_told_again_what_it_sent_itself(server, centre, sent):
    """Its disk may be new, or older than what it sent."""
    device, officer = sent
    decided = device.decide(officer, device.links[-1])
    await server.send(device, 3)
    later = renewed(device, centre, "disk_replaced")
    form = later.form()
    async with server.client.post("/v1/enrol", data=form) as response:
        name = (await response.json())["id"]
    async with server.client.post(
        f"/v1/enrol/{name}/grant", data=centre.grant(later.certificate)
    ) as response:
        assert response.status == 200
    begin(later)
    await server.send(later)

    told = await server.inbox(later)

    copies = {
        decode_copy(frame).event
        for frame in told
        if b"inbox.version" in frame.event or b"inbox.review" in frame.event
    }
    assert {device.links[1].frame.event, decided.frame.event} <= copies


def decode_copy(frame):
    return from_wire(frame.payload, CopyPayload)


async def test_the_log_goes_on_under_a_key_that_both_signed(server, centre, sent):
    """PROTOCOL 2.12: key rotation."""
    device, _ = sent
    old, fresh = device.key, SigningKey(centre.random.randbytes(32))
    place = (device.id, 1, device.head.seq + 1, device.head.hash)
    device.add("key.rotate", rotation(place, old, fresh))
    await server.send(device, 3)
    device.key = fresh
    device.add_boot()

    with_old = await server.upload(device, device.batch(4, key=old))
    await server.send(device, 4)
    again = await server.upload(device, device.batch(2, key=old))
    directory = Directory()

    assert (with_old.status, with_old.code) == (403, "signature")
    assert again.status == 200, "a batch that begins before the change is signed by the old key"
    keys = await server.read(lambda c: directory.device(c, device.id, 1))
    assert keys.later_keys == ((3, fresh.public),)
    assert await server.inbox(device)
    assert check_views(server.context.store).equal


async def test_evidence_of_another_entry_under_its_number_leaves_it_to_a_person(server, centre):
    """After a restore the log holds neither branch; what the other machine handed in does."""
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    clone = device.branch(1)
    device.revise(AMY)
    clone.add_boot()
    await server.post(f"/v1/evidence/{device.id.hex()}", clone.batch())
    server.clock.now_ms += 1
    later = renewed(device, centre)
    await server.enrol(later)
    begin(later, *device.links)

    await server.send(later)

    assert await verdict_of(server, device.links[1]) == (Verdict.REVIEW, "replayed")
    assert check_views(server.context.store).equal
