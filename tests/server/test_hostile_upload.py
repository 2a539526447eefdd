"""Uploads that are broken, altered, foreign or meant to do harm (PROTOCOL 2.7, 3)."""

import io
from dataclasses import replace

import msgspec
import pytest
import zstandard

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.batch import MAGIC, RAW_BYTES, WIRE_BYTES, decompress
from core.wire.canon import to_wire
from core.wire.event import Frame
from server.store.tables import event, evidence, head
from tests.fakes.device import Device, make_officer, make_teacher, spoiled

MEBIBYTE = 1024 * 1024


async def enrolled(server, centre, entries=5):
    """A machine with some entries, none of them sent."""
    device = Device(centre)
    await server.enrol(device)
    for _ in range(entries):
        device.add_boot()
    return device


def frames(device):
    return [link.frame for link in device.links]


async def test_given_a_bad_frame_in_the_middle_then_those_before_it_are_kept(server, centre):
    device = await enrolled(server, centre)
    mixed = frames(device)
    mixed[2] = spoiled(device.links[2])

    answered = await server.upload(device, device.batch(frames=mixed))

    assert (answered.status, answered.code, answered.ack.failed) == (422, "signature", 2)
    assert (answered.ack.through, answered.ack.head) == (2, device.links[1].hash)
    assert [seq for seq, _, _ in answered.ack.items] == [1, 2]
    assert await server.log_of(device) == [link.hash for link in device.links[:2]]


async def test_after_a_bad_frame_the_good_one_can_follow(server, centre):
    device = await enrolled(server, centre)
    mixed = frames(device)
    mixed[2] = spoiled(device.links[2])
    await server.upload(device, device.batch(frames=mixed))

    ack = await server.send(device, 3)

    assert ack.through == 5


async def test_entries_in_another_order_break_where_the_order_breaks(server, centre):
    device = await enrolled(server, centre)
    turned = frames(device)
    turned[1], turned[2] = turned[2], turned[1]

    answered = await server.upload(device, device.batch(frames=turned))

    assert (answered.status, answered.code, answered.ack.failed) == (422, "sequence", 1)
    assert answered.ack.through == 1


async def test_an_entry_repeated_inside_a_batch_breaks_there(server, centre):
    device = await enrolled(server, centre)
    doubled = [*frames(device)[:2], frames(device)[1], *frames(device)[2:4]]

    answered = await server.upload(device, device.batch(frames=doubled))

    assert (answered.status, answered.code, answered.ack.failed) == (422, "sequence", 2)


async def test_an_entry_of_another_machine_is_not_taken(server, centre):
    device = await enrolled(server, centre, entries=1)
    stranger = await enrolled(server, centre, entries=1)

    answered = await server.upload(device, device.batch(frames=frames(stranger)))

    assert (answered.status, answered.code) == (422, "signature")
    assert await server.rows(event) == []


async def test_a_payload_that_was_not_signed_is_not_taken(server, centre):
    device, teacher = Device(centre), make_teacher(1)
    await server.enrol(device)
    first, second = device.revise(teacher), device.revise(teacher)
    swapped = [replace(first.frame, payload=second.frame.payload), second.frame]

    answered = await server.upload(device, device.batch(frames=swapped))

    assert (answered.status, answered.code, answered.ack.failed) == (422, "payload_hash", 0)


async def test_an_unknown_kind_stops_the_log_there(server, centre):
    device = await enrolled(server, centre, entries=2)
    odd = msgspec.structs.replace(device.links[1].event, kind="app.invent")
    data = to_wire(odd)
    frame = Frame(event=data, signature=device.key.sign(SignatureType.EVENT, data))

    answered = await server.upload(device, device.batch(frames=[device.links[0].frame, frame]))

    assert (answered.status, answered.code, answered.ack.failed) == (422, "kind", 1)


async def test_a_machine_nobody_enrolled_is_unknown(server, centre):
    device = Device(centre)
    device.add_boot()

    answered = await server.upload(device, device.batch())

    assert (answered.status, answered.code) == (401, "device_unknown")


async def test_a_header_signed_by_another_key_stores_nothing(server, centre):
    device = await enrolled(server, centre)
    thief = SigningKey(bytes(32))

    answered = await server.upload(device, device.batch(key=thief))

    assert (answered.status, answered.code) == (403, "signature")
    assert await server.rows(event) == []


