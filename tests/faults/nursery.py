"""``jiepin`` commands as real processes that come up quickly: forked from a program that has
imported everything, so that a start costs milliseconds and ten thousand kills an afternoon.

Whoever uses it has one thread only and holds no database open.
"""

import importlib
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import jiepin

PRELOADED = (
    "kiosk.commands",
    "kiosk.desk.conversation",
    "kiosk.robot.hands",
    "kiosk.robot.robot",
    "kiosk.robot.script",
    "server.commands",
    "syncd.commands",
)


def preload() -> None:
    """Import what every command needs."""
    for module in PRELOADED:
        importlib.import_module(module)


class Child:
    """One command as a process; data goes to ``out``, talk to ``log``, both appended."""

    def __init__(self, words: Sequence[object], out: Path, log: Path) -> None:
        sys.stdout.flush()
        self.code: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            _become([str(each) for each in words], out, log)

    @property
    def running(self) -> bool:
        """Whether it has not ended; then `code` says how."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code is None

    def kill(self) -> bool:
        """``kill -9``; False when it had ended before."""
        return self._end(signal.SIGKILL) == -signal.SIGKILL

    def stop(self) -> int:
        """Ask it to end, and wait."""
        return self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> int:
        if self.code is None:
            os.kill(self.pid, how)
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.code


def _become(words: list[str], out: Path, log: Path) -> None:
    """The rest of a forked process: the command, and its exit code."""
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(out, os.O_WRONLY | os.O_APPEND | os.O_CREAT), 1)
        os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), 2)
        sys.argv = [jiepin.PROGRAM, *words]
        jiepin.main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException:  # noqa: BLE001 - what the interpreter would do
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
