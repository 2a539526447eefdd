"""F2 on the glass: what is chosen there holds at once, and the work behind it goes on (UX 4.1)."""

from dataclasses import replace

import pytest

from kiosk.session.effect import Letter, SaveDisplay
from kiosk.session.page import TasksPage
from tests.kiosk.people import AMY, NOON, STATION, at_work, idle, seconds
from tests.kiosk.screens.gallery import PICTURES
from tests.kiosk.screens.stage import LARGE, SMALL, StagedKiosk, text_of

LETTERS = replace(STATION, letters=True)


async def press(pilot, *keys):
    await pilot.press(*keys)
    await pilot.pause()


@pytest.mark.parametrize(
    ("ups", "place"), [(2, "muted"), (3, "more_time"), (4, "large")], ids=["muted", "time", "large"]
)
async def test_a_switch_of_f2_is_turned_by_keys_and_kept(ups, place):
    app = StagedKiosk(at_work(station=LETTERS))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "f2", "end", *["up"] * (ups - 1), "enter")

        display = app.session.looks.display
        assert getattr(display, place) is True
        kept = app.asked(SaveDisplay)
        assert [(each.teacher, each.display) for each in kept] == [(AMY.teacher, display)]
        await press(pilot, "f2", "end", *["up"] * (ups - 1), "enter")
        assert getattr(app.session.looks.display, place) is False


async def test_a_machine_that_cannot_change_its_letters_says_how_else():
    app = StagedKiosk(at_work())
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "f2")

        assert app.texts.large_text in text_of(app)
        assert app.texts.large_letters not in text_of(app)


async def test_when_the_letters_grow_the_same_session_is_drawn_in_the_smaller_room():
    app = StagedKiosk(replace(PICTURES["k05-wishes"].session, station=LETTERS))
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "f2", "end", "up", "up", "up", "enter")
        before = app.session
        await pilot.resize_terminal(*SMALL)  # what the terminal around it does
        await pilot.pause()

        assert app.asked(Letter) == [Letter(large=True)]
        assert (app.session.scene, app.session.looks) == (before.scene, before.looks)
        assert app.screen.size == SMALL
        assert "下面還有" in text_of(app) or "志願" in text_of(app)


async def test_f3_on_the_idle_screen_is_over_when_nobody_comes():
    app = StagedKiosk(idle())
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "f3")
        english = "Insert" in text_of(app) or "insert" in text_of(app).lower()
        app.time = NOON + seconds(181)
        app._tick()  # noqa: SLF001 - the clock of a test does not run by itself
        await pilot.pause()

        assert english
        assert "請 插 入 健 保 卡" in text_of(app)


async def test_a_terminal_of_sixteen_colours_keeps_the_three_that_are_always_apart():
    app = StagedKiosk(at_work(page=TasksPage()))
    async with app.run_test(size=SMALL) as pilot:
        app._few_colours = True  # noqa: SLF001 - what a poor terminal makes of it at the start
        await press(pilot, "f2", "down", "enter")

        assert app.session.looks.display.theme == "dark"
        assert app.palette.name == "contrast"
