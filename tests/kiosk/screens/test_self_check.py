"""資格檢核 on the glass: by keys and by mouse, and what the officer sees of it."""

from dataclasses import replace

import pytest

from kiosk.session.page import PostsPage, Question
from kiosk.session.self_check import SelfCheck
from tests.kiosk.screens.gallery import DOUBTFUL, PICTURES, teacher
from tests.kiosk.screens.stage import LARGE, SMALL, StagedKiosk, text_of
from tests.kiosk.screens.test_wishes import click

YEARS = PostsPage(Question.SERVICE_YEARS)


def check_of(app):
    return app.session.scene.draft.check


async def test_it_is_answered_by_keys_alone():
    app = StagedKiosk(teacher(YEARS))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("f6")
        await pilot.pause()
        await pilot.press(
            "3", "tab", "2", "tab", "right", "right", "space", "tab", "right", "right"
        )
        await pilot.press("space", "tab", "2", "tab", "space")
        answers = check_of(app)
        await pilot.press("enter")
        await pilot.pause()

        assert answers == DOUBTFUL
        assert app.session.scene.page == YEARS


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_it_is_answered_by_mouse_alone(size):
    app = StagedKiosk(teacher(YEARS))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await click(app, pilot, "資格檢核 F6")
        await pilot.pause()
        for words in ("生活不便", "離島初任", "8 月 1 日前不會"):
            await click(app, pilot, words)
        answers = check_of(app)
        await click(app, pilot, "[ 完成 ]", beside=2)
        await pilot.pause()

        assert answers == SelfCheck(hardship="living", bond="outlying_island", on_leave=True)
        assert app.session.scene.page == YEARS


async def test_an_emptied_number_is_not_answered():
    app = StagedKiosk(PICTURES["k04-self-check"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("end", "backspace")

        assert check_of(app).semesters is None


async def test_every_clause_in_doubt_is_explained_with_its_source():
    app = StagedKiosk(PICTURES["k04-self-check-doubt"].session)
    async with app.run_test(size=LARGE) as pilot:
        await pilot.pause()
        shown = "".join(text_of(app).split())

    assert "偏遠地區學校教育發展條例第五條" in shown
    assert "彰化縣113年介聘簡報留職停薪，113年（2024）版" in shown
    assert "仍可繼續填寫與送出" in shown


async def test_before_sending_the_doubt_is_on_the_page():
    session = PICTURES["k06-check"].session
    draft = replace(session.scene.draft, check=DOUBTFUL)
    app = StagedKiosk(replace(session, scene=replace(session.scene, draft=draft)))
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        await pilot.press("pagedown")

        assert "有要請人事查核的地方" in text_of(app)


async def test_the_officer_is_told_what_to_look_at():
    app = StagedKiosk(PICTURES["o03-doubt"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        shown = text_of(app)

    assert "請查核資格" in shown
    assert "義務服務未滿六年" in shown
    assert "自評：現職學校實際服務 3 學期，另留職停薪 2 學期" in shown
    assert "偏遠專案甄選，已服務 2 年" in shown
