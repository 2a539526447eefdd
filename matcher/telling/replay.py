"""A placement played back: what each phase began with, and who took what in which round."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from matcher.deciding.market import Market
from matcher.files.placement import Chain, Component, Placement, Ring
from matcher.files.problem import Problem
from matcher.files.rulebook import Phase, Refill, RingPhase, VacancyPhase, Who

Step = tuple[int, int]
"""A teacher and the position she takes, numbered as in the market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyStage:
    """A vacancy phase. ``offers`` and ``takers``: by round, from 0, seats and moves by position."""

    phase: VacancyPhase
    waiting: frozenset[int]
    offers: tuple[Mapping[int, int], ...]
    takers: tuple[Mapping[int, list[int]], ...]

    def round_of(self, teacher: int) -> int:
        """The round she moved in; the last one if she did not."""
        for number, taken in enumerate(self.takers):
            if any(teacher in movers for movers in taken.values()):
                return number
        return len(self.takers)


@dataclass(frozen=True, slots=True, kw_only=True)
class RingStage:
    """A ring phase, with its rings in the order they were decided."""

    phase: RingPhase
    waiting: frozenset[int]
    rings: tuple[tuple[Step, ...], ...]


Stage = VacancyStage | RingStage


def replay(problem: Problem, placement: Placement, market: Market) -> Iterator[Stage]:
    """One stage per phase of the rule file. The placement must be one that `check` accepts."""
    reel = _Reel(problem, market)
    for phase in problem.rules.phases:
        yield reel.stage(phase, [c for c in placement.components if c.phase == phase.name])


class _Reel:
    """People and vacancies that are left, between phases."""

    def __init__(self, problem: Problem, market: Market) -> None:
        self._market = market
        self._position = {position: n for n, position in enumerate(market.positions)}
        self._teacher = {teacher.id: n for n, teacher in enumerate(market.teachers)}
        self._marks = {school.id: school.marks for school in problem.schools}
        self._waiting = frozenset(range(len(market.teachers)))
        rows = [(self._position[vacancy.position], vacancy) for vacancy in problem.vacancies]
        self._seats = Counter({number: vacancy.count for number, vacancy in rows})
        self._shut = {number for number, vacancy in rows if not vacancy.refill}

    def stage(self, phase: Phase, components: list[Component]) -> Stage:
        """The phase as it was played, after which its movers are gone."""
        waiting = self._waiting
        lines = [self._steps(component) for component in components]
        self._waiting -= {teacher for line in lines for teacher, _ in line}
        match phase:
            case VacancyPhase():
                return self._vacancy_stage(phase, waiting, lines)
            case RingPhase():
                return RingStage(phase=phase, waiting=waiting, rings=tuple(lines))
            case _:
                assert_never(phase)

    def _steps(self, component: Chain | Ring) -> tuple[Step, ...]:
        return tuple(
            (self._teacher[move.teacher], self._position[move.destination])
            for move in component.moves
        )

    def _vacancy_stage(
        self, phase: VacancyPhase, waiting: frozenset[int], lines: list[tuple[Step, ...]]
    ) -> VacancyStage:
        offers: list[Mapping[int, int]] = [
            {n: count for n, count in self._seats.items() if self._takes_part(phase, n)}
        ]
        takers: list[Mapping[int, list[int]]] = []
        for number in range(max(map(len, lines), default=0)):
            steps = [line[number] for line in lines if number < len(line)]
            taken: dict[int, list[int]] = {}
            for teacher, position in steps:
                taken.setdefault(position, []).append(teacher)
            takers.append(taken)
            offers.append(Counter(self._left(phase, steps)))
        self._seats -= Counter(line[0][1] for line in lines)
        return VacancyStage(
            phase=phase,
            waiting=frozenset(n for n in waiting if self._may_join(phase, n)),
            offers=tuple(offers),
            takers=tuple(takers),
        )

    def _left(self, phase: VacancyPhase, steps: list[Step]) -> Iterator[int]:
        if phase.refill is Refill.NONE:
            return
        for teacher, position in steps:
            home = self._market.home[teacher]
            if self._shut.isdisjoint((home, position)) and self._takes_part(phase, home):
                yield home

    def _takes_part(self, phase: VacancyPhase, position: int) -> bool:
        school = self._market.positions[position].school
        return phase.schools is None or phase.schools in self._marks[school]

    def _may_join(self, phase: VacancyPhase, number: int) -> bool:
        teacher = self._market.teachers[number]
        return {
            Who.ALL: True,
            Who.INDIGENOUS: teacher.indigenous,
            Who.LANGUAGE: teacher.language,
        }[phase.who]
