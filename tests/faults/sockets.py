"""The real client, the real server, and a line as bad as can be between them (PROTOCOL 4.2).

Afterwards I3, I4 and I5 hold. Time is obedient, sockets are real: an outage passes in milliseconds.
"""

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from sqlalchemy import Connection, select
from structlog.testing import capture_logs

from core.domain.ids import DeviceId, SchoolId
from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.canon import encode
from core.wire.client import ClientState
from core.wire.document import open_document
from core.wire.event import SALT_BYTES, Who
from core.wire.identity import Certificate
from core.wire.talk import MINUTE_MS
from server import inbox
from server.config import ServerConfig
from server.store import identities
from server.store.tables import event, head
from syncd.client import Client
from syncd.kit import Kit
from syncd.runner import Talk
from syncd.store.database import Store, open_store
from syncd.store.identity import Identity
from syncd.store.ledger import Entry
from syncd.store.link_state import LinkState
from tests.fakes.centre import SEASON, Centre
from tests.fakes.device import NOON_MS, SCHOOL
from tests.faults.power import memory_folder
from tests.faults.proxy import BAD, Fate, Proxy, always_passed
from tests.server.running import Running, start
from tests.soak.spread import Case
from tests.syncd.daemon import SOON, Journal
from tests.syncd.machine import BOOT, STORE_KEY, TestClock

PATIENCE_S = 0.25  # instead of half a minute: nobody answers on a line that is half open
BAD_SHARE = (0.4, 0.9)
TURNS_TO_HEAL = 200
AUTHORITY = "authority.pem"
OFFICER = Who(role="officer", id=b"o" * 16)


@dataclass
class Machine:
    """A kiosk's store and its daemon."""

    store: Store
    talk: Talk
    clock: TestClock
    key: SigningKey
    device: bytes
    rng: random.Random

    def write(self) -> None:
        """One entry, small or with payload."""
        entry = BOOT
        if self.rng.random() < 0.4:
            filling = self.rng.randbytes(self.rng.randrange(3000))
            payload = encode({"name": filling, "salt": self.rng.randbytes(SALT_BYTES)})
            body = {"teacher": self.rng.randbytes(16)}
            entry = Entry(kind="teacher.register", body=body, who=OFFICER, payload=payload)
        with self.store.transaction():
            self.store.ledger.append(entry, self.clock(), self.key)

    def log(self) -> list[bytes]:
        """Hashes of the own log."""
        return [link.hash for link in self.store.ledger.links(1, 1 << 20)]


def talk_on_a_bad_line(rng: random.Random, runs: int, fates: Sequence[Fate] = BAD) -> Case:
    """``runs`` machines at one server, one after the other, each healed and compared."""
    with capture_logs():  # the server warns of what it cannot take
        return asyncio.run(_talk(rng, runs, fates))


async def _talk(rng: random.Random, runs: int, fates: Sequence[Fate]) -> Case:
    counts: Counter[str] = Counter()
    violations: list[str] = []
    with memory_folder() as folder:
        centre = Centre(rng.getrandbits(32))
        centre.write_home(folder / "home")
        config = ServerConfig(home=folder / "home")
        open_store(folder / "template.db", STORE_KEY).close()
        (folder / AUTHORITY).write_bytes(_authority())
        async with start(config, NOON_MS, centre) as server:
            target = (server.client.host, server.client.port)
            async with Proxy(target, rng) as proxy:
                for _ in range(runs):
                    counts["runs"] += 1
                    some = rng.sample(fates, rng.randint(1, len(fates)))
                    found = await _run(folder, server, proxy, rng, some)
                    counts["bad"] += bool(found)
                    violations += found
                counts.update({each.value: proxy.fates[each] for each in proxy.fates})
            indexes = [row["log_index"] for row in await server.rows(event)]
            if sorted(indexes) != list(range(1, len(indexes) + 1)):
                violations.append("the server's log has holes")
            counts["entries"] += len(indexes)
    return Case(tuple(violations[:3]), counts)


