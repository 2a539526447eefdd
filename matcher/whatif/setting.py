"""One problem as the what-if mechanisms see it, and their results as placements.

None of these mechanisms is official: 介聘辦法 prescribes none of them, and a rule file that does
not name one never runs it. They are for `compare` and for the law's next revision. They see the
whole market at once: all vacancies, all who want to move, no phases.
"""

from collections.abc import Mapping, Sequence

from matcher.deciding.market import Market, market_of
from matcher.deciding.options import Admission
from matcher.deciding.solve import Solution
from matcher.deciding.trading import Line, Step
from matcher.files import canon
from matcher.files.placement import Chain, Component, Mechanism, Move, Placement, Ring
from matcher.files.problem import Problem


class Setting:
    """The numbered problem.

    Attributes:
        seats: Vacancies, by position; only where there are any.
        shut: Positions that a county declared 遇缺不補.
    """

    def __init__(self, problem: Problem) -> None:
        self.market: Market = market_of(problem)
        self.admission = Admission(problem)
        number = {position: n for n, position in enumerate(self.market.positions)}
        rows = [(number[vacancy.position], vacancy) for vacancy in problem.vacancies]
        self.seats = {position: vacancy.count for position, vacancy in rows if vacancy.count}
        self.shut = frozenset(position for position, vacancy in rows if not vacancy.refill)
        self._problem = problem.identity()
        self._rules = problem.rules.identity()

    def place(self, step: Step) -> int:
        """Her place in the common ranking at the seat she takes; smaller is better."""
        teacher, option = step
        return self.market.standing_at(teacher, self.market.options[teacher][option])

    def solution(
        self, mechanism: Mechanism, lines: Sequence[Line], certificate: Mapping[str, object]
    ) -> Solution:
        """The placement with these moves, which are said to be of no phase but the mechanism."""
        started = {
            "event": "started",
            "problem": self._problem,
            "rules": self._rules,
            "mechanism": mechanism.value,
            "official": False,
        }
        moved = sum(len(line.steps) for line in lines)
        closed = {"event": "closed", "mechanism": mechanism.value, "moved": moved}
        components = tuple(self._component(mechanism, line) for line in lines)
        told = map(self._told, lines, components)
        trace = b"".join(canon.encode(line) + b"\n" for line in (started, *told, closed))
        placement = Placement(
            problem=self._problem,
            rules=self._rules,
            mechanism=mechanism,
            components=components,
            trace=canon.identity(trace),
            certificate=certificate,
        )
        return Solution(placement=placement, trace=trace)

    def _component(self, mechanism: Mechanism, line: Line) -> Component:
        moves = tuple(map(self._move, line.steps))
        kind = Ring if line.is_ring else Chain
        return kind(phase=mechanism.value, round=1, moves=moves)

    def _told(self, line: Line, component: Component) -> dict[str, object]:
        return {
            "event": "ring_closed" if line.is_ring else "chain_closed",
            "moves": [
                {"priority": list(self.market.groups[self.place(step)].key), **move.document()}
                for step, move in zip(line.steps, component.moves, strict=True)
            ],
        }

    def _move(self, step: Step) -> Move:
        number, option = step
        teacher = self.market.teachers[number]
        wish, subject_rank = self.market.wish_of(number, option)
        return Move(
            teacher=teacher.id,
            origin=teacher.position,
            destination=self.market.positions[self.market.options[number][option]],
            wish=wish,
            subject_rank=subject_rank,
        )
