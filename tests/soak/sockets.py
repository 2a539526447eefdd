"""The real client and the real server over sockets on a bad line, ten thousand times."""

import sys
from functools import partial

from tests.faults.proxy import BAD
from tests.faults.sockets import talk_on_a_bad_line
from tests.soak.spread import spread
from tests.soak.table import Budget, Row

NAME = "sockets"
WANTED = 10_000
AT_ONCE = 100


def run(budget: Budget) -> tuple[Row, ...]:
    """Machines one after the other, a hundred at each server."""
    case = partial(talk_on_a_bad_line, runs=AT_ONCE)
    tally = spread("sockets", case, WANTED // AT_ONCE, budget)
    sys.stderr.write(tally.explain(f"python -m tests.soak --seed {budget.seed} {NAME}"))
    fates = ", ".join(f"{tally.counts[each.value]:,} {each.value}" for each in BAD)
    return (
        Row(
            what="client and server on a bad line",
            wanted=WANTED,
            done=tally.counts["runs"],
            violations=max(tally.counts["bad"], tally.broken),
            seconds=tally.seconds,
            note=f"{tally.counts['entries']:,} entries; {fates}; seed {budget.seed}",
        ),
    )
