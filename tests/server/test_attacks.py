"""A hostile or broken machine slows nobody, fills no disk, crashes nothing (PROTOCOL 3, I10).

The server is a process of its own, as in service; attackers and honest kiosks are on its socket at
the same time. What honest kiosks feel, and how much memory the process ever held, is measured.
"""

import asyncio
import hashlib
import io
import os
import signal
import socket
import time
from http import HTTPStatus
from pathlib import Path

import aiohttp
import msgspec
import pytest
import zstandard

from core.signature import SignatureType
from core.wire.ack import Ack
from core.wire.batch import MEDIA_TYPE
from core.wire.beacon import beacon_id
from core.wire.canon import FILE_LIMITS, encode, from_wire, to_wire
from core.wire.document import open_document, split_document
from core.wire.identity import Certificate
from core.wire.kind import ResultNotice, TeacherRegister
from core.wire.reference import ReferenceFile
from server.attendance import BETWEEN_REQUESTS_S, FIRST_REQUEST_S, Attendance
from server.config import Limits
from server.console.entrance import PER_ADDRESS
from server.console.session import DOOR_COOKIE, form_token
from server.console.visit import FORM_FIELD
from server.inbox import append_notice
from server.store import identities, tables
from server.store.database import open_store
from server.store.migrate import migrate
from server.store.season_tables import audit
from tests.fakes.centre import Centre
from tests.fakes.device import Device
from tests.server.process import Server
from tests.server.running import read_rows

RSS_AT_MOST_MIB = 400
HONEST_S = 0.8 * Limits().deadline_s  # who holds a place is sent away later; alone it is below 0.1
FORM = "application/x-www-form-urlencoded"
HEAD = "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {media}\r\nContent-Length: {size}\r\n\r\n"


@pytest.fixture
async def victim(tmp_path, root):
    """A running server process, honest machines, and one in hostile hands."""
    centre = Centre()
    home = tmp_path / "home"
    centre.write_home(home)
    url = f"sqlite:///{home / 'server.db'}"
    honest, hostile = [Device(centre) for _ in range(8)], Device(centre)
    store = open_store(url)
    migrate(store)
    enrol = {centre.enrol.id: centre.enrol.public}
    with store.writing() as connection:
        for each in (*honest, hostile):
            content = open_document(SignatureType.CERTIFICATE, each.certificate, Certificate, enrol)
            identities.add_certificate(connection, each.certificate, content, 0)
    server = Server(home, url, root)
    address = await server.start()
    timeout = aiohttp.ClientTimeout(total=60)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(address, timeout=timeout, connector=connector) as session:
        yield Victim(server, store, session, centre, honest, hostile)
    assert server.process.returncode is None, "the server went down"
    assert await server.stop(signal.SIGTERM) == 0
    store.close()


