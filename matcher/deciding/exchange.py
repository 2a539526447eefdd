"""Who could take whose seat: the graph that rings are cut from.

Sets of teachers are integers with one bit each, so that thousands are joined or cut in one
operation. Bits follow `Market.teachers`: the lowest is the teacher with the best total.
"""

from collections.abc import Iterable, Iterator

from matcher.deciding.market import Market

Edge = tuple[int, int]
"""(place in the common ranking, option number): ranks every possible move; smaller is better."""

_COMPACT_EVERY = 64
_POSITIONS_PER_MEMBER = 4  # measured: walking one member costs about as much as four positions


def members(group: int) -> Iterator[int]:
    """The teachers in a set, best total first."""
    while group:
        lowest = group & -group
        yield lowest.bit_length() - 1
        group ^= lowest


class Exchange:
    """The seats of everybody who is free to exchange; people leave it one by one."""

    def __init__(self, market: Market, free: Iterable[int]) -> None:
        self.market = market
        self.free = 0
        self.holders: dict[int, int] = {}
        taking_part = list(free)
        for teacher in taking_part:
            self.free |= 1 << teacher
            home = market.home[teacher]
            self.holders[home] = self.holders.get(home, 0) | 1 << teacher
        self.wanting = self._wanting(taking_part)
        self._targets: dict[int, int] = {}
        self._removed = 0

    def _wanting(self, taking_part: Iterable[int]) -> dict[int, int]:
        width = len(self.market.teachers) // 8 + 1
        rows = {position: bytearray(width) for position in self.holders}
        for teacher in taking_part:
            byte, bit = teacher >> 3, 1 << (teacher & 7)
            for position in self.market.options[teacher]:
                if position in rows:
                    rows[position][byte] |= bit
        return {
            position: int.from_bytes(row, "little") for position, row in rows.items() if any(row)
        }

    def remove(self, teachers: Iterable[int]) -> None:
        """Forget these teachers and their seats."""
        for teacher in teachers:
            self.free &= ~(1 << teacher)
            self._removed += 1
        if self._removed >= _COMPACT_EVERY:
            self._compact()

    def _compact(self) -> None:
        self._removed = 0
        self.wanting = {
            position: wanting & self.free
            for position, wanting in self.wanting.items()
            if wanting & self.free and self.holders[position] & self.free
        }
        self.holders = {position: self.holders[position] & self.free for position in self.wanting}
        self._targets.clear()

    def backward(self, group: int) -> int:
        """Everybody free who lists a seat that somebody in the group holds."""
        found = 0
        if group.bit_count() * _POSITIONS_PER_MEMBER < len(self.wanting):
            for teacher in members(group):
                found |= self.wanting.get(self.market.home[teacher], 0)
        else:
            for position, wanting in self.wanting.items():
                if self.holders[position] & group:
                    found |= wanting
        return found & self.free

    def forward(self, group: int) -> int:
        """Everybody free whose seat somebody in the group lists."""
        found = 0
        if group.bit_count() * _POSITIONS_PER_MEMBER < len(self.wanting):
            for teacher in members(group):
                found |= self._targets_of(teacher)
        else:
            for position, wanting in self.wanting.items():
                if wanting & group:
                    found |= self.holders[position]
        return found & self.free

    def _targets_of(self, teacher: int) -> int:
        found = self._targets.get(teacher)
        if found is None:
            found = 0
            for position in self.market.options[teacher]:
                found |= self.holders.get(position, 0)
            self._targets[teacher] = found
        return found

    def layers(self, teacher: int, depth: int) -> list[int]:
        """``layers[i]``: who can reach her seat in exactly ``i`` steps without passing through her.

        Shorter than ``depth + 1`` when nobody is left to walk back to.
        """
        others = ~(1 << teacher)
        found = [1 << teacher]
        while len(found) <= depth:
            step = self.backward(found[-1]) & others
            if not step:
                break
            found.append(step)
        return found

    def edges(self, teacher: int, targets: int) -> Iterator[tuple[Edge, int]]:
        """Her possible moves into a seat held by somebody in ``targets``, best first.

        Each with the position it leads to.
        """
        for place in sorted(set(self.market.standing[teacher].values())):
            yield from self.edges_at(teacher, place, targets)

    def edges_at(self, teacher: int, place: int, targets: int) -> Iterator[tuple[Edge, int]]:
        """Those of `edges` that stand at this place of the common ranking."""
        market, holders = self.market, self.holders
        for option, position in enumerate(market.options[teacher]):
            if (
                position in holders
                and holders[position] & targets
                and market.standing_at(teacher, position) == place
            ):
                yield (place, option), position
