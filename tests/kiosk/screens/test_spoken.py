"""純文字模式 chosen at the glass: the same session in lines, and back (UX 4.12, K12)."""

import asyncio
import contextlib
import io
import os
import pty
import re
from dataclasses import replace

import pytest

from kiosk.plain.talk import WIPE
from kiosk.session.device import CardRemoved
from kiosk.session.display import Display
from kiosk.session.effect import SaveDisplay, SaveDraft
from kiosk.session.page import BasicsPage, Task, TasksPage
from kiosk.session.state import IDLE_LIMIT, CardOut, Covered, SignedIn
from kiosk.text.plain import PLAIN
from tests.kiosk.people import AMY, NOON, at_work, idle
from tests.kiosk.screens.stage import SIZES, SMALL, StagedKiosk, text_of

SAYS = PLAIN["zh"]
PATIENCE_S = 60.0


class Paper(io.StringIO):
    """What stands on a terminal, and whether anything of it is left."""

    def isatty(self):
        return True

    @property
    def left(self):
        return self.getvalue().rpartition(WIPE)[2]


class TwoWays(StagedKiosk):
    """A staged kiosk with a keyboard of lines; a stage has no terminal to let go of."""

    def __init__(self, session, source, paper):
        self.away = []
        super().__init__(session, streams=(source, paper))

    @contextlib.contextmanager
    def suspend(self):
        self.away.append("gone")
        yield
        self.away.append("back")


class Reader:
    """Somebody who hears lines and types them."""

    def __init__(self, leader, app, paper):
        self._leader, self.app, self.paper = leader, app, paper
        self._seen = 0

    async def hears(self, *words):
        """What was said since the last answer, once all of this was."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                said = self.paper.getvalue()[self._seen :]
                if all(word in said for word in words):
                    return said
                await asyncio.sleep(0.01)

    def types(self, text):
        self._seen = len(self.paper.getvalue())
        os.write(self._leader, f"{text}\n".encode())

    async def chooses(self, words):
        said = await self.hears(words, SAYS.choose)
        self.types(re.findall(rf"^(\d+) .*{re.escape(words)}", said, re.MULTILINE)[-1])

    async def sees(self, words):
        """The glass, once it is back and shows this."""
        async with asyncio.timeout(PATIENCE_S):
            while self.app.away[-1] != "back" or words not in text_of(self.app):  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture
async def begin():
    leader, follower = pty.openpty()
    source = os.fdopen(follower, "r")

    @contextlib.asynccontextmanager
    async def start(session, size=SMALL):
        paper = Paper()
        app = TwoWays(session, source, paper)
        async with app.run_test(size=size) as pilot:
            yield pilot, Reader(leader, app, paper)

    yield start
    source.close()
    os.close(leader)


async def choose_lines(pilot):
    await pilot.press("f2", "end", "enter")


@pytest.mark.parametrize("size", SIZES)
async def test_chosen_under_f2_the_session_goes_on_in_lines_and_it_is_kept_with_her(begin, size):
    async with begin(at_work(page=TasksPage()), size) as (pilot, reader):
        before = reader.app.session.scene
        await choose_lines(pilot)
        said = await reader.hears(SAYS.lines_begin, reader.app.texts.your_application)

        after = reader.app.session.scene
        assert replace(after, silent_since=before.silent_since, toast=before.toast) == before
        assert reader.app.away == ["gone"]
        assert said.startswith(WIPE), "what a crash before us left there is nobody's to read"
        assert [each.display for each in reader.app.asked(SaveDisplay)] == [Display(plain=True)]


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_answered_in_lines_stands_on_the_glass_afterwards(begin, size):
    async with begin(at_work(page=TasksPage()), size) as (pilot, reader):
        texts = reader.app.texts
        await choose_lines(pilot)
        await reader.chooses(texts.task(Task.BASICS))
        await reader.chooses(texts.label_phone1)
        await reader.hears(texts.phone_hint)
        reader.types("03-9998888")
        await reader.hears("03-9998888", SAYS.choose)
        reader.types("0")
        await reader.chooses(texts.display_title)
        await reader.chooses(SAYS.lines_leave)
        await reader.sees(texts.your_application)
        await pilot.press("home", "down", "down", "enter")
        await reader.sees("03-9998888")

        saved = reader.app.asked(SaveDraft)[-1]
        assert saved.draft.answers.phone1 == "03-9998888"
        assert reader.app.session.scene.draft.answers.phone1 == "03-9998888"
        assert reader.paper.left == ""
        assert reader.app.away == ["gone", "back"]
        assert reader.app.asked(SaveDisplay)[-1].display == Display()


async def test_when_her_card_leaves_nothing_said_is_left_and_the_glass_comes_back_with_the_end(
    begin,
):
    async with begin(at_work(page=BasicsPage())) as (pilot, reader):
        app = reader.app
        await choose_lines(pilot)
        await reader.hears(AMY.national_id.masked)
        app.tell(CardRemoved(at=NOON))
        wiped = reader.paper.left
        await reader.hears(app.texts.card_is_out)
        assert isinstance(app.session.scene, CardOut)
        assert AMY.national_id.masked not in wiped
        app.time = app.session.scene.ends
        app._tick()  # noqa: SLF001 - the clock of a test does not run by itself
        await reader.sees("請 插 入 健 保 卡")

        assert reader.paper.left == ""
        assert not app.session.looks.display.plain


async def test_silence_covers_the_lines_as_it_covers_the_glass_and_any_line_goes_on(begin):
    async with begin(at_work(page=BasicsPage())) as (pilot, reader):
        app = reader.app
        await choose_lines(pilot)
        await reader.hears(AMY.national_id.masked, SAYS.choose)
        app.time = NOON + IDLE_LIMIT
        app._tick()  # noqa: SLF001 - the clock of a test does not run by itself
        wiped = reader.paper.left
        await reader.hears(app.texts.idle_question, app.texts.any_key)
        assert isinstance(app.session.scene, Covered)
        assert AMY.national_id.masked not in wiped
        reader.types("")
        await reader.hears(AMY.national_id.masked, SAYS.choose)

        assert isinstance(app.session.scene, SignedIn)


async def test_a_line_typed_ahead_waits_for_what_it_answers(begin):
    async with begin(at_work(page=TasksPage())) as (pilot, reader):
        texts = reader.app.texts
        await choose_lines(pilot)
        said = await reader.hears(texts.your_application, SAYS.choose)
        basics, display = (
            re.findall(rf"^(\d+) {re.escape(words)}", said, re.MULTILINE)[-1]
            for words in (texts.task(Task.BASICS), texts.display_title)
        )

        reader.types(f"{basics}\n0\n{display}")
        await reader.hears(texts.basics_title, texts.your_application, SAYS.lines_leave)

        assert isinstance(reader.app.session.scene.page, TasksPage)


async def test_a_tone_is_heard_where_the_lines_are(begin):
    async with begin(at_work(page=TasksPage())) as (pilot, reader):
        await choose_lines(pilot)
        await reader.hears(SAYS.choose)

        assert reader.app._spoken.ring()  # noqa: SLF001 - what a tone of the session leads to
        assert reader.paper.getvalue().endswith("\a")


async def test_on_the_idle_screen_it_ends_when_nobody_comes(begin):
    async with begin(idle()) as (pilot, reader):
        await choose_lines(pilot)
        await reader.hears(SAYS.lines_begin, reader.app.texts.insert_card.replace(" ", ""))
        reader.app.time = NOON.replace(hour=NOON.hour + 1)
        reader.app._tick()  # noqa: SLF001
        await reader.sees("請 插 入 健 保 卡")

        assert reader.paper.left == ""