async def test_a_batch_posted_under_another_machines_name_is_refused(server, centre):
    device, other = await enrolled(server, centre), await enrolled(server, centre)

    answered = await server.upload(other, device.batch())

    assert (answered.status, answered.code) == (403, "other_device")


async def test_a_header_that_names_another_end_stores_nothing(server, centre):
    device = await enrolled(server, centre)

    answered = await server.upload(device, device.batch(head=bytes(32)))

    assert (answered.status, answered.code) == (400, "head")
    assert await server.rows(event) == []


async def test_an_unknown_incarnation_is_unknown(server, centre):
    device = await enrolled(server, centre)

    answered = await server.upload(device, device.batch(inc=2))

    assert (answered.status, answered.code) == (401, "device_unknown")


async def test_an_officer_cannot_upload_as_a_machine(server, centre):
    device, officer = await enrolled(server, centre), make_officer(centre)
    await server.enrol(officer)

    answered = await server.post(
        f"/v1/log/{officer.id.hex()}", device.batch(dev=officer.id, key=officer.key)
    )

    assert (answered.status, answered.code) == (401, "device_unknown")


def bomb():
    """A frame of a few kilobytes that states and holds 64 MiB."""
    return MAGIC + zstandard.ZstdCompressor().compress(bytes(64 * MEBIBYTE))


def unstated():
    """A frame that does not say how long it is."""
    return MAGIC + zstandard.ZstdCompressor(write_content_size=False).compress(bytes(100))


def huge_window():
    """A frame of 100 bytes that asks for a window of 128 MiB (RFC 8878 §3.1.1.1)."""
    descriptor, window = b"\x80", bytes([27 - 10 << 3])
    size = (100).to_bytes(4, "little")
    block = (100 << 3 | 1).to_bytes(3, "little") + bytes(100)
    return MAGIC + b"\x28\xb5\x2f\xfd" + descriptor + window + size + block


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "magic"),
        (b"TTB2" + bytes(20), 400, "magic"),
        (MAGIC, 400, "compression"),
        (MAGIC + b"not zstd at all", 400, "compression"),
        (bomb(), 413, "too_large"),
        (unstated(), 413, "too_large"),
        (huge_window(), 400, "compression"),
        (MAGIC + zstandard.ZstdCompressor().compress(b"\xff" * 64), 400, "malformed"),
        (MAGIC + zstandard.ZstdCompressor().compress(b"\x93\xc0\xc0\xc0"), 400, "schema"),
        (MAGIC + zstandard.ZstdCompressor().compress(b"\x91" * 100_000), 400, "malformed"),
    ],
)
async def test_bytes_that_are_no_batch_get_a_code(server, centre, data, status, code):
    device = await enrolled(server, centre, entries=0)

    answered = await server.upload(device, data)

    assert (answered.status, answered.code) == (status, code)


async def test_every_truncation_of_a_batch_is_refused_and_stores_nothing(server, centre):
    device = await enrolled(server, centre, entries=3)
    whole = device.batch()

    answers = [await server.upload(device, whole[:size]) for size in range(0, len(whole), 29)]

    assert {answered.status for answered in answers} == {400}
    assert await server.rows(event) == []


async def test_every_turned_byte_is_noticed(server, centre):
    """PROTOCOL I9: nothing that was decoded has an effect before its signature is checked."""
    device = await enrolled(server, centre, entries=1)
    whole = bytearray(device.batch())

    for place in range(0, len(whole), 7):
        whole[place] ^= 0x10
        answered = await server.upload(device, bytes(whole))
        whole[place] ^= 0x10
        assert answered.status in {400, 401, 403, 413, 422}, place

    assert await server.rows(event) == []
    assert await server.rows(evidence) == []
    assert [row["seq"] for row in await server.rows(head)] == [0]


