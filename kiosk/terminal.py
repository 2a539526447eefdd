"""What the terminal can do, asked before the screen is taken over.

Its size, and how wide it draws △.
"""

import os
import re
import select
import signal
import termios
import time
import tty
from dataclasses import dataclass

LEAST_COLUMNS = 80
LEAST_ROWS = 24
WIDE_COLUMNS = 100
"""From here on header and steps are written out (F-014)."""
PANE_COLUMNS = 120
"""From here on there is room for the pane on the right beside whole sentences."""
TALL_ROWS = 34
WIDTHS = ((0, "-narrow"), (PANE_COLUMNS, "-wide"))
HEIGHTS = ((0, "-short"), (TALL_ROWS, "-tall"))
"""From how many cells on which layout is in force."""

PROBE = "\r△\x1b[6n"
"""An ambiguous-width character at the left edge, then the question where the cursor is now."""
ERASE = "\r  \r"
ANSWER = re.compile(rb"\x1b\[\d+;(\d+)R")
PATIENCE_S = 0.5
AFTER_TWO_CELLS = 3
"""The column, counted from 1, where the cursor then stands."""


@dataclass(frozen=True, slots=True)
class Size:
    """Columns and rows."""

    columns: int
    rows: int

    @property
    def large_enough(self) -> bool:
        """Whether every screen is complete in it."""
        return self.columns >= LEAST_COLUMNS and self.rows >= LEAST_ROWS


def parse_size(text: str) -> Size:
    """Read ``80x24``.

    Raises:
        ValueError: Not two numbers with an ``x`` between them.
    """
    columns, _, rows = text.lower().partition("x")
    return Size(int(columns), int(rows))


def hold_on(*, stoppable: bool) -> None:
    """Ctrl with C, Z or backslash neither ends nor suspends this program; a lost terminal ends it.

    On the glass the terminal sends them as signals until the screen is taken over, in line mode
    always. ``stoppable`` leaves Ctrl+C: whoever tries the demonstration has to get out.
    """
    held = {signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP}
    for each in held - ({signal.SIGINT} if stoppable else set()):
        signal.signal(each, signal.SIG_IGN)
    # Whoever starts this may ignore it, which is inherited; a kiosk nobody sees would go on.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def ambiguous_width(terminal: int, *, patience_s: float = PATIENCE_S) -> int:
    """How many cells the terminal behind this file descriptor gives △: 1 or 2.

    1 when it does not answer.
    """
    if not os.isatty(terminal):
        return 1
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal, termios.TCSANOW)
        os.write(terminal, PROBE.encode())
        answer = _read_answer(terminal, time.monotonic() + patience_s)
        os.write(terminal, ERASE.encode())
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)
    return 2 if answer == AFTER_TWO_CELLS else 1


def _read_answer(terminal: int, until_s: float) -> int | None:
    heard = b""
    while (left_s := until_s - time.monotonic()) > 0:
        ready, _, _ = select.select([terminal], [], [], left_s)
        if not ready:
            return None
        heard += os.read(terminal, 64)
        if found := ANSWER.search(heard):
            return int(found[1])
    return None


def layouts(columns: int, rows: int) -> tuple[str, str]:
    """Which layouts are in force on so many cells, of `WIDTHS` and `HEIGHTS`."""
    wide = max(each for each in WIDTHS if each[0] <= columns)
    tall = max(each for each in HEIGHTS if each[0] <= rows)
    return wide[1], tall[1]
