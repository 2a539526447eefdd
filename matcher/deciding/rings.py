"""Ring phases (互調, 三角調, 多角調): the best ring that can be closed, again and again.

No list of rings is made. All possible moves are walked in their one common order: a move either
is the best of a ring that can be closed now, and then the best such ring is taken, or it can
never be used later, since people only leave.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from matcher.deciding.exchange import Edge, Exchange, members
from matcher.deciding.market import Market

Ring = tuple[tuple[int, int], ...]
"""(teacher, option) in order: each takes the seat of the next. The best move stands first."""

_OPEN = -1


@dataclass(frozen=True, slots=True)
class _Draft:
    """Rings of one length that are not told apart yet.

    Somebody of ``places[i]`` takes a seat of somebody in ``places[i + 1]``, the last ones that of
    ``places[0]``; ``options[i]`` is the option number once decided, else `_OPEN`. Everyone named
    lies on a closed walk, which may yet name one person twice.
    """

    places: tuple[int, ...]
    options: tuple[int, ...]

    def undecided(self) -> list[int]:
        return [place for place, option in enumerate(self.options) if option == _OPEN]

    def ring(self) -> Ring:
        return tuple(
            (place.bit_length() - 1, option)
            for place, option in zip(self.places, self.options, strict=True)
        )


def rings(market: Market, free: Iterable[int], shortest: int, longest: int) -> Iterator[Ring]:
    """Rings of ``shortest`` to ``longest`` people, in the order they are decided: best first."""
    exchange = Exchange(market, free)
    turns = [len(set(standing.values())) for standing in market.standing]
    for place, group in enumerate(market.groups):
        teacher = group.teacher
        if not exchange.free >> teacher & 1:
            continue
        ring = _best_with(exchange, teacher, place, shortest, longest)
        if ring is not None:
            yield ring
            exchange.remove(member for member, _ in ring)
            continue
        turns[teacher] -= 1
        if turns[teacher] == 0:  # no move of hers can ever be part of a ring again
            exchange.remove([teacher])


def _best_with(
    exchange: Exchange, teacher: int, place: int, shortest: int, longest: int
) -> Ring | None:
    """The best ring whose best move is one of hers at this place of the ranking."""
    layers = exchange.layers(teacher, longest - 1)
    if len(layers) < shortest:
        return None
    within = 0
    for layer in layers[shortest - 1 :]:
        within |= layer
    for (_, option), position in exchange.edges_at(teacher, place, within):
        ring = best_through(exchange, (teacher, option), position, shortest, layers)
        if ring is not None:
            return ring
    return None


def best_through(
    exchange: Exchange,
    first: tuple[int, int],
    position: int,
    shortest: int,
    layers: list[int],
) -> Ring | None:
    """The best ring with this move (teacher, option), which leads to ``position``.

    Best by its other moves: the one with the best of them, then second best, and so on; if one
    list is the beginning of the other, the shorter. ``layers``: of the teacher, one per length.
    """
    drafts = [
        draft
        for length in range(shortest, len(layers) + 1)
        if (draft := _drafted(exchange, first, position, layers[:length])) is not None
    ]
    while drafts:
        complete = [draft.ring() for draft in drafts if not draft.undecided()]
        if complete:
            # Equal moves may still be joined in two ways; then the second in the ring decides.
            return min(complete, key=lambda ring: _places(exchange.market, ring))
        drafts = _decide_next(exchange, drafts)
    return None


def _places(market: Market, ring: Ring) -> list[int]:
    return [market.standing_at(one, market.options[one][option]) for one, option in ring]


def _drafted(
    exchange: Exchange, first: tuple[int, int], position: int, layers: list[int]
) -> _Draft | None:
    teacher, option = first
    length = len(layers)
    places = [1 << teacher, exchange.holders[position] & layers[length - 1]]
    for steps_left in range(length - 2, 0, -1):
        places.append(exchange.forward(places[-1]) & layers[steps_left])
    if not all(places):
        return None
    return _Draft(tuple(places), (option, *[_OPEN] * (length - 1)))


def _decide_next(exchange: Exchange, drafts: list[_Draft]) -> list[_Draft]:
    """The drafts that hold the best move any of them can still be given."""
    best: Edge | None = None
    kept: list[_Draft] = []
    for draft in drafts:
        for place in draft.undecided():
            found = _best_at(exchange, draft, place, best)
            if found is None:
                continue
            edge, narrowed = found
            if edge != best:
                best, kept = edge, []
            kept.append(narrowed)
    return kept


def _best_at(
    exchange: Exchange, draft: _Draft, place: int, bound: Edge | None
) -> tuple[Edge, _Draft] | None:
    """The best move possible at a place of the draft, unless it is worse than ``bound``."""
    best = exchange.market.best_place
    following = draft.places[(place + 1) % len(draft.places)]
    found = None
    for teacher in members(draft.places[place]):
        if bound is not None and best[teacher] > bound[0]:
            break  # the rest of the set has worse totals still
        for edge, position in exchange.edges(teacher, following):
            if bound is not None and edge > bound:
                break
            narrowed = _narrowed(exchange, draft, place, (teacher, edge[1]), position)
            if narrowed is not None:
                bound, found = edge, (edge, narrowed)
                break
    return found


def _narrowed(
    exchange: Exchange, draft: _Draft, place: int, move: tuple[int, int], position: int
) -> _Draft | None:
    """The draft with one more move decided; None if no ring is left in it."""
    teacher, option = move
    length = len(draft.places)
    places = list(draft.places)
    places[place] = 1 << teacher
    if place + 1 < length:
        places[place + 1] &= exchange.holders[position]
    for before in range(place - 1, 0, -1):
        places[before] &= exchange.backward(places[before + 1])
    for after in range(place + 2, length):
        places[after] &= exchange.forward(places[after - 1])
    options = list(draft.options)
    options[place] = option
    if not all(places) or not _names_a_ring(exchange, places):
        return None
    return _Draft(tuple(places), tuple(options))


def _names_a_ring(exchange: Exchange, places: list[int]) -> bool:
    """Whether the closed walks of these places include one that names nobody twice."""
    named = sum(place.bit_count() for place in places)
    union = 0
    for place in places:
        union |= place
    return named == union.bit_count() or _can_walk(exchange, places, 1, places[0])


def _can_walk(exchange: Exchange, places: list[int], at: int, passed: int) -> bool:
    return any(
        at + 1 == len(places)
        or _can_walk(
            exchange,
            [*places[: at + 1], places[at + 1] & exchange.forward(1 << teacher), *places[at + 2 :]],
            at + 1,
            passed | 1 << teacher,
        )
        for teacher in members(places[at] & ~passed)
    )
