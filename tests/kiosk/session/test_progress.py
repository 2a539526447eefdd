"""K11: how far an application has come, as far as facts reach this machine."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.ids import ApplicationId, EventHash
from core.rules.calendar import Phase, PhaseName
from core.season.county import CountyVerdict, Hold
from core.season.merge import Review
from kiosk.session.progress import Audit, StageName, StageState, audit, progress, sent_version
from kiosk.session.record import CountyView, PointsView, Record, ResultView, ReviewView
from tests.kiosk.people import CALENDAR, DEADLINE, NOON, version

DAY = timedelta(days=1)
LATER = (
    *CALENDAR,
    *(
        Phase(name=name, opens=DEADLINE + at * DAY, closes=DEADLINE + (at + 1) * DAY)
        for name, at in (
            (PhaseName.COUNTY_REVIEW, 4),
            (PhaseName.PUBLISH, 22),
            (PhaseName.COUNCIL, 34),
            (PhaseName.CONFIRM, 49),
        )
        if name not in {each.name for each in CALENDAR}
    ),
)
SENT = version(1)
APPROVED = ReviewView(verdict="approved", at=NOON, points=None, reasons=(), remark="")
RETURNED = replace(APPROVED, verdict="returned")
RESULT = ResultView(
    moved=True, school="133601", subject="general", wish=1, phase="single", explanation=(),
    at=DEADLINE + 22 * DAY,
)  # fmt: skip
COUNTY = CountyView(
    verdict=CountyVerdict.PASSED, hold=Hold.HOLDS, at=NOON + 9 * DAY, county="13", points=None,
    changes=(), reasons=("證件不實",),
)  # fmt: skip
NONE = Record(app=ApplicationId(b"a" * 16))
WAITING = replace(NONE, versions=(SENT,), heads=(SENT,))
PASSED = replace(WAITING, review=Review.APPROVED, decision=APPROVED)
TAKEN_BACK = replace(version(2), claim=None, wishes=None, withdrawn=True)
WITHDRAWN = replace(NONE, versions=(SENT, TAKEN_BACK), heads=(TAKEN_BACK,))
OTHER = replace(version(2), hash=EventHash(b"o" * 32))
TORN = replace(NONE, versions=(SENT, OTHER), heads=(SENT, OTHER))
DONE, NOW, AHEAD, REFUSED, AWAITED, NOT_NEEDED = StageState


def reviewed(verdict, hold=Hold.HOLDS):
    return replace(PASSED, county=replace(COUNTY, verdict=verdict, hold=hold))


def states(record, calendar=LATER, now=NOON):
    return [each.state for each in progress(record, calendar, now)]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (NONE, [AHEAD] * 6),
        (TORN, [AHEAD] * 6),
        (WITHDRAWN, [DONE, *[AHEAD] * 5]),
        (WAITING, [DONE, NOW, *[AHEAD] * 4]),
        (replace(WAITING, review=Review.CONTRADICTORY), [DONE, NOW, *[AHEAD] * 4]),
        (replace(WAITING, review=Review.RETURNED, decision=RETURNED),
         [DONE, REFUSED, *[AHEAD] * 4]),
        (PASSED, [DONE, DONE, NOW, *[AHEAD] * 3]),
        (replace(PASSED, decision=None), [DONE, DONE, NOW, *[AHEAD] * 3]),
        (reviewed(CountyVerdict.PASSED), [DONE, DONE, DONE, *[AHEAD] * 3]),
        (reviewed(CountyVerdict.REFUSED), [DONE, DONE, REFUSED, *[AHEAD] * 3]),
        (reviewed(CountyVerdict.RETURNED), [DONE, DONE, REFUSED, *[AHEAD] * 3]),
        (reviewed(CountyVerdict.PASSED, Hold.OTHER_DECISION), [DONE, DONE, NOW, *[AHEAD] * 3]),
        (replace(WITHDRAWN, county=COUNTY), [DONE, *[AHEAD] * 5]),
        (replace(PASSED, result=RESULT), [DONE, DONE, DONE, DONE, AHEAD, AHEAD]),
        (replace(PASSED, result=replace(RESULT, moved=False)),
         [DONE, DONE, DONE, DONE, NOT_NEEDED, NOT_NEEDED]),
    ],
)  # fmt: skip
def test_each_station_stands_where_the_facts_are(record, expected):
    assert states(record) == expected


def test_what_comes_by_letter_is_awaited_from_its_day_on_and_never_called_done():
    record = replace(PASSED, result=RESULT)

    council = states(record, now=DEADLINE + 34 * DAY)[-2:]
    report = states(record, now=DEADLINE + 400 * DAY)[-2:]

    assert council == [AWAITED, AHEAD]
    assert report == [AWAITED, AWAITED]


def test_times_are_those_of_the_facts_and_before_them_those_of_the_calendar():
    steps = {each.name: each for each in progress(PASSED, LATER, NOON)}

    assert (steps[StageName.SENT].at, steps[StageName.SENT].planned) == (SENT.submitted, False)
    assert (steps[StageName.REVIEW].at, steps[StageName.REVIEW].planned) == (NOON, False)
    assert steps[StageName.COUNTY].planned
    assert steps[StageName.RESULT].planned
    ended = {each.name: each for each in progress(replace(PASSED, result=RESULT), LATER, NOON)}
    assert (ended[StageName.RESULT].at, ended[StageName.RESULT].planned) == (RESULT.at, False)


def test_without_a_calendar_the_facts_remain():
    assert [each.at for each in progress(WAITING, (), NOON)] == [SENT.submitted, *[None] * 5]
    assert states(replace(PASSED, result=RESULT), ())[-2:] == [AHEAD, AHEAD]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (NONE, Audit.NOTHING),
        (WITHDRAWN, Audit.NOTHING),
        (TORN, Audit.WAITING),
        (WAITING, Audit.WAITING),
        (replace(WAITING, review=Review.CONTRADICTORY), Audit.WAITING),
        (replace(WAITING, review=Review.RETURNED), Audit.REFUSED),
        (PASSED, Audit.SCHOOL_PASSED),
        (reviewed(CountyVerdict.PASSED), Audit.COUNTY_PASSED),
        (reviewed(CountyVerdict.REFUSED), Audit.COUNTY_REFUSED),
        (reviewed(CountyVerdict.RETURNED), Audit.COUNTY_RETURNED),
        (reviewed(CountyVerdict.REFUSED, Hold.OTHER_CLAIM), Audit.SCHOOL_PASSED),
        (replace(PASSED, result=RESULT), Audit.PASSED),
    ],
)
def test_the_word_of_the_review_is_honest_about_who_passed_it(record, expected):
    assert audit(record) is expected


def test_the_countys_time_stands_at_its_station_and_its_figures_count():
    school = PointsView(
        reason_a=1, reason_b=2, service=3, appraisal=4, awards=5, training=6, special=7,
        total_a=26, total_b=27,
    )  # fmt: skip
    county = replace(school, awards=4, total_a=25, total_b=26)
    record = replace(
        PASSED,
        decision=replace(APPROVED, points=school),
        county=replace(COUNTY, points=county),
    )

    stage = next(each for each in progress(record, LATER, NOON) if each.name is StageName.COUNTY)

    assert (stage.at, stage.planned) == (COUNTY.at, False)
    assert record.points == county
    outdated = replace(record, county=replace(record.county, hold=Hold.OTHER_CLAIM))
    assert outdated.points == school
    assert replace(record, county=None).points == school
    assert replace(record, county=None, decision=None).points is None
    assert replace(record, county=COUNTY).points == school


def test_what_was_sent_is_the_version_in_force_or_the_last_before_it_was_taken_back():
    assert sent_version(WAITING) == SENT
    assert sent_version(WITHDRAWN) == SENT
    assert sent_version(TORN) is None
    assert sent_version(replace(WITHDRAWN, versions=(TAKEN_BACK,))) is None
