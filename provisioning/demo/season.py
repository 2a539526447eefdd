"""A whole season without a person, and what it proves (the headless demo)."""

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from provisioning.demo.clone import Clone
from provisioning.demo.comparison import Comparison, compare, heads, results_seen
from provisioning.demo.country import Country
from provisioning.demo.crowd import Crowd
from provisioning.demo.people import (
    write_application_script,
    write_result_script,
    write_review_script,
)
from provisioning.demo.process import Program, ProgramError, run
from provisioning.demo.rescue import Rescue
from provisioning.demo.trouble import Trouble
from provisioning.demo.world import Site
from provisioning.keyring import read_secret
from syncd.store.database import open_store

PHASE_S = 1800.0
SYNC_S = 300.0
POLL_S = 0.5


@dataclass(slots=True, kw_only=True)
class Report:
    """What came out; the fields of the issue first, then what was done to get there."""

    submitted: int = 0
    received: int = 0
    lost: int = -1
    duplicated: int = -1
    forks: int = -1
    refold_equal: bool = False
    moved: int = 0
    check_ok: bool = False
    seconds: int = 0
    invented: int = -1
    clones: int = 0
    entries: int = 0
    results_seen: int = 0
    moves_seen: int = 0
    input_root: str = ""
    troubles: dict[str, int] = field(default_factory=dict)
    line: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether the promises were kept."""
        nothing = self.lost == self.duplicated == self.invented == 0 and self.forks <= self.clones
        agreed = self.refold_equal and self.check_ok and self.moves_seen == self.moved
        everything = agreed and self.submitted == self.received > 0
        return nothing and everything

    def lines(self) -> tuple[str, ...]:
        """The same for people."""
        return tuple(f"{name:<14} {value}" for name, value in asdict(self).items())

    def as_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self), ensure_ascii=False)


class Season:
    """Runs the country from the first card to the results on the kiosks."""

    def __init__(self, country: Country, say: Callable[[str], None], *, outages: bool) -> None:
        """``say`` gets progress; with ``outages`` everything is killed and cut at work.

        In a country of ``chaos`` the server's disk dies at times, too, and begins again from a
        backup, and a station's disk is copied.
        """
        self._country = country
        self._say = say
        self._outages = outages or country.chaos
        self._rescue = Rescue(country) if country.chaos else None
        self._rng = random.Random(country.seed)  # noqa: S311 - replayable bad luck
        self.report = Report()
        self._acts = 0
        self._copies: list[Path] = []

    def run(self) -> Report:
        """The season; the report says whether the promises held.

        Raises:
            ProgramError: A program did not do its work at all.
        """
        began = time.monotonic()
        country = self._country
        self._say("keys, lists, server")
        country.found()
        self._say(f"{len(country.world.sites)} kiosks enrol")
        country.enrol(country.world.sites)
        self._say(f"{country.teachers} teachers apply")
        self._with_trouble(self._apply)
        self._wait_for_sync()
        if country.chaos:
            self._say("a station's disk is copied, and the copy is used")
            self._copy_a_disk()
        self._say("officers review")
        self._with_trouble(self._review)
        self._wait_for_sync()
        self._say("freeze, match, check, approve, publish")
        self._publish()
        self._say("results travel back")
        self._with_trouble(self._read_results)
        self._settle()
        self._hold_against_each_other()
        self.report.seconds = round(time.monotonic() - began)
        return self.report

    def _apply(self) -> Crowd:
        programs = {}
        for site in self._country.world.sites:
            script = self._country.place.scripts / f"{site.name}-apply.json"
            code = self._country.letter("officer", site, site.officer_title)
            self._acts += write_application_script(script, site, code, self._country.seed)
            programs[site.name] = self._robot(site, "apply")
        return Crowd(programs)

    def _review(self) -> Crowd:
        # The officers' certificates go out with the next release, as in life.
        self._country.publish_reference()
        programs = {}
        for site in self._country.world.sites:
            write_review_script(self._country.place.scripts / f"{site.name}-review.json", site)
            programs[site.name] = self._robot(site, "review")
        return Crowd(programs)

    def _read_results(self) -> Crowd:
        programs = {}
        for site in self._country.world.sites:
            write_result_script(self._country.place.scripts / f"{site.name}-result.json", site)
            programs[site.name] = self._robot(site, "result")
        return Crowd(programs)

    def _robot(self, site: Site, what: str) -> Program:
        place = self._country.place
        words = ["kiosk", "--station", str(place.station(site.name)), "--robot"]
        words.append(str(place.scripts / f"{site.name}-{what}.json"))
        return Program(f"robot-{site.name}-{what}", words, place.logs)

    def _with_trouble(self, make: Callable[[], Crowd]) -> None:
        crowd = make()
        if not self._outages:
            crowd.run(PHASE_S)
            return
        trouble = Trouble(
            self._country.line,
            self._rng.randrange(2**31),
            (
                ("kills_kiosk", lambda: crowd.kill_one(self._rng.choice)),
                ("kills_kiosk", lambda: crowd.kill_one(self._rng.choice)),
                ("kills_syncd", self._kill_syncd),
                ("kills_syncd", self._kill_syncd),
                ("kills_server", self._country.restart_server),
                *self._chaos(),
            ),
        )
        trouble.start()
        try:
            crowd.run(PHASE_S)
        finally:
            crowd.stop()
            trouble.stop()
            for name, count in trouble.done.items():
                self.report.troubles[name] = self.report.troubles.get(name, 0) + count

    def _copy_a_disk(self) -> None:
        clone = Clone(self._country, self._rng.choice(self._country.world.sites))
        self._acts += clone.play()
        self._copies.append(clone.copy)
        self.report.clones += 1
        self._wait_for_sync()

    def _chaos(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        if self._rescue is None:
            return ()
        return (("backups", self._rescue.back_up), ("restores", self._rescue.restore))

    def _kill_syncd(self) -> None:
        site = self._rng.choice(self._country.world.sites)
        self._country.programs[f"syncd-{site.name}"].kill()
        self._country.start_syncd(site)

    def _wait_for_sync(self) -> None:
        until = time.monotonic() + SYNC_S
        waiting = list(self._country.world.sites)
        while waiting:
            arrived = heads(self._country.database)
            waiting = [site for site in waiting if self._behind(site, arrived)]
            if waiting and time.monotonic() > until:
                raise ProgramError(f"{len(waiting)} stations did not catch up in {SYNC_S:.0f} s")
            time.sleep(POLL_S)

    def _settle(self) -> None:
        """Wait until everything has arrived and nobody writes any more.

        A daemon killed last may come up after its station was seen to be level, and writes an entry
        when it does: what that leaves behind is sent before anything is counted.
        """
        late: Sequence[Site] = self._country.world.sites
        while late:
            self._wait_for_sync()
            for site in self._country.world.sites:
                self._country.programs[f"syncd-{site.name}"].stop()
            arrived = heads(self._country.database)
            late = [site for site in late if self._behind(site, arrived)]
            for site in late:
                self._country.start_syncd(site)

    def _behind(self, site: Site, arrived: Mapping[tuple[bytes, int], int]) -> bool:
        """Whether the server lacks entries of this station, or the station does not know it."""
        folder = self._country.place.station(site.name)
        key = read_secret(folder / "credentials" / "store.key")
        with open_store(folder / "kiosk.db", key) as store:
            identity, head = store.identity.read(), store.ledger.head()
            if identity is None or head is None:
                return True
            lacking = arrived.get((identity.device, head.inc), 0) < head.seq
            return lacking or store.outbox.pending() > 0

    def _publish(self) -> None:
        facts = self._country.close_season(self._say)
        self.report.input_root = str(facts.get("input_root", ""))
        self.report.check_ok = bool(facts.get("check_ok"))
        self.report.moved = int(facts.get("moved", 0))

    def _hold_against_each_other(self) -> None:
        place = self._country.place
        names = [site.name for site in self._country.world.sites]
        found: Comparison = compare(
            database=self._country.database,
            stations=map(place.station, names),
            copies=self._copies,
            outputs=sorted(place.logs.glob("robot-*.out")),
            acts=self._acts,
        )
        for name in ("submitted", "received", "lost", "duplicated", "forks", "invented", "entries"):
            setattr(self.report, name, getattr(found, name))
        self.report.results_seen, self.report.moves_seen = results_seen(
            sorted(place.logs.glob("robot-*.out"))
        )
        run(["server", "refold", "--check", "--home", str(place.server)])
        self.report.refold_equal = True
        tally = self._country.line.tally
        self.report.line = asdict(tally)
