"""Practice at a real machine: the encrypted store has the same rows before and after it."""

import io
import json
import re

import pytest

from kiosk.desk.desk import Desk
from kiosk.plain.line import Line
from kiosk.session.gesture import Ended, PracticeAsked
from kiosk.session.page import ReceiptPage
from kiosk.session.state import Idle
from kiosk.station import open_counter, read_ground
from kiosk.text.plain import PLAIN
from tests.fakes.centre import Centre
from tests.kiosk.machine import ready
from tests.kiosk.people import NOON
from tests.kiosk.robot.stations import make_station
from tests.kiosk.screens.stage import QuietReader
from tests.kiosk.session.test_practice import SENT


@pytest.fixture
def machine(tmp_path):
    machine = ready(tmp_path)
    machine.desk = Desk(machine.equipment(ground=read_ground()))
    machine.talk = type(machine.talk)(machine.desk)
    return machine


def everything(machine):
    """Every row of every table."""
    line = machine.connections.here
    names = [row["name"] for row in line.rows("SELECT name FROM sqlite_master WHERE type='table'")]
    return {name: line.rows(f"SELECT * FROM {name}") for name in names}  # noqa: S608 - our own names


def test_a_practised_application_leaves_no_row_anywhere(machine):
    before = everything(machine)

    machine.tell(PracticeAsked)
    for event in SENT:
        machine.talk.tell(event)
    sent = machine.page
    machine.tell(Ended)

    assert isinstance(sent, ReceiptPage)
    assert machine.scene == Idle("practice_ended")
    assert everything(machine) == before


def test_no_setting_of_the_machine_calls_a_real_application_practice(tmp_path):
    """Who practises asks for it on the glass; all else is real, and the paper says so."""
    make_station(tmp_path / "station", Centre())
    settings = tmp_path / "station" / "station.json"
    settings.write_text(json.dumps(json.loads(settings.read_text()) | {"practice": True}))

    with open_counter(tmp_path / "station") as counter:
        assert not counter.desk.station().practice


def heard(machine, typed):
    """What line mode says to somebody who types this."""
    line = Line(desk=machine.desk, now=lambda: NOON, reader=QuietReader(), cards={})
    out = io.StringIO()
    line.run(io.StringIO(typed), out)
    return out.getvalue()


def test_line_mode_says_practice_with_every_question_until_it_is_over(machine):
    number = re.search(r"^(\d+) 練習模式", heard(machine, ""), re.MULTILINE)[1]

    said = heard(machine, f"{number}\n1\n1\n0\n0\n0\n")

    questions = said.split(PLAIN["zh"].choose)
    assert "【練習】" not in questions[0]
    assert [("【練習】" in each) for each in questions[1:6]] == [True] * 5
    assert "練習結束，沒有留下任何資料。" in questions[6]
    assert "【練習】" not in questions[6]
