"""Seats of one vacancy phase, counted round by round from the placement, for the checker."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from matcher.checking.claims import Claims, Priority
from matcher.checking.envy import Round, envy
from matcher.checking.verdict import Finding, Wrong
from matcher.files.placement import Chain, Move
from matcher.files.problem import Position, Teacher
from matcher.files.rulebook import Refill, VacancyPhase, Who

Taker = tuple[int, str, Move]
"""The number of a chain in its phase, the path of one of its moves, and the move."""


class VacancyLedger:
    """What a vacancy phase began with: people, seats, and positions that are not offered again."""

    def __init__(
        self,
        claims: Claims,
        phase: VacancyPhase,
        people: Iterable[Teacher],
        seats: Mapping[Position, int],
        shut: Collection[Position],
    ) -> None:
        self._claims = claims
        self._phase = phase
        self._people = {t.id: t for t in people if self._may_join(t)}
        self._seats = Counter({p: count for p, count in seats.items() if self._takes_part(p)})
        self._shut = shut

    def _may_join(self, teacher: Teacher) -> bool:
        match self._phase.who:
            case Who.ALL:
                return True
            case Who.INDIGENOUS:
                return teacher.indigenous
            case Who.LANGUAGE:
                return teacher.language
            case _:
                assert_never(self._phase.who)

    def _takes_part(self, position: Position) -> bool:
        return self._phase.schools is None or self._phase.schools in self._claims.marks(position)

    def findings(self, chains: Sequence[tuple[str, Chain]]) -> list[Finding]:
        """What is wrong with the chains of this phase."""
        return [*self._membership(chains), *self._order(chains)] or list(self._rounds(chains))

    def _membership(self, chains: Sequence[tuple[str, Chain]]) -> Iterator[Finding]:
        for path, chain in chains:
            for index, move in enumerate(chain.moves):
                here = f"{path}.moves[{index}]"
                if move.teacher not in self._people:
                    yield Finding(path=here, code=Wrong.NOT_IN_PHASE, detail=move.teacher)
                if not self._takes_part(move.destination):
                    detail = move.destination.school
                    yield Finding(path=here, code=Wrong.SCHOOL_NOT_IN_PHASE, detail=detail)

    def _order(self, chains: Sequence[tuple[str, Chain]]) -> Iterator[Finding]:
        latest = None
        for path, chain in chains:
            first = chain.moves[0]
            mine = self._priority(first)
            if latest is not None and mine > latest:
                yield Finding(path=path, code=Wrong.DECISIONS_OUT_OF_ORDER, detail=first.teacher)
            latest = mine

    def _priority(self, move: Move) -> Priority:
        return self._claims.priority(self._claims.teachers[move.teacher], move.destination)

    def _rounds(self, chains: Sequence[tuple[str, Chain]]) -> Iterator[Finding]:
        """Each round is held against its theorem; the first that fails makes the rest moot."""
        people, offered = dict(self._people), Counter(self._seats)
        freed: Mapping[Position, list[int]] | None = None  # by chain; None in the first round
        number = 0
        while True:
            takers = _takers(chains, number)
            if number and not takers and not freed:
                return
            if freed is None:
                findings = list(_oversold(takers, offered))
            else:
                findings = list(self._links(takers, freed))
            got = {move.teacher: move.destination for _, _, move in takers}
            if not findings:
                held = Round(seats=offered, people=people.values(), got=got)
                findings = list(envy(self._claims, held, "$"))
            yield from findings
            if findings or not takers:
                return
            offered -= Counter(got.values())
            for name in got:
                del people[name]
            freed = self._seats_left(takers)
            offered += Counter({position: len(lines) for position, lines in freed.items()})
            number += 1

    def _seats_left(self, takers: Sequence[Taker]) -> Mapping[Position, list[int]]:
        freed: dict[Position, list[int]] = {}
        for chain, _, move in takers:
            is_shut = move.origin in self._shut or move.destination in self._shut
            if (
                self._phase.refill is Refill.ROUNDS
                and not is_shut
                and self._takes_part(move.origin)
            ):
                freed.setdefault(move.origin, []).append(chain)
        return freed

    def _links(
        self, takers: Sequence[Taker], freed: Mapping[Position, list[int]]
    ) -> Iterator[Finding]:
        """Seats that were never set free, and lines joined in the wrong order."""
        used: dict[Position, list[Taker]] = {}
        for taker in takers:
            chain, path, move = taker
            if chain in freed.get(move.destination, ()):
                used.setdefault(move.destination, []).append(taker)
            else:
                yield Finding(path=path, code=Wrong.SEAT_NOT_OFFERED, detail=move.teacher)
        for position, ones in used.items():
            lines = [chain for chain, _, _ in ones]
            priorities = [self._priority(move) for _, _, move in ones]
            is_best_first = priorities == sorted(priorities, reverse=True)
            if lines != freed[position][: len(lines)] or not is_best_first:
                yield Finding(path=ones[0][1], code=Wrong.LINES_CROSSED)


def _takers(chains: Sequence[tuple[str, Chain]], number: int) -> list[Taker]:
    return [
        (index, f"{path}.moves[{number}]", chain.moves[number])
        for index, (path, chain) in enumerate(chains)
        if number < len(chain.moves)
    ]


def _oversold(takers: Sequence[Taker], offered: Mapping[Position, int]) -> Iterator[Finding]:
    left = Counter(offered)
    for _, path, move in takers:
        left[move.destination] -= 1
        if left[move.destination] < 0:
            yield Finding(path=path, code=Wrong.OVERSOLD, detail=move.destination.school)
