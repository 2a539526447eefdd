"""Whether any ring or chain is worth more than the prices of what it uses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from matcher.checking.certified_lines import Line
from matcher.checking.claims import Claims
from matcher.files.problem import Position, SchoolId, TeacherId
from matcher.files.rulebook import SubjectCode

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """How much a move is worth by the length of its line; lines have at most ``longest`` moves.

    ``comes`` of ``of`` report: 1 of 1 if nobody fails.
    """

    longest: int
    comes: int
    of: int

    def member(self, length: int) -> int:
        """Each move of a ring of this length, or the move of a chain at this depth, from 1."""
        worth: int = self.comes**length * self.of ** (self.longest - length)
        return worth

    def of_line(self, line: Line) -> int:
        """All moves of a component."""
        length = len(line.steps)
        if line.is_ring:
            return length * self.member(length)
        return sum(self.member(depth) for depth in range(1, length + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """In millionths of a unit of worth: by person, by seat, by seat left and depth."""

    teachers: Mapping[int, int]
    vacancies: Mapping[int, int]
    left: Mapping[tuple[int, int], int]


def prices_of(claims: Claims, document: object) -> Prices | None:
    """The prices as they are written; None if they are not such, or one is negative."""
    match document:
        case {"teachers": dict(teachers), "vacancies": list(vacancies), "left": list(left)}:
            pass
        case _:
            return None
    found = Prices(
        teachers={claims.person.get(TeacherId(name), -1): p for name, p in teachers.items()},
        vacancies={_seat(claims, row[:-1]): row[-1] for row in vacancies if _is_row(row, 3)},
        left={(_seat(claims, row[:2]), row[2]): row[3] for row in left if _is_row(row, 4)},
    )
    known = [*found.teachers, *found.vacancies, *(seat for seat, _ in found.left)]
    every = [*found.teachers.values(), *found.vacancies.values(), *found.left.values()]
    is_whole = len(known) == len(teachers) + len(vacancies) + len(left)
    is_sound = is_whole and -1 not in known and all(type(p) is int and p >= 0 for p in every)
    return found if is_sound else None


def _is_row(row: object, length: int) -> bool:
    return isinstance(row, list) and len(row) == length and all(type(n) is int for n in row[2:])


def _seat(claims: Claims, row: Sequence[object]) -> int:
    match row:
        case [str(school), str(subject)]:
            return claims.seat.get(Position(SchoolId(school), SubjectCode(subject)), -1)
        case _:
            return -1


def is_sound(claims: Claims, worth: Worth, prices: Prices) -> bool:
    """Whether no line is worth more than what it uses."""
    return all(_chains(claims, worth, prices)) and not any(_dear_rings(claims, worth, prices))


def _chains(claims: Claims, worth: Worth, prices: Prices) -> Iterator[bool]:
    """For each possible link of a chain, whether it costs at least what it is worth."""
    wanting: dict[int, list[int]] = {}
    for person in range(len(claims.teachers)):
        for seat in claims.options(person):
            wanting.setdefault(seat, []).append(person)
    taken = {seat for seat, count in claims.capacity.items() if count}
    for depth in range(1, worth.longest + 1):
        left: set[int] = set()
        for seat in taken:
            before = (
                prices.vacancies.get(seat, 0)
                if depth == 1
                else prices.left.get((seat, depth - 1), 0)
            )
            for person in wanting.get(seat, ()):
                home = claims.home[person]
                goes_on = not (claims.shut >> home & 1 or (depth == 1 and claims.shut >> seat & 1))
                back = 0
                if goes_on and depth < worth.longest:
                    left.add(home)
                    back = prices.left.get((home, depth), 0)
                cost = prices.teachers.get(person, 0) + before - back
                yield cost >= worth.member(depth) * _MILLION
        taken = left


def _dear_rings(claims: Claims, worth: Worth, prices: Prices) -> Iterator[bool]:
    """True for each seat that a ring worth more than it costs leads back to."""
    by_member: dict[int, list[int]] = {}
    for length in range(2, worth.longest + 1):
        by_member.setdefault(worth.member(length), []).append(length)
    for member, lengths in by_member.items():
        onward = _onward(claims, prices, member * _MILLION)
        for seat in onward:
            yield _is_closed(onward, seat, lengths)


def _onward(claims: Claims, prices: Prices, member: int) -> Mapping[int, Sequence[tuple[int, int]]]:
    """By seat, where its holders want to go and what the move gains at most, those that gain."""
    held = set(claims.home)
    best: dict[int, dict[int, int]] = {}
    for person, home in enumerate(claims.home):
        gain = member - prices.teachers.get(person, 0)
        mine = best.setdefault(home, {})
        for seat in claims.options(person):
            if seat in held and gain > mine.get(seat, gain - 1):
                mine[seat] = gain
    return {home: list(found.items()) for home, found in best.items()}


def _is_closed(
    onward: Mapping[int, Sequence[tuple[int, int]]], head: int, lengths: Sequence[int]
) -> bool:
    """Whether a walk leads back in one of these lengths on which the gain never runs out.

    One that passes a seat twice is two rings, and the shorter are worth no less a member.
    """
    border = {head: 0}
    for length in range(1, lengths[-1] + 1):
        reached: dict[int, int] = {}
        for seat, so_far in border.items():
            for next_seat, gain in onward[seat]:
                total = so_far + gain
                if total > reached.get(next_seat, 0):
                    reached[next_seat] = total
        if head in reached and length in lengths:
            return True
        border = reached
    return False
