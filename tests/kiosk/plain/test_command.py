"""``jiepin kiosk`` itself: what it needs, what it says when that is missing, a hidden password."""

import json
import os
import pty
import subprocess
import sys
import termios
import threading
import time

import pytest

from kiosk.adapters.virtual_reader import VirtualReader
from kiosk.plain.line import Line
from syncd.station import read_station
from tests.fakes.centre import Centre
from tests.kiosk.machine import AMY, ready
from tests.kiosk.plain.test_line import chip
from tests.kiosk.robot.stations import ROOT, card, make_station

pytestmark = pytest.mark.unmeasured  # whole programs; the other tests of line mode reach the lines


@pytest.fixture
def station(tmp_path):
    folder = tmp_path / "station"
    make_station(folder, Centre())
    return folder


def kiosk(*words, said=""):
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "jiepin", "kiosk", *map(str, words)],
        cwd=ROOT,
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_line_mode_greets_reads_a_virtual_card_and_ends_with_its_input(station):
    cards = [{"label": "曉芒", "profile": card(AMY)}, {"label": "別種", "fault": "foreign"}]
    (station / "virtual_cards.json").write_text(json.dumps(cards, ensure_ascii=False))

    done = kiosk("--station", station, "--plain", "--virtual-reader", said="")

    assert done.returncode == 0
    assert "請插入健保卡開始" in done.stdout
    assert "插入虛擬卡：曉芒" in done.stdout
    assert done.stderr == ""


def test_the_language_is_a_setting_of_the_station(station):
    settings = json.loads((station / "station.json").read_text())
    (station / "station.json").write_text(json.dumps(settings | {"language": "en"}))

    done = kiosk("--station", station, "--plain", "--virtual-reader")

    assert "Good-bye." in done.stdout


@pytest.mark.parametrize(
    ("content", "code"), [('[{"label": "x", "colour": "red"}]', 1), ("{}", 1), ("[", 1)]
)
def test_a_malformed_list_of_cards_is_named(station, content, code):
    (station / "virtual_cards.json").write_text(content)

    done = kiosk("--station", station, "--plain", "--virtual-reader")

    assert done.returncode == code
    assert "virtual_cards.json" in done.stderr


def test_a_size_that_is_none_is_a_fault_of_usage(station):
    done = kiosk("--station", station, "--virtual-reader", "--size", "large")

    assert done.returncode == 2
    assert "80x24" in done.stderr


def test_settings_that_are_none_are_named(station):
    (station / "station.json").write_text("[]")

    done = kiosk("--station", station, "--plain", "--virtual-reader")

    assert done.returncode == 1
    assert "station.json" in done.stderr


def test_a_store_that_does_not_open_is_named(station):
    (station / "credentials" / "store.key").write_bytes(b"x" * 32)

    done = kiosk("--station", station, "--plain", "--virtual-reader")

    assert done.returncode == 1
    assert "金鑰打不開本機資料庫" in done.stderr


def test_starting_and_stopping_leave_audit_lines(station):
    kiosk("--station", station, "--plain", "--virtual-reader")

    with read_station(station).open_store() as store:
        codes = [row.code for row in store.audit.newest(2)]
    assert codes == ["program_stopped", "program_started"]


def test_a_password_is_not_echoed_by_the_terminal(tmp_path):
    machine = ready(tmp_path)
    machine.first_use(AMY)
    machine.end()
    leader, follower = pty.openpty()
    source, out = os.fdopen(follower, "r"), (tmp_path / "out").open("w", encoding="utf-8")
    line = Line(
        desk=machine.desk,
        now=machine.clock.now,
        reader=VirtualReader(),
        cards={"曉芒": chip(AMY)},
    )
    thread = threading.Thread(target=line.run, args=(source, out))
    thread.start()

    def echoing():
        return bool(termios.tcgetattr(leader)[3] & termios.ECHO)

    def ends_its_line():
        return bool(termios.tcgetattr(leader)[3] & termios.ECHONL)

    def until(words, *, echo):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if words in (tmp_path / "out").read_text() and echoing() is echo:
                return
            time.sleep(0.01)
        raise AssertionError(words)

    until("插入虛擬卡", echo=True)
    os.write(leader, b"1\n")
    until("確認身分", echo=True)
    os.write(leader, b"1\n")
    until("（輸入時不會顯示）", echo=False)
    ended = ends_its_line()
    os.write(leader, b"\n")
    until("確認身分", echo=True)
    os.write(leader, b"\x04")
    thread.join(60)
    source.close()
    os.close(leader)
    out.close()

    assert not thread.is_alive()
    assert ended, "what is said after a password begins on a line of its own"
