"""`/v1/enrol` and `/v1/desk`: request, list, grant, refuse (PROTOCOL 2.6)."""

import pytest

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.ack import Verdict
from core.wire.beacon import HeadStatement
from core.wire.canon import FILE_LIMITS, decode, from_wire, to_wire
from core.wire.document import sign_document
from core.wire.event import read_event
from core.wire.identity import EnrolmentForm, Grant
from server.api.enrolment import PER_ADDRESS, UNANSWERED_MS
from server.config import Limits, ServerConfig
from server.store.tables import application, certificate, device, enrolment, head
from tests.fakes.device import NOON_MS, Device, make_officer, make_teacher
from tests.server.running import start


async def call(server, method, path, data=None):
    """Status, and body as JSON when it is one."""
    async with server.client.request(method, path, data=data) as response:
        if response.content_type == "application/json":
            return response.status, await response.json()
        return response.status, await response.read()


def statement(key, beacon, purpose="enrol", dev=None):
    """What the desk signs to be let in."""
    said = HeadStatement(
        dev=dev or key.id, inc=1, seq=0, head=bytes(32), beacon=beacon, purpose=purpose, after=0
    )
    return sign_document(SignatureType.HEAD, said, key)


async def ask_desk(server, centre):
    """The requests that wait."""
    _, beacon = await server.beacon(centre.enrol.id)
    status, body = await call(server, "POST", "/v1/desk", statement(centre.enrol, beacon))
    assert status == 200
    return [(bytes(name), bytes(form)) for name, form in decode(body, FILE_LIMITS)]


async def test_from_the_request_to_the_first_upload(server, centre):
    machine = Device(centre)
    form = machine.form()

    asked = await call(server, "POST", "/v1/enrol", form)
    name = asked[1]["id"]
    waiting = await call(server, "GET", f"/v1/enrol/{name}")
    listed = await ask_desk(server, centre)
    granted = await call(
        server, "POST", f"/v1/enrol/{name}/grant", centre.grant(machine.certificate)
    )
    told = await call(server, "GET", f"/v1/enrol/{name}")

    assert (asked[0], waiting[0], granted[0]) == (202, 202, 200)
    assert listed == [(bytes.fromhex(name), form)]
    assert told == (200, centre.grant(machine.certificate))
    assert from_wire(told[1], Grant, FILE_LIMITS).certificate == machine.certificate
    assert await ask_desk(server, centre) == []
    machine.add_boot()
    assert (await server.send(machine)).through == 1
    row = (await server.rows(head))[0]
    assert (row["certificate"], row["inc"]) == (machine.root, 1)


async def test_asking_twice_is_one_request(server, centre):
    form = Device(centre).form()

    first = await call(server, "POST", "/v1/enrol", form)
    second = await call(server, "POST", "/v1/enrol", form)

    assert first == second
    assert len(await server.rows(enrolment)) == 1


async def test_a_refused_request_says_so(server, centre):
    _, body = await call(server, "POST", "/v1/enrol", Device(centre).form())
    _, beacon = await server.beacon(centre.enrol.id)

    refused = await call(
        server, "POST", f"/v1/enrol/{body['id']}/refuse", statement(centre.enrol, beacon)
    )

    assert refused[0] == 200
    assert await call(server, "GET", f"/v1/enrol/{body['id']}") == (403, {"code": "refused"})
    assert await server.rows(certificate) == []


async def test_a_refusal_cannot_be_used_for_a_second_request(server, centre):
    names = [
        (await call(server, "POST", "/v1/enrol", Device(centre).form()))[1]["id"] for _ in range(2)
    ]
    _, beacon = await server.beacon(centre.enrol.id)
    said = statement(centre.enrol, beacon)
    await call(server, "POST", f"/v1/enrol/{names[0]}/refuse", said)

    replayed = await call(server, "POST", f"/v1/enrol/{names[1]}/refuse", said)

    assert replayed == (404, {"code": "beacon_unknown"})
    assert (await call(server, "GET", f"/v1/enrol/{names[1]}"))[0] == 202


async def test_a_granted_request_cannot_be_refused_or_granted_otherwise(server, centre):
    machine = Device(centre)
    _, body = await call(server, "POST", "/v1/enrol", machine.form())
    grant = centre.grant(machine.certificate)
    await call(server, "POST", f"/v1/enrol/{body['id']}/grant", grant)
    other, _ = centre.certify(machine.key)
    _, beacon = await server.beacon(centre.enrol.id)

    again = await call(server, "POST", f"/v1/enrol/{body['id']}/grant", grant)
    changed = await call(server, "POST", f"/v1/enrol/{body['id']}/grant", centre.grant(other))
    refused = await call(
        server, "POST", f"/v1/enrol/{body['id']}/refuse", statement(centre.enrol, beacon)
    )

    assert (again[0], changed[0], refused[0]) == (200, 409, 409)
    assert len(await server.rows(device)) == 1


async def test_a_grant_for_another_key_is_refused(server, centre):
    machine, other = Device(centre), Device(centre)
    _, body = await call(server, "POST", "/v1/enrol", machine.form())

    answered = await call(
        server, "POST", f"/v1/enrol/{body['id']}/grant", centre.grant(other.certificate)
    )

    assert answered == (403, {"code": "other_request"})
    assert await server.rows(certificate) == []


async def test_a_certificate_the_enrol_key_did_not_sign_is_refused(server, centre):
    machine = Device(centre)
    _, body = await call(server, "POST", "/v1/enrol", machine.form())
    centre.enrol = SigningKey(bytes(32))
    forged, _ = centre.certify(machine.key)

    answered = await call(server, "POST", f"/v1/enrol/{body['id']}/grant", centre.grant(forged))

    assert answered == (403, {"code": "signature"})


