"""From a problem to a placement: the phases of the rule file, one after another.

No clock, no randomness, no file: the same problem gives the same bytes everywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from matcher.deciding.greedy import Step
from matcher.deciding.market import Market, market_of
from matcher.deciding.options import Admission
from matcher.deciding.rings import rings
from matcher.deciding.trading import Offer, trade
from matcher.deciding.vacancies import METHODS
from matcher.files import canon
from matcher.files.placement import Chain, Component, Mechanism, Move, Placement, Ring
from matcher.files.problem import Problem
from matcher.files.rulebook import RingPhase, VacancyMethod, VacancyPhase, Who


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A placement and how it came about; ``trace``: JSON lines, one per decision, in order."""

    placement: Placement
    trace: bytes


def solve(problem: Problem) -> Placement:
    """The placement the rule file in the problem prescribes."""
    return decide(problem).placement


def decide(problem: Problem) -> Solution:
    """The placement the rule file in the problem prescribes, with its trace."""
    run = _Run(problem)
    components = tuple(
        component for phase in problem.rules.phases for component in run.phase(phase)
    )
    trace = b"".join(run.lines)
    placement = Placement(
        problem=run.problem,
        rules=run.rules,
        mechanism=Mechanism.STATUTORY,
        components=components,
        trace=canon.identity(trace),
    )
    return Solution(placement=placement, trace=trace)


class _Run:
    """What is left over between phases: people who have not moved, vacancies nobody took."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem.identity()
        self.rules = problem.rules.identity()
        self.lines: list[bytes] = []
        self._market = market_of(problem)
        self._admission = Admission(problem)
        number = {position: n for n, position in enumerate(self._market.positions)}
        rows = [(number[vacancy.position], vacancy) for vacancy in problem.vacancies]
        self._seats = {position: vacancy.count for position, vacancy in rows}
        self._shut = frozenset(position for position, vacancy in rows if not vacancy.refill)
        self._marks = {school.id: school.marks for school in problem.schools}
        self._waiting = set(range(len(self._market.teachers)))
        self._tell(event="started", problem=self.problem, rules=self.rules)

    def phase(self, phase: VacancyPhase | RingPhase) -> Iterator[Component]:
        """The components of one phase, in the order of decision."""
        self._tell(event="phase_opened", phase=phase.name, kind=phase.kind)
        before = len(self._waiting)
        match phase:
            case VacancyPhase(method=VacancyMethod.TTC):
                yield from self._trades(phase)
            case VacancyPhase():
                yield from self._chains(phase)
            case RingPhase():
                yield from self._rings(phase)
            case _:
                assert_never(phase)
        self._tell(event="phase_closed", phase=phase.name, moved=before - len(self._waiting))

    def _chains(self, phase: VacancyPhase) -> Iterator[Chain]:
        outside = {p for p in range(len(self._market.positions)) if not self._is_in(phase, p)}
        offered = {p: n for p, n in self._seats.items() if n and p not in outside}
        for position in sorted(offered):
            self._tell(
                event="seats_offered",
                phase=phase.name,
                position=_pair(self._market, position),
                count=offered[position],
            )
        candidates = [n for n in sorted(self._waiting) if self._may_join(phase, n)]
        method = METHODS[phase.method]
        for line in method(self._market, candidates, offered, self._shut | outside, phase.refill):
            first, option = line[0]
            self._seats[self._market.options[first][option]] -= 1
            moves = self._moved(line)
            for later, move in enumerate(moves):
                self._tell(
                    event="moved",
                    phase=phase.name,
                    round=1 + later,
                    after=moves[later - 1].teacher if later else None,
                    priority=self._priority(line[later]),
                    **move.document(),
                )
            yield Chain(phase=phase.name, round=1, moves=moves)

    def _trades(self, phase: VacancyPhase) -> Iterator[Component]:
        outside = {p for p in range(len(self._market.positions)) if not self._is_in(phase, p)}
        offer = Offer(
            candidates=[n for n in sorted(self._waiting) if self._may_join(phase, n)],
            seats={p: n for p, n in self._seats.items() if n and p not in outside},
            shut=self._shut,
            outside=outside,
        )
        for line in trade(self._market, self._admission, offer).lines:
            if not line.is_ring:
                first, option = line.steps[0]
                self._seats[self._market.options[first][option]] -= 1
            moves = self._moved(list(line.steps))
            self._tell(
                event="ring_closed" if line.is_ring else "chain_closed",
                phase=phase.name,
                round=1,
                moves=[
                    {"priority": self._priority(step), **move.document()}
                    for step, move in zip(line.steps, moves, strict=True)
                ],
            )
            kind = Ring if line.is_ring else Chain
            yield kind(phase=phase.name, round=1, moves=moves)

    def _rings(self, phase: RingPhase) -> Iterator[Ring]:
        for steps in rings(self._market, sorted(self._waiting), phase.shortest, phase.longest):
            moves = self._moved(list(steps))
            self._tell(
                event="ring_closed",
                phase=phase.name,
                round=1,
                moves=[
                    {"priority": self._priority(step), **move.document()}
                    for step, move in zip(steps, moves, strict=True)
                ],
            )
            yield Ring(phase=phase.name, round=1, moves=moves)

    def _is_in(self, phase: VacancyPhase, position: int) -> bool:
        school = self._market.positions[position].school
        return phase.schools is None or phase.schools in self._marks[school]

    def _may_join(self, phase: VacancyPhase, number: int) -> bool:
        teacher = self._market.teachers[number]
        match phase.who:
            case Who.ALL:
                return True
            case Who.INDIGENOUS:
                return teacher.indigenous
            case Who.LANGUAGE:
                return teacher.language
            case _:
                assert_never(phase.who)

    def _moved(self, steps: list[Step]) -> tuple[Move, ...]:
        self._waiting.difference_update(teacher for teacher, _ in steps)
        return tuple(_move(self._market, step) for step in steps)

    def _priority(self, step: Step) -> list[int]:
        teacher, option = step
        place = self._market.standing_at(teacher, self._market.options[teacher][option])
        return list(self._market.groups[place].key)

    def _tell(self, **line: object) -> None:
        self.lines.append(canon.encode(line) + b"\n")


def _move(market: Market, step: Step) -> Move:
    number, option = step
    teacher = market.teachers[number]
    wish, subject_rank = market.wish_of(number, option)
    return Move(
        teacher=teacher.id,
        origin=teacher.position,
        destination=market.positions[market.options[number][option]],
        wish=wish,
        subject_rank=subject_rank,
    )


def _pair(market: Market, position: int) -> list[str]:
    return [market.positions[position].school, market.positions[position].subject]
