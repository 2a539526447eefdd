"""資格檢核: asked of the teacher, decided by the rules, and never in her way (F-196 … F-199)."""

from dataclasses import replace

import pytest

from kiosk.session.draft import Draft
from kiosk.session.draft_bytes import decode_draft, encode_draft
from kiosk.session.effect import SaveDraft
from kiosk.session.form import faults_of
from kiosk.session.gesture import WentBack, WentOn
from kiosk.session.page import CheckPage, PostsPage, Question, SelfCheckPage, TasksPage
from kiosk.session.self_check import UNCHECKED, Finding, SelfCheck, answered, doubts, finding
from kiosk.session.self_checking import SelfCheckAnswered, SelfCheckOpened
from kiosk.session.step import step
from kiosk.session.tasks import task_lines
from tests.kiosk.people import AMY, COMPLETE, DEADLINE, NOON, POST, REFERENCE, SEASON, at_work

YEARS = PostsPage(Question.SERVICE_YEARS)
FREE = SelfCheck(semesters=6, hardship="none", bond="none")


def saying(**changes):
    return replace(FREE, **changes)


@pytest.mark.parametrize(
    ("clause", "check", "codes"),
    [
        ("F-196 六學期", FREE, []),
        ("F-196 六學期", saying(semesters=5), ["service_too_short"]),
        ("5-2 併計二學期", saying(semesters=4, leave=2), []),
        ("5-2 併計二學期", saying(semesters=3, leave=4), ["service_too_short"]),
        ("F-197 離島", saying(bond="outlying_island", bond_years=5), ["bound"]),
        ("F-197 偏遠", saying(bond="remote_selection", bond_years=6), []),
        ("F-197 公費", saying(bond="public_funded", bond_years=0), ["bound"]),
        ("F-198 重大傷病", saying(semesters=0, hardship="serious_illness"), []),
        ("F-199 結婚", saying(semesters=4, hardship="marriage"), []),
        ("F-199 生活不便", saying(semesters=3, hardship="living"), ["service_too_short"]),
        ("留職停薪", saying(on_leave=True), ["on_leave"]),
    ],
)
def test_each_clause_asked_of_the_teacher_is_decided_by_the_regulation(clause, check, codes):
    assert [each.code for each in doubts(check, 9)] == codes, clause
    assert all(each.cite is not None and each.cite.law for each in doubts(check, 9))


@pytest.mark.parametrize(
    ("years", "codes"),
    [(None, []), (0, ["service_too_short"]), (2, ["service_too_short"]), (3, []), (9, [])],
)
def test_where_she_says_nothing_only_the_full_years_of_the_form_can_raise_a_doubt(years, codes):
    assert [each.code for each in doubts(UNCHECKED, years)] == codes


@pytest.mark.parametrize(
    ("check", "found"),
    [
        (UNCHECKED, Finding.UNANSWERED),
        (saying(bond=None), Finding.UNANSWERED),
        (saying(bond="outlying_island"), Finding.CLEAR),
        (FREE, Finding.CLEAR),
        (saying(semesters=1), Finding.DOUBTFUL),
    ],
)
def test_what_she_left_open_counts_in_her_favour(check, found):
    assert finding(check, 9) is found


@pytest.mark.parametrize(
    ("place", "answer"),
    [("semesters", 81), ("semesters", -1), ("leave", "2"), ("hardship", "poor"), ("bond", None)],
)
def test_an_answer_that_cannot_be_changes_nothing(place, answer):
    assert answered(FREE, place, answer) == FREE


@pytest.mark.parametrize(
    ("place", "answer"),
    [("semesters", 4), ("semesters", None), ("bond_years", 3), ("hardship", "living"),
     ("on_leave", True)],
)  # fmt: skip
def test_an_answer_is_kept_with_the_draft_and_nothing_else_changes(place, answer):
    session = at_work(Draft(answers=COMPLETE, check=FREE), page=SelfCheckPage(behind=YEARS))

    after = step(session, SelfCheckAnswered(at=NOON, place=place, answer=answer))

    draft = after.session.scene.draft
    assert getattr(draft.check, place) == answer
    assert (draft.answers, draft.past) == (COMPLETE, ())
    saved = [each for each in after.effects if isinstance(each, SaveDraft)]
    assert [decode_draft(encode_draft(each.draft)) for each in saved] == [draft]


@pytest.mark.parametrize("behind", [YEARS, CheckPage(asked=True)])
def test_it_opens_from_the_question_and_before_sending_and_leads_back(behind):
    opened = step(at_work(page=behind), SelfCheckOpened(at=NOON)).session

    assert opened.scene.page == SelfCheckPage(behind=behind)
    for leave in (WentBack(at=NOON), WentOn(at=NOON)):
        assert step(opened, leave).session.scene.page == behind


@pytest.mark.parametrize(
    "event", [SelfCheckOpened(at=NOON), SelfCheckAnswered(at=NOON, place="on_leave", answer=True)]
)
def test_elsewhere_it_means_nothing(event):
    before = at_work(page=TasksPage())

    after = step(before, event)

    assert (after.session.scene, after.effects) == (before.scene, ())


def test_after_the_deadline_it_is_only_read():
    session = replace(at_work(page=SelfCheckPage(behind=YEARS)), at=DEADLINE)

    after = step(session, SelfCheckAnswered(at=DEADLINE, place="semesters", answer=3))

    assert after.session.scene.draft.check == UNCHECKED
    assert after.session.scene.toast == "closed"


def test_no_doubt_keeps_an_application_from_being_sent():
    worst = SelfCheck(semesters=0, hardship="none", bond="outlying_island", bond_years=0,
                      on_leave=True)  # fmt: skip
    free, doubtful = (at_work(Draft(answers=COMPLETE, check=check)) for check in (UNCHECKED, worst))

    assert len(doubts(worst, 9)) == 3
    assert task_lines(doubtful.scene, doubtful.station, NOON) == task_lines(
        free.scene, free.station, NOON
    )
    assert faults_of(AMY, POST, COMPLETE, SEASON, REFERENCE, declared=True) == ()


def test_a_draft_of_before_has_nothing_answered():
    old = encode_draft(Draft(answers=COMPLETE)).replace(b"check", b"chekk")

    with pytest.raises(ValueError, match="draft_form"):
        decode_draft(b"")
    assert decode_draft(old).check == UNCHECKED
