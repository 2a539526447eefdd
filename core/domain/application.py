"""One teacher's application: a claim an officer reviews, and wishes only she decides."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

import msgspec

from core.domain.contact import parse_email, parse_phone
from core.domain.ids import CountyCode, NationalId, SchoolId, SubjectCode
from core.domain.past import PastResult
from core.domain.place import County, find_county
from core.domain.refusal import Citation, Refusal
from core.domain.school import REMOTE_MARKS, School, Stage
from core.domain.subject import Subject, find_subject

SUBJECTS_AT_MOST = 3  # 申請應聘科(類)別 1 to 3 of the form
SERVICE_YEARS_AT_MOST = 50  # nobody serves longer before the age limit of 65: a slip of the finger

_TEACHING_AREA = Citation(
    law="公立國民小學及國民中學教師介聘辦法", article="第十三條", as_of="2023-12-18"
)
_SAME_STAGE = Citation(
    law="公立國民小學及國民中學教師介聘辦法", article="第八條", as_of="2023-12-18"
)

CODES = frozenset(
    {
        "county_missing",
        "county_own",
        "county_unknown",
        "counties_same",
        "date_form",
        "email_missing",
        "email_wrong",
        "id_checksum",
        "id_digits",
        "id_kind",
        "id_length",
        "id_letter",
        "name_missing",
        "not_declared",
        "phone_missing",
        "phone_wrong",
        "school_not_delegated",
        "school_outside_area",
        "school_outside_counties",
        "school_own",
        "school_twice",
        "school_unknown",
        "school_wrong_stage",
        "service_years_wrong",
        "subject_first_not_own",
        "subject_twice",
        "subject_unknown",
        "subjects_empty",
        "subjects_too_many",
        "wishes_empty",
    }
)
"""Every code `check_application` can give; each needs a sentence."""

Salt = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Text = Annotated[str, msgspec.Meta(max_length=200)]
Code = Annotated[str, msgspec.Meta(max_length=16)]
Slug = Annotated[str, msgspec.Meta(max_length=64)]
# The largest two counties have 477 public elementary schools; the bound is for hostile input.
Schools = Annotated[tuple[Code, ...], msgspec.Meta(max_length=1000)]
Sex = Literal["M", "F"]
AreaLimit = Literal["general", "restricted"]


class Claim(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="part",
    tag="claim",
):
    """What the school's officer reviews: person, employment, subjects, declaration.

    ``birth`` is an ISO date; ``card_name_raw`` the 20 bytes of the card; ``area_limit`` is
    教師證任教地區限制; ``service_years`` full years; ``indigenous`` and ``language`` ask for the
    priority of 介聘辦法 第八條第二項.
    """

    salt: Salt
    season: Code
    stage: Stage
    teacher_name: Text
    national_id: Code
    birth: Code
    sex: Sex
    card_name_raw: Annotated[bytes, msgspec.Meta(max_length=64)]
    phone1: Text
    phone2: Text | None
    email: Annotated[str, msgspec.Meta(max_length=320)]
    indigenous: bool
    language: bool
    area_limit: AreaLimit
    service_years: int
    school: Code
    subject: Slug
    subjects: Annotated[tuple[Slug, ...], msgspec.Meta(max_length=16)]
    declared: bool


class Wishes(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="part",
    tag="wishes",
):
    """Two counties, whose order means nothing, and the schools of both, best first."""

    salt: Salt
    county_a: Code
    county_b: Code
    schools: Schools


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The published lists an application is held against; school marks count as of ``on``.

    ``past`` is for people to read, where the season publishes it; nothing is decided by it.
    """

    schools: Mapping[SchoolId, School]
    subjects: tuple[Subject, ...]
    counties: tuple[County, ...]
    version: int
    on: date
    past: Mapping[tuple[SchoolId, SubjectCode], PastResult] = field(default_factory=dict)


def check_application(claim: Claim, wishes: Wishes, reference: Reference) -> tuple[Refusal, ...]:
    """Everything that keeps it from being sent, in the order of the form; empty means nothing."""
    return (*check_claim(claim, reference), *check_wishes(claim, wishes, reference))


def check_claim(claim: Claim, reference: Reference) -> tuple[Refusal, ...]:
    """The refusals of the claim alone: person, employment, subjects, declaration."""
    return (
        *_person(claim),
        *_employment(claim, reference),
        *_subjects(claim, reference),
        *(() if claim.declared else (Refusal(code="not_declared", place="declared"),)),
    )


def check_wishes(claim: Claim, wishes: Wishes, reference: Reference) -> tuple[Refusal, ...]:
    """The refusals of the wish list, held against the claim's stage, school and area."""
    return (*_counties(claim, wishes, reference), *_schools(claim, wishes, reference))


