"""Every drill of docs/drills.md, on real programs (PROTOCOL 2.12)."""

import random
from functools import partial

from provisioning.drill.drills import DRILLS
from tests.recovery.rehearsed import faults
from tests.soak.spread import Case, once
from tests.soak.table import Budget, Row

NAME = "drills"


def run(budget: Budget) -> tuple[Row, ...]:
    """All of them whatever the share: each is another loss."""
    total = once(NAME, {name: partial(case, name=name) for name in DRILLS}, budget)
    return (total.row("drills of a loss", len(DRILLS), note=", ".join(DRILLS)),)


def case(_: random.Random, *, name: str) -> Case:
    """One rehearsal."""
    return Case(faults(name))
