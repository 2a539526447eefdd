"""A placement played back: what each phase began with, and who took what when.

The placement must be one that `matcher.checking.check` accepts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import assert_never

from matcher.checking.claims import Claims, Worth
from matcher.checking.ledger import Opening, opening
from matcher.files.placement import Chain, Component, Mechanism, Placement
from matcher.files.problem import Problem
from matcher.files.rulebook import Mark, Phase, RingPhase, VacancyMethod, VacancyPhase

Step = tuple[int, int]
"""A person and the seat she takes, numbered as in `Claims`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyStage:
    """A vacancy phase. A moment is a round of deferred acceptance, or one decision of the walk.

    Attributes:
        waiting: Who could take part.
        opened: By seat, the moments from which one more of it was on offer, ascending.
        taken: By seat, who took one and at which moment, ascending.
        when: By person who moved, the moment.
    """

    phase: VacancyPhase
    waiting: frozenset[int]
    opened: Mapping[int, Sequence[int]]
    taken: Mapping[int, Sequence[tuple[int, int]]]
    when: Mapping[int, int]

    @property
    def name(self) -> str:
        """The name of the phase."""
        return self.phase.name

    @property
    def schools(self) -> Mark | None:
        """The schools the phase was for: those with this mark, or all."""
        return self.phase.schools

    @property
    def is_walk(self) -> bool:
        """Whether one was decided after the other, so that a seat may be free beside her turn."""
        return self.phase.method is VacancyMethod.GREEDY


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeStage:
    """Seats that were traded all at once: a what-if mechanism, or a phase that trades.

    ``schools``: as in `VacancyPhase`; ``vacant``: by seat, vacancies at the start; ``taken``: by
    seat, who got one.
    """

    name: str
    waiting: frozenset[int]
    schools: Mark | None
    vacant: Mapping[int, int]
    taken: Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RingStage:
    """A ring phase, with its rings in the order they were decided."""

    phase: RingPhase
    waiting: frozenset[int]
    rings: Sequence[Sequence[Step]]

    @property
    def name(self) -> str:
        """The name of the phase."""
        return self.phase.name


Stage = VacancyStage | TradeStage | RingStage


def replay(problem: Problem, placement: Placement, claims: Claims) -> Iterator[Stage]:
    """One stage per phase of the rule file; a what-if mechanism is one stage by itself."""
    if placement.mechanism is not Mechanism.STATUTORY:
        everybody = range(len(claims.teachers))
        lines = [_steps(claims, component) for component in placement.components]
        yield TradeStage(
            name=placement.mechanism.value,
            waiting=frozenset(everybody),
            schools=None,
            vacant=claims.capacity,
            taken=_takers(lines),
        )
        return
    waiting, seats = dict.fromkeys(range(len(claims.teachers))), dict(claims.capacity)
    for phase in problem.rules.phases:
        components = [c for c in placement.components if c.phase == phase.name]
        yield _stage(claims, phase, components, waiting, seats)
        for component in components:
            steps = _steps(claims, component)
            if isinstance(component, Chain):
                seats[steps[0][1]] -= 1
            for person, _ in steps:
                del waiting[person]


def _stage(
    claims: Claims,
    phase: Phase,
    components: Sequence[Component],
    waiting: Mapping[int, None],
    seats: Mapping[int, int],
) -> Stage:
    lines = [_steps(claims, component) for component in components]
    match phase:
        case RingPhase():
            return RingStage(phase=phase, waiting=frozenset(waiting), rings=lines)
        case VacancyPhase():
            begun = opening(claims, phase, waiting, seats)
            if phase.method is VacancyMethod.TTC:
                return TradeStage(
                    name=phase.name,
                    waiting=frozenset(begun.people),
                    schools=phase.schools,
                    vacant=begun.seats,
                    taken=_takers(lines),
                )
            walked = _rounds if phase.method is VacancyMethod.DEFERRED_ACCEPTANCE else _walk
            return _vacancy_stage(claims, phase, begun, walked(claims, lines))
        case _:
            assert_never(phase)


def _steps(claims: Claims, component: Component) -> tuple[Step, ...]:
    return tuple((claims.person[m.teacher], claims.seat[m.destination]) for m in component.moves)


def _takers(lines: Sequence[Sequence[Step]]) -> Mapping[int, Sequence[int]]:
    taken: dict[int, list[int]] = {}
    for line in lines:
        for person, seat in line:
            taken.setdefault(seat, []).append(person)
    return taken


def _rounds(_: Claims, lines: Sequence[Sequence[Step]]) -> Iterator[tuple[int, Step]]:
    """Each step with its round, by rounds."""
    for number in range(max(map(len, lines), default=0)):
        for line in lines:
            if number < len(line):
                yield number, line[number]


def _walk(claims: Claims, lines: Sequence[Sequence[Step]]) -> Iterator[tuple[int, Step]]:
    """Each step with its turn: of those whose seat is free always the best."""
    waiting: list[tuple[Worth, int, int]] = [
        (claims.worth(*line[0]), number, 0) for number, line in enumerate(lines)
    ]
    heapify(waiting)
    moment = 0
    while waiting:
        _, number, at = heappop(waiting)
        yield moment, lines[number][at]
        moment += 1
        if at + 1 < len(lines[number]):
            heappush(waiting, (claims.worth(*lines[number][at + 1]), number, at + 1))


def _vacancy_stage(
    claims: Claims, phase: VacancyPhase, begun: Opening, steps: Iterator[tuple[int, Step]]
) -> VacancyStage:
    opened = {seat: [0] * count for seat, count in begun.seats.items() if count}
    taken: dict[int, list[tuple[int, int]]] = {}
    when: dict[int, int] = {}
    for moment, (person, seat) in steps:
        when[person] = moment
        taken.setdefault(seat, []).append((moment, person))
        left = claims.home[person]
        if begun.is_refilled(left, seat):
            opened.setdefault(left, []).append(moment + 1)
    return VacancyStage(
        phase=phase,
        waiting=frozenset(begun.people),
        opened=opened,
        taken=taken,
        when=when,
    )
