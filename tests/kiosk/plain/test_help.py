"""``?`` in line mode says what F1 says on the glass."""

from dataclasses import replace

import pytest

from kiosk.plain.help import asked, help_lines, privacy_lines
from kiosk.plain.prompt import Situation, View
from kiosk.plain.wishes import Spot
from kiosk.screens.choice import screen_of
from kiosk.session.page import BasicsPage, CheckPage, PostsPage, Question, WishesPage
from kiosk.session.state import Idle
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.fields import basics, entry, posts, wishes
from kiosk.text.help import field_sentences
from kiosk.text.plain import PLAIN
from tests.kiosk.people import PINGTUNG
from tests.kiosk.screens.gallery import PICTURES, STATION, session, teacher


def situation(shown, view=View(), language="zh"):  # noqa: B008
    return Situation(session=shown, view=view, texts=LANGUAGES[language], plain=PLAIN[language])


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_every_page_has_the_help_and_the_fields_of_its_screen(name):
    shown = PICTURES[name].session

    help_of, fields = asked(situation(shown))

    screen = screen_of(shown)[1]
    assert help_of in {screen.HELP, "covered"}
    beside = {id(each) for each in (*screen.FIELDS.values(), screen.ASKS)}
    assert {id(each) for each in fields} <= beside


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_is_explained_with_its_rule_and_whom_to_ask(language):
    now = situation(teacher(PostsPage(Question.AREA_LIMIT)), language=language)

    lines = help_lines(now)

    assert lines[: len(field_sentences(posts.AREA_LIMIT, now.texts))] == field_sentences(
        posts.AREA_LIMIT, now.texts
    )
    assert any("分機 12" in each for each in lines)
    assert lines[-1].startswith("?? ")


@pytest.mark.parametrize(
    ("page", "view", "field"),
    [
        (BasicsPage(), View("email"), basics.EMAIL),
        (PostsPage(Question.SUBJECTS), View("subject", "3"), posts.SUBJECT3),
        (WishesPage(county=PINGTUNG), View(Spot.RANK, "133601"), wishes.RANK),
        (CheckPage(password_wanted=True), View(), entry.PASSWORD_TO_SEND),
    ],
)
def test_where_one_field_is_asked_only_that_one_is_explained(page, view, field):
    _, fields = asked(situation(teacher(page), view))

    assert fields == (field,)


def test_before_anybody_is_here_the_checks_and_the_site_are_told():
    station = replace(STATION, organiser="高雄市政府教育局")

    lines = help_lines(situation(session(Idle(), station=station)))

    assert "已偵測到讀卡機" in lines
    assert f"前往介聘公告網站：{STATION.server}" in lines
    assert "主辦單位：高雄市政府教育局" in lines


def test_without_a_site_or_an_organiser_nothing_is_said_of_them():
    station = replace(STATION, server="")

    said = "".join(help_lines(situation(session(Idle(), station=station))))

    assert "公告網站" not in said
    assert "主辦單位" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_privacy_notice_says_what_the_machine_stores(language):
    now = situation(session(Idle()), language=language)

    lines = privacy_lines(now)

    assert set(now.texts.privacy_points) | set(now.texts.stored_points) < set(lines)
