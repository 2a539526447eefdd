"""Why a teacher got what she got: an answer for each of her wishes, without naming anybody else.

Only codes and numbers (`matcher.telling.answer`); the sentences are in `matcher.telling.text`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from matcher.checking.claims import Claims
from matcher.deciding.options import Admission
from matcher.files.placement import Move, Placement
from matcher.files.problem import Position, Problem, TeacherId
from matcher.telling.answer import Answer, Because, Comparison, Explanation, Outcome, Reason
from matcher.telling.chances import Chances
from matcher.telling.replay import RingStage, Stage, Step, TradeStage, VacancyStage, replay


def explain(problem: Problem, placement: Placement, teacher: TeacherId) -> Explanation | None:
    """The answers for one teacher; None if the problem does not know her.

    The placement must be one that `matcher.checking.check` accepts. For many teachers keep an
    `Explainer`.
    """
    return Explainer(problem, placement).explain(teacher)


class Explainer:
    """One placement, ready to answer."""

    def __init__(self, problem: Problem, placement: Placement) -> None:
        self._problem = problem
        self._identities = problem.identity(), placement.identity()
        self._claims = Claims(problem)
        self._admission = Admission(problem)
        self._stages = tuple(replay(problem, placement, self._claims))
        self._chances = {
            stage.name: Chances(self._claims, stage.phase, sorted(stage.waiting))
            for stage in self._stages
            if isinstance(stage, RingStage)
        }
        self._marks = {school.id: school.marks for school in problem.schools}
        self._county = {school.id: school.county for school in problem.schools}
        self._moves = {
            move.teacher: (component.phase, move)
            for component in placement.components
            for move in component.moves
        }

    def explain(self, name: TeacherId) -> Explanation | None:
        """The answers for one teacher; None if the problem does not know her."""
        return self._of(name) if name in self._claims.person else None

    def everyone(self) -> Iterator[Explanation]:
        """The answers for every teacher, in the order of the problem file."""
        return (self._of(teacher.id) for teacher in self._problem.teachers)

    def _of(self, name: TeacherId) -> Explanation:
        phase, move = self._moves.get(name, (None, None))
        return Explanation(
            problem=self._identities[0],
            placement=self._identities[1],
            teacher=name,
            phase=phase,
            move=move,
            answers=tuple(self._answers(self._claims.person[name], move)),
        )

    def _answers(self, person: int, move: Move | None) -> Iterator[Answer]:
        teacher = self._claims.teachers[person]
        for entry in self._admission.entries(teacher):
            outcome = Outcome.MISSED
            reasons: tuple[Reason, ...] = ()
            if entry.struck is not None:
                outcome = Outcome.STRUCK
            elif move is not None and entry.position == move.destination:
                outcome = Outcome.OBTAINED
            else:
                reasons = tuple(self._reasons(person, entry.position))
                reasons = reasons or tuple(self._outside(person))
            points = teacher.points[self._county[entry.position.school]]
            yield Answer(entry=entry, points=points, outcome=outcome, reasons=reasons)
            if outcome is Outcome.OBTAINED:
                return

    def _reasons(self, person: int, position: Position) -> Iterator[Reason]:
        """What each phase says until she moved; then, if more phases came, that she had moved."""
        moved_in, _ = self._moves.get(self._claims.teachers[person].id, (None, None))
        for stage in self._stages:
            if person in stage.waiting:
                if self._is_for(stage, position):
                    yield self._reason(stage, person, self._claims.seat.get(position))
                elif stage.name == moved_in:  # it matters only to one who was placed by it
                    yield Reason(phase=stage.name, code=Because.SCHOOL_NOT_IN_PHASE)
            if stage.name == moved_in:
                if stage is not self._stages[-1]:
                    yield Reason(phase=stage.name, code=Because.MOVED_ALREADY)
                return

    def _is_for(self, stage: Stage, position: Position) -> bool:
        if isinstance(stage, RingStage) or stage.schools is None:
            return True
        return stage.schools in self._marks[position.school]

    def _reason(self, stage: Stage, person: int, seat: int | None) -> Reason:
        match stage:
            case RingStage():
                return self._of_rings(stage, person, seat)
            case _ if seat is None:
                return Reason(phase=stage.name, code=Because.NO_SEAT)
            case VacancyStage():
                return self._of_vacancies(stage, person, seat)
            case TradeStage():
                return self._of_trade(stage, person, seat)
            case _:
                assert_never(stage)

    def _outside(self, person: int) -> Iterator[Reason]:
        """Why no phase considered it: it was not for her, or not for that school."""
        for stage in self._stages:
            is_in = person in stage.waiting
            code = Because.SCHOOL_NOT_IN_PHASE if is_in else Because.NOT_FOR_HER
            yield Reason(phase=stage.name, code=code)

    def _of_vacancies(self, stage: VacancyStage, person: int, seat: int) -> Reason:
        opened, taken = stage.opened.get(seat, ()), stage.taken.get(seat, ())
        until = stage.when.get(person, len(self._claims.teachers))
        if not opened:
            return Reason(phase=stage.name, code=Because.NO_SEAT)
        if opened[0] > until:
            return Reason(phase=stage.name, code=Because.OPENED_LATER)
        before = [taker for moment, taker in taken if moment < until]
        if stage.is_walk and bisect_right(opened, until) > len(before):
            code, comparison = Because.EARLIER_TURN, self._with_her_own(person, seat)
        else:
            takers = [taker for moment, taker in taken if moment <= until]
            code, comparison = Because.TAKEN, self._with_lowest(person, seat, takers)
        return Reason(phase=stage.name, code=code, comparison=comparison)

    def _of_trade(self, stage: TradeStage, person: int, seat: int) -> Reason:
        takers = stage.taken.get(seat, ())
        if takers:
            comparison = self._with_lowest(person, seat, takers)
            return Reason(phase=stage.name, code=Because.GIVEN, comparison=comparison)
        holders = [one for one in stage.waiting if self._claims.home[one] == seat]
        movers = {mover for ones in stage.taken.values() for mover in ones}
        if stage.vacant.get(seat) or not movers.isdisjoint(holders):
            return Reason(phase=stage.name, code=Because.NOT_GIVEN)
        return Reason(phase=stage.name, code=Because.NOT_LEFT if holders else Because.NO_SEAT)

    def _of_rings(self, stage: RingStage, person: int, seat: int | None) -> Reason:
        chances = self._chances[stage.name]
        if seat is None or not chances.is_held(seat):
            return Reason(phase=stage.name, code=Because.NOBODY_LEAVES)
        ring = chances.best_ring(person, seat)
        if ring is None:
            return Reason(phase=stage.name, code=Because.NO_RING)
        winner = next(steps for steps in stage.rings if any(member in ring for member, _ in steps))
        return Reason(
            phase=stage.name,
            code=Because.RING_LOST,
            comparison=self._between_rings(winner, tuple(ring.items())),
        )

    def _with_lowest(self, person: int, seat: int, takers: Sequence[int]) -> Comparison:
        lowest = max(takers, key=lambda taker: self._claims.turn(taker, seat))
        return self._comparison(len(takers), 1, (lowest, seat), (person, seat))

    def _with_her_own(self, person: int, seat: int) -> Comparison:
        _, move = self._moves[self._claims.teachers[person].id]
        got = self._claims.seat[move.destination]
        return self._comparison(1, 1, (person, got), (person, seat))

    def _between_rings(self, winner: Sequence[Step], hers: Sequence[Step]) -> Comparison:
        won, lost = (
            sorted(steps, key=lambda step: self._claims.worth(*step)) for steps in (winner, hers)
        )
        for place, (a, b) in enumerate(zip(won, lost, strict=False), start=1):
            if a != b:
                return self._comparison(len(won), place, a, b)
        last = len(won) - 1  # hers begins with all the moves of the one that won, and goes on
        same = self._comparison(len(won), len(won), won[last], lost[last])
        return replace(same, decided_by="length")

    def _comparison(self, people: int, place: int, won: Step, lost: Step) -> Comparison:
        won_key, lost_key = self._key(won), self._key(lost)
        return Comparison(
            people=people,
            place=place,
            points=won_key["points"],
            against=lost_key["points"],
            decided_by=next(
                (name for name, number in won_key.items() if number != lost_key[name]),
                "length",
            ),
        )

    def _key(self, step: Step) -> Mapping[str, int]:
        """The numbers two moves are compared by, in that order."""
        person, seat = step
        teacher, position = self._claims.teachers[person], self._claims.positions[seat]
        return {
            "points": teacher.points[self._county[position.school]],
            **dict(zip(self._problem.rules.tie, teacher.tie, strict=True)),
            "lot": teacher.lot,
            "wish": teacher.wishes.index(position.school),
            "subject": teacher.subjects.index(position.subject),
        }
