"""K05 by keys and by mouse: the same things can be done both ways."""

from dataclasses import replace

import pytest
from rich.cells import cell_len
from textual.events import MouseScrollDown

from kiosk.screens.overlay import Overlay
from kiosk.session.page import InsertMode, TasksPage, WishesPage
from kiosk.session.state import SignedIn
from kiosk.widgets.menu import Menu
from tests.kiosk.people import PINGTUNG, TAITUNG
from tests.kiosk.screens.gallery import BEFORE, PICTURES, WISHES, teacher
from tests.kiosk.screens.stage import LARGE, SMALL, StagedKiosk, lines_of, text_of

pytestmark = pytest.mark.unmeasured  # other tests of the screens reach nearly every line

START = teacher(WishesPage(county=PINGTUNG), record=BEFORE)


def wishes_of(app):
    scene = app.session.scene
    assert isinstance(scene, SignedIn)
    return scene.draft.answers.wishes


def page_of(app):
    scene = app.session.scene
    assert isinstance(scene, SignedIn)
    assert isinstance(scene.page, WishesPage)
    return scene.page


def cell_of(app, words):
    """Column and row, in cells, of the first place where these words stand."""
    for y, row in enumerate(lines_of(app)):
        if words in row:
            return cell_len(row[: row.index(words)]), y
    raise AssertionError(f"{words} is not on the screen:\n{text_of(app)}")


async def click(app, pilot, words, *, beside=0):
    x, y = cell_of(app, words)
    await pilot.click(offset=(x + beside, y))
    await pilot.pause()


async def test_space_adds_a_school_and_takes_it_out_again_and_f7_brings_it_back():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("down", "space")
        added = wishes_of(app)
        await pilot.press("space")
        removed = wishes_of(app)
        await pilot.press("f7")

        assert added == (*WISHES, "133602")
        assert removed == WISHES
        assert wishes_of(app) == added
        assert "已復原" in text_of(app)


async def test_f5_and_f6_move_the_selected_wish_and_the_cursor_goes_with_it():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("tab", "down", "f5")
        up = wishes_of(app)[:3]
        await pilot.press("f6", "f6")

        assert up == (WISHES[1], WISHES[0], WISHES[2])
        assert wishes_of(app)[:3] == (WISHES[0], WISHES[2], WISHES[1])
        assert ">  3 特原 石板國小" in text_of(app)


async def test_a_number_and_enter_move_the_wish_to_that_rank():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("tab", "1", "2", "enter")

        assert wishes_of(app)[-1] == WISHES[0]
        assert app.screen.focused is app.screen.query_one("#wishes")


async def test_typing_over_the_candidates_filters_by_name_township_or_code():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("霧", "臺")
        by_township = text_of(app)
        await pilot.press("backspace", "backspace", *"133604")
        by_code = text_of(app)
        await pilot.press(*"9")
        nothing = text_of(app)

        assert "霧之臺國小" in by_township
        assert "榕樹國小" not in by_township
        assert "和美國小" in by_code
        assert "沒有符合的學校" in nothing
        assert page_of(app).keyword == "1336049"


async def test_the_arrows_left_and_right_change_the_county():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("right")

        assert page_of(app).county == TAITUNG
        assert "待選學校 臺東縣" in text_of(app)


async def test_f3_chooses_a_township_and_ticks_marks():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("f3", "pagedown", "space", "escape")
        await pilot.press("f3", "down", "enter")
        await pilot.pause()

        assert page_of(app).township == "屏東市"
        assert "待選學校 屏東縣 / 屏東市" in text_of(app)


async def test_the_functions_of_a_wish_are_behind_enter():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("tab", "enter")
        box = text_of(app)
        await pilot.press("end")
        await pilot.pause()
        last = wishes_of(app)[-1]
        await pilot.press("enter", "down", "down", "down", "down", "down", "enter")
        await pilot.pause()

        for function in ("往前移動", "往後移動", "移動到第一位", "移動到最後一位", "刪除", "地圖"):
            assert function in box
        assert last == WISHES[0]
        assert WISHES[0] not in wishes_of(app)


async def test_digits_in_the_box_are_the_rank_to_move_to():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("tab", "enter", "5", "backspace", "4", "enter")
        await pilot.pause()

        assert wishes_of(app)[3] == WISHES[0]


async def test_past_results_change_neither_order_nor_colour_of_any_school():
    shown = []
    for name in ("k05-wishes", "k05-past-known"):
        session = PICTURES[name].session
        scene = replace(session.scene, record=PICTURES["k05-wishes"].session.scene.record)
        app = StagedKiosk(replace(session, scene=scene))
        async with app.run_test(size=SMALL) as pilot:
            await pilot.pause()
            shown.append([f"{strip}" for strip in app.screen._compositor.render_strips()])  # noqa: SLF001

    assert shown[0] == shown[1]


