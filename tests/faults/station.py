"""One station among those that are killed: what its kiosk told, and what its store holds."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

from syncd.store.driver import connect
from tests.kiosk.machine import Holder
from tests.kiosk.robot.stations import WISHES, apply_act, officer_act, write_script

BUSY_MS = 10_000


@dataclass
class Station:
    """One machine: its folder, its two programs, and what its kiosk told."""

    folder: Path
    number: int
    rng: random.Random
    told: int = 0
    rounds: int = 0
    store_key: bytes = b""

    @property
    def people(self) -> tuple[Holder, Holder]:
        """Its own: who applies at two machines at once has a conflict to resolve."""
        digits = 7_100_000 + 10 * self.number
        return Holder("林曉芒", str(digits)), Holder("陳大川", str(digits + 1), sex="M")

    @property
    def out(self) -> Path:
        """What its kiosk said on standard output."""
        return self.folder / "robot.out"

    @property
    def script(self) -> Path:
        """What its people want at the moment."""
        return self.folder / f"script-{self.rounds}.json"

    def think_again(self) -> None:
        """Its people change their minds: new versions of what was sent."""
        self.rounds += 1
        acts = [officer_act(None)]
        for holder in self.people * 2:
            wishes = self.rng.sample(WISHES, self.rng.randint(1, len(WISHES)))
            acts.append(apply_act(holder, wishes, edits=2, edit_seed=self.rng.getrandbits(16)))
        write_script(self.folder, acts, self.script.name)

    def new_facts(self) -> list[dict]:
        """What its kiosk told since last asked; a line cut short was not told."""
        with self.out.open("rb") as file:
            file.seek(self.told)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self.told += len(whole)
        return [json.loads(line) for line in whole.splitlines()]

    def asked(self, sql: str, *values: object) -> list[dict]:
        """Rows of its store, read past the product."""
        connection = connect(self.folder / "kiosk.db", self.store_key, BUSY_MS)
        try:
            return connection.rows(sql, *values)
        finally:
            connection.close()
