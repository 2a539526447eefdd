"""The matcher's input of one stage (`jiepin-problem/1`), from frozen applications. Pure.

People are named by lot (``T0001``); of a birthday only the rank among the applicants is told.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.application import Claim, Reference, Wishes, check_wishes
from core.domain.ids import CountyCode, SchoolId
from core.domain.place import county_of_school_code
from core.domain.school import School, Stage, Vacancy
from core.domain.subject import find_subject
from core.wire.payload import PointsAwarded
from server.season.lot import alias_of
from server.season.sift import Reason

FORMAT = "jiepin-problem/1"
CLOSED = "closed"
TEACHING_AREA = "teaching_area"
# What the kiosk never lets through: whoever sent such wishes did not use it, so a person looks.
UNUSABLE = frozenset(
    {
        "county_missing",
        "county_own",
        "county_unknown",
        "counties_same",
        "school_outside_counties",
        "school_twice",
        "school_wrong_stage",
        "wishes_empty",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """A frozen application; ``county`` is the review that gave the points, if a county's did."""

    app: bytes
    revision: bytes
    claim: Claim
    wishes: Wishes
    points: PointsAwarded
    county: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What a stage's applications are put into: rule file, lists, seats."""

    season: str
    stage: Stage
    rules: Mapping[str, object]
    lists: Reference
    vacancies: tuple[Vacancy, ...]


def refusal_of(claim: Claim, wishes: Wishes, lists: Reference, season: str) -> Reason | None:
    """Why this application cannot be put before the matcher as it is."""
    school = lists.schools.get(SchoolId(claim.school))
    if claim.season != season:
        return Reason.OTHER_SEASON
    if school is None or school.stage is not claim.stage:
        return Reason.SCHOOL_UNKNOWN
    subjects = claim.subjects
    known = all(find_subject(claim.stage, each, lists.subjects) for each in subjects)
    if not known or subjects[:1] != (claim.subject,) or len(set(subjects)) != len(subjects):
        return Reason.SUBJECT_UNKNOWN
    wrong = {each.code for each in check_wishes(claim, wishes, lists)}
    counties = {wishes.county_a, wishes.county_b}
    # A school taken off the list keeps its place in the ranking if its code tells the county.
    lost = any(_county(SchoolId(each), lists) not in counties for each in wishes.schools)
    return Reason.WISHES_REFUSED if wrong & UNUSABLE or lost else None


def build_problem(
    market: Market, applicants: Sequence[Applicant], lots: Mapping[bytes, int]
) -> bytes:
    """Canonical bytes; ``lots`` by revision. Seats at schools that take nobody are left out."""
    lists, rules = market.lists, market.rules
    seats = [
        each
        for each in market.vacancies
        if (school := lists.schools.get(each.school)) is not None
        and school.stage is market.stage
        and school.delegated
    ]
    ages = _ranks(date.fromisoformat(each.claim.birth) for each in applicants)
    order = sorted(applicants, key=lambda each: lots[each.revision])
    named = {each.school for each in seats}
    for each in applicants:
        named |= {SchoolId(each.claim.school), *map(SchoolId, each.wishes.schools)}
    document = {
        "format": FORMAT,
        "season": market.season,
        "stage": market.stage.value,
        "rules": rules,
        "schools": [_school(code, lists) for code in sorted(named)],
        "vacancies": [
            {
                "school": each.school,
                "subject": each.subject,
                "count": each.count,
                "refill": each.refill,
            }
            for each in sorted(seats, key=lambda seat: (seat.school, seat.subject))
        ],
        "teachers": [_teacher(each, lots[each.revision], ages, rules, lists) for each in order],
    }
    return canonical(document)


def canonical(document: object) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: the one spelling a hash is taken of."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _teacher(
    applicant: Applicant,
    lot: int,
    ages: Mapping[date, int],
    rules: Mapping[str, object],
    lists: Reference,
) -> dict[str, object]:
    claim, wishes, points = applicant.claim, applicant.wishes, applicant.points
    totals = {wishes.county_a: points.total_a, wishes.county_b: points.total_b}
    wished = {_county(SchoolId(each), lists) for each in wishes.schools}
    tie = {
        "older": ages[date.fromisoformat(claim.birth)],
        "service": claim.service_years,
        "appraisal": points.appraisal,
        "awards": points.awards,
        "training": points.training,
    }
    named = rules["tie"]
    if not isinstance(named, list):
        raise TypeError("rules without a tie chain")
    return {
        "id": alias_of(lot),
        "school": claim.school,
        "subject": claim.subject,
        "subjects": list(claim.subjects),
        "points": {county: total for county, total in totals.items() if county in wished},
        "tie": [tie[name] for name in named],
        "lot": lot,
        "wishes": list(wishes.schools),
        "indigenous": claim.indigenous,
        "language": claim.language,
        "excluded": _excluded(claim, wishes, lists),
    }


def _excluded(claim: Claim, wishes: Wishes, lists: Reference) -> list[dict[str, str]]:
    """Every pair of school and subject the certificate's area forbids (介聘辦法 第十三條)."""
    outside = [
        wishes.schools[int(each.place.partition(".")[2])]
        for each in check_wishes(claim, wishes, lists)
        if each.code == "school_outside_area"
    ]
    return [
        {"school": school, "subject": subject, "reason": TEACHING_AREA}
        for school in outside
        for subject in claim.subjects
    ]


def _school(code: SchoolId, lists: Reference) -> dict[str, object]:
    school: School | None = lists.schools.get(code)
    if school is None:  # taken off the list after she wished for it
        return {"id": code, "county": _county(code, lists), "marks": [CLOSED]}
    marks = sorted(mark.value for mark in school.marks_on(lists.on))
    return {
        "id": code,
        "county": school.county,
        "marks": marks if school.delegated else [CLOSED, *marks],
    }


def _county(code: SchoolId, lists: Reference) -> CountyCode | None:
    school = lists.schools.get(code)
    return school.county if school else county_of_school_code(code, lists.counties)


def _ranks(birthdays: Iterable[date]) -> dict[date, int]:
    """Birthday → rank, the oldest highest: larger wins in the tie chain."""
    distinct = sorted(set(birthdays), reverse=True)
    return {day: rank for rank, day in enumerate(distinct, start=1)}
