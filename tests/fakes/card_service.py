"""The real card service (pcscd) with virtual readers, owned by a test."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
SOCKET = Path("/run/pcscd/pcscd.comm")
TURN = Path("/run/pcscd-tests.lock")
PORT = 19_140
"""Below those the system gives out by itself, so that nobody has it by chance."""
READY_S, TURN_S = 60, 300


def missing() -> str | None:
    """Why the service cannot be used here; None when it can."""
    if shutil.which("pcscd") is None or not Path(DRIVER).exists():
        return "pcscd or vsmartcard-vpcd is not installed"
    if os.geteuid() != 0:
        return "pcscd needs root"
    turn = _take_turn()
    try:
        if SOCKET.exists() and _answers():
            return "another pcscd is running on this machine"
    finally:
        os.close(turn)
    return None


def _take_turn() -> int:
    """pcscd has one place on a machine: wait until no other test's process has its own there."""
    turn = os.open(TURN, os.O_CREAT | os.O_RDWR, 0o600)
    until = time.monotonic() + TURN_S
    while True:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            assert time.monotonic() < until, "another test did not end its pcscd"
            time.sleep(0.1)
        else:
            return turn


class CardService:
    """pcscd in the foreground; ``with_reader`` says whether its configuration names one.

    No other test's process has one from when this starts until it is stopped.
    """

    def __init__(self, folder: Path) -> None:
        self._turn: int | None = None
        self._with = folder / "with"
        self._without = folder / "without"
        for each in (self._with, self._without):
            each.mkdir()
        (self._with / "vpcd").write_text(
            f'FRIENDLYNAME "Kiosk NHI"\nDEVICENAME /dev/null:{PORT}\n'
            f"LIBPATH {DRIVER}\nCHANNELID {PORT}\n"
        )
        self._process: subprocess.Popen | None = None

    def start(self, *, with_reader: bool = True) -> None:
        if self._turn is None:
            self._turn = _take_turn()
        config = self._with if with_reader else self._without
        SOCKET.unlink(missing_ok=True)
        SOCKET.with_name("pcscd.pid").unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [shutil.which("pcscd"), "--foreground", "--config", str(config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + READY_S
        while not (SOCKET.exists() and _answers()):
            assert time.monotonic() < until, "pcscd did not start"
            assert self._process.poll() is None, "pcscd ended"
            time.sleep(0.02)

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        if self._turn is not None:
            os.close(self._turn)
            self._turn = None


def _answers() -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(SOCKET))
        except OSError:
            return False
    return True
