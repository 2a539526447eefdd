"""Single bits are turned: in the store at rest, in what the server says, in what machines send."""

import random
import sys
from collections.abc import Callable
from functools import partial

from tests.faults.flips import flip_answers, flip_at_rest, flip_log, flip_uploads
from tests.soak.spread import Case, spread
from tests.soak.table import Budget, Row

NAME = "flips"
AT_ONCE = 250
REST_WANTED, LOG_WANTED, FLIGHT_WANTED = 10_000, 2_500, 10_000
ANSWERS_SHARE = 0.6


def run(budget: Budget) -> tuple[Row, ...]:
    """Both figures; those in flight are split over the two directions.

    Beside them the file a power cut leaves, which the engine itself does not defend.
    """
    answers = int(FLIGHT_WANTED * ANSWERS_SHARE)
    return (
        _row(budget, "bit flips at rest", flip_at_rest, REST_WANTED),
        _row(budget, "bit flips in the write-ahead log", flip_log, LOG_WANTED),
        _row(budget, "bit flips in answers", flip_answers, answers),
        _row(budget, "bit flips in uploads", flip_uploads, FLIGHT_WANTED - answers),
    )


def _row(budget: Budget, what: str, flip: Callable[[random.Random, int], Case], wanted: int) -> Row:
    tally = spread(flip.__name__, partial(flip, flips=AT_ONCE), wanted // AT_ONCE, budget)
    sys.stderr.write(tally.explain(f"python -m tests.soak --seed {budget.seed} {NAME}"))
    hows = sorted(tally.counts.keys() - {"flips", "bad"})
    note = ", ".join(f"{how} {tally.counts[how]:,}" for how in hows)
    return Row(
        what=what,
        wanted=wanted,
        done=tally.counts["flips"],
        violations=max(tally.counts["bad"], tally.broken),
        seconds=tally.seconds,
        note=f"{note}; seed {budget.seed}",
    )
