"""The real card service with a slot of its own, and hands that put virtual cards into it.

pcscd keeps its socket at one place on a machine. In a mount namespace that place is another, and
programs reach it through ``/proc``: so any number of journeys run beside each other.
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from core.card.apdu import Command, Response
from kiosk.adapters.virtual_reader import CardFault, VirtualCard, nhi_card
from kiosk.virtual_cards import CITIZEN_ATR
from tests.fakes.card_service import DRIVER
from tests.fakes.virtual_nhi_card import VpcdCard
from tests.kiosk.machine import Holder
from tests.kiosk.robot.stations import AMY, BEN, CLERK

PLACE = Path("/run/pcscd")
PATIENCE_S, PAUSE_S = 60.0, 0.02
OWN_PORTS = range(20_000, 32_000, 2)
HAND_S, NOTICED_S, TRIES = 0.6, 3.0, 5
OTHERS = {
    "foreign": VirtualCard(fault=CardFault.FOREIGN, atr=CITIZEN_ATR),
    "mute": VirtualCard(fault=CardFault.UNREADABLE),
}
PEOPLE = {"amy": AMY, "ben": BEN, "clerk": CLERK}


def missing() -> str | None:
    """Why there can be no such slot here; None when there can."""
    if shutil.which("pcscd") is None or not Path(DRIVER).exists():
        return "pcscd or vsmartcard-vpcd is not installed"
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return "a mount namespace needs root and unshare"
    return None


class Slot:
    """One reader. ``environment`` leads a program to it."""

    def __init__(self, folder: Path) -> None:
        conf = folder / "reader.conf.d"
        conf.mkdir(parents=True)
        self._port = _free_port()
        (conf / "vpcd").write_text(
            f'FRIENDLYNAME "Kiosk NHI"\nDEVICENAME /dev/null:{self._port}\n'
            f"LIBPATH {DRIVER}\nCHANNELID {self._port}\n"
        )
        PLACE.mkdir(exist_ok=True)
        script = f"mount -t tmpfs cards {PLACE} && exec pcscd --foreground --config '{conf}'"
        self._service = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", script],  # noqa: S607
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._socket = Path(f"/proc/{self._service.pid}/root{PLACE}/pcscd.comm")
        self._card: VpcdCard | None = None
        self._asked = threading.Event()
        try:
            self._wait()
        except BaseException:
            self.close()
            raise

    @property
    def environment(self) -> dict[str, str]:
        """Where the client library finds the service."""
        return {"PCSCLITE_CSOCK_NAME": str(self._socket)}

    def insert(self, who: str) -> None:
        """The card of one of `PEOPLE`, or of another kind, or ``mute``.

        The service looks at the slot from time to time: a swap it did not see is done again, as a
        person would.
        """
        for _ in range(TRIES):
            self.remove()
            self._asked.clear()
            self._card = VpcdCard(self._chip(who), self._port)
            self._card.insert()
            if self._asked.wait(NOTICED_S):
                return
        raise AssertionError(f"the card of {who} was never read")

    def remove(self) -> None:
        """Whatever is in; it takes as long as a hand needs."""
        if self._card is not None:
            self._card.remove()
            self._card = None
            time.sleep(HAND_S)

    def close(self) -> None:
        """End the service."""
        self.remove()
        self._service.terminate()
        self._service.wait()

    def _chip(self, who: str) -> Callable[[Command], Response]:
        """What answers the commands, and notes that there were any."""
        answers = OTHERS[who].answer if who in OTHERS else _card_of(PEOPLE[who]).answer

        def noted(command: Command) -> Response:
            self._asked.set()
            return answers(command)

        return noted

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while True:
            assert time.monotonic() < end, "the card service did not start"
            assert self._service.poll() is None, "the card service ended"
            try:
                with socket.socket(socket.AF_UNIX) as probe:
                    probe.connect(str(self._socket))
                with socket.create_connection(("127.0.0.1", self._port), 1):
                    return
            except OSError:
                time.sleep(PAUSE_S)


def _card_of(holder: Holder) -> VirtualCard:
    profile = holder.profile
    return nhi_card(
        card_number=profile.card_number, name=holder.name, national_id=profile.national_id,
        birth=profile.birth, sex=profile.sex, issued=profile.issued,
    )  # fmt: skip


def _free_port() -> int:
    """A port; the driver takes the next one too.

    Below those the system gives out by itself: between the question and the driver another program
    of the same run would be given one of them.
    """
    while True:
        port = secrets.choice(OWN_PORTS)
        with contextlib.suppress(OSError), socket.socket() as one, socket.socket() as next_one:
            one.bind(("127.0.0.1", port))
            next_one.bind(("127.0.0.1", port + 1))
            return port
