"""Line mode without a card: what can be done now, and schools by number and word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.school import Stage
from kiosk.plain.entry import entry_prompt
from kiosk.plain.lobby import COUNTIES, KEYWORD, lobby_lines
from kiosk.session.gesture import KeywordTyped, PracticeAsked, SchoolsAsked, SchoolsNarrowed
from kiosk.session.state import Idle, Searching
from kiosk.session.station import Link, LinkName
from kiosk.station import read_ground
from tests.kiosk.people import DEADLINE, NOON, OPENS, PINGTUNG, REFERENCE
from tests.kiosk.plain.test_prompts import ZH, event, said, situation

CALM = Link(name=LinkName.ONLINE, pending=3)
SCENE = Searching(since=NOON, stage=Stage.ELEMENTARY, county=PINGTUNG)


def looked(view=None, scene=SCENE, **station):
    where = {} if view is None else {"view": view}
    return entry_prompt(situation(scene, **where, **station), scene)


def chosen(found, label):
    return event(next(each.answer for each in found.options if label in each.label))


@pytest.mark.parametrize(
    ("at", "link", "words"),
    [
        (OPENS - timedelta(days=1), CALM, []),
        (NOON, CALM, []),
        (NOON, replace(CALM, busy=True), []),
        (DEADLINE - timedelta(hours=1), CALM, [ZH.receipt_counts]),
        (
            DEADLINE - timedelta(hours=1),
            replace(CALM, name=LinkName.WAITING, busy=True),
            [ZH.receipt_counts, ZH.uploads_queue(3)],
        ),
        (
            DEADLINE - timedelta(hours=1),
            replace(CALM, busy=True),
            [ZH.receipt_counts, ZH.county_busy],
        ),
        (
            DEADLINE - timedelta(hours=1),
            replace(CALM, name=LinkName.OFFLINE, busy=True),
            [ZH.receipt_counts],
        ),
        (DEADLINE + timedelta(hours=1), CALM, ["現在可以：插卡查詢進度、列印。"]),
    ],
)
def test_the_idle_screen_says_what_can_be_done_now(at, link, words):
    now = situation(Idle(), link=link, software="0.1")
    now = replace(now, session=replace(now.session, at=at))

    assert list(lobby_lines(now)) == [*words, ZH.machine_is("KH-0231", "0.1", None)]


def test_notices_are_read_out():
    assert "公告：請攜正本。" in lobby_lines(situation(Idle(), notice="請攜正本。"))


def test_practice_and_schools_are_choices_of_the_idle_screen():
    found = entry_prompt(situation(Idle(), ground=read_ground()), Idle())

    assert chosen(found, ZH.practice_start) == PracticeAsked(at=NOON)
    assert chosen(found, ZH.schools_title) == SchoolsAsked(at=NOON)


def test_without_lists_and_invented_people_neither_is_offered():
    found = entry_prompt(situation(Idle(), reference=None), Idle())

    assert ZH.practice_start not in said(found)
    assert ZH.schools_title not in said(found)


def test_schools_are_said_with_their_code_letter_by_letter():
    found = looked()

    assert "1 3 3 6 0 2、芒果國小、屏東縣、屏東市、偏遠" in found.lines
    assert any("關門國小" in each and ZH.school_closed in each for each in found.lines)


def test_a_word_a_county_and_a_stage_are_answers():
    typed = looked(KEYWORD).answer("芒果 ")
    counties = looked(COUNTIES)

    assert event(typed) == KeywordTyped(at=NOON, text="芒果")
    assert chosen(counties, ZH.all_counties) == SchoolsNarrowed(
        at=NOON, stage=Stage.ELEMENTARY, county=None
    )
    assert chosen(looked(), "國中") == SchoolsNarrowed(at=NOON, stage=Stage.JUNIOR, county=PINGTUNG)
    assert len(counties.options) == len(REFERENCE.counties) + 1


def test_lists_that_went_away_are_said_and_left():
    found = looked(reference=None)

    assert found.lines == (ZH.no_calendar,)
    assert found.back is not None


def test_another_minute_without_anything_else_is_nothing_to_say():
    before, after, offline = (
        entry_prompt(situation(Idle(), link=link), Idle())
        for link in (
            replace(CALM, compared=NOON),
            replace(CALM, compared=NOON + timedelta(minutes=1)),
            replace(CALM, name=LinkName.OFFLINE, compared=NOON),
        )
    )

    assert before.said() != after.said()
    assert before.news() == after.news()
    assert before.news() != offline.news()
