"""What the kiosk needs of a printer; `kiosk.adapters.printer` is the real one."""

from typing import Protocol

from kiosk.session.paper import Outcome


class Printer(Protocol):
    """Takes a PDF and says what became of it. Keeps nothing of it afterwards."""

    def print(self, pdf: bytes) -> Outcome:
        """Blocking, for some seconds at most."""
