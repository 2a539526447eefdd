"""``kill -9`` of kiosk, daemon and server again and again (PROTOCOL 4.2; I1, I2, I3, I4).

``python -m tests.faults.kills FOLDER SEED KILLS`` founds a country of one server and some stations,
kills its programs ``KILLS`` times, heals, and prints what it found as JSON.
"""

import heapq
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.signature import SignatureType
from core.wire.chain import Head, follow
from core.wire.document import open_document
from core.wire.identity import Certificate, certificate_hash
from provisioning.demo.process import quiet_port
from server.store import identities
from server.store.database import open_store
from server.store.migrate import migrate
from server.views.check import check_views
from syncd.station import read_station
from tests.fakes.centre import Centre
from tests.faults.nursery import Child, preload
from tests.faults.shim import ROOT
from tests.faults.station import BUSY_MS, Station
from tests.kiosk.robot.stations import (
    County,
    make_station,
    opening,
    play,
    write_script,
)
from tests.soak.spread import Case

STATIONS = 2
HEAL_S = 120.0
# How long a program lives before it is killed, on average. It has to get something done, too.
LIFE_S = {"server": 0.4, "syncd": 0.3, "kiosk": 0.3}
QUICK_START_S = 0.5  # of the server; where it takes longer, everything lives longer
LONG_LIFE = 0.1  # some live ten times as long
TOGETHER = 0.2  # both programs of a station at once: then its store is recovered by the next


