"""The theorem of deferred acceptance, held against one round of a vacancy phase.

No open seat that somebody wants, nobody passed over by less priority, and no circle of people
who could all do better without anybody being passed over. The last, by Erdil and Ergin (What's the
Matter with Tie-Breaking?, 2008), is what tells the best stable result for teachers from others.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from matcher.checking.claims import Claims, Priority, by_school
from matcher.checking.verdict import Finding, Wrong
from matcher.files.problem import Position, Teacher, TeacherId


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Seats on offer, who wanted one, and what each who moved got."""

    seats: Mapping[Position, int]
    people: Iterable[Teacher]
    got: Mapping[TeacherId, Position]


def envy(claims: Claims, held: Round, path: str) -> Iterator[Finding]:
    """What is wrong with the round; ``path`` is where it stands in the file."""
    if not any(held.seats.values()):
        return
    cutoffs = _cutoffs(claims, held)
    next_in_line: dict[Position, tuple[Priority, Teacher]] = {}
    sound = True
    places = by_school((position, position) for position, seats in held.seats.items() if seats)
    for teacher in held.people:
        got = held.got.get(teacher.id)
        for position, _, _ in claims.of(teacher, places):
            if position == got:
                break
            mine = claims.priority(teacher, position)
            cutoff = cutoffs[position]
            if cutoff is None or mine > cutoff:
                code = Wrong.SEAT_WASTED if cutoff is None else Wrong.JUSTIFIED_ENVY
                yield Finding(path=path, code=code, detail=_wish(teacher, position))
                sound = False
            if position not in next_in_line or mine > next_in_line[position][0]:
                next_in_line[position] = (mine, teacher)
    if sound:
        wanting = {position: teacher for position, (_, teacher) in next_in_line.items()}
        yield from _circles(held, wanting, path)


def _cutoffs(claims: Claims, held: Round) -> Mapping[Position, Priority | None]:
    """The lowest priority that got in, by position; None where a seat is still free."""
    inside: dict[Position, list[Priority]] = {position: [] for position in held.seats}
    for name, position in held.got.items():
        inside[position].append(claims.priority(claims.teachers[name], position))
    return {
        position: min(inside[position]) if len(inside[position]) >= count else None
        for position, count in held.seats.items()
        if count
    }


def _circles(held: Round, wanting: Mapping[Position, Teacher], path: str) -> Iterator[Finding]:
    """Circles in which each is the first in line for the seat of the next."""
    settled: set[Position] = set()
    for start in wanting:
        trail: list[Position] = []
        here: Position | None = start
        while here is not None and here in wanting and here not in settled:
            settled.add(here)
            trail.append(here)
            here = held.got.get(wanting[here].id)
        if here is not None and here in trail:
            yield Finding(path=path, code=Wrong.NOT_BEST_STABLE, detail=_wish(wanting[here], here))


def _wish(teacher: Teacher, position: Position) -> str:
    return f"{teacher.id} → {position.school}/{position.subject}"
