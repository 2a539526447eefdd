"""What a kiosk does to its store, as a program to be recorded: it says what people were told.

``python -m tests.faults.work FOLDER SEED ACTS SYNCHRONOUS``
"""

import json
import random
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from core.wire.canon import encode
from core.wire.client import ClientState
from core.wire.event import SALT_BYTES, Who
from syncd.store.audit import AuditCode
from syncd.store.database import Store, open_store
from syncd.store.ledger import Entry
from syncd.store.link_state import LinkState
from tests.faults.shim import Shim
from tests.syncd.centre import Centre
from tests.syncd.machine import BOOT, LOG_KEY, STORE_KEY, TestClock, identity_of

NAME = "kiosk.db"
SHIPPED = "FULL"  # as the product sets it, which is left alone: or a weaker product would pass
APP = b"a" * 16
OFFICER = Who(role="officer", id=b"o" * 16)
CHECKPOINT_PAGES = 40


@dataclass(slots=True)
class Told:
    """What people have been told is stored; every number only grows."""

    seq: int = 0
    draft: int = 0
    audit: int = 0
    through: int = 0
    enrolled: bool = False

    def encode(self) -> bytes:
        """As the shim keeps it."""
        return json.dumps(asdict(self)).encode()


class Work:
    """A store, and one act after another on it; `told` grows after each commit only."""

    def __init__(self, folder: Path, rng: random.Random, synchronous: str = SHIPPED) -> None:
        self._path = folder / NAME
        self._rng = rng
        self._synchronous = synchronous
        self._clock = TestClock()
        self._acts = (
            *[self.append] * 6,
            *[self.submit] * 3,
            *[self.save_draft] * 3,
            *[self.deliver] * 2,
            self.note,
            self.check_point,
            self.reopen,
        )
        self.told = Told()
        self.store: Store | None = None

    def open(self) -> Store:
        """The store as the product opens it, unless something weaker is to be seen failing."""
        self.store = open_store(self._path, STORE_KEY)
        connection = self.store._connections.here  # noqa: SLF001 - no product setting may weaken it
        if self._synchronous != SHIPPED:
            connection.run(f"PRAGMA synchronous = {self._synchronous}")
        connection.run(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        return self.store

    def close(self) -> None:
        """An orderly stop."""
        if self.store is not None:
            self.store.close()
            self.store = None

    @property
    def opened(self) -> Store:
        """The store, opened if it is not."""
        return self.store or self.open()

    def enrol(self) -> None:
        """Become a machine."""
        with self.opened.transaction():
            self.opened.identity.write(identity_of(Centre()))
            self.opened.link_state.write(LinkState(client=ClientState.OFFLINE))
        self.told.enrolled = True

    def act(self) -> None:
        """One of the things a day is made of."""
        self._rng.choice(self._acts)()

    def append(self) -> None:
        """One small entry."""
        with self.opened.transaction():
            link = self.opened.ledger.append(BOOT, self._now(), LOG_KEY)
        self.told.seq = link.event.seq

    def submit(self) -> None:
        """Two entries with payload, the draft gone, an audit line: one business fact."""
        with self.opened.transaction():
            self.opened.ledger.append(self._large(), self._now(), LOG_KEY)
            link = self.opened.ledger.append(self._large(), self._now(), LOG_KEY)
            self.opened.drafts.save(APP, self._draft(), self._now())
            self.opened.audit.add(AuditCode.APPLICATION_SUBMITTED, self._now())
        self.told.seq = link.event.seq
        self.told.draft += 1
        self.told.audit += 1

    def save_draft(self) -> None:
        """A key was pressed."""
        self.opened.drafts.save(APP, self._draft(), self._now())
        self.told.draft += 1

    def deliver(self) -> None:
        """The server has answered."""
        written = self.told.seq
        through = self._rng.randint(self.told.through, written) if written else 0
        with self.opened.transaction():
            self.opened.outbox.mark_delivered(through, self._rng.randint(0, through))
        self.told.through = through

    def note(self) -> None:
        """An audit line."""
        self.opened.audit.add(AuditCode.CARD_READ, self._now())
        self.told.audit += 1

    def check_point(self) -> None:
        """Everything is checked, the write-ahead log emptied."""
        self.opened.check()

    def reopen(self) -> None:
        """An orderly stop and a new start."""
        self.close()
        self.open()

    def _large(self) -> Entry:
        salt, filling = (
            self._rng.randbytes(SALT_BYTES),
            self._rng.randbytes(self._rng.randrange(4000)),
        )
        payload = encode({"name": filling, "salt": salt})
        return Entry(kind="teacher.register", body={"teacher": APP}, who=OFFICER, payload=payload)

    def _draft(self) -> bytes:
        return (self.told.draft + 1).to_bytes(4, "big") * self._rng.randrange(1, 700)

    def _now(self):
        self._clock.pass_ms(1000)
        return self._clock()


def main() -> None:
    folder, seed, acts, synchronous = sys.argv[1:]
    shim = Shim()
    rng = random.Random(int(seed))  # noqa: S311 - replayable
    work = Work(Path(folder), rng, synchronous)
    work.open()
    shim.mark(work.told.encode())
    work.enrol()
    shim.mark(work.told.encode())
    for _ in range(int(acts)):
        work.act()
        shim.mark(work.told.encode())
    if rng.random() < 0.5:
        work.close()


if __name__ == "__main__":
    main()
