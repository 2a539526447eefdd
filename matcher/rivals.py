"""The theorem of the priority method, held against one ring phase.

No ring that is still possible beats one that was chosen, and none is possible after the last.
Every possible move is asked once, in their common order, whether it could be the best move of a
ring among those still here. The answer must be yes exactly for the first moves of chosen rings.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from matcher.claims import Claims
from matcher.field import Field, Worth, as_set, bits
from matcher.placement import Ring
from matcher.problem import Teacher
from matcher.rulebook import RingPhase
from matcher.verdict import Finding, Wrong

Step = tuple[int, int]
"""A person and the position she takes."""


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
        search = _Search(field, phase, turn.person)
        if search.may_close(as_set(seats)) and search.closes_over(seats):
            teacher = next(name for name, person in field.number.items() if person == turn.person)
            yield Finding(path="$", code=Wrong.RING_MISSED, detail=teacher)
            return
        if ring is not None:
            if search.beats(ring.steps):
                yield Finding(path=ring.path, code=Wrong.RING_BEATEN)
                return
            for person, _ in ring.steps:
                field.leave(person)
            continue
        asked[turn.person] += 1
        if asked[turn.person] == len(field.turns_of[turn.person]):
            field.leave(turn.person)  # none of her moves can be part of a ring any more


class _Search:
    """Rings that begin with one person, among those still here."""

    def __init__(self, field: Field, phase: RingPhase, head: int) -> None:
        self._field = field
        self._head = head
        self._home = 1 << field.home[head]
        self._lengths = range(phase.shortest, min(phase.longest, len(field.home)) + 1)

    def may_close(self, seats: int) -> bool:
        """Whether a closed walk of an allowed length leads over one of these positions.

        Walked from both ends, so that neither has to spread far. A walk may name one person twice.
        """
        onward, backward = [seats], [self._home]
        for length in self._lengths:
            while len(onward) + len(backward) <= length:
                if len(onward) < len(backward):
                    onward.append(self._field.after(onward[-1]))
                else:
                    backward.append(self._field.before(backward[-1]))
            if onward[length - len(backward)] & backward[-1]:
                return True
        return False

    def closes_over(self, seats: Iterable[int]) -> bool:
        """Whether there is a ring in which the head takes one of these."""
        return any(self.closes({self._head: seat}) for seat in seats)

    def closes(self, fixed: Mapping[int, int]) -> bool:
        """Whether there is a ring with these moves (person: position); one is the head's."""
        return any(self._closes(fixed, length) for length in self._lengths)

    def _closes(self, fixed: Mapping[int, int], length: int) -> bool:
        others = [person for person in fixed if person != self._head]
        return len(others) < length and self._places(fixed, {0: self._head}, others, length)

    def _places(
        self, fixed: Mapping[int, int], stops: Mapping[int, int], others: list[int], length: int
    ) -> bool:
        """Whether a ring passes its ``stops`` (slot: person) and, somewhere, the ``others``."""
        walk = self._walk(fixed, stops, length)
        if walk is None:
            return False
        if not others:
            return self._passes(fixed, stops, walk, (), self._home)
        return any(
            self._places(fixed, {**stops, slot: others[0]}, others[1:], length)
            for slot in range(1, length)
            if slot not in stops
        )

    def _walk(
        self, fixed: Mapping[int, int], stops: Mapping[int, int], length: int
    ) -> list[int] | None:
        """At each slot the positions that closed walks through the stops pass; None if none do."""
        field = self._field
        anywhere = (1 << len(field.holders)) - 1
        walk = [self._home, *[anywhere] * (length - 1)]
        for slot, person in stops.items():
            walk[slot] &= 1 << field.home[person]
            walk[(slot + 1) % length] &= 1 << fixed[person]
        for slot in range(length - 1, 0, -1):
            if slot not in stops:
                walk[slot] &= field.before(walk[(slot + 1) % length])
        for slot in range(1, length - 1):
            if slot not in stops:
                walk[slot + 1] &= field.after(walk[slot])
        return walk if all(walk) else None

    def _passes(
        self,
        fixed: Mapping[int, int],
        stops: Mapping[int, int],
        walk: Sequence[int],
        path: tuple[int, ...],
        reach: int,
    ) -> bool:
        """Whether people can be found for the rest of the walk; ``reach``: where the next is."""
        if len(path) == len(walk):
            return True
        for person in self._people(fixed, stops.get(len(path)), reach):
            takes = 1 << fixed[person] if person in fixed else self._field.wants[person]
            onward = takes & walk[(len(path) + 1) % len(walk)]
            if (
                onward
                and person not in path
                and self._passes(fixed, stops, walk, (*path, person), onward)
            ):
                return True
        return False

    def _people(self, fixed: Mapping[int, int], stop: int | None, reach: int) -> Iterator[int]:
        if stop is not None:
            if reach >> self._field.home[stop] & 1:
                yield stop
            return
        for position in bits(reach):
            yield from (p for p in sorted(self._field.holders[position]) if p not in fixed)

    def beats(self, steps: Sequence[Step]) -> bool:
        """Whether a better ring than this one has the same best move, the head's.

        A better one agrees in some of the best moves and then has a better next one, or ends.
        """
        ranked = sorted(steps, key=lambda step: self._field.worth(*step))
        arcs = self._arcs(steps[0][1])
        for count in range(1, len(ranked)):
            fixed = dict(ranked[:count])
            if count in self._lengths and self._closes(fixed, count):
                return True
            for person, position in self._between(arcs, ranked[count - 1], ranked[count]):
                if person not in fixed and self.closes({**fixed, person: position}):
                    return True
        return any(
            self._worths(joined) < self._worths(steps) for joined in _joined(self._field, steps)
        )

    def _worths(self, steps: Sequence[Step]) -> list[Worth]:
        return [self._field.worth(*step) for step in steps]

    def _arcs(self, seat: int) -> list[tuple[int, int]]:
        """Where one may stand and where go on closed walks that begin with the head's move."""
        found = []
        for length in self._lengths:
            walk = self._walk({self._head: seat}, {0: self._head}, length)
            if walk is not None:
                found += [(walk[slot], walk[(slot + 1) % length]) for slot in range(1, length)]
        return found

    def _between(
        self, arcs: Sequence[tuple[int, int]], better: Step, worse: Step
    ) -> Iterator[Step]:
        """Moves along the arcs that are worth less than the one and more than the other."""
        field = self._field
        low, high = field.worth(*better), field.worth(*worse)
        for place in self._turns(arcs, range(low[0], high[0] + 1)):
            turn = field.turns[place]
            home = 1 << field.home[turn.person]
            for nth, seat in enumerate(turn.seats):
                if low < (place, nth) < high and any(
                    here & home and there >> seat & 1 for here, there in arcs
                ):
                    yield turn.person, seat

    def _turns(self, arcs: Sequence[tuple[int, int]], places: range) -> list[int]:
        """Turns in that range of people who are here and stand on an arc, found the shorter way."""
        field = self._field
        standing = 0
        for here, _ in arcs:
            standing |= here
        if standing.bit_count() < len(places):
            people = (p for position in bits(standing) for p in field.holders[position])
            return sorted(t for p in people for t in field.turns_of[p] if t in places)
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
