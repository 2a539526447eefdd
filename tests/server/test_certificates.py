"""`/v1/certificates`: a server restored from a backup learns again whom the desk let in."""

import msgspec

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, encode, from_wire
from core.wire.document import sign_document, split_document
from core.wire.identity import CERTIFICATES_AT_ONCE, Certificate
from server.store.tables import certificate, device, evidence, head
from tests.fakes.device import Device, make_officer


async def show(server, *shown):
    """Status and answer."""
    body = encode(list(shown), FILE_LIMITS)
    async with server.client.post("/v1/certificates", data=body) as response:
        return response.status, await response.json()


async def test_a_machine_the_server_forgot_can_send_again(server, centre):
    """PROTOCOL 2.12: after a restore from before its enrolment."""
    machine = Device(centre)
    machine.add_boot()
    before = (await server.upload(machine, machine.batch(1, 1))).status

    answer = await show(server, machine.certificate)

    assert before == 401
    assert answer == (200, {"added": 1})
    assert (await server.send(machine)).through == 1


async def test_certificates_that_are_known_are_passed_over(server, centre):
    machine, officer = Device(centre), make_officer(centre, "553601")

    first = await show(server, machine.certificate, officer.certificate)
    again = await show(server, machine.certificate, officer.certificate)

    assert (first[1], again[1]) == ({"added": 2}, {"added": 0})
    assert len(await server.rows(certificate)) == 2


def renewed(centre, machine, inc):
    """A later incarnation of the machine."""
    later = machine.branch(0)
    later.key, later.inc = SigningKey(centre.random.randbytes(32)), inc
    later.certificate, _ = centre.certify(later.key, id=machine.id, inc=inc)
    return later


async def test_each_certificate_opens_the_incarnation_it_names_whichever_came_first(server, centre):
    """Renewed twice since the backup: the newest alone is enough, and the others may follow."""
    machine = Device(centre)
    second, third = renewed(centre, machine, 2), renewed(centre, machine, 3)
    third.add_boot()

    alone = await show(server, third.certificate)
    sent = await server.send(third)
    others = await show(server, second.certificate, machine.certificate)

    assert (alone[1], sent.through, others[1]) == ({"added": 1}, 1, {"added": 2})
    rows = await server.rows(head)
    assert [(row["inc"], row["seq"]) for row in rows] == [(1, 0), (2, 0), (3, 1)]
    assert [row["inc"] for row in await server.rows(device)] == [3]


async def test_a_copy_left_in_an_old_incarnation_can_hand_in_its_evidence(server, centre):
    """And nothing else: what its certificate opens is closed already."""
    machine = Device(centre)
    machine.add_boot()
    await show(server, renewed(centre, machine, 2).certificate)
    batch = machine.batch(1, 1)
    before = await server.post(f"/v1/evidence/{machine.id.hex()}", batch)

    await show(server, machine.certificate)

    after = await server.post(f"/v1/evidence/{machine.id.hex()}", batch)
    assert (before.status, after.status) == (401, 202)
    assert (await server.upload(machine, machine.batch(1, 1))).code == "fork"
    assert (await server.beacon(machine.id))[0].cursor[0] == 2
    assert len(await server.rows(evidence)) >= 1


async def test_no_other_certificate_takes_a_log_over(server, centre):
    """The holder of a copied disk has an older one of the same machine."""
    machine = Device(centre)
    content = from_wire(split_document(machine.certificate)[0], Certificate)
    another = sign_document(
        SignatureType.CERTIFICATE,
        msgspec.structs.replace(content, serial=content.serial + 1),
        centre.enrol,
    )
    await show(server, machine.certificate)

    answer = await show(server, another)

    assert answer == (200, {"added": 0})


async def test_what_our_desk_did_not_sign_is_passed_over(server, centre):
    machine = Device(centre)
    body, _ = split_document(machine.certificate)
    content = from_wire(body, Certificate)
    forged = sign_document(SignatureType.CERTIFICATE, content, SigningKey(b"f" * 32))

    answer = await show(server, forged, machine.certificate)

    assert answer == (200, {"added": 1})


async def test_too_many_and_nonsense_are_refused(server, centre):
    machine = Device(centre)

    many = await show(server, *[machine.certificate] * (CERTIFICATES_AT_ONCE + 1))
    async with server.client.post("/v1/certificates", data=b"nonsense") as response:
        nonsense = response.status

    assert many[0] == 413
    assert nonsense == 400
