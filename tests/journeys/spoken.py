"""Journeys in line mode: questions and answers on a terminal of its own."""

import codecs
import os
import pty
import re
import select
import signal
import sys
import time
from pathlib import Path

from kiosk.session.page import NOTICES, Task
from kiosk.text.plain import PLAIN
from tests.journeys.prepared import draft_of
from tests.journeys.slot import Slot
from tests.journeys.story import Journey
from tests.journeys.tmux import ROOT
from tests.journeys.walker import PERSONAL, TEXTS, WORDS, Walker
from tests.kiosk.people import OFFICER_PASSWORD, PASSWORD

SAYS = PLAIN["zh"]
CLEARED = "\x1b[3J"
PATIENCE_S, PAUSE_S, TRIES = 90.0, 0.05, 8


class Spoken(Walker):
    """Somebody who listens and types numbers."""

    def __init__(self, folder: Path, journey: Journey, slot: Slot) -> None:
        super().__init__(folder, journey, slot)
        self._start()
        self.sees("idle")

    def _start(self) -> None:
        self.heard, self._since = "", 0
        # The system hands over so many bytes at a time, whatever character they end in.
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        pid, self._terminal = pty.fork()
        if pid == 0:
            words = [sys.executable, "-m", "jiepin", "kiosk", "--plain"]
            words += ["--station", str(self.station)]
            os.chdir(ROOT)
            os.execve(sys.executable, words, os.environ | self.environment)  # noqa: S606
        self._pid = pid

    def close(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._terminal)

    def power_cut(self) -> None:
        self.close()
        self.remove()
        self._start()

    # Hearing.

    def sees(self, name: str) -> None:
        self.hear(TEXTS.insert_card.replace(" ", "") if name == "idle" else WORDS[name])

    def hear(self, *words: str) -> str:
        """What was said since the last answer, once all of this was."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self._listen()
            said = self.heard[self._since :]
            if all(word in said for word in words):
                return said
        raise AssertionError(f"{words} were not said, but {self.heard[self._since :]}")

    def hides(self) -> None:
        assert CLEARED in self.heard
        left = self.heard.rpartition(CLEARED)[2]
        assert [word for word in PERSONAL if word in left] == [], left

    def _listen(self) -> None:
        ready, _, _ = select.select([self._terminal], [], [], PAUSE_S)
        if ready:
            came = self._decoder.decode(os.read(self._terminal, 1 << 16))
            self.heard += came.replace("\r", "")

    def say(self, text: str) -> None:
        """A line."""
        self._listen()
        self._since = len(self.heard)
        os.write(self._terminal, f"{text}\n".encode())

    def choose(self, *words: str) -> None:
        """The number of the choice that has these words."""
        said = self.hear(*words, SAYS.choose)
        found = re.findall(rf"^(\d+) .*{re.escape(words[0])}", said, re.MULTILINE)
        assert found, (words, said)
        self.say(found[-1])

    # Signing in.

    def insert(self, who: str) -> None:
        self._listen()
        self._since = len(self.heard)
        super().insert(who)

    def remove(self) -> None:
        self._since = len(self.heard)
        super().remove()

    def password(self) -> None:
        self.choose(TEXTS.sign_in)
        self._secret(TEXTS.label_password, PASSWORD)

    def witness(self) -> None:
        self._secret(TEXTS.witness_password_now, OFFICER_PASSWORD)
        self.choose(TEXTS.witness_confirmed_button)
        self.hear(TEXTS.card_back_now)

    def agree(self) -> None:
        self.choose(TEXTS.privacy_agree)

    def new_password(self) -> None:
        self._secret(TEXTS.label_password, PASSWORD)
        self._secret(TEXTS.label_password_again, PASSWORD)

    def _secret(self, asked: str, text: str) -> None:
        self.hear(f"{asked}{SAYS.typed_hidden}")
        self.say(text)
        self.hear("\n")
        assert text not in self.heard

    def end(self) -> None:
        for _ in range(TRIES):
            self.say("0")
            said = self._new()
            if TEXTS.take_card in said:
                return
        raise AssertionError(f"never ended, but {said}")

    def any_key(self) -> None:
        self.say("")

    def _new(self) -> str:
        """What was said since the last answer, once it has come to a question."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self._listen()
            said = self.heard[self._since :]
            if SAYS.choose in said or TEXTS.take_card in said:
                return said
        raise AssertionError(f"no question, but {self.heard[self._since :]}")

    # Filling in, from the list of tasks.

    def _open(self, task: Task) -> None:
        for _ in range(TRIES):
            said = self._new()
            if TEXTS.your_application in said and SAYS.end in said:
                break
            self.say("0")
        self.choose(TEXTS.task(task))

    def notices(self) -> None:
        self.choose(TEXTS.task(Task.NOTICES))
        for number in range(2, NOTICES + 1):
            self.choose(TEXTS.go_on)
            self.hear(TEXTS.notice_number(number, NOTICES))
        self.choose(TEXTS.notices_agree)

    def basics(self, phone: str, mail: str) -> None:
        self._type_into(TEXTS.label_phone1, phone)
        self._type_into(TEXTS.label_email, mail)
        self.choose(TEXTS.go_on)

    def _type_into(self, label: str, text: str) -> None:
        self.choose(label)
        self.hear(SAYS.value(label, ""))
        self.say(text)
        self.hear(SAYS.choose)

    def questions(self, years: str) -> None:
        self.choose(TEXTS.no_apply)
        self.hear(f"{SAYS.untick} {TEXTS.no_apply}")
        self.choose(TEXTS.go_on)
        self.choose(TEXTS.area_general)
        self.hear(f"{SAYS.untick} {TEXTS.area_general}")
        self.choose(TEXTS.go_on)
        self._type_into(TEXTS.label_years, years)
        self.choose(TEXTS.go_on)
        self.hear(TEXTS.label_own_subject)
        self.choose(TEXTS.go_on)
        self.hear(TEXTS.label_subject3)
        self.choose(TEXTS.go_on)

    def counties(self, first: str, second: str) -> None:
        for label, name in ((TEXTS.county_a, first), (TEXTS.county_b, second)):
            self.choose(label)
            self.choose(name)
            self.hear(SAYS.value(label, name))
        self.choose(TEXTS.counties_confirm)
        self.hear(SAYS.search)

    def wishes(self) -> None:
        self._open(Task.WISHES)
        self.hear(SAYS.search)

    def wish(self, code: str) -> None:
        """Found by its code, chosen, back at the menu."""
        self.choose(SAYS.search)
        self.hear(SAYS.search_again)
        self.say(code)
        self.choose(code)
        self.hear(SAYS.found(1, 1))
        self.say("0")
        self.hear(SAYS.show_list)

    def move(self, start: str, to: str) -> None:
        self.choose(SAYS.show_list)
        self.hear(SAYS.choose)
        self.say(start)
        self.choose(SAYS.move_rank)
        self.hear(SAYS.ask_rank)
        self.say(to)
        self.hear(SAYS.at_rank(int(to), ""))
        self._to_menu()

    def drop(self, rank: str) -> None:
        self.choose(SAYS.show_list)
        self.hear(SAYS.choose)
        self.say(rank)
        self.choose(TEXTS.remove)
        self.hear(SAYS.choose)
        self._to_menu()

    def _to_menu(self) -> None:
        while SAYS.show_list not in self._new():
            self.say("0")

    def check(self) -> None:
        self._open(Task.CHECK)
        self.hear(TEXTS.check_intro)

    def send(self) -> None:
        self.choose(f"{SAYS.tick} {TEXTS.declare}")
        self.hear(f"{SAYS.untick} {TEXTS.declare}")
        self.choose(TEXTS.submit)
        self.hear(WORDS["receipt"])

    def open_basics(self) -> None:
        self._open(Task.BASICS)
        self.hear(TEXTS.label_email)

    def phone(self, text: str) -> None:
        self._type_into(TEXTS.label_phone1, text)
        draft = draft_of(self.station)
        assert draft is not None
        assert draft.answers.phone1 == text, "saved before the next question"

    def phone_in_vain(self, text: str) -> None:
        self.choose(TEXTS.label_phone1)
        self.hear(SAYS.value(TEXTS.label_phone1, ""))
        self.say(f"0912-8{text}")
