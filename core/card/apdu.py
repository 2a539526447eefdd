"""Commands to a chip card and its answers, as values (ISO 7816-4)."""

from dataclasses import dataclass, field
from enum import IntEnum


class Status(IntEnum):
    """Status words that decide something here; any other word is an answer we do not use."""

    OK = 0x9000


MORE_DATA = 0x61
"""First status byte of a T=0 card that holds the answer ready; the second is its length."""


@dataclass(frozen=True, slots=True)
class Command:
    """The bytes sent to the card."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """``status`` is both status bytes; ``data`` what came before them, never shown."""

    data: bytes = field(repr=False)
    status: int

    @property
    def more(self) -> int | None:
        """How many bytes wait to be fetched; None when none do. A length byte of 0 means 256."""
        first, second = divmod(self.status, 0x100)
        return (second or 0x100) if first == MORE_DATA else None


def get_response(length: int) -> Command:
    """Fetch what the card holds ready."""
    return Command(bytes((0x00, 0xC0, 0x00, 0x00, length % 0x100)))