@dataclass
class Country:
    """All programs, and when each is to be killed."""

    folder: Path
    seed: int
    counts: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    programs: dict[tuple[str, int], Child] = field(default_factory=dict)
    deaths: list[tuple[float, int, tuple[str, int]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)  # noqa: S311 - replayable
        self.centre = Centre(self.seed)
        self.stations = [
            Station(self.folder / f"station-{n}", n, random.Random(self.rng.random()))  # noqa: S311
            for n in range(STATIONS)
        ]
        self.listen = f"127.0.0.1:{quiet_port()}"
        self.pace = 1.0

    # Founding

    def found(self) -> None:
        """Keys, an enrolled server database, enrolled stations with their officers."""
        self.centre.write_home(self.home)
        for station in self.stations:
            made = make_station(station.folder, self.centre)
            station.store_key = made.store_key
            self._open_station(station)
        store = open_store(self.database)
        migrate(store)
        with store.writing() as connection:
            for station in self.stations:
                document = self._certificate(station)
                keys = {self.centre.enrol.id: self.centre.enrol.public}
                certificate = open_document(SignatureType.CERTIFICATE, document, Certificate, keys)
                identities.add_certificate(connection, document, certificate, 0)
        store.close()

    def _open_station(self, station: Station) -> None:
        county = County(station.folder, self.centre)
        county.start()
        script = write_script(station.folder, opening(*station.people), "opening.json")
        code, _, said = play(station.folder, script)
        county.stop()
        if code:
            raise RuntimeError(said)
        station.out.touch()
        station.think_again()

    @property
    def home(self) -> Path:
        """The server's folder."""
        return self.folder / "server"

    @property
    def database(self) -> str:
        """The server's database."""
        return f"sqlite:///{self.home / 'server.db'}"

    # Living

    def start(self, name: tuple[str, int], *, mortal: bool = True) -> None:
        """Start a program, and decide when it dies."""
        kind, number = name
        out, log = self.folder / "server.out", self.folder / f"{kind}-{number}.log"
        match kind:
            case "server":
                words = ["server", "run", "--home", self.home, "--listen", self.listen]
            case "syncd":
                station = self.stations[number]
                words = ["syncd", "run", "--station", station.folder, "--beacon-s", 0.2]
                words += ["--retry-cap-s", 0.2]
            case _:
                station = self.stations[number]
                out = station.out
                words = ["kiosk", "--station", station.folder, "--robot", station.script]
        self.programs[name] = Child(words, out, log)
        if mortal:
            life = self.rng.expovariate(1 / LIFE_S[kind]) * self.pace
            life *= 10 if self.rng.random() < LONG_LIFE else 1
            heapq.heappush(self.deaths, (time.monotonic() + life, self.programs[name].pid, name))

    def start_server(self) -> None:
        """Always on the same port; stations are told."""
        began = time.monotonic()
        self.start(("server", 0), mortal=False)
        address = self.home / "address"
        self._wait("the server's address", lambda: address.exists() and address.read_text().strip())
        self.pace = max(1.0, (time.monotonic() - began) / QUICK_START_S)
        url = address.read_text().strip()
        for station in self.stations:
            path = station.folder / "station.json"
            path.write_text(json.dumps(json.loads(path.read_text()) | {"server": url}))

    def live(self, kills: int) -> None:
        """Kill, look, start again."""
        self.programs["server", 0].stop()
        for name in self._names():
            self.start(name)
        while self.counts["kills"] < kills and not self.wrong:
            at, pid, name = heapq.heappop(self.deaths)
            if self.programs[name].pid != pid:
                continue  # it ended before its time and another lives in its place
            self._pass(max(0.0, at - time.monotonic()))
            if self.programs[name].pid != pid:
                continue
            victims = [name]
            if name[0] != "server" and self.rng.random() < TOGETHER:
                victims = [("syncd", name[1]), ("kiosk", name[1])]
            for victim in victims:
                if self.programs[victim].kill():
                    self.counts["kills"] += 1
                    self.counts[f"kills_{victim[0]}"] += 1
            self._look(victims)
            for victim in victims:
                self.start(victim)

    def _pass(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while True:
            self._whose_script_ended()
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.02))

    def _whose_script_ended(self) -> None:
        for name, program in list(self.programs.items()):
            if program.running:
                continue
            if name[0] != "kiosk" or program.code != 0:
                self.wrong.append(f"{name} ended with {program.code}: {self._tail(name)}")
            else:
                self.stations[name[1]].think_again()
                self.counts["scripts"] += 1
            self.start(name)

    def _look(self, victims: list[tuple[str, int]]) -> None:
        """What was told by those who are dead must be on the disk."""
        for kind, number in victims:
            if kind == "kiosk":
                self._look_at_kiosk(self.stations[number])
            else:
                for station in self.stations if kind == "server" else [self.stations[number]]:
                    self._look_at_delivery(station)

    def _look_at_kiosk(self, station: Station) -> None:
        for fact in station.new_facts():
            if "submitted" not in fact:
                continue
            told = bytes.fromhex(fact["submitted"]["hash"])
            self.counts["told"] += 1
            if not station.asked("SELECT 1 FROM event WHERE hash = ?", told):
                self.wrong.append(f"station {station.number} lost {told.hex()}")

    def _look_at_delivery(self, station: Station) -> None:
        """Whatever a daemon has marked as delivered, the server had signed for before."""
        rows = station.asked("SELECT through FROM progress")
        through = rows[0]["through"] if rows else 0
        held = len(self._server_log(station))
        self.counts["acks_looked_at"] += 1
        if held < through:
            self.wrong.append(f"the server lost {through - held} of station {station.number}")

    # Healing

    def heal(self) -> None:
        """Nobody is killed any more; until everything is delivered."""
        for station in self.stations:
            self.programs["kiosk", station.number].kill()
            self._look_at_kiosk(station)
            self.start(("kiosk", station.number), mortal=False)
        for name, program in self.programs.items():
            if name[0] == "kiosk":
                self._wait(f"{name}", lambda program=program: not program.running)
                if program.code != 0:
                    self.wrong.append(f"{name} ended with {program.code}: {self._tail(name)}")
        self._deliver()
        self._stop(("server", 0))

    def _stop(self, name: tuple[str, int]) -> None:
        code = self.programs[name].stop()
        # One that has just started dies of the signal, as every program does.
        if code not in {0, -signal.SIGTERM}:
            self.wrong.append(f"{name} stopped with {code}: {self._tail(name)}")

    def _deliver(self) -> None:
        """Until nothing is left to send, and nothing came to it while the daemons stopped."""
        daemons = [("syncd", station.number) for station in self.stations]
        while True:
            self._wait("delivery", lambda: not any(map(self._pending, self.stations)))
            for name in daemons:
                self._stop(name)
            if self.wrong or not any(map(self._pending, self.stations)):
                return
            for name in daemons:
                self.start(name, mortal=False)

    def check(self) -> None:
        """Chains whole, server log equal to the kiosks', nothing twice, views as the log says."""
        for station in self.stations:
            self._look_at_kiosk(station)
            local = list(self._chain(station))
            self.counts["entries"] += len(local)
            if local != self._server_log(station):
                self.wrong.append(f"station {station.number} and server differ")
        store = open_store(self.database)
        if not check_views(store).equal:
            self.wrong.append("views differ from the log")
        store.close()
        indexes = [row[0] for row in self._server_rows("SELECT log_index FROM event")]
        if sorted(indexes) != list(range(1, len(indexes) + 1)):
            self.wrong.append("the server's log has holes")

    def stop(self) -> None:
        """Whatever still runs."""
        for program in self.programs.values():
            if program.running:
                program.kill()

    def _chain(self, station: Station) -> Iterator[bytes]:
        opened = read_station(station.folder)
        with opened.open_store() as store:
            identity = store.identity.read()
            root = Head(inc=1, seq=0, hash=certificate_hash(identity.certificate))
            frames = [link.frame for link in store.ledger.links(1, 1 << 20)]
            links, broken = follow(frames, opened.log_key.public, identity.device, root)
            if broken is not None or store.outbox.pending():
                self.wrong.append(f"station {station.number}: {broken}")
            store.check()
        return (link.hash for link in links)

    def _pending(self, station: Station) -> bool:
        written = station.asked("SELECT count(*) AS n FROM event")[0]["n"]
        return len(self._server_log(station)) < written or bool(
            station.asked("SELECT 1 FROM outbox WHERE state IN ('stored', 'sending') LIMIT 1")
        )

    def _server_log(self, station: Station) -> list[bytes]:
        device = station.asked("SELECT device FROM identity")[0]["device"]
        rows = self._server_rows("SELECT eh FROM event WHERE dev = ? ORDER BY seq", device)
        return [row[0] for row in rows]

    def _server_rows(self, sql: str, *values: object) -> list[tuple]:
        connection = sqlite3.connect(self.home / "server.db", timeout=BUSY_MS / 1000)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()

    def _certificate(self, station: Station) -> bytes:
        return station.asked("SELECT certificate FROM identity")[0]["certificate"]

    def _names(self) -> list[tuple[str, int]]:
        stations = [(kind, n) for n in range(STATIONS) for kind in ("syncd", "kiosk")]
        return [("server", 0), *stations]

    def _tail(self, name: tuple[str, int]) -> str:
        path = self.folder / f"{name[0]}-{name[1]}.log"
        return path.read_text(errors="replace")[-600:]

    def _wait(self, what: str, done) -> None:
        until = time.monotonic() + HEAL_S
        while not done():
            if time.monotonic() > until:
                raise TimeoutError(what)
            time.sleep(0.02)


def kill_again_and_again(folder: Path, seed: int, kills: int) -> Case:
    """A country of its own, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.kills", str(folder), str(seed), str(kills)],
        capture_output=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        text=True,
        check=False,
    )
    if done.returncode:
        return Case((f"seed {seed}: {done.stderr[-900:]}",))
    found = json.loads(done.stdout)
    return Case(tuple(f"seed {seed}: {each}" for each in found["wrong"]), Counter(found["counts"]))


def main() -> None:
    folder, seed, kills = sys.argv[1:]
    preload()
    country = Country(Path(folder), int(seed))
    try:
        country.found()
        country.start_server()
        country.live(int(kills))
        if not country.wrong:
            country.heal()
            country.check()
    finally:
        country.stop()
    sys.stdout.write(json.dumps({"wrong": country.wrong[:5], "counts": country.counts}) + "\n")


if __name__ == "__main__":
    main()
