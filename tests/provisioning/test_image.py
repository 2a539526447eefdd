"""The kiosk image's terminal: letters change, the program and its session stay (ADR 0028)."""

import fcntl
import os
import pty
import shutil
import signal
import struct
import subprocess
import termios
import time
from configparser import ConfigParser
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from kiosk.adapters.lettering import LARGE, NORMAL, LetteringFile

IMAGE = Path(__file__).parents[2] / "provisioning" / "image"
PATIENCE_S = 15.0
PROGRAM = (
    "trap 'stty size >> sizes' WINCH; echo $$ >> pids; "
    "stty size >> sizes; while :; do sleep 0.05; done"
)


@contextmanager
def terminal(command, columns, rows, **how):
    """A program in a terminal of this size, until the block ends; then the terminal is gone."""
    child, screen = pty.fork()
    if child == 0:
        with suppress(BaseException):
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.chdir(how["cwd"])
            os.execvpe(command[0], command, {**os.environ, "TERM": "xterm-256color", **how["env"]})  # noqa: S606
        os._exit(1)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(screen)


def until(path, words, times=1):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if path.exists() and path.read_text().splitlines().count(words) == times:
            return
        time.sleep(0.02)
    raise AssertionError(f"{words} is not in {path.read_text() if path.exists() else 'no file'}")


@pytest.fixture
def multiplexer(tmp_path):
    """The image's multiplexer with a program that notes its number and every size it sees."""
    tmux = shutil.which("tmux")
    assert tmux, "tmux is in APT_PACKAGES"
    words = [tmux, "-S", str(tmp_path / "socket")]
    start = ["-f", str(IMAGE / "kiosk.tmux.conf"), "new-session", "-d", "-s", "kiosk"]
    subprocess.run([*words, *start, "-x120", "-y40", PROGRAM], cwd=tmp_path, check=True)
    yield words
    subprocess.run([*words, "kill-server"], check=False, capture_output=True)


def test_the_program_stays_when_a_terminal_with_other_letters_takes_over(multiplexer, tmp_path):
    shown = tmp_path / "bin"
    shown.mkdir()
    (shown / "tmux").write_text(f'#!/bin/sh\nshift 2\nexec {" ".join(multiplexer)} "$@"\n')
    (shown / "glass").write_text('#!/bin/sh\necho "$1" >> fonts\nshift\nexec "$@"\n')
    for each in shown.iterdir():
        each.chmod(0o755)
    env = {
        "PATH": f"{shown}:{os.environ['PATH']}",
        "TERMINAL": "glass",
        "FONT_NORMAL": "small font",
        "FONT_LARGE": "large font",
    }
    command = ["sh", str(IMAGE / "terminal.sh"), str(tmp_path / "letters")]
    letters = LetteringFile(tmp_path / "letters")

    with terminal(command, 120, 40, cwd=tmp_path, env=env):
        until(tmp_path / "fonts", "--font=small font")
        letters.choose(large=True)
    with terminal(command, 80, 24, cwd=tmp_path, env=env):
        until(tmp_path / "sizes", "24 80")
        letters.choose(large=False)
    with terminal(command, 120, 40, cwd=tmp_path, env=env):
        until(tmp_path / "fonts", "--font=small font", times=2)
        until(tmp_path / "sizes", "40 120", times=2)

    assert len((tmp_path / "pids").read_text().split()) == 1
    fonts = (tmp_path / "fonts").read_text().splitlines()
    assert fonts == ["--font=small font", "--font=large font", "--font=small font"]


def test_nothing_of_the_multiplexer_can_be_reached_by_key(multiplexer):
    keys = [
        subprocess.run(
            [*multiplexer, "list-keys", "-T", table], capture_output=True, text=True, check=False
        ).stdout
        for table in ("root", "prefix", "copy-mode", "copy-mode-vi")
    ]
    options = subprocess.run(
        [*multiplexer, "show-options", "-g"], capture_output=True, text=True, check=True
    ).stdout

    assert keys == ["", "", "", ""]
    assert "prefix None" in options
    assert "status off" in options


def unit(name):
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string((IMAGE / name).read_text())
    return parser


def test_the_units_name_each_other_and_the_file_the_kiosk_writes():
    path, restart = unit("jiepin-letters.path"), unit("jiepin-letters.service")
    shown = unit("jiepin-terminal.service")

    watched = path["Path"]["PathChanged"]
    assert path["Path"]["Unit"] == "jiepin-letters.service"
    assert shown["Service"]["ExecStart"].endswith(watched)
    assert restart["Service"]["ExecStart"].endswith("restart jiepin-terminal.service")
    assert {NORMAL, LARGE} == {"normal", "large"}
    assert "large)" in (IMAGE / "terminal.sh").read_text()
