"""``docs/benchmarks.md``: the newest record of each part, with its commit.

Parts ask for different things of a machine, minutes of silence most of all, so each is recorded by
itself; the page says of which commit each is.
"""

import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.figure import Figure, table
from tests.soak.record import FACTS, commit, read

__all__ = ["PAGE", "part", "read", "write"]

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEAD = """\
# Benchmarks

Written by `python -m tests.bench --record [PART …]`; `make bench ARGS=--record` measures and writes
every part. Each figure stands beside a peer or a limit of the same run; machines differ, ratios
less so. A goal that is missed is said so.

"""
Part = dict[str, Any]


def part(figures: Iterable[Figure], raw: Mapping[str, Any], seconds: float) -> Part:
    """One part as it is kept: its figures, what they were made of, and of which commit."""
    return {
        "commit": commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "figures": [list(astuple(each)) for each in figures],
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "raw": raw,
        "seconds": round(seconds),
    }


def write(parts: Mapping[str, Part], order: Iterable[str]) -> str:
    """The page that holds these parts, in this order."""
    kept = {name: parts[name] for name in order if name in parts}
    figures = [Figure(*each) for each in kept.values() for each in each["figures"]]
    runs = [
        f"- {name}: {each['seconds']:,} s on {each['date']}, commit {each['commit']}; "
        f"{each['machine']}"
        for name, each in kept.items()
    ]
    facts = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{HEAD}{table(figures)}\n\n## Runs\n\n" + "\n".join(runs) + f"\n{FACTS}{facts}\n```\n"
