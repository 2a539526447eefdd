"""The wall clock of a station is moved while its programs run (PROTOCOL 2.10, 4.2; I2, I3, I7).

Real processes under a library that lies about the wall clock only. All stations at once, since what
takes time is waiting for the deadline.
"""

import asyncio
import os
import random
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from core.domain.ids import DeviceId, SchoolId
from core.season.deadline import Timeliness, timeliness
from core.signature import SignatureType
from core.wire.chain import Head, follow
from core.wire.client import ClientState
from core.wire.document import open_document
from core.wire.identity import Certificate, certificate_hash
from server.application import create_app
from server.config import ServerConfig
from server.context import CONTEXT, Context
from server.season.evidence import read_evidence
from server.store import identities
from server.store.database import open_store
from server.store.migrate import migrate
from syncd.station import Settings, Station, create_station
from syncd.store.database import Store
from syncd.store.identity import Identity
from syncd.store.link_state import LinkState
from tests.fakes.centre import SEASON, Centre
from tests.fakes.device import SCHOOL
from tests.faults.power import MEMORY
from tests.faults.proxy import Fate, Proxy, always_passed
from tests.faults.shim import ROOT

LIBRARY = Path(find_spec("libfaketime").origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
RIGHT = "+0"
RETRY_CAP_S = 0.3
OUTAGE_S = 8.0  # longer than the error of the estimate, which is 5 s at least
MARGIN_MS = 6_000
READY_S = 90.0
HOUR_S, TEN_YEARS_S = 3600, 3650 * 86_400
# What the clock says first, and what it says later.
CLOCKS = {
    "an hour on": (RIGHT, f"+{HOUR_S}"),
    "an hour back": (RIGHT, f"-{HOUR_S}"),
    "ten years on": (RIGHT, f"+{TEN_YEARS_S}"),
    "ten years back": (RIGHT, f"-{TEN_YEARS_S}"),
    "standing still": (RIGHT, "2026-01-01 00:00:00"),
    "ten years back at boot": (f"-{TEN_YEARS_S}", f"-{TEN_YEARS_S}"),
    "ten years on at boot, then right": (f"+{TEN_YEARS_S}", RIGHT),
}
FORWARD = {
    "an hour on": True,
    "an hour back": False,
    "ten years on": True,
    "ten years back": False,
}


@dataclass
class Post:
    """A station, its programs under a clock of their own, and its line."""

    name: str
    folder: Path
    proxy: Proxy
    station: Station
    store: Store
    device: bytes
    root: bytes
    programs: list[Process] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    written_ms: list[int] = field(default_factory=list)

    def set_clock(self, says: str) -> None:
        """From now on the clock says so."""
        fresh = self.folder / "clock.new"
        fresh.write_text(says + "\n")
        fresh.replace(self.folder / "clock")

    async def start(self, *words: str, **pipes: int) -> Process:
        """A program under this station's clock."""
        program = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *words,
            stderr=DEVNULL,
            cwd=ROOT,
            env=os.environ
            | {
                "LD_PRELOAD": str(LIBRARY),
                "FAKETIME_TIMESTAMP_FILE": str(self.folder / "clock"),
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            },
            **pipes,
        )
        self.programs.append(program)
        return program

    async def write(self) -> None:
        """One entry at the kiosk."""
        scribe = self.programs[0]
        scribe.stdin.write(b"\n")
        self.hashes.append(bytes.fromhex((await scribe.stdout.readline()).decode()))
        self.written_ms.append(now_ms())

    async def delivered(self) -> float:
        """Wait until everything is; how long that took."""
        began = time.monotonic()
        async with asyncio.timeout(READY_S):
            while self.store.outbox.pending():  # noqa: ASYNC110 - another process brings it about
                await asyncio.sleep(0.05)
        return time.monotonic() - began


def now_ms() -> int:
    """The true time."""
    return time.time_ns() // 1_000_000


def dropped() -> Fate:
    """A line that is down."""
    return Fate.DROPPED


@pytest.fixture
async def centre(tmp_path):
    """Keys, and a running server whose clock is right."""
    centre = Centre()
    home = tmp_path / "home"
    centre.write_home(home)
    config = ServerConfig(home=home)
    store = open_store(config.database_url)
    await asyncio.to_thread(migrate, store)
    store.close()
    app = create_app(config)
    http = TestServer(app)
    await http.start_server(auto_decompress=False)
    yield centre, app[CONTEXT], (http.host, http.port)
    await http.close()


