"""The power goes at every write and flush of a database (PROTOCOL 4.2; I1, I2, I4)."""

import random
import sys
from functools import partial

from tests.faults.power import cut_power
from tests.faults.server_work import ServerJudge
from tests.soak.spread import Case, Tally, spread
from tests.soak.table import Budget, Row

NAME = "powercuts"
SERVER = "tests.faults.server_work"
WANTED = 100_000
RECORDINGS = 27  # of 4,000 to 5,300 images each
ACTS, VARIANTS = 40, 6
SERVER_RECORDINGS, SERVER_WANTED = 8, 8_000
SERVER_ACTS, SERVER_VARIANTS = 8, 4
CONTROL_RECORDINGS, CONTROL_WANTED = 3, 2_000


def run(budget: Budget) -> tuple[Row, ...]:
    """Images of the real settings, and of two that must be seen losing."""
    real = spread("powercuts", full, RECORDINGS, budget)
    sys.stderr.write(real.explain(f"python -m tests.soak --seed {budget.seed} {NAME}"))
    server = spread("powercuts-server", cut_server, SERVER_RECORDINGS, budget)
    sys.stderr.write(server.explain(f"python -m tests.soak --seed {budget.seed} {NAME}"))
    rows = [
        _row(real, "power cuts, WAL and FULL", WANTED, budget),
        _row(server, "power cuts, the server's SQLite", SERVER_WANTED, budget),
    ]
    for name in ("NORMAL", "OFF"):
        weak = spread(f"powercuts-{name}", CONTROLS[name], CONTROL_RECORDINGS, budget)
        rows.append(_row(weak, f"power cuts, {name}", CONTROL_WANTED, budget, control=True))
    return tuple(rows)


def cut(rng: random.Random, synchronous: str) -> Case:
    """All images of one recording."""
    return cut_power(rng, ACTS, VARIANTS, synchronous)


def cut_server(rng: random.Random) -> Case:
    """All images of one recording of the server's database."""
    return cut_power(rng, SERVER_ACTS, SERVER_VARIANTS, program=SERVER, judge=ServerJudge())


full = partial(cut, synchronous="FULL")
CONTROLS = {name: partial(cut, synchronous=name) for name in ("NORMAL", "OFF")}


def _row(tally: Tally, what: str, wanted: int, budget: Budget, *, control: bool = False) -> Row:
    hows = ", ".join(
        f"{tally.counts[how]:,} {how}"
        for how in ("nothing", "everything", "some", "reordered", "torn")
    )
    # A recording that could not be judged at all is a broken promise of its own.
    return Row(
        what=what,
        wanted=wanted,
        done=tally.counts["images"],
        violations=max(tally.counts["bad"], tally.violations(control=control)),
        seconds=tally.seconds,
        note=f"{tally.done} recordings: {hows}; seed {budget.seed}",
        control=control,
    )
