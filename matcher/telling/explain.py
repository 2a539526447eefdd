"""Why a teacher got what she got: an answer for each of her wishes, without naming anybody else.

Only codes and numbers; the sentences are in `matcher.telling.text`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from matcher.deciding.exchange import Edge, Exchange
from matcher.deciding.market import market_of
from matcher.deciding.options import Admission, Entry
from matcher.deciding.rings import best_through
from matcher.files.placement import Move, Placement
from matcher.files.problem import Position, Problem, TeacherId
from matcher.telling.replay import RingStage, Step, VacancyStage, replay

FORMAT = "jiepin-explanation/1"

_NOWHERE = -1  # the number of a position that nobody holds and no county opened


class Outcome(StrEnum):
    """What became of one wish under one subject."""

    OBTAINED = "obtained"
    STRUCK = "struck"
    MISSED = "missed"


class Because(StrEnum):
    """Why a phase did not give it to her."""

    NO_SEAT = "no_seat"
    OPENED_LATER = "opened_later"
    TAKEN = "taken"
    NOBODY_LEAVES = "nobody_leaves"
    NO_RING = "no_ring"
    RING_LOST = "ring_lost"
    SCHOOL_NOT_IN_PHASE = "school_not_in_phase"
    MOVED_ALREADY = "moved_already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What decided against her.

    Attributes:
        people: How many took the seats, or how many are in the ring that won.
        place: From 1: the how-manieth member of both rings decided; 1 for seats.
        points: Hundredths of the lowest who got in, or of the member of the ring that won.
        against: Hundredths of hers, or of the member of her ring.
        decided_by: ``points``, a name of `Tie`, ``lot``; for rings also ``wish``, ``subject``
            or ``length``.
    """

    people: int
    place: int
    points: int
    against: int
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One phase's reason."""

    phase: str
    code: Because
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one (wish, subject). ``points``: hers there, in hundredths."""

    entry: Entry
    points: int
    outcome: Outcome
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The answers for one teacher, in her order, up to what she got or to the end."""

    problem: str
    placement: str
    teacher: TeacherId
    phase: str | None
    move: Move | None
    answers: tuple[Answer, ...]

    def document(self) -> dict[str, object]:
        """The explanation as JSON."""
        return {
            "format": FORMAT,
            "problem": self.problem,
            "placement": self.placement,
            "teacher": self.teacher,
            "moved": None if self.move is None else {"phase": self.phase, **self.move.document()},
            "wishes": [_answer_document(answer) for answer in self.answers],
        }


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
        self._market = market_of(problem)
        self._number = {teacher.id: n for n, teacher in enumerate(self._market.teachers)}
        self._position = {position: n for n, position in enumerate(self._market.positions)}
        self._marks = {school.id: school.marks for school in problem.schools}
        self._county = {school.id: school.county for school in problem.schools}
        self._admission = Admission(problem)
        self._stages = tuple(replay(problem, placement, self._market))
        self._exchanges: dict[str, Exchange] = {}
        self._moves = {
            move.teacher: (component.phase, move)
            for component in placement.components
            for move in component.moves
        }

    def explain(self, name: TeacherId) -> Explanation | None:
        """The answers for one teacher; None if the problem does not know her."""
        return self._of(name) if name in self._number else None

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
            answers=tuple(self._answers(self._number[name], move)),
        )

    def _answers(self, number: int, move: Move | None) -> Iterator[Answer]:
        teacher = self._market.teachers[number]
        for entry in self._admission.entries(teacher):
            points = teacher.points[self._county[entry.position.school]]
            outcome = Outcome.MISSED
            reasons: tuple[Reason, ...] = ()
            if entry.struck is not None:
                outcome = Outcome.STRUCK
            elif move is not None and entry.position == move.destination:
                outcome = Outcome.OBTAINED
            else:
                reasons = tuple(self._reasons(number, entry.position))
            yield Answer(entry=entry, points=points, outcome=outcome, reasons=reasons)
            if outcome is Outcome.OBTAINED:
                return

    def _reasons(self, number: int, position: Position) -> Iterator[Reason]:
        """What each phase says until she moved; then, if more phases came, that she had moved."""
        moved_in, _ = self._moves.get(self._market.teachers[number].id, (None, None))
        for stage in self._stages:
            phase = stage.phase.name
            if number in stage.waiting:
                match stage:
                    case VacancyStage():
                        yield from self._of_vacancies(stage, number, position)
                    case RingStage():
                        yield self._of_rings(stage, number, position)
                    case _:
                        assert_never(stage)
            if phase == moved_in:
                if stage is not self._stages[-1]:
                    yield Reason(phase=phase, code=Because.MOVED_ALREADY)
                return

    def _of_vacancies(
        self, stage: VacancyStage, number: int, position: Position
    ) -> Iterator[Reason]:
        phase, wanted = stage.phase, self._position.get(position, _NOWHERE)
        until = stage.round_of(number)
        if phase.schools is not None and phase.schools not in self._marks[position.school]:
            if until < len(stage.takers):  # it matters only to one who was placed by it
                yield Reason(phase=phase.name, code=Because.SCHOOL_NOT_IN_PHASE)
            return
        offered = [offer.get(wanted, 0) for offer in stage.offers]
        if not any(offered):
            yield Reason(phase=phase.name, code=Because.NO_SEAT)
        elif not any(offered[: until + 1]):
            yield Reason(phase=phase.name, code=Because.OPENED_LATER)
        else:
            takers = [t for taken in stage.takers[: until + 1] for t in taken.get(wanted, ())]
            yield Reason(
                phase=phase.name,
                code=Because.TAKEN,
                comparison=self._against_lowest(number, wanted, takers),
            )

    def _against_lowest(self, number: int, position: int, takers: list[int]) -> Comparison:
        lowest = max(self._market.standing_at(taker, position) for taker in takers)
        mine = self._market.standing_at(number, position)
        return self._comparison(len(takers), 1, (lowest, 0), (mine, 0))

    def _of_rings(self, stage: RingStage, number: int, position: Position) -> Reason:
        phase = stage.phase
        exchange = self._exchange(stage)
        wanted = self._position.get(position, _NOWHERE)
        if wanted not in exchange.holders:
            return Reason(phase=phase.name, code=Because.NOBODY_LEAVES)
        layers = exchange.layers(number, phase.longest - 1)
        option = list(self._market.options[number]).index(wanted)
        ring = best_through(exchange, (number, option), wanted, phase.shortest, layers)
        if ring is None:
            return Reason(phase=phase.name, code=Because.NO_RING)
        hers = sorted((self._market.standing_at(t, self._market.options[t][o]), o) for t, o in ring)
        members = {teacher for teacher, _ in ring}
        winner = next(
            steps for steps in stage.rings if any(teacher in members for teacher, _ in steps)
        )
        return Reason(
            phase=phase.name,
            code=Because.RING_LOST,
            comparison=self._between_rings(self._edges(winner), hers),
        )

    def _exchange(self, stage: RingStage) -> Exchange:
        name = stage.phase.name
        if name not in self._exchanges:
            self._exchanges[name] = Exchange(self._market, sorted(stage.waiting))
        return self._exchanges[name]

    def _edges(self, steps: Sequence[Step]) -> list[Edge]:
        market = self._market
        return sorted(
            (market.standing_at(teacher, position), list(market.options[teacher]).index(position))
            for teacher, position in steps
        )

    def _between_rings(self, won: Sequence[Edge], lost: Sequence[Edge]) -> Comparison:
        for place, (a, b) in enumerate(zip(won, lost, strict=False), start=1):
            if a != b:
                return self._comparison(len(won), place, a, b)
        last = len(won) - 1  # hers begins with all the moves of the one that won, and goes on
        same = self._comparison(len(won), len(won), won[last], lost[last])
        return replace(same, decided_by="length")

    def _comparison(self, people: int, place: int, won: Edge, lost: Edge) -> Comparison:
        won_key, lost_key = self._market.groups[won[0]].key, self._market.groups[lost[0]].key
        return Comparison(
            people=people,
            place=place,
            points=-won_key[0],
            against=-lost_key[0],
            decided_by=self._decider(won, lost),
        )

    def _decider(self, won: Edge, lost: Edge) -> str:
        """The first number in which the two differ."""
        names = ("points", *self._problem.rules.tie, "lot")
        won_group, lost_group = self._market.groups[won[0]], self._market.groups[lost[0]]
        for name, a, b in zip(names, won_group.key, lost_group.key, strict=True):
            if a != b:
                return name
        # The same person, with another of her own options.
        won_wish, _ = self._market.wish_of(won_group.teacher, won[1])
        lost_wish, _ = self._market.wish_of(won_group.teacher, lost[1])
        return "subject" if won_wish == lost_wish else "wish"


def _answer_document(answer: Answer) -> dict[str, object]:
    entry = answer.entry
    return {
        "wish": entry.wish,
        "subject_rank": entry.subject_rank,
        "position": [entry.position.school, entry.position.subject],
        "points": answer.points,
        "outcome": answer.outcome.value,
        "struck": None if entry.struck is None else entry.struck.value,
        "excluded_for": entry.reason,
        "reasons": [_reason_document(reason) for reason in answer.reasons],
    }


def _reason_document(reason: Reason) -> dict[str, object]:
    comparison = reason.comparison
    return {
        "phase": reason.phase,
        "code": reason.code.value,
        "comparison": None
        if comparison is None
        else {
            "people": comparison.people,
            "place": comparison.place,
            "points": comparison.points,
            "against": comparison.against,
            "decided_by": comparison.decided_by,
        },
    }
