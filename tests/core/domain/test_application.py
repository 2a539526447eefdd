"""What keeps an application from being sent, each with its code and place."""

from datetime import date

import msgspec
import pytest

from core.domain.application import CODES, Claim, Reference, Wishes, check_application
from core.domain.ids import generate_national_id
from core.domain.place import County
from core.domain.school import DatedMark, Mark, School, Stage
from core.domain.subject import Subject

NUMBER = generate_national_id("E", "2", "7000001")
TODAY = date(2026, 4, 20)
REMOTE = (DatedMark(mark=Mark.REMOTE, since=date(2024, 8, 1)),)


def school(code: str, county: str, stage: Stage = Stage.ELEMENTARY, **change) -> School:
    values = {"id": code, "name": code, "short_name": code, "county": county, "township": "市"}
    return School(**(values | {"stage": stage} | change))


SCHOOLS = [
    school("553601", "12"),
    school("134601", "13"),
    school("134602", "13", marks=REMOTE),
    school("144601", "14"),
    school("144602", "14", delegated=False),
    school("134501", "13", Stage.JUNIOR),
    school("014601", "01"),
]


def county(code: str) -> County:
    return County(
        code=code, name=code, printed_code=code, printed_code_source="test", prefixes=(code,)
    )


REFERENCE = Reference(
    schools={each.id: each for each in SCHOOLS},
    subjects=tuple(
        Subject(code=code, name=code, stage=Stage.ELEMENTARY)
        for code in ("general", "english", "music", "guidance")
    ),
    counties=tuple(county(code) for code in ("01", "12", "13", "14")),
    version=1,
    on=TODAY,
)
CLAIM = Claim(
    salt=b"c" * 16,
    season="115",
    stage=Stage.ELEMENTARY,
    teacher_name="林曉芒",
    national_id=NUMBER.text,
    birth="1986-04-28",
    sex="F",
    card_name_raw=b"x" * 20,
    phone1="07-1234567",
    phone2=None,
    email="name@example.tw",
    indigenous=False,
    language=False,
    area_limit="general",
    service_years=6,
    school="553601",
    subject="general",
    subjects=("general", "english"),
    declared=True,
)
WISHES = Wishes(salt=b"w" * 16, county_a="13", county_b="14", schools=("134601", "144601"))


def found(claim: dict | None = None, wishes: dict | None = None) -> list[tuple[str, str]]:
    changed = msgspec.structs.replace(CLAIM, **(claim or {}))
    listed = msgspec.structs.replace(WISHES, **(wishes or {}))
    return [(each.code, each.place) for each in check_application(changed, listed, REFERENCE)]


def test_a_complete_application_may_be_sent():
    assert found() == []


CLAIM_FAULTS = [
    ({"teacher_name": " "}, ("name_missing", "teacher_name")),
    ({"national_id": NUMBER.text[:-1]}, ("id_length", "national_id")),
    ({"birth": "75/4/28"}, ("date_form", "birth")),
    ({"phone1": ""}, ("phone_missing", "phone1")),
    ({"phone1": "07-12"}, ("phone_wrong", "phone1")),
    ({"phone2": "x"}, ("phone_wrong", "phone2")),
    ({"email": ""}, ("email_missing", "email")),
    ({"email": "name"}, ("email_wrong", "email")),
    ({"service_years": -1}, ("service_years_wrong", "service_years")),
    ({"service_years": 51}, ("service_years_wrong", "service_years")),
    ({"subjects": ()}, ("subjects_empty", "subjects")),
    ({"subjects": ("english",)}, ("subject_first_not_own", "subjects.0")),
    ({"subjects": ("general", "general")}, ("subject_twice", "subjects.1")),
    ({"subjects": ("general", "latin")}, ("subject_unknown", "subjects.1")),
    ({"subjects": ("general", "english", "music", "guidance")}, ("subjects_too_many", "subjects")),
    ({"declared": False}, ("not_declared", "declared")),
]
WISH_FAULTS = [
    ({"schools": ()}, ("wishes_empty", "schools")),
    ({"schools": ("134601", "134601")}, ("school_twice", "schools.1")),
    ({"schools": ("999999",)}, ("school_unknown", "schools.0")),
    ({"schools": ("553601",)}, ("school_own", "schools.0")),
    ({"schools": ("134501",)}, ("school_wrong_stage", "schools.0")),
    ({"schools": ("014601",)}, ("school_outside_counties", "schools.0")),
    ({"schools": ("144602",)}, ("school_not_delegated", "schools.0")),
    ({"county_a": ""}, ("county_missing", "county_a")),
    ({"county_a": "99"}, ("county_unknown", "county_a")),
    ({"county_a": "12"}, ("county_own", "county_a")),
    ({"county_b": "13"}, ("counties_same", "county_b")),
]


@pytest.mark.parametrize(("change", "fault"), CLAIM_FAULTS)
def test_each_fault_of_the_claim_is_named_at_its_field(change, fault):
    assert fault in found(claim=change)


@pytest.mark.parametrize(("change", "fault"), WISH_FAULTS)
def test_each_fault_of_the_wishes_is_named_at_its_line(change, fault):
    assert fault in found(wishes=change)


def test_a_school_of_no_list_and_of_another_stage_cannot_be_ones_own():
    assert ("school_unknown", "school") in found(claim={"school": "999999"})
    assert ("school_wrong_stage", "school") in found(claim={"school": "134501"})
    assert ("subject_unknown", "subject") in found(claim={"subject": "latin"})


def test_a_restricted_certificate_reaches_remote_schools_only():
    limited = {"area_limit": "restricted"}

    assert ("school_outside_area", "schools.0") in found(limited, {"schools": ("134601",)})
    assert found(limited, {"schools": ("134602",)}) == []


def test_every_code_that_can_come_is_on_the_list_of_sentences():
    assert {code for _, (code, _) in (*CLAIM_FAULTS, *WISH_FAULTS)} <= CODES