async def _run(
    folder: Path, server: Running, proxy: Proxy, rng: random.Random, fates: Sequence[Fate]
) -> list[str]:
    share = rng.uniform(*BAD_SHARE)

    def choose() -> Fate:
        return rng.choice(fates) if rng.random() < share else Fate.PASSED

    async with _machine(folder, server, proxy, rng) as machine:
        proxy.choose = choose
        for _ in range(rng.randint(3, 8)):
            for _ in range(rng.randint(0, 4)):
                machine.write()
            await machine.talk.turn()
            machine.clock.pass_ms(rng.randrange(8 * MINUTE_MS))
        proxy.choose = always_passed
        for _ in range(TURNS_TO_HEAL):
            machine.clock.pass_ms(MINUTE_MS)
            await machine.talk.turn()
            if await _is_quiet(machine, server):
                break
        return await _wrong(machine, server)


async def _is_quiet(machine: Machine, server: Running) -> bool:
    newest = await server.read(lambda connection: inbox.newest(connection, machine.device))
    return machine.store.outbox.pending() == 0 and machine.store.inbox.after() == newest


async def _wrong(machine: Machine, server: Running) -> list[str]:
    """I3, I5: the same log on both sides, nothing twice, and nobody cries fork."""
    ours = machine.log()
    theirs, quarantined = await server.read(partial(_held, device=machine.device))
    state = machine.store.link_state.read().client
    checks = {
        f"{len(ours)} entries here, {len(theirs)} there": ours != theirs,
        f"still {machine.store.outbox.pending()} to send": machine.store.outbox.pending() > 0,
        "the inbox did not come": not await _is_quiet(machine, server),
        f"the machine is {state}": state is not ClientState.CURRENT,
        "quarantined": quarantined,
    }
    return [what for what, wrong in checks.items() if wrong]


def _held(connection: Connection, device: bytes) -> tuple[list[bytes], bool]:
    """What the server holds of a machine, by ``seq``, and whether it distrusts it."""
    mine = select(event.c.eh).where(event.c.dev == device).order_by(event.c.seq)
    marks = select(head.c.quarantined_ms).where(head.c.dev == device)
    quarantined = any(mark is not None for mark in connection.execute(marks).scalars())
    return list(connection.execute(mine).scalars()), quarantined


def _authority() -> bytes:
    """One certificate to trust: reading all those of the machine would take longer than the run."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    since = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM)


def _fresh_copy(folder: Path) -> Path:
    """A new store, which has nothing in it yet."""
    for old in folder.glob("kiosk.db*"):
        old.unlink()
    return Path(shutil.copy(folder / "template.db", folder / "kiosk.db"))


@asynccontextmanager
async def _machine(
    folder: Path, server: Running, proxy: Proxy, rng: random.Random
) -> AsyncIterator[Machine]:
    key, clock = SigningKey(rng.randbytes(32)), TestClock()
    centre = server.centre
    document, certificate = centre.certify(key, schools=(SCHOOL,))
    await _enrol(server, document)
    with open_store(_fresh_copy(folder), STORE_KEY) as store:
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
        authority = str(folder / AUTHORITY)
        async with Client(proxy.url, authority, total_s=PATIENCE_S) as client:
            talk = Talk(
                Kit(store=store, client=client, key=key, clock=clock),
                policy=SOON,
                software="0.1.0",
                chance=lambda: rng.getrandbits(32),
                random_bytes=rng.randbytes,
                log=Journal(),
            )
            yield Machine(store, talk, clock, key, certificate.id, rng)


async def _enrol(server: Running, document: bytes) -> None:
    keys = server.context.keys.enrol
    certificate = open_document(SignatureType.CERTIFICATE, document, Certificate, keys)
    await server.context.store.write(
        lambda connection: identities.add_certificate(connection, document, certificate, NOON_MS)
    )
