"""Whether a placement is what the rule file prescribes, proved without solving again.

First the form: every move asked for, every seat there, chains and rings really such. Only a sound
form is held against the theorems of its methods (`matcher.checking.envy`,
`matcher.checking.rivals`). Shares only the file types with `matcher.deciding`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import assert_never

from matcher.checking.claims import Claims, by_school
from matcher.checking.ledger import VacancyLedger
from matcher.checking.rivals import rivals
from matcher.checking.verdict import Finding, Wrong
from matcher.files.placement import Chain, Component, Move, Placement, Ring
from matcher.files.problem import Problem, TeacherId
from matcher.files.rulebook import Phase, RingPhase, VacancyPhase

Located = tuple[str, Component]
"""A component and its path in the placement file."""


def check(problem: Problem, placement: Placement) -> tuple[Finding, ...]:
    """Everything that is wrong, in the order of the placement file; empty means proved right."""
    claims = Claims(problem)
    located = [
        (f"$.components[{index}]", component)
        for index, component in enumerate(placement.components)
    ]
    findings = [
        *_identities(problem, placement),
        *_phases(problem, located),
        *_moves(claims, located),
    ]
    if not findings:
        findings += _ledger(problem, claims, located)
    return tuple(findings)


def _identities(problem: Problem, placement: Placement) -> Iterator[Finding]:
    if placement.problem != problem.identity():
        yield Finding(path="$.problem", code=Wrong.OTHER_PROBLEM, detail=problem.identity())
    if placement.rules != problem.rules.identity():
        yield Finding(path="$.rules", code=Wrong.OTHER_RULES, detail=problem.rules.identity())


def _phases(problem: Problem, located: Sequence[Located]) -> Iterator[Finding]:
    order = {phase.name: number for number, phase in enumerate(problem.rules.phases)}
    latest = 0
    for path, component in located:
        if component.phase not in order:
            yield Finding(path=path, code=Wrong.UNKNOWN_PHASE, detail=component.phase)
            continue
        number = order[component.phase]
        phase = problem.rules.phases[number]
        if number < latest:
            yield Finding(path=path, code=Wrong.PHASES_OUT_OF_ORDER, detail=component.phase)
        if component.round != 1:
            yield Finding(path=path, code=Wrong.WRONG_ROUND, detail=str(component.round))
        yield from _kind(path, component, phase)
        latest = max(latest, number)


def _kind(path: str, component: Component, phase: Phase) -> Iterator[Finding]:
    match component, phase:
        case Chain(), VacancyPhase():
            for index, (before, after) in enumerate(pairwise(component.moves), start=1):
                if after.destination != before.origin:
                    here = f"{path}.moves[{index}]"
                    yield Finding(path=here, code=Wrong.CHAIN_NOT_LINKED, detail=after.teacher)
        case Ring(), RingPhase():
            length = len(component.moves)
            if not phase.shortest <= length <= phase.longest:
                yield Finding(path=path, code=Wrong.RING_LENGTH, detail=str(length))
            for index, move in enumerate(component.moves):
                if move.destination != component.moves[(index + 1) % length].origin:
                    here = f"{path}.moves[{index}]"
                    yield Finding(path=here, code=Wrong.RING_NOT_CLOSED, detail=move.teacher)
        case _:
            yield Finding(path=path, code=Wrong.WRONG_KIND, detail=component.kind)


def _moves(claims: Claims, located: Sequence[Located]) -> Iterator[Finding]:
    moved: set[TeacherId] = set()
    for path, component in located:
        for index, move in enumerate(component.moves):
            code = _move(claims, move, moved)
            if code is not None:
                yield Finding(path=f"{path}.moves[{index}]", code=code, detail=move.teacher)
            moved.add(move.teacher)


def _move(claims: Claims, move: Move, moved: set[TeacherId]) -> Wrong | None:
    teacher = claims.teachers.get(move.teacher)
    if teacher is None:
        return Wrong.UNKNOWN_TEACHER
    if move.teacher in moved:
        return Wrong.MOVED_TWICE
    if move.origin != teacher.position:
        return Wrong.WRONG_ORIGIN
    wanted = by_school([(move.destination, move)])
    ranks = next(((wish, rank) for _, wish, rank in claims.of(teacher, wanted)), None)
    if ranks is None:
        return Wrong.NOT_AN_OPTION
    return None if ranks == (move.wish, move.subject_rank) else Wrong.WRONG_RANK


def _ledger(problem: Problem, claims: Claims, located: Sequence[Located]) -> list[Finding]:
    """What is wrong in the first phase that is not right; later ones begin with what it left."""
    waiting = dict(claims.teachers)
    seats = Counter({vacancy.position: vacancy.count for vacancy in problem.vacancies})
    shut = frozenset(vacancy.position for vacancy in problem.vacancies if not vacancy.refill)
    for phase in problem.rules.phases:
        here = [(path, c) for path, c in located if c.phase == phase.name]
        findings: list[Finding]
        match phase:
            case VacancyPhase():
                chains = [(path, c) for path, c in here if isinstance(c, Chain)]
                ledger = VacancyLedger(claims, phase, waiting.values(), seats, shut)
                findings = ledger.findings(chains)
                seats -= Counter(chain.moves[0].destination for _, chain in chains)
            case RingPhase():
                rings = [(path, c) for path, c in here if isinstance(c, Ring)]
                findings = rivals(claims, phase, waiting.values(), rings)
            case _:
                assert_never(phase)
        if findings:
            return findings
        for _, component in here:
            for move in component.moves:
                del waiting[move.teacher]
    return []