async def test_three_subjects_with_past_results_take_the_place_of_the_code_on_a_small_screen():
    session = PICTURES["k05-past"].session
    (result,) = session.station.reference.past.values()
    codes = ("general", "english", "guidance")
    past = {
        (result.school, code): replace(result, subject=code, source=f"公告 {code}")
        for code in codes
    }
    answers = replace(session.scene.draft.answers, subject2=codes[1], subject3=codes[2])
    scene = replace(session.scene, draft=replace(session.scene.draft, answers=answers))
    reference = replace(session.station.reference, past=past)
    station = replace(session.station, reference=reference)
    app = StagedKiosk(replace(session, scene=scene, station=station))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("f9")
        await pilot.pause()
        text = text_of(app)

    assert text.count("114 年") == 3
    assert text.count("過去結果不代表今年") == 1
    assert all(f"公告 {code}" in text for code in codes)
    assert "maps.google.com" in text


async def test_esc_closes_a_box_and_changes_nothing():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        for key in ("f1", "f2", "f3", "f4", "f8", "f9"):
            await pilot.press(key)
            opened = isinstance(app.screen, Overlay)
            await pilot.press("escape")
            await pilot.pause()

            assert opened, key
            assert not isinstance(app.screen, Overlay), key
        assert wishes_of(app) == WISHES


@pytest.mark.parametrize("leaves_box", [(), ("enter",)], ids=["in the box", "over the schools"])
async def test_esc_clears_the_filter_before_it_leaves_the_page(leaves_box):
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press(*"133604", *leaves_box, "escape")
        await pilot.pause()
        cleared, shown = app.session.scene.page, text_of(app)
        focused = app.screen.focused
        await pilot.press("escape")
        await pilot.pause()

        assert isinstance(cleared, WishesPage)
        assert cleared.keyword == ""
        assert "133604" not in shown
        assert focused is not None
        assert focused.id == "candidates"
        assert isinstance(app.session.scene.page, TasksPage)


async def test_esc_over_the_wishes_leaves_the_page_and_its_filter_as_they_are():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press(*"133604", "enter", "tab", "escape")
        await pilot.pause()

        assert isinstance(app.session.scene.page, TasksPage)


async def test_without_a_version_no_key_promises_to_compare_or_restore():
    app = StagedKiosk(PICTURES["k05-versions-none"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        shown = text_of(app)

        assert app.texts.nothing_to_compare in shown
        assert app.texts.same_version not in shown
        assert not {"enter", "space", "f4"} & {each.key for each in app.screen.hints()}


async def test_by_mouse_alone_a_school_is_added_moved_placed_and_removed():
    app = StagedKiosk(START)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        await click(app, pilot, "榕樹國小")
        await click(app, pilot, "榕樹國小")
        added = wishes_of(app)[-1]
        await click(app, pilot, "13  !已移出名單")
        await click(app, pilot, "上移 F5")
        up = wishes_of(app)
        await click(app, pilot, "第一位]")
        first = wishes_of(app)[0]
        await click(app, pilot, "[刪除]", beside=2)

        assert added == "133602"
        assert up.index(WISHES[11]) == 10
        assert first == WISHES[11]
        assert WISHES[11] not in wishes_of(app)


async def test_by_mouse_alone_filters_modes_tabs_and_the_way_on_work():
    app = StagedKiosk(START)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        await click(app, pilot, "[ ] 原")
        only_marked = text_of(app)
        await click(app, pilot, "從最前插入")
        scene = app.session.scene
        await click(app, pilot, "[乙 臺東縣")
        county = page_of(app).county
        await click(app, pilot, "[檢查並送出]")

        assert "榕樹國小" not in only_marked
        assert scene.insertion.mode is InsertMode.FIRST
        assert county == TAITUNG
        assert not isinstance(app.session.scene.page, WishesPage)


async def test_every_hint_of_the_footer_can_be_clicked():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await click(app, pilot, " F8", beside=1)
        what_if = text_of(app)
        await pilot.press("escape")
        await click(app, pilot, "Esc", beside=1)
        await pilot.pause()

        assert "試算結果" in what_if
        assert isinstance(app.session.scene.page, TasksPage)


async def test_the_wheel_scrolls_the_list_under_the_pointer():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        before = text_of(app)
        for _ in range(5):
            await pilot._post_mouse_events(  # noqa: SLF001 - pilot has no wheel of its own
                [MouseScrollDown], offset=(10, 8), button=0
            )
        await pilot.pause()

        assert "歸來國小" in before
        assert text_of(app) != before


async def test_a_choice_in_a_box_can_be_clicked():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("f3")
        await pilot.pause()
        assert app.screen.query(Menu)
        await click(app, pilot, "霧臺鄉")

        assert page_of(app).township == "霧臺鄉"


async def test_adding_before_a_rank_is_typed_beside_the_mode():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await click(app, pilot, "( )第")
        await pilot.press("3", "enter", "down", "space")
        await pilot.pause()

        assert wishes_of(app)[2] == "133602"


async def test_a_closed_school_cannot_be_added_and_says_why():
    app = StagedKiosk(PICTURES["k05-empty"].session)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        await pilot.press("left", *"133628", "enter")
        await pilot.press("space")
        await pilot.pause()

        assert wishes_of(app) == ()
        assert "今年不參加介聘" in text_of(app)
