"""What the kiosk needs of a printer; `kiosk.adapters.printer` is the real one."""

from typing import Protocol

from kiosk.session.paper import Outcome, PaperSize


class Printer(Protocol):
    """Takes a PDF and says what became of it. Keeps nothing of it afterwards."""

    def takes(self, paper: PaperSize) -> bool:
        """Whether it can print on such paper; one that does not say is taken to."""

    def print(self, pdf: bytes, paper: PaperSize) -> Outcome:
        """Blocking, for some seconds at most."""
