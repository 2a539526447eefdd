"""A hundred thousand histories of clocks against I7 of PROTOCOL 4.1."""

import sys

from tests.simulation.clocks import (
    believed_history,
    clock_history,
    invented_history,
    unheld_history,
)
from tests.soak.spread import spread
from tests.soak.table import Budget, Row

NAME = "clocks"
WANTED = 100_000
WANTED_INVENTED = 20_000
WANTED_MISTAKEN = 1_000


def run(budget: Budget) -> tuple[Row, ...]:
    """By the product's rule, and by a clock that is believed."""
    tally = spread(NAME, clock_history, WANTED, budget)
    sys.stderr.write(tally.explain(f"python -m tests.soak {NAME} --seed {budget.seed}"))
    told = ", ".join(f"{count:,} {name.lower()}" for name, count in sorted(tally.counts.items()))
    rows = [tally.row("clock histories", WANTED, note=told)]
    if budget.only is None:
        lied = spread(f"{NAME}-invented", invented_history, WANTED_INVENTED, budget)
        sys.stderr.write(lied.explain(f"python -m tests.soak {NAME} --seed {budget.seed}"))
        rows.append(lied.row("machines that invent beacons", WANTED_INVENTED))
        seen = spread(f"{NAME}-believed", believed_history, WANTED_MISTAKEN, budget)
        rows.append(seen.row("the machine's clock is believed", WANTED_MISTAKEN, control=True))
        unheld = spread(f"{NAME}-unheld", unheld_history, WANTED_MISTAKEN, budget)
        rows.append(unheld.row("beacons are believed unheld", WANTED_MISTAKEN, control=True))
    return tuple(rows)
