"""For fingers: every target is two rows and six cells, and the blank beside it counts (U-034)."""

from dataclasses import replace

import pytest
from textual.events import MouseDown, MouseUp
from textual.geometry import Offset, Region

from kiosk.session.draft import Draft
from kiosk.session.page import PostsPage, Question
from kiosk.widgets.controls import Choice
from kiosk.widgets.field import Field
from kiosk.widgets.finger import LEAST_CELLS, LEAST_ROWS, grown, meant, targets
from kiosk.widgets.lines import KeyBar
from tests.kiosk.screens.gallery import ANSWERS, PICTURES, teacher
from tests.kiosk.screens.stage import LARGE, SMALL, StagedKiosk, lines_of, text_of

SCREEN = Region(0, 0, 80, 24)
WIDE = (
    "k01-idle", "k02-password", "k03-tasks", "k04-subjects", "k05-wishes", "k05-menu", "k06-check",
    "o03-decision",
)  # fmt: skip


def button(kind, x, y):
    return kind(
        None,
        x=x,
        y=y,
        delta_x=0,
        delta_y=0,
        button=1,
        shift=False,
        meta=False,
        ctrl=False,
        screen_x=x,
        screen_y=y,
    )


async def touch(app, pilot, x, y):
    """Finger down and up, as the terminal reports it."""
    for kind in (MouseDown, MouseUp):
        app.post_message(button(kind, x, y))
    await pilot.pause()
    await pilot.pause()


@pytest.mark.parametrize(
    ("painted", "large"),
    [
        ([Region(10, 5, 12, 1)], [Region(10, 4, 12, 2)]),
        ([Region(10, 0, 12, 1)], [Region(10, 0, 12, 2)]),
        ([Region(10, 5, 3, 3)], [Region(10, 5, 6, 3)]),
        ([Region(77, 5, 3, 3)], [Region(74, 5, 6, 3)]),
        (
            [Region(10, 5, 9, 1), Region(10, 4, 9, 1)],
            [Region(10, 5, 9, 2), Region(10, 3, 9, 2)],
        ),
        ([Region(0, 0, 80, 1), Region(0, 1, 80, 23)], [Region(0, 0, 80, 1), Region(0, 1, 80, 23)]),
    ],
    ids=["up", "down at the edge", "right", "left at the edge", "apart", "no blank is left"],
)
def test_a_small_target_takes_the_blank_beside_it_and_nothing_of_another(painted, large):
    assert list(grown(painted, SCREEN)) == large


async def test_in_the_wide_layout_every_target_is_large_enough_too():
    app = StagedKiosk(PICTURES["k01-idle"].session, touch=True)
    async with app.run_test(size=LARGE) as pilot:
        for name in WIDE:
            app.show(PICTURES[name].session)
            await pilot.pause()
            await pilot.press(*PICTURES[name].keys)

            found = grown(targets(app.screen), app.screen.region)

            assert found, name
            assert min(each.height for each in found) >= LEAST_ROWS, name
            assert min(each.width for each in found) >= LEAST_CELLS, name


async def test_a_finger_above_a_key_presses_it_and_one_beside_a_field_goes_into_it():
    app = StagedKiosk(teacher(PostsPage(Question.SERVICE_YEARS)), touch=True)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        years = app.screen.query_one("#years", Field).region
        app.screen.set_focus(app.screen.query_one("#enter"))
        await touch(app, pilot, years.x + 3, years.y - 1)
        focused = app.focused.id
        start, _, hint = app.screen.query_one(KeyBar).zones[-1]
        await touch(app, pilot, start + 1, SMALL[1] - 2)

        assert focused == "years"
        assert hint.key == "f6"
        assert type(app.session.scene.page).__name__ == "SelfCheckPage"


async def test_an_answer_is_two_rows_high_and_both_choose_it():
    app = StagedKiosk(teacher(PostsPage(Question.AREA_LIMIT)), touch=True)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        area = app.screen.query_one("#area", Choice)
        first, second = area.zones_of_touch()
        await touch(app, pilot, area.region.x + 2, area.region.y + second.y + 1)
        chosen = app.session.scene.draft.answers.area_limit
        await touch(app, pilot, area.region.x + 2, area.region.y + first.y)

        assert (first.height, second.height) == (2, 2)
        assert chosen == "restricted"
        assert app.session.scene.draft.answers.area_limit == "general"


async def test_a_finger_far_from_every_target_means_nothing():
    app = StagedKiosk(PICTURES["k04-post"].session, touch=True)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        far = Offset(70, 5)

        assert meant(far, app.screen) == far


async def presses_of(app, pilot):
    """Where the button that goes on stands on each of four screens, one after the other."""
    found = []
    for _ in range(4):
        await pilot.pause()
        region = app.screen.query_one("#enter").region
        found.append((region.x + 2, region.y + region.height // 2))
        await touch(app, pilot, *found[-1])
    return found


async def test_clicks_that_come_before_the_next_screen_stands_are_not_lost():
    draft = Draft(answers=replace(ANSWERS, wishes=()))
    start = teacher(PostsPage(Question.INDIGENOUS), draft=draft)
    app = StagedKiosk(start)
    async with app.run_test(size=SMALL) as pilot:
        path = await presses_of(app, pilot)
        slow = app.session.scene.page
        app.show(start)
        await pilot.pause()
        for at in path:
            for kind in (MouseDown, MouseUp):
                app.post_message(button(kind, *at))
        for _ in path:
            await pilot.pause()

        assert slow == PostsPage(Question.SUBJECTS)
        assert app.session.scene.page == slow


@pytest.mark.parametrize("touch_screen", [False, True])
async def test_a_key_the_footer_has_no_room_for_is_clicked_in_the_help(touch_screen):
    app = StagedKiosk(PICTURES["k04-area"].session, touch=touch_screen)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        shown = [hint.key for _, _, hint in app.screen.query_one(KeyBar).zones]
        await pilot.press("f1")
        await pilot.pause()
        await pilot.press("end")
        await pilot.pause()
        rows = lines_of(app)
        y = next(at for at, row in enumerate(rows) if "│   F2 " in row)
        await touch(app, pilot, 20, y + touch_screen)
        opened = text_of(app)

        assert "f2" not in shown
        assert app.texts.display_theme in opened
        assert app.texts.help_keys not in opened
