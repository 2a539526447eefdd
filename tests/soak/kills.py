"""``kill -9`` of kiosks, daemons and servers, ten thousand times (PROTOCOL 4.2)."""

import random
import sys
from functools import partial

from tests.faults.kills import kill_again_and_again
from tests.faults.power import memory_folder
from tests.soak.spread import Case, spread
from tests.soak.table import Budget, Row

NAME = "kills"
WANTED = 10_000
COUNTRIES = 25


def run(budget: Budget) -> tuple[Row, ...]:
    """Countries of one server and two stations, each killed some hundred times, then healed."""
    countries = min(COUNTRIES, max(budget.processes, round(COUNTRIES * budget.share)))
    kills = -(-budget.of(WANTED) // countries)
    whole = Budget(seed=budget.seed, processes=budget.processes, only=budget.only)
    tally = spread("kills", partial(country, kills=kills), countries, whole)
    sys.stderr.write(tally.explain(f"python -m tests.soak --seed {budget.seed} {NAME}"))
    counts = tally.counts
    note = (
        f"kiosk {counts['kills_kiosk']:,}, syncd {counts['kills_syncd']:,}, "
        f"server {counts['kills_server']:,}; {counts['told']:,} submissions told, "
        f"{counts['entries']:,} entries compared, {counts['acks_looked_at']:,} looks at the "
        f"server's promises; seed {budget.seed}"
    )
    return (
        Row(
            what="kill -9 of kiosk, syncd, server",
            wanted=WANTED,
            done=counts["kills"],
            violations=tally.broken,
            seconds=tally.seconds,
            note=note,
        ),
    )


def country(rng: random.Random, kills: int) -> Case:
    """One country's life."""
    with memory_folder() as folder:
        return kill_again_and_again(folder, rng.getrandbits(32), kills)
