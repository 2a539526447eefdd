"""The theorem of the priority method, held against one ring phase.

No ring that is still possible beats one that was chosen, and none is possible after the last.
Every possible move is asked once, in their common order, whether it could be the best move of a
ring among those still here. The answer must be yes exactly for the first moves of chosen rings.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matcher.checking.claims import Claims
from matcher.checking.closing import Arc, Closing, Step
from matcher.checking.field import Field, Worth, as_set, bits
from matcher.checking.verdict import Finding, Wrong
from matcher.files.placement import Ring
from matcher.files.problem import Teacher
from matcher.files.rulebook import RingPhase


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """A ring of the placement, numbered; its steps from the one that is worth most."""

    path: str
    steps: tuple[Step, ...]


def rivals(
    claims: Claims, phase: RingPhase, people: Iterable[Teacher], rings: Sequence[tuple[str, Ring]]
) -> list[Finding]:
    """What is wrong with the rings of a phase that ``people`` were left for."""
    field = Field(claims, people)
    chosen = [_Chosen(path=path, steps=_steps(field, ring)) for path, ring in rings]
    findings = list(_order(field, chosen))
    return findings or list(_first_rival(field, phase, chosen))


def _steps(field: Field, ring: Ring) -> tuple[Step, ...]:
    return tuple(
        (field.number[move.teacher], field.position[move.destination]) for move in ring.moves
    )


def _order(field: Field, chosen: Sequence[_Chosen]) -> Iterator[Finding]:
    latest: list[Worth] = []
    for ring in chosen:
        worths = [field.worth(*step) for step in ring.steps]
        if worths[0] != min(worths):
            yield Finding(path=ring.path, code=Wrong.RING_START)
        if sorted(worths) < latest:
            yield Finding(path=ring.path, code=Wrong.DECISIONS_OUT_OF_ORDER)
        latest = sorted(worths)


def _first_rival(field: Field, phase: RingPhase, chosen: Sequence[_Chosen]) -> Iterator[Finding]:
    """The first ring that should have been; after it the rest would only be echoes."""
    by_turn = {field.worth(*ring.steps[0])[0]: ring for ring in chosen}
    asked = [0] * len(field.home)
    for place, turn in enumerate(field.turns):
        if not field.is_here(turn.person):
            continue
        ring = by_turn.get(place)
        seats = list(turn.seats)
        if ring is not None:
            seats = seats[: seats.index(ring.steps[0][1])]
        search = Closing(field, phase, turn.person)
        if search.may_close(as_set(seats)) and _closes_over(search, turn.person, seats):
            teacher = next(name for name, person in field.number.items() if person == turn.person)
            yield Finding(path="$", code=Wrong.RING_MISSED, detail=teacher)
            return
        if ring is not None:
            if _is_beaten(field, search, ring.steps):
                yield Finding(path=ring.path, code=Wrong.RING_BEATEN)
                return
            for person, _ in ring.steps:
                field.leave(person)
            continue
        asked[turn.person] += 1
        if asked[turn.person] == len(field.turns_of[turn.person]):
            field.leave(turn.person)  # none of her moves can be part of a ring any more


def _closes_over(search: Closing, head: int, seats: Iterable[int]) -> bool:
    return any(search.closes({head: seat}) for seat in seats)


def _is_beaten(field: Field, search: Closing, steps: Sequence[Step]) -> bool:
    """Whether a better ring than this one has the same best move.

    A better one agrees in some of the best moves and then has a better next one, or ends.
    """
    ranked = sorted(steps, key=lambda step: field.worth(*step))
    for count in range(1, len(ranked)):
        fixed = dict(ranked[:count])
        if search.closes_exactly(fixed):
            return True
        for person, position in _between(
            field, search.arcs(fixed), ranked[count - 1], ranked[count]
        ):
            if person not in fixed and search.closes({**fixed, person: position}):
                return True
    worths = _worths(field, steps)
    return any(_worths(field, joined) < worths for joined in _joined(field, steps))


def _worths(field: Field, steps: Iterable[Step]) -> list[Worth]:
    return [field.worth(*step) for step in steps]


def _between(field: Field, arcs: Sequence[Arc], better: Step, worse: Step) -> Iterator[Step]:
    """Moves along the arcs that are worth less than the one and more than the other."""
    low, high = field.worth(*better), field.worth(*worse)
    for place in _turns(field, arcs, range(low[0], high[0] + 1)):
        turn = field.turns[place]
        home = 1 << field.home[turn.person]
        onward = 0
        for here, there in arcs:
            if here & home:
                onward |= there
        for nth, seat in enumerate(turn.seats):
            if onward >> seat & 1 and low < (place, nth) < high:
                yield turn.person, seat


def _turns(field: Field, arcs: Sequence[Arc], places: range) -> list[int]:
    """Turns in that range of people who are here and stand on an arc, found the shorter way."""
    standing = 0
    for here, _ in arcs:
        standing |= here
    if standing.bit_count() < len(places):
        people = (person for position in bits(standing) for person in field.holders[position])
        return sorted(
            turn for person in people for turn in field.turns_of[person] if turn in places
        )
    return [
        place
        for place in places
        if field.is_here(field.turns[place].person)
        and standing >> field.home[field.turns[place].person] & 1
    ]


def _joined(field: Field, steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Every ring of exactly these moves; there are several if two lead to the same position."""
    waiting = [[steps[0]]]
    while waiting:
        ring = waiting.pop()
        following = [
            step for step in steps if step not in ring and field.home[step[0]] == ring[-1][1]
        ]
        if len(ring) == len(steps):
            yield ring  # its last move leads home, for the moves are as many as the seats they take
        waiting += [[*ring, step] for step in following]