def _person(claim: Claim) -> Iterator[Refusal]:
    if not claim.teacher_name.strip():
        yield Refusal(code="name_missing", place="teacher_name")
    yield from _parsed(NationalId.from_text, claim.national_id, "national_id")
    yield from _parsed(_iso_date, claim.birth, "birth")
    if claim.phone1.strip():
        yield from _parsed(parse_phone, claim.phone1, "phone1")
    else:
        yield Refusal(code="phone_missing", place="phone1")
    if claim.phone2 is not None:
        yield from _parsed(parse_phone, claim.phone2, "phone2")
    if claim.email.strip():
        yield from _parsed(parse_email, claim.email, "email")
    else:
        yield Refusal(code="email_missing", place="email")


def _parsed(parse: Callable[[str], object], text: str, place: str) -> Iterator[Refusal]:
    try:
        parse(text)
    except ValueError as error:
        yield Refusal(code=str(error), place=place)


def _iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("date_form") from error


def _employment(claim: Claim, reference: Reference) -> Iterator[Refusal]:
    if not 0 <= claim.service_years <= SERVICE_YEARS_AT_MOST:
        yield Refusal(code="service_years_wrong", place="service_years")
    school = reference.schools.get(SchoolId(claim.school))
    if school is None:
        yield Refusal(code="school_unknown", place="school")
    elif school.stage is not claim.stage:
        yield Refusal(code="school_wrong_stage", place="school", cite=_SAME_STAGE)


def _subjects(claim: Claim, reference: Reference) -> Iterator[Refusal]:
    if not claim.subjects:
        yield Refusal(code="subjects_empty", place="subjects")
    elif claim.subjects[0] != claim.subject:
        yield Refusal(code="subject_first_not_own", place="subjects.0")
    if len(claim.subjects) > SUBJECTS_AT_MOST:
        yield Refusal(code="subjects_too_many", place="subjects")
    if find_subject(claim.stage, claim.subject, reference.subjects) is None:
        yield Refusal(code="subject_unknown", place="subject")
    for index, code in enumerate(claim.subjects):
        if code in claim.subjects[:index]:
            yield Refusal(code="subject_twice", place=f"subjects.{index}")
        elif find_subject(claim.stage, code, reference.subjects) is None:
            yield Refusal(code="subject_unknown", place=f"subjects.{index}")


def _counties(claim: Claim, wishes: Wishes, reference: Reference) -> Iterator[Refusal]:
    own = reference.schools.get(SchoolId(claim.school))
    for code, place in ((wishes.county_a, "county_a"), (wishes.county_b, "county_b")):
        if not code:
            yield Refusal(code="county_missing", place=place)
        elif find_county(code, reference.counties) is None:
            yield Refusal(code="county_unknown", place=place)
        elif own is not None and code == own.county:
            # 介聘他縣市 is a transfer to another county; inside one's own it is another scheme.
            yield Refusal(code="county_own", place=place)
    if wishes.county_a and wishes.county_a == wishes.county_b:
        yield Refusal(code="counties_same", place="county_b")


def _schools(claim: Claim, wishes: Wishes, reference: Reference) -> Iterator[Refusal]:
    if not wishes.schools:
        yield Refusal(code="wishes_empty", place="schools")
    counties = {CountyCode(wishes.county_a), CountyCode(wishes.county_b)}
    seen: set[str] = set()
    for index, code in enumerate(wishes.schools):
        place = f"schools.{index}"
        if code in seen:
            yield Refusal(code="school_twice", place=place)
            continue
        seen.add(code)
        school = reference.schools.get(SchoolId(code))
        refusal = (
            Refusal(code="school_unknown", place=place)
            if school is None
            else _wish(claim, school, counties, reference.on, place)
        )
        if refusal is not None:
            yield refusal


def _wish(
    claim: Claim, school: School, counties: set[CountyCode], on: date, place: str
) -> Refusal | None:
    """The first reason only: one sentence per line of the list is what a person can act on."""
    if school.id == claim.school:
        return Refusal(code="school_own", place=place)
    if school.stage is not claim.stage:
        return Refusal(code="school_wrong_stage", place=place, cite=_SAME_STAGE)
    if school.county not in counties:
        return Refusal(code="school_outside_counties", place=place)
    if not school.delegated:
        return Refusal(code="school_not_delegated", place=place)
    if claim.area_limit == "restricted" and not school.marks_on(on) & REMOTE_MARKS:
        return Refusal(code="school_outside_area", place=place, cite=_TEACHING_AREA)
    return None
