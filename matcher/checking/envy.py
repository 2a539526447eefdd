"""The theorem of deferred acceptance, held against one round of a vacancy phase.

No open seat that somebody wants, nobody passed over by less priority, and no circle of people
who could all do better without anybody being passed over. The last, by Erdil and Ergin (What's the
Matter with Tie-Breaking?, 2008), is what tells the best stable result for teachers from others.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from matcher.checking.claims import Claims, as_set
from matcher.checking.verdict import Finding, Wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Seats on offer, who wanted one, and what each who moved got; all by number."""

    seats: Mapping[int, int]
    people: Iterable[int]
    got: Mapping[int, int]


def envy(claims: Claims, held: Round, path: str) -> Iterator[Finding]:
    """What is wrong with the round; ``path`` is where it stands in the file."""
    offered = as_set(seat for seat, count in held.seats.items() if count)
    if not offered:
        return
    cutoffs = _cutoffs(claims, held)
    next_in_line: dict[int, tuple[int, int]] = {}
    sound = True
    for person in held.people:
        if not claims.wants(person) & offered:
            continue
        got = held.got.get(person)
        for seat in claims.options(person):
            if seat == got:
                break
            if seat not in cutoffs:
                continue
            mine, cutoff = claims.turn(person, seat), cutoffs[seat]
            if cutoff is None or mine < cutoff:
                code = Wrong.SEAT_WASTED if cutoff is None else Wrong.JUSTIFIED_ENVY
                yield Finding(path=path, code=code, detail=wish(claims, person, seat))
                sound = False
            if seat not in next_in_line or mine < next_in_line[seat][0]:
                next_in_line[seat] = (mine, person)
    if sound:
        wanting = {seat: person for seat, (_, person) in next_in_line.items()}
        yield from _circles(claims, held, wanting, path)


def _cutoffs(claims: Claims, held: Round) -> Mapping[int, int | None]:
    """The lowest priority that got in, by seat on offer; None where one is still free."""
    inside: dict[int, list[int]] = {seat: [] for seat in held.seats}
    for person, seat in held.got.items():
        inside[seat].append(claims.turn(person, seat))
    return {
        seat: max(inside[seat]) if len(inside[seat]) >= count else None
        for seat, count in held.seats.items()
        if count
    }


def _circles(
    claims: Claims, held: Round, wanting: Mapping[int, int], path: str
) -> Iterator[Finding]:
    """Circles in which each is the first in line for the seat of the next."""
    settled: set[int] = set()
    for start in wanting:
        trail: list[int] = []
        here: int | None = start
        while here is not None and here in wanting and here not in settled:
            settled.add(here)
            trail.append(here)
            here = held.got.get(wanting[here])
        if here is not None and here in trail:
            detail = wish(claims, wanting[here], here)
            yield Finding(path=path, code=Wrong.NOT_BEST_STABLE, detail=detail)


def wish(claims: Claims, person: int, seat: int) -> str:
    """A teacher and a position, to look at."""
    position = claims.positions[seat]
    return f"{claims.teachers[person].id} → {position.school}/{position.subject}"
