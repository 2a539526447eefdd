"""The kiosk image's terminal: letters change, the program and its session stay (ADR 0028)."""

import fcntl
import os
import pty
import re
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
from syncd.station import LOG_KEY, SEAL_KEY, STORE_KEY

IMAGE = Path(__file__).parents[2] / "provisioning" / "image"
PATIENCE_S = 60.0
NORMAL_LETTERS, LARGE_LETTERS = (
    f"--config=/etc/jiepin/letters-{each}.ini" for each in (NORMAL, LARGE)
)
SCREEN = (1920, 1080)
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
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "tmux").write_text(f'#!/bin/sh\nshift 2\nexec {" ".join(multiplexer)} "$@"\n')
    (programs / "glass").write_text('#!/bin/sh\necho "$1" >> letters-shown\nshift\nexec "$@"\n')
    for each in programs.iterdir():
        each.chmod(0o755)
    env = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "TERMINAL": "glass",
    }
    command = ["sh", str(IMAGE / "terminal.sh"), str(tmp_path / "letters")]
    letters = LetteringFile(tmp_path / "letters")

    with terminal(command, 120, 40, cwd=tmp_path, env=env):
        until(tmp_path / "letters-shown", NORMAL_LETTERS)
        letters.choose(large=True)
    with terminal(command, 80, 24, cwd=tmp_path, env=env):
        until(tmp_path / "sizes", "24 80")
        letters.choose(large=False)
    with terminal(command, 120, 40, cwd=tmp_path, env=env):
        until(tmp_path / "letters-shown", NORMAL_LETTERS, times=2)
        until(tmp_path / "sizes", "40 120", times=2)

    assert len((tmp_path / "pids").read_text().split()) == 1
    shown = (tmp_path / "letters-shown").read_text().splitlines()
    assert shown == [NORMAL_LETTERS, LARGE_LETTERS, NORMAL_LETTERS]


@pytest.mark.parametrize(("letters", "columns", "rows"), [(NORMAL, 120, 40), (LARGE, 80, 24)])
def test_the_letters_fill_a_screen_of_1920_by_1080_with_the_cells_they_say(letters, columns, rows):
    """Looked at in cage and foot: their cells are the font's width and this room, and this line."""
    lines = (IMAGE / f"letters-{letters}.ini").read_text().splitlines()
    given = dict(each.split("=", 1) for each in lines if "=" in each)
    width, height = map(int, re.search(r"cells of (\d+)x(\d+) pixels", lines[0]).groups())
    latin = int(re.search(r"^DejaVu Sans Mono:pixelsize=(\d+),", given["font"])[1])

    assert SCREEN[0] // width == columns
    assert (SCREEN[1] - 1) // height - rows in {0, 1}
    assert f"{columns}x{rows} " in lines[0]
    assert int(given["line-height"].removesuffix("px")) == height
    assert round(latin * 0.602) + int(given["letter-spacing"].removesuffix("px")) == width
    assert given["include"] == "/etc/jiepin/letters.ini"


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


def test_every_unit_of_ours_that_is_named_is_there():
    names = {
        each
        for path in IMAGE.glob("jiepin-*")
        for each in re.findall(r"jiepin-[a-z]+\.(?:service|path)", path.read_text())
    }

    assert len(names) >= 4
    assert [each for each in sorted(names) if not (IMAGE / each).exists()] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_system_understands_every_line_of_the_units():
    units = sorted(IMAGE.glob("jiepin-*"))
    said = subprocess.run(
        ["systemd-analyze", "verify", *units],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )

    ours = [line for line in said.stderr.splitlines() if "jiepin-" in line]
    missing_here = "is not executable: No such file or directory"
    assert [line for line in ours if missing_here not in line] == []


@pytest.mark.parametrize("name", ["jiepin-kiosk.service", "jiepin-syncd.service"])
def test_the_units_hand_over_every_key_of_a_station_one_by_one(name):
    """A line names one credential: of ``store.key log.key`` systemd makes a single name."""
    unit = (IMAGE / name).read_text().splitlines()

    given = [each.partition("=")[2] for each in unit if each.startswith("LoadCredentialEncrypted=")]

    assert sorted(given) == sorted((STORE_KEY, LOG_KEY, SEAL_KEY))


@pytest.mark.parametrize("name", ["kiosk", "syncd", "terminal"])
def test_no_unit_gives_up_however_often_its_program_fails(name):
    """Five failures within ten seconds would end it for good: the glass would stay black."""
    read = unit(f"jiepin-{name}.service")

    assert read["Service"]["Restart"] == "always"
    assert read["Unit"]["StartLimitIntervalSec"] == "0"


def test_the_terminal_owns_the_screen_it_draws_on():
    """Without the terminal as its input there is no seat, and cage has nothing to draw on."""
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(IMAGE / "jiepin-terminal.service")

    assert unit["Service"]["StandardInput"] == "tty-fail"
    assert unit["Service"]["TTYPath"] == "/dev/tty1"
    assert unit["Unit"]["Conflicts"] == "getty@tty1.service"
