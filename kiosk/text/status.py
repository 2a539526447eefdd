"""What K11 says, as labels and values: the same on the glass and in line mode."""

from datetime import date

from core.domain.application import Claim
from core.domain.subject import find_subject
from kiosk.session.naming import county_name, school_name
from kiosk.session.progress import Audit, Stage, StageName, StageState, audit, sent_version
from kiosk.session.record import PointsView, Record
from kiosk.session.station import Station
from kiosk.text.catalogue import Texts

BEFORE_REVIEW = PointsView(
    reason_a=0, reason_b=0, service=0, appraisal=0, awards=0, training=0, special=0,
    total_a=0, total_b=0,
)  # fmt: skip
"""What stands before the review has given points: 0.0 everywhere (F-170)."""


def stage_word(stage: Stage, record: Record, texts: Texts) -> str:
    """How a station stands; at the school's review also why nothing can be reviewed."""
    if stage.name is StageName.COUNTY and record.county is not None and not record.withdrawn:
        reviewed = record.reviewed
        return texts.county_again if reviewed is None else texts.county_verdict(reviewed.verdict)
    if stage.name is StageName.REVIEW:
        if record.withdrawn:
            return texts.withdrawn_word
        if record.in_conflict:
            return texts.conflict_word
        if record.decision is not None:
            return texts.verdict(record.decision.verdict)
        if record.current is not None:
            return texts.review(record.review)
    return texts.stage_state(stage.state)


def stage_note(stage: Stage, texts: Texts) -> str:
    """What to know about a station; papers are brought to a review that is still to come."""
    passed = stage.name is StageName.COUNTY and stage.state is StageState.DONE
    return "" if passed else texts.step_note(stage.name)


def grounds(stage: Stage, record: Record, texts: Texts) -> str:
    """Why the school refused, in the officer's words; or the county, in its own."""
    if stage.name is StageName.COUNTY:
        return "" if record.reviewed is None else texts.list_comma.join(record.reviewed.reasons)
    decision = record.decision
    if decision is None:
        return ""
    reasons = [texts.reason(each) for each in decision.reasons]
    return texts.list_comma.join([*reasons, *([decision.remark] if decision.remark else [])])


def point_rows(record: Record, station: Station, texts: Texts) -> tuple[tuple[str, int], ...]:
    """Name and hundredths, in the order of the form (F-161 … F-169); zeros before the review."""
    points = record.points or BEFORE_REVIEW
    version = sent_version(record)
    wishes = None if version is None else version.wishes
    first, second = (
        f"{county_name(station.reference, code)}({slot})"
        for code, slot in (
            (None if wishes is None else wishes.county_a, texts.county_a),
            (None if wishes is None else wishes.county_b, texts.county_b),
        )
    )
    return (
        (f"{first}{texts.reason_points}", points.reason_a),
        (f"{second}{texts.reason_points}", points.reason_b),
        (texts.appraisal_points, points.appraisal),
        (texts.service_points, points.service),
        (texts.award_points, points.awards),
        (texts.special_points, points.special),
        (texts.training_points, points.training),
        (f"{first}{texts.total_points}", points.total_a),
        (f"{second}{texts.total_points}", points.total_b),
    )


def points_heading(record: Record, texts: Texts) -> str:
    """Whose figures stand below."""
    if record.points is None:
        return texts.points_none
    reviewed = record.reviewed
    countys = reviewed is not None and reviewed.points is not None
    return texts.points_county if countys else texts.points_title


def applied_rows(record: Record, station: Station, texts: Texts) -> tuple[tuple[str, str], ...]:
    """申請資料 of the version that counts; 電腦編號 is given by the county when it passes."""
    version = sent_version(record)
    if version is None or version.claim is None:
        return ()
    passed = audit(record) is Audit.PASSED
    number = record.number or (texts.number_given if passed else texts.number_pending)
    return ((texts.label_computer_number, number), *claim_rows(version.claim, station, texts))


def claim_rows(claim: Claim, station: Station, texts: Texts) -> tuple[tuple[str, str], ...]:
    """Label and value of everything claimed: person, contact, employment, answers."""
    reference = station.reference
    birth = date.fromisoformat(claim.birth)
    subjects = () if reference is None else reference.subjects

    def subject(code: str) -> str:
        found = find_subject(claim.stage, code, subjects)
        return code if found is None else found.name

    area = texts.area_words[0 if claim.area_limit == "general" else 1]
    return (
        (texts.label_name, claim.teacher_name),
        (texts.label_number, f"{claim.national_id[:3]}****{claim.national_id[-3:]}"),
        (texts.label_birth, texts.hidden_birth(birth.year)),
        (texts.label_sex, texts.sexes[0 if claim.sex == "M" else 1]),
        (texts.label_phone1, claim.phone1),
        (texts.place("phone2"), claim.phone2 or texts.not_given),
        (texts.label_email, claim.email),
        (texts.label_stage, texts.stage(claim.stage)),
        (texts.label_school, school_name(reference, claim.school)),
        (texts.label_applied, texts.list_comma.join(subject(each) for each in claim.subjects)),
        (texts.label_indigenous, texts.applies if claim.indigenous else texts.applies_not),
        (texts.label_language, texts.applies if claim.language else texts.applies_not),
        (texts.label_area, area),
        (texts.label_years, texts.serves_years(claim.service_years)),
    )
