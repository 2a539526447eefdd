"""F1: the page of the field in front, everything behind it, and the same in the wide layout."""

from dataclasses import replace

import pytest
from textual.widget import Widget

from core.domain.school import Mark
from kiosk.screens.basics import Summary
from kiosk.screens.choice import screen_of
from kiosk.screens.frame import Frame
from kiosk.screens.overlay import Sheet
from kiosk.session.draft import Draft
from kiosk.session.page import BasicsPage, Question, WishesPage
from kiosk.session.state import Idle, SignedIn
from kiosk.session.station import Reader, Service, SlotHolds
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.checks import check_sentences
from kiosk.text.fields import basics, posts
from kiosk.text.help import field_sentences
from kiosk.widgets.controls import Push
from kiosk.widgets.glyphs import ASCII, MARK_SIGNS
from kiosk.widgets.menu import Paper
from tests.kiosk.people import AMY, PINGTUNG
from tests.kiosk.screens.gallery import PHONE_FAULTS, PICTURES, STATION, WRONG, session, teacher
from tests.kiosk.screens.stage import LARGE, SMALL, StagedKiosk, text_of

LISTS = frozenset({"tasks", "list", "cases", "teachers", "versions", "state"})
"""Lists that are the page itself, and the line that opens one: the screen's help is theirs."""

ONE_OF_EACH = tuple(
    {
        (screen_of(each.session)[1], getattr(each.session.scene, "page", None).__class__): name
        for name, each in PICTURES.items()
    }.values()
)
"""One picture of every screen: the last, where fields come and go the fullest."""


def words_of(app) -> str:
    """Everything the box in front says, also below its lower edge."""
    paper = app.screen.query_one(Paper)
    lines = ("".join(span.text for span in each) for each in paper._lines)  # noqa: SLF001
    return "".join(each.strip() for each in lines)


def without_help(frame: Frame, widget: Widget) -> bool:
    """Whether somebody could stand there and F1 would not know the field."""
    if isinstance(widget, Push | Summary) or widget.id in LISTS:
        return False
    frame.set_focus(widget, scroll_visible=False)
    return frame.field is None


async def test_every_field_of_every_screen_has_a_page_of_help():
    app = StagedKiosk(PICTURES["k01-idle"].session)
    async with app.run_test(size=LARGE) as pilot:
        missing, asked = [], set()
        for name in ONE_OF_EACH:
            app.show(PICTURES[name].session)
            await pilot.pause()
            frame = app.screen
            assert isinstance(frame, Frame)
            for widget in tuple(frame.focus_chain):
                if without_help(frame, widget):
                    missing.append(f"{name}: {widget!r}")
                elif frame.field is not None:
                    asked.add(frame.field.zh.label)

    assert missing == []
    assert len(asked) >= 30


async def test_f1_at_80_columns_tells_of_the_field_with_the_focus_then_of_the_screen_and_its_keys():
    app = StagedKiosk(teacher(BasicsPage()))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("tab", "tab", "f1")
        told = words_of(app)

    assert told.startswith("電子郵件")
    assert "例如：name@example.tw" in told
    assert "人事室 王主任 分機 12" in told
    assert "故障回報" in told
    assert "KH-0231" in told
    assert "下一欄" in told, "the table of keys prints itself"


