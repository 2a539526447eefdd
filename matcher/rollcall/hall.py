"""The register, looked up: who is called for a subject and in which order, what is shut."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.files.problem import Position, TeacherId
from matcher.files.rulebook import SubjectCode
from matcher.rollcall.register import Applicant, Register
from matcher.rollcall.settings import Footing, Part, SeatLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One who asks for a subject in a part. ``group``: index of her footing in the part's list."""

    applicant: Applicant
    group: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """What does not change while the roll is called.

    ``candidates``: by part and subject (their indices), in the order of calling.
    ``places``: index of each subject in the drawn order.
    """

    register: Register
    applicants: Mapping[TeacherId, Applicant]
    candidates: Mapping[tuple[int, int], tuple[Candidate, ...]]
    places: Mapping[SubjectCode, int]
    shut: frozenset[Position]
    onward: Mapping[Position, int]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts, in order."""
        return self.register.settings.parts

    @property
    def subjects(self) -> tuple[SubjectCode, ...]:
        """The subjects, in the order drawn."""
        return self.register.settings.subjects

    def offers_again(self, position: Position, part: int, subject: int) -> bool:
        """Whether a seat left at ``position`` while ``subject`` is called will be called too."""
        return (
            self.parts[part].seat_left is SeatLeft.NEXT_ROUND
            and position not in self.shut
            and self.places.get(position.subject, -1) >= subject
        )


def hall_of(register: Register) -> Hall:
    """The register, looked up; it must be without objections."""
    settings = register.settings
    places = {subject: index for index, subject in enumerate(settings.subjects)}
    lists: defaultdict[tuple[int, int], list[Candidate]] = defaultdict(list)
    for applicant in sorted(register.applicants, key=Applicant.key):
        for number, part in enumerate(settings.parts):
            if part.name not in applicant.parts:
                continue
            for each in applicant.applications:
                group = _group_of(part, each.footing)
                if group is not None:
                    candidate = Candidate(applicant=applicant, group=group)
                    lists[number, places[each.subject]].append(candidate)
    return Hall(
        register=register,
        applicants={applicant.id: applicant for applicant in register.applicants},
        candidates={
            key: tuple(sorted(found, key=lambda each: each.group)) for key, found in lists.items()
        },
        places=places,
        shut=frozenset(seats.position for seats in register.seats if not seats.refill),
        onward={seats.position: seats.onward for seats in register.seats},
    )


def _group_of(part: Part, footing: Footing) -> int | None:
    return part.footings.index(footing) if footing in part.footings else None
