"""Seats of one vacancy phase, counted from the placement, for the checker."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from matcher.checking.claims import Claims
from matcher.checking.envy import Round, envy
from matcher.checking.verdict import Finding, Wrong
from matcher.files.placement import Chain, Component, Move
from matcher.files.rulebook import Refill, VacancyPhase, Who

Taker = tuple[int, str, Move]
"""The number of a chain in its phase, the path of one of its moves, and the move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a vacancy phase began with: who takes part, seats on offer, and seats that are shut."""

    phase: VacancyPhase
    people: Sequence[int]
    seats: Mapping[int, int]
    part: int
    shut: int

    def is_refilled(self, left: int, taken: int) -> bool:
        """Whether the seat ``left`` by one who took ``taken`` is offered again in this phase."""
        return (
            self.phase.refill is Refill.ROUNDS
            and not (self.shut >> left | self.shut >> taken) & 1
            and bool(self.part >> left & 1)
        )


def opening(
    claims: Claims, phase: VacancyPhase, people: Iterable[int], seats: Mapping[int, int]
) -> Opening:
    """What the phase begins with, of the people and vacancies that are left for it."""
    part = claims.marked(phase.schools)
    return Opening(
        phase=phase,
        people=[person for person in people if _may_join(claims, phase, person)],
        seats={seat: count for seat, count in seats.items() if part >> seat & 1},
        part=part,
        shut=claims.shut,
    )


def _may_join(claims: Claims, phase: VacancyPhase, person: int) -> bool:
    match phase.who:
        case Who.ALL:
            return True
        case Who.INDIGENOUS:
            return claims.teachers[person].indigenous
        case Who.LANGUAGE:
            return claims.teachers[person].language
        case _:
            assert_never(phase.who)


def membership(
    claims: Claims, begun: Opening, located: Sequence[tuple[str, Component]]
) -> Iterator[Finding]:
    """Moves of people or to schools that the phase is not for."""
    people = set(begun.people)
    for path, component in located:
        for index, move in enumerate(component.moves):
            here = f"{path}.moves[{index}]"
            if claims.person[move.teacher] not in people:
                yield Finding(path=here, code=Wrong.NOT_IN_PHASE, detail=move.teacher)
            if not begun.part >> claims.seat[move.destination] & 1:
                detail = move.destination.school
                yield Finding(path=here, code=Wrong.SCHOOL_NOT_IN_PHASE, detail=detail)


class RoundsLedger:
    """A phase of `VacancyMethod.DEFERRED_ACCEPTANCE`: one result per round."""

    def __init__(self, claims: Claims, begun: Opening) -> None:
        self._claims = claims
        self._begun = begun

    def findings(self, chains: Sequence[tuple[str, Chain]]) -> list[Finding]:
        """What is wrong with the chains of this phase."""
        return list(self._order(chains)) or list(self._rounds(chains))

    def _order(self, chains: Sequence[tuple[str, Chain]]) -> Iterator[Finding]:
        latest = -1
        for path, chain in chains:
            mine = self._turn(chain.moves[0])
            if mine < latest:
                detail = chain.moves[0].teacher
                yield Finding(path=path, code=Wrong.DECISIONS_OUT_OF_ORDER, detail=detail)
            latest = mine

    def _turn(self, move: Move) -> int:
        return self._claims.turn(*self._step(move))

    def _step(self, move: Move) -> tuple[int, int]:
        return self._claims.person[move.teacher], self._claims.seat[move.destination]

    def _rounds(self, chains: Sequence[tuple[str, Chain]]) -> Iterator[Finding]:
        """Each round is held against its theorem; the first that fails makes the rest moot."""
        people, offered = dict.fromkeys(self._begun.people), Counter(self._begun.seats)
        freed: Mapping[int, list[int]] | None = None  # by chain; None in the first round
        number = 0
        while True:
            takers = _takers(chains, number)
            if number and not takers and not freed:
                return
            if freed is None:
                findings = list(self._oversold(takers, offered))
            else:
                findings = list(self._links(takers, freed))
            got = dict(self._step(move) for _, _, move in takers)
            if not findings:
                held = Round(seats=offered, people=people, got=got)
                findings = list(envy(self._claims, held, "$"))
            yield from findings
            if findings or not takers:
                return
            offered -= Counter(got.values())
            for person in got:
                del people[person]
            freed = self._seats_left(takers)
            offered += Counter({seat: len(lines) for seat, lines in freed.items()})
            number += 1

    def _seats_left(self, takers: Sequence[Taker]) -> Mapping[int, list[int]]:
        freed: dict[int, list[int]] = {}
        for chain, _, move in takers:
            person, taken = self._step(move)
            left = self._claims.home[person]
            if self._begun.is_refilled(left, taken):
                freed.setdefault(left, []).append(chain)
        return freed

    def _links(self, takers: Sequence[Taker], freed: Mapping[int, list[int]]) -> Iterator[Finding]:
        """Seats that were never set free, and lines joined in the wrong order."""
        used: dict[int, list[Taker]] = {}
        for taker in takers:
            chain, path, move = taker
            seat = self._claims.seat[move.destination]
            if chain in freed.get(seat, ()):
                used.setdefault(seat, []).append(taker)
            else:
                yield Finding(path=path, code=Wrong.SEAT_NOT_OFFERED, detail=move.teacher)
        for seat, ones in used.items():
            lines = [chain for chain, _, _ in ones]
            turns = [self._turn(move) for _, _, move in ones]
            if lines != freed[seat][: len(lines)] or turns != sorted(turns):
                _, path, first = ones[0]
                yield Finding(path=path, code=Wrong.LINES_CROSSED, detail=first.teacher)

    def _oversold(self, takers: Sequence[Taker], offered: Mapping[int, int]) -> Iterator[Finding]:
        left = Counter(offered)
        for _, path, move in takers:
            seat = self._claims.seat[move.destination]
            left[seat] -= 1
            if left[seat] < 0:
                yield Finding(path=path, code=Wrong.OVERSOLD, detail=move.destination.school)


def _takers(chains: Sequence[tuple[str, Chain]], number: int) -> list[Taker]:
    return [
        (index, f"{path}.moves[{number}]", chain.moves[number])
        for index, (path, chain) in enumerate(chains)
        if number < len(chain.moves)
    ]