async def test_a_rule_is_quoted_with_its_source_and_date():
    app = StagedKiosk(PICTURES["k04-area"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("f1")
        told = words_of(app)

    assert "規定：持偏遠或特殊地區教師證書者" in told
    assert "教師介聘辦法第十三條" in told
    assert "112/12/18" in told
    assert "範例" in told


@pytest.mark.parametrize("name", ["k10-basics", "k04-indigenous", "k04-subjects", "k05-counties"])
async def test_at_120_columns_the_help_stands_beside_the_form_and_f1_folds_it(name):
    app = StagedKiosk(PICTURES[name].session)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        open_ = text_of(app)
        await pilot.press("f1")
        folded = text_of(app)
        await pilot.press("f1")
        again = text_of(app)

        assert isinstance(app.screen, Frame), "no box covers the form"

    assert "F1 收合" in open_
    assert "故障回報" in open_
    assert "您的申請" in open_
    assert "F1 展開" in folded
    assert "故障回報" not in folded
    assert "按鍵" in folded
    assert again == open_


async def test_the_help_beside_the_form_follows_the_focus():
    app = StagedKiosk(teacher(BasicsPage()))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        first = text_of(app)
        await pilot.press("tab")
        second = text_of(app)

    assert basics.PHONE1.zh.what[:12] in first
    assert basics.PHONE2.zh.what[:12] not in first
    assert basics.PHONE2.zh.what[:12] in second


async def test_in_a_low_wide_window_f1_opens_the_box_because_the_pane_could_be_cut():
    app = StagedKiosk(teacher(BasicsPage()))
    async with app.run_test(size=(120, 24)) as pilot:
        await pilot.press("f1")

        assert isinstance(app.screen, Sheet)


async def test_folding_ends_with_the_session():
    app = StagedKiosk(teacher(BasicsPage()))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("f1")
        kept = app.help_folded
        app.show(session(Idle()))
        await pilot.pause()

        assert kept
        assert not app.help_folded


@pytest.mark.parametrize(
    ("size", "keys"), [(SMALL, ("f1", "f3")), (LARGE, ("f3",)), (LARGE, ("f1", "f3"))]
)
async def test_the_privacy_notice_is_near_at_any_time_and_says_what_is_stored_until_when(
    size, keys
):
    app = StagedKiosk(teacher(BasicsPage()))
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        told = words_of(app)

    assert "個人資料保護法第 8 條" in told
    assert "這台機器存了什麼、存到何時" in told
    assert "未送出的 30 天沒有更動就刪除" in told
    assert "密碼本身不存" in told


async def test_every_box_says_how_it_is_closed():
    app = StagedKiosk(teacher(BasicsPage()))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("f1")
        open_ = text_of(app)
        await pilot.press("escape")

        assert "關閉" in open_
        assert isinstance(app.screen, Frame)


async def test_the_marks_of_schools_are_explained_with_the_signs_of_the_paper():
    app = StagedKiosk(teacher(WishesPage(county=PINGTUNG)))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("f1")
        told = words_of(app)

    assert "學校註記說明" in told
    for letter, sign, name in (
        ("偏", "△", "偏遠"), ("特", "▲", "特偏"), ("極", "◆", "極偏"), ("矯", "★", "中途或矯正"),
    ):  # fmt: skip
        assert f"{letter} {sign} {name}：" in told
    assert "原   原民校：" in told


async def test_where_signs_would_be_two_cells_wide_the_letters_stand_alone():
    app = StagedKiosk(teacher(WishesPage(county=PINGTUNG)), glyphs=ASCII)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("f1")
        told = words_of(app)

    assert not set(told) & set(MARK_SIGNS.values())
    assert "偏   偏遠：" in told


async def test_before_anybody_is_here_the_help_tells_the_three_checks_the_machine_and_the_site():
    station = replace(
        STATION,
        site="https://news.example.tw/transfer",
        organiser="高雄市政府教育局",
        software="1.2.3",
    )
    app = StagedKiosk(session(Idle(), station=station))
    async with app.run_test(size=LARGE) as pilot:
        await pilot.press("f1")
        told = words_of(app)

    assert "v 已偵測到讀卡服務" in told
    assert "v 已偵測到讀卡機" in told
    assert "x 未插入健保卡或卡片方向錯誤" in told
    assert "前往介聘公告網站" in told
    assert "https://news.example.tw/transfer" in told
    assert "主辦單位：高雄市政府教育局" in told
    assert "程式版本 1.2.3" in told
    assert "最後同步 4/27 11:50" in told


@pytest.mark.parametrize("texts", LANGUAGES.values(), ids=LANGUAGES)
def test_the_three_checks_stop_at_the_first_that_fails_and_say_what_to_do(texts):
    fine = Reader(service=Service.FINE, device=Service.FINE, slot=SlotHolds(AMY.teacher))
    no_reader = Reader(service=Service.FINE, device=Service.MISSING)
    no_service = Reader(service=Service.FAILED)

    assert [good for good, _ in check_sentences(fine, texts)] == [True] * 4
    assert [good for good, _ in check_sentences(no_reader, texts)] == [True, False]
    assert texts.checks_remedy[1] in check_sentences(no_reader, texts)[-1][1]
    assert [good for good, _ in check_sentences(no_service, texts)] == [False]
    empty = Reader(service=Service.FINE, device=Service.FINE)
    assert check_sentences(empty, texts)[-1] == (False, texts.checks_bad[2])


def test_a_field_says_its_label_then_what_it_is_an_example_and_its_rule():
    zh, en = LANGUAGES["zh"], LANGUAGES["en"]

    chinese, english = (field_sentences(posts.SUBJECT2, each) for each in (zh, en))

    assert chinese[0] == zh.label_subject2
    assert chinese[2].startswith("例如：")
    assert chinese[-1].startswith("依據：")
    assert english[0] == en.label_subject2
    assert posts.SUBJECT2.rule is not None
    assert posts.SUBJECT2.rule.english in english[3]
    assert posts.SUBJECT2.rule.text in english[4], "the rule keeps its own words"


def test_every_mark_has_a_meaning_and_the_signs_of_the_seed():
    assert set(MARK_SIGNS) == set(Mark) - {Mark.INDIGENOUS}


async def test_after_a_refusal_a_digit_typed_into_a_field_is_a_digit_and_only_the_summary_jumps():
    app = StagedKiosk(teacher(BasicsPage(PHONE_FAULTS), draft=Draft(answers=WRONG)))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        at_first = app.focused
        await pilot.press("2")
        jumped = app.focused
        await pilot.press("1", "tab", "2", "tab", "1")
        scene = app.session.scene

        assert isinstance(at_first, Summary)
        assert jumped is not None
        assert jumped.id == "email"
        assert isinstance(scene, SignedIn)
        assert scene.draft.answers.email == "name1", "typed, not jumped"
        assert app.focused is not None
        assert app.focused.id == "enter", "on a button a digit means nothing"


async def test_the_summary_takes_the_focus_at_every_refusal_and_its_key_is_named_only_there():
    app = StagedKiosk(teacher(BasicsPage(PHONE_FAULTS), draft=Draft(answers=WRONG)))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        there = text_of(app)
        await pilot.press("1")
        away = text_of(app)
        await pilot.press("enter")

        assert isinstance(app.focused, Summary), "refused again for the same reasons"

    assert "數字 跳到該欄" in there
    assert "數字 跳到該欄" not in away


def test_every_question_has_its_own_words_as_its_label():
    assert {LANGUAGES["zh"].question(each) for each in Question} >= {
        posts.INDIGENOUS.zh.label, posts.AREA_LIMIT.zh.label, posts.POST.zh.label,
    }  # fmt: skip
