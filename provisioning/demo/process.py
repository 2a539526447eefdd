"""The programs of the demo country as child processes: started, awaited, killed.

Their talk goes to files.
"""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

POLL_S = 0.05
STOP_S = 10.0
QUIET_PORTS = range(10_000, 19_000)


class ProgramError(Exception):
    """A program ended as it should not, or did not come up; the message names its log file."""


class Program:
    """One ``jiepin`` command as a process; killed, it can be started again in the same words."""

    def __init__(self, name: str, words: Sequence[str], folder: Path) -> None:
        """``folder`` takes ``NAME.out`` (data) and ``NAME.log`` (talk).

        Both appended over restarts.
        """
        self.name = name
        self._words = [sys.executable, "-m", "jiepin", *words]
        self.out = folder / f"{name}.out"
        self.log = folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, stdin: str | None = None) -> None:
        """Start it; ``stdin`` is written to its input, which is then closed."""
        with self.out.open("ab") as out, self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                self._words,
                stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
                stdout=out,
                stderr=log,
                start_new_session=True,
            )
        if stdin is not None and self._process.stdin is not None:
            self._process.stdin.write(stdin.encode())
            self._process.stdin.close()

    @property
    def pid(self) -> int:
        """Process id of the running program."""
        if self._process is None:
            raise ProgramError(f"{self.name} was not started")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Its exit code once it has ended; negative for a signal."""
        return None if self._process is None else self._process.poll()

    def kill(self) -> None:
        """``kill -9``, and wait until it is gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end; kill it when it does not within ten seconds."""
        self._end(signal.SIGTERM)

    def wait(self, timeout_s: float) -> int:
        """Its exit code.

        Raises:
            ProgramError: Still running after ``timeout_s``.
        """
        if self._process is None:
            raise ProgramError(f"{self.name} was not started")
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired as error:
            raise ProgramError(
                f"{self.name} did not end in {timeout_s:.0f} s, see {self.log}"
            ) from error

    def tail(self) -> str:
        """The last lines of its talk, for a message."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            os.killpg(self._process.pid, how)
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def run(words: Sequence[str], stdin: str | None = None, timeout_s: float = 600) -> str:
    """Run a ``jiepin`` command to its end and give what it printed.

    Raises:
        ProgramError: Exit code other than 0; the message carries its talk.
    """
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "jiepin", *words],
        input=stdin.encode() if stdin is not None else None,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        timeout=timeout_s,
        check=False,
    )
    if done.returncode != 0:
        talk = (
            done.stderr.decode(errors="replace").strip()
            or done.stdout.decode(errors="replace").strip()
        )
        raise ProgramError(f"jiepin {' '.join(words[:3])} … ended with {done.returncode}: {talk}")
    return done.stdout.decode()


def quiet_port() -> int:
    """A free port of this machine below those the system gives out by itself.

    A server that is killed and comes back on one of those may find that another program was given
    it meanwhile.
    """
    while True:
        port = secrets.choice(QUIET_PORTS)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def end_children() -> None:
    """Kill what this process has started and not awaited.

    A signal that ends the demo may come while a program is being started, or one that nobody keeps.
    """
    listed = [each.read_text().split() for each in Path("/proc/self/task").glob("*/children")]
    for pid in [int(each) for line in listed for each in line]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):  # it led no group
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


def wait_for_file(path: Path, timeout_s: float, program: Program) -> str:
    """The content of a file that a program writes when it is ready.

    Raises:
        ProgramError: The program ended first, or the time ran out.
    """
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        if path.exists() and (text := path.read_text(encoding="utf-8").strip()):
            return text
        if not program.running:
            raise ProgramError(f"{program.name} did not come up: {program.tail()}")
        time.sleep(POLL_S)
    raise ProgramError(f"{program.name} was not ready after {timeout_s:.0f} s, see {program.log}")
