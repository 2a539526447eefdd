"""A placement as staff and teachers read it: who moves where, by which phase and wish."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One teacher's move; ``wish`` counts from 1 in her own list."""

    alias: str
    origin: tuple[str, str]
    destination: tuple[str, str]
    wish: int
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Moves that stand or fall together (介聘辦法 第十一條第二項); ``kind`` is chain or ring."""

    number: int
    kind: str
    phase: str
    round: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A whole placement."""

    components: tuple[Component, ...]

    @property
    def moves(self) -> tuple[Move, ...]:
        """Every move."""
        return tuple(move for each in self.components for move in each.moves)

    @property
    def by_phase(self) -> Mapping[str, int]:
        """How many move in each phase, in the order of the placement."""
        return Counter(move.phase for move in self.moves)

    @property
    def by_wish(self) -> Mapping[int, int]:
        """How many obtain their first wish, their second, …"""
        return dict(sorted(Counter(move.wish for move in self.moves).items()))


def read_placement(data: bytes) -> Result:
    """The result in a placement file of ours."""
    document = json.loads(data)
    return Result(
        components=tuple(
            Component(
                number=number,
                kind=each["kind"],
                phase=each["phase"],
                round=each["round"],
                moves=tuple(_move(move, each["phase"]) for move in each["moves"]),
            )
            for number, each in enumerate(document["components"], start=1)
        )
    )


def flows(moves: Iterable[Move], counties: Mapping[str, str]) -> Mapping[tuple[str, str], int]:
    """How many go from county to county; ``counties`` gives a school's."""
    return Counter((counties[each.origin[0]], counties[each.destination[0]]) for each in moves)


def _move(move: Mapping[str, Any], phase: str) -> Move:
    return Move(
        alias=move["teacher"],
        origin=(move["from"][0], move["from"][1]),
        destination=(move["to"][0], move["to"][1]),
        wish=move["wish"],
        phase=phase,
    )