class Victim:
    """What an attack is measured by."""

    def __init__(self, server, store, session, centre, honest, hostile):  # noqa: PLR0913, PLR0917
        self.server, self.store, self.session, self.centre = server, store, session, centre
        self.honest, self.hostile = honest, hostile
        self.host, port = server.address.read_text().strip().removeprefix("http://").split(":")
        self.port = int(port)

    async def post(self, path, data, media=MEDIA_TYPE):
        async with self.session.post(path, data=data, headers={"Content-Type": media}) as response:
            return response.status, await response.read()

    async def all_honest_get_through(self, limit_s=HONEST_S):
        """Every honest machine uploads now; the slowest answer in seconds."""
        for each in self.honest:
            each.add_boot()
        started = time.perf_counter()
        answers = await asyncio.gather(
            *(
                self.post(f"/v1/log/{each.id.hex()}", each.batch(len(each.links)))
                for each in self.honest
            )
        )
        seconds = time.perf_counter() - started
        assert [status for status, _ in answers] == [200] * len(self.honest)
        assert seconds < limit_s
        return seconds

    async def all_get_through_beside(self, begun):
        """The same while these requests, each on a line of its own, are begun and not ended."""
        held = [await self.connect(data) for data in begun]
        await asyncio.sleep(0.5)
        try:
            await self.all_honest_get_through()
        finally:
            for _, writer in held:
                writer.transport.abort()

    def peak_rss_mib(self):
        status = Path(f"/proc/{self.server.process.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) // 1024

    async def publish_a_large_file(self):
        """Its name and its bytes."""
        file = ReferenceFile(kind="notice", text="注" * 300_000)
        signed, files = self.centre.publish(1, {"notices": (1, file)})
        body = io.BytesIO(encode([signed, list(files)], FILE_LIMITS))
        status, _ = await self.post("/v1/reference", body, "application/octet-stream")
        assert status == HTTPStatus.OK
        return hashlib.sha256(files[0]).hexdigest(), files[0]

    def connect_deaf(self, data):
        """A line on which something is asked, and nothing read."""
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.connect((self.host, self.port))
        line.sendall(data)
        return line

    async def connect(self, data):
        reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.write(data)
        return reader, writer


def request(path, size, media=MEDIA_TYPE):
    return HEAD.format(path=path, media=media, size=size).encode()


async def test_a_thousand_connections_that_say_nothing_or_never_finish(victim):
    first_words = [b"", b"POST /v1/log/", b"GET /v1/beacon HTTP/1.1\r\nHost: x\r\nX-Slow: "]

    held = [await victim.connect(first_words[number % 3]) for number in range(1000)]
    try:
        await victim.all_honest_get_through()
    finally:
        for _, writer in held:
            writer.close()

    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


async def test_bodies_that_never_end_take_nobodys_place(victim):
    """Promising a mebibyte costs nothing; sending most of it needs a machine's name."""
    almost = bytes(1024 * 1024 - 1)
    strangers = [request(f"/v1/log/{number:032x}", 1024 * 1024) for number in range(300)]
    others = [request(f"/v1/{name}", 16 * 1024) for name in ("enrol", "desk") for _ in range(50)]
    shown = request("/v1/certificates", 256 * 1024) + almost[: 256 * 1024 - 1]
    others += [shown] * 300
    releases = [request("/v1/reference", 16 * 1024 * 1024) + almost for _ in range(20)]
    mine = request(f"/v1/log/{victim.hostile.id.hex()}", 1024 * 1024) + almost
    await victim.all_get_through_beside((*strangers, *others, *releases, *[mine] * 40))

    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


@pytest.mark.parametrize(
    ("path", "media", "size"),
    [
        ("/login", FORM, 1024 * 1024),
        ("/login/card", FORM, 1024 * 1024),
        (f"/v1/enrol/{'0' * 32}/grant", MEDIA_TYPE, 256 * 1024),
    ],
)
async def test_what_anybody_may_send_is_no_memory_for_the_taking(victim, path, media, size):
    data = request(path, size, media) + bytes(size - 1)

    await victim.all_get_through_beside([data] * 1000)

    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


async def test_headers_that_never_end_are_cut_off(victim):
    """A megabyte of them, each as long as any that is read."""
    head = b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(
        b"X-%d: " % number + b"a" * 8000 + b"\r\n" for number in range(120)
    )

    await victim.all_get_through_beside([head] * 500)

    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


async def test_requests_sent_ahead_on_one_line_are_not_read_ahead(victim):
    """Behind one whose answer nobody reads."""
    sha256, _ = await victim.publish_a_large_file()
    first = f"GET /v1/file/{sha256} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 8
    fat = b"GET /livez HTTP/1.1\r\nHost: x\r\n" + b"".join(
        b"X-%d: " % number + b"a" * 4000 + b"\r\n" for number in range(40)
    )
    loop = asyncio.get_running_loop()

    held = [victim.connect_deaf(b"") for _ in range(60)]
    for each in held:
        each.setblocking(False)  # noqa: FBT003
    ahead = [
        loop.create_task(loop.sock_sendall(each, first + (fat + b"\r\n") * 40)) for each in held
    ]
    await asyncio.sleep(5)
    try:
        await victim.all_honest_get_through()
    finally:
        for sending, each in zip(ahead, held, strict=True):
            sending.cancel()
            each.close()

    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


async def test_files_that_nobody_reads_are_in_memory_once(victim):
    sha256, file = await victim.publish_a_large_file()
    ask = f"GET /v1/file/{sha256} HTTP/1.1\r\nHost: x\r\n\r\n".encode()

    held = [victim.connect_deaf(ask) for _ in range(600)]
    await asyncio.sleep(3)
    try:
        await victim.all_honest_get_through()
        async with victim.session.get(f"/v1/file/{sha256}") as response:
            read = await response.read()
    finally:
        for each in held:
            each.close()

    assert read == file
    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


async def test_pages_of_an_inbox_that_nobody_reads_are_not_held(victim):
    device = victim.hostile
    with victim.store.writing() as connection:
        for number in range(200):
            noise = RosterNoise(salt=bytes(16), noise=os.urandom(6_000))
            body = ResultNotice(app=bytes(16), run=number.to_bytes(32, "big"))
            key = victim.centre.receipt
            append_notice(connection, device.id, "inbox.result", body, noise, number, key)
    query = {"dev": device.id.hex(), "nonce": bytes(16).hex()}
    async with victim.session.get("/v1/beacon", params=query) as response:
        beacon = beacon_id(split_document(await response.read())[0])
    statement, path = device.statement(beacon), f"/v1/inbox/{device.id.hex()}"
    ask = request(path, len(statement), "application/octet-stream") + statement
    _, page = await victim.post(path, statement, "application/octet-stream")

    held = [victim.connect_deaf(ask) for _ in range(500)]
    await asyncio.sleep(3)
    try:
        await victim.all_honest_get_through()
    finally:
        for each in held:
            each.close()

    assert len(page) > 1_000_000
    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


async def test_a_flood_of_passwords_from_one_address_keeps_nobody_else_out(victim):
    """Each takes 64 MiB and a tenth of a second, and waits for those before it."""
    async with victim.session.get("/login") as response:
        cookie = response.cookies[DOOR_COOKIE].value
    fields = {"login": "x", "password": "y", FORM_FIELD: form_token(cookie)}

    async def attempt(address):
        headers = {"Cookie": f"{DOOR_COOKIE}={cookie}", "X-Forwarded-For": address}
        async with victim.session.post("/login", data=fields, headers=headers) as response:
            return response.status

    flood = [asyncio.create_task(attempt("192.0.2.1")) for _ in range(300)]
    statuses = await asyncio.gather(*flood)
    honest = await attempt("192.0.2.2")
    await victim.all_honest_get_through()

    assert set(statuses) == {401, 429}
    assert statuses.count(401) <= PER_ADDRESS.burst
    assert honest == 401  # looked at: there is no such account
    with victim.store.reading() as connection:
        assert len(read_rows(connection, audit)) == statuses.count(401) + 1
    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


async def test_bombs_are_taken_apart_only_as_far_as_their_limit(victim):
    packer = zstandard.ZstdCompressor(level=19, write_content_size=True)
    nests = b"\x91" * (4 * 1024 * 1024 - 8)
    empty = b"\x90"
    for _ in range(3):  # millions of empty arrays, each a byte
        empty = b"\xdc\x00\xa0" + empty * 160
    bombs = [
        b"TTB1" + packer.compress(empty),
        b"TTB1" + packer.compress(bytes(64 * 1024 * 1024)),
        b"TTB1" + packer.compress(bytes(4 * 1024 * 1024)),
        b"TTB1" + packer.compress(nests),
        b"TTB1" + packer.compress(b"\xdd\x00\x3f\xff\xff" + bytes(4 * 1024 * 1024 - 8)),
    ]
    paths = [f"/v1/{what}/{victim.hostile.id.hex()}" for what in ("log", "evidence")]
    attack = [
        asyncio.create_task(victim.post(paths[number % 2], bombs[number % 5]))
        for number in range(200)
    ]

    await victim.all_honest_get_through()
    statuses = {status for status, _ in await asyncio.gather(*attack)}

    assert statuses <= {400, 413, 429}
    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


async def test_a_release_of_empty_arrays_is_not_built(victim):
    """Anybody may hand one in; 16 MiB of bytes would be a gibibyte of arrays."""
    release = b"\x90"
    for _ in range(4):
        release = b"\xdc\x00\x3f" + release * 63

    refused = await victim.post("/v1/reference", io.BytesIO(release), "application/octet-stream")
    await victim.all_honest_get_through()

    assert refused == (400, b'{"code": "too_many_items"}')
    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


async def test_a_flood_of_strangers_is_turned_away_unread(victim):
    stranger = Device(Centre(2))
    stranger.add_boot()
    batch = stranger.batch()
    attack = [
        asyncio.create_task(victim.post(f"/v1/log/{os.urandom(16).hex()}", batch))
        for _ in range(400)
    ]

    await asyncio.sleep(0)
    await victim.all_honest_get_through()
    statuses = {status for status, _ in await asyncio.gather(*attack)}

    assert statuses == {401}
    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


async def test_a_flood_at_the_desk_and_for_beacons_lets_nobody_wait(victim):
    async def beacon():
        query = {"dev": os.urandom(16).hex(), "nonce": bytes(16).hex()}
        async with victim.session.get("/v1/beacon", params=query) as response:
            await response.read()
            return response.status

    async def desk():
        return (await victim.post("/v1/desk", os.urandom(200), "application/octet-stream"))[0]

    attack = [asyncio.create_task(each()) for _ in range(200) for each in (beacon, desk)]
    await victim.all_honest_get_through()
    statuses = set(await asyncio.gather(*attack))

    assert statuses == {200, 403}
    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


async def test_payloads_that_are_all_structure_are_refused_at_the_first_of_them(victim):
    """23 KB on the wire, 4 MiB of nests in 200 entries: each was looked at for a hundredth of a
    second, and the upload could be sent again for nothing.
    """
    attacker = victim.hostile
    nests = b"\xdc\x0f\x00" + b"\x91\x91\x91\x91\x90" * 0xF00
    payload = b"\x82\xa4salt\xc4\x10" + bytes(16) + b"\xa1x" + nests
    for number in range(200):
        body = TeacherRegister(teacher=number.to_bytes(16, "big"))
        attacker.add_unread("teacher.register", body, payload)
    upload, path = attacker.batch(), f"/v1/log/{attacker.id.hex()}"
    assert len(upload) < 40_000
    attack = [asyncio.create_task(victim.post(path, upload)) for _ in range(100)]

    await victim.all_honest_get_through()
    answers = await asyncio.gather(*attack)

    refused = [
        open_ack(body) for status, body in answers if status == HTTPStatus.UNPROCESSABLE_ENTITY
    ]
    assert {status for status, _ in answers} <= {422, 429}
    assert {(each.code, each.failed, each.through) for each in refused} == {
        ("too_many_items", 0, 0)
    }
    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


async def test_evidence_fills_no_disk_past_its_quota(victim):
    """Well signed and never the same twice: 80 MiB from one machine, of which 64 may stay."""
    attacker = victim.hostile
    for number in range(16):
        noise = to_wire(RosterNoise(salt=bytes(16), noise=os.urandom(60_000)))
        attacker.add(
            "teacher.register", TeacherRegister(teacher=number.to_bytes(16, "big")), payload=noise
        )
    limit = Limits().evidence_bytes
    statuses = []
    path = f"/v1/evidence/{attacker.id.hex()}"
    for number in range(90):
        data = attacker.batch(nonce=number.to_bytes(16, "big"))
        statuses.append((await victim.post(path, data))[0])
        if number in {0, 45, 89}:
            await victim.all_honest_get_through()

    with victim.store.reading() as connection:
        kept = [len(row["data"]) for row in read_rows(connection, tables.evidence)]
    assert statuses == [202] * len(kept) + [507] * (90 - len(kept))
    assert limit - len(data) < sum(kept) <= limit
    assert victim.peak_rss_mib() <= RSS_AT_MOST_MIB


def open_ack(body):
    """An answer to an upload; who signed it is not what is tested here."""
    return from_wire(split_document(body)[0], Ack, FILE_LIMITS)


class RosterNoise(msgspec.Struct, kw_only=True):
    """A payload of nothing."""

    noise: bytes
    salt: bytes


class Line:
    """A connection as the sweeper sees it."""

    def __init__(self):
        self.transport = self
        self.aborted = False

    def abort(self):
        self.aborted = True
        self.transport = None


def test_a_line_on_which_no_request_ever_comes_is_closed_and_one_in_use_is_not():
    now = [0.0]
    attendance = Attendance(lambda: now[0])
    silent, busy, idle = Line(), Line(), Line()
    lines = [silent, busy, idle]
    attendance.sweep(lines)
    with attendance.serving(idle):
        pass

    with attendance.serving(busy):
        now[0] = FIRST_REQUEST_S + 1
        first = attendance.sweep(lines)
        now[0] = BETWEEN_REQUESTS_S + 1
        second = attendance.sweep(lines)

    assert (first, second) == (1, 1)
    assert (silent.aborted, idle.aborted, busy.aborted) == (True, True, False)
