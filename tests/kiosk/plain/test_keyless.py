"""Line mode has numbers and no keys, so it speaks of none."""

import pytest

from kiosk.plain.help import help_lines
from kiosk.plain.teacher import state_lines
from kiosk.session.page import TasksPage
from kiosk.session.state import SignedIn
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.keyless import keyless, without_keys
from tests.kiosk.people import working
from tests.kiosk.plain.test_help import situation as looking_at
from tests.kiosk.plain.test_prompts import SCENES, prompt, situation
from tests.kiosk.screens.gallery import PICTURES

KEYS = [f"F{number}" for number in range(1, 11)] + ["Tab", "Esc", "PgDn", "空白鍵", "上下鍵"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("請在這裡填寫。", "請在這裡填寫。"),
        ("已加入志願。按 F7 可復原。", "已加入志願。"),
        ("Added. F7 takes it back.", "Added."),
        ("清空後可以按 F7 復原；已送出的版本不受影響。", "已送出的版本不受影響。"),
        ("F7 takes it back; versions sent are safe.", "Versions sent are safe."),
        ("（有缺字，按 F8 更正）", ""),
        ("Now you can practise (F4) and look up schools (F5).",
         "Now you can practise and look up schools."),
        ("有缺字，請依身分證更正，或按 F8 用注音找字。", "有缺字，請依身分證更正。"),
        ("上下鍵移動，空白鍵選取，Enter 繼續，Esc 回上一頁。", ""),
        ("檢查碼 HWX2-F7MW", "檢查碼 HWX2-F7MW"),
        ("信箱 F7x@example.tw", "信箱 F7x@example.tw"),
    ],
)  # fmt: skip
def test_what_a_sentence_says_of_keys_is_left_out_and_nothing_else(text, left):
    assert keyless(text) == left


def test_what_was_about_keys_alone_is_not_said_at_all():
    assert without_keys(("按 F4 練習。", "請插入健保卡。")) == ("請插入健保卡。",)


def named(words):
    return [(key, each) for each in words for key in KEYS if f"{key} " in f"{each} "]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scene", SCENES)
def test_no_scene_names_a_key(scene, language):
    found = prompt(scene, language=language, cards=("x",))

    assert named((*found.lines, *(each.label for each in found.options), found.question)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(PICTURES))
def test_no_help_and_no_news_name_a_key(name, language):
    now = looking_at(PICTURES[name].session, language=language)
    scene = now.session.scene
    news = state_lines(now, scene) if isinstance(scene, SignedIn) else ()

    assert named((*help_lines(now), *news)) == []


def test_where_she_was_is_said_without_a_key_that_would_only_repeat_it():
    scene = working(page=TasksPage(resumed="wishes"))

    lines = prompt(scene).lines

    assert situation(scene).plain.resumed("志願縣市與志願學校") in lines
    assert not any("Enter" in each for each in lines)
