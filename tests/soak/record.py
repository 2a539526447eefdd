"""``docs/soak.md``: what the long runs found, a part at a time, each with its commit.

A whole run takes hours, and a part that was changed has to be run again: so the page holds the
newest record of each part, and says of which commit, seed and share it is.
"""

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.soak.table import Budget, Row

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "soak.md"
HEAD = """\
# Long runs

Written by `python -m tests.soak --record [PART …]`; `make soak ARGS=--record` runs and writes every
part. Share 1 is the figure that was promised. A negative control is a known bad variant, and has to
be seen.

| part | what | wanted | done | violations | state | note |
|---|---|--:|--:|--:|---|---|
"""
FACTS = "\n## Raw facts\n\n```json\n"
Part = dict[str, Any]


def read(page: str) -> dict[str, Part]:
    """The parts that a page holds; none when it is empty."""
    _, found, facts = page.partition(FACTS)
    return json.loads(facts.partition("\n```")[0]) if found else {}


def part(rows: Sequence[Row], budget: Budget, seconds: float) -> Part:
    """One part as it is kept: its rows, and what they are of."""
    return {
        "commit": commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "seed": budget.seed,
        "share": budget.share,
        "seconds": round(seconds),
        "rows": [asdict(row) | {"fault": row.fault(budget)} for row in rows],
    }


def write(parts: Mapping[str, Part]) -> str:
    """The page that holds these parts."""
    lines = [line for name in sorted(parts) for line in _lines(name, parts[name])]
    facts = json.dumps(parts, ensure_ascii=False, indent=1, sort_keys=True)
    runs = [
        f"- {name}: share {kept['share']:g}, seed {kept['seed']}, {kept['seconds']:,} s on "
        f"{kept['date']}, commit {kept['commit']}; {kept['machine']}"
        for name, kept in sorted(parts.items())
    ]
    return (
        HEAD + "\n".join(lines) + "\n\n## Runs\n\n" + "\n".join(runs) + f"\n{FACTS}{facts}\n```\n"
    )


def _lines(name: str, kept: Part) -> list[str]:
    return [_line(name, row) for row in kept["rows"]]


def _line(name: str, row: dict[str, Any]) -> str:
    good = "seen" if row["control"] else "ok"
    cells = (
        name,
        f"{'control: ' if row['control'] else ''}{_cell(row['what'])}",
        f"{row['wanted']:,}",
        f"{row['done']:,}",
        f"{row['violations']:,}",
        row["fault"] or good,
        _cell(row["note"]),
    )
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def commit() -> str:
    """The commit of this tree, and whether anything but its pages was changed since."""
    program = shutil.which("git")
    if program is None or not (ROOT / ".git").exists():
        return "unknown"

    def git(*words: str) -> str:
        return subprocess.check_output([program, "-C", str(ROOT), *words], text=True).strip()

    changed = (
        " and changes" if git("status", "--porcelain", "--untracked-files=no", ":!docs") else ""
    )
    return git("rev-parse", "--short", "HEAD") + changed
