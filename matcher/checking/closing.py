"""Whether a ring closes: the checker's own search, by positions first and people last.

A ring has as many slots as members; the one asked about stands in slot 0, and whoever stands in a
slot takes a seat of the next. For each slot the positions that can stand there are narrowed from
both sides until only closed walks are left; then people are looked for, each at most once.
"""

from collections.abc import Iterator, Mapping, Sequence

from matcher.checking.claims import bits
from matcher.checking.field import Field
from matcher.files.rulebook import RingPhase

Step = tuple[int, int]
"""A person and the position she takes."""
Moves = Mapping[int, int]
"""Steps, by person."""
Arc = tuple[int, int]
"""Positions one may stand at, and positions one may go on to from there."""
Walk = Sequence[int]
"""By slot, the positions that closed walks pass there."""


class Closing:
    """Rings of one phase that hold one person, the head, among those still here."""

    def __init__(self, field: Field, phase: RingPhase, head: int) -> None:
        self._field = field
        self._head = head
        self._home = 1 << field.home[head]
        self._anywhere = (1 << len(field.holders)) - 1
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

    def closes(self, fixed: Moves) -> bool:
        """Whether there is a ring with these moves; one is the head's."""
        return any(self._closes(fixed, length) for length in self._lengths)

    def closes_exactly(self, fixed: Moves) -> bool:
        """Whether there is a ring of just these moves; one is the head's."""
        return len(fixed) in self._lengths and self._closes(fixed, len(fixed))

    def arcs(self, fixed: Moves) -> list[Arc]:
        """What one more member could do in a closed walk with these moves; one is the head's."""
        return [
            (walk[slot], walk[(slot + 1) % length])
            for length in self._lengths
            for stops, walk in self._settings(fixed, length)
            for slot in range(length)
            if slot not in stops
        ]

    def _closes(self, fixed: Moves, length: int) -> bool:
        return any(
            self._has_people(fixed, stops, walk, (), self._home)
            for stops, walk in self._settings(fixed, length)
        )

    def _settings(self, fixed: Moves, length: int) -> Iterator[tuple[Mapping[int, int], Walk]]:
        """The ways to seat the movers in slots (slot: person) that leave a closed walk."""
        others = [person for person in fixed if person != self._head]
        if len(others) < length:
            yield from self._seated(fixed, {0: self._head}, others, length)

    def _seated(
        self, fixed: Moves, stops: Mapping[int, int], others: Sequence[int], length: int
    ) -> Iterator[tuple[Mapping[int, int], Walk]]:
        walk = self._walk(fixed, stops, length)
        if walk is None:
            return
        if not others:
            yield stops, walk
            return
        for slot in range(1, length):
            if slot not in stops:
                yield from self._seated(fixed, {**stops, slot: others[0]}, others[1:], length)

    def _walk(self, fixed: Moves, stops: Mapping[int, int], length: int) -> Walk | None:
        """The closed walks through these stops; None if there are none."""
        walk = [self._home, *[self._anywhere] * (length - 1)]
        for slot, person in stops.items():
            walk[slot] &= 1 << self._field.home[person]
            walk[(slot + 1) % length] &= 1 << fixed[person]
        for slot in range(length - 1, 0, -1):
            if slot not in stops:
                walk[slot] = self._leading_to(walk[slot], walk[(slot + 1) % length])
        for slot in range(1, length - 1):
            if slot not in stops:
                walk[slot + 1] &= self._field.after(walk[slot])
        return walk if all(walk) else None

    def _leading_to(self, here: int, there: int) -> int:
        """Of the positions here, those whose holders want one there."""
        if here.bit_count() >= there.bit_count():
            return here & self._field.before(there)
        found = 0
        for position in bits(here):
            if self._field.after(1 << position) & there:
                found |= 1 << position
        return found

    def _has_people(
        self,
        fixed: Moves,
        stops: Mapping[int, int],
        walk: Walk,
        path: tuple[int, ...],
        reach: int,
    ) -> bool:
        """Whether people can be found for the rest of the walk; ``reach``: where the next is."""
        if len(path) == len(walk):
            return True
        for person in self._people(fixed, stops.get(len(path)), reach):
            takes = 1 << fixed[person] if person in fixed else self._field.wants(person)
            onward = takes & walk[(len(path) + 1) % len(walk)]
            if (
                onward
                and person not in path
                and self._has_people(fixed, stops, walk, (*path, person), onward)
            ):
                return True
        return False

    def _people(self, fixed: Moves, stop: int | None, reach: int) -> Iterator[int]:
        if stop is None:
            for position in bits(reach):
                yield from (p for p in sorted(self._field.holders[position]) if p not in fixed)
        else:  # the walk leads to her position, and nowhere else
            yield stop
