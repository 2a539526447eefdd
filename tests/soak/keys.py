"""Any keys at a real kiosk, then ``kill -9``: the draft is the last one shown (UX 10)."""

import random
import sys
from functools import partial

from tests.journeys.keyboard import pressed_and_killed
from tests.soak.spread import Case, spread
from tests.soak.table import Budget, Row

NAME = "keys"
WANTED = 10_000
AT_ONE_STATION = 10
CONTROL_STATIONS = 4


def run(budget: Budget) -> tuple[Row, ...]:
    """Stations of ten sequences each, and a kiosk that says saved before it is."""
    stations = WANTED // AT_ONE_STATION
    real = spread(NAME, case, stations, budget)
    sys.stderr.write(real.explain(f"python -m tests.soak --seed {budget.seed} {NAME}"))
    hasty = spread(f"{NAME}/control", partial(case, hasty=True), CONTROL_STATIONS, budget)
    counts = real.counts
    note = (
        f"{counts['keys']:,} keys, {counts['edits']:,} sequences that changed a draft, "
        f"{counts['caught in the middle']:,} caught between key and disk; seed {budget.seed}"
    )
    return (
        Row(
            what="keys, kill -9, restart: the draft shown",
            wanted=WANTED,
            done=counts["sequences"],
            violations=real.broken,
            seconds=real.seconds,
            note=note,
        ),
        hasty.row("says saved before it is", CONTROL_STATIONS, control=True),
    )


def case(rng: random.Random, *, hasty: bool = False) -> Case:
    """One station's life."""
    return pressed_and_killed(rng, AT_ONE_STATION, hasty=hasty)
