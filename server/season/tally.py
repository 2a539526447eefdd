"""What a published placement says of schools and subjects, for later years (U-019). Pure."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.domain.ids import SchoolId, SubjectCode
from core.domain.past import PastResult
from core.domain.points import Points
from server.season.result import Result

OWN_SOURCE = "本系統公告之介聘結果"


def tally(problem: bytes, result: Result, season: int, published: date) -> tuple[PastResult, ...]:
    """What a placement says of each school and subject that had seats, wishes or moves.

    Somebody applied for a school and subject who named the school, teaches or also asked for the
    subject, and may by her certificate; how high she ranked it does not matter.
    """
    document = json.loads(problem)
    county = {each["id"]: each["county"] for each in document["schools"]}
    seats: Counter[tuple[str, str]] = Counter()
    for each in document["vacancies"]:
        seats[each["school"], each["subject"]] += each["count"]
    applied: Counter[tuple[str, str]] = Counter()
    points: dict[str, Mapping[str, int]] = {}
    for teacher in document["teachers"]:
        points[teacher["id"]] = teacher["points"]
        applied.update(_named(teacher))
    totals: dict[tuple[str, str], list[int]] = defaultdict(list)
    for move in result.moves:
        totals[move.destination].append(points[move.alias][county[move.destination[0]]])
    places = sorted({*seats, *applied, *totals})
    return tuple(
        PastResult(
            year=season,
            school=SchoolId(school),
            subject=SubjectCode(subject),
            vacancies=seats[school, subject],
            applicants=applied[school, subject],
            moved=len(totals[school, subject]),
            lowest=Points(min(totals[school, subject])) if totals[school, subject] else None,
            source=OWN_SOURCE,
            as_of=published.isoformat(),
        )
        for school, subject in places
    )


def _named(teacher: Mapping[str, Any]) -> set[tuple[str, str]]:
    barred = {(each["school"], each["subject"]) for each in teacher["excluded"]}
    every = {(school, subject) for school in teacher["wishes"] for subject in teacher["subjects"]}
    return every - barred
