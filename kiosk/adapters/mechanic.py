"""Restarting the card service, where this machine may."""

import os
import subprocess
from typing import Protocol

from kiosk.session.station import Mending

RESTART = ("systemctl", "--no-ask-password", "restart", "pcscd.service")
PATIENCE_S = 8.0
REFUSED = ("access denied", "authentication required", "not permitted", "permission denied")
NO_MANAGER = ("not been booted with systemd", "failed to connect to bus", "not loaded", "not found")


class Mechanic(Protocol):
    """Whoever can restart the card service."""

    def restart_card_service(self) -> Mending:
        """Try once; takes some seconds at most."""
        ...


class SystemdMechanic:
    """Asks the service manager; a rule of the image lets the kiosk's user restart this one unit."""

    def __init__(self, command: tuple[str, ...] = RESTART, patience_s: float = PATIENCE_S) -> None:
        self._command, self._patience_s = command, patience_s

    def restart_card_service(self) -> Mending:
        """Try once."""
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command
                self._command,
                env={**os.environ, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self._patience_s,
                check=False,
            )
        except FileNotFoundError:
            return Mending.ABSENT
        except (OSError, subprocess.TimeoutExpired):
            return Mending.FAILED
        if done.returncode == 0:
            return Mending.RESTARTED
        said = done.stderr.decode(errors="replace").lower()
        if any(each in said for each in REFUSED):
            return Mending.NOT_ALLOWED
        return Mending.ABSENT if any(each in said for each in NO_MANAGER) else Mending.FAILED
