"""`/v1/trust`, `/v1/snapshot`, `/v1/file`, `/v1/reference` (PROTOCOL 2.8a)."""

import asyncio
import hashlib
import io

import pytest

from core.sealing import SigningKey
from core.wire.canon import FILE_LIMITS, encode, to_wire
from core.wire.past import PastFile
from core.wire.reference import PhaseRow, ReferenceFile, snapshot_hash
from server.store.tables import reference, reference_file
from tests.fakes.centre import Centre


def notice(text):
    return ReferenceFile(kind="notice", text=text)


CALENDAR = ReferenceFile(kind="calendar", phases=(PhaseRow(name="submit", opens=1, closes=2),))


async def publish(server, release):
    signed, files = release
    body = io.BytesIO(encode([signed, list(files)], FILE_LIMITS))
    async with server.client.post("/v1/reference", data=body) as response:
        return response.status, await response.json()


async def fetch(server, path):
    async with server.client.get(path) as response:
        return response.status, await response.read()


async def test_a_release_is_taken_and_served_file_by_file(server, centre):
    release = centre.publish(1, {"notices": (1, notice("注意")), "calendar": (1, CALENDAR)})

    answered = await publish(server, release)

    assert answered == (200, {"version": 1, "fresh": True})
    assert await fetch(server, "/v1/snapshot") == (200, release[0])
    for data in release[1]:
        assert await fetch(server, f"/v1/file/{hashlib.sha256(data).hexdigest()}") == (200, data)
    beacon, _ = await server.beacon(bytes(16))
    assert (beacon.snap_v, beacon.snap_h) == (1, snapshot_hash(release[0]))


async def test_who_asks_only_for_the_size_of_a_file_gets_no_byte_of_it(server, centre):
    release = centre.publish(1, {"notices": (1, notice("注意" * 100))})
    await publish(server, release)
    data = release[1][0]
    path = f"/v1/file/{hashlib.sha256(data).hexdigest()}"
    url = server.client.make_url(path)
    asked = f"HEAD {path} HTTP/1.1\r\nHost: {url.host}\r\nConnection: close\r\n\r\n"

    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(asked.encode())
    answered = await reader.read()
    writer.close()

    headers, _, rest = answered.partition(b"\r\n\r\n")
    assert f"content-length: {len(data)}".encode() in headers.lower()
    assert rest == b""


async def test_the_trust_document_is_served_as_it_was_signed(server, centre):
    assert await fetch(server, "/v1/trust") == (200, centre.signed_trust)
    assert await fetch(server, "/v1/trust?v=1") == (200, centre.signed_trust)


@pytest.mark.parametrize(("asked", "status"), [("2", 404), ("0", 400), ("x", 400), ("1_0", 400)])
async def test_a_trust_document_that_does_not_exist_is_not_made_up(server, asked, status):
    assert (await fetch(server, f"/v1/trust?v={asked}"))[0] == status


async def test_before_the_first_release_there_is_nothing(server):
    assert (await fetch(server, "/v1/snapshot"))[0] == 404
    assert (await fetch(server, f"/v1/file/{'00' * 32}"))[0] == 404


async def test_publishing_the_same_release_twice_changes_nothing(server, centre):
    release = centre.publish(1, {"notices": (1, notice("注意"))})
    await publish(server, release)

    again = await publish(server, release)

    assert again == (200, {"version": 1, "fresh": False})
    assert len(await server.rows(reference)) == 1


async def test_a_file_that_did_not_change_need_not_come_again(server, centre):
    first = centre.publish(1, {"notices": (1, notice("一")), "calendar": (1, CALENDAR)})
    await publish(server, first)
    second = centre.publish(2, {"notices": (2, notice("二")), "calendar": (1, CALENDAR)})
    changed = [data for data in second[1] if data not in first[1]]

    answered = await publish(server, (second[0], changed))

    assert answered == (200, {"version": 2, "fresh": True})
    assert len(await server.rows(reference_file)) == 3


@pytest.mark.parametrize(
    ("versions", "text", "code"),
    [
        pytest.param((2, 3), "新", "rollback", id="the snapshot falls"),
        pytest.param((3, 3), "新", "rollback", id="one version with two contents"),
        pytest.param((4, 1), "舊", "rollback", id="the file falls"),
        pytest.param((4, 2), "改", "same_version", id="one version of a file with two contents"),
    ],
)
async def test_a_rollback_is_refused(server, versions, text, code):
    centre, (version, file_version) = server.centre, versions
    await publish(server, centre.publish(3, {"notices": (2, notice("現行"))}))
    before = await fetch(server, "/v1/snapshot")

    answered = await publish(
        server, centre.publish(version, {"notices": (file_version, notice(text))})
    )

    assert answered == (409, {"code": code})
    assert await fetch(server, "/v1/snapshot") == before


async def test_only_the_release_key_publishes(server):
    stranger = Centre(seed=99)

    answered = await publish(server, stranger.publish(1, {"notices": (1, notice("假"))}))

    assert answered == (403, {"code": "signature"})
    assert await server.rows(reference) == []


async def test_a_revocation_list_the_desk_did_not_sign_stops_the_release(server, centre):
    real = centre.enrol
    centre.enrol = SigningKey(bytes(32))
    forged = ReferenceFile(kind="revocations", revocations=centre.revocations(2))
    centre.enrol = real

    answered = await publish(server, centre.publish(1, {"revocations": (1, forged)}))

    assert answered == (403, {"code": "signature"})
    assert await server.rows(reference) == []


async def test_a_release_must_come_with_its_files_and_no_others_bytes(server, centre):
    signed, files = centre.publish(1, {"notices": (1, notice("注意"))})
    other = to_wire(notice("別的"), FILE_LIMITS)

    without = await publish(server, (signed, []))
    swapped = await publish(server, (signed, [other]))

    assert without == (422, {"code": "file_missing"})
    assert swapped == (422, {"code": "file_missing"})
    assert files
    assert await server.rows(reference_file) == []


@pytest.mark.parametrize("body", [b"", b"\xc0", encode([b"x", []])])
async def test_bytes_that_are_no_release_get_a_code(server, body):
    async with server.client.post("/v1/reference", data=body) as response:
        answered = (response.status, await response.json())

    assert answered[0] in {400, 403, 422}
    assert answered[1]["code"]


async def test_past_results_are_served_and_a_list_under_their_name_is_refused(server, centre):
    told = PastFile(kind="past", sources=(), rows=())
    good = centre.publish(1, {"notices": (1, notice("注意")), "past": (1, told)})
    wrong = centre.publish(2, {"notices": (1, notice("注意")), "past": (2, notice("不是"))})

    taken = await publish(server, good)
    refused = await publish(server, wrong)

    assert taken == (200, {"version": 1, "fresh": True})
    assert refused[0] == 422
    digest = hashlib.sha256(to_wire(told, FILE_LIMITS)).hexdigest()
    assert await fetch(server, f"/v1/file/{digest}") == (200, to_wire(told, FILE_LIMITS))
