"""K05 by hand: dragging, the wheel, fingers, pasting, the state line, versions."""

from dataclasses import replace

import pytest
from textual.events import MouseDown, MouseMove, MouseScrollDown, MouseUp, Paste

from core.domain.ids import SchoolId
from kiosk.screens.overlay import Sheet
from kiosk.session.draft import Draft
from kiosk.session.page import StatusPage, StepsPage, VersionsPage, WishesPage
from kiosk.widgets.controls import Push
from kiosk.widgets.field import Field
from kiosk.widgets.menu import Menu
from kiosk.widgets.rows import Rows
from tests.kiosk import people
from tests.kiosk.people import PINGTUNG
from tests.kiosk.screens.gallery import (
    ANSWERS,
    MANY_SENT,
    PICTURES,
    RESTED,
    STATION,
    WISHES,
    WITH_BRANCHES,
    stepped,
    teacher,
)
from tests.kiosk.screens.stage import LARGE, SMALL, StagedKiosk, lines_of, text_of
from tests.kiosk.screens.test_wishes import START, cell_of, click, page_of, wishes_of

pytestmark = pytest.mark.unmeasured  # other tests of the screens reach nearly every line


async def mouse(pilot, *path):
    """The button goes down at the first cell, is dragged through the others and let go."""
    for kind, at in (
        (MouseDown, path[0]),
        *((MouseMove, each) for each in path),
        (MouseUp, path[-1]),
    ):
        await pilot._post_mouse_events([kind], offset=at, button=1)  # noqa: SLF001 - pilot only clicks
        await pilot.pause()


def row_of(app, rank):
    """The cell of a wish's grip."""
    pane = app.screen.query_one("#wishes", Rows)
    return pane.region.x, pane.region.y + (rank - 1 - pane.top) * pane.row_height


async def test_a_wish_dragged_by_its_grip_goes_where_it_is_let_go_and_f7_takes_it_back():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        grips = text_of(app)
        await mouse(pilot, row_of(app, 2), row_of(app, 3), row_of(app, 5))
        dragged = wishes_of(app)
        await pilot.press("f7")

        assert ":  1 " in grips
        assert dragged[:5] == (WISHES[0], WISHES[2], WISHES[3], WISHES[4], WISHES[1])
        assert wishes_of(app) == WISHES


async def test_a_drag_let_go_outside_or_where_it_began_changes_nothing():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await mouse(pilot, row_of(app, 2), (3, 8))
        outside = wishes_of(app)
        await mouse(pilot, row_of(app, 2), row_of(app, 3), row_of(app, 2))

        assert outside == WISHES
        assert wishes_of(app) == WISHES


async def test_a_press_right_of_the_grip_selects_and_drags_nothing():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        x, y = row_of(app, 2)
        await mouse(pilot, (x + 12, y), (x + 12, y + 3))

        assert wishes_of(app) == WISHES


async def test_dragging_beyond_the_edge_scrolls_the_list():
    many = tuple(
        SchoolId(each)
        for each in STATION.reference.schools
        if each[:2] in {"13", "14"} and each != "133628"
    )
    app = StagedKiosk(
        teacher(WishesPage(county=PINGTUNG), draft=Draft(answers=replace(ANSWERS, wishes=many)))
    )
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        pane = app.screen.query_one("#wishes", Rows)
        below = (row_of(app, 1)[0], pane.region.bottom + 1)
        await mouse(pilot, row_of(app, 1), *[below] * 4)

        assert pane.top >= 3
        assert wishes_of(app).index(many[0]) >= pane.room


async def test_the_wheel_scrolls_the_pane_under_the_pointer_and_selects_nothing():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        pane = app.screen.query_one("#candidates", Rows)
        await pilot._post_mouse_events([MouseScrollDown], offset=(10, 8), button=0)  # noqa: SLF001
        await pilot.pause()
        scrolled, selected = pane.top, pane.selected
        app.screen.refresh_all()  # as every second
        kept = pane.top
        await pilot.press("down")

        assert (scrolled, kept) == (3, 3)
        assert selected == "133601"
        assert pane.selected == "133602"
        assert pane.top < 3, "a key brings what is selected into view"
        assert app.screen.query_one("#wishes", Rows).top == 0


