"""The theorem of the priority method, held against one ring phase.

No ring that is still possible beats one that was chosen, and none is possible after the last.
Every possible move is asked once, in their common order, whether it could be the best move of a
ring among those still here. The answer must be yes exactly for the first moves of chosen rings.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from matcher.checking.claims import Claims, Worth, bits
from matcher.checking.closing import Arc, Closing, Step
from matcher.checking.field import Field
from matcher.checking.verdict import Finding, Wrong
from matcher.files.placement import Ring
from matcher.files.rulebook import RingPhase


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """A ring of the placement, numbered; its steps from the one that is worth most."""

    path: str
    steps: tuple[Step, ...]


def rivals(
    claims: Claims, phase: RingPhase, people: Iterable[int], rings: Sequence[tuple[str, Ring]]
) -> list[Finding]:
    """What is wrong with the rings of a phase that ``people`` were left for."""
    chosen = [_Chosen(path=path, steps=_steps(claims, ring)) for path, ring in rings]
    findings = list(_order(claims, chosen))
    return findings or list(_Contest(claims, phase, people).first_rival(chosen))


def _steps(claims: Claims, ring: Ring) -> tuple[Step, ...]:
    return tuple((claims.person[m.teacher], claims.seat[m.destination]) for m in ring.moves)


def _order(claims: Claims, chosen: Sequence[_Chosen]) -> Iterator[Finding]:
    latest: list[Worth] = []
    for ring in chosen:
        worths = [claims.worth(*step) for step in ring.steps]
        if worths[0] != min(worths):
            yield Finding(path=ring.path, code=Wrong.RING_START)
        if sorted(worths) < latest:
            yield Finding(path=ring.path, code=Wrong.DECISIONS_OUT_OF_ORDER)
        latest = sorted(worths)


class _Contest:
    """Everybody who was left for the phase, and what each could still do."""

    def __init__(self, claims: Claims, phase: RingPhase, people: Iterable[int]) -> None:
        self._claims = claims
        self._phase = phase
        self._field = Field(claims, people)
        self._field.clear_dead_ends()

    def first_rival(self, chosen: Sequence[_Chosen]) -> Iterator[Finding]:
        """The first ring that should have been; after it the rest would only be echoes."""
        field, by_turn = self._field, {self._claims.turn(*c.steps[0]): c for c in chosen}
        left = Counter(turn.person for turn in self._claims.turns)
        for place, turn in enumerate(self._claims.turns):
            person = turn.person
            if not field.is_here(person):
                continue
            seats = field.wants(person) & turn.scored
            if seats:  # nobody asks for a ring without
                ring = by_turn.get(place)
                search = Closing(field, self._phase, person)
                if self._closes_better(search, person, seats, ring):
                    teacher = self._claims.teachers[person].id
                    yield Finding(path="$", code=Wrong.RING_MISSED, detail=teacher)
                    return
                if ring is not None:
                    if self._is_beaten(search, ring.steps):
                        yield Finding(path=ring.path, code=Wrong.RING_BEATEN)
                        return
                    for member, _ in ring.steps:
                        field.leave(member)
                    continue
            left[person] -= 1
            if not left[person]:
                field.leave(person)  # none of her moves can be part of a ring any more

    def _closes_better(self, search: Closing, head: int, seats: int, ring: _Chosen | None) -> bool:
        """Whether one of the seats is in a ring with her, and dearer than the chosen one's."""
        if not search.may_close(seats):
            return False
        options = self._claims.options(head)
        if ring is not None:
            options = options[: options.index(ring.steps[0][1])]
        return any(
            seats >> seat & 1 and search.may_close(1 << seat) and search.closes({head: seat})
            for seat in options
        )

    def _is_beaten(self, search: Closing, steps: Sequence[Step]) -> bool:
        """Whether a better ring than this one has the same best move.

        A better one agrees in some of the best moves and then has a better next one, or ends.
        """
        ranked = sorted(steps, key=lambda step: self._claims.worth(*step))
        for count in range(1, len(ranked)):
            fixed = dict(ranked[:count])
            if search.closes_exactly(fixed):
                return True
            for person, seat in self._between(search.arcs(fixed), ranked[count - 1], ranked[count]):
                if person not in fixed and search.closes({**fixed, person: seat}):
                    return True
        worths = self._worths(steps)
        return any(self._worths(joined) < worths for joined in self._joined(steps))

    def _worths(self, steps: Iterable[Step]) -> list[Worth]:
        return [self._claims.worth(*step) for step in steps]

    def _between(self, arcs: Sequence[Arc], better: Step, worse: Step) -> Iterator[Step]:
        """Moves along the arcs that are worth less than the one and more than the other."""
        low, high = self._claims.worth(*better), self._claims.worth(*worse)
        for place in self._turns(arcs, range(low[0], high[0] + 1)):
            turn = self._claims.turns[place]
            home = 1 << self._field.home[turn.person]
            onward = 0
            for here, there in arcs:
                if here & home:
                    onward |= there
            onward &= self._field.wants(turn.person) & turn.scored
            if onward:
                for nth, seat in enumerate(self._claims.options(turn.person)):
                    if onward >> seat & 1 and low < (place, nth) < high:
                        yield turn.person, seat

    def _turns(self, arcs: Sequence[Arc], places: range) -> list[int]:
        """Turns in that range of people who are here and stand on an arc, found the shorter way."""
        standing = 0
        for here, _ in arcs:
            standing |= here
        field, turns = self._field, self._claims.turns
        if standing.bit_count() < len(places):
            people = (person for seat in bits(standing) for person in field.holders[seat])
            return sorted(
                turn
                for person in people
                for turn in self._claims.turns_of(person)
                if turn in places
            )
        return [
            place
            for place in places
            if field.is_here(turns[place].person)
            and standing >> field.home[turns[place].person] & 1
        ]

    def _joined(self, steps: Sequence[Step]) -> Iterator[list[Step]]:
        """Every ring of exactly these moves; several if two lead to the same position."""
        home = self._field.home
        waiting = [[steps[0]]]
        while waiting:
            ring = waiting.pop()
            following = [
                step for step in steps if step not in ring and home[step[0]] == ring[-1][1]
            ]
            if len(ring) == len(steps):
                yield ring  # its last move leads home: the moves are as many as the seats they take
            waiting += [[*ring, step] for step in following]
