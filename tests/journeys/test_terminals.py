"""What a terminal may do to a kiosk, in a real one (UX 4.1, 4.2, 4.7; bad input of the issue)."""

import codecs
import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from kiosk.text.catalogue import LANGUAGES
from kiosk.text.plain import PLAIN
from tests.journeys.prepared import FILLED, draft_of, prepare
from tests.journeys.tmux import ROOT, Terminal, kiosk_words
from tests.journeys.walker import PERSONAL
from tests.kiosk.people import COMPLETE, PASSWORD

TEXTS = LANGUAGES["zh"]
SMALL = (80, 24)
PATIENCE_S = 90.0
CHORDS = ("C-q", "C-c", "C-p", "C-z", "C-s", "C-d", "C-l", "C-v", "C-x", "C-\\")
BOX = frozenset("─│┌┐└┘┬┴├┤┼△▲◆★●→█▀▄")


@pytest.fixture
def station(tmp_path):
    return prepare(tmp_path / "station", until=FILLED)


@pytest.fixture
def open_terminal(station, tmp_path):
    started = []

    def start(words=None, size=SMALL, **environment):
        folder = tmp_path / str(len(started))
        folder.mkdir()
        terminal = Terminal(folder, size, words or kiosk_words(station), **environment)
        started.append(terminal)
        return terminal

    yield start
    for each in started:
        each.close()


class Bare:
    """A program on a pseudo terminal whose other end is the test's."""

    def __init__(self, words: list[str], **environment: str) -> None:
        self.said = ""
        # The system hands over so many bytes at a time, whatever character they end in.
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self.pid, self._end = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            env = {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "LANG": "C.UTF-8"}
            os.execve(words[0], words, os.environ | env | environment)  # noqa: S606

    def send(self, data: str) -> None:
        os.write(self._end, data.encode())

    def until(self, words: str) -> str:
        end = time.monotonic() + PATIENCE_S
        while words not in self.said:
            assert time.monotonic() < end, f"{words!r} never came: {self.said[-2000:]!r}"
            ready, _, _ = select.select([self._end], [], [], 0.1)
            if ready:
                self.said += self._decoder.decode(os.read(self._end, 1 << 16))
        return self.said

    def hang_up(self) -> int:
        """The line to keyboard and screen is gone; how the program ended."""
        self._let_go()
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        raise AssertionError("it goes on without a terminal")

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self._let_go()

    def _let_go(self) -> None:
        if self._end >= 0:
            os.close(self._end)
        self._end = -1


@pytest.fixture
def bare():
    started = []

    def start(words, **environment):
        started.append(Bare(words, **environment))
        return started[-1]

    yield start
    for each in started:
        each.close()


def sign_in(terminal):
    terminal.until(TEXTS.insert_card)
    terminal.press("F9")
    terminal.until("選一張卡片")
    terminal.press("Enter")
    terminal.until(TEXTS.identity_title)
    terminal.type(PASSWORD)
    terminal.press("Enter")
    terminal.until(TEXTS.your_application)


def basics(terminal):
    terminal.press("Home", "Down", "Down", "Enter")
    terminal.until(TEXTS.label_email)


def test_a_terminal_that_draws_triangles_two_cells_wide_gets_letters_and_ascii_only(station, bare):
    kiosk = bare(kiosk_words(station))

    kiosk.until("\x1b[6n")
    kiosk.send("\x1b[1;3R")
    said = kiosk.until("----------").partition("\x1b[6n")[2]

    assert BOX.isdisjoint(said)


def test_keys_that_end_programs_do_nothing_while_the_kiosk_starts(station, bare):
    kiosk = bare(kiosk_words(station, virtual=False))

    kiosk.until("\x1b[6n")
    kiosk.send("\x03\x1c\x1a")
    said = kiosk.until(TEXTS.insert_card[:5])

    assert "Traceback" not in said
    assert "KeyboardInterrupt" not in said


def test_keys_that_end_programs_do_nothing_in_line_mode(station, bare):
    kiosk = bare(kiosk_words(station, "--plain", virtual=False))

    kiosk.until(TEXTS.insert_card.replace(" ", ""))
    kiosk.send("\x03\x1c\x1a\x03")
    kiosk.said = ""
    kiosk.send("\n")
    said = kiosk.until(TEXTS.insert_card.replace(" ", ""))

    assert "Traceback" not in said


def test_no_chord_ends_suspends_or_opens_anything_on_a_public_machine(station, open_terminal):
    terminal = open_terminal(kiosk_words(station, virtual=False))
    before = terminal.until(TEXTS.insert_card).split("\n")[2:8]

    terminal.press(*CHORDS)
    terminal.press("F1")
    helped = terminal.until(TEXTS.help_title)
    terminal.press("Escape")
    after = terminal.until(TEXTS.insert_card).split("\n")[2:8]

    assert not terminal.is_over
    assert after == before
    for word in ("Screenshot", "Palette", "Quit", "Maximize"):
        assert word not in helped


