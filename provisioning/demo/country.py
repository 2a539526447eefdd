"""Builds the demo country.

Keys, server with lists, signed reference, enrolled stations, running programs.
"""

import json
import secrets
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.domain.ids import CountyCode, SchoolId
from core.domain.school import School, Stage
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.reference import ReferenceFile, SchoolRow
from provisioning.ceremony import make_keys
from provisioning.demo.line import Line
from provisioning.demo.lists import read_subjects, write_calendar, write_schools, write_vacancies
from provisioning.demo.place import Place
from provisioning.demo.process import Program, ProgramError, quiet_port, run, wait_for_file
from provisioning.demo.world import Site, World, draw_world
from provisioning.keyring import write_json
from provisioning.letter import Letter, Letters, make_code
from provisioning.release import MANIFEST, sign_reference

SEASON = "115"
ORGANISER = "高雄市政府教育局（示範）"
READY_S = 60.0
ENROL_S = 120.0
CHEAP_KDF = {"kdf_memory_kib": 1024, "kdf_passes": 1}
BEACON_S = 1.0
RETRY_CAP_S = 3.0
STAFF = (("demo-host", "host"), ("demo-center", "host"), ("demo-audit", "auditor"))
COUNTY = "demo-county"
"""Reviews for the county of the first kiosk; what no county reviewed goes in as the school says."""


