"""A million histories of kiosks, line and server against the oracle of PROTOCOL 4.1."""

import sys
from collections import Counter
from collections.abc import Callable
from functools import partial

from tests.simulation.scenario import mistaken_schedule, real_schedule, schedule
from tests.simulation.variants import VARIANTS
from tests.soak.spread import Case, Tally, spread
from tests.soak.table import Budget, Row

NAME = "schedules"
WANTED = 1_000_000
WANTED_REAL = 10_000
WANTED_MISTAKEN = 4_000
TOLD = ("lost", "answer lost", "repeated", "late", "truncated", "corrupted", "restores", "clones")


def run(budget: Budget) -> tuple[Row, ...]:
    """Under keyed hashes; a smaller share in real bytes; and every known mistake."""
    fast = _spread(NAME, schedule, WANTED, budget)
    rows = [fast.row("network schedules", WANTED, note=_told(fast.counts))]
    if budget.only is not None:
        return tuple(rows)
    real = _spread(f"{NAME}-real", real_schedule, WANTED_REAL, budget)
    rows.append(real.row("the same in real bytes, Ed25519", WANTED_REAL, note=_told(real.counts)))
    for name, variant in VARIANTS.items():
        seen = spread(
            f"{NAME}-{name}", partial(mistaken_schedule, name), WANTED_MISTAKEN, _enough(budget)
        )
        rows.append(seen.row(variant.mistake, WANTED_MISTAKEN, control=True))
    return tuple(rows)


def _spread(name: str, case: Callable[..., Case], wanted: int, budget: Budget) -> Tally:
    tally = spread(name, case, wanted, budget)
    sys.stderr.write(tally.explain(f"python -m tests.soak {NAME} --seed {budget.seed}"))
    return tally


def _enough(budget: Budget) -> Budget:
    """A control needs some hundred schedules to be seen, whatever the share."""
    share = max(budget.share, 0.25)
    return Budget(share=share, seed=budget.seed, processes=budget.processes)


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[each]:,} {each}" for each in TOLD)
