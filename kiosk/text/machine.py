"""Sentences about the machine itself: what is wrong with it, and the 封箱碼.

What every language must have.
"""

from datetime import datetime
from typing import Protocol


class MachineTexts(Protocol):
    """Sentences states of the machine, end of the season."""

    seal_title: str
    seal_why: str
    seal_how: str
    seal_waiting: str
    seal_witnessed: str
    seal_unwitnessed: str
    machine_readable: str

    def seal_closed(self, at: datetime) -> str: ...
    def seal_later(self, at: datetime) -> str: ...
    def machine_trouble(self, code: str) -> tuple[str, str, str]: ...
