"""What the card agent knows: the three checks, the card in the slot, challenges answered."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace

from core.card.nhi import Profile
from kiosk.adapters.reader_port import (
    CardGone,
    CardProfile,
    CardSeen,
    CardTrouble,
    ReaderAdded,
    ReaderRemoved,
    Report,
    ServiceLost,
    ServiceUp,
)

REMEMBERED = 4096
"""Challenges kept, the oldest forgotten first; a console's lives for minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The three checks of the old helper (F-209 to F-214) as they stand, and the card if read.

    ``card`` is ``none``, ``reading``, ``ready`` or the fault of `ReaderFault`.
    """

    service: bool = False
    readers: frozenset[str] = frozenset()
    card: str = "none"
    profile: Profile | None = field(default=None, repr=False)

    def checks(self) -> dict[str, object]:
        """What a page may ask at any time; nothing personal."""
        return {"service": self.service, "reader": bool(self.readers), "card": self.card}


def after(slot: Slot, report: Report) -> Slot:  # noqa: PLR0911 - a table
    """The slot once the reader has said this."""
    match report:
        case ServiceUp(readers=names):
            return replace(slot, service=True, readers=frozenset(names))
        case ServiceLost():
            return Slot()
        case ReaderAdded(name=name):
            return replace(slot, readers=slot.readers | {name})
        case ReaderRemoved(name=name):
            return replace(slot, readers=slot.readers - {name})
        case CardSeen():
            return replace(slot, card="reading", profile=None)
        case CardProfile(profile=profile):
            return replace(slot, card="ready", profile=profile)
        case CardTrouble(fault=fault):
            return replace(slot, card=fault.value, profile=None)
        case CardGone():
            return replace(slot, card="none", profile=None)


class Challenges:
    """Each is answered once."""

    def __init__(self) -> None:
        self._used: OrderedDict[bytes, None] = OrderedDict()

    def take(self, challenge: bytes) -> bool:
        """Whether it is new; from now on it is not."""
        if challenge in self._used:
            return False
        self._used[challenge] = None
        if len(self._used) > REMEMBERED:
            self._used.popitem(last=False)
        return True
