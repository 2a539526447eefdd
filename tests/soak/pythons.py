"""The same bytes from every Python we promise, under many hash seeds (MATCHING 5).

A Python that is not installed is not tried, and then too little was done: ``uv python install``
brings it. The control leaves the order of a set to chance, as our program must never do.
"""

import random
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.matcher.pythons import VERSIONS, command, told, write_market
from tests.soak.spread import Case, spread
from tests.soak.table import Budget, Row

NAME = "pythons"
MARKETS = 20
HASH_SEEDS = 2**32


def run(budget: Budget) -> tuple[Row, ...]:
    """A row for each version: markets that both it and this Python decided, under other seeds."""
    control = spread(f"{NAME}/control", unordered, MARKETS, budget)
    return (
        *(_row(version, budget) for version in VERSIONS),
        control.row("a set printed as it comes", MARKETS, control=True),
    )


def _row(version: str, budget: Budget) -> Row:
    what = f"Python {version} decides the same"
    if command(version) is None:
        note = f"not here: uv python install {version}"
        return Row(what=what, wanted=MARKETS, done=0, violations=0, seconds=0.0, note=note)
    tally = spread(f"{NAME}/{version}", partial(same, version=version), MARKETS, budget)
    sys.stderr.write(tally.explain(f"python -m tests.soak --seed {budget.seed} {NAME}"))
    return tally.row(what, MARKETS)


def same(rng: random.Random, version: str) -> Case:
    """One market, decided by this Python once and by that version twice, side by side."""
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    seeds = [str(rng.randrange(HASH_SEEDS)) for _ in range(3)]
    runs = list(zip((here, version, version), seeds, strict=True))
    with TemporaryDirectory() as folder:
        problem = Path(folder) / "problem.json"
        write_market(rng, problem)
        answers = told(runs, problem)
    is_same = len(set(answers)) == 1 and answers[0][0] == 0
    return Case(() if is_same else (f"{runs}: {answers}"[:2000],), Counter(markets=1))


def unordered(rng: random.Random) -> Case:
    """Two runs of a program that lets the hash seed show."""
    program = "print({str(n) for n in range(50)})"
    seeds = [str(rng.randrange(HASH_SEEDS)) for _ in range(2)]
    said = {
        subprocess.check_output([sys.executable, "-c", program], env={"PYTHONHASHSEED": seed})
        for seed in seeds
    }
    return Case(() if len(said) == 1 else ("the order differs",))
