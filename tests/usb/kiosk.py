"""A real kiosk store whose machine the fake centre certified, and the two ends of a stick."""

import asyncio
import itertools
from dataclasses import dataclass, field
from pathlib import Path

from core.domain.ids import DeviceId, SchoolId
from core.sealing import SigningKey, seal_public
from core.wire.client import ClientState
from core.wire.event import SYSTEM, Who
from core.wire.kind import Boot, Revision, TeacherRegister
from core.wire.payload import part_hashes
from core.wire.usb import PARCEL_BYTES
from syncd.client import Client
from syncd.kit import Kit
from syncd.store.database import open_store
from syncd.store.identity import Identity
from syncd.store.ledger import Entry
from syncd.store.link_state import LinkState
from syncd.usb.arrival import take_in
from syncd.usb.export import Sender, export
from syncd.usb.folder import Folder
from tests.fakes.device import NOON_MS, SEASON_SECRET, Device
from tests.syncd.machine import STORE_KEY, TestClock


def no_patience():
    return False


@dataclass
class Kiosk:
    """Store, keys and clock of one machine; it has no line at all."""

    device: Device
    store: object
    clock: TestClock = field(default_factory=lambda: TestClock(wall_ms=NOON_MS))
    seal: bytes = b"q" * 32
    file_bytes: int = PARCEL_BYTES

    @property
    def key(self) -> SigningKey:
        return self.device.key

    @property
    def kit(self):
        return Kit(store=self.store, client=Client(""), key=self.key, clock=self.clock)

    @property
    def sender(self):
        numbers = itertools.count(1)
        return Sender(
            store=self.store,
            key_at=self.kit.key_at,
            key=self.key,
            reply=seal_public(self.seal),
            clock=self.clock,
            random_bytes=lambda size: next(numbers).to_bytes(size, "big"),
            file_bytes=self.file_bytes,
        )

    def append(self, kind, body, who=SYSTEM, payload=None, cosignatures=()):
        self.clock.pass_ms(1000)
        entry = Entry(kind=kind, body=body, who=who, payload=payload, cosignatures=cosignatures)
        with self.store.transaction():
            return self.store.ledger.append(entry, self.clock(), self.key)

    def boot(self):
        return self.append("boot", Boot(software="1.0.0", unclean=False))

    def register(self, teacher, officer):
        """As the fake device writes it, into the real log."""
        link = self.device.register(teacher, officer)
        return self.append(
            "teacher.register",
            TeacherRegister(teacher=teacher.pseudonym),
            who=officer.who,
            payload=link.frame.payload,
        )

    def submit(self, teacher, version=1, parents=()):
        claim = self.device.claim(teacher)
        made = self.device.revise(teacher, claim=claim)
        payload = made.frame.payload
        claim_hash, wishes_hash = part_hashes(payload)
        body = Revision(
            app=teacher.app,
            version=version,
            parents=parents,
            claim=claim_hash,
            wishes=wishes_hash,
        )
        who = Who(role="teacher", id=teacher.pseudonym)
        return self.append("app.revise", body, who=who, payload=payload)

    def decide(self, officer, revision):
        made = self.device.decide(officer, revision)
        return self.append(
            "officer.approve",
            made.event.body,
            who=officer.who,
            payload=made.frame.payload,
            cosignatures=made.frame.cosignatures,
        )

    def export(self, stick, wait=no_patience):
        """Everything pending onto a folder, or a fake stick."""
        opened = (lambda: Folder(stick)) if isinstance(stick, Path) else (lambda: _Held(stick))
        return list(export(self.sender, opened, wait))

    def take_in(self, data):
        return asyncio.run(self.taking(data))

    async def taking(self, data):
        return await take_in(self.kit, self.seal, data)

    def kinds(self):
        return [link.event.kind for link in self.store.ledger.links(1, 5000)]

    def hashes(self):
        return [link.hash for link in self.store.ledger.links(1, 5000)]

    def link(self):
        return self.store.link_state.read()


@dataclass
class _Held:
    """A fake stick that is in the slot as long as it is."""

    stick: object

    def __enter__(self):
        return self.stick

    def __exit__(self, *_):
        return None


def make_kiosk(path, centre, device=None, *, key=STORE_KEY, **changes):
    """A new store of a machine that was enrolled and then lost its line."""
    device = device or Device(centre)
    store = open_store(path, key)
    identity = Identity(
        **{
            "device": DeviceId(device.id),
            "inc": device.inc,
            "certificate": device.certificate,
            "trust": centre.signed_trust,
            "name": "KH-0001",
            "schools": tuple(SchoolId(each) for each in device.schools),
            "season": "115",
            "season_secret": SEASON_SECRET,
            "server_url": "http://127.0.0.1:1",
        }
        | changes
    )
    with store.transaction():
        store.identity.write(identity)
        store.link_state.write(LinkState(client=ClientState.OFFLINE))
    return Kiosk(device=device, store=store)