async def test_every_byte_turned_before_the_packing_is_noticed(server, centre):
    """As above, where no checksum of the packing does what signatures have to do."""
    device = await enrolled(server, centre, entries=1)
    packer = zstandard.ZstdCompressor(level=1, write_content_size=True, write_checksum=True)
    raw = bytearray(decompress(device.batch()[len(MAGIC) :], RAW_BYTES))

    codes = set()
    for place in range(0, len(raw), 7):
        raw[place] ^= 0x10
        answered = await server.upload(device, MAGIC + packer.compress(bytes(raw)))
        raw[place] ^= 0x10
        codes.add(answered.code)
        assert answered.status in {400, 401, 403}, place

    assert {"signature", "frames"} <= codes
    assert await server.rows(event) == []
    assert await server.rows(evidence) == []
    assert [row["seq"] for row in await server.rows(head)] == [0]


async def test_bytes_behind_the_frame_are_refused(server, centre):
    device = await enrolled(server, centre)

    answered = await server.upload(device, device.batch() + b"\x00")

    assert (answered.status, answered.code) == (400, "compression")


async def test_a_body_larger_than_a_mebibyte_is_refused_unread(server, centre):
    device = await enrolled(server, centre, entries=0)

    answered = await server.upload(device, io.BytesIO(bytes(WIRE_BYTES + 1)))

    assert (answered.status, answered.code) == (413, "too_large")


async def test_a_body_without_a_length_is_cut_off_at_a_mebibyte(server, centre):
    device = await enrolled(server, centre, entries=0)

    async def endless():
        for _ in range(40):
            yield bytes(64 * 1024)

    answered = await server.upload(device, endless())

    assert (answered.status, answered.code) == (413, "too_large")


async def test_a_body_compressed_for_http_is_refused(server, centre):
    device = await enrolled(server, centre, entries=0)

    answered = await server.upload(device, b"x", **{"Content-Encoding": "br"})

    assert (answered.status, answered.code) == (400, "content_encoding")


@pytest.mark.parametrize(
    ("media_type", "status"),
    [
        ("application/octet-stream", 400),
        ("application/json", 400),
        ("application/vnd.ttx.batch.v0+zstd", 426),
    ],
)
async def test_only_our_own_media_type_is_read(server, centre, media_type, status):
    device = await enrolled(server, centre)

    answered = await server.upload(device, device.batch(), **{"Content-Type": media_type})

    assert (answered.status, answered.code) == (status, "media_type")


@pytest.mark.parametrize("name", ["", "00", "zz" * 16, "A0" * 16, "%00" * 32])
async def test_a_path_that_names_no_machine_gets_a_code(server, name):
    answered = await server.post(f"/v1/log/{name}", b"")

    assert answered.status in {400, 404, 405}
    assert answered.code


async def test_a_zero_byte_in_a_name_is_stored_on_either_database(server, centre):
    device, teacher = Device(centre), make_teacher(1)
    await server.enrol(device)
    device.revise(teacher, claim=device.claim(teacher, teacher_name="王\0明"))

    ack = await server.send(device)

    assert ack.through == 1


async def test_a_version_number_beyond_any_column_is_stored_on_either_database(server, centre):
    device = Device(centre)
    await server.enrol(device)
    device.revise(make_teacher(1), version=2**53)

    ack = await server.send(device)

    assert ack.through == 1


async def test_a_cosignature_spoilt_on_the_way_is_not_taken_and_the_true_one_is(server, centre):
    """On a line without TLS: the entry would be stored, and its approval rejected for ever."""
    device, officer = Device(centre), make_officer(centre)
    await server.enrol(device, officer)
    teacher = make_teacher(1)
    device.register(teacher, officer)
    device.decide(officer, device.revise(teacher))

    answered = await server.upload(device, _spoilt_cosignature(device))
    ack = await server.send(device)

    assert (answered.status, answered.code) == (400, "frames")
    assert [verdict for _, _, verdict in ack.items] == [1, 1, 1]


def _spoilt_cosignature(device):
    """The batch as it was signed, with another cosignature inside and a checksum that fits."""
    raw = zstandard.ZstdDecompressor().decompress(device.batch()[len(MAGIC) :])
    cosigned = device.links[-1].frame.cosignatures[0].signature
    spoilt = raw.replace(cosigned, bytes(64))
    assert spoilt != raw
    compressor = zstandard.ZstdCompressor(write_content_size=True, write_checksum=True)
    return MAGIC + compressor.compress(spoilt)
