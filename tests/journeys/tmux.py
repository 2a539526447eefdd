"""A real terminal for tests: the kiosk in tmux, driven by keys, read by rows."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Container
from pathlib import Path

from rich.cells import cell_len

ROOT = Path(__file__).parents[2]
PATIENCE_S = 90.0
PAUSE_S = 0.05
REST_S = 0.5
UPRIGHT = "│"
PASTED = b"\x1b[200~%b\x1b[201~"
JOINTS = frozenset("│┌┐└┘┬┴├┤┼")


class Terminal:
    """One tmux server of its own, so that nobody else's sessions are touched."""

    def __init__(
        self, folder: Path, size: tuple[int, int], words: list[str], **environment: str
    ) -> None:
        self.size = size
        self._socket = folder / "tmux.sock"
        env = {"TERM": "tmux-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"} | environment
        command = " ".join(
            [
                "exec",
                "env",
                "-u",
                "COLUMNS",
                "-u",
                "LINES",
                *(f"{name}={value}" for name, value in env.items()),
                *map(shlex.quote, words),
            ]
        )
        self._command = command
        self._tmux("new-session", "-d", "-x", str(size[0]), "-y", str(size[1]), command)
        # What the program prints while it ends must still be readable.
        self._tmux("set-option", "-g", "remain-on-exit", "on")

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", str(self._socket), "-f", os.devnull, *words],  # noqa: S607
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def rows(self) -> list[str]:
        """What stands on the screen."""
        return self._tmux("capture-pane", "-p").split("\n")[: self.size[1]]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.rows())

    def styled(self) -> str:
        """The screen with the escape sequences of its colours."""
        return self._tmux("capture-pane", "-p", "-e")

    def press(self, *keys: str) -> None:
        """Named keys: ``Enter``, ``Tab``, ``F9``, ``Down``; each is given time to arrive."""
        for key in keys:
            self._tmux("send-keys", key)
            time.sleep(PAUSE_S)

    def type(self, text: str) -> None:
        """Characters as an input method commits them."""
        self._tmux("send-keys", "-l", text)
        time.sleep(PAUSE_S)

    def paste(self, text: str) -> None:
        """As a terminal pastes: between brackets, where the program asked for them."""
        self._tmux("send-keys", "-H", *(f"{each:02x}" for each in PASTED % text.encode()))
        time.sleep(PAUSE_S)

    def click(self, words: str, *, above: int = 0, rightmost: bool = False) -> None:
        """The left button where these words stand lowest, or so many rows above them."""
        column, row = self._spot(words, rightmost=rightmost)
        spot = f"0;{column};{row - above}"
        self._tmux("send-keys", "-l", f"\x1b[<{spot}M\x1b[<{spot}m")
        time.sleep(PAUSE_S)

    def wheel_down(self, words: str, *, turns: int = 8, rightmost: bool = False) -> None:
        """The wheel over these words."""
        column, row = self._spot(words, rightmost=rightmost)
        self._tmux("send-keys", "-l", f"\x1b[<65;{column};{row}M" * turns)
        time.sleep(PAUSE_S)

    def _spot(self, words: str, *, rightmost: bool) -> tuple[int, int]:
        """Column and row, from 1: the lowest place, or the one farthest right."""
        rows = self.until(words).split("\n")
        spots = [
            (cell_len(text[: text.rindex(words) if rightmost else text.index(words)]) + 1, row)
            for row, text in enumerate(rows, 1)
            if words in text
        ]
        return max(spots) if rightmost else spots[-1]

    def until(self, words: str, *, patience_s: float = PATIENCE_S) -> str:
        """The screen once it says these words."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            text = self.text
            if words in text:
                return text
            time.sleep(PAUSE_S)
        raise AssertionError(f"{words!r} never came:\n{self.text}")

    def until_gone(self, words: str, *, patience_s: float = PATIENCE_S) -> str:
        """The screen once it no longer says these words."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            text = self.text
            if words not in text:
                return text
            time.sleep(PAUSE_S)
        raise AssertionError(f"{words!r} stayed:\n{self.text}")

    def at_rest(self) -> str:
        """The screen when it is drawn to its end: the same twice, with time for a paint between."""
        end = time.monotonic() + PATIENCE_S
        text = self.text
        while time.monotonic() < end:
            time.sleep(REST_S)
            before, text = text, self.text
            if text == before:
                return text
        raise AssertionError(f"never came to rest:\n{text}")

    def until_over(self) -> str:
        """All it ever said, once it has ended: a line tmux adds then scrolls one away."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            if self.is_over:
                return self.everything
            time.sleep(PAUSE_S)
        raise AssertionError(f"never ended:\n{self.text}")

    @property
    def everything(self) -> str:
        """The screen and all that scrolled out of it."""
        return self._tmux("capture-pane", "-p", "-S", "-")

    @property
    def pid(self) -> int:
        """Of the program."""
        return int(self._tmux("display-message", "-p", "#{pane_pid}"))

    @property
    def is_over(self) -> bool:
        """Whether the program has ended."""
        return self._tmux("display-message", "-p", "#{pane_dead}").strip() == "1"

    def kill(self) -> None:
        """``kill -9`` of the program; what it drew stays."""
        os.kill(self.pid, signal.SIGKILL)
        self.until_over()

    def restart(self) -> None:
        """The same program again, as a service manager would."""
        self._tmux("respawn-pane", "-k", self._command)

    def resize(self, columns: int, rows: int) -> None:
        """Another size of the window."""
        self.size = (columns, rows)
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def close(self) -> None:
        """End the program and the terminal."""
        self._tmux("kill-server")


def uneven_rows(rows: list[str], columns: int) -> list[str]:
    """Rows that are wider than the terminal, as cells are counted."""
    return [row for row in rows if cell_len(row) > columns]


def upright_columns(rows: list[str], characters: Container[str] = UPRIGHT) -> set[int]:
    """The columns, in cells, where upright lines stand."""
    return {
        cell_len(row[:at])
        for row in rows
        for at, character in enumerate(row)
        if character in characters
    }


def lone_uprights(rows: list[str]) -> list[str]:
    """Rows whose upright lines continue neither above nor below: pushed by wide characters."""
    drawn = [upright_columns([row], JOINTS) for row in ["", *rows, ""]]
    return [
        row
        for at, row in enumerate(rows, start=1)
        if upright_columns([row]) - (drawn[at - 1] | drawn[at + 1])
    ]


def kiosk_words(station: Path, *more: str, virtual: bool = True) -> list[str]:
    """The command of a kiosk, with virtual cards or the reader of the machine."""
    kiosk = [sys.executable, "-m", "jiepin", "kiosk", *(["--virtual-reader"] if virtual else [])]
    return [*kiosk, "--station", str(station), *more]
