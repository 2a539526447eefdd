"""Of few people nothing is told (U-019)."""

import pytest

from core.domain.past import PastResult, guarded
from core.domain.points import Points

LOWEST = Points(4150)


def result(applicants, moved, lowest=LOWEST, vacancies=2):
    return PastResult(
        year=114,
        school="133601",
        subject="general",
        vacancies=vacancies,
        applicants=applicants,
        moved=moved,
        lowest=lowest,
        source="屏東縣政府公告",
        as_of="2025-06-01",
    )


@pytest.mark.parametrize(
    ("applicants", "moved", "told"),
    [
        (14, 6, (14, 6, LOWEST)),
        (5, 5, (5, 5, LOWEST)),
        (14, 4, (14, None, None)),
        (14, 1, (14, None, None)),
        (14, 0, (14, 0, None)),
        (14, None, (14, None, None)),
        (4, 4, (None, None, None)),
        (4, 0, (None, None, None)),
        (0, 0, (None, None, None)),
        (None, 9, (None, None, None)),
    ],
)
def test_people_are_counted_from_the_smallest_count_on(applicants, moved, told):
    guard = guarded(result(applicants, moved), 5)

    assert (guard.applicants, guard.moved, guard.lowest) == told
    assert guard.vacancies == 2
