"""What came of a school's seats in an earlier year, and how little of it is told (U-019).

For information only: nothing is ordered, coloured or chosen by it.
"""

from dataclasses import dataclass, replace

from core.domain.ids import SchoolId, SubjectCode
from core.domain.points import Points

SMALLEST = 5
"""範例: a count of people below it is not told, until the season's setting says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastResult:
    """One school and subject in the ``year`` of the ROC. None is not told, or not known.

    ``applicants`` named the school among their wishes and applied for the subject; ``moved`` came
    in; ``lowest`` is the smallest total among these. ``source`` published it on ``as_of`` (ISO).
    """

    year: int
    school: SchoolId
    subject: SubjectCode
    vacancies: int
    applicants: int | None
    moved: int | None
    lowest: Points | None
    source: str
    as_of: str


def guarded(result: PastResult, smallest: int) -> PastResult:
    """The same without what might tell about single people.

    Seats are on public lists. People are counted only from ``smallest`` on: where fewer applied,
    nothing is told of them, where fewer came in, neither their number nor their points. That
    nobody came in says nothing about anybody who applied that her new year does not say as well.
    """
    applicants, moved = result.applicants, result.moved
    if applicants is None or applicants < smallest:
        return replace(result, applicants=None, moved=None, lowest=None)
    if moved is None or 0 < moved < smallest:
        return replace(result, moved=None, lowest=None)
    return result if moved else replace(result, lowest=None)