def test_a_window_made_tiny_says_its_size_and_nothing_is_lost_when_it_grows(open_terminal):
    terminal = open_terminal()
    sign_in(terminal)
    basics(terminal)
    terminal.press("End")
    terminal.type("#77")
    terminal.until("03-5123456#77")

    terminal.resize(20, 5)
    tiny = terminal.until("20x5")
    terminal.type("8")
    terminal.at_rest()  # it heard the key before the window grows
    terminal.resize(*SMALL)
    grown = terminal.until(TEXTS.label_email)

    assert "03-5123456" not in tiny
    assert "#778" not in grown
    assert "03-5123456#77" in grown


def test_when_keyboard_and_screen_are_gone_the_kiosk_ends_and_the_draft_is_kept(station, bare):
    unheard = ["/bin/sh", "-c", 'trap "" HUP; exec "$@"', "sh"]  # as what nohup starts
    kiosk = bare([*unheard, *kiosk_words(station)])
    kiosk.until("\x1b[6n")
    kiosk.send("\x1b[1;2R")
    kiosk.until(TEXTS.insert_card[:5])
    kiosk.send("\x1b[20~")
    kiosk.until("選一張卡片")
    kiosk.send("\r")
    kiosk.until(TEXTS.identity_title)
    kiosk.send(f"{PASSWORD}\r")
    kiosk.until(TEXTS.your_application)
    kiosk.send("\x1b[H\x1b[B\x1b[B\r")
    kiosk.until(TEXTS.label_email)
    kiosk.send("\x1b[F5")
    end = time.monotonic() + PATIENCE_S
    while draft_of(station).answers.phone1 != f"{COMPLETE.phone1}5":
        assert time.monotonic() < end
        time.sleep(0.1)

    code = kiosk.hang_up()

    assert code != 0
    assert draft_of(station).answers.phone1 == f"{COMPLETE.phone1}5"


@pytest.mark.parametrize("way", ["glass", "line mode", "lines from the glass"])
def test_a_bug_leaves_one_sentence_and_the_next_start_a_neutral_screen(station, open_terminal, way):
    plain = way == "line mode"
    more = ["--plain"] if plain else []
    words = [sys.executable, "-m", "tests.journeys.faulty", str(station), *more]
    terminal = open_terminal(words)
    if plain:
        terminal.until(TEXTS.insert_card.replace(" ", ""))
        terminal.type("1\n")
        terminal.until(TEXTS.identity_title)
        terminal.type("F12\n")
    else:
        sign_in(terminal)
        if way == "glass":
            terminal.press("F12")
        else:
            terminal.press("F2")
            terminal.until(TEXTS.line_by_line)
            terminal.press("End", "Enter")
            terminal.until(PLAIN["zh"].lines_begin)
            terminal.type("F12\n")

    crashed = terminal.until_over()
    terminal.restart()
    terminal.until(TEXTS.insert_card.replace(" ", "") if plain else TEXTS.insert_card)
    again = terminal.everything

    assert TEXTS.crashed[:12] in crashed
    assert "Traceback" not in crashed + again
    assert [word for word in PERSONAL if word in crashed] == []
    assert [word for word in PERSONAL if word in again.replace(CARD_LABEL, "")] == []
    assert "kiosk_crashed" in (Path(station) / "kiosk.log").read_text(encoding="utf-8")


CARD_LABEL = "林曉芒 國小 普通"
"""A virtual card carries its name for everyone to read."""


def test_what_is_pasted_is_cleaned_and_five_hundred_lines_do_no_harm(station, open_terminal):
    terminal = open_terminal()
    sign_in(terminal)
    basics(terminal)
    terminal.press("End", *["BSpace"] * 12)
    wide = "".join(chr(0xFF10 + int(each)) for each in "0912345678")
    terminal.paste(f"{wide}\x07\x01\x0e\n第二行")
    terminal.until(wide)
    terminal.press("Tab", "Tab", "End")
    terminal.paste("😀\x05")
    terminal.press("Escape")
    terminal.until(TEXTS.your_application)
    terminal.press("Home", *["Down"] * 4, "Enter")
    terminal.until(TEXTS.filter_label)

    terminal.paste("\n".join(f"{number:06}" for number in range(133601, 134101)))
    terminal.press("F7")
    terminal.until(TEXTS.filter_label)

    answers = draft_of(station).answers
    assert all(each.isprintable() for each in answers.phone1 + answers.email)
    assert "第二行" not in answers.phone1
    assert set(answers.wishes) == set(COMPLETE.wishes)
    assert not terminal.is_over
