"""An enrolled machine for tests: its keys, its identity, a clock that obeys."""

from dataclasses import dataclass

from core.domain.ids import DeviceId, SchoolId
from core.wire.canon import from_wire
from core.wire.client import ClientState
from core.wire.document import split_document
from core.wire.event import SYSTEM
from core.wire.identity import Certificate
from core.wire.kind import Boot
from syncd.store.database import open_store
from syncd.store.fault import StoreFull
from syncd.store.identity import Identity
from syncd.store.ledger import Entry
from syncd.store.link_state import LinkState
from syncd.store.moment import Moment
from tests.syncd.centre import NOON_MS, Centre, key

STORE_KEY = b"k" * 32
LOG_KEY = key("KH-0231")
BOOT = Entry(kind="boot", body=Boot(software="0.1.0", unclean=False), who=SYSTEM)


@dataclass
class TestClock:
    """Both clocks in milliseconds; they move only when told."""

    __test__ = False

    wall_ms: int = NOON_MS
    boot_ms: int = 1_000_000
    boot_id: bytes = b"boot---1"

    def __call__(self):
        return Moment(wall_ms=self.wall_ms, boot_ms=self.boot_ms, boot_id=self.boot_id)

    def pass_ms(self, ms):
        self.wall_ms += ms
        self.boot_ms += ms


def identity_of(centre, log_key=LOG_KEY, **changes):
    """What enrolment would have stored."""
    document = centre.certificate(log_key.public)
    certificate = from_wire(split_document(document)[0], Certificate)
    return Identity(
        **{
            "device": DeviceId(certificate.id),
            "inc": 1,
            "certificate": document,
            "trust": centre.signed_trust,
            "name": certificate.name,
            "schools": tuple(SchoolId(each) for each in certificate.schools),
            "season": centre.season,
            "season_secret": centre.season_secret,
            "server_url": "http://127.0.0.1:1",
        }
        | changes
    )


def enrolled_store(path, centre=None, **changes):
    """A new store of a machine that has just been enrolled."""
    store = open_store(path, STORE_KEY)
    with store.transaction():
        store.identity.write(identity_of(centre or Centre(), **changes))
        store.link_state.write(LinkState(client=ClientState.OFFLINE))
    return store


def append(store, entry=BOOT, moment=None, log_key=LOG_KEY):
    """One entry in a transaction of its own."""
    with store.transaction():
        return store.ledger.append(entry, moment or TestClock()(), log_key)


def append_until_full(store, log_key=LOG_KEY):
    """How many entries fit."""
    written = 0
    while True:
        try:
            append(store, log_key=log_key)
        except StoreFull:
            return written
        written += 1
