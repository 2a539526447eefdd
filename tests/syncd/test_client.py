"""The client over real sockets: what counts as an answer, and what does not."""

from dataclasses import dataclass

import pytest
from aiohttp import web

from core.signature import SignatureType
from core.wire.batch import UNSAID, BatchHeader, encode_batch
from core.wire.beacon import HeadStatement
from core.wire.document import sign_document
from core.wire.reference import Trust
from syncd.client import Client, ForeignSignatureError, LineError, Refusal, SeenBeacon
from tests.syncd.centre import Centre, key
from tests.syncd.machine import LOG_KEY, append, identity_of
from tests.syncd.small_server import SmallServer

NONCE = b"n" * 16
HTML = "<html><body>請登入免費網路</body></html>"


def portal(status=200):
    """What a captive portal or a proxy says."""
    return web.Response(text=HTML, content_type="text/html", status=status)


@dataclass
class Line:
    """A small server and an open client on one machine's behalf."""

    server: SmallServer
    client: Client
    device: bytes
    trust: Trust

    async def beacon(self):
        return await self.client.beacon(self.device, NONCE, self.trust)

    async def upload(self, store):
        return await self.client.upload(self.device, batch_of(store), NONCE, self.trust)


@pytest.fixture
async def line(centre, aiohttp_server):
    identity = identity_of(centre)
    server = SmallServer(centre, certificate=identity.certificate)
    running = await aiohttp_server(server.app())
    async with Client(str(running.make_url("/"))) as client:
        yield Line(server, client, identity.device, centre.trust)


def batch_of(store, nonce=NONCE):
    (link,) = store.ledger.links(1, 1)
    header = BatchHeader(
        dev=link.event.dev,
        inc=1,
        epoch=None,
        first=1,
        prev=link.event.prev,
        n=1,
        head=link.hash,
        last=1,
        frames=UNSAID,
        nonce=nonce,
        sent_m=1,
    )
    return encode_batch(header, [link.frame], LOG_KEY)


async def test_a_beacon_to_this_question_counts(line):
    seen = await line.beacon()

    assert isinstance(seen, SeenBeacon)
    assert seen.digest[:8] == seen.id


async def test_a_beacon_under_a_strange_key_is_told_apart(line):
    strangers = Centre(beacon=key("stranger"))

    with pytest.raises(ForeignSignatureError):
        await line.client.beacon(line.device, NONCE, strangers.trust)


@pytest.mark.parametrize("change", [{"nonce": b"o" * 16}, {"dev": b"o" * 16}])
async def test_a_beacon_to_another_question_is_no_answer(line, change):
    """PROTOCOL 3: replay of old beacons is stopped by the nonce."""
    line.server.beacon_changes = change

    with pytest.raises(LineError):
        await line.beacon()


@pytest.mark.parametrize("status", [200, 302, 401, 403, 410, 422])
async def test_a_captive_portal_is_no_answer(line, store, status):
    """PROTOCOL 4.2: captive portal, 200 + HTML."""
    append(store)
    line.server.misbehave("beacon", portal(status))
    line.server.misbehave("log", portal(status))

    with pytest.raises(LineError):
        await line.beacon()
    with pytest.raises(LineError):
        await line.upload(store)


async def test_whoever_says_yes_in_the_line_has_taken_nothing(line):
    """Else the centre would never be shown what it forgot, nor evidence, nor a report."""
    line.server.misbehave("certificates", portal(200), web.json_response(["added"]))
    line.server.misbehave("evidence", portal(202))
    line.server.misbehave("incident", portal(202))

    with pytest.raises(LineError, match="added"):
        await line.client.present([b"certificate"])
    with pytest.raises(LineError, match="added"):
        await line.client.present([b"certificate"])
    with pytest.raises(LineError, match="code"):
        await line.client.evidence(line.device, b"batch")
    with pytest.raises(LineError, match="number"):
        await line.client.incident(line.device, b"incident")
    assert await line.client.present([b"certificate"]) is None


