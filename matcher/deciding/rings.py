"""Ring phases (互調, 三角調, 多角調): the best ring that can be closed, again and again.

No list of rings is made. All possible moves are walked in their one common order: a move either
is the best of a ring that can be closed now, and then the best such ring is taken, or it can
never be used later, since people only leave. A ring is found move by move: the best move that
still leaves a ring is fixed, until the fixed ones are a ring.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from matcher.deciding.bits import listed
from matcher.deciding.exchange import Exchange
from matcher.deciding.market import Market
from matcher.deciding.walks import Step, Walks

Ring = tuple[tuple[int, int], ...]
"""(teacher, option) in order: each takes the seat of the next. The best move stands first."""
Edge = tuple[int, int]
"""(place in the common ranking, option number): ranks every possible move; smaller is better."""


def rings(market: Market, free: Iterable[int], shortest: int, longest: int) -> Iterator[Ring]:
    """Rings of ``shortest`` to ``longest`` people, in the order they are decided: best first."""
    exchange = Exchange(market, free)
    turns = [len(set(standing.values())) for standing in market.standing]
    for place, group in enumerate(market.groups):
        teacher = group.teacher
        if teacher not in exchange.wants:
            continue
        ring = _best_with(exchange, place, shortest, longest)
        if ring is not None:
            yield ring
            for member, _ in ring:
                exchange.remove(member)
            continue
        turns[teacher] -= 1
        if turns[teacher] == 0:  # no move of hers can ever be part of a ring again
            exchange.remove(teacher)


def _best_with(exchange: Exchange, place: int, shortest: int, longest: int) -> Ring | None:
    """The best ring whose best move is one of hers whose place in the ranking this is."""
    teacher = exchange.market.groups[place].teacher
    within = exchange.returning(teacher, shortest, longest)
    for option, _ in exchange.options_at(place, within):
        ring = _best_through(exchange, (place, option), shortest, longest)
        if ring is not None:
            return ring
    return None


def _best_through(exchange: Exchange, first: Edge, shortest: int, longest: int) -> Ring | None:
    """The best ring of those whose best move is this one.

    Best by its other moves: the one with the best of them, then second best, and so on; if one
    list is the beginning of the other, the shorter.
    """
    market = exchange.market
    place, option = first
    teacher = market.groups[place].teacher
    walks = Walks(
        exchange, [(teacher, market.options[teacher][option])], range(shortest, longest + 1)
    )
    ring = walks.ring()
    if ring is None:
        return None
    while (joined := _joined(market, walks.fixed)) is None or len(joined) < shortest:
        place, walks, ring = _with_one_more(exchange, walks, ring, place + 1)
    return tuple((member, _option(market, member, position)) for member, position in joined)


def _with_one_more(
    exchange: Exchange, walks: Walks, ring: Mapping[int, int], start: int
) -> tuple[int, Walks, Mapping[int, int]]:
    """The best move that can be fixed besides: its place, the walks through it, one ring of them.

    ``ring``: one of ``walks``; ``start``: the first place of the ranking that is looked at.
    """
    candidates = _Candidates(exchange, walks, ring).best_first(start)
    return next(
        (place, further, found)
        for place, step in candidates
        for further in [walks.through(step)]
        if (found := further.ring()) is not None
    )


def _option(market: Market, teacher: int, position: int) -> int:
    return list(market.options[teacher]).index(position)


class _Candidates:
    """Which moves can be fixed next; those of ``ring`` among them, so one leaves a ring."""

    def __init__(self, exchange: Exchange, walks: Walks, ring: Mapping[int, int]) -> None:
        self._exchange = exchange
        self._arcs = walks.arcs()
        self._standing = 0
        for here, _ in self._arcs:
            self._standing |= here
        self._movers = {teacher for teacher, _ in walks.fixed}
        self._last = min(
            exchange.market.standing_at(teacher, position)
            for teacher, position in ring.items()
            if teacher not in self._movers
        )

    def best_first(self, start: int) -> Iterator[tuple[int, Step]]:
        """Moves along the arcs with their place in the common ranking, from ``start``."""
        exchange, home = self._exchange, self._exchange.market.home
        for place in self._places(range(start, self._last + 1)):
            teacher = exchange.market.groups[place].teacher
            if teacher in exchange.wants and teacher not in self._movers:
                onward = 0
                for here, there in self._arcs:
                    if here >> home[teacher] & 1:
                        onward |= there
                if onward:
                    for _, position in exchange.options_at(place, onward):
                        yield place, (teacher, position)

    def _places(self, allowed: range) -> Iterator[int]:
        """Places in that range of people who stand on an arc, and perhaps of others."""
        nearest = _NEAREST if self._standing.bit_count() > _FEW else 0
        yield from allowed[:nearest]
        rest = allowed[nearest:]
        standing, holders = self._exchange.market.standing, self._exchange.holders
        yield from sorted(
            place
            for position in listed(self._standing)
            for teacher in holders[position]
            for place in set(standing[teacher].values())
            if place in rest
        )


_FEW = 16  # positions whose holders are all looked up
_NEAREST = 128  # measured: else the next move to fix is seldom farther, and looking up takes long


def _joined(market: Market, fixed: Sequence[Step]) -> Sequence[Step] | None:
    """The fixed moves as one ring; of several, the one whose second member is ahead, and so on."""
    best_first = sorted(fixed[1:], key=lambda step: market.standing_at(*step))
    return _joined_on(market, fixed[:1], best_first)


def _joined_on(market: Market, path: Sequence[Step], rest: Sequence[Step]) -> Sequence[Step] | None:
    _, here = path[-1]
    if not rest:
        return path if market.home[path[0][0]] == here else None
    for step in rest:
        if market.home[step[0]] == here:
            left = [other for other in rest if other != step]
            found = _joined_on(market, [*path, step], left)
            if found is not None:
                return found
    return None
