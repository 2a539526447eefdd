"""What one who does not come undoes (連動失效, 介聘辦法 第十一條): moves that stand, moves void.

A failed teacher stays. The move into her old seat is void with it, unless her old school opens
another seat (但書), and so on along the chain or round the ring. Nobody is matched anew: seats that
become free are named and left to people.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from matcher.aftermath.decided import RING, Decided, Line, Moved
from matcher.aftermath.failures import Failure, Failures
from matcher.files import canon
from matcher.files.problem import Position, TeacherId

FORMAT = "jiepin-cascade/1"


class Flaw(StrEnum):
    """Why there is no answer."""

    OTHER_PROBLEM = "other_problem"
    OTHER_PLACEMENT = "other_placement"
    DID_NOT_MOVE = "did_not_move"
    MOVED_TWICE = "moved_twice"
    NOT_LINKED = "not_linked"


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason why there is no answer; ``detail`` is the teacher it is about, if any."""

    flaw: Flaw
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """A move that does not happen; its teacher stays at ``move.origin``.

    ``component``: index among those decided. ``kept_by``: who stays in the seat she was to take;
    None for one who failed herself. ``failed``: with whom it began, ``steps`` moves before her.
    """

    move: Moved
    component: int
    kept_by: TeacherId | None
    failed: TeacherId
    steps: int

    def document(self) -> dict[str, object]:
        """The void move as it is written."""
        move = self.move
        return {
            "teacher": move.teacher,
            "component": self.component,
            "from": [move.origin.school, move.origin.subject],
            "to": [move.destination.school, move.destination.subject],
            "kept_by": self.kept_by,
            "failed": self.failed,
            "steps": self.steps,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade:
    """Everything a case undoes, in the order of what was decided.

    ``free``: seats of void moves that nobody sits in now, by position. ``unused``: failed teachers
    whose old school opened a seat that nobody needs.
    """

    case: Failures
    stand: tuple[Moved, ...]
    void: tuple[Voided, ...]
    free: Mapping[Position, int]
    unused: tuple[TeacherId, ...]

    def document(self) -> dict[str, object]:
        """The file as it is written."""
        return {
            "format": FORMAT,
            "placement": self.case.placement,
            "case": self.case.identity(),
            "failed": [failure.document() for failure in self.case.failed],
            "stand": [move.teacher for move in self.stand],
            "void": [voided.document() for voided in self.void],
            "free": [
                {"school": position.school, "subject": position.subject, "count": count}
                for position, count in self.free.items()
            ],
            "unused_extra_seats": list(self.unused),
        }

    def encode(self) -> bytes:
        """The canonical bytes of the file."""
        return canon.encode(self.document())

    def chain_of(self, teacher: TeacherId) -> tuple[Voided, ...]:
        """From the failure that began it to the void move of this teacher; empty if hers stands."""
        by_teacher = {voided.move.teacher: voided for voided in self.void}
        chain = []
        here = by_teacher.get(teacher)
        while here is not None:
            chain.append(here)
            here = by_teacher[here.kept_by] if here.kept_by is not None else None
        return tuple(reversed(chain))


def cascade(decided: Decided, case: Failures) -> Cascade | tuple[Objection, ...]:
    """What the case undoes, or why that cannot be said. Linear in the moves."""
    failed = {failure.teacher: failure for failure in case.failed}
    if objections := tuple(_objections(decided, case, failed)):
        return objections
    stand: list[Moved] = []
    void: list[Voided] = []
    free: Counter[Position] = Counter()
    unused: list[TeacherId] = []
    for number, component in enumerate(decided.components):
        part = _Part(number, component, failed)
        stand.extend(part.stand())
        void.extend(part.void())
        free.update(part.free())
        unused.extend(part.unused())
    return Cascade(
        case=case,
        stand=tuple(stand),
        void=tuple(void),
        free={p: free[p] for p in sorted(free, key=lambda p: (p.school, p.subject))},
        unused=tuple(unused),
    )


def _objections(
    decided: Decided, case: Failures, failed: Mapping[TeacherId, Failure]
) -> Iterator[Objection]:
    if case.placement != decided.identity():
        yield Objection(Flaw.OTHER_PLACEMENT)
    times = Counter(move.teacher for each in decided.components for move in each.moves)
    for teacher in failed:
        if not times[teacher]:
            yield Objection(Flaw.DID_NOT_MOVE, teacher)
    for teacher, count in times.items():
        if count > 1:
            yield Objection(Flaw.MOVED_TWICE, teacher)
    for component in decided.components:
        for index, move in enumerate(component.moves):
            before = _before(component, index)
            if before is not None and component.moves[before].origin != move.destination:
                yield Objection(Flaw.NOT_LINKED, move.teacher)


def _before(component: Line, index: int) -> int | None:
    """Whose old seat move number ``index`` takes; None for a vacancy."""
    if component.kind == RING:
        return (index + 1) % len(component.moves)
    return index - 1 if index else None


class _Part:
    """One chain or ring, walked from each failure along those who depend on it."""

    def __init__(self, number: int, component: Line, failed: Mapping[TeacherId, Failure]) -> None:
        self._number = number
        self._component = component
        self._failed = failed
        self._voided: dict[int, Voided] = {}
        for index, move in enumerate(component.moves):
            if move.teacher in failed:
                self._walk(index)

    def _walk(self, begin: int) -> None:
        moves = self._component.moves
        root = moves[begin].teacher
        self._voided[begin] = self._void_at(begin, None, root, 0)
        if self._failed[root].extra_seat:
            return
        steps, kept_by, here = 1, root, self._after(begin)
        while here is not None and moves[here].teacher not in self._failed:
            self._voided[here] = self._void_at(here, kept_by, root, steps)
            steps, kept_by, here = steps + 1, moves[here].teacher, self._after(here)

    def _void_at(
        self, index: int, kept_by: TeacherId | None, root: TeacherId, steps: int
    ) -> Voided:
        return Voided(
            move=self._component.moves[index],
            component=self._number,
            kept_by=kept_by,
            failed=root,
            steps=steps,
        )

    def _after(self, index: int) -> int | None:
        """Who takes the old seat of move number ``index``."""
        if self._component.kind == RING:
            return (index - 1) % len(self._component.moves)
        return index + 1 if index + 1 < len(self._component.moves) else None

    def stand(self) -> Iterator[Moved]:
        """The moves that happen."""
        for index, move in enumerate(self._component.moves):
            if index not in self._voided:
                yield move

    def void(self) -> Iterator[Voided]:
        """The moves that do not, in the order of the component."""
        for index in sorted(self._voided):
            yield self._voided[index]

    def free(self) -> Iterator[Position]:
        """Seats of void moves whose last holder left, or that were vacant from the beginning."""
        for index, voided in self._voided.items():
            before = _before(self._component, index)
            if before is None or before not in self._voided:
                yield voided.move.destination

    def unused(self) -> Iterator[TeacherId]:
        """Failed teachers whose old school opened a seat in vain."""
        for index, voided in self._voided.items():
            failure = self._failed.get(voided.move.teacher)
            after = self._after(index)
            if failure and failure.extra_seat and (after is None or after in self._voided):
                yield voided.move.teacher
