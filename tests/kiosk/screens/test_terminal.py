"""What is asked of a terminal before the screen is taken: its size, and how wide it draws △."""

import os
import pty
import re
import threading

import pytest
from textual.events import Key

from kiosk.terminal import PROBE, Size, ambiguous_width, parse_size
from kiosk.widgets.field import Field
from tests.kiosk.screens.gallery import PICTURES
from tests.kiosk.screens.stage import SMALL, StagedKiosk


class FakeTerminal(threading.Thread):
    """The other end of a pseudo terminal: answers where the cursor is."""

    def __init__(self, answer: bytes | None) -> None:
        super().__init__(daemon=True)
        self.leader, self.follower = pty.openpty()
        self._answer = answer
        self.heard = b""

    def run(self) -> None:
        while b"\x1b[6n" not in self.heard:
            self.heard += os.read(self.leader, 64)
        if self._answer is not None:
            os.write(self.leader, self._answer)

    def close(self) -> None:
        os.close(self.leader)
        os.close(self.follower)


@pytest.mark.parametrize(
    ("answer", "cells"),
    [(b"\x1b[1;2R", 1), (b"\x1b[1;3R", 2), (b"noise\x1b[24;3R", 2), (None, 1)],
)
def test_the_width_of_an_ambiguous_character_is_what_the_terminal_says(answer, cells):
    terminal = FakeTerminal(answer)
    terminal.start()

    width = ambiguous_width(terminal.follower, patience_s=60 if answer else 0.3)

    terminal.join(60)
    heard = terminal.heard.decode()
    terminal.close()
    assert width == cells
    assert re.sub(r"\^\[", "\x1b", heard).startswith(PROBE)


def test_what_is_no_terminal_is_not_asked(tmp_path):
    with (tmp_path / "file").open("w") as file:
        assert ambiguous_width(file.fileno()) == 1
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.parametrize(
    ("text", "size"),
    [("80x24", Size(80, 24)), ("120X40", Size(120, 40)), ("100x34", Size(100, 34))],
)
def test_a_size_is_two_numbers(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "80", "x", "80x", "a x b"])
def test_anything_else_is_no_size(text):
    with pytest.raises(ValueError):  # noqa: PT011 - int() says why
        parse_size(text)


@pytest.mark.parametrize(
    ("size", "enough"),
    [(Size(80, 24), True), (Size(79, 24), False), (Size(80, 23), False), (Size(200, 60), True)],
)
def test_80_by_24_is_the_least(size, enough):
    assert size.large_enough is enough


async def test_what_is_typed_while_a_screen_is_still_being_built_is_typed_into_it():
    app = StagedKiosk(PICTURES["k01-idle"].session)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()

        app.show(PICTURES["k02-password"].session)
        for letter in "mango":
            app.post_message(Key(letter, letter))
        await pilot.pause()
        await pilot.press("-")

        assert app.screen.query_one("#password", Field).value == "mango-"
