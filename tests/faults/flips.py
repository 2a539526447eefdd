"""One bit is turned: in a file at rest, or in a message on its way (PROTOCOL 4.2, I9)."""

import asyncio
import itertools
import random
import shutil
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import zstandard
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from core.wire.ack import Verdict
from core.wire.batch import MAGIC, RAW_BYTES, decompress
from core.wire.event import decode_frame
from core.wire.fault import WireError
from core.wire.talk import BeaconReceived, Chore
from server.config import ServerConfig
from server.store.tables import event, payload, verdict
from syncd.client import Client
from syncd.courier import Courier
from syncd.kit import Kit
from syncd.store.database import open_store
from syncd.store.fault import StoreDamaged, StoreError, StoreKeyError
from tests.fakes.centre import Centre as ServersCentre
from tests.fakes.device import NOON_MS, Device, make_officer, make_teacher
from tests.faults.judgement import Judge
from tests.faults.power import memory_folder
from tests.faults.work import NAME, Work
from tests.server.running import Running, start
from tests.soak.spread import Case
from tests.syncd.centre import Centre
from tests.syncd.daemon import Journal
from tests.syncd.machine import LOG_KEY, STORE_KEY, TestClock, append, enrolled_store, identity_of
from tests.syncd.small_server import SmallServer

ACTS = 20
LOG = f"{NAME}-wal"
LOG_HEADER, FRAME_HEADER = 32, 24  # of SQLite's write-ahead log, before each page
# Noticed; or in a part of the file that no longer counts; or after the newest entry.
HARMLESS = frozenset(
    {"set back", "damaged", "nothing lost", "draft lost", "audit lost", "delivery lost"}
)
# What a message could change; the outbox's marks while sending and the audit are the daemon's own.
TABLES = ("event", "inbox", "reference", "reference_file", "identity", "sight", "progress")
ANSWERS = ("beacon", "log", "inbox", "snapshot", "file")
APP = b"a" * 16


