"""The keyboard of line mode in a running program: lines come, and nothing typed ends it (4.7)."""

import asyncio
import os
import pty
import signal
import termios

import pytest

from kiosk.plain.keyboard import EchoOff, Lines, terminal_of

PATIENCE_S = 60.0


@pytest.fixture
def ends():
    """The test's end of a terminal, and the program's."""
    leader, follower = pty.openpty()
    yield leader, follower
    os.close(leader)
    os.close(follower)


async def until(true):
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110 - a terminal tells nobody
            await asyncio.sleep(0.01)


def local_flags(end):
    return termios.tcgetattr(end)[3]


async def test_lines_come_whole_however_they_arrive_and_in_the_letters_they_were_typed_in(ends):
    leader, follower = ends
    heard = []
    lines = Lines(follower, heard.append)
    lines.start()
    letters = "溪口\n2\n".encode()

    os.write(leader, letters[:4])
    await asyncio.sleep(0.05)
    os.write(leader, letters[4:])
    await until(lambda: len(heard) == 2)
    lines.stop()

    assert heard == ["溪口", "2"]


async def test_what_ends_stops_or_freezes_a_program_elsewhere_is_a_letter_of_the_line(ends):
    leader, follower = ends
    heard = []
    lines = Lines(follower, heard.append)
    lines.start()

    os.write(leader, b"\x03\x04\x1a\x1c\x13\x11\x12a\n")
    await until(lambda: heard)
    lines.stop()

    assert heard == ["\x03\x04\x1a\x1c\x13\x11\x12a"]


async def test_a_demonstration_is_left_by_ctrl_c_and_by_nothing_else(ends):
    follower = ends[1]
    left = []
    before = signal.getsignal(signal.SIGINT)
    lines = Lines(follower, str, leave=lambda: left.append("left"))
    lines.start()

    flags, characters = local_flags(follower), termios.tcgetattr(follower)[6]
    os.kill(os.getpid(), signal.SIGINT)  # as the terminal does for the program in front
    await until(lambda: left)
    lines.stop()

    assert flags & termios.ISIG
    assert characters[termios.VSUSP] == characters[termios.VQUIT] == characters[termios.VEOF]
    assert signal.getsignal(signal.SIGINT) == before


async def test_afterwards_the_terminal_is_as_it_was_and_half_a_line_is_forgotten(ends):
    leader, follower = ends
    heard, before = [], termios.tcgetattr(follower)
    lines = Lines(follower, heard.append)
    lines.start()
    during = termios.tcgetattr(follower)
    os.write(leader, b"half")
    await asyncio.sleep(0.05)

    lines.stop()
    lines.stop()  # a program may end while somebody is just going back
    again = Lines(follower, heard.append)
    again.start()
    os.write(leader, b"a line\n")
    await until(lambda: heard)
    again.stop()

    assert during != before
    assert termios.tcgetattr(follower) == before
    assert heard == ["a line"]


async def test_what_somebody_began_to_type_is_not_the_next_ones_line(ends):
    leader, follower = ends
    heard = []
    lines = Lines(follower, heard.append)
    lines.start()
    os.write(leader, b"her password")
    await asyncio.sleep(0.05)

    lines.forget()
    os.write(leader, b"1\n")
    await until(lambda: heard)
    lines.stop()

    assert heard == ["1"]


async def test_a_terminal_that_is_gone_is_not_asked_for_ever():
    leader, follower = pty.openpty()
    heard = []
    lines = Lines(follower, heard.append)
    lines.start()

    os.close(leader)
    loop = asyncio.get_running_loop()
    await until(lambda: not loop.remove_reader(follower))
    lines.forget()
    lines.stop()
    os.close(follower)

    assert heard == []


def test_a_secret_is_hidden_while_it_is_asked_for(ends):
    follower = ends[1]
    with EchoOff(follower) as echo:
        echo.hide(hidden=True)
        hidden = local_flags(follower)
        echo.hide(hidden=False)
        shown = local_flags(follower)
        echo.hide(hidden=True)

    assert not hidden & termios.ECHO
    assert shown & termios.ECHO
    assert local_flags(follower) & termios.ECHO


def test_only_a_terminal_is_one(ends, tmp_path):
    with (tmp_path / "no terminal").open("w+") as file, os.fdopen(os.dup(ends[1]), "r") as source:
        assert terminal_of(file) is None
        assert terminal_of(source) == source.fileno()
