"""`/v1/certificates`: a server restored from a backup learns again whom the desk let in."""

import msgspec
import pytest

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, encode, from_wire
from core.wire.document import sign_document, split_document
from core.wire.identity import CERTIFICATES_AT_ONCE, Certificate
from server.store.tables import certificate, head
from tests.fakes.device import Device, make_officer


async def show(server, *shown):
    """Status and answer."""
    body = encode([list(each) for each in shown], FILE_LIMITS)
    async with server.client.post("/v1/certificates", data=body) as response:
        return response.status, await response.json()


async def test_a_machine_the_server_forgot_can_send_again(server, centre):
    """PROTOCOL 2.12: after a restore from before its enrolment."""
    machine = Device(centre)
    machine.add_boot()
    before = (await server.upload(machine, machine.batch(1, 1))).status

    answer = await show(server, (1, machine.certificate))

    assert before == 401
    assert answer == (200, {"added": 1})
    assert (await server.send(machine)).through == 1


async def test_certificates_that_are_known_are_passed_over(server, centre):
    machine, officer = Device(centre), make_officer(centre, "553601")

    first = await show(server, (1, machine.certificate), (0, officer.certificate))
    again = await show(server, (1, machine.certificate), (0, officer.certificate))

    assert (first[1], again[1]) == ({"added": 2}, {"added": 0})
    assert len(await server.rows(certificate)) == 2


@pytest.mark.parametrize("inc", [-1, 0, 2, 3])
async def test_a_certificate_opens_no_other_incarnation_than_it_says(server, centre, inc):
    machine = Device(centre)

    answer = await show(server, (inc, machine.certificate))

    assert answer == (200, {"added": 0})
    assert await server.rows(head) == []


async def test_an_older_certificate_never_comes_back(server, centre):
    """The holder of a copied disk has one."""
    make_officer(centre, "553601")  # takes the first serial number
    machine = Device(centre)
    content = from_wire(split_document(machine.certificate)[0], Certificate)
    older = sign_document(
        SignatureType.CERTIFICATE,
        msgspec.structs.replace(content, serial=1),
        centre.enrol,
    )
    await show(server, (1, machine.certificate))

    answer = await show(server, (2, older))

    assert answer == (200, {"added": 0})


async def test_what_our_desk_did_not_sign_is_passed_over(server, centre):
    machine = Device(centre)
    body, _ = split_document(machine.certificate)
    content = from_wire(body, Certificate)
    forged = sign_document(SignatureType.CERTIFICATE, content, SigningKey(b"f" * 32))

    answer = await show(server, (1, forged), (1, machine.certificate))

    assert answer == (200, {"added": 1})


async def test_too_many_and_nonsense_are_refused(server, centre):
    machine = Device(centre)

    many = await show(server, *[(1, machine.certificate)] * (CERTIFICATES_AT_ONCE + 1))
    async with server.client.post("/v1/certificates", data=b"nonsense") as response:
        nonsense = response.status

    assert many[0] == 413
    assert nonsense == 400
