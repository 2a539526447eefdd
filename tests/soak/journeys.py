"""Every journey of a teacher, on the screen at both sizes and in line mode (UX 10)."""

import random
from functools import partial

from tests.journeys.slot import missing
from tests.journeys.story import JOURNEYS
from tests.journeys.ways import WAYS, walk
from tests.soak.spread import Case, once
from tests.soak.table import Budget, Row

NAME = "journeys"


def run(budget: Budget) -> tuple[Row, ...]:
    """All of them whatever the share: each is another promise."""
    reason = missing()
    names = JOURNEYS if reason is None else ()
    cases = {f"{name}/{way}": partial(case, name=name, way=way) for name in names for way in WAYS}
    note = reason or f"{len(JOURNEYS)} journeys, {', '.join(WAYS)}"
    total = once(NAME, cases, budget)
    return (total.row("journeys of a teacher", len(JOURNEYS) * len(WAYS), note=note),)


def case(_: random.Random, *, name: str, way: str) -> Case:
    """One walk."""
    try:
        walk(name, way)
    except AssertionError as error:
        return Case((f"{name}, {way}: {error}",))
    return Case()
