"""Numbered cases over several processes. A case is its seed and its number, and nothing else."""

import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise, repeat

from tests.soak.table import Budget, Row

CHUNKS_PER_PROCESS = 16
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Case:
    """What one case showed: broken promises in words, and how often what happened."""

    violations: tuple[str, ...] = ()
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Tally:
    """The sum of many cases; ``first`` are the first broken ones, by number.

    ``fallen`` of the broken ones ended by an exception.
    """

    done: int = 0
    broken: int = 0
    fallen: int = 0
    seconds: float = 0.0
    first: list[tuple[int, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Take in what another process found."""
        self.done += other.done
        self.broken += other.broken
        self.fallen += other.fallen
        self.counts += other.counts
        self.first = sorted(self.first + other.first)[:SHOWN]

    def violations(self, *, control: bool) -> int:
        """Broken promises; in a control that fell over, nothing was seen."""
        return self.broken - self.fallen if control else self.broken

    def row(self, what: str, wanted: int, *, note: str = "", control: bool = False) -> Row:
        """One line of the table about these cases."""
        return Row(
            what=what,
            wanted=wanted,
            done=self.done,
            violations=self.violations(control=control),
            seconds=self.seconds,
            note=note,
            control=control,
        )

    def explain(self, replay: str) -> str:
        """Each of the first broken cases and how to see it again; empty when none is."""
        return "".join(
            f"{text}\n  again: {replay} --only {number}\n" for number, text in self.first
        )


def random_of(name: str, seed: int, number: int) -> random.Random:
    """The random numbers of one case, the same in every process and on every machine."""
    return random.Random(f"{name}/{seed}/{number}")  # noqa: S311 - has to be replayed


def spread(name: str, case: Callable[[random.Random], Case], wanted: int, budget: Budget) -> Tally:
    """Run the share of ``wanted`` cases. ``case`` is a function of a module: processes import it.

    A case that raises is a broken promise, too.
    """
    began = time.monotonic()
    total = Tally()
    if budget.only is not None:
        total.add(_chunk(name, case, budget.seed, (budget.only, budget.only + 1)))
    else:
        for tally in _tallies(name, case, budget.of(wanted), budget):
            total.add(tally)
    total.seconds = time.monotonic() - began
    return total


def once(name: str, cases: Mapping[str, Callable[[random.Random], Case]], budget: Budget) -> Tally:
    """Each of the named cases once, whatever the share, one after the other."""
    began, total = time.monotonic(), Tally()
    whole = Budget(seed=budget.seed, processes=1, only=budget.only)
    for each, case in cases.items():
        tally = spread(f"{name}/{each}", case, 1, whole)
        sys.stderr.write(tally.explain(f"python -m tests.soak {name}"))
        total.add(tally)
    total.seconds = time.monotonic() - began
    return total


def _tallies(
    name: str, case: Callable[[random.Random], Case], count: int, budget: Budget
) -> Iterable[Tally]:
    chunks = min(count, max(1, budget.processes * CHUNKS_PER_PROCESS))
    bounds = [count * place // chunks for place in range(chunks + 1)]
    ranges = list(pairwise(bounds))
    if budget.processes <= 1:
        yield from (_chunk(name, case, budget.seed, each) for each in ranges)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(budget.processes, mp_context=context) as pool:
        yield from pool.map(_chunk, repeat(name), repeat(case), repeat(budget.seed), ranges)


def _chunk(
    name: str, case: Callable[[random.Random], Case], seed: int, numbers: tuple[int, int]
) -> Tally:
    tally = Tally()
    for number in range(*numbers):
        try:
            found = case(random_of(name, seed, number))
        except Exception as error:  # noqa: BLE001 - whatever it is, the case shows it again
            found = Case((f"{type(error).__name__}: {error}",))
            tally.fallen += 1
        tally.done += 1
        tally.counts += found.counts
        if found.violations:
            tally.broken += 1
            if len(tally.first) < SHOWN:
                tally.first.append((number, "; ".join(found.violations)))
    return tally