async def test_enter_on_the_state_line_opens_the_steps_and_any_of_them_is_redone():
    app = StagedKiosk(teacher(WishesPage(county=PINGTUNG), draft=stepped()))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("tab", "end", "down", "enter")
        await pilot.pause()
        opened = app.session.scene.page
        await pilot.press("down", "down", "enter")
        three = wishes_of(app)
        await pilot.press("home", "enter")
        await pilot.pause()

        assert isinstance(opened, StepsPage)
        assert three == WISHES[:3]
        assert wishes_of(app) == WISHES[:5]


async def test_the_state_line_is_left_upward_and_opens_by_a_click():
    app = StagedKiosk(teacher(WishesPage(county=PINGTUNG), draft=stepped()))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("tab", "end", "down", "up")
        focused = app.focused.id
        await click(app, pilot, "已存，尚未送出")

        assert focused == "wishes"
        assert isinstance(app.session.scene.page, StepsPage)


@pytest.mark.parametrize("focus", [(), ("tab",)])
async def test_five_hundred_wishes_pasted_become_one_bounded_line_in_the_filter(focus):
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press(*focus)
        app.post_message(Paste("\n".join(f"1336{at:02}\x1b[31m" for at in range(500))))
        await pilot.pause()
        await pilot.pause()

        assert page_of(app).keyword == "133600[31m"
        assert wishes_of(app) == WISHES
        assert "只取第一行" in text_of(app)


async def test_a_paste_that_fits_says_nothing():
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        app.post_message(Paste("溪口\r\n"))
        await pilot.pause()
        await pilot.pause()

        assert page_of(app).keyword == "溪口"
        assert "只取" not in text_of(app)


async def test_digits_of_full_width_move_a_wish_like_others():
    three = chr(ord("3") + 0xFEE0)
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("tab", three, "enter")
        typed = wishes_of(app).index(WISHES[0]) + 1
        await pilot.press("enter", three, "backspace", chr(ord("1") + 0xFEE0), "enter")
        await pilot.pause()

        assert typed == 3
        assert wishes_of(app)[0] == WISHES[0]


async def test_the_third_tab_shows_the_schools_of_both_counties():
    app = StagedKiosk(START)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        await click(app, pilot, "[兩縣市]", beside=1)
        both = text_of(app)
        await pilot.press("f3")
        await pilot.pause()
        await click(app, pilot, "關山鎮")
        await pilot.pause()

        assert page_of(app) == WishesPage(county=people.TAITUNG, township="關山鎮")
        assert "屏東縣 屏東市" in both


@pytest.mark.parametrize(("keys", "county"), [(("left",), None), (("right", "right"), None)])
async def test_the_arrows_reach_both_counties_too(keys, county):
    app = StagedKiosk(START)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press(*keys)

        assert page_of(app).county == county


