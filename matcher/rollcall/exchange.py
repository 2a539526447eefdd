"""Written exchange (互調): two under one subject who named each other's school change places.

Announced after the public calling; who moved there has lost it. When more than two fit, the one
who would be called first changes with the one who would be called first on the other side (範例:
no source says who goes first).
"""

from collections import defaultdict
from dataclasses import dataclass

from matcher.files.problem import SchoolId, TeacherId
from matcher.files.rulebook import SubjectCode
from matcher.rollcall.register import Applicant, Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Two who change places; ``first`` has the higher priority."""

    first: TeacherId
    second: TeacherId

    def document(self) -> list[str]:
        """The pair as it is written."""
        return [self.first, self.second]


def swaps(register: Register, moved: frozenset[TeacherId]) -> tuple[Swap, ...]:
    """Every exchange among those who did not move, highest first members first."""
    sides: defaultdict[tuple[SubjectCode, SchoolId, SchoolId], list[Applicant]] = defaultdict(list)
    for applicant in sorted(register.applicants, key=Applicant.key):
        if applicant.exchange is not None and applicant.id not in moved:
            own = applicant.position
            sides[own.subject, own.school, applicant.exchange.school].append(applicant)
    pairs = [
        sorted(pair, key=Applicant.key)
        for (subject, home, wished), here in sides.items()
        if home < wished
        for pair in zip(here, sides.get((subject, wished, home), ()), strict=False)
    ]
    pairs.sort(key=lambda pair: pair[0].key())
    return tuple(Swap(first=first.id, second=second.id) for first, second in pairs)
