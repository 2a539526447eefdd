"""What the server does to its SQLite database, as a program to be recorded, and who judges it.

``python -m tests.faults.server_work FOLDER SEED ACTS SYNCHRONOUS``
"""

import json
import os
import random
import sqlite3
import sys
import tempfile
from pathlib import Path

from sqlalchemy import event as happening

from core.wire.chain import Head, follow
from core.wire.event import decode_frame
from core.wire.fault import WireError
from server.appending import Appender
from server.config import Limits
from server.directory import Directory
from server.judging import Judge
from server.key_changes import Watch
from server.store.database import Store, open_store
from server.store.events import with_payload
from server.store.migrate import migrate
from server.upload import Upload, open_batch, verify_batch
from server.views.check import check_views
from tests.fakes.centre import Centre
from tests.fakes.device import NOON_MS, Device, make_officer, make_teacher
from tests.faults.shim import Shim
from tests.faults.work import SHIPPED
from tests.server.log_of_a_season import Desk, Season

NAME = "server.db"
CHECKPOINT_PAGES = 60
DEVICES = 2
LOOKED_AT = 40  # the views of every so many images are compared with the log
LOG = (
    "SELECT event.frame, payload.data FROM event LEFT JOIN payload ON payload.eh = event.eh "
    "WHERE dev = ? ORDER BY seq"
)


class Counter:
    """The server's counter: batches in, acknowledgements out, on a database in a folder."""

    def __init__(self, folder: Path, seed: int, synchronous: str) -> None:
        rng = random.Random(seed)  # noqa: S311 - replayable
        self._rng = rng
        self._centre = Centre(seed)
        self._devices = [Device(self._centre) for _ in range(DEVICES)]
        self._officer = make_officer(self._centre)
        self._directory = Directory()
        judge = Judge(self._directory, self._centre.receipt, lambda: NOON_MS)
        self._append = Appender(judge, Limits(), lambda: NOON_MS, Watch(self._directory))
        self._store = open_store(f"sqlite:///{_template(folder)}")
        happening.listen(self._store.engine, "connect", _settings(synchronous))
        season = Season()
        season.centre = self._centre
        Desk(season, self._store).certify(*self._devices, self._officer)
        self.told = {device.id.hex(): 0 for device in self._devices}

    def act(self) -> None:
        """A group of uploads in one transaction; only then are they acknowledged."""
        senders = self._rng.sample(self._devices, self._rng.randint(1, DEVICES))
        with self._store.writing() as connection:
            self._append(connection, [self._upload(each, connection) for each in senders])
        for device in self._devices:
            self.told[device.id.hex()] = len(device.links)

    def _upload(self, device: Device, connection) -> Upload:
        first = len(device.links) + 1
        teacher = make_teacher(self._rng.randrange(5))
        for _ in range(self._rng.randint(1, 3)):
            match self._rng.randrange(3):
                case 0:
                    device.add_boot()
                case 1:
                    device.revise(teacher, wishes=self._rng.randrange(1, 60))
                case _:
                    device.decide(self._officer, device.revise(teacher))
        data = device.batch(first)

        def known(dev: bytes, inc: int):
            return self._directory.device(connection, dev, inc)

        batch, identity = open_batch(data, device.id, known)
        return verify_batch(data, batch, identity)

    def keys(self) -> dict[str, tuple[str, str]]:
        """Public key and first hash of each machine, for whoever judges."""
        return {
            device.id.hex(): (device.key.public.hex(), device.root.hex())
            for device in self._devices
        }


class ServerJudge:
    """Looks at a database as a restarted server would find it (I2, I4)."""

    def __init__(self) -> None:
        self._seen = 0

    def judge(self, folder: Path, told: bytes) -> str | None:
        """What is wrong; None when nothing is."""
        if not told:
            return None
        claimed = json.loads(told)
        connection = sqlite3.connect(folder / NAME)
        try:
            return self._compared(connection, claimed) or self._views(folder)
        except (sqlite3.Error, WireError) as error:
            return f"{type(error).__name__}: {error}"
        finally:
            connection.close()

    def _compared(self, connection: sqlite3.Connection, claimed: dict) -> str | None:
        (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
        if sound != "ok":
            return f"structure: {sound}"
        indexes = [row[0] for row in connection.execute("SELECT log_index FROM event")]
        if sorted(indexes) != list(range(1, len(indexes) + 1)):
            return "the log has holes"
        for name, through in claimed["told"].items():
            key, root = (bytes.fromhex(each) for each in claimed["keys"][name])
            rows = connection.execute(LOG, (bytes.fromhex(name),)).fetchall()
            frames = [decode_frame(with_payload(*row)) for row in rows]
            before = Head(inc=1, seq=0, hash=root)
            links, broken = follow(frames, key, bytes.fromhex(name), before)
            last = links[-1].head if links else before
            head = connection.execute(
                "SELECT seq, hash FROM head WHERE dev = ?", (bytes.fromhex(name),)
            ).fetchone()
            if broken is not None or head != (last.seq, last.hash):
                return f"chain: {broken}, head {head}"
            if last.seq < through:
                return f"acknowledged entries lost: {last.seq} of {through}"
        return None

    def _views(self, folder: Path) -> str | None:
        self._seen += 1
        if self._seen % LOOKED_AT:
            return None
        store = open_store(f"sqlite:///{folder / NAME}")
        try:
            return None if check_views(store).equal else "views differ from the log"
        finally:
            store.close()


def _template(folder: Path) -> Path:
    """A migrated database, put into the folder in one piece and flushed."""
    with tempfile.TemporaryDirectory() as elsewhere:
        made = Path(elsewhere) / NAME
        store: Store = open_store(f"sqlite:///{made}")
        migrate(store)
        store.close()
        content = made.read_bytes()
    with (folder / NAME).open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(handle)
    os.close(handle)
    return folder / NAME


def _settings(synchronous: str):
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        if synchronous != SHIPPED:
            connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    return prepare


def main() -> None:
    folder, seed, acts, synchronous = sys.argv[1:]
    shim = Shim()
    counter = Counter(Path(folder), int(seed), synchronous)
    for _ in range(int(acts)):
        counter.act()
        shim.mark(json.dumps({"told": counter.told, "keys": counter.keys()}).encode())


if __name__ == "__main__":
    main()
