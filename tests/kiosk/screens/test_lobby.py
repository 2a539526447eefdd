"""The idle screen's other doors on the glass: practice and the lists of schools."""

from dataclasses import replace

import pytest

from kiosk.session.page import TasksPage
from kiosk.session.state import Idle, Searching
from kiosk.session.station import Mending
from kiosk.text.catalogue import LANGUAGES
from tests.kiosk.people import PINGTUNG, idle
from tests.kiosk.screens.gallery import PICTURES, STATION
from tests.kiosk.screens.stage import LARGE, SMALL, StagedKiosk, text_of


async def press(pilot, *keys):
    await pilot.press(*keys)
    await pilot.pause()


async def test_f4_practises_and_f10_ends_it():
    app = StagedKiosk(idle(STATION))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "f4")
        page, during = app.session.scene.page, text_of(app)
        await press(pilot, "f10")

        assert page == TasksPage()
        assert "【練習】" in during
        assert app.session.scene == Idle("practice_ended")
        assert "練習結束，沒有留下任何資料。" in text_of(app)
        assert "【練習】" not in text_of(app)
        assert app.asked(object) == []


async def test_a_school_is_looked_up_by_keys():
    app = StagedKiosk(idle(STATION))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "f5", "1", "3", "3", "6", "0", "4")
        found = text_of(app)
        await press(pilot, "escape")

        assert "133604" in found
        assert "找到 1 所" in found
        assert app.session.scene == Idle()


async def test_county_and_stage_are_chosen_from_boxes():
    app = StagedKiosk(idle(STATION))
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "f5", "f3")
        await press(pilot, *["down"] * 22, "enter")
        narrowed = app.session.scene
        await press(pilot, "f3", "home", "enter", "f4", "down", "enter")

        assert isinstance(narrowed, Searching)
        assert narrowed.county is not None
        assert app.session.scene.county is None
        assert app.session.scene.stage != narrowed.stage


async def test_a_box_that_is_closed_again_changes_nothing():
    app = StagedKiosk(idle(STATION))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "f5")
        before = app.session.scene
        await press(pilot, "f3", "escape", "f4", "escape")

        assert app.session.scene == before


async def test_a_long_list_is_walked_by_arrows_and_pages():
    scene = Searching(since=idle().at, stage=STATION.school.stage, county=PINGTUNG)
    app = StagedKiosk(replace(idle(STATION), scene=scene))
    async with app.run_test(size=SMALL) as pilot:
        first = text_of(app)
        await press(pilot, "down", "down", "pagedown")
        later = text_of(app)
        await press(pilot, "up", "pageup", "pageup")

        assert "133601" in first
        assert "133601" not in later
        assert text_of(app) == first


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", [None, *Mending])
async def test_what_became_of_mending_the_card_service_is_said_to_the_end(outcome, language):
    shown = PICTURES["k01-mending"].session
    repair = replace(shown.reader.repair, outcome=outcome, tries=3)
    shown = replace(shown, reader=replace(shown.reader, repair=repair))
    app = StagedKiosk(shown, language=language)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        read = " ".join(text_of(app).split())

    _, remedy = app.texts.service_down
    words = f"{remedy} {app.texts.mending(repair)}"
    assert "".join(words.split()) in "".join(read.split())
    if remedy.isascii():
        assert words in read, "a space between the sentences"
    assert app.texts.ask(STATION.contact) in read
