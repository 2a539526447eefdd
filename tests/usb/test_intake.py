"""Parcels into the log and answers out: the same ingest, verdicts, quota and forks as the line."""

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import select

from core.signature import SignatureType
from core.wire.ack import Ack, Verdict
from core.wire.beacon import Beacon
from core.wire.canon import to_wire
from core.wire.document import open_document, sign_document
from core.wire.event import decode_frame
from core.wire.fault import WireError
from core.wire.reference import ReferenceFile
from core.wire.usb import ParcelContent, read_answer
from server.publishing import publish_reference
from server.store import trusts
from server.store.tables import enrolment, event, evidence, head, reference
from server.usb.intake import take
from tests.fakes.device import NOON_MS, Device, make_officer, make_teacher
from tests.usb.sticks import DEVICE_SEAL, parcel_of


async def taken(server, centre, data, private=None):
    return await take(server.context, private or (centre.seal,), data)


def read_back(centre, device, took):
    return read_answer(took.answer, centre.trust, device.id, DEVICE_SEAL)


def acks_of(centre, answer):
    keys = {centre.receipt.id: centre.receipt.public}
    return [open_document(SignatureType.ACK, each, Ack, keys) for each in answer.content.acks]


async def refused(server, centre, data, private=None):
    with pytest.raises(WireError) as error:
        await taken(server, centre, data, private)
    return error.value.code


async def test_entries_on_a_stick_get_the_verdicts_they_would_get_on_the_line(server, centre):
    device, officer, teacher = Device(centre), make_officer(centre), make_teacher(1)
    await server.enrol(device, officer)
    device.add_boot()
    device.register(teacher, officer)
    version = device.revise(teacher)
    device.decide(officer, version)
    server.clock.now_ms += 86_400_000

    took = await taken(server, centre, parcel_of(device, centre, step=3))

    assert (took.code, took.added, took.through) == ("ok", 4, 4)
    assert await server.log_of(device) == [link.hash for link in device.links]
    acks = acks_of(centre, read_back(centre, device, took))
    assert [item for ack in acks for item in ack.items] == [
        (1, 1, 0),
        (2, 2, 1),
        (3, 3, 1),
        (4, 4, Verdict.VALID),
    ]
    received = {row["recv_ms"] for row in await server.rows(event)}
    assert received == {NOON_MS + 86_400_000}, "the time of import is the witness"


async def test_the_answer_holds_beacon_and_inbox_for_this_machine(server, centre):
    device, teacher = Device(centre), make_teacher(1)
    await server.enrol(device)
    device.revise(teacher)

    took = await taken(server, centre, parcel_of(device, centre))

    content = read_back(centre, device, took).content
    keys = {centre.beacon.id: centre.beacon.public}
    beacon = open_document(SignatureType.BEACON, content.beacon, Beacon, keys)
    assert (beacon.dev, beacon.t) == (device.id, NOON_MS)
    assert beacon.cursor == (1, 1, device.head.hash)
    assert [decode_frame(each).hash for each in content.inbox] == [
        frame.hash for frame in await server.inbox(device)
    ]
    assert took.inbox == beacon.inbox == 1


