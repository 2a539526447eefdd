"""Right placements are spoilt in every way: both checkers must refuse each for a right reason."""

import random
import sys
from collections import Counter
from functools import partial

from tests.matcher.spoiling import (
    Judge,
    Tally,
    by_check,
    by_form_alone,
    by_verifier,
    judge_result,
    judge_seed,
    traded_result,
)
from tests.soak.spread import Case, spread
from tests.soak.table import Budget, Row

NAME = "corruptions"
MARKETS_WANTED = 3_000
TRADES_WANTED = 500
CONTROL_WANTED = 100
LARGEST_SEED = 10**9


def run(budget: Budget) -> tuple[Row, ...]:
    """Thirty kinds of damage in thousands of markets, and a checker that only sees the form."""
    tally = spread(NAME, spoil, MARKETS_WANTED, budget)
    again = f"python -m tests.soak --seed {budget.seed} {NAME}"
    sys.stderr.write(tally.explain(again))
    spoilt = tally.counts.total() - tally.counts["right"]
    kinds = len(tally.counts) - 1
    blind = spread(NAME, partial(spoil, is_blind=True), CONTROL_WANTED, budget)
    traded = spread(f"{NAME} of trades", spoil_trade, TRADES_WANTED, budget)
    sys.stderr.write(traded.explain(again))
    note = f"{spoilt:,} placements, {kinds} kinds; seed {budget.seed}"
    trades = traded.counts.total() - traded.counts["right"]
    return (
        tally.row("markets with spoilt placements", MARKETS_WANTED, note=note),
        traded.row("trades with spoilt certificates", TRADES_WANTED, note=f"{trades:,} placements"),
        blind.row("a checker of the form alone", CONTROL_WANTED, control=True),
    )


def spoil(rng: random.Random, *, is_blind: bool = False) -> Case:
    """One market, by the number of its seed."""
    seed, tally = rng.randrange(LARGEST_SEED), Tally()
    judges: dict[str, Judge] = {"form": by_form_alone}
    if not is_blind:
        judges = {"check": by_check, "verifier": by_verifier()}
    judge_seed(seed, judges, tally)
    return Case(tuple(tally.broken), Counter(tally.kinds))


def spoil_trade(rng: random.Random) -> Case:
    """One market decided by trading cycles."""
    seed, tally = rng.randrange(LARGEST_SEED), Tally()
    judges = {"check": by_check, "verifier": by_verifier()}
    judge_result(traded_result(seed), seed, judges, tally)
    return Case(tuple(tally.broken), Counter(tally.kinds))
