"""One line of the table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Figure:
    """What was measured, beside what, and what DESIGN asks for; ``reached`` None: no goal."""

    what: str
    figure: str
    peer: str
    goal: str
    reached: bool | None

    @classmethod
    def from_rows(cls, raw: dict[str, Any]) -> Iterator[Self]:
        """Figures a measurement wrote itself: ``rows`` of the five fields."""
        for row in raw["rows"]:
            yield cls(*row)


def table(figures: Iterable[Figure]) -> str:
    """Markdown."""
    lines = [
        "| what | figure | beside, in the same run | goal | reached |",
        "|---|--:|---|---|---|",
    ]
    for each in figures:
        reached = {True: "yes", False: "**no**", None: "-"}[each.reached]
        lines.append(f"| {each.what} | {each.figure} | {each.peer} | {each.goal} | {reached} |")
    return "\n".join(lines)
