"""純文字模式 chosen at the glass of a real terminal: there, back, and nothing is lost (UX K12)."""

import re
import time

import pytest

from kiosk.session.page import Task
from kiosk.text.catalogue import LANGUAGES
from kiosk.text.plain import PLAIN
from tests.journeys.prepared import FILLED, draft_of, prepare
from tests.journeys.tmux import PATIENCE_S, PAUSE_S, Terminal, kiosk_words, uneven_rows
from tests.journeys.walker import PERSONAL
from tests.kiosk.people import PASSWORD

TEXTS, SAYS = LANGUAGES["zh"], PLAIN["zh"]
SIZES = [(80, 24), (120, 40)]
AMY = "林曉芒 國小 普通"
"""A virtual card carries its name for everyone to read."""


@pytest.fixture
def station(tmp_path):
    return prepare(tmp_path / "station", until=FILLED)


@pytest.fixture
def open_kiosk(station, tmp_path):
    started = []

    def start(size):
        folder = tmp_path / str(len(started))
        folder.mkdir()
        started.append(Terminal(folder, size, kiosk_words(station)))
        started[-1].until(TEXTS.insert_card)
        return started[-1]

    yield start
    for each in started:
        each.close()


def sign_in(terminal):
    terminal.press("F9")
    terminal.until("選一張卡片")
    terminal.press("Enter")
    terminal.until(TEXTS.identity_title)
    terminal.type(PASSWORD)
    terminal.press("Enter")
    terminal.until(TEXTS.your_application)


def choose_lines(terminal):
    """F2, the last line of the box."""
    terminal.press("F2")
    terminal.until(TEXTS.line_by_line)
    terminal.press("End", "Enter")
    terminal.until(SAYS.lines_begin)


def heard(terminal, *words):
    """What line mode said, once it has said all of this and asks."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        said = terminal.everything.replace("\n\n", "\n")
        asked = said.rstrip().endswith(("：", SAYS.typed_hidden))
        if asked and all(word in said.replace("\n", "") for word in words):
            return said
        time.sleep(PAUSE_S)
    raise AssertionError(f"{words} were not said, but:\n{terminal.everything}")


def choose(terminal, words):
    """The number of the newest choice with these words."""
    said = heard(terminal, words)
    number = re.findall(rf"^(\d+) .*{re.escape(words)}", said, re.MULTILINE)[-1]
    terminal.type(number)
    terminal.press("Enter")


def leave_lines(terminal):
    choose(terminal, TEXTS.display_title)
    choose(terminal, SAYS.lines_leave)


@pytest.mark.parametrize("size", SIZES)
def test_there_in_the_middle_of_the_work_and_back_and_the_draft_goes_on(open_kiosk, station, size):
    terminal = open_kiosk(size)
    sign_in(terminal)
    terminal.press("Home", "Down", "Down", "Enter")
    terminal.until(TEXTS.label_email)
    terminal.press("End")
    terminal.type("#77")

    choose_lines(terminal)
    choose(terminal, TEXTS.label_phone1)
    heard(terminal, TEXTS.phone_hint)
    terminal.type("03-5123456#78")
    terminal.press("Enter")
    said = heard(terminal, "03-5123456#78")
    terminal.type("0")
    terminal.press("Enter")
    leave_lines(terminal)
    terminal.until("F10")
    terminal.press("Home", "Down", "Down", "Enter")
    glass = terminal.until("03-5123456#78")

    assert "03-5123456#77" in said, "what was typed on the glass a moment before"
    assert draft_of(station).answers.phone1 == "03-5123456#78"
    assert SAYS.lines_begin not in terminal.everything, "nothing said is left behind the screen"
    assert uneven_rows(glass.split("\n"), size[0]) == []


@pytest.mark.parametrize("size", SIZES)
def test_it_comes_back_with_her_card_and_ends_with_her(open_kiosk, size):
    terminal = open_kiosk(size)
    sign_in(terminal)
    choose_lines(terminal)
    heard(terminal, TEXTS.your_application)
    terminal.type("0")
    terminal.press("Enter")
    terminal.until(TEXTS.insert_card)
    between = terminal.everything
    terminal.press("F9")
    terminal.until("選一張卡片")
    terminal.press("Enter")
    terminal.until(SAYS.lines_begin)
    heard(terminal, TEXTS.identity_title)
    choose(terminal, TEXTS.sign_in)
    heard(terminal, SAYS.typed_hidden)
    terminal.type(PASSWORD)
    terminal.press("Enter")
    again = heard(terminal, TEXTS.your_application)

    assert [word for word in PERSONAL if word in between] == []
    assert PASSWORD not in again


def test_a_power_cut_in_the_middle_of_the_lines_costs_nothing(open_kiosk, station):
    terminal = open_kiosk(SIZES[0])
    sign_in(terminal)
    choose_lines(terminal)
    choose(terminal, TEXTS.task(Task.BASICS))
    choose(terminal, TEXTS.label_phone1)
    heard(terminal, TEXTS.phone_hint)
    terminal.type("03-5123456#79")
    terminal.press("Enter")
    heard(terminal, "03-5123456#79")

    terminal.kill()
    terminal.restart()
    terminal.until(TEXTS.insert_card)
    choose_lines(terminal)
    begun = heard(terminal, TEXTS.insert_card.replace(" ", ""))

    assert draft_of(station).answers.phone1 == "03-5123456#79"
    assert [word for word in PERSONAL if word in begun.replace(AMY, "")] == []


def test_nothing_typed_there_ends_stops_or_freezes_a_public_machine(station, tmp_path):
    terminal = Terminal(tmp_path, SIZES[0], kiosk_words(station, virtual=False))
    try:
        terminal.until(TEXTS.insert_card)
        choose_lines(terminal)
        heard(terminal, TEXTS.display_title)
        terminal.press("C-c", "C-d", "C-z", "C-\\", "C-s", "C-q", "C-r", "C-v", "Enter")
        heard(terminal, SAYS.not_an_answer)
        leave_lines(terminal)
        terminal.until(TEXTS.insert_card)
        terminal.press("F1")
        terminal.until(TEXTS.help_title)

        assert not terminal.is_over
    finally:
        terminal.close()


def test_a_demonstration_is_left_by_ctrl_c_and_leaves_nothing(open_kiosk):
    terminal = open_kiosk(SIZES[0])
    sign_in(terminal)
    choose_lines(terminal)
    heard(terminal, TEXTS.your_application)

    terminal.press("C-c")
    left = terminal.until_over()

    assert [word for word in PERSONAL if word in left] == []
    assert "Traceback" not in left
