"""Journeys on the screen: the kiosk in tmux, by keys alone."""

import time
from pathlib import Path

from kiosk.session.page import NOTICES
from tests.journeys.prepared import draft_of
from tests.journeys.slot import Slot
from tests.journeys.story import Journey
from tests.journeys.tmux import Terminal, kiosk_words, lone_uprights, uneven_rows
from tests.journeys.walker import PERSONAL, TEXTS, WORDS, Walker
from tests.kiosk.people import OFFICER_PASSWORD, PASSWORD

HOME = {"basics": 2, "posts": 3, "wishes": 4, "check": 5}
"""Rows of the list of tasks, from 0."""
TRIES, SETTLING_S = 8, 0.3


class Glass(Walker):
    """Somebody at the screen and the keyboard."""

    def __init__(
        self, folder: Path, journey: Journey, slot: Slot, *, size: tuple[int, int]
    ) -> None:
        super().__init__(folder, journey, slot)
        words = kiosk_words(self.station, virtual=False)
        self.terminal = Terminal(folder, size, words, **self.environment)
        self.sees("idle")

    def close(self) -> None:
        self.terminal.close()

    # Seeing.

    def sees(self, name: str) -> None:
        words = TEXTS.insert_card if name == "idle" else WORDS[name]
        self._until(words)

    def _until(self, words: str) -> str:
        """The words are there, and every row of the screen fits and is aligned."""
        text = self.terminal.until(words)
        for _ in range(TRIES):
            rows = text.split("\n")
            faults = uneven_rows(rows, self.terminal.size[0]) + lone_uprights(rows)
            if not faults:
                return text
            time.sleep(SETTLING_S)  # it may be half drawn
            text = self.terminal.text
        raise AssertionError(f"{faults} in\n{text}")

    def hides(self) -> None:
        shown = self.terminal.everything
        assert [word for word in PERSONAL if word in shown] == [], shown

    def power_cut(self) -> None:
        self.terminal.kill()
        self.remove()
        self.terminal.restart()

    # Signing in.

    def password(self) -> None:
        self._until(TEXTS.identity_title)
        self._enter(PASSWORD)

    def witness(self) -> None:
        self._until(TEXTS.witness_password_now)
        self._enter(OFFICER_PASSWORD)
        self._until(TEXTS.witness_confirmed_button)
        self.terminal.press("Enter")
        self._until(TEXTS.card_back_now[:6])

    def agree(self) -> None:
        self._until(TEXTS.privacy_agree)
        self.terminal.press("Enter")

    def new_password(self) -> None:
        self._until(TEXTS.label_password_again)
        self._enter(PASSWORD)
        self._enter(PASSWORD)

    def end(self) -> None:
        self.terminal.press("F10")
        self._until(TEXTS.take_card)

    def any_key(self) -> None:
        self.terminal.press("Down")

    def _enter(self, text: str) -> None:
        self.terminal.type(text)
        self.terminal.press("Enter")

    # Filling in, from the list of tasks.

    def _tasks(self) -> None:
        for _ in range(TRIES):
            if TEXTS.your_application in self.terminal.text:
                return
            self.terminal.press("Escape")
            time.sleep(SETTLING_S)
        self._until(TEXTS.your_application)

    def _open(self, task: str, words: str) -> None:
        self._tasks()
        self.terminal.press("Home", *["Down"] * HOME[task], "Enter")
        self._until(words)

    def notices(self) -> None:
        self.terminal.press("Home", "Enter")
        for number in range(1, NOTICES + 1):
            self._until(TEXTS.notice_number(number, NOTICES))
            self.terminal.press("Enter")
        self._until(TEXTS.label_email)

    def basics(self, phone: str, mail: str) -> None:
        self.terminal.type(phone)
        self.terminal.press("Tab", "Tab")
        self.terminal.type(mail)
        self._until(mail)
        self.terminal.press("Enter")

    def questions(self, years: str) -> None:
        terminal = self.terminal
        self._until("申請優先辦理「原民調」")
        terminal.press("Down", "Space")
        self._until("(o) 否")
        terminal.press("Enter")
        self._until("教師證任教地區限制")
        terminal.press("Space")
        self._until("(o) 一般地區")
        terminal.press("Enter")
        self._until("服務年資滿幾年")
        terminal.type(years)
        self._until(f"[ {years}")
        terminal.press("Enter")
        self._until("現任服務學校與應聘科(類)別")
        terminal.press("Enter")
        self._until("第 1 科與現任相同")
        terminal.press("Enter")

    def counties(self, first: str, second: str) -> None:
        self._until("選擇志願縣市")
        self.terminal.type(first[0])
        self.terminal.press("Space")
        self._until(f"甲  {first}")
        self.terminal.press("Tab")
        self.terminal.type("14")
        self.terminal.press("Space")
        self._until(f"乙  {second}")
        self.terminal.press("Enter")
        self._until(TEXTS.filter_label)

    def wishes(self) -> None:
        self._open("wishes", TEXTS.filter_label)

    def wish(self, code: str) -> None:
        """Found by its code, chosen, and the filter is empty again."""
        before = self._chosen()
        self.terminal.type(code)
        self.terminal.press("Enter", "Space")
        self.on_disk(lambda: len(self._chosen()) == len(before) + 1)
        self.terminal.type("0")
        self.terminal.press(*["BSpace"] * (len(code) + 1), "Enter")

    def move(self, start: str, to: str) -> None:
        before = self._chosen()
        self._to_list(int(start))
        self.terminal.type(to)
        self.terminal.press("Enter")
        self.on_disk(lambda: self._chosen() != before)

    def drop(self, rank: str) -> None:
        before = self._chosen()
        self._to_list(int(rank))
        self.terminal.press("Space")
        self.on_disk(lambda: len(self._chosen()) == len(before) - 1)

    def _to_list(self, rank: int) -> None:
        self.terminal.press("Tab", "Home", *["Down"] * (rank - 1))

    def _chosen(self) -> tuple[str, ...]:
        draft = draft_of(self.station)
        return () if draft is None else draft.answers.wishes

    def check(self) -> None:
        self._open("check", TEXTS.check_intro[:8])

    def send(self) -> None:
        self.terminal.press("Space")
        self._until(f"[v] {TEXTS.declare[:5]}")
        self.terminal.press("Enter")
        self._until(WORDS["receipt"])

    def open_basics(self) -> None:
        self._open("basics", TEXTS.label_email)

    def phone(self, text: str) -> None:
        self.terminal.press("End", *["BSpace"] * 12)
        self.terminal.type(text)
        self._until(text)
        self.on_disk(lambda: (draft := draft_of(self.station)) is not None
                     and draft.answers.phone1 == text)  # fmt: skip

    def phone_in_vain(self, text: str) -> None:
        self.terminal.type(text)
