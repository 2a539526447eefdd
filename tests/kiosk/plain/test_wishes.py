"""Line mode for K05: both counties, marks, schools, what rests, 試算, versions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.ids import SchoolId
from core.domain.past import PastResult
from core.domain.points import Points
from core.domain.school import Mark
from kiosk.plain.prompt import View
from kiosk.plain.teacher import teacher_prompt
from kiosk.session.draft import Aside, Draft
from kiosk.session.event import (
    BaseChosen,
    MarksChosen,
    TabChosen,
    TownshipChosen,
    VersionRestored,
    VersionsOpened,
    WentBack,
    WishMoved,
)
from kiosk.session.page import StatusPage, TasksPage, VersionsPage, WishesPage
from kiosk.session.record import Delivery
from kiosk.session.station import Link, LinkName
from tests.kiosk.people import (
    COMPLETE,
    DEADLINE,
    GENERAL,
    HUALIEN,
    NOON,
    PINGTUNG,
    POST,
    REFERENCE,
    STATION,
    TAITUNG,
    record,
    school,
    version,
    working,
)
from tests.kiosk.plain.test_prompts import AT_WISHES, DECIDED, ZH, event, prompt, said, situation

FIRST = version(1, replace(COMPLETE, wishes=COMPLETE.wishes[:1], phone1="0900123456"))
MOVED = version(2, replace(COMPLETE, wishes=COMPLETE.wishes[::-1]))
AWAY = replace(version(3), claim=None, wishes=None, submitted=None, delivery=Delivery.ELSEWHERE)
SENT = record(FIRST, MOVED, AWAY, heads=(MOVED,))
RETURNED = ZH.returned_box(ZH.reason("reinstatement_missing"))
VERSIONS = VersionsPage(behind=StatusPage(), base=FIRST.hash)


def chosen(found, words):
    """What the first choice with these words means."""
    for number, each in enumerate(found.options, start=1):
        if words in each.label:
            return found.answer(str(number))
    raise AssertionError(f"{words} is not offered:\n{said(found)}")


def test_the_schools_of_both_counties_are_offered_as_one_list():
    menu = prompt(working(page=AT_WISHES))
    both = prompt(working(page=WishesPage(county=None)))
    towns = prompt(working(page=WishesPage(county=None)), View("township"))

    assert event(chosen(menu, ZH.both_counties_long)) == TabChosen(at=NOON, county=None)
    assert ZH.both_counties_long in said(both)
    assert event(chosen(both, f"{ZH.other_county}：屏東縣")) == TabChosen(at=NOON, county=PINGTUNG)
    assert event(chosen(towns, "臺東縣 鹿野鄉")) == TownshipChosen(
        at=NOON, township="鹿野鄉", county=TAITUNG
    )
    assert ZH.all_townships in said(
        prompt(working(page=AT_WISHES), View("township"), reference=None)
    )


def test_marks_are_explained_and_ticked():
    menu = prompt(working(page=AT_WISHES))
    marks = prompt(working(page=replace(AT_WISHES, marks=frozenset({Mark.REMOTE}))), View("marks"))

    assert chosen(menu, ZH.marks_title) == View("marks")
    assert event(chosen(marks, ZH.mark_explained(Mark.INDIGENOUS))) == MarksChosen(
        at=NOON, marks=frozenset({Mark.REMOTE, Mark.INDIGENOUS})
    )
    assert event(marks.answer("1")) == MarksChosen(at=NOON, marks=frozenset())
    assert ZH.marks_note in said(marks)


PAST = PastResult(
    year=114,
    school=SchoolId("133603"),
    subject=GENERAL,
    vacancies=2,
    applicants=14,
    moved=None,
    lowest=None,
    source="屏東縣政府公告",
    as_of="2025-06-01",
)


def past(*results):
    listed = {(each.school, each.subject): each for each in results}
    return replace(REFERENCE, past=listed)


def test_past_results_are_said_plainly_with_source_and_warning_where_they_are_published():
    scene = working(page=AT_WISHES)
    asked = View("school", "133603")

    shown = said(prompt(scene, asked, reference=past(PAST)))
    english = said(prompt(scene, asked, reference=past(PAST), language="en"))
    other = said(prompt(scene, View("school", "133604"), reference=past(PAST)))

    assert "114 年 普通：缺額 2，選填 14 人，調入 人數不公布。" in shown
    assert "過去結果不代表今年" in shown
    assert "資料來源：屏東縣政府公告，114/6/1（2025）" in shown
    assert "Year 114, 普通: 2 seats, wished by 14, moved in not published." in english
    assert "say nothing about this year" in english
    assert ZH.past_caution not in other


def test_few_people_are_not_counted_and_a_published_total_is_told():
    scene = working(page=AT_WISHES)
    asked = View("school", "133603")
    few = replace(PAST, vacancies=1, applicants=None)
    many = replace(PAST, moved=6, lowest=Points(4150))

    assert "缺額 1，選填與調入人數不公布。" in said(prompt(scene, asked, reference=past(few)))
    assert "調入 6 人，調入最低 41.5 分。" in said(prompt(scene, asked, reference=past(many)))
    for language, words in (("en", "1 seat, people not published."),):
        found = said(prompt(scene, asked, reference=past(few), language=language))
        assert words in found
    assert "moved in 6, lowest 41.5 points." in said(
        prompt(scene, asked, reference=past(many), language="en")
    )


def test_a_wish_tells_what_is_known_of_its_school():
    branch = school("133609", "雲門國小德文分校", "三地門鄉")
    listed = replace(REFERENCE, schools={**REFERENCE.schools, branch.id: branch})
    scene = working(page=AT_WISHES)

    wish = prompt(scene, View("wish", "133603"))
    marked = said(prompt(scene, View("school", "133603"), reference=listed))
    plain = said(prompt(scene, View("school", branch.id), reference=listed))
    gone = said(prompt(scene, View("school", "139999")))

    assert chosen(wish, ZH.details) == View("school", "133603")
    assert "分校 雲門國小德文分校" in marked
    assert ZH.mark_explained(Mark.SPECIAL_REMOTE) in marked
    assert "https://maps.google.com/?q=屏東縣三地門鄉雲門國小" in marked
    assert "本校 三地門鄉 雲門國小" in plain
    assert ZH.no_mark in plain
    assert ZH.list_removed in gone


def test_wishes_that_rest_are_said_with_the_rank_they_had():
    aside = (Aside(school=SchoolId("153601"), county=HUALIEN, rank=2),)
    menu = said(prompt(working(Draft(answers=replace(COMPLETE, aside=aside)), page=AT_WISHES)))

    assert ZH.resting("花蓮縣", 1) in menu
    assert "(2) 奇萊國小" in menu


@pytest.mark.parametrize(
    ("indigenous", "wishes", "words"),
    [
        (False, COMPLETE.wishes, ZH.indigenous_no_use),
        (True, COMPLETE.wishes, ZH.uses_ranks("3")),
        (True, COMPLETE.wishes[:1], ZH.yes_no_school),
    ],
)
def test_the_preview_says_what_the_priority_would_use(indigenous, wishes, words):
    draft = Draft(answers=replace(COMPLETE, indigenous=indigenous, wishes=wishes))
    found = said(prompt(working(draft, page=AT_WISHES), View("what_if")))

    assert words in found
    assert ZH.no_problem() in found


def test_the_preview_names_doubles_and_closed_schools():
    wishes = (*COMPLETE.wishes, COMPLETE.wishes[0], SchoolId("133605"))
    draft = Draft(answers=replace(COMPLETE, wishes=wishes))

    found = said(prompt(working(draft, page=AT_WISHES), View("what_if")))
    without = said(prompt(working(page=AT_WISHES), View("what_if"), reference=None))

    assert ZH.problem_at(4, ZH.refusal("school_twice")) in found
    assert ZH.problem_at(5, ZH.refusal("school_not_delegated")) in found
    assert ZH.candidates_loading in without


def test_digits_of_full_width_are_numbers_here_too():
    two = chr(ord("2") + 0xFEE0)
    rank = prompt(working(page=AT_WISHES), View("rank", "133601"))

    assert event(rank.answer(two)) == WishMoved(at=NOON, school=SchoolId("133601"), rank=2)
    menu = prompt(working(page=AT_WISHES))
    assert event(menu.answer(two)) == event(menu.answer("2"))


def test_versions_are_offered_where_there_are_any():
    scene = working(page=StatusPage(), record=SENT)

    assert event(chosen(prompt(scene), ZH.history_title)) == VersionsOpened(at=NOON)
    assert ZH.history_title not in said(prompt(working(page=StatusPage())))
    assert event(chosen(prompt(working(page=AT_WISHES)), ZH.history_title)) == VersionsOpened(
        at=NOON
    )


def test_every_version_says_when_where_and_whether_it_counts():
    found = said(prompt(working(page=VERSIONS, record=SENT)))

    assert f"{ZH.sent_from(STATION.machine)} 3 所 {ZH.in_force_word}" in found
    assert f"{ZH.version_name(3)} {ZH.sent_from('')}" in found
    assert ZH.draft_word in found
    assert ZH.history_none in said(prompt(working(page=VersionsPage(behind=StatusPage()))))


def test_a_taken_back_version_says_so():
    gone = replace(AWAY, withdrawn=True)

    assert ZH.withdrawn_word in said(prompt(working(page=VERSIONS, record=record(FIRST, gone))))


def test_any_two_versions_are_compared():
    scene = working(page=VERSIONS, record=SENT)
    second = View("compare", MOVED.hash.hex())

    assert chosen(prompt(scene), f"{ZH.compared_with}：{ZH.version_name(2)}") == second
    there = said(prompt(scene, second))
    back = said(prompt(working(page=replace(VERSIONS, base=MOVED.hash), record=SENT),
                       View("compare", FIRST.hash.hex())))  # fmt: skip
    draft = said(prompt(working(page=replace(VERSIONS, base=MOVED.hash), record=SENT),
                        View("compare")))  # fmt: skip
    away = said(prompt(scene, View("compare", AWAY.hash.hex())))
    same = said(prompt(working(page=VERSIONS, record=record(FIRST, replace(FIRST, version=2)))
                       , View("compare", FIRST.hash.hex())))  # fmt: skip

    assert ZH.different(2, 0, 0) in there
    assert f"{ZH.added}：日出國小" in there
    assert "從 0900123456 到 03-5123456" in there
    assert f"{ZH.removed}：日出國小" in back
    assert f"{ZH.moved}：" in draft
    assert ZH.content_elsewhere in away
    assert ZH.no_difference in same


def test_the_base_is_changed_and_a_version_put_back():
    scene = working(page=VERSIONS, record=SENT)

    bases, restored = prompt(scene, View("bases")), prompt(scene, View("restore"))

    assert event(bases.answer("1")) == BaseChosen(at=NOON, version=None)
    assert event(chosen(bases, ZH.version_name(2))) == BaseChosen(at=NOON, version=MOVED.hash)
    assert event(chosen(restored, ZH.version_name(1))) == VersionRestored(
        at=NOON, version=FIRST.hash
    )
    assert event(prompt(scene).answer("0")) == WentBack(at=NOON)


def test_a_wish_that_left_the_lists_says_so_in_the_list_and_among_the_tasks():
    wishes = (COMPLETE.wishes[0], SchoolId("133605"), POST.school)
    scene = working(Draft(answers=replace(COMPLETE, wishes=wishes)), page=AT_WISHES)

    menu = said(prompt(scene))
    tasks = said(prompt(replace(scene, page=TasksPage())))
    blind = said(prompt(scene, reference=None))

    assert f"關門國小 里港鄉 {ZH.list_removed}" in menu
    assert f"松風國小 東區 {ZH.own_school}" in menu
    assert ZH.lists_hit(3, "2", "") in tasks
    assert "第 2 志願 133605" in blind


@pytest.mark.parametrize(
    ("changes", "station", "words"),
    [
        ({}, {}, ZH.offline_box),
        ({}, {"link": Link(name=LinkName.ONLINE)}, None),
        ({"decision": DECIDED}, {}, RETURNED),
        ({}, {"calendar": ()}, ZH.offline_box),
    ],
)
def test_the_task_list_says_what_is_most_urgent_and_only_that(changes, station, words):
    sent = replace(record(version(1)), **changes)
    found = said(prompt(working(page=TasksPage(), record=sent), **station))

    urgent = (ZH.offline_box, RETURNED)
    assert [each for each in urgent if each in found] == ([] if words is None else [words])


def test_on_the_last_day_the_task_list_says_how_long_is_left():
    scene = working(page=TasksPage())
    now = situation(scene)
    late = replace(now, session=replace(now.session, at=DEADLINE - timedelta(hours=5)))

    left = ZH.deadline_box(ZH.left_long(timedelta(hours=5)))

    assert left in said(teacher_prompt(late, scene))