def flipped(data: bytes, rng: random.Random) -> bytes:
    """The same with one bit turned."""
    bit = rng.randrange(len(data) * 8)
    turned = bytearray(data)
    turned[bit // 8] ^= 1 << bit % 8
    return bytes(turned)


# At rest


def flip_at_rest(rng: random.Random, flips: int) -> Case:
    """Turn bits of a store that was closed in good order; each must be noticed."""
    counts: Counter[str] = Counter()
    violations: list[str] = []
    with memory_folder() as folder:
        work = Work(folder, rng)
        work.enrol()
        for _ in range(ACTS):
            work.act()
        work.close()
        sound = (folder / NAME).read_bytes()
        for _ in range(flips):
            (folder / NAME).write_bytes(flipped(sound, rng))
            noticed = _noticed(folder, work)
            counts["flips"] += 1
            counts[noticed or "unnoticed"] += 1
            if noticed is None:
                counts["bad"] += 1
                violations.append("a turned bit was not noticed")
    return Case(tuple(violations[:3]), counts)


def _noticed(folder: Path, work: Work) -> str | None:
    """When a damage was noticed; None when it was not."""
    for beside in ("-wal", "-shm"):
        (folder / f"{NAME}{beside}").unlink(missing_ok=True)
    try:
        store = open_store(folder / NAME, STORE_KEY)
    except StoreKeyError:
        return "first page"  # which carries what every other page is opened with
    except StoreDamaged:
        return "opening"
    try:
        Judge().judge_store(store, work.told)
        store.check()
    except StoreDamaged:
        return "checking"
    except (StoreError, WireError) as error:
        raise AssertionError(f"damage under another name: {error!r}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    return None


def flip_log(rng: random.Random, flips: int) -> Case:
    """Turn bits of the write-ahead log a power cut leaves; no entry may go missing unnoticed.

    What follows the last entry in it, such as keys pressed since, the engine may drop in silence.
    """
    counts: Counter[str] = Counter()
    violations: list[str] = []
    with memory_folder() as folder:
        work = Work(folder, rng)
        work.enrol()
        for _ in range(ACTS):
            work.act()
        work.append()
        sound = {
            path.name: path.read_bytes()
            for path in folder.iterdir()
            if not path.name.endswith("-shm")
        }
        work.close()
        written = _written(sound[LOG])
        for turn in range(flips):
            # What is left of an earlier log behind the last frame may be most of the file.
            some = written if turn % 2 else len(sound[LOG])
            damaged = sound | {LOG: flipped(sound[LOG][:some], rng) + sound[LOG][some:]}
            found = _after_the_power(damaged, folder, work)
            counts["flips"] += 1
            counts[found] += 1
            if found not in HARMLESS:
                counts["bad"] += 1
                violations.append(found)
    return Case(tuple(violations[:3]), counts)


def _written(log: bytes) -> int:
    """Where the frames end that were written since the log began anew: those with its salts."""
    page = int.from_bytes(log[8:12], "big")
    at = LOG_HEADER
    while log[at + 8 : at + 16] == log[16:24]:
        at += FRAME_HEADER + page
    return at


def _after_the_power(files: dict[str, bytes], folder: Path, work: Work) -> str:
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    try:
        with open_store(folder / NAME, STORE_KEY) as store:
            if store.set_back:
                return "set back"
            return Judge().judge_store(store, work.told) or "nothing lost"
    except (StoreDamaged, StoreKeyError):
        return "damaged"


# On the way down


def flip_answers(rng: random.Random, flips: int) -> Case:
    """Turn bits of what the server says; nothing of it may reach the store."""
    return asyncio.run(_flip_answers(rng, flips))


async def _flip_answers(rng: random.Random, flips: int) -> Case:
    counts: Counter[str] = Counter()
    violations: list[str] = []
    with memory_folder() as folder:
        async with _open_line(folder) as line:
            for _ in range(flips):
                route = rng.choice(ANSWERS)
                before = line.state()
                line.server.misbehave(route, partial(_turned, rng))
                took = await line.ask(route)
                counts["flips"] += 1
                counts[route] += 1
                if took or line.state() != before or line.server.mischief.get(route):
                    counts["bad"] += 1
                    violations.append(f"{route}: a turned bit counted")
                    line.server.mischief.clear()
            # The same questions with honest answers: it was the bit, and nothing else.
            violations += [
                f"{route}: not even the honest answer counted"
                for route in ANSWERS
                if not await line.ask(route)
            ]
    return Case(tuple(violations[:3]), counts)


def _turned(rng: random.Random, response: web.Response) -> web.Response:
    return web.Response(status=response.status, body=flipped(response.body, rng))


@dataclass
class Line:
    """A machine's courier, and a small server that answers it."""

    server: SmallServer
    kit: Kit
    courier: Courier
    numbers: itertools.count

    def state(self) -> list[object]:
        """Everything a message could change."""
        connection = self.kit.store._connections.here  # noqa: SLF001 - the whole, not a view of it
        rows = [connection.rows(f"SELECT * FROM {table}") for table in TABLES]  # noqa: S608
        return [*rows, self.courier.seen, self.kit.store.outbox.pending()]

    async def ask(self, route: str) -> bool:
        """Do what calls for the answer of a route; whether something came of it."""
        match route:
            case "beacon":
                return isinstance(await self.courier.ask_beacon(), BeaconReceived)
            case "log":
                heard = await self.courier.send(1, 200, b"epoch--1")
                return type(heard).__name__ == "Acked"
            case "inbox":
                await self.courier.perform(Chore.INBOX)
                return self.kit.store.inbox.after() > 0
            case _:
                await self.courier.perform(Chore.REFERENCE)
                return self.kit.store.reference.signed() is not None


class _open_line:  # noqa: N801 - used as a function
    """A `Line` on a store in ``folder``; the first beacon has been seen."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def __aenter__(self) -> Line:
        centre = Centre()
        identity = identity_of(centre)
        small = SmallServer(centre, certificate=identity.certificate)
        for number in range(3):
            small.tell("inbox.result", {"app": APP, "run": bytes([number]) * 32})
        files = centre.reference_files()
        small.publish(
            {"calendar": files["calendar"]}, centre.snapshot({"calendar": files["calendar"]})
        )
        self._http = TestServer(small.app())
        await self._http.start_server()
        self._store = enrolled_store(self._folder / NAME, centre)
        for _ in range(4):
            append(self._store)
        self._client = await Client(str(self._http.make_url("/"))).__aenter__()
        kit = Kit(store=self._store, client=self._client, key=LOG_KEY, clock=TestClock())
        numbers = itertools.count(1)
        courier = Courier(
            kit, identity, lambda size: next(numbers).to_bytes(size, "big"), Journal()
        )
        line = Line(small, kit, courier, numbers)
        if not await line.ask("beacon"):
            raise RuntimeError("no first beacon")
        return line

    async def __aexit__(self, *_: object) -> None:
        await self._client.__aexit__(None, None, None)
        await self._http.close()
        self._store.close()


# On the way up


def flip_uploads(rng: random.Random, flips: int) -> Case:
    """Turn bits of batches; the server keeps nothing that was not signed as it is kept."""
    with capture_logs():  # the server warns of each
        return asyncio.run(_flip_uploads(rng, flips))


def flipped_inside(batch: bytes, rng: random.Random) -> bytes:
    """The same with one bit turned before it was packed: no checksum of the packing notices."""
    packer = zstandard.ZstdCompressor(level=1, write_content_size=True, write_checksum=True)
    raw = decompress(batch[len(MAGIC) :], RAW_BYTES)
    return MAGIC + packer.compress(flipped(raw, rng))


async def _flip_uploads(rng: random.Random, flips: int) -> Case:
    counts: Counter[str] = Counter()
    violations: list[str] = []
    with memory_folder() as folder:
        centre = ServersCentre(rng.getrandbits(32))
        centre.write_home(folder)
        async with start(ServerConfig(home=folder), NOON_MS, centre) as server:
            while counts["flips"] < flips:
                device = await _machine(server, centre)
                for turn in range(min(100, flips - counts["flips"])):
                    turn_bit = flipped_inside if turn % 2 else flipped
                    answered = await server.upload(device, turn_bit(device.batch(), rng))
                    counts["flips"] += 1
                    counts[str(answered.status)] += 1
                    if answered.status == 200:
                        counts["taken"] += 1
                # With an honest one at the end: it was the bit, and nothing else.
                if (await server.upload(device, device.batch())).status != 200:
                    violations.append("not even the honest batch counted")
                violations += await _altered(server, device, counts)
                counts["bad"] = len(violations)
    return Case(tuple(violations[:3]), counts)


async def _machine(server: Running, centre: ServersCentre) -> Device:
    device, teacher = Device(centre), make_teacher(1)
    officer = make_officer(centre)
    await server.enrol(device, officer)
    device.add_boot()
    revision = device.revise(teacher)
    device.decide(officer, revision)
    device.add_boot()
    return device


async def _altered(server: Running, device: Device, counts: Counter[str]) -> list[str]:
    """What the server holds of a machine other than it was signed.

    A cosignature is not under the machine's own signature: the entry is kept, and judged by it.
    """
    rows = [row for row in await server.rows(event) if row["dev"] == device.id]
    contents = {row["eh"]: row["data"] for row in await server.rows(payload)}
    verdicts = {row["eh"]: row["verdict"] for row in await server.rows(verdict)}
    found = []
    for row, link in zip(sorted(rows, key=lambda row: row["seq"]), device.links, strict=False):
        frame = decode_frame(row["frame"])
        kept = (frame.event, frame.signature, contents.get(row["eh"]))
        if kept != (link.frame.event, link.frame.signature, link.frame.payload):
            found.append(f"entry {row['seq']} is not as it was signed")
        if frame.cosignatures != link.frame.cosignatures:
            counts["cosignatures"] += 1
            if verdicts[row["eh"]] != Verdict.REJECTED:
                found.append(f"entry {row['seq']} stands although its cosignature does not hold")
    return found
