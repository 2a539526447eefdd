"""The words of the old system, where they are meant and where they fit (FEATURES F-005 … F-220)."""

from dataclasses import replace

import pytest

from core.domain.ids import SchoolId
from kiosk.session.draft import Answers, Draft
from kiosk.session.effect import Submit
from kiosk.session.page import (
    BasicsPage,
    CheckPage,
    NoticesPage,
    PostsPage,
    Question,
    StatusPage,
    WishesPage,
)
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.fields import basics, wishes
from tests.kiosk.people import PINGTUNG
from tests.kiosk.screens.gallery import (
    ANSWERS,
    APPROVED,
    BEFORE,
    OFFLINE,
    PICTURES,
    STATION,
    sent,
    teacher,
    version,
)
from tests.kiosk.screens.stage import LARGE, SMALL, StagedKiosk, lines_of, text_of

pytestmark = pytest.mark.unmeasured  # other tests of the screens reach nearly every line

ZH = LANGUAGES["zh"]
WIDE = {ord("0") + n: chr(0xFF10 + n) for n in range(10)}
WAITING = teacher(StatusPage(), record=sent(version(1)))


async def seen(shown, size=SMALL, keys=()):
    app = StagedKiosk(shown)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        return text_of(app)


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (Draft(), "申請人：（尚未開始填寫資料）"),
        (Draft(answers=Answers(agreed_ms=1)), "申請人：林○芒"),
        (Draft(answers=ANSWERS), "申請人：新竹市 東區松風國小 林○芒"),
    ],
)
async def test_the_header_has_three_forms_of_the_applicant_beside_the_stage(draft, words):
    app = StagedKiosk(teacher(NoticesPage(), draft=draft))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        header = lines_of(app)[0]

    assert "申請階段別：國小" in header
    assert words in header


async def test_a_long_state_of_the_line_leaves_the_applicant_and_shortens_the_rest():
    station = replace(STATION, link=OFFLINE)
    app = StagedKiosk(teacher(WishesPage(county=PINGTUNG), station=station, record=BEFORE))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        header = lines_of(app)[0]

    assert "[離線 3件待送]" in header
    assert "申請人：新竹市 東區松風國小 林○芒" in header


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("k10-basics", SMALL, "市話格式: 07-1234567#89, 或行動電話格式: 0900123456"),
        ("k04-years", SMALL, "公立學校暨幼兒園服務年資滿 [ 7"),
        ("k04-post", SMALL, "現任服務學校應聘科(類)別  普通"),
        ("k04-post", SMALL, "會同時設定為第一個申請應聘科(類)別"),
        ("k04-subjects", SMALL, "同現任服務學校應聘科(類)別"),
        ("k04-consent", SMALL, "系統訊息："),
        ("k04-consent", SMALL, "[ 取消 ]"),
        ("k04-consent", SMALL, "[ 確定 ]"),
        ("k05-counties", SMALL, "選擇志願縣市之後按下確定。註：志願縣市不影響排序"),
        ("k05-counties", SMALL, "屏東縣    (代碼：13)"),
        ("k05-wishes", LARGE, "您選擇的志願學校"),
        ("k05-empty", LARGE, "選擇您的志願學校"),
        ("k11-status", SMALL, "最終正式公告結果以學校公文為主"),
        ("k11-result", SMALL, "自 8 月 1 日生效，次學年度始得列為超額教師"),
    ],
)
async def test_a_label_of_the_old_system_stands_where_it_is_meant(name, size, words):
    assert words in await seen(PICTURES[name].session, size, PICTURES[name].keys)


async def test_the_rule_of_the_priority_is_quoted_in_full_at_its_question():
    shown = await seen(teacher(PostsPage(Question.INDIGENOUS)))

    whole = "".join(shown.split())

    assert (
        "具原住民族身分並同意依國民中小學校長主任教師甄選儲訓及介聘辦法第11條規定，"
        "申請優先辦理具原住民族身分之教師單調介聘作業"
    ) in whole


async def test_before_the_review_the_points_are_zero_with_one_decimal_by_their_names():
    shown = await seen(WAITING, LARGE)

    for name in (
        "屏東縣(甲)原因積分", "臺東縣(乙)原因積分", "考績積分", "年資積分", "獎懲積分",
        "特殊積分", "研習積分", "屏東縣(甲)積分總計", "臺東縣(乙)積分總計",
    ):  # fmt: skip
        row = next(each for each in shown.split("\n") if name in each)
        assert row.rstrip().endswith("0.0"), name


async def test_the_status_page_shows_what_was_applied_for_with_the_number_pending():
    shown = await seen(WAITING, LARGE)

    assert "審核狀態：尚未審核通過" in shown
    assert "申請資料" in shown
    assert "電腦編號            (待審)" in shown
    assert "現任服務學校        松風國小" in shown
    below = await seen(WAITING, LARGE, ("pagedown", "pagedown"))
    assert "志願學校 12 所" in below
    assert "001 " in below


async def test_when_the_review_has_passed_the_number_is_the_countys_to_tell():
    shown = await seen(PICTURES["k11-result"].session, LARGE)

    assert "審核狀態：審核通過" in shown
    assert "(待審)" not in shown


