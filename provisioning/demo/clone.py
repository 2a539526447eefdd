"""A thief copies a station's disk and uses the copy: the fork is found and the station renewed."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from core.wire.client import ClientState
from provisioning.demo.comparison import heads
from provisioning.demo.country import Country
from provisioning.demo.people import write_again_script, write_result_script
from provisioning.demo.process import Program, ProgramError, run
from provisioning.demo.world import Site
from provisioning.keyring import read_secret
from syncd.store.database import Store, open_store

STEP_S = 120.0
POLL_S = 0.1
FOUND_OUT = frozenset({ClientState.FORKED, ClientState.SELF_ROLLBACK})
"""Which of them depends on whose log is longer when the station speaks again."""


class Clone:
    """One station and the copy of its disk."""

    def __init__(self, country: Country, site: Site) -> None:
        """Nothing is copied yet."""
        self._country = country
        self._site = site
        self.copy = country.place.station(f"{site.name}-copy")

    def play(self) -> int:
        """Copy, use the copy, use the station, find out, begin anew.

        Gives how many versions the people of the station sent meanwhile.

        Raises:
            ProgramError: It was not found out, or the station did not come back.
        """
        country, site = self._country, self._site
        station = country.place.station(site.name)
        country.programs[f"syncd-{site.name}"].stop()
        shutil.copytree(station, self.copy)
        self._look_in(self.copy)
        self._send(self.copy)
        self._apply_again(station)
        country.start_syncd(site)
        self._until(lambda: _state(station) in FOUND_OUT, "the fork was not noticed")
        country.programs[f"syncd-{site.name}"].stop()
        code = country.letter("device", site, site.name, renews=_device(station).hex())
        run(["syncd", "renew", "--station", str(station)], stdin=code + "\n")
        country.start_syncd(site)
        return 1

    def _look_in(self, folder: Path) -> None:
        """Somebody puts a card in and stays until the log has grown."""
        before = _length(folder)
        script = self._country.place.scripts / f"{folder.name}-look.json"
        write_result_script(script, self._site)
        program = self._robot(folder, script)
        program.start()
        self._until(lambda: _length(folder) > before, "nothing was written on the copy")
        program.kill()

    def _send(self, folder: Path) -> None:
        """The copy reaches the server first."""
        daemon = self._country.syncd(folder)
        daemon.start()
        self._until(lambda: self._arrived(folder), "the copy's entries did not arrive")
        daemon.stop()

    def _apply_again(self, folder: Path) -> None:
        script = self._country.place.scripts / f"{folder.name}-again.json"
        write_again_script(script, self._site.teachers[0], self._country.seed)
        program = self._robot(folder, script)
        program.start()
        if program.wait(STEP_S) != 0:
            raise ProgramError(f"{program.name} failed: {program.tail()}")

    def _robot(self, folder: Path, script: Path) -> Program:
        words = ["kiosk", "--station", str(folder), "--robot", str(script)]
        return Program(f"robot-{script.stem}", words, self._country.place.logs)

    def _arrived(self, folder: Path) -> bool:
        with _store(folder) as store:
            identity, head = store.identity.read(), store.ledger.head()
        if identity is None or head is None:
            return False
        return heads(self._country.database).get((identity.device, head.inc), 0) >= head.seq

    def _until(self, reached: Callable[[], bool], complaint: str) -> None:
        until = time.monotonic() + STEP_S
        while not reached():
            if time.monotonic() > until:
                raise ProgramError(f"{self._site.name}: {complaint} in {STEP_S:.0f} s")
            time.sleep(POLL_S)


def _store(folder: Path) -> Store:
    return open_store(folder / "kiosk.db", read_secret(folder / "credentials" / "store.key"))


def _length(folder: Path) -> int:
    with _store(folder) as store:
        head = store.ledger.head()
        return 0 if head is None else head.seq


def _state(folder: Path) -> ClientState:
    with _store(folder) as store:
        return store.link_state.read().client


def _device(folder: Path) -> bytes:
    with _store(folder) as store:
        identity = store.identity.read()
    if identity is None:
        raise ProgramError(f"{folder.name} was never enrolled")
    return identity.device
