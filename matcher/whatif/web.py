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
Places: TypeAlias = NDArray[np.intp]


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
        lengths = np.array([len(options) for options in market.options], dtype=np.intp)
        teacher = np.repeat(np.arange(self.people), lengths)
        target = np.fromiter(chain.from_iterable(market.options), np.int32)
        option = np.arange(len(target)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        order = np.argsort(target, kind="stable")
        self.teacher: Places = teacher[order]
        self.option: Places = option[order]
        self.target: Numbers = target[order]
        self.source: Numbers = np.fromiter(market.home, np.int32)[self.teacher]
        self.groups = grouped(self.target)
        self.taken: Numbers = self.target[self.groups]
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


def grouped(keys: Numbers | Places) -> Places:
    """Where runs of equal keys begin."""
    return np.flatnonzero(np.diff(keys, prepend=-1))
