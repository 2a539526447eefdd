"""A small country for drills: real keys, real server, real desk, real daemons; only time obeys."""

import asyncio
import itertools
import secrets
import shutil
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from aiohttp.test_utils import TestServer

from core.wire.client import ClientState
from core.wire.event import SYSTEM
from core.wire.kind import Boot
from core.wire.talk import MINUTE_MS
from provisioning.ceremony import make_keys
from provisioning.desk import Desk, work_through
from provisioning.letter import Letter, Letters, make_code
from provisioning.release import MANIFEST, sign_reference
from server.application import create_app
from server.config import ServerConfig
from server.context import CONTEXT
from server.keeping.restore import await_machines
from server.publishing import publish_reference
from server.store.database import open_store
from server.store.migrate import migrate
from server.store.settings import EPOCH, RESTORED_MS, write_number, write_setting
from syncd.client import Client
from syncd.enrolment import Applicant, Enrolment
from syncd.kit import Kit
from syncd.log_keys import older_log_keys, settled
from syncd.renewal import Renewer, Tools
from syncd.runner import Talk
from syncd.station import Settings, create_station, read_station
from syncd.store.ledger import Entry
from tests.fakes.device import NOON_MS
from tests.server.running import Clock, read_rows
from tests.syncd.centre import Centre
from tests.syncd.daemon import SOON, Journal
from tests.syncd.machine import TestClock

SCHOOL = "013601"
BOOT = Entry(kind="boot", body=Boot(software="0.1.0", unclean=False), who=SYSTEM)


async def at_once(_seconds):
    """Waiting, but not as long; the desk gets its turn."""
    await asyncio.sleep(0.01)


@dataclass
class Country:
    """Keys in ``keys``, the server's home in ``home``; machines stand in ``stations``."""

    folder: Path
    clock: Clock = field(default_factory=lambda: Clock(NOON_MS))
    url: str = ""
    context: object = None

    @property
    def keys(self):
        return self.folder / "keys"

    @property
    def home(self):
        return self.folder / "home"

    def found(self):
        make_keys(self.keys, "115", secrets.token_bytes)
        self.hand_over_keys()

    def hand_over_keys(self):
        """What the people of the centre carry to the server."""
        (self.home / "keys").mkdir(parents=True, exist_ok=True)
        for name in ("beacon.key", "receipt.key"):
            shutil.copy(self.keys / "server" / name, self.home / "keys" / name)
        for name in ("trust.ttc", "root.json"):
            shutil.copy(self.keys / name, self.home / name)

    @asynccontextmanager
    async def serving(self):
        """The server runs until the block ends."""
        config = ServerConfig(home=self.home, database=f"sqlite:///{self.home / 'server.db'}")
        store = open_store(config.database_url)
        await asyncio.to_thread(migrate, store)
        store.close()
        app = create_app(replace(config, now_ms=self.clock))
        http = TestServer(app)
        await http.start_server(auto_decompress=False)
        self.url, self.context = str(http.make_url("")).rstrip("/"), app[CONTEXT]
        try:
            yield self
        finally:
            await http.close()

    def backed_up(self):
        """A copy of the server's database, as it is now."""
        copy = self.folder / f"backup-{secrets.token_hex(4)}.db"
        with (
            closing(sqlite3.connect(self.home / "server.db")) as here,
            closing(sqlite3.connect(copy)) as there,
        ):
            here.backup(there)
        return copy

    def restored(self, copy):
        """The stopped server begins anew from a copy (`server.keeping.restore`)."""
        for each in self.home.glob("server.db*"):
            each.unlink()
        shutil.copy(copy, self.home / "server.db")
        store = open_store(f"sqlite:///{self.home / 'server.db'}")
        with store.writing() as connection:
            write_setting(connection, EPOCH, secrets.token_bytes(8))
            write_number(connection, RESTORED_MS, self.clock.now_ms)
            await_machines(connection)
        store.close()

    def letter(self, name="KH-0231", renews=None):
        """A one-time code."""
        code = make_code(secrets.token_bytes)
        letter = Letter(
            code=code,
            subject="device",
            role="kiosk",
            schools=(SCHOOL,),
            name=name,
            renews=renews and renews.hex(),
        )
        Letters(self.keys / "desk" / "letters.json").add(letter)
        return code

    async def with_desk(self, asking):
        """Somebody asks, and the desk works until there is an answer."""
        task = asyncio.ensure_future(asking)
        while not task.done():
            await work_through(Desk(self.keys), self.url)
            await asyncio.sleep(0.01)
        return await task

    async def publish(self):
        """A new release: export, sign, publish. The desk's revocation list always goes in."""
        folder = self.folder / "reference"
        folder.mkdir(exist_ok=True)
        for name, data in Centre().reference_files().items():
            if name not in {"revocations", "officers"}:
                (folder / f"{name}.ttc").write_bytes(data)
        manifest, previous = folder / MANIFEST, self.folder / "previous.ttc"
        if manifest.exists():
            shutil.copy(manifest, previous)
        snapshot = sign_reference(self.keys, folder, previous, self.clock.now_ms)
        files = [(folder / f"{name}.ttc").read_bytes() for name in sorted(snapshot.files)]
        release = (manifest.read_bytes(), files)
        context = self.context
        await context.store.write(
            lambda connection: publish_reference(
                connection, release, context.keys, context.directory, self.clock.now_ms
            )
        )

    async def rows(self, table):
        return await self.context.store.read(lambda connection: read_rows(connection, table))

    async def enrol(self, name="KH-0231"):
        """A new station with a running daemon."""
        folder = self.folder / "stations" / name
        root = (self.keys / "root.json").read_bytes()
        station = create_station(folder, Settings(server=self.url, name=name), root)
        machine = Machine(self, folder)
        with station.open_store() as store:
            async with Client(self.url) as client:
                enrolment = Enrolment(station, client, at_once)
                applicant = Applicant(name=name, schools=(SCHOOL,), software="0.1.0")
                asking = enrolment.obtain(applicant, self.letter(name), 60)
                grant = await self.with_desk(asking)
                machine.id = enrolment.accept(store, grant, machine.clock).device
        return machine


