"""The best ring one move could have been part of, among those who waited for a ring phase."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from matcher.checking.claims import Claims, Worth, bits
from matcher.checking.closing import Arc, Closing
from matcher.checking.field import Field
from matcher.files.rulebook import RingPhase

_SCANNED_AS_FAST_AS_ONE_SORTED = 4


class Chances:
    """The rings that were possible when a phase began."""

    def __init__(self, claims: Claims, phase: RingPhase, people: Sequence[int]) -> None:
        self._claims = claims
        self._phase = phase
        self._field = Field(claims, people)
        self._turns = claims.turns  # ranked now, while everything is loaded, and once for all

    def is_held(self, seat: int) -> bool:
        """Whether somebody who waited for the phase held this seat."""
        return bool(self._field.holders[seat])

    def best_ring(self, person: int, seat: int) -> Mapping[int, int] | None:
        """The best ring in which she takes the seat, as seats by person; None if there is none.

        Its members are found from the best of them down: a ring with a better next member wins,
        and one that has all its members only if her own move is among those compared already.
        """
        search = Closing(self._field, self._phase, person)
        ring = {person: seat}
        if not search.may_close(1 << seat) or not search.closes(ring):
            return None
        mine, latest = self._claims.worth(person, seat), (-1, -1)
        while True:
            is_whole = search.closes_exactly(ring)
            found = next(
                (
                    (worth, other, taken)
                    for worth, other, taken in self._moves(search.arcs(ring), latest)
                    if other not in ring
                    and not (is_whole and worth > mine)
                    and search.closes({**ring, other: taken})
                ),
                None,
            )
            if found is None:
                return ring
            latest, other, taken = found
            ring[other] = taken

    def _moves(self, arcs: Sequence[Arc], after: Worth) -> Iterator[tuple[Worth, int, int]]:
        """Moves along the arcs that are worth less than that one, best first."""
        claims, field = self._claims, self._field
        standing = 0
        for here, _ in arcs:
            standing |= here
        for place in self._places(standing):
            turn = self._turns[place]
            home = field.home[turn.person]
            if place < after[0] or not standing >> home & 1 or not field.is_here(turn.person):
                continue
            onward = 0
            for here, there in arcs:
                if here >> home & 1:
                    onward |= there
            onward &= field.wants(turn.person) & turn.scored
            if onward:
                for nth, seat in enumerate(claims.options(turn.person)):
                    if onward >> seat & 1 and (place, nth) > after:
                        yield (place, nth), turn.person, seat

    def _places(self, standing: int) -> Iterable[int]:
        """The turns of whoever stands there, best first; all turns where those are not far more."""
        people = [person for seat in bits(standing) for person in self._field.holders[seat]]
        if len(people) * _SCANNED_AS_FAST_AS_ONE_SORTED > len(self._turns):
            return range(len(self._turns))
        return sorted(place for person in people for place in self._claims.turns_of(person))
