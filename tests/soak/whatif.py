"""A hundred thousand small markets against the theorems of the what-if mechanisms.

Each is decided, checked from the file as it would be read back, and compared with trying
everything (MATCHING 3.4 and 5).
"""

import sys
from collections.abc import Callable
from random import Random

from tests.matcher import whatif_cases
from tests.soak.spread import Case, spread
from tests.soak.table import Budget, Row

NAME = "whatif"
CONTROLS = 1_000


def trades(random: Random) -> Case:
    """Top trading cycles are what is defined."""
    return _case(whatif_cases.ttc_is_its_definition, random)


def efficient(random: Random) -> Case:
    """No other way to give out the seats is better for one teacher and worse for none."""
    return _case(whatif_cases.ttc_is_efficient, random)


def honest_trades(random: Random) -> Case:
    """No list tried gets anybody more than her true one in top trading cycles."""
    return _case(whatif_cases.ttc_rewards_no_lie, random)


def blocks(random: Random) -> Case:
    """Block exchange leaves no ring of blocks."""
    return _case(whatif_cases.block_exchange_leaves_no_block, random)


def honest_blocks(random: Random) -> Case:
    """No list tried gets anybody more than her true one in block exchange."""
    return _case(whatif_cases.block_exchange_rewards_no_lie, random)


def most(random: Random) -> Case:
    """Most moves, then best ranks."""
    return _case(whatif_cases.maximum_is_the_most, random)


def most_by_points(random: Random) -> Case:
    """Most moves, then most points."""
    return _case(whatif_cases.maximum_by_points_is_the_most, random)


def expected(random: Random) -> Case:
    """Most moves to be expected."""
    return _case(whatif_cases.failure_aware_expects_the_most, random)


def nameless(random: Random) -> Case:
    """Names and the order of rows reach no result."""
    return _case(whatif_cases.the_names_do_not_matter, random)


def short_sighted(random: Random) -> Case:
    """The most moves in lines of two are taken for the most in lines of three: must be seen."""
    return _case(whatif_cases.maximum_of_shorter_lines_is_no_less, random)


THEOREMS = (
    ("trades are those defined", trades, 40_000),
    ("trades are efficient", efficient, 8_000),
    ("trades reward no lie", honest_trades, 10_000),
    ("block exchange leaves no block", blocks, 12_000),
    ("block exchange rewards no lie", honest_blocks, 8_000),
    ("most moves, best ranks", most, 10_000),
    ("most moves, most points", most_by_points, 4_000),
    ("most expected moves", expected, 8_000),
    ("names do not matter", nameless, 2_000),
)


def run(budget: Budget) -> tuple[Row, ...]:
    """Every theorem, and a control in which lines are shorter than allowed."""
    rows = []
    for what, case, wanted in THEOREMS:
        tally = spread(f"{NAME}/{case.__name__}", case, wanted, budget)
        sys.stderr.write(tally.explain(f"python -m tests.soak {NAME} --seed {budget.seed}"))
        rows.append(tally.row(f"markets: {what}", wanted))
    if budget.only is None:
        seen = spread(f"{NAME}/control", short_sighted, CONTROLS, budget)
        rows.append(seen.row("markets: lines of two for lines of three", CONTROLS, control=True))
    return tuple(rows)


def _case(theorem: Callable[[Random], list[str]], random: Random) -> Case:
    return Case(tuple(theorem(random)))
