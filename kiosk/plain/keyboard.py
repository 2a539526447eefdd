"""The keyboard while lines are typed: a terminal that gives whole lines, and no way out of them."""

import asyncio
import os
import signal
import termios
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, TextIO

CHUNK = 4096
LFLAG, IFLAG, CC = 3, 0, 6
OFF = b"\x00"
"""``_POSIX_VDISABLE``: no character does this."""
ENDING = (termios.VEOF, termios.VSUSP, termios.VQUIT)
"""What would end or stop a program that reads lines."""


class EchoOff:
    """Hides what is typed while a secret is asked for, where the input is a terminal."""

    def __init__(self, terminal: int | None) -> None:
        self._number = terminal
        self._before: list[Any] | None = None

    def __enter__(self) -> "EchoOff":
        return self

    def __exit__(self, *_: object) -> None:
        self.hide(hidden=False)

    def hide(self, *, hidden: bool) -> None:
        """Hide or show from now on."""
        if self._number is None or hidden == (self._before is not None):
            return
        if hidden:
            self._before = termios.tcgetattr(self._number)
            quiet = termios.tcgetattr(self._number)
            quiet[LFLAG] = quiet[LFLAG] & ~termios.ECHO | termios.ECHONL
            termios.tcsetattr(self._number, termios.TCSADRAIN, quiet)
        elif self._before is not None:
            termios.tcsetattr(self._number, termios.TCSADRAIN, self._before)
            self._before = None


def terminal_of(source: TextIO) -> int | None:
    """The terminal behind a stream, if there is one."""
    with suppress(OSError, ValueError):
        number = source.fileno()
        return number if os.isatty(number) else None
    return None


class Lines:
    """Lines typed at a terminal, in a running event loop; no thread is left behind at a read.

    Nothing typed here ends, stops or freezes the program. ``leave`` is what Ctrl+C does in a
    demonstration, None on a public machine.
    """

    def __init__(
        self,
        terminal: int,
        heard: Callable[[str], object],
        leave: Callable[[], object] | None = None,
    ) -> None:
        """``heard`` is called in the loop, with each line."""
        self._terminal, self._heard, self._leave = terminal, heard, leave
        self._begun = b""
        self._before: list[Any] | None = None
        self._handler: Callable[[int, FrameType | None], Any] | int | None = None

    def start(self) -> None:
        """Listen from now on."""
        self._before = termios.tcgetattr(self._terminal)
        attributes = termios.tcgetattr(self._terminal)
        attributes[IFLAG] &= ~(termios.IXON | termios.IXOFF)
        attributes[LFLAG] = attributes[LFLAG] & ~(termios.IEXTEN | termios.ISIG) | (
            termios.ICANON | termios.ECHO | (0 if self._leave is None else termios.ISIG)
        )
        for each in ENDING:
            attributes[CC][each] = OFF
        termios.tcsetattr(self._terminal, termios.TCSAFLUSH, attributes)
        loop = asyncio.get_running_loop()
        loop.add_reader(self._terminal, self._read)
        if self._leave is not None:
            self._handler = signal.getsignal(signal.SIGINT)
            loop.add_signal_handler(signal.SIGINT, self._leave)

    def stop(self) -> None:
        """No longer; what was typed and not yet entered is forgotten."""
        if self._before is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._terminal)
        if self._leave is not None:
            loop.remove_signal_handler(signal.SIGINT)
            signal.signal(signal.SIGINT, self._handler)
        with suppress(termios.error):  # the line to the terminal may be gone
            termios.tcsetattr(self._terminal, termios.TCSAFLUSH, self._before)
        self._before, self._begun = None, b""

    def forget(self) -> None:
        """Throw away what was typed and not yet entered: whoever comes next did not type it."""
        self._begun = b""
        with suppress(termios.error):
            termios.tcflush(self._terminal, termios.TCIFLUSH)

    def _read(self) -> None:
        read = b""
        with suppress(OSError):
            read = os.read(self._terminal, CHUNK)
        if not read:  # the terminal is gone, and would say so for ever
            asyncio.get_running_loop().remove_reader(self._terminal)
            return
        *whole, self._begun = (self._begun + read).split(b"\n")
        for line in whole:
            self._heard(line.decode(errors="replace").rstrip("\r"))
