"""One machine's entries do not bury those of the others: lists in turns. Pure.

A machine may file as many entries as its quota allows, and each is kept and listed. So the first
few of every machine stand before the next few of any.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
OF_A_MACHINE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """A machine with more entries in a list than stand together."""

    dev: bytes
    name: str
    count: int


def in_turns(items: Iterable[T], of: Callable[[T], Hashable]) -> list[T]:
    """The items; of each group the first twenty in order, then of each the next, and so on."""
    seen: Counter[Hashable] = Counter()
    turns: list[tuple[int, T]] = []
    for each in items:
        group = of(each)
        turns.append((seen[group] // OF_A_MACHINE, each))
        seen[group] += 1
    return [each for _, each in sorted(turns, key=lambda pair: pair[0])]


def piles(machines: Iterable[tuple[bytes, str]]) -> Sequence[Pile]:
    """The machines that stand there more often than together, most often first."""
    counts = Counter(machines)
    return [
        Pile(dev=dev, name=name, count=count)
        for (dev, name), count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        if count > OF_A_MACHINE
    ]
