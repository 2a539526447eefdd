"""資格檢核 in line mode: the same answers by number, the same clauses in words."""

from dataclasses import replace

import pytest

from kiosk.plain.help import help_lines
from kiosk.plain.prompt import View
from kiosk.plain.teacher import teacher_prompt
from kiosk.session.draft import Draft
from kiosk.session.gesture import WentOn
from kiosk.session.page import CheckPage, PostsPage, Question, SelfCheckPage
from kiosk.session.self_check import UNCHECKED
from kiosk.session.self_checking import SelfCheckAnswered, SelfCheckOpened
from tests.kiosk.people import COMPLETE, NOON, at_work, idle
from tests.kiosk.plain.test_prompts import ZH, situation
from tests.kiosk.screens.gallery import DOUBTFUL

YEARS = PostsPage(Question.SERVICE_YEARS)


def prompt(page, check=UNCHECKED, view=None, years=9):
    answers = replace(COMPLETE, service_years=years)
    scene = at_work(Draft(answers=answers, check=check), page=page).scene
    now = situation(scene)
    return teacher_prompt(now if view is None else replace(now, view=view), scene)


def page_of(check=UNCHECKED, view=None):
    return prompt(SelfCheckPage(behind=YEARS), check, view)


def test_every_answer_is_a_number_and_the_clauses_are_said():
    found = page_of(DOUBTFUL)

    views = [each.answer.name for each in found.options if isinstance(each.answer, View)]
    assert views == ["semesters", "leave", "bond_years", "hardship", "bond"]
    assert ZH.doubt("bound") in found.lines
    assert any("偏遠地區學校教育發展條例 第五條" in each for each in found.lines)
    leave, done = (each.answer.event(NOON) for each in found.options[-2:])
    assert leave == SelfCheckAnswered(at=NOON, place="on_leave", answer=False)
    assert done == WentOn(at=NOON)


def test_without_answers_the_lines_say_that_it_is_open():
    labels = [each.label for each in page_of().options]

    assert labels[0].endswith(ZH.none)
    assert labels[3].endswith(ZH.not_chosen)
    assert any("無" in each.label for each in page_of(replace(UNCHECKED, bond="none")).options)


@pytest.mark.parametrize(
    ("typed", "answer"), [("6", 6), (" ", None), ("x", "refused"), ("123", "refused")]
)
def test_a_number_is_typed_and_an_empty_line_takes_it_back(typed, answer):
    found = page_of(view=View("semesters")).typed(typed)

    if answer == "refused":
        assert found is None
    else:
        expected = SelfCheckAnswered(at=NOON, place="semesters", answer=answer)
        assert found.event(NOON) == expected


@pytest.mark.parametrize(
    ("view", "answer"), [("hardship", "serious_illness"), ("bond", "outlying_island")]
)
def test_the_other_answers_are_chosen(view, answer):
    found = page_of(view=View(view))

    assert found.options[1].answer.event(NOON) == SelfCheckAnswered(
        at=NOON, place=view, answer=answer
    )


def test_the_question_about_service_leads_there_and_says_what_is_in_doubt():
    found = prompt(YEARS, years=1)

    assert ZH.doubt("service_too_short") in found.lines
    assert found.options[1].answer.event(NOON) == SelfCheckOpened(at=NOON)


def test_before_sending_a_doubt_is_said_and_stops_nothing():
    doubtful, free = prompt(CheckPage(), DOUBTFUL), prompt(CheckPage())

    assert len(doubtful.lines) == len(free.lines) + 1
    assert [each.label for each in doubtful.options] == [each.label for each in free.options]


def test_the_help_of_an_idle_machine_says_who_cannot_apply_and_where_they_go():
    said = "\n".join(help_lines(situation(idle().scene)))

    for words in ("教保員", "實習教師", "十年內", "離島建設條例", "留職停薪", "超額教師"):
        assert words in said