@pytest.mark.parametrize("status", [200, 400, 409])
async def test_brackets_without_end_are_no_answer(line, store, status):
    append(store)
    for way in ("beacon", "log"):
        line.server.misbehave(way, web.Response(text="[" * 50_000, status=status))

    with pytest.raises(LineError):
        await line.beacon()
    with pytest.raises(LineError):
        await line.upload(store)


@pytest.mark.parametrize("status", [408, 413, 425, 429, 500, 502, 503, 504])
async def test_what_any_proxy_may_say_is_a_refusal_without_code(line, store, status):
    append(store)
    line.server.misbehave("log", portal(status))

    answer = await line.upload(store)

    assert answer == Refusal(status)


@pytest.mark.parametrize("status", [400, 401, 403, 409, 410, 422, 426, 507])
async def test_a_refusal_in_our_form_carries_its_code(line, store, status):
    append(store)
    line.server.misbehave("log", web.json_response({"code": "because"}, status=status))

    answer = await line.upload(store)

    assert answer == Refusal(status, "because")


@pytest.mark.parametrize(
    ("header", "expected"),
    [("7", 7000), ("0", 0), ("-1", None), ("soon", None), ("9999999", None), ("٣", None)],
)
async def test_retry_after_is_read_when_it_is_a_number_of_seconds(line, header, expected):
    answer = web.Response(status=503)
    answer.headers["Retry-After"] = header
    line.server.misbehave("beacon", answer)

    refusal = await line.beacon()

    assert refusal.retry_after_ms == expected


async def test_an_acknowledgement_counts_with_signature_and_nonce(line, store):
    append(store)

    answer = await line.upload(store)

    assert (answer.status, answer.ack.through) == (200, 1)


@pytest.mark.parametrize("change", [{"nonce": b"o" * 16}, {"dev": b"o" * 16}])
async def test_an_old_acknowledgement_is_no_answer(line, store, change):
    append(store)
    line.server.ack_changes = change

    with pytest.raises(LineError):
        await line.upload(store)


async def test_an_altered_acknowledgement_is_no_answer(line, store):
    append(store)

    def altered(response):
        body = bytearray(response.body)
        body[len(body) // 2] ^= 1
        return web.Response(body=bytes(body))

    line.server.misbehave("log", altered)

    with pytest.raises(LineError):
        await line.upload(store)


async def test_an_endless_answer_is_cut_off(line):
    line.server.misbehave("beacon", web.Response(body=bytes(200_000)))
    line.server.misbehave("file", web.Response(body=bytes(101)))

    with pytest.raises(LineError, match="too large"):
        await line.beacon()
    with pytest.raises(LineError, match="too large"):
        await line.client.file(bytes(32), 100)


async def test_what_somebody_else_compressed_is_not_unpacked(line):
    """A proxy's gzip would be unpacked without a limit."""
    answer = web.Response(body=b"\x1f\x8b" + bytes(50), headers={"Content-Encoding": "gzip"})
    line.server.misbehave("snapshot", answer)

    assert (await line.client.snapshot())[:2] == b"\x1f\x8b"


async def test_no_server_is_no_answer(centre):
    async with Client("http://127.0.0.1:9") as client:
        with pytest.raises(LineError):
            await client.beacon(bytes(16), NONCE, centre.trust)


async def test_an_inbox_that_is_not_a_list_of_frames_is_no_answer(line):
    signed = sign_document(SignatureType.HEAD, statement(line.device), LOG_KEY)
    line.server.misbehave("inbox", web.Response(body=b"\x91\xc0"))

    with pytest.raises(LineError):
        await line.client.inbox(line.device, signed)


def statement(device):
    return HeadStatement(
        dev=device,
        inc=1,
        seq=0,
        head=bytes(32),
        beacon=bytes(8),
        purpose="inbox",
        after=0,
    )


async def test_a_ticket_that_is_not_hex_is_not_ours(line):
    line.server.misbehave("enrol", web.json_response({"id": "../../etc"}, status=202))

    with pytest.raises(LineError):
        await line.client.request_enrolment(b"form")


async def test_a_client_that_was_not_opened_is_a_bug(centre):
    with pytest.raises(RuntimeError):
        await Client("http://127.0.0.1:9").beacon(bytes(16), NONCE, centre.trust)
