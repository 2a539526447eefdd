"""Every method of the matcher against trying everything, on markets of up to seven people.

The control takes one method for another where both read the same points: a harness that compares
results sees that they differ.
"""

import random
import sys
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any

from tests.matcher.greedy_walk import Walk
from tests.matcher.trials import (
    METHODS,
    disagreement,
    larger_market,
    listed_disagreement,
    small_market,
)
from tests.soak.spread import Case, spread
from tests.soak.table import Budget, Row

NAME = "matching"
SMALL_WANTED, LARGER_WANTED, CONTROL_WANTED = 100_000, 2_000, 20
_AT_ONCE = 50


def run(budget: Budget) -> tuple[Row, ...]:
    """A row for each method, all together `SMALL_WANTED` markets; larger ones with all rings."""
    each = -(-SMALL_WANTED // len(METHODS))
    rows = [
        _row(budget, f"{method} = trying everything", partial(_small, method=method), each)
        for method in METHODS
    ]
    rows.append(_row(budget, "26 people = the list of all rings", _larger, LARGER_WANTED))
    control = spread("one method for another", _mistaken, CONTROL_WANTED, budget)
    rows.append(control.row("greedy for deferred acceptance", CONTROL_WANTED, control=True))
    return tuple(rows)


def _row(budget: Budget, what: str, case: Callable[[random.Random], Case], wanted: int) -> Row:
    tally = spread(what, case, wanted, budget)
    sys.stderr.write(tally.explain(f"python -m tests.soak --seed {budget.seed} {NAME}"))
    return tally.row(what, wanted, note=f"seed {budget.seed}")


def _small(rng: random.Random, method: str) -> Case:
    return _case(disagreement(small_market(rng, method)))


def _larger(rng: random.Random) -> Case:
    return _case(listed_disagreement(larger_market(rng)))


def _mistaken(rng: random.Random) -> Case:
    differ = 0
    for _ in range(_AT_ONCE):
        document: dict[str, Any] = small_market(rng, "greedy")
        other = deepcopy(document)
        other["rules"]["phases"][0]["method"] = "deferred_acceptance"
        differ += Walk(document).components() != Walk(other).components()
    return _case(f"{differ} decided otherwise" if differ else None)


def _case(wrong: str | None) -> Case:
    return Case(() if wrong is None else (wrong,))
