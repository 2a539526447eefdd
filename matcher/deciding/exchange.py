"""Who could take whose seat: the graph that rings are cut from.

Teachers at one position have the same seat to offer, so the graph is one of positions. Sets of
positions are integers with one bit each (`matcher.deciding.bits`).
"""

from collections.abc import Collection, Iterable, Iterator

from matcher.deciding.bits import as_set, listed, turned
from matcher.deciding.market import Market
from matcher.files.problem import CountyCode

_SAMPLE = 16  # measured: after so many rows the union of a dense market lacks only a few
_SPARSE = 64  # measured: with lists as short it is quicker to go through them than through a square


class Exchange:
    """The seats of everybody who could be in a ring; people leave it one by one.

    Attributes:
        holders: By position, who is free and holds a seat there, best total first.
        held: The positions somebody free holds.
        wants: By teacher, the positions she may be given; some may be held by nobody any more.
    """

    def __init__(self, market: Market, free: Iterable[int]) -> None:
        self.market = market
        self.holders: dict[int, list[int]] = {}
        for teacher in sorted(free):
            self.holders.setdefault(market.home[teacher], []).append(teacher)
        width = len(market.positions)
        self._seat = [1 << position for position in range(width)]
        self.held = as_set(self.holders, self._seat)
        self.wants = {
            teacher: as_set(market.options[teacher], self._seat)
            for holders in self.holders.values()
            for teacher in holders
        }
        self._out = [self.wanted_from(position) for position in range(width)]
        wishes = sum(len(market.options[teacher]) for teacher in self.wants)
        is_sparse = wishes < _SPARSE * width
        self._into = self._turned() if is_sparse else turned(self._out, width)
        in_county: dict[CountyCode, list[int]] = {}
        for position, county in enumerate(market.county):
            in_county.setdefault(county, []).append(position)
        self._county = {c: as_set(inside, self._seat) for c, inside in in_county.items()}
        self._before: dict[int, int] = {}
        self._after: dict[int, int] = {}
        self._drop_dead_ends()

    def _turned(self) -> list[int]:
        """By position, where somebody stands who wants it."""
        found = [0] * len(self._seat)
        for teacher in self.wants:
            home = self._seat[self.market.home[teacher]]
            for position in self.market.options[teacher]:
                found[position] |= home
        return found

    def _drop_dead_ends(self) -> None:
        """Forget who holds what nobody here wants, or wants what nobody here holds.

        No ring leads there or on from there; nor, then, through what led only there.
        """
        waiting = list(self.holders)
        while waiting:
            position = waiting.pop()
            into, out = self._into[position] & self.held, self._out[position] & self.held
            if position in self.holders and not (into and out):
                for teacher in self.holders.pop(position):
                    del self.wants[teacher]
                self.held ^= self._seat[position]
                waiting += listed(into | out)

    def wanted_from(self, position: int, without: Collection[int] = ()) -> int:
        """What those who hold a seat there want, ``without`` some of them."""
        found = 0
        for teacher in self.holders.get(position, ()):
            if teacher not in without:
                found |= self.wants[teacher]
        return found

    def remove(self, teacher: int) -> None:
        """Forget this teacher and her seat."""
        home = self.market.home[teacher]
        del self.wants[teacher]
        self.holders[home].remove(teacher)
        if self.holders[home]:
            was, self._out[home] = self._out[home], self.wanted_from(home)
            for position in listed(was & ~self._out[home] & self.held):
                self._into[position] ^= 1 << home
        else:
            del self.holders[home]
            self.held ^= 1 << home
        self._before.clear()
        self._after.clear()

    def before(self, positions: int) -> int:
        """Where somebody stands who wants one of these."""
        found = self._before.get(positions)
        if found is None:
            found = self._joined(self._into, self._out, positions & self.held)
            self._before[positions] = found
        return found

    def after(self, positions: int) -> int:
        """What somebody wants who stands at one of these."""
        found = self._after.get(positions)
        if found is None:
            found = self._joined(self._out, self._into, positions & self.held)
            self._after[positions] = found
        return found

    def _joined(self, rows: list[int], columns: list[int], group: int) -> int:
        """The union of the rows of a group, among the positions that are held."""
        found, left = 0, group.bit_count()
        for number, row in enumerate(listed(group), start=1):
            found |= rows[row]
            if number == _SAMPLE:
                lacking = self.held & ~found
                if lacking.bit_count() < left - _SAMPLE:
                    for column in listed(lacking):
                        if columns[column] & group:
                            found |= 1 << column
                    break
        return found & self.held

    def returning(self, teacher: int, shortest: int, longest: int) -> int:
        """From where her seat is reached so that a ring of an allowed length may close with her."""
        home = self.market.home[teacher]
        others = self.wanted_from(home, (teacher,))
        reached, found = 1 << home, 0
        for length in range(2, longest + 1):
            reach = self.before(reached)
            if reach >> home & 1 and not others & reached:
                reach ^= 1 << home
            if length >= shortest:
                found |= reach
            reached = reach
        return found

    def options_at(self, place: int, positions: int) -> Iterator[tuple[int, int]]:
        """What the teacher at a place of the common ranking wants there, among ``positions``.

        Pairs of an option number and its position, dearest first.
        """
        group = self.market.groups[place]
        hits = self.wants[group.teacher] & positions & self._in(group.counties)
        if not hits:
            return
        for option, position in enumerate(self.market.options[group.teacher]):
            if hits >> position & 1:
                yield option, position

    def _in(self, counties: Iterable[CountyCode]) -> int:
        found = 0
        for county in counties:
            found |= self._county.get(county, 0)
        return found