async def make_post(name: str, folder: Path, centre: Centre, context: Context, proxy: Proxy):
    """An enrolled station whose line is the proxy."""
    settings = Settings(server=proxy.url, name="KH-0231")
    root = f'{{"threshold": 1, "keys": ["{centre.root.public.hex()}"]}}'
    station = create_station(folder / "station", settings, root.encode())
    document, _ = centre.certify(station.log_key, schools=(SCHOOL,))
    keys = {centre.enrol.id: centre.enrol.public}
    certificate = open_document(SignatureType.CERTIFICATE, document, Certificate, keys)
    await context.store.write(
        lambda connection: identities.add_certificate(connection, document, certificate, now_ms())
    )
    store = station.open_store()
    with store.transaction():
        store.identity.write(
            Identity(
                device=DeviceId(certificate.id),
                inc=1,
                certificate=document,
                trust=centre.signed_trust,
                name="KH-0231",
                schools=(SchoolId(SCHOOL),),
                season=SEASON,
                season_secret=b"s" * 32,
                server_url=proxy.url,
            )
        )
        store.link_state.write(LinkState(client=ClientState.OFFLINE))
    return Post(
        name=name,
        folder=folder,
        proxy=proxy,
        station=station,
        store=store,
        device=certificate.id,
        root=certificate_hash(document),
    )


async def live(post: Post) -> dict[str, float]:
    """On line, then off line with another clock across the deadline, then on line again."""
    first, later = CLOCKS[post.name]
    post.set_clock(first)
    place = str(post.station.folder)
    await post.start("tests.faults.scribe", place, stdin=PIPE, stdout=PIPE)
    words = ("--beacon-s", "0.3", "--retry-cap-s", str(RETRY_CAP_S))
    await post.start("jiepin", "syncd", "run", "--station", place, *words)
    await post.write()
    await post.delivered()
    post.proxy.choose = dropped
    await asyncio.sleep(0.2)
    post.set_clock(later)
    await post.write()
    tries = post.proxy.fates[Fate.DROPPED]
    await asyncio.sleep(OUTAGE_S)
    tries = post.proxy.fates[Fate.DROPPED] - tries
    post.proxy.choose = always_passed
    waited = await post.delivered()
    await post.write()
    await post.delivered()
    for program in post.programs:
        program.terminate()
        await program.wait()
        _forget(program.pid)
    return {"tries": tries, "waited": waited}


def _forget(pid: int) -> None:
    """What the library leaves behind for children of a program that is gone."""
    for name in (f"faketime_shm_{pid}", f"sem.faketime_sem_{pid}"):
        (MEMORY / name).unlink(missing_ok=True)


def verified(post: Post) -> tuple[list[bytes], list[int]]:
    """The whole log, verified: hashes, and every step of the clock."""
    frames = [link.frame for link in post.store.ledger.links(1, 5000)]
    post.store.check()
    post.store.close()
    root = Head(inc=1, seq=0, hash=post.root)
    links, broken = follow(frames, post.station.log_key.public, post.device, root)
    assert broken is None, post.name
    steps = [link.event.body["delta_ms"] for link in links if link.event.kind == "clock.step"]
    return [link.hash for link in links], steps


async def test_a_wrong_clock_delays_nothing_breaks_nothing_and_gains_nothing(centre, tmp_path):
    keys, context, target = centre
    posts = []
    async with asyncio.timeout(90), asyncio.TaskGroup() as group:
        for number, name in enumerate(CLOCKS):
            proxy = await Proxy(target, random.Random(number)).__aenter__()  # noqa: S311
            folder = tmp_path / f"post-{number}"
            posts.append(await make_post(name, folder, keys, context, proxy))
        lives = [group.create_task(live(post)) for post in posts]
    for post in posts:
        await post.proxy.__aexit__(None, None, None)

    for post, lived in zip(posts, (task.result() for task in lives), strict=True):
        local, steps = verified(post)
        deadline = post.written_ms[1] + MARGIN_MS
        wanted = post.hashes
        found = await context.store.read(
            lambda connection, wanted=wanted, deadline=deadline: read_evidence(
                connection, wanted, deadline
            )
        )
        classes = [timeliness(found[each], deadline, 0) for each in post.hashes]
        second = found[post.hashes[1]]

        # One timer, and it does not look at the wall clock.
        assert OUTAGE_S / RETRY_CAP_S / 4 < lived["tries"] < OUTAGE_S / RETRY_CAP_S * 8, post.name
        assert lived["waited"] < 10, post.name
        assert set(post.hashes) <= set(local)
        if post.name in FORWARD:
            assert [step > 0 for step in steps] == [FORWARD[post.name]], post.name
        assert classes == [Timeliness.ON_TIME, Timeliness.DOUBTFUL, Timeliness.LATE], post.name
        assert abs(second.estimate - post.written_ms[1]) <= second.error, post.name
