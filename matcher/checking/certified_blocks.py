"""The certificate of a block exchange, gone through circle by circle.

Each member must stand before the one whose seat she takes over, and whatever she preferred must
be gone, or be held only by people who stand before her.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from matcher.checking.certified_lines import Line
from matcher.checking.certified_trades import cycles_of
from matcher.checking.claims import Claims
from matcher.checking.verdict import Finding, Wrong


def check_blocks(
    claims: Claims, lines: Sequence[Line], certificate: Mapping[str, object]
) -> Iterator[Finding]:
    """The first thing that is wrong, since everything after it would only be an echo."""
    cycles = cycles_of(claims, certificate)
    if cycles is None:
        yield Finding(path="$.certificate", code=Wrong.CERTIFICATE_WRONG)
        return
    got = dict(chain.from_iterable(line.steps for line in lines))
    floor = _Floor(claims)
    for index, cycle in enumerate(cycles):
        for place, person in enumerate(cycle):
            if floor.wanted(person) != (got.get(person), cycle[(place + 1) % len(cycle)]):
                path = f"$.certificate.cycles[{index}]"
                detail = claims.teachers[person].id
                yield Finding(path=path, code=Wrong.CERTIFICATE_WRONG, detail=detail)
                return
        floor.here.difference_update(cycle)
    traded = [cycle for cycle in cycles if cycle[0] in got]
    for line, cycle in zip(lines, traded, strict=False):
        people = [person for person, _ in line.steps]
        start = cycle.index(people[0]) if people[0] in cycle else 0
        if not line.is_ring or people != [*cycle[start:], *cycle[:start]]:
            detail = claims.teachers[people[0]].id
            yield Finding(path=line.path, code=Wrong.LINES_CROSSED, detail=detail)


class _Floor:
    """Who is still here with her seat."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims
        self.here = set(range(len(claims.teachers)))
        self._own = [len(claims.turns)] * len(claims.teachers)
        at_home: set[int] = set()
        for place, turn in enumerate(claims.turns):
            person = turn.person
            if person not in at_home:  # the last of her totals, unless one is of her own county
                self._own[person] = place
            if turn.scored >> claims.home[person] & 1:
                at_home.add(person)
        self._holders: dict[int, list[int]] = {}
        for person in sorted(self.here, key=self._standing):
            self._holders.setdefault(claims.home[person], []).append(person)

    def _standing(self, person: int) -> tuple[int, ...]:
        """How she stands where she is; among those who wish for nothing the lot decides."""
        return self._own[person], self._claims.teachers[person].lot

    def wanted(self, person: int) -> tuple[int | None, int]:
        """The dearest seat at which she can displace somebody, and whom; herself if none."""
        for seat in self._claims.options(person):
            turn = self._claims.turn(person, seat)
            for holder in self._holders.get(seat, ()):
                if holder in self.here and turn < self._own[holder]:
                    return seat, holder
        return None, person
