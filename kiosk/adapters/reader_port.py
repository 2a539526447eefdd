"""What a card reader tells, whichever it is. A reader posts values from its own thread."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from core.card.atr import find_kind
from core.card.nhi import NotAnNhiCard, Profile, UnreadableProfile


class ReaderFault(StrEnum):
    """Why a card in the slot gave no profile (DOMAIN §5.5)."""

    UNREADABLE = "unreadable"
    UNRESPONSIVE = "unresponsive"
    FOREIGN = "foreign"
    PULLED = "pulled"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class ServiceUp:
    """The card service answers, and these readers are plugged in."""

    readers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceLost:
    """The card service is gone; the reader keeps asking for it."""


@dataclass(frozen=True, slots=True)
class ReaderAdded:
    """A reader is plugged in."""

    name: str


@dataclass(frozen=True, slots=True)
class ReaderRemoved:
    """A reader was unplugged."""

    name: str


@dataclass(frozen=True, slots=True)
class CardSeen:
    """Something is in the slot; reading begins."""


@dataclass(frozen=True, slots=True)
class CardProfile:
    """An NHI card was read."""

    profile: Profile = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardTrouble:
    """A card that gave no profile; ``kind`` names a foreign card when its kind is known."""

    fault: ReaderFault
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CardGone:
    """The slot is empty."""


Report: TypeAlias = (
    ServiceUp
    | ServiceLost
    | ReaderAdded
    | ReaderRemoved
    | CardSeen
    | CardProfile
    | CardTrouble
    | CardGone
)
Emit: TypeAlias = Callable[[Report], None]


class Reader(Protocol):
    """A reader works in a thread of its own and only posts reports."""

    def start(self, emit: Emit) -> None:
        """Begin to watch; ``emit`` is called from the reader's thread."""
        ...

    def stop(self) -> None:
        """End, and wait until no report comes any more."""
        ...


def report_of(found: Profile | NotAnNhiCard | UnreadableProfile, atr: bytes) -> Report:
    """What a reading means for the kiosk; ``atr`` names a foreign card."""
    match found:
        case Profile():
            return CardProfile(found)
        case NotAnNhiCard():
            return CardTrouble(ReaderFault.FOREIGN, find_kind(atr) or "")
        case UnreadableProfile():
            return CardTrouble(ReaderFault.UNREADABLE)