async def test_the_stations_stand_with_their_times_and_why_a_review_was_refused():
    shown = await seen(PICTURES["k11-returned"].session)

    assert "v 送出" in shown
    assert "x 人事初審" in shown
    assert "戶籍謄本超過一個月" in shown
    assert "- 教評會審查" in shown
    assert "- 報到" in shown
    assert "審核狀態：駁回" in shown


async def test_the_six_stations_are_named_in_both_languages():
    app = StagedKiosk(
        teacher(StatusPage(), record=sent(version(1), decision=APPROVED)), language="en"
    )
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        shown = text_of(app)

    assert all(word in shown for word in ("Sent", "School review", "County review", "Reporting"))


async def test_the_insertion_modes_carry_their_full_names_in_the_menu():
    shown = await seen(PICTURES["k05-candidates"].session, SMALL, ("down", "down", "enter"))

    assert "志願插入模式" in shown
    assert all(mode in shown for mode in ("從最後插入志願", "從最前插入志願", "前面插入志願"))


def test_long_explanations_of_the_old_system_are_the_help_of_their_fields():
    assert "供使用者可以快速查找志願學校使用" in wishes.TOWNSHIP.zh.what
    assert "快速搜尋志願學校" in wishes.KEYWORD.zh.what
    assert wishes.WISHES.zh.what.startswith("使用者選擇的志願學校將依序排列於此處")
    assert basics.EMAIL.zh.what.startswith("平常使用之電子郵件")
    assert "密碼" not in basics.EMAIL.zh.what + ZH.email_hint
    assert "若未收到LINE通知請上介聘網站查詢" in ZH.help("status")


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_header_names_her_own_school_where_the_machine_stands_in_another(size):
    shown = teacher(NoticesPage())
    elsewhere = replace(shown.scene.post, school=SchoolId("133601"))
    app = StagedKiosk(replace(shown, scene=replace(shown.scene, post=elsewhere)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        header = lines_of(app)[0]

    assert "溪口國小" in header
    assert "松風國小" not in header


@pytest.mark.parametrize("page", [BasicsPage(), PostsPage(Question.AREA_LIMIT)])
async def test_every_form_has_a_way_back_and_a_way_on(page):
    shown = await seen(teacher(page))

    assert "[ 上一步 ]" in shown
    assert "[ 繼續 ]" in shown


async def test_before_sending_the_telephone_and_the_address_stand_as_they_will_be_signed():
    answers = replace(ANSWERS, phone1="0912 345678".translate(WIDE), phone2="07 1234567分機89")
    shown = PICTURES["k06-check"].session
    scene = replace(shown.scene, draft=replace(shown.scene.draft, answers=answers))

    words = await seen(replace(shown, scene=scene))

    assert "0912345678" in words
    assert "07-1234567#89" in words


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (" Amy@example.tw", "A***@example.tw（未確認）"),
        ("amy", "a***（未確認）"),
        ("", "電子郵件 無"),
    ],
)
async def test_before_sending_the_address_is_masked_for_whoever_stands_behind(typed, shown):
    picture = PICTURES["k06-check"].session
    answers = replace(ANSWERS, email=typed)
    scene = replace(picture.scene, draft=replace(picture.scene.draft, answers=answers))

    words = await seen(replace(picture, scene=scene))

    assert shown in words
    assert "my@example" not in words


async def test_what_the_foot_says_is_true_from_the_first_key_on_space_ticks_and_enter_sends():
    shown = PICTURES["k06-check"].session
    answers = shown.scene.draft.answers
    open_ones = replace(answers, wishes=answers.wishes[:11])  # the last of them is closed
    draft = replace(shown.scene.draft, answers=open_ones)
    scene = replace(shown.scene, draft=draft, page=CheckPage())
    app = StagedKiosk(replace(shown, scene=scene))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("space")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()

    assert len(app.asked(Submit)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
async def test_enter_beside_the_tick_says_that_it_is_missing(language):
    app = StagedKiosk(PICTURES["k06-check"].session, language=language)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        focused = app.screen.focused
        await pilot.press("enter")
        await pilot.pause()
        shown = text_of(app)

    assert focused is not None
    assert focused.id == "declare"
    assert app.texts.refusal("not_declared").rstrip("。.") in shown
    assert app.asked(Submit) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_name_of_a_paragraph_runs_into_what_it_names(language):
    app = StagedKiosk(PICTURES["k01-incident"].session, language=language)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        rows = lines_of(app)

    for name in (app.texts.machine_state, app.texts.readers_label, app.texts.whom_to_ask):
        assert any(row.startswith(f"   {name} ") for row in rows), name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["k05-townships", "k12-display"])
async def test_what_stands_above_the_choices_of_a_box_is_there_to_the_end(name, language):
    app = StagedKiosk(PICTURES[name].session, language=language)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press(*PICTURES[name].keys)
        await pilot.pause()
        boxed = "".join("".join(row.split("│")[1:-1]) for row in lines_of(app)).split()

    hint = app.texts.township_hint if name == "k05-townships" else app.texts.large_text
    assert "".join(hint.split()) in "".join(boxed)