@dataclass
class Machine:
    """A station's folder, and its daemon while `running`."""

    country: Country
    folder: Path
    id: bytes = b""
    clock: TestClock = field(default_factory=lambda: TestClock(wall_ms=NOON_MS))
    journal: Journal = field(default_factory=Journal)

    def copy(self, name):
        """The same disk in another machine."""
        folder = self.folder.with_name(name)
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder, clock=replace(self.clock), journal=Journal())

    @asynccontextmanager
    async def running(self):
        """The station's store and daemon, as after a start of the program."""
        station = read_station(self.folder)
        with station.open_store() as store:
            station = settled(station, store)
            async with Client(self.country.url) as client:
                yield Run(self, station, store, client)

    async def renew(self, renews=None, wait_s=60):
        """`jiepin syncd renew`, with a letter of the county."""
        async with self.running() as run:
            tools = Tools(
                store=run.store,
                client=run.client,
                sleep=at_once,
                clock=self.clock,
                log=self.journal,
            )
            applicant = Applicant(name="KH-0231", schools=(SCHOOL,), software="0.1.0")
            code = self.country.letter(renews=renews or self.id)
            renewing = Renewer(run.station, tools).renew(applicant, code, wait_s)
            return await self.country.with_desk(renewing)


class Run:
    """One run of a station's daemon; time passes only when told."""

    def __init__(self, machine, station, store, client):
        self.machine, self.station, self.store, self.client = machine, station, store, client
        numbers = itertools.count(secrets.randbits(32))
        self.talk = Talk(
            Kit(
                store=store,
                client=client,
                key=station.log_key,
                clock=machine.clock,
                older=older_log_keys(station),
            ),
            policy=SOON,
            software="0.1.0",
            chance=lambda: 1 << 31,
            random_bytes=lambda size: next(numbers).to_bytes(size, "big"),
            log=machine.journal,
        )

    async def settle(self, minutes=7):
        """Long enough for a beacon and everything that follows from it."""
        for _ in range(minutes):
            self.machine.clock.pass_ms(MINUTE_MS)
            self.machine.country.clock.now_ms += MINUTE_MS
            await self.talk.turn()

    def write(self, entry=BOOT):
        """What the kiosk does."""
        with self.store.transaction():
            clock, key = self.machine.clock(), self.station.log_key
            return self.store.ledger.append(entry, clock, key)

    @property
    def state(self):
        return self.store.link_state.read().client

    def links(self, inc=None):
        return self.store.ledger.links(1, 10_000, inc)

    @property
    def stopped(self):
        return self.state in {
            ClientState.FORKED,
            ClientState.SELF_ROLLBACK,
            ClientState.REVOKED,
        }
