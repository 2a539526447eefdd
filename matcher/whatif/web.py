"""Every possible move as numbers side by side, for markets with too many lines to list.

A move is a teacher and one of her options; it leads from the position she holds to the one she
takes. Lines are walks over moves: see `matcher.whatif.pricing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matcher.deciding.trading import Step
from matcher.whatif.setting import Setting

Numbers: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A line as numbers of moves: a ring, or a chain whose first move takes a vacancy."""

    is_ring: bool
    moves: tuple[int, ...]


class Web:
    """All moves, in the order of the positions they lead to.

    Attributes:
        teacher: Who moves, by move; beside it ``option``, ``source`` and ``target``.
        groups: Where in these the moves to one position begin; beside it ``taken``, which one.
        seats: Vacancies, by position.
        shut: Whether a county declared 遇缺不補, by position.
        people: How many teachers there are.
    """

    def __init__(self, setting: Setting) -> None:
        market = setting.market
        self.people = len(market.home)
        lengths = np.fromiter(map(len, market.options), dtype=np.int32, count=self.people)
        teacher = np.repeat(np.arange(self.people, dtype=np.int32), lengths)
        target = np.fromiter(chain.from_iterable(market.options), np.int32, int(lengths.sum()))
        begins = np.repeat(np.cumsum(lengths) - lengths, lengths)
        option = np.arange(len(target), dtype=np.int32) - begins
        order = np.argsort(target, kind="stable")
        self.teacher: Numbers = teacher[order]
        self.option: Numbers = option[order].astype(np.int32)
        self.target: Numbers = target[order]
        self.source: Numbers = np.asarray(market.home, dtype=np.int32)[self.teacher]
        self.groups, self.taken = grouped(self.target)
        size = len(market.positions)
        self.seats: Numbers = np.zeros(size, dtype=np.int32)
        self.seats[list(setting.seats)] = list(setting.seats.values())
        self.shut: NDArray[np.bool_] = np.zeros(size, dtype=np.bool_)
        self.shut[list(setting.shut)] = True

    def steps(self, walk: Walk) -> Sequence[Step]:
        """Who moves and by which option, in the order of the walk."""
        return [(int(self.teacher[move]), int(self.option[move])) for move in walk.moves]

    def rows(self, walk: Walk) -> Sequence[int]:
        """What it uses one of each: people, and after all people the position of a vacancy."""
        people = [int(self.teacher[move]) for move in walk.moves]
        return people if walk.is_ring else [*people, self.people + int(self.target[walk.moves[0]])]


def grouped(keys: Numbers) -> tuple[NDArray[np.intp], Numbers]:
    """Where runs of equal keys begin, and the key of each run."""
    begins = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))[: len(keys)])
    return begins, keys[begins]
