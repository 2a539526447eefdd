"""Who could follow whom, seat by seat, as the checker sees a ring phase.

Positions are numbered; a set of positions is an integer with one bit each. Shares nothing with
`matcher.deciding.exchange`, which joins people instead.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from matcher.checking.claims import Claims, Priority, by_school
from matcher.files.problem import CountyCode, Position, Teacher, TeacherId

Worth = tuple[int, int]
"""What a move is worth: its turn, and how far down the list of that turn; smaller is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A person with one of her totals, and the positions she may take with it, dearest first."""

    person: int
    seats: Sequence[int]


def bits(numbers: int) -> Iterator[int]:
    """The numbers in a set, ascending."""
    while numbers:
        last = numbers & -numbers
        yield last.bit_length() - 1
        numbers -= last


class Field:
    """People who hold seats and want others; whoever leaves takes her seat along.

    Attributes:
        number: The persons, numbered.
        position: The positions they hold, numbered.
        home: By person, the position she holds.
        holders: By position, who holds it and has not left.
        turns: In the one common order of all totals, best first.
        turns_of: By person, the places of hers in ``turns``.
        wants: By person, the positions she may take.
    """

    def __init__(self, claims: Claims, people: Iterable[Teacher]) -> None:
        teachers = list(people)
        self.number: Mapping[TeacherId, int] = {t.id: n for n, t in enumerate(teachers)}
        self.position: dict[Position, int] = {}
        for teacher in teachers:
            self.position.setdefault(teacher.position, len(self.position))
        self.home = [self.position[teacher.position] for teacher in teachers]
        self.holders: list[set[int]] = [set() for _ in self.position]
        for person, home in enumerate(self.home):
            self.holders[home].add(person)
        self.turns = self._turns(claims, teachers)
        self.turns_of: list[list[int]] = [[] for _ in teachers]
        self.wants = [0] * len(teachers)
        for place, turn in enumerate(self.turns):
            self.turns_of[turn.person].append(place)
            self.wants[turn.person] |= as_set(turn.seats)
        self._out = [self._wanted_at(position) for position in range(len(self.position))]
        self._into = [0] * len(self.position)
        for position, wanted in enumerate(self._out):
            for target in bits(wanted):
                self._into[target] |= 1 << position

    def _turns(self, claims: Claims, teachers: Sequence[Teacher]) -> list[Turn]:
        places = by_school(self.position.items())
        positions = list(self.position)
        counties = [claims.county(position) for position in positions]
        found: list[tuple[Priority, Turn]] = []
        for person, teacher in enumerate(teachers):
            lists: dict[CountyCode, array[int]] = {}
            by_points: dict[int, array[int]] = {}
            for number, _, _ in claims.of(teacher, places):
                county = counties[number]
                if county not in lists:
                    lists[county] = by_points.setdefault(teacher.points[county], array("l"))
                lists[county].append(number)
            for seats in by_points.values():
                priority = claims.priority(teacher, positions[seats[0]])
                found.append((priority, Turn(person=person, seats=seats)))
        return [turn for _, turn in sorted(found, key=lambda item: item[0], reverse=True)]

    def is_here(self, person: int) -> bool:
        """Whether she has not left."""
        return person in self.holders[self.home[person]]

    def worth(self, person: int, position: int) -> Worth:
        """What a move of hers is worth; she must want the position."""
        place = next(p for p in self.turns_of[person] if position in self.turns[p].seats)
        return place, self.turns[place].seats.index(position)

    def leave(self, person: int) -> None:
        """Take her out, with her seat and all she wants."""
        home = self.home[person]
        self.holders[home].discard(person)
        before = self._out[home]
        self._out[home] = self._wanted_at(home)
        for target in bits(before & ~self._out[home]):
            self._into[target] &= ~(1 << home)

    def _wanted_at(self, position: int) -> int:
        wanted = 0
        for person in self.holders[position]:
            wanted |= self.wants[person]
        return wanted

    def after(self, positions: int) -> int:
        """Positions that somebody who holds one of these wants."""
        found = 0
        for position in bits(positions):
            found |= self._out[position]
        return found

    def before(self, positions: int) -> int:
        """Positions whose holders want one of these."""
        found = 0
        for position in bits(positions):
            found |= self._into[position]
        return found


def as_set(numbers: Iterable[int]) -> int:
    """The numbers as a set."""
    found = 0
    for number in numbers:
        found |= 1 << number
    return found
