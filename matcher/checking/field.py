"""Who could follow whom, seat by seat, as the checker sees a ring phase.

Shares nothing with `matcher.deciding.exchange`, which joins people instead of seats.
"""

from collections.abc import Iterable

from matcher.checking.claims import Claims, as_set, bits


class Field:
    """People who hold seats and want others; whoever leaves takes her seat along.

    Attributes:
        claims: Whose numbers these are.
        home: By person, the seat she holds.
        holders: By seat, who holds it and has not left.
    """

    def __init__(self, claims: Claims, people: Iterable[int]) -> None:
        self.claims = claims
        self.home = claims.home
        self.holders: list[set[int]] = [set() for _ in claims.positions]
        for person in people:
            self.holders[self.home[person]].add(person)
        self._held = as_set(seat for seat, holders in enumerate(self.holders) if holders)
        self._out = [self._wanted_at(seat) for seat in range(len(self.holders))]
        self._into = self._turned_round()

    def _turned_round(self) -> list[int]:
        width = len(self.holders) // 8 + 1
        rows = [bytearray(width) for _ in self.holders]
        for home, holders in enumerate(self.holders):
            byte, bit = home >> 3, 1 << (home & 7)
            for person in holders:
                for seat in self.claims.options(person):
                    rows[seat][byte] |= bit
        return [int.from_bytes(row, "little") for row in rows]

    def clear_dead_ends(self) -> None:
        """Take out whose seats nobody here wants, or who want none of theirs: they are in no ring.

        What led only there is then such an end itself.
        """
        asked = list(range(len(self.holders)))
        while asked:
            seat = asked.pop()
            wanted_by, wanting = self._into[seat] & self._held, self._out[seat] & self._held
            if self.holders[seat] and not (wanted_by and wanting):
                self.holders[seat].clear()
                self._held ^= 1 << seat
                asked += bits(wanted_by | wanting)

    def is_here(self, person: int) -> bool:
        """Whether she takes part and has not left."""
        return person in self.holders[self.home[person]]

    def wants(self, person: int) -> int:
        """The seats she may be given that somebody here holds."""
        return self.claims.wants(person) & self._held

    def leave(self, person: int) -> None:
        """Take her out, with her seat and all she wants."""
        home = self.home[person]
        self.holders[home].discard(person)
        if not self.holders[home]:
            self._held &= ~(1 << home)  # and so nothing leads there or on from there
            self._out[home] = 0
            return
        before = self._out[home]
        self._out[home] = self._wanted_at(home)
        for seat in bits(before & ~self._out[home]):
            self._into[seat] &= ~(1 << home)

    def _wanted_at(self, seat: int) -> int:
        wanted = 0
        for person in self.holders[seat]:
            wanted |= self.claims.wants(person)
        return wanted

    def after(self, seats: int) -> int:
        """Seats that somebody who holds one of these wants, and somebody here holds."""
        found = 0
        for seat in bits(seats):
            found |= self._out[seat]
        return found & self._held

    def before(self, seats: int) -> int:
        """Seats whose holders want one of these."""
        found = 0
        for seat in bits(seats):
            found |= self._into[seat]
        return found & self._held
