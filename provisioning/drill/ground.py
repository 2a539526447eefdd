"""A throw-away country for drills: real programs on a folder that is deleted afterwards."""

import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from core.wire.event import SYSTEM
from core.wire.kind import Boot
from provisioning.ceremony import make_keys
from provisioning.demo.lists import write_calendar, write_schools
from provisioning.demo.process import Program, quiet_port, run, wait_for_file
from provisioning.letter import Letter, Letters, make_code
from provisioning.release import MANIFEST, sign_reference
from server.store.database import open_store as open_server_store
from server.store.tables import event, refiled
from syncd.report import Report, report_of
from syncd.station import read_station
from syncd.store.ledger import Entry
from syncd.store.moment import read_moment

SEASON = "115"
SCHOOL = "013601"
READY_S = 60.0
PATIENCE_S = 60.0
LOOK_S = 0.1
PACE = ("--beacon-s", "0.5", "--retry-cap-s", "1")
ENTRY = Entry(kind="boot", body=Boot(software="drill", unclean=False), who=SYSTEM)
ENTRIES_AT_MOST = 10_000


class DrillError(Exception):
    """A step did not come to pass; ``code`` names it."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Ground:
    """Keys, server, desk and stations under one folder."""

    folder: Path
    programs: dict[str, Program] = field(default_factory=dict)
    listen: str = field(default_factory=lambda: f"127.0.0.1:{quiet_port()}")

    @property
    def keys(self) -> Path:
        """The centre's keys."""
        return self.folder / "keys"

    @property
    def home(self) -> Path:
        """The server's home."""
        return self.folder / "server"

    @property
    def logs(self) -> Path:
        """What the programs say."""
        return self.folder / "logs"

    @property
    def address(self) -> str:
        """The running server; it keeps its address over restarts."""
        return (self.home / "address").read_text(encoding="utf-8").strip()

    def found(self) -> None:
        """Keys, an empty server that runs, a desk that grants."""
        for each in (self.logs, self.home / "keys"):
            each.mkdir(parents=True)
        make_keys(self.keys, SEASON, secrets.token_bytes)
        self.hand_over_keys()
        run(["server", "migrate", "--home", str(self.home)])
        self.start_server()
        self.start_desk()

    def hand_over_keys(self) -> None:
        """What the people of the centre carry to the server."""
        for name in ("beacon.key", "receipt.key"):
            shutil.copy(self.keys / "server" / name, self.home / "keys" / name)
        for name in ("trust.ttc", "root.json"):
            shutil.copy(self.keys / name, self.home / name)
        if (self.keys / "trust").exists():
            shutil.copytree(self.keys / "trust", self.home / "trust", dirs_exist_ok=True)

    def start_server(self) -> None:
        """Run the server and wait until it answers."""
        (self.home / "address").unlink(missing_ok=True)
        words = ["server", "run", "--home", str(self.home), "--listen", self.listen]
        self.start("server", words)
        wait_for_file(self.home / "address", READY_S, self.programs["server"])

    def start_desk(self) -> None:
        """Run the county desk, under the trust document of now."""
        keys = ["--keys", str(self.keys), "--server", self.address]
        self.start("desk", ["provision", "desk", *keys, "--watch"])

    def publish(self) -> None:
        """Sign what the server exports, and publish it."""
        folder, home = self.folder / "reference", ["--home", str(self.home)]
        if not folder.exists():
            self._import_lists(home)
        manifest, previous = folder / MANIFEST, self.folder / "previous.ttc"
        if manifest.exists():
            shutil.copy(manifest, previous)
        run(["server", "export-reference", str(folder), *home])
        sign_reference(self.keys, folder, previous, time.time_ns() // 1_000_000)
        run(["server", "publish-reference", str(folder), *home])

    def enrol(self, name: str) -> Path:
        """A new station, its daemon running."""
        station = self.folder / "stations" / name
        words = ["syncd", "enrol", "--station", str(station), "--server", self.address]
        words += ["--root", str(self.keys / "root.json"), "--school", SCHOOL, "--name", name]
        run(words, stdin=self.letter(name) + "\n")
        self.start_syncd(station)
        return station

    def start_syncd(self, station: Path) -> None:
        """Run a station's daemon."""
        self.start(station.name, ["syncd", "run", "--station", str(station), *PACE])

    def renew(self, station: Path, device: str, *words: str) -> None:
        """`jiepin syncd renew` with a letter for this machine."""
        code = self.letter("KH-0001", device)
        run(["syncd", "renew", "--station", str(station), *words], stdin=code + "\n")

    def letter(self, name: str, renews: str | None = None) -> str:
        """A one-time code."""
        code = make_code(secrets.token_bytes)
        letter = Letter(
            code=code, subject="device", role="kiosk", schools=(SCHOOL,), name=name, renews=renews
        )
        Letters(self.keys / "desk" / "letters.json").add(letter)
        return code

    def write(self, station: Path, count: int = 3) -> None:
        """What people do at the counter, in the smallest form: entries in the log."""
        opened = read_station(station)
        with opened.open_store() as store:
            for _ in range(count):
                with store.transaction():
                    store.ledger.append(ENTRY, read_moment(), opened.log_key)

    def report(self, station: Path) -> Report:
        """How a station stands."""
        with read_station(station).open_store() as store:
            return report_of(store)

    def await_report(self, station: Path, code: str, holds: Callable[[Report], bool]) -> Report:
        """The station's report once it is as it should be.

        Raises:
            DrillError: It does not come to that.
        """
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            report = self.report(station)
            if holds(report):
                return report
            time.sleep(LOOK_S)
        raise DrillError(code)

    def own_entries(self, station: Path) -> frozenset[bytes]:
        """Hashes of every entry on a station's disk but those that only carry others."""
        with read_station(station).open_store() as store:
            identity = store.identity.read()
            last = 0 if identity is None else identity.inc
            return frozenset(
                link.hash
                for inc in range(1, last + 1)
                for link in store.ledger.links(1, ENTRIES_AT_MOST, inc)
            )

    def stored(self) -> frozenset[bytes]:
        """Hashes of every entry the server holds, carried ones among them."""
        names = self.rows(event), self.rows(refiled)
        return frozenset(row["eh"] for rows in names for row in rows)

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """Every row of a table of the server."""
        store = open_server_store(f"sqlite:///{self.home / 'server.db'}")
        try:
            with store.reading() as connection:
                return [dict(row) for row in connection.execute(select(table)).mappings()]
        finally:
            store.close()

    def start(self, name: str, words: list[str]) -> None:
        """Run a program under a name."""
        self.programs[name] = Program(name, words, self.logs)
        self.programs[name].start()

    def stop(self, *names: str) -> None:
        """End these programs, or all, the server last."""
        for name in names or sorted(self.programs, key=lambda name: name == "server"):
            if name in self.programs:
                self.programs.pop(name).stop()

    def _import_lists(self, home: list[str]) -> None:
        lists = self.folder / "lists"
        lists.mkdir()
        write_schools(lists / "schools.csv", 1)
        write_calendar(lists / "calendar.toml", datetime.now(UTC), SEASON)
        for kind, name in (("schools", "schools.csv"), ("calendar", "calendar.toml")):
            run(["server", "import", kind, str(lists / name), *home, "--yes", "--json"])
