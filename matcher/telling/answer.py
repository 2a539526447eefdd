"""Why a teacher got what she got, as values (`jiepin-explanation/1`): codes and numbers only.

The sentences are in `matcher.telling.text`; how it is found out, in `matcher.telling.explain`.
"""

from dataclasses import dataclass
from enum import StrEnum

from matcher.deciding.options import Entry
from matcher.files.placement import Move
from matcher.files.problem import TeacherId

FORMAT = "jiepin-explanation/1"


class Outcome(StrEnum):
    """What became of one wish under one subject."""

    OBTAINED = "obtained"
    STRUCK = "struck"
    MISSED = "missed"


class Because(StrEnum):
    """Why a phase did not give it to her.

    `GIVEN`, `NOT_LEFT` and `NOT_GIVEN` are what can be said where priority alone does not decide:
    somebody else got it in the trade, its holders all stayed, or it was free and nobody got it.
    """

    NO_SEAT = "no_seat"
    OPENED_LATER = "opened_later"
    TAKEN = "taken"
    EARLIER_TURN = "earlier_turn"
    GIVEN = "given"
    NOT_LEFT = "not_left"
    NOT_GIVEN = "not_given"
    NOBODY_LEAVES = "nobody_leaves"
    NO_RING = "no_ring"
    RING_LOST = "ring_lost"
    SCHOOL_NOT_IN_PHASE = "school_not_in_phase"
    NOT_FOR_HER = "not_for_her"
    MOVED_ALREADY = "moved_already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What decided against her.

    Attributes:
        people: How many took the seats, or how many are in the ring that won.
        place: From 1: the how-manieth member of both rings decided; 1 for seats.
        points: Hundredths of the lowest who got in, or of the member of the ring that won; for
            `Because.EARLIER_TURN` her own at the wish she got.
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
