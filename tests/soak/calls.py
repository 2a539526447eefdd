"""Every call the kiosk's store makes to the operating system fails once (PROTOCOL 4.2)."""

import random
import sys
from functools import partial

from tests.faults.calls import fail_every_call
from tests.soak.spread import Case, Tally, spread
from tests.soak.table import Budget, Row

NAME = "calls"
DAYS, BIRTHS, LIARS = 5, 2, 1
WANTED, BORN_WANTED, CONTROL_WANTED = 3_500, 1_500, 200


def run(budget: Budget) -> tuple[Row, ...]:
    """Days of work, births of a store, and a program that lies, which must be seen."""
    days = spread("calls", day, DAYS, budget)
    births = spread("calls-birth", birth, BIRTHS, budget)
    liars = spread("calls-liar", lying, LIARS, budget)
    for tally in (days, births):
        sys.stderr.write(tally.explain(f"python -m tests.soak --seed {budget.seed} {NAME}"))
    return (
        _row(days, "failing calls, at work", WANTED),
        _row(births, "failing calls, a new store", BORN_WANTED),
        _row(liars, "failing calls, told too early", CONTROL_WANTED, control=True),
    )


def fail(rng: random.Random, acts: int, *, new: bool, liar: bool = False) -> Case:
    """All failures of one day."""
    return fail_every_call(rng, acts=acts, new=new, liar=liar)


day = partial(fail, acts=12, new=False)
birth = partial(fail, acts=2, new=True)
lying = partial(fail, acts=4, new=False, liar=True)


def _row(tally: Tally, what: str, wanted: int, *, control: bool = False) -> Row:
    return Row(
        what=what,
        wanted=wanted,
        done=tally.counts["runs"],
        violations=max(tally.counts["bad"], tally.violations(control=control)),
        seconds=tally.seconds,
        note=f"{tally.counts['noticed']:,} of them noticed by the store; EIO and ENOSPC",
        control=control,
    )
