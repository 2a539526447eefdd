"""Line mode's display settings: the same choices by number, and they change what is said."""

import re

from kiosk.plain.display import DISPLAY, display_prompt
from kiosk.plain.entry import entry_prompt
from kiosk.plain.prompt import Say
from kiosk.session.gesture import DisplayChosen
from kiosk.session.state import Idle
from tests.kiosk.desk.test_practice import heard
from tests.kiosk.machine import ready
from tests.kiosk.people import NOON
from tests.kiosk.plain.test_prompts import ZH, situation


def choices(**station):
    found = display_prompt(situation(Idle(), **station))
    made = [option.answer for option in found.options]
    assert all(isinstance(each, Say) and each.view == DISPLAY for each in made)
    return {option.label: option.answer.event(NOON) for option in found.options}


def test_the_way_there_is_a_choice_of_the_idle_screen():
    found = entry_prompt(situation(Idle()), Idle())

    assert found.options[-1].label == ZH.display_title
    assert found.options[-1].answer == DISPLAY


def test_language_time_and_sound_are_chosen_by_number():
    assert list(choices().values()) == [
        DisplayChosen(at=NOON, place="language", value="en"),
        DisplayChosen(at=NOON, place="more_time", value=True),
        DisplayChosen(at=NOON, place="muted", value=True),
    ]


def test_large_letters_are_offered_where_the_machine_has_them():
    found = choices(letters=True)

    assert found[f"{ZH.large_letters}：關"] == DisplayChosen(at=NOON, place="large", value=True)


def test_a_chosen_language_is_spoken_at_once(tmp_path):
    machine = ready(tmp_path)
    asked = heard(machine, "")
    number = re.search(rf"^(\d+) {ZH.display_title}", asked, re.MULTILINE)[1]

    said = heard(machine, f"{number}\n1\n0\n")

    assert said.index(ZH.display_title) < said.index("Display")
    assert said.rstrip().endswith("Good-bye.")
