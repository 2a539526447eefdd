"""Every journey of a teacher, on the screen at both sizes and in line mode (UX 10)."""

import random
import sys
import time
from functools import partial

from tests.journeys.slot import missing
from tests.journeys.story import JOURNEYS
from tests.journeys.ways import WAYS, walk
from tests.soak.spread import Case, Tally, spread
from tests.soak.table import Budget, Row

NAME = "journeys"


def run(budget: Budget) -> tuple[Row, ...]:
    """All of them whatever the share: each is another promise."""
    began, total = time.monotonic(), Tally()
    reason = missing()
    whole = Budget(seed=budget.seed, processes=1, only=budget.only)
    for name in JOURNEYS if reason is None else ():
        for way in WAYS:
            tally = spread(f"{NAME}/{name}/{way}", partial(case, name=name, way=way), 1, whole)
            sys.stderr.write(tally.explain(f"python -m tests.soak {NAME}"))
            total.add(tally)
    total.seconds = time.monotonic() - began
    note = reason or f"{len(JOURNEYS)} journeys, {', '.join(WAYS)}"
    return (total.row("journeys of a teacher", len(JOURNEYS) * len(WAYS), note=note),)


def case(_: random.Random, *, name: str, way: str) -> Case:
    """One walk."""
    try:
        walk(name, way)
    except AssertionError as error:
        return Case((f"{name}, {way}: {error}",))
    return Case()
