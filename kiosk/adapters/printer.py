"""The printer of this machine, through CUPS.

Jobs go in by standard input under a neutral name, and whatever happens their data are taken out
of the spool again: a form is full of personal data and must not be printed when nobody waits.
"""

import re
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from kiosk.session.paper import Outcome, PaperSize

TITLE = "jiepin"
SOCKET = "/run/cups/cups.sock"
PATIENCE_S = 12.0
GLANCE_S = 0.2
COMMAND_S = 10.0
_JOB = re.compile(rb"request id is (\S+-\d+) ")
_MEDIA = {PaperSize.A4: "iso_a4_210x297", PaperSize.A3: "iso_a3_297x420"}
"""PWG names (PWG 5101.1) begin so; trays and margins may follow."""
_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


class CupsPrinter:
    """``queue`` None is the default printer, ``server`` a socket.

    ``wait`` sleeps; ``clock`` counts seconds.
    """

    def __init__(
        self,
        queue: str | None = None,
        *,
        server: str | None = None,
        wait: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._queue, self._wait, self._clock = queue, wait, clock
        self._socket = server or SOCKET
        self._environment = (
            _ENVIRONMENT if server is None else {**_ENVIRONMENT, "CUPS_SERVER": server}
        )

    def takes(self, paper: PaperSize) -> bool:
        """As the print service says of the queue; where it does not say, yes."""
        queue = self._queue or self._default_queue()
        from kiosk.adapters.ipp import supported_media  # noqa: PLC0415 - once paper is asked for

        media = None if queue is None else supported_media(queue, self._socket)
        return media is None or any(each.startswith(_MEDIA[paper]) for each in media)

    def print(self, pdf: bytes, paper: PaperSize) -> Outcome:
        """Hand the PDF over and wait until it is printed, or give up and take it back."""
        queue = self._queue or self._default_queue()
        if queue is None:
            return Outcome.NO_PRINTER
        answer = self._run(["lp", "-d", queue, "-t", TITLE, "-o", f"media={paper}", "-"], pdf)
        found = None if answer is None else _JOB.search(answer)
        if found is None:
            return Outcome.FAILED
        job = found[1].decode("ascii", "replace")
        try:
            return Outcome.PRINTED if self._ended(queue, job) else Outcome.SILENT
        finally:
            self._run(["cancel", "-x", job])

    def _default_queue(self) -> str | None:
        answer = self._run(["lpstat", "-d"])
        name, _, queue = (answer or b"").decode("utf-8", "replace").strip().rpartition(": ")
        return queue if name else None

    def _ended(self, queue: str, job: str) -> bool:
        until = self._clock() + PATIENCE_S
        while self._clock() < until:
            waiting = self._run(["lpstat", "-W", "not-completed", "-o", queue])
            if waiting is None:
                return False
            if not any(line.split(b" ")[0] == job.encode() for line in waiting.splitlines()):
                return True
            self._wait(GLANCE_S)
        return False

    def _run(self, command: Sequence[str], data: bytes = b"") -> bytes | None:
        """Standard output; None when the program is missing, slow, or failed."""
        try:
            done = subprocess.run(  # noqa: S603 - fixed programs, no shell
                command,
                input=data,
                capture_output=True,
                timeout=COMMAND_S,
                env=self._environment,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None


class FolderPrinter:
    """For demonstrations: leaves numbered files in a folder instead of paper."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def takes(self, paper: PaperSize) -> bool:  # noqa: ARG002 - a folder takes any
        """Every size."""
        return True

    def print(self, pdf: bytes, paper: PaperSize) -> Outcome:  # noqa: ARG002 - as above
        """One more file."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            number = sum(1 for _ in self._folder.glob("*.pdf")) + 1
            (self._folder / f"{number:03}.pdf").write_bytes(pdf)
        except OSError:
            return Outcome.FAILED
        return Outcome.PRINTED