async def test_wishes_that_rest_are_shown_below_the_list_and_cannot_be_selected():
    app = StagedKiosk(PICTURES["k05-resting"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("tab", "end")
        shown = text_of(app)
        await pilot.press("f5")

        assert "暫存 屏東縣 10 所" in shown
        assert len(wishes_of(app)) == 2
        assert wishes_of(app)[0] == RESTED.answers.wishes[1]


async def test_with_an_empty_list_what_rests_is_shown_all_the_same():
    draft = replace(RESTED, answers=replace(RESTED.answers, wishes=()))
    app = StagedKiosk(teacher(WishesPage(county=people.TAITUNG), draft=draft))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()

        assert "依序排列於此處" in text_of(app)
        assert "暫存 屏東縣 10 所" in text_of(app)


async def test_a_branch_is_shown_with_its_main_school_and_its_marks_explained():
    app = StagedKiosk(PICTURES["k05-branch"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        names = [each.key for each in app.screen.query_one("#candidates", Rows).rows]
        await pilot.press("down", "f9")
        await pilot.pause()

        assert names == ["@三地門鄉", "133610", "133641"]
        assert isinstance(app.screen, Sheet)
        assert "本校 三地門鄉 雲門國小" in text_of(app)
        assert "特殊偏遠地區學校" in text_of(app)


async def test_without_room_for_the_code_the_address_is_written_out():
    long = people.school("133642", f"{'很長' * 12}國小", "屏東市")
    schools = {**WITH_BRANCHES.schools, long.id: long}
    station = replace(STATION, reference=replace(WITH_BRANCHES, schools=schools, version=3))
    app = StagedKiosk(teacher(WishesPage(county=PINGTUNG, keyword="很長"), station=station))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("f9")
        await pilot.pause()

        assert "maps.google.com" in text_of(app)
        assert "沒有註記" in text_of(app)


async def test_the_legend_of_marks_explains_each():
    app = StagedKiosk(PICTURES["k05-marks"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press(*PICTURES["k05-marks"].keys)
        await pilot.pause()

        for words in ("△ 偏遠", "▲ 特偏", "◆ 極偏", "★ 中途或矯正", "原住民重點學校", "第十三條"):
            assert words in text_of(app)


async def test_versions_are_compared_by_moving_and_put_back_by_enter():
    shown = VersionsPage(behind=StatusPage(), base=MANY_SENT.versions[-1].hash)
    app = StagedKiosk(teacher(shown, record=MANY_SENT))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("end")
        first = text_of(app)
        await pilot.press("space", "up")
        other = text_of(app)
        await pilot.press("f4")
        await pilot.pause()
        whole = text_of(app)
        await pilot.press("escape", "enter")
        await pilot.pause()

        assert "從 第 3 版 到 第 1 版" in first
        assert "07-1234567#89 → 0900123456" in first.replace("電話1：", "")
        assert "從 第 1 版 到 第 2 版" in other
        assert "另一台機器" in other
        assert "本機 KH-0231" in other
        assert "關山新國小" in whole
        assert wishes_of(app) == (*WISHES[:4], "143605")


async def test_the_version_list_opens_from_k11_and_from_the_wishes():
    for session, keys in (
        (teacher(StatusPage(), record=MANY_SENT), ("f3",)),
        (
            teacher(WishesPage(county=PINGTUNG), record=MANY_SENT),
            ("tab", "enter", *("down",) * 11, "enter"),
        ),
    ):
        app = StagedKiosk(session)
        async with app.run_test(size=SMALL) as pilot:
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()

            assert isinstance(app.session.scene.page, VersionsPage)


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_for_fingers_rows_are_two_cells_high_and_buttons_three(size):
    app = StagedKiosk(START, touch=True)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        pane = app.screen.query_one("#wishes", Rows)
        second = row_of(app, 2)
        await pilot.click(offset=(second[0] + 10, second[1] + 1))
        await pilot.pause()
        selected = pane.selected
        await pilot.click(offset=(second[0] + 10, second[1] + 1))
        await pilot.pause()
        menu = app.screen.query_one(Menu)
        await pilot.click(offset=(menu.region.x + 4, menu.region.y + 4))
        await pilot.pause()

        assert selected == WISHES[1]
        assert wishes_of(app)[2] == WISHES[1], "the lower half of the second item: move down"
        shown = [each for each in app.screen.query(Push) if each.region.height]
        assert shown
        assert {each.region.height for each in shown} == {3}
        assert {each.region.height for each in app.screen.query(Field) if each.region.height} == {1}


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("name", ["k03-tasks", "k05-wishes", "k05-menu", "k06-check", "k04-area"])
async def test_for_fingers_every_row_is_still_as_wide_as_the_screen(name, size):
    picture = PICTURES[name]
    app = StagedKiosk(picture.session, touch=True)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(*picture.keys)

        for push in app.screen.query(Push):
            assert push.region.right <= size[0], push
        assert len(lines_of(app)) == size[1]
        assert cell_of(app, "[")
