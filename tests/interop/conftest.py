"""The harness: a real centre with its desk, and a second client that was given its root keys.

This is where the product is; the client itself knows nothing of it.
"""

import json
import random
import secrets
import shutil
from contextlib import asynccontextmanager

import pytest

from core.wire.canon import FILE_LIMITS, to_wire
from core.wire.reference import PhaseRow, ReferenceFile
from provisioning.letter import Letter, Letters, make_code
from provisioning.release import sign_reference
from server.lists import read_season
from server.publishing import publish_reference
from server.season.candidate import deadlines_of
from server.store import tables
from tests.fakes.device import NOON_MS
from tests.interop.counter import Counter, Officer
from tests.interop.enrolment import Applicant, obtain
from tests.interop.line import Line
from tests.interop.papers import Person
from tests.interop.published import Trust
from tests.interop.second_client import SecondClient
from tests.interop.ttc import Key
from tests.recovery.country import SCHOOL, Country

SEASON = "115"
AMY = Person(
    national_id="A234567893",
    name="林測試",
    birth="1985-04-01",
    sex="F",
    school=SCHOOL,
    stage="elementary",
    subject="general",
)
WISHES = ["343601", "353602", "343603"]
BOOT = {"software": "second/1", "unclean": False}


class Interop:
    """A country, and how somebody with a client of her own comes to it."""

    def __init__(self, folder):
        self.country = Country(folder)
        self.country.found()

    def clock(self):
        """Wall and boot time of a machine that was switched on five seconds before noon."""
        now = self.country.clock.now_ms
        return now, now - NOON_MS + 5000

    def given(self):
        """What a machine is given before it first speaks: root keys and their threshold."""
        roots = json.loads((self.country.keys / "root.json").read_bytes())
        return Trust(
            roots=[bytes.fromhex(each) for each in roots["keys"]], threshold=roots["threshold"]
        )

    def client(self, line, name="KH-0231"):
        """A machine that nobody knows yet."""
        chance = random.Random(name)  # noqa: S311 - the same each time
        return SecondClient(
            line=line,
            trust=self.given(),
            applicant=Applicant(
                key=Key(chance.randbytes(32)),
                seal=chance.randbytes(32),
                schools=[SCHOOL],
                name=name,
            ),
            clock=self.clock,
            random=chance.randbytes,
        )

    async def enrolled(self, line, name="KH-0231"):
        """A machine the desk has certified."""
        client = self.client(line, name)
        await self.country.with_desk(client.enrol(self.country.letter(name)))
        return client

    async def officer(self, client, name="王主任"):
        """A personnel officer the desk has certified, by the same client."""
        code = make_code(secrets.token_bytes)
        letter = Letter(
            code=code, subject="officer", role="personnel", schools=(SCHOOL,), name=name
        )
        Letters(self.country.keys / "desk" / "letters.json").add(letter)
        key = Key(client.random(32))
        asks = Applicant(key=key, seal=None, schools=[SCHOOL], name=name)
        asking = obtain(client.line, asks, code, client.trust, client.random)
        return Officer(key=key, granted=await self.country.with_desk(asking))

    async def publish_calendar(self, *phases):
        """The release after `Country.publish`, which differs in one file."""
        country = self.country
        folder, previous = country.folder / "reference", country.folder / "previous.ttc"
        calendar = ReferenceFile(kind="calendar", phases=tuple(PhaseRow(*each) for each in phases))
        (folder / "calendar.ttc").write_bytes(to_wire(calendar, FILE_LIMITS))
        shutil.copy(folder / "snapshot.ttc", previous)
        snapshot = sign_reference(country.keys, folder, previous, country.clock.now_ms)
        files = [(folder / f"{name}.ttc").read_bytes() for name in sorted(snapshot.files)]
        release, context = ((folder / "snapshot.ttc").read_bytes(), files), country.context
        await context.store.write(
            lambda connection: publish_reference(
                connection, release, context.keys, context.directory, country.clock.now_ms
            )
        )

    async def deadlines(self):
        """D of the season as the server judges by it."""
        return await self.country.context.store.read(
            lambda connection: deadlines_of(read_season(connection))
        )

    @asynccontextmanager
    async def line(self):
        """A line to the server, wherever it listens now."""
        line = Line(self.country.url)
        try:
            yield line
        finally:
            await line.close()


def counter_of(client):
    """The counter this machine stands at."""
    return Counter(
        log=client.log, season=SEASON, secret=client.granted.secret, random=client.random
    )


@pytest.fixture
async def interop(tmp_path):
    """A country whose server runs and has published its lists."""
    made = Interop(tmp_path)
    async with made.country.serving():
        await made.country.publish()
        yield made


@pytest.fixture
async def line(interop):
    """A line to that server."""
    async with interop.line() as line:
        yield line


@pytest.fixture
async def client(interop, line):
    """A machine of that country: certified, its first entry written, nothing sent."""
    return await interop.enrolled(line)


async def stored(client, interop):
    """Hashes of the machine's entries at the server, in order."""
    rows = [row for row in await interop.country.rows(tables.event) if row["dev"] == client.log.dev]
    return [row["eh"] for row in sorted(rows, key=lambda row: row["seq"])]


def boots(client, count):
    """The smallest entries."""
    for _ in range(count):
        client.log.add("boot", BOOT)


async def applied(interop, client):
    """A teacher's version, approved and not sent; the officer and the counter it was made at."""
    officer = await interop.officer(client)
    await client.refresh(await client.hear())
    counter = counter_of(client)
    counter.open_season()
    counter.register(officer, AMY)
    counter.see(officer, AMY, "000012345678")
    counter.approve(officer, counter.submit(AMY, WISHES), service=600, appraisal=400)
    return officer, counter


def turned(data, at):
    """With the lowest bit of byte ``at`` the other way; -1 is the last."""
    at %= len(data)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
