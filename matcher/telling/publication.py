"""A problem and its placement without personal data, so that anybody can check the result.

A teacher is called by her public lot number. The tie vector (which may hold her date of birth)
becomes ranks, column by column: what wins against what stays, how old she is does not. Flags that
decide nothing for her are cleared. Every comparison a mechanism makes comes out as before, so the
published problem has the published placement as its result.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from matcher.files import canon
from matcher.files.placement import Component, Placement
from matcher.files.problem import Problem, Teacher, TeacherId
from matcher.files.rulebook import VacancyMethod, VacancyPhase, Who


class AmbiguousNameError(ValueError):
    """A teacher is called like a school or a subject, so that a certificate may mean either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is published; ``trace`` is None if no trace file was given."""

    problem: Problem
    placement: Placement
    trace: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """What the published files still tell about people, in numbers of people.

    Attributes:
        teachers: How many there are.
        alone: Who hold a position that no other applicant holds: colleagues know who they are.
        distinct: Whose totals in their counties nobody else has.
        flagged: Whose flag of an indigenous or language phase is published.
        excluded: Of whom exclusions are published, with their codes.
    """

    teachers: int
    alone: int
    distinct: int
    flagged: int
    excluded: int


def publish(problem: Problem, placement: Placement, trace: bytes | None) -> Publication:
    """The files to publish, of a placement that `matcher.checking.check` accepts with its trace.

    Without a trace its identity stays as it is in the placement: it names a file nobody sees.

    Raises:
        AmbiguousNameError: A certificate may name a teacher or a school by the same text.
    """
    public = _public_problem(problem)
    names = {teacher.id: TeacherId(str(teacher.lot)) for teacher in problem.teachers}
    known = {teacher.id: teacher for teacher in public.teachers}
    told = None
    if trace is not None:
        scribe = _Scribe(problem, public, names, known)
        told = b"".join(scribe.line(line) for line in trace.splitlines())
    renamed = replace(
        placement,
        problem=public.identity(),
        components=tuple(_renamed(component, names) for component in placement.components),
        trace=placement.trace if told is None else canon.identity(told),
        certificate=_public_certificate(problem, placement, names),
    )
    return Publication(problem=public, placement=renamed, trace=told)


def remainder(problem: Problem) -> Remainder:
    """What a published problem still tells."""
    held = Counter(teacher.position for teacher in problem.teachers)
    totals = Counter(tuple(sorted(teacher.points.items())) for teacher in problem.teachers)
    return Remainder(
        teachers=len(problem.teachers),
        alone=sum(1 for teacher in problem.teachers if held[teacher.position] == 1),
        distinct=sum(count for count in totals.values() if count == 1),
        flagged=sum(1 for teacher in problem.teachers if teacher.indigenous or teacher.language),
        excluded=sum(1 for teacher in problem.teachers if teacher.excluded),
    )


def _public_problem(problem: Problem) -> Problem:
    columns = tuple(zip(*(teacher.tie for teacher in problem.teachers), strict=True))
    ranks = [{value: rank for rank, value in enumerate(sorted(set(column)))} for column in columns]
    marked = {who: _schools_of(problem, who) for who in (Who.INDIGENOUS, Who.LANGUAGE)}
    return replace(
        problem,
        teachers=tuple(
            replace(
                teacher,
                id=TeacherId(str(teacher.lot)),
                tie=tuple(rank[value] for rank, value in zip(ranks, teacher.tie, strict=True)),
                indigenous=teacher.indigenous
                and not marked[Who.INDIGENOUS].isdisjoint(teacher.wishes),
                language=teacher.language and not marked[Who.LANGUAGE].isdisjoint(teacher.wishes),
            )
            for teacher in sorted(problem.teachers, key=lambda teacher: teacher.lot)
        ),
    )


def _schools_of(problem: Problem, who: Who) -> frozenset[str]:
    """The schools of phases that are only for some: elsewhere it matters to nobody who they are."""
    phases = [p for p in problem.rules.phases if isinstance(p, VacancyPhase) and p.who is who]
    return frozenset(
        school.id
        for school in problem.schools
        for phase in phases
        # Where seats are traded, one who wished for none of them may still hand one on.
        if phase.schools is None
        or phase.method is VacancyMethod.TTC
        or phase.schools in school.marks
    )


def _renamed(component: Component, names: Mapping[TeacherId, TeacherId]) -> Component:
    moves = tuple(replace(move, teacher=names[move.teacher]) for move in component.moves)
    return replace(component, moves=moves)


def _public_certificate(
    problem: Problem, placement: Placement, names: Mapping[TeacherId, TeacherId]
) -> Mapping[str, object] | None:
    if placement.certificate is None:
        return None
    others: set[str] = {school.id for school in problem.schools}
    others.update(subject for teacher in problem.teachers for subject in teacher.subjects)
    shared = sorted(name for name in names if name in others)
    if shared:
        raise AmbiguousNameError(shared[0])
    read = json.loads(canon.encode(placement.certificate))
    return {key: _with_names(value, names) for key, value in read.items()}


def _with_names(value: object, names: Mapping[TeacherId, TeacherId]) -> object:
    match value:
        case str():
            return names.get(TeacherId(value), value)
        case list():
            return [_with_names(item, names) for item in value]
        case dict():
            return {
                names.get(TeacherId(key), key): _with_names(item, names)
                for key, item in value.items()
            }
        case _:
            return value


class _Scribe:
    """Writes a trace anew, line by line, as solving the published problem would."""

    def __init__(
        self,
        problem: Problem,
        public: Problem,
        names: Mapping[TeacherId, TeacherId],
        known: Mapping[TeacherId, Teacher],
    ) -> None:
        self._identities = {problem.identity(): public.identity()}
        self._names = names
        self._known = known

    def line(self, line: bytes) -> bytes:
        """One decision."""
        return canon.encode(self._told(json.loads(line))) + b"\n"

    def _told(self, value: object) -> object:
        match value:
            case {"teacher": str(name), "priority": [int(points), *_], **rest}:
                teacher = self._known[self._names[TeacherId(name)]]
                told = {str(key): self._under(str(key), item) for key, item in rest.items()}
                priority = [points, *(-number for number in teacher.tie), teacher.lot]
                return {**told, "teacher": teacher.id, "priority": priority}
            case dict():
                return {key: self._under(key, item) for key, item in value.items()}
            case list():
                return [self._told(item) for item in value]
            case _:
                return value

    def _under(self, key: str, value: object) -> object:
        match key, value:
            case "problem", str():
                return self._identities.get(value, value)
            case (("teacher" | "after"), str()):
                return self._names[TeacherId(value)]
            case _:
                return self._told(value)
