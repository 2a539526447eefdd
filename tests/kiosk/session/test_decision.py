"""Every line of points has its own reason, or is not signed (U-021, U-043)."""

from dataclasses import replace

import pytest

from core.domain.points import Points
from kiosk.session.answer import CaseLoaded
from kiosk.session.bureau import (
    POINT_FIELDS,
    POINTS_REASONS,
    Because,
    CasePage,
    DecisionForm,
    QueuePage,
)
from kiosk.session.decision import explained, needs_reason
from kiosk.session.effect import Decide
from kiosk.session.paperwork import BecauseChosen, BecauseTyped, PointsTyped
from kiosk.session.step import step
from tests.kiosk.people import NOON
from tests.kiosk.session.test_officer import APPROVING, CASE, SIGN, codes, officer_at, waiting
from tests.kiosk.session.test_teacher import page, play

AGAINST = (None, None, Points(1400), Points(800), None, None, None)
HELD = replace(CASE, held_against=AGAINST, points=("0", "0", "14.0", "8", "0", "0", "0"))


def at_case(form=None):
    form = replace(APPROVING, points=HELD.points) if form is None else form
    return officer_at(CasePage(case=HELD, form=form))


def test_a_figure_that_is_not_the_one_worked_out_is_not_signed_without_a_reason_of_its_own():
    changed = play(
        at_case(),
        PointsTyped(at=NOON, place="service", text="12"),
        PointsTyped(at=NOON, place="appraisal", text="8.00"),
        PointsTyped(at=NOON, place="awards", text="3.5"),
    )

    refused = step(changed, SIGN)
    given = play(changed, BecauseChosen(at=NOON, place="service", reason="not_countable"))
    signed = step(given, SIGN)

    assert [(each.code, each.place) for each in page(refused.session).faults] == [
        ("points_unexplained", "service")
    ]
    assert refused.effects == ()
    assert [type(each) for each in signed.effects] == [Decide]


def test_a_reason_for_one_line_is_none_for_another():
    changed = play(
        at_case(),
        PointsTyped(at=NOON, place="service", text="12"),
        PointsTyped(at=NOON, place="appraisal", text="6"),
        BecauseChosen(at=NOON, place="service", reason="not_countable"),
    )

    assert [each.place for each in page(step(changed, SIGN).session).faults] == ["appraisal"]


def test_another_reason_says_which():
    changed = play(
        at_case(),
        PointsTyped(at=NOON, place="service", text="12"),
        BecauseChosen(at=NOON, place="service", reason="other"),
        BecauseTyped(at=NOON, place="service", text=" "),
    )
    said = play(changed, BecauseTyped(at=NOON, place="service", text="留停\n一年"))

    assert codes(step(changed, SIGN).session) == ["remark_missing"]
    assert page(said).form.because[2] == Because("other", "留停一年")
    assert step(said, SIGN).effects


def test_a_line_that_only_papers_tell_may_have_a_reason_and_needs_none():
    awarded = play(at_case(), PointsTyped(at=NOON, place="awards", text="3.5"))
    told = play(awarded, BecauseChosen(at=NOON, place="awards", reason="originals"))

    assert step(awarded, SIGN).effects
    assert explained(HELD, page(told).form) == (("awards", Because("originals")),)


def test_a_reason_can_be_taken_back_and_one_nobody_knows_is_none():
    given = play(at_case(), BecauseChosen(at=NOON, place="service", reason="corrected"))

    for reason in (None, "made_up"):
        after = play(given, BecauseChosen(at=NOON, place="service", reason=reason))
        assert page(after).form.because[2] == Because()


def test_a_place_that_is_no_line_of_points_is_passed_over():
    after = play(
        at_case(),
        BecauseChosen(at=NOON, place="total", reason="corrected"),
        BecauseTyped(at=NOON, place="total", text="x"),
    )

    assert page(after).form == page(at_case()).form


def test_a_figure_put_back_takes_its_reason_out_of_what_is_signed():
    form = DecisionForm(
        points=HELD.points, because=(*[Because()] * 2, Because("corrected"), *[Because()] * 4)
    )

    assert explained(HELD, form) == ()
    assert explained(HELD, replace(form, points=("0", "0", "x", *HELD.points[3:]))) == (
        ("service", Because("corrected")),
    )


@pytest.mark.parametrize(
    ("text", "needed"),
    [("14", False), ("14.00", False), ("13.99", True), ("-1", True), ("x", False)],
)
def test_figures_are_compared_as_numbers(text, needed):
    form = replace(APPROVING, points=("0", "0", text, *HELD.points[3:]))

    assert needs_reason(CasePage(case=HELD, form=form), "service") is needed
    assert not needs_reason(CasePage(case=HELD, form=form), "awards")


def test_a_case_decided_before_opens_with_its_reasons():
    reasons = (*[Because()] * 2, Because("corrected", "甲"), *[Because()] * 4)
    case = replace(HELD, because=reasons)

    opened = step(waiting(QueuePage()), CaseLoaded(ticket=1, at=NOON, case=case)).session

    assert page(opened).form == DecisionForm(points=HELD.points, because=reasons)


def test_a_remark_is_no_longer_than_the_wire_takes_and_every_reason_fits_its_code():
    after = play(at_case(), BecauseTyped(at=NOON, place="service", text="長" * 201))

    assert page(after).form.because[2].remark == "長" * 200
    assert all(each.isascii() and len(each) <= 32 for each in POINTS_REASONS)
    assert len(set(POINT_FIELDS)) == len(AGAINST)
