"""Any keys at a real kiosk process, then ``kill -9``: whose draft is on the disk? (UX 10).

The kiosk is the program itself on a pseudo terminal, forked from one that has imported everything.
It tells on a pipe what it asked the disk to keep and what it showed; the judge is outside of it and
reads the store after the kill. What was shown as saved must be there, unless something newer is.

``python -m tests.journeys.keyboard SEED SEQUENCES [hasty]`` prints what it found as JSON.
"""

import fcntl
import gc
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from random import Random

from textual.events import Key

from kiosk.adapters.virtual_reader import VirtualReader
from kiosk.app import KioskApp
from kiosk.desk.desk import Desk
from kiosk.rest import rest
from kiosk.session.answer import DraftSaved
from kiosk.session.draft import Draft
from kiosk.session.draft_bytes import decode_draft, encode_draft
from kiosk.session.effect import Effect, SaveDraft, Submit, Withdraw
from kiosk.session.event import DisplayChosen, Event
from kiosk.session.page import Task
from kiosk.session.state import AskingPassword, SignedIn
from kiosk.session.turn import held_of
from kiosk.station import open_counter
from kiosk.virtual_cards import FILE, read_cards
from tests.faults.power import memory_folder
from tests.journeys.prepared import FILLED, draft_of, prepare
from tests.kiosk.people import PASSWORD
from tests.soak.spread import Case