async def test_a_grant_for_nobody_is_refused(server, centre):
    machine = Device(centre)

    answered = await call(
        server, "POST", f"/v1/enrol/{'00' * 16}/grant", centre.grant(machine.certificate)
    )

    assert answered == (404, {"code": "request_unknown"})


async def test_a_request_not_signed_by_its_own_key_is_refused(server, centre):
    form = from_wire(Device(centre).form(), EnrolmentForm)
    damaged = form.request[:-1] + bytes([form.request[-1] ^ 1])

    answered = await call(
        server, "POST", "/v1/enrol", to_wire(EnrolmentForm(request=damaged, proof=form.proof))
    )

    assert answered == (400, {"code": "signature"})
    assert await server.rows(enrolment) == []


@pytest.mark.parametrize(("size", "status"), [(0, 400), (100, 400), (20_000, 413)])
async def test_bytes_that_are_no_request_get_a_code(server, size, status):
    answered = await call(server, "POST", "/v1/enrol", bytes(size))

    assert answered[0] == status
    assert answered[1]["code"]


async def test_the_desk_is_let_in_by_its_key_and_a_fresh_beacon_only(server, centre):
    thief = SigningKey(bytes(32))
    _, beacon = await server.beacon(centre.enrol.id)
    tries = {
        "another key": statement(thief, beacon),
        "another purpose": statement(centre.enrol, beacon, purpose="inbox"),
        "no beacon": statement(centre.enrol, bytes(8)),
        "another's beacon": statement(centre.enrol, (await server.beacon(thief.id))[1]),
    }

    answers = {name: (await call(server, "POST", "/v1/desk", tries[name]))[0] for name in tries}
    server.clock.now_ms += 600_001
    answers["a stale one"] = (
        await call(server, "POST", "/v1/desk", statement(centre.enrol, beacon))
    )[0]

    assert answers == {
        "another key": 403,
        "another purpose": 403,
        "no beacon": 404,
        "another's beacon": 404,
        "a stale one": 404,
    }


async def test_an_officers_certificate_is_granted_to_who_asked_as_an_officer(server, centre):
    officer, machine = make_officer(centre), Device(centre)
    _, asked = await call(server, "POST", "/v1/enrol", machine.form("officer", officer.key))
    _, machines = await call(server, "POST", "/v1/enrol", machine.form("device", officer.key))
    grant = centre.grant(officer.certificate)

    as_machine = await call(server, "POST", f"/v1/enrol/{machines['id']}/grant", grant)
    as_officer = await call(server, "POST", f"/v1/enrol/{asked['id']}/grant", grant)

    assert as_machine == (403, {"code": "other_request"})
    assert as_officer == (200, {"code": "granted"})
    assert [row["subject"] for row in await server.rows(certificate)] == ["officer"]
    assert await server.rows(device) == []


async def test_decisions_that_waited_for_the_officers_certificate_count_when_it_comes(
    server, centre
):
    first, second = Device(centre), Device(centre)
    await server.enrol(first, second)
    officer, teacher = make_officer(centre), make_teacher(1)
    first.register(teacher, officer)
    made = first.revise(teacher)
    await server.send(first)
    second.decide(officer, made)
    before = await server.send(second)
    _, asked = await call(server, "POST", "/v1/enrol", first.form("officer", officer.key))

    await call(server, "POST", f"/v1/enrol/{asked['id']}/grant", centre.grant(officer.certificate))

    assert before.items[0][2] == Verdict.REVIEW
    (row,) = await server.rows(application)
    assert (row["review"], row["flag"]) == ("approved", None)
    kinds = [read_event(frame).kind for frame in await server.inbox(first)]
    assert kinds == ["inbox.receipt", "inbox.review"]


async def test_only_so_many_requests_wait(database_url, centre, tmp_path):
    centre.write_home(tmp_path / "home")
    config = ServerConfig(
        home=tmp_path / "home", database=database_url, limits=Limits(pending_enrolments=2)
    )
    async with start(config, NOON_MS, centre) as server:
        forms = [Device(centre).form() for _ in range(3)]

        statuses = [(await call(server, "POST", "/v1/enrol", form))[0] for form in forms]
        again = await call(server, "POST", "/v1/enrol", forms[0])

        assert statuses == [202, 202, 503]
        assert again[0] == 202


async def test_when_the_list_is_full_the_oldest_unanswered_requests_give_way(
    database_url, centre, tmp_path
):
    """A flood that nobody answers must not keep schools out; who still waits asks anew."""
    centre.write_home(tmp_path / "home")
    config = ServerConfig(
        home=tmp_path / "home", database=database_url, limits=Limits(pending_enrolments=2)
    )
    async with start(config, NOON_MS, centre) as server:
        old, middle, new = (Device(centre).form() for _ in range(3))
        _, first = await call(server, "POST", "/v1/enrol", old)
        server.clock.now_ms += UNANSWERED_MS
        await call(server, "POST", "/v1/enrol", middle)
        early, _ = await call(server, "POST", "/v1/enrol", new)
        server.clock.now_ms += 1

        late, _ = await call(server, "POST", "/v1/enrol", new)

        gone, _ = await call(server, "GET", f"/v1/enrol/{first['id']}")
        assert (early, late, gone) == (503, 202, 404)
        assert len(await server.rows(enrolment)) == 2


async def test_one_address_has_only_so_many_forms_a_minute(server, centre):
    form = Device(centre).form()

    statuses = [
        (await call(server, "POST", "/v1/enrol", form))[0] for _ in range(PER_ADDRESS.burst + 20)
    ]

    assert statuses[: PER_ADDRESS.burst] == [202] * PER_ADDRESS.burst
    assert 429 in statuses[PER_ADDRESS.burst :]
