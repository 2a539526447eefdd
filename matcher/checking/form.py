"""The form of a placement: moves that were asked for, chains and rings that really are such."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from matcher.checking.claims import Claims
from matcher.checking.verdict import Finding, Wrong
from matcher.files.placement import Chain, Component, Move, Ring
from matcher.files.problem import Problem, TeacherId
from matcher.files.rulebook import Phase, Refill, RingPhase, VacancyPhase

Located = tuple[str, Component]
"""A component and its path in the placement file."""


def phases(problem: Problem, located: Sequence[Located]) -> Iterator[Finding]:
    """Components that their phase cannot have decided, or that stand in the wrong order."""
    order = {phase.name: number for number, phase in enumerate(problem.rules.phases)}
    latest = 0
    for path, component in located:
        if component.phase not in order:
            yield Finding(path=path, code=Wrong.UNKNOWN_PHASE, detail=component.phase)
            continue
        number = order[component.phase]
        if number < latest:
            yield Finding(path=path, code=Wrong.PHASES_OUT_OF_ORDER, detail=component.phase)
        if component.round != 1:
            yield Finding(path=path, code=Wrong.WRONG_ROUND, detail=str(component.round))
        yield from _kind(path, component, problem.rules.phases[number])
        latest = max(latest, number)


def _kind(path: str, component: Component, phase: Phase) -> Iterator[Finding]:
    length = len(component.moves)
    match component, phase:
        case Chain(), VacancyPhase():
            return
        case Ring(), VacancyPhase(refill=Refill.CHAINS):
            return
        case Ring(), RingPhase():
            if not phase.shortest <= length <= phase.longest:
                yield Finding(path=path, code=Wrong.RING_LENGTH, detail=str(length))
        case _:
            yield Finding(path=path, code=Wrong.WRONG_KIND, detail=component.kind)


def links(located: Sequence[Located]) -> Iterator[Finding]:
    """Places where a chain or a ring does not hold together."""
    for path, component in located:
        moves = component.moves
        if isinstance(component, Chain):
            for index, (before, after) in enumerate(pairwise(moves), start=1):
                if after.destination != before.origin:
                    here = f"{path}.moves[{index}]"
                    yield Finding(path=here, code=Wrong.CHAIN_NOT_LINKED, detail=after.teacher)
        else:
            for index, move in enumerate(moves):
                if move.destination != moves[(index + 1) % len(moves)].origin:
                    here = f"{path}.moves[{index}]"
                    yield Finding(path=here, code=Wrong.RING_NOT_CLOSED, detail=move.teacher)


def moves(claims: Claims, located: Sequence[Located]) -> Iterator[Finding]:
    """Moves that nobody asked for, or that are not what they say."""
    moved: set[TeacherId] = set()
    for path, component in located:
        for index, move in enumerate(component.moves):
            code = _move(claims, move, moved)
            if code is not None:
                yield Finding(path=f"{path}.moves[{index}]", code=code, detail=move.teacher)
            moved.add(move.teacher)


def _move(claims: Claims, move: Move, moved: set[TeacherId]) -> Wrong | None:
    person = claims.person.get(move.teacher)
    if person is None:
        return Wrong.UNKNOWN_TEACHER
    if move.teacher in moved:
        return Wrong.MOVED_TWICE
    if move.origin != claims.teachers[person].position:
        return Wrong.WRONG_ORIGIN
    ranks = claims.ranks(person, move.destination)
    if ranks is None:
        return Wrong.NOT_AN_OPTION
    return None if ranks == (move.wish, move.subject_rank) else Wrong.WRONG_RANK
