"""A whole application by clicks alone; keys only where there is text to type (UX 10)."""

import time

import pytest

from kiosk.session.page import NOTICES, Task
from kiosk.session.record import Delivery
from kiosk.text.catalogue import LANGUAGES
from tests.journeys.prepared import KNOWN, draft_of, prepare, versions_of
from tests.journeys.tmux import Terminal, kiosk_words
from tests.kiosk.people import PASSWORD

TEXTS = LANGUAGES["zh"]


@pytest.fixture
def station(tmp_path):
    return prepare(tmp_path / "station", until=KNOWN)


@pytest.fixture
def terminal(station, tmp_path):
    opened = Terminal(tmp_path, (80, 24), kiosk_words(station))
    yield opened
    opened.close()


def test_a_whole_application_is_made_and_sent_by_clicks(station, terminal):
    sign_in(terminal)
    fill_in(terminal)
    choose(terminal)
    receipt = send(terminal)
    terminal.click("F10")
    terminal.until(TEXTS.insert_card)

    assert "115E-0231-" in receipt
    assert versions_of(station) == [("133601", "133603", "133604")]
    assert draft_of(station).answers.county_b == "14"


def sign_in(terminal):
    terminal.until(TEXTS.insert_card)
    terminal.click("F9")
    terminal.click("林曉芒")
    terminal.until(TEXTS.identity_title)
    terminal.type(PASSWORD)
    terminal.click(f" {TEXTS.sign_in} ")
    terminal.until(TEXTS.your_application)


def fill_in(terminal):
    open_row(terminal, "閱讀並同意", TEXTS.notice_number(1, NOTICES))
    for number in range(1, NOTICES):
        terminal.until(TEXTS.notice_number(number, NOTICES))
        terminal.click(TEXTS.go_on)
    terminal.until(TEXTS.notice_number(NOTICES, NOTICES))
    terminal.click(TEXTS.notices_agree)
    terminal.until(TEXTS.label_email)
    terminal.type("03-5123456")
    terminal.click(TEXTS.email_hint[:6], above=1)
    terminal.type("amy@example.tw")
    terminal.until("amy@example.tw")
    terminal.click(TEXTS.go_on)
    terminal.click(TEXTS.no_apply)
    terminal.until("(o) 否")
    terminal.click(TEXTS.go_on)
    terminal.click(TEXTS.area_general)
    terminal.until(f"(o) {TEXTS.area_general[:4]}")
    terminal.click(TEXTS.go_on)
    terminal.until("服務年資滿幾年")
    terminal.type("7")
    terminal.until("[ 7")
    terminal.click(TEXTS.go_on)
    terminal.until("現任服務學校與應聘科(類)別")
    terminal.click(TEXTS.go_on)
    terminal.until("第 1 科與現任相同")
    terminal.click(TEXTS.go_on)
    terminal.until("選擇志願縣市")
    terminal.wheel_down("宜蘭縣")
    open_row(terminal, "屏東縣", "甲  屏東縣")
    terminal.wheel_down("宜蘭縣", rightmost=True)
    open_row(terminal, "臺東縣", "乙  臺東縣", rightmost=True)
    terminal.click(TEXTS.counties_confirm)
    terminal.until(TEXTS.filter_label)


def choose(terminal):
    for count, name in enumerate(("溪口", "雲門", "石板"), start=1):
        open_row(terminal, name, TEXTS.counted(count))


def send(terminal):
    terminal.click(TEXTS.task_step(Task.CHECK))
    terminal.until(TEXTS.check_intro[:8])
    terminal.click(TEXTS.declare[:5])
    terminal.until(f"[v] {TEXTS.declare[:5]}")
    terminal.click(TEXTS.submit)
    return terminal.until(TEXTS.receipt_heading(Delivery.STORED))


def open_row(terminal, words, then, *, rightmost=False):
    """The first click selects, the next opens; one that comes before the list stands is lost."""
    for _ in range(3):
        terminal.click(words, rightmost=rightmost)
        end = time.monotonic() + 3
        while time.monotonic() < end:
            if then in terminal.text:
                return
            time.sleep(0.2)
    terminal.until(then)
