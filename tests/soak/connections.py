"""Ten thousand machines on the line at one server at once, each with something to send.

All connect first and ask whether the server lives, then say nothing; when the server holds every
connection open, all send. Machines that are told to come again do so after a while, as kiosks do.
"""

import asyncio
import os
import resource
import signal
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from core.signature import SignatureType
from core.wire.document import open_document
from core.wire.identity import Certificate
from server.store import identities
from server.store.database import open_store
from server.store.migrate import migrate
from server.store.tables import event
from tests.fakes.centre import Centre
from tests.fakes.device import Device
from tests.faults.power import memory_folder
from tests.faults.shim import ROOT
from tests.server.load import END_OF_HEADERS, request
from tests.server.process import Server
from tests.soak.table import Budget, Row

NAME = "connections"
WANTED = 10_000
CONNECTING_AT_ONCE = 100
ANSWERED_S = 600.0
ALL_OPEN_S = 80.0  # a connection that was of use once is closed ten seconds later
AGAIN_S = 2.0
OWN_FILES = 200
ALIVE = b"GET /livez HTTP/1.1\r\nHost: server\r\n\r\n"
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
RSS_AT_MOST_MIB = 400


def run(budget: Budget) -> tuple[Row, ...]:
    """One server, one crowd."""
    began = time.monotonic()
    with memory_folder() as folder:
        crowd = asyncio.run(_gather(folder, budget.of(WANTED)))
    lost = crowd.machines - crowd.stored
    return (
        Row(
            what="connections open at one server at once, an upload on each",
            wanted=WANTED,
            done=crowd.open_at_once,
            violations=lost + (crowd.rss_mib > RSS_AT_MOST_MIB),
            seconds=time.monotonic() - began,
            note=f"{crowd.stored:,} entries in {crowd.seconds:.1f} s; server {crowd.rss_mib} MiB, "
            f"at most {RSS_AT_MOST_MIB}; answers {dict(sorted(crowd.answers.items()))}",
        ),
    )


class _Crowd:
    """Machines with an upload each, and what became of them."""

    def __init__(self, centre: Centre, count: int) -> None:
        self.devices = [Device(centre) for _ in range(count)]
        for each in self.devices:
            each.add_boot()
        self.machines = count
        self.answers: Counter[str] = Counter()
        self.all_open = asyncio.Event()
        self.door = asyncio.Semaphore(CONNECTING_AT_ONCE)
        self.open_at_once = self.stored = self.rss_mib = 0
        self.seconds = 0.0

    async def visit(self, device: Device, host: str, port: int) -> None:
        """Connect, wait for all the others, and send until it is taken."""
        data = request(device.id, device.batch())
        async with self.door:
            line: Line = await asyncio.open_connection(host, port)
            await _ask(line, ALIVE)
        await self.all_open.wait()
        while (answer := await _ask(line, data)) != "200":
            self.answers[answer] += 1
            await asyncio.sleep(AGAIN_S)
            line[1].close()
            async with self.door:
                line = await asyncio.open_connection(host, port)
        self.answers[answer] += 1
        line[1].close()


async def _ask(line: Line, data: bytes) -> str:
    """The status of the answer, or that there was none."""
    reader, writer = line
    try:
        writer.write(data)
        headers = await reader.readuntil(END_OF_HEADERS)
        await reader.readexactly(int(headers.lower().split(b"content-length:")[1].split()[0]))
    except (asyncio.IncompleteReadError, ConnectionError):
        return "closed"
    return headers.split(b" ", 2)[1].decode()


async def _gather(folder: Path, count: int) -> _Crowd:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    centre = Centre()
    centre.write_home(folder / "home")
    crowd = _Crowd(centre, min(count, hard - OWN_FILES))
    url = f"sqlite:///{folder / 'server.db'}"
    _certify(url, centre, crowd.devices)
    server = Server(folder / "home", url, ROOT)
    address = await server.start()
    try:
        await _let_in(crowd, address, server.process.pid)
    finally:
        await server.stop(signal.SIGTERM)
    crowd.stored = _entries(url)
    return crowd


async def _let_in(crowd: _Crowd, address: str, pid: int) -> None:
    host, port = address.removeprefix("http://").rsplit(":", 1)
    before = _open_files(pid)
    visits = [asyncio.create_task(crowd.visit(each, host, int(port))) for each in crowd.devices]
    until = time.monotonic() + ALL_OPEN_S
    while crowd.open_at_once < crowd.machines and time.monotonic() < until:
        await asyncio.sleep(0.1)
        crowd.open_at_once = max(crowd.open_at_once, _open_files(pid) - before)
    began = time.monotonic()
    crowd.all_open.set()
    async with asyncio.timeout(ANSWERED_S):
        await asyncio.gather(*visits)
    crowd.seconds = time.monotonic() - began
    crowd.rss_mib = _peak_rss_mib(pid)


def _certify(url: str, centre: Centre, devices: list[Device]) -> None:
    store = open_store(url)
    migrate(store)
    enrol = {centre.enrol.id: centre.enrol.public}
    with store.writing() as connection:
        for each in devices:
            content = open_document(SignatureType.CERTIFICATE, each.certificate, Certificate, enrol)
            identities.add_certificate(connection, each.certificate, content, 0)
    store.close()


def _entries(url: str) -> int:
    store = open_store(url)
    with store.reading() as connection:
        count: int = connection.execute(select(func.count()).select_from(event)).scalar_one()
    store.close()
    return count


def _open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208 - ten thousand names, many times


def _peak_rss_mib(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024