PATIENCE_S = 90.0
HURRIED, PATIENT = 0.3, 0.4
"""How many send all keys at once, and how many wait until all is saved before the kill."""
MIDDLE_S = 0.01
AT_WORK = {"SignedIn", "Covered", "CardOut"}
SIZES = ((80, 24), (120, 40))
ESCAPES = {
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H",
    "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "delete": "\x1b[3~",
    "backtab": "\x1b[Z", "tab": "\t", "enter": "\r", "space": " ", "backspace": "\x7f",
    "escape": "\x1b\x1b", "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS",
    "f5": "\x1b[15~", "f6": "\x1b[17~", "f7": "\x1b[18~", "f8": "\x1b[19~", "f10": "\x1b[21~",
    "ctrl+c": "\x03", "ctrl+z": "\x1a", "ctrl+q": "\x11", "ctrl+p": "\x10", "ctrl+\\": "\x1c",
}  # fmt: skip
WEIGHTS = {
    "down": 14, "up": 6, "space": 16, "enter": 14, "tab": 12, "escape": 5, "right": 3, "left": 3,
    "home": 2, "end": 3, "pageup": 1, "pagedown": 1, "delete": 3, "backtab": 3, "backspace": 4,
    "f1": 1, "f2": 1, "f3": 1, "f4": 1, "f5": 4, "f6": 4, "f7": 6, "f8": 1, "f10": 0.3,
    "ctrl+z": 0.5, "ctrl+p": 0.5, "ctrl+\\": 0.5, "digit": 12, "letter": 4, "chinese": 3,
    "paste": 2, "click": 4,
}  # fmt: skip
"""`ctrl+c` and `ctrl+q` leave a demonstration, which this kiosk with its virtual card is."""
LETTERS = "abcdefghijklmnopqrstuvwxyz@.-#"
CHINESE = "屏東國小溪口雲門ㄒㄩ臺"
PASTES = (
    "03-5123456",
    "".join(chr(0xFF10 + int(each)) for each in "0912345678"),
    "a\x07b\x1b[2Jc",
    "amy@example.tw",
    "😀",
    "第 7 年\n8",
)


TASKS = {"basics": 2, "posts": 3, "wishes": 4, "check": 5}
"""Rows of the list of tasks, from 0."""
PLACES = ("wishes", "wishes", "wishes", "basics", "basics", "posts", "check", "tasks")


def keys(rng: Random, count: int, size: tuple[int, int]) -> list[str]:
    """A way to some page, then this many keys, as a terminal sends them.

    The same for the same ``rng``.
    """
    names, weights = list(WEIGHTS), list(WEIGHTS.values())
    place = rng.choice(PLACES)
    found = []
    if place in TASKS:
        found += [ESCAPES["home"], *[ESCAPES["down"]] * TASKS[place], ESCAPES["enter"]]
    for name in rng.choices(names, weights, k=count):
        match name:
            case "digit":
                found.append(rng.choice("0123456789"))
            case "letter":
                found.append(rng.choice(LETTERS))
            case "chinese":
                found.append(rng.choice(CHINESE))
            case "paste":
                found.append(f"\x1b[200~{rng.choice(PASTES)}\x1b[201~")
            case "click":
                column, row = rng.randint(1, size[0]), rng.randint(1, size[1])
                found.append(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")
            case _:
                found.append(ESCAPES[name])
    return found


class HastyDesk(Desk):
    """The negative control: says that a draft is saved, and saves it when the next one comes.

    Later by a key, not by a time: whether it is caught must not depend on how busy the machine is.
    """

    def __init__(self, desk: Desk) -> None:
        self.__dict__.update(desk.__dict__)
        self._owed: SaveDraft | None = None

    def perform(self, effect: Effect) -> tuple[Event, ...]:
        if isinstance(effect, SaveDraft):
            owed, self._owed = self._owed, effect
            if owed is not None:
                super().perform(owed)
            return (DraftSaved(ticket=effect.ticket, at=self._equipment.clock.now()),)
        return super().perform(effect)


class TellingKiosk(KioskApp):
    """The kiosk, saying on ``pipe`` what it asks for and what it shows, before anybody sees it."""

    def __init__(self, pipe: int, **handed: object) -> None:
        super().__init__(**handed)
        self._pipe = pipe
        perform = self._desk.perform

        def noted(effect: Effect) -> None:
            if isinstance(effect, SaveDraft):
                self._say(asked=encode_draft(effect.draft).hex())
            if isinstance(effect, Submit | Withdraw):
                self._say(sending=True)
            perform(effect)

        self._desk.perform = noted

    def tell(self, event: Event) -> None:
        """Without 純文字模式: keys are lines there, and nobody counts those."""
        if not (isinstance(event, DisplayChosen) and event.place == "plain"):
            super().tell(event)

    async def _press(self, event: Key) -> None:
        await super()._press(event)
        self._say(pressed=True)

    def _draw(self) -> None:
        super()._draw()
        held = held_of(self.session.scene)
        draft = encode_draft(held.draft).hex() if isinstance(held, SignedIn) else None
        pending = bool(self.session.pending)
        waiting = isinstance(held, SignedIn) and held.waiting is not None
        scene = type(self.session.scene).__name__
        self._say(scene=scene, shown=draft, kept=not pending and not waiting)

    def _say(self, **words: object) -> None:
        os.write(self._pipe, json.dumps(words).encode() + b"\n")


@dataclass
class Shown:
    """What the kiosk has said so far: the promise, and what may have come after it."""

    scene: str = ""
    promised: Draft | None = None
    later: list[Draft] = field(default_factory=list)
    sending: bool = False
    on_glass: Draft | None = None
    pressed: int = 0

    def take(self, line: bytes) -> None:
        """One line of the pipe."""
        words = json.loads(line)
        if "asked" in words:
            self.later.append(decode_draft(bytes.fromhex(words["asked"])))
        elif "sending" in words:
            self.sending = True
        elif "pressed" in words:
            self.pressed += 1
        else:
            self.scene = words["scene"]
            if words["shown"] is not None:
                self.on_glass = decode_draft(bytes.fromhex(words["shown"]))
            if words["kept"]:
                if words["shown"] is not None:
                    self.promised = self.on_glass
                elif self.later:
                    self.promised = self.later[-1]
                self.later, self.sending = [], False


class Pressed:
    """A kiosk on a pseudo terminal that somebody presses keys at, until it is killed."""

    def __init__(self, station: Path, size: tuple[int, int], *, hasty: bool = False) -> None:
        self.shown, self.count = Shown(), Counter()
        self._heard, self._sent = b"", 0
        self._pipe, write = os.pipe()
        self.pid, self._leader = pty.fork()
        if self.pid == 0:
            os.close(self._pipe)
            _be_a_kiosk(station, write, hasty=hasty)
        os.close(write)
        fcntl.ioctl(self._leader, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def sign_in(self) -> None:
        """The card lies in the slot; the password is typed."""
        self._until(lambda: self.shown.scene == AskingPassword.__name__, "asked for a password")
        # At once: letter by letter would be a fifth of a sequence, and what is tried comes after.
        self.press(f"\x1b[200~{PASSWORD}\x1b[201~")
        self.press(ESCAPES["enter"])
        self._until(lambda: self.shown.scene == SignedIn.__name__, "signed in")

    def press(self, text: str, *, keys: int = 1) -> None:
        """So many keys; a mouse or a paste counts as none."""
        os.write(self._leader, text.encode())
        self._sent += 0 if text.startswith(("\x1b[200~", "\x1b[<")) else keys
        self.listen(0.0)

    def catch_up(self, behind: int = 0) -> None:
        """Until all keys but this many have done what they do."""
        self._until(lambda: self.shown.pressed >= self._sent - behind, "taken the keys")

    def settle(self) -> None:
        """Until everything shown is saved as well."""
        self.catch_up()
        self._until(lambda: not self.shown.later and not self.shown.sending, "saved")

    def kill(self) -> Shown:
        """``kill -9``; what had been said by then."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        while self.listen(0.0):
            pass
        os.close(self._leader)
        os.close(self._pipe)
        return self.shown

    def _until(self, true, what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < end, f"never {what}, but {self.shown.scene}"
            self.listen(0.02)

    def listen(self, patience_s: float) -> bool:
        """Read what comes within this time; whether anything came from the pipe."""
        end, came = time.monotonic() + patience_s, False
        while True:
            left = max(0.0, end - time.monotonic())
            ready, _, _ = select.select([self._leader, self._pipe], [], [], left)
            data = os.read(self._pipe, 1 << 16) if self._pipe in ready else b""
            if self._leader in ready:
                try:
                    os.read(self._leader, 1 << 16)
                except OSError:  # the other end is gone
                    ready.remove(self._leader)
            *lines, self._heard = (self._heard + data).split(b"\n")
            for line in lines:
                self.shown.take(line)
            came = came or bool(data)
            if not ready or (not data and self._leader not in ready):
                return came
            if not left and not data:
                return came


def load_everything() -> None:
    """What every kiosk forked from here needs, so that none loads it by itself."""
    for module in rest():
        import_module(module)
    gc.collect()
    gc.freeze()


def _be_a_kiosk(station: Path, pipe: int, *, hasty: bool) -> None:
    """The rest of a forked process."""
    code = 1
    try:
        # One of several processes has closed its own; the terminal is there all the same.
        sys.stdin = sys.__stdin__ = os.fdopen(0, closefd=False)
        os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        os.environ.pop("COLUMNS", None)
        os.environ.pop("LINES", None)
        with open_counter(station) as counter:
            reader, cards = VirtualReader(), read_cards(station / FILE)
            reader.insert(next(iter(cards.values())))
            desk = HastyDesk(counter.desk) if hasty else counter.desk
            app = TellingKiosk(pipe, desk=desk, reader=reader, clock=counter.clock.now)
            code = app.run(mouse=True) or 0
    finally:
        os._exit(code)


def broken(promise: Shown, station: Path) -> str | None:
    """Why the draft on the disk is not the last state shown; None when it is."""
    found = draft_of(station)
    if promise.promised is None:
        return None
    allowed = [promise.promised, *promise.later]
    if found is not None and any(_same(found, each) for each in allowed):
        return None
    sent = promise.sending and found is not None and not found.past
    if sent and any(found.answers.wishes == each.answers.wishes for each in allowed):
        return None
    return f"shown {promise.promised.answers}, on the disk {found and found.answers}"


def _same(one: Draft, other: Draft) -> bool:
    """All but where the person stood, which is no work, and whether she ended in order."""
    unmarked = [replace(each, bookmark=Task.NOTICES, closed=True) for each in (one, other)]
    return unmarked[0] == unmarked[1]


def pressed_and_killed(rng: Random, rounds: int, *, hasty: bool = False) -> Case:
    """So many sequences at one new station, each ended by a kill."""
    with memory_folder() as folder:
        wrong, count = press_and_kill(
            prepare(folder / "station", until=FILLED), rng, rounds, hasty=hasty
        )
    return Case(tuple(wrong), count)


def press_and_kill(
    station: Path, rng: Random, rounds: int, *, hasty: bool = False
) -> tuple[list[str], Counter]:
    """What was broken, and figures."""
    wrong: list[str] = []
    count: Counter = Counter()
    load_everything()
    for _ in range(rounds):
        size = rng.choice(SIZES)
        before = draft_of(station)
        kiosk = Pressed(station, size, hasty=hasty)
        try:
            kiosk.sign_in()
            shown = kiosk.shown.on_glass
            if before is not None and (shown is None or not _same(before, shown)):
                wrong.append(f"on the disk {before}, shown after the start {shown}")
            sequence = keys(rng, rng.randint(3, 14), size)
            is_hurried, is_patient = rng.random() < HURRIED, rng.random() < PATIENT
            for key in sequence:
                kiosk.press(key)
                count["keys"] += 1
                if not is_hurried:
                    kiosk.catch_up()
                if kiosk.shown.scene not in AT_WORK:
                    break
            if is_patient:
                kiosk.settle()
                count["settled"] += 1
            else:
                kiosk.catch_up(rng.randint(0, 2))
                kiosk.listen(rng.random() * MIDDLE_S)
        finally:
            promise = kiosk.kill()
        fault = broken(promise, station)
        if fault is not None:
            wrong.append(fault)
        count["sequences"] += 1
        count["edits"] += promise.promised is not None and bool(promise.promised.past)
        count["caught in the middle"] += bool(promise.later)
    return wrong, count


def main(seed: str, sequences: str, desk: str = "") -> None:
    """One station's life, on standard output."""
    sys.stdin.close()  # as in a process of several
    found = pressed_and_killed(Random(int(seed)), int(sequences), hasty=desk == "hasty")  # noqa: S311
    sys.stdout.write(json.dumps({"wrong": found.violations, "counts": found.counts}))


if __name__ == "__main__":
    main(*sys.argv[1:])
