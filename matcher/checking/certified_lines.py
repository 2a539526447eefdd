"""The moves of a what-if placement, numbered, and whether they hang together as it says."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from matcher.checking.claims import Claims
from matcher.checking.verdict import Finding, Wrong
from matcher.files.placement import Component, Placement, Ring

Step = tuple[int, int]
"""A person and the seat she takes."""

SHORTEST_RING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One component; in a chain each takes the seat of the one before, in a ring of the next."""

    path: str
    is_ring: bool
    steps: tuple[Step, ...]


def lines_of(claims: Claims, placement: Placement) -> tuple[Line, ...]:
    """The components in numbers; each move is known to be of a known teacher to an option."""
    return tuple(
        Line(
            path=f"$.components[{index}]",
            is_ring=isinstance(component, Ring),
            steps=tuple(
                (claims.person[move.teacher], claims.seat[move.destination])
                for move in component.moves
            ),
        )
        for index, component in enumerate(placement.components)
    )


def form(claims: Claims, placement: Placement, lines: Sequence[Line]) -> Iterator[Finding]:
    """What is wrong with chains and rings as such, and whether more begin than there is room."""
    for component, line in zip(placement.components, lines, strict=True):
        if component.phase != placement.mechanism.value:
            yield Finding(path=line.path, code=Wrong.UNKNOWN_PHASE, detail=component.phase)
        if component.round != 1:
            yield Finding(path=line.path, code=Wrong.WRONG_ROUND, detail=str(component.round))
        yield from _links(claims, component, line)
    begun = Counter(line.steps[0][1] for line in lines if not line.is_ring)
    for seat, count in begun.items():
        if count > claims.capacity.get(seat, 0):
            detail = claims.positions[seat].school
            yield Finding(path="$.components", code=Wrong.OVERSOLD, detail=detail)


def _links(claims: Claims, component: Component, line: Line) -> Iterator[Finding]:
    home, steps = claims.home, line.steps
    if not line.is_ring:
        for index, ((before, _), (_, taken)) in enumerate(pairwise(steps), start=1):
            if taken != home[before]:
                detail = component.moves[index].teacher
                here = f"{line.path}.moves[{index}]"
                yield Finding(path=here, code=Wrong.CHAIN_NOT_LINKED, detail=detail)
        return
    if len(steps) < SHORTEST_RING:
        yield Finding(path=line.path, code=Wrong.RING_LENGTH, detail=str(len(steps)))
    for index, (_, taken) in enumerate(steps):
        if taken != home[steps[(index + 1) % len(steps)][0]]:
            detail = component.moves[index].teacher
            here = f"{line.path}.moves[{index}]"
            yield Finding(path=here, code=Wrong.RING_NOT_CLOSED, detail=detail)
    turns = [claims.turn(*step) for step in steps]
    if turns[0] != min(turns):
        yield Finding(path=line.path, code=Wrong.RING_START)
