"""Every drill of docs/drills.md, on real programs (PROTOCOL 2.12)."""

import random
import sys
import time
from functools import partial

from provisioning.drill.drills import DRILLS
from tests.recovery.rehearsed import faults
from tests.soak.spread import Case, Tally, spread
from tests.soak.table import Budget, Row

NAME = "drills"


def run(budget: Budget) -> tuple[Row, ...]:
    """All of them whatever the share: each is another loss."""
    began, total = time.monotonic(), Tally()
    whole = Budget(seed=budget.seed, processes=1, only=budget.only)
    for name in DRILLS:
        tally = spread(f"{NAME}/{name}", partial(case, name=name), 1, whole)
        sys.stderr.write(tally.explain(f"jiepin provision drill {name}"))
        total.add(tally)
    total.seconds = time.monotonic() - began
    return (total.row("drills of a loss", len(DRILLS), note=", ".join(DRILLS)),)


def case(_: random.Random, *, name: str) -> Case:
    """One rehearsal."""
    return Case(faults(name))