@dataclass(slots=True)
class Country:
    """The running parts.

    ``programs`` are restartable by name: ``server``, ``desk``, ``syncd-KH-0001``, …
    """

    place: Place
    seed: int
    kiosks: int
    teachers: int
    files: tuple[Path, ...] = ()
    chaos: bool = False
    world: World = field(init=False)
    line: Line = field(init=False)
    programs: dict[str, Program] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    def found(self) -> None:
        """Keys, lists, staff accounts; the server runs and has published its first reference."""
        self.place.make()
        make_keys(self.place.keys, SEASON, secrets.token_bytes)
        self._hand_over_keys()
        run(["server", "migrate", "--home", str(self.place.server)])
        schools = self._import_lists()
        self.world = draw_world(
            seed=self.seed,
            kiosks=self.kiosks,
            teachers=self.teachers,
            schools=schools,
            subjects=read_subjects(),
        )
        vacancies = self.place.lists / "vacancies.csv"
        write_vacancies(vacancies, self.world.vacancies)
        self._import("vacancies", [vacancies])
        first = self.world.sites[0].schools[0]
        county = next(each.county for each in schools if each.id == first)
        for name, role, *more in (*STAFF, (COUNTY, "county", "--county", county)):
            self.passwords[name] = secrets.token_urlsafe(9)
            words = ["server", "accounts", "add", name, "--role", role, *more]
            run([*words, "--home", str(self.place.server)], stdin=self.passwords[name] + "\n")
        self.publish_reference()
        self.start_server(f"127.0.0.1:{quiet_port()}")
        host, port = self.place.address.read_text(encoding="utf-8").strip().rsplit(":", 1)
        self.line = Line(target=(host.removeprefix("http://"), int(port)), seed=self.seed)
        self.line.start()
        self._start(
            "desk",
            [
                "provision",
                "desk",
                "--keys",
                str(self.place.keys),
                "--server",
                self.address,
                "--watch",
            ],
        )

    @property
    def address(self) -> str:
        """The server itself, for staff."""
        return self.place.address.read_text(encoding="utf-8").strip()

    @property
    def database(self) -> str:
        """URL of the server's database."""
        return f"sqlite:///{self.place.server / 'server.db'}"

    @property
    def line_address(self) -> str:
        """The server as the stations reach it: over the line that can fail."""
        return f"http://127.0.0.1:{self.line.port}"

    def start_server(self, listen: str) -> None:
        """Run the server on ``listen`` and wait until it answers."""
        self.place.address.unlink(missing_ok=True)
        words = ["server", "run", "--home", str(self.place.server), "--listen", listen]
        words += ["--organiser", ORGANISER]
        self._start("server", words)
        wait_for_file(self.place.address, READY_S, self.programs["server"])

    def restart_server(self) -> None:
        """Start it again where it was, after it was killed."""
        host = self.address.removeprefix("http://")
        self.programs["server"].kill()
        self.start_server(host)

    def enrol(self, sites: Sequence[Site]) -> None:
        """Give each site a station: letter, keys, certificate, running syncd."""
        waiting: list[Program] = []
        for site in sites:
            station = self.place.station(site.name)
            words = ["syncd", "enrol", "--station", str(station), "--server", self.line_address]
            words += ["--root", str(self.place.keys / "root.json"), "--name", site.name]
            for school in site.schools:
                words += ["--school", school]
            program = Program(f"enrol-{site.name}", words, self.place.logs)
            program.start(stdin=self.letter("device", site, site.name) + "\n")
            waiting.append(program)
        for program in waiting:
            if program.wait(ENROL_S) != 0:
                raise ProgramError(f"{program.name} failed: {program.tail()}")
        for site in sites:
            self._set_up(site)
            self.start_syncd(site)

    def _set_up(self, site: Site) -> None:
        """Settings of the kiosk: whom to ask; cheap passwords, since nobody here has a secret."""
        path = self.place.station(site.name) / "station.json"
        settings = json.loads(path.read_text(encoding="utf-8"))
        settings |= {"contact": f"人事室 {site.officer_title} 分機 12"} | CHEAP_KDF
        settings |= {"organiser": ORGANISER, "site": f"{self.address}/verify"}
        settings["printer_folder"] = str(self.place.paper(site.name))
        write_json(path, settings)

    def start_syncd(self, site: Site) -> None:
        """Run the sync daemon of a station."""
        daemon = self.syncd(self.place.station(site.name))
        self.programs[daemon.name] = daemon
        daemon.start()

    def syncd(self, station: Path) -> Program:
        """The sync daemon of a station's folder, not started yet."""
        words = ["syncd", "run", "--station", str(station)]
        # A season of weeks passes in minutes: news every second instead of every five minutes.
        words += ["--beacon-s", str(BEACON_S), "--retry-cap-s", str(RETRY_CAP_S)]
        return Program(f"syncd-{station.name}", words, self.place.logs)

    def letter(self, subject: str, site: Site, name: str, renews: str | None = None) -> str:
        """A one-time code for this site; ``renews`` is the id (hex) of a machine to begin anew."""
        code = make_code(secrets.token_bytes)
        letter = Letter(
            code=code,
            subject="device" if subject == "device" else "officer",
            role="kiosk" if subject == "device" else "personnel",
            schools=site.schools,
            name=name,
            renews=renews,
        )
        Letters(self.place.keys / "desk" / "letters.json").add(letter)
        return code

    def publish_reference(self) -> None:
        """Export the lists, sign them with the release key, publish them."""
        home = ["--home", str(self.place.server)]
        previous = self.place.folder / "previous.ttc"
        manifest = self.place.reference / MANIFEST
        if manifest.exists():
            shutil.copy(manifest, previous)
        run(["server", "export-reference", str(self.place.reference), *home])
        now_ms = time.time_ns() // 1_000_000
        sign_reference(
            self.place.keys, self.place.reference, previous if previous.exists() else None, now_ms
        )
        run(["server", "publish-reference", str(self.place.reference), *home])

    def close_season(self, say: Callable[[str], None]) -> dict[str, Any]:
        """A county's review, freeze, match with its check, second person, publish: facts of each.

        Two people act, because freezing and publishing need two (介聘辦法 第七條, DESIGN 5).
        """
        facts: dict[str, Any] = {}
        host, center = STAFF[0][0], STAFF[1][0]
        for words, login in (
            (["county-pass"], COUNTY),
            (["freeze", "--early"], host),
            (["match"], host),
            (["approve"], center),
            (["publish"], host),
        ):
            say(words[0])
            command = ["server", *words, "--home", str(self.place.server), "--json"]
            output = run([*command, "--as", login], stdin=self.passwords[login] + "\n")
            facts |= json.loads(output)
        return facts

    def stop(self) -> None:
        """End every program, the server last."""
        for name in sorted(self.programs, key=lambda name: name == "server"):
            self.programs[name].stop()
        if hasattr(self, "line"):
            self.line.stop()

    def _start(self, name: str, words: Sequence[str]) -> None:
        self.programs[name] = Program(name, words, self.place.logs)
        self.programs[name].start()

    def _hand_over_keys(self) -> None:
        shutil.copytree(self.place.keys / "server", self.place.server / "keys")
        for name in ("trust.ttc", "root.json"):
            shutil.copy(self.place.keys / name, self.place.server / name)

    def _import_lists(self) -> tuple[School, ...]:
        files = list(self.files)
        if not files:
            files = [self.place.lists / "schools.csv"]
            write_schools(files[0], self.seed)
        self._import("schools", files)
        calendar = self.place.lists / "calendar.toml"
        write_calendar(calendar, datetime.now(UTC), SEASON)
        self._import("calendar", [calendar])
        folder = self.place.folder / "first-export"
        run(["server", "export-reference", str(folder), "--home", str(self.place.server)])
        return read_schools(folder)

    def _import(self, kind: str, files: Sequence[Path]) -> None:
        home = str(self.place.server)
        run(["server", "import", kind, *map(str, files), "--home", home, "--yes", "--json"])


def read_schools(folder: Path) -> tuple[School, ...]:
    """The schools in a folder of exported reference files."""
    rows: list[SchoolRow] = []
    for path in sorted(folder.glob("schools-*.ttc")):
        rows += from_wire(path.read_bytes(), ReferenceFile, FILE_LIMITS).schools
    return tuple(
        School(
            id=SchoolId(row.id),
            name=row.name,
            short_name=row.short_name,
            county=CountyCode(row.county),
            township=row.township,
            stage=Stage(row.stage),
            delegated=row.delegated,
        )
        for row in rows
    )
