"""What a long run reports: how much was tried, what broke, and whether it would have been seen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

HEADINGS = ("what", "wanted", "done", "violations", "seconds", "per s", "", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much to run.

    ``share`` 1.0 is the figure that was promised. ``only`` replays one case of that number; a
    harness without numbered cases may ignore it.
    """

    share: float = 1.0
    seed: int = 1
    processes: int = 2
    only: int | None = None

    def of(self, wanted: int) -> int:
        """The part of ``wanted`` that this run is to do, at least 1."""
        return max(1, math.ceil(wanted * self.share - 1e-9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table.

    ``wanted`` is the figure of the whole run, whatever the share. A negative control is a known
    bad variant or setting: its ``violations`` are what the harness saw, and none means it is
    blind.
    """

    what: str
    wanted: int
    done: int
    violations: int
    seconds: float
    note: str = ""
    control: bool = False

    def fault(self, budget: Budget) -> str | None:
        """Why this row fails the run; None when it does not."""
        if self.control:
            return None if self.violations else "CONTROL BLIND"
        if self.violations:
            return "VIOLATED"
        if budget.only is None and self.done < budget.of(self.wanted):
            return "TOO FEW"
        return None


def table(rows: Sequence[Row], budget: Budget) -> str:
    """Aligned columns, one line per row; numbers to the right."""
    lines = [HEADINGS, *(_cells(row, budget) for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(HEADINGS))]
    numbers = range(1, 6)
    drawn = [
        "  ".join(
            _pad(cell, widths[column], right=column in numbers) for column, cell in enumerate(line)
        ).rstrip()
        for line in lines
    ]
    return "\n".join([drawn[0], "-" * max(map(_width, drawn)), *drawn[1:]])


def _cells(row: Row, budget: Budget) -> tuple[str, ...]:
    good = "seen" if row.control else "ok"
    rate = row.done / row.seconds if row.seconds > 0 else 0.0
    return (
        f"control: {row.what}" if row.control else row.what,
        f"{row.wanted:,}",
        f"{row.done:,}",
        f"{row.violations:,}",
        f"{row.seconds:,.1f}",
        f"{rate:,.0f}" if rate >= 10 else f"{rate:.2f}",
        row.fault(budget) or good,
        row.note,
    )


def _width(text: str) -> int:
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