async def test_what_the_machine_has_of_its_inbox_is_not_sent_again(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.revise(make_teacher(1))
    await taken(server, centre, parcel_of(device, centre))
    device.revise(make_teacher(2))

    took = await taken(server, centre, parcel_of(device, centre, 2, inbox=1))

    assert took.inbox == 1


async def test_the_same_parcel_again_changes_nothing_and_is_answered_anew(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.revise(make_teacher(1))
    data = parcel_of(device, centre)
    await taken(server, centre, data)
    rows = await server.rows(event)
    server.clock.now_ms += 60_000

    took = await taken(server, centre, data)

    assert (took.code, took.added, took.through) == ("ok", 0, 1)
    assert await server.rows(event) == rows
    assert read_back(centre, device, took).manifest.t == NOON_MS + 60_000


async def test_parcels_that_overlap_can_come_in_any_order(server, centre):
    device = Device(centre)
    await server.enrol(device)
    for _ in range(9):
        device.add_boot()
    early, late = parcel_of(device, centre, 1, 4), parcel_of(device, centre, 1, 9)

    assert (await taken(server, centre, late)).added == 9
    assert (await taken(server, centre, early)).added == 0

    assert await server.log_of(device) == [link.hash for link in device.links]
    assert (await server.rows(head))[0]["quarantined_ms"] is None


async def test_a_missing_beginning_is_a_gap_and_the_answer_says_so(server, centre):
    device = Device(centre)
    await server.enrol(device)
    for _ in range(4):
        device.add_boot()

    took = await taken(server, centre, parcel_of(device, centre, 3))

    assert (took.code, took.added, took.through) == ("gap", 0, 0)
    assert [ack.code for ack in acks_of(centre, read_back(centre, device, took))] == ["gap"]


async def test_two_files_of_one_range_with_other_content_are_a_fork_and_evidence(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    clone = device.branch(1)
    device.revise(make_teacher(1))
    clone.revise(make_teacher(2))
    await taken(server, centre, parcel_of(device, centre))

    took = await taken(server, centre, parcel_of(clone, centre))

    assert took.code == "fork"
    assert [ack.code for ack in acks_of(centre, read_back(centre, device, took))] == ["fork"]
    assert await server.log_of(device) == [link.hash for link in device.links]
    assert len(await server.rows(evidence)) == 1
    assert (await server.rows(head))[0]["quarantined_ms"] == NOON_MS


async def test_a_closed_log_is_kept_as_evidence_and_not_appended(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()

    took = await taken(server, centre, parcel_of(device, centre, purpose="evidence"))

    assert (took.code, took.added) == ("ok", 0)
    assert await server.log_of(device) == []
    assert [row["reason"] for row in await server.rows(evidence)] == ["sent"]


async def test_a_machine_cannot_carry_more_than_its_quota(server, centre):
    device = Device(centre)
    await server.enrol(device)
    for _ in range(6):
        device.add_boot()
    limits = replace(server.context.config.limits, day_events=4)
    server.context.ingest._limits = limits  # noqa: SLF001
    server.context.store.writer._append._limits = limits  # noqa: SLF001

    took = await taken(server, centre, parcel_of(device, centre, step=2))
    server.clock.now_ms += 86_400_000
    again = await taken(server, centre, parcel_of(device, centre, step=2))

    assert (took.code, took.added, took.through) == ("quota", 4, 4)
    assert (again.code, again.through) == ("ok", 6)


async def test_a_revoked_machine_is_told_so_and_gets_no_inbox(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.revise(make_teacher(1))
    await taken(server, centre, parcel_of(device, centre))
    listed = centre.revocations(1, (device.id, 0, NOON_MS, "lost"))
    file = ReferenceFile(kind="revocations", revocations=listed)
    signed, files = centre.publish(1, {"revocations": (1, file)})
    await server.context.store.write(
        lambda connection: publish_reference(
            connection,
            (signed, files),
            server.context.keys,
            server.context.directory,
            NOON_MS,
        )
    )
    device.add_boot()

    took = await taken(server, centre, parcel_of(device, centre))

    answer = read_back(centre, device, took)
    assert (took.code, took.added, took.inbox) == ("revoked", 0, 0)
    assert answer.content.snapshot == signed
    assert list(answer.content.files) == files


async def test_only_files_the_machine_lacks_are_sent(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    notice = ReferenceFile(kind="notice", text="範例")
    other = ReferenceFile(kind="notice", text="範例二")
    releases = [
        centre.publish(1, {"notices": (1, notice)}),
        centre.publish(2, {"notices": (1, notice), "more": (1, other)}),
    ]
    for release in releases:
        await server.context.store.write(
            lambda connection, release=release: publish_reference(
                connection,
                release,
                server.context.keys,
                server.context.directory,
                NOON_MS,
            )
        )
    beacon, _ = await server.beacon(device.id)
    first = (await server.context.store.read(_first_snapshot))[0]

    behind = await taken(server, centre, parcel_of(device, centre, snapshot=(1, first)))
    current = await taken(
        server, centre, parcel_of(device, centre, snapshot=(beacon.snap_v, beacon.snap_h))
    )

    sent = read_back(centre, device, behind).content
    assert (sent.snapshot, list(sent.files)) == (releases[1][0], [to_wire(other)])
    assert read_back(centre, device, current).content.snapshot is None


def _first_snapshot(connection):
    return connection.execute(select(reference.c.hash).where(reference.c.version == 1)).one()


async def test_officers_requests_reach_the_desk_and_a_bad_one_hinders_nobody(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    form = device.form("officer", make_officer(centre).key)
    content = ParcelContent(batches=(device.batch(),), forms=(b"nonsense", form))

    took = await taken(server, centre, parcel_of(device, centre, content=content))

    rows = await server.rows(enrolment)
    assert [(row["form"], row["state"]) for row in rows] == [(form, "pending")]
    assert read_back(centre, device, took).content.forms == ((rows[0]["id"], "pending", None),)


async def test_every_trust_document_the_machine_missed_goes_along(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    newer = [msgspec.structs.replace(centre.trust, v=version) for version in (2, 3)]
    documents = [sign_document(SignatureType.TRUST, each, centre.root) for each in newer]
    kept = dict(zip((2, 3), documents, strict=True))
    await server.context.store.write(lambda connection: trusts.keep(connection, kept))
    keys = replace(server.context.keys, trust=newer[-1], signed_trust=documents[-1])
    context = replace(server.context, keys=keys)

    behind = await take(context, (centre.seal,), parcel_of(device, centre, trust=1))
    current = await take(context, (centre.seal,), parcel_of(device, centre, trust=3))

    assert read_back(centre, device, behind).documents == tuple(documents)
    assert read_back(centre, device, behind).trust == newer[-1]
    assert read_back(centre, device, current).documents == ()


@pytest.mark.parametrize("at", [0, 4, 40, 400, -1])
async def test_a_damaged_file_changes_nothing(server, centre, at):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()
    data = bytearray(parcel_of(device, centre))
    data[at] ^= 1

    assert await refused(server, centre, bytes(data))
    assert await server.rows(event) == []


async def test_strangers_other_keys_and_other_seals_are_refused(server, centre):
    device, stranger = Device(centre), Device(centre)
    await server.enrol(device)
    device.add_boot()
    stranger.add_boot()

    assert await refused(server, centre, parcel_of(stranger, centre)) == "device_unknown"
    forged = parcel_of(device, centre, key=stranger.key)
    assert await refused(server, centre, forged) == "signature"
    other = await refused(server, centre, parcel_of(device, centre), (b"o" * 32,))
    assert other == "usb_other_seal"
    assert await server.rows(event) == []


async def test_an_answer_that_cannot_be_sealed_is_refused_before_anything_is_written(
    server, centre
):
    device = Device(centre)
    await server.enrol(device)
    device.add_boot()

    code = await refused(server, centre, parcel_of(device, centre, reply=bytes(32)))

    assert code == "usb_reply"
    assert await server.rows(event) == []
