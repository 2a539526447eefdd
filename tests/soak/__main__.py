"""``make soak``: every long run, one table at the end.

``python -m tests.soak [--share S] [--seed N] [--processes P] [--only K] [--record] [NAME …]``. Exit
code 1 when a promise was broken, too little was done, or a negative control did not fail.
"""

import argparse
import importlib
import os
import pkgutil
import sys
import time
from collections.abc import Iterator, Sequence
from types import ModuleType

import tests.soak
from tests.soak import record
from tests.soak.table import Budget, Row, table


def main(words: Sequence[str]) -> int:
    """Run what is named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="part of the promised figures")
    parser.add_argument("--seed", type=int, default=1, help="of every random number")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", type=int, default=None, help="replay one case, by its number")
    parser.add_argument("--record", action="store_true", help=f"into {record.PAGE.name}, each part")
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args(words)
    harnesses = {harness.NAME: harness for harness in _harnesses()}
    unknown = sorted(set(options.names) - harnesses.keys())
    if unknown:
        parser.error(f"no {', '.join(unknown)}; there are {', '.join(sorted(harnesses))}")
    budget = Budget(
        share=options.share, seed=options.seed, processes=options.processes, only=options.only
    )
    sys.stderr.write(f"seed {budget.seed}, share {budget.share:g}, {budget.processes} processes\n")
    rows: list[Row] = []
    for name in options.names or sorted(harnesses):
        began = time.monotonic()
        found = harnesses[name].run(budget)
        seconds = time.monotonic() - began
        sys.stderr.write(f"{name}: {seconds:.0f} s\n")
        if options.record:
            _record(name, record.part(found, budget, seconds))
        rows += found
    sys.stdout.write(f"{table(rows, budget)}\nseed {budget.seed}, share {budget.share:g}\n")
    return 1 if any(row.fault(budget) for row in rows) else 0


def _record(name: str, part: record.Part) -> None:
    """At once: a run of hours may be ended before its last part."""
    page = record.PAGE.read_text(encoding="utf-8") if record.PAGE.exists() else ""
    record.PAGE.write_text(record.write(record.read(page) | {name: part}), encoding="utf-8")


def _harnesses() -> Iterator[ModuleType]:
    """The modules of this folder that have a name and can be run."""
    for found in pkgutil.iter_modules(tests.soak.__path__):
        if found.name.startswith(("__", "test_")):
            continue
        module = importlib.import_module(f"tests.soak.{found.name}")
        if hasattr(module, "NAME") and hasattr(module, "run"):
            yield module


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
