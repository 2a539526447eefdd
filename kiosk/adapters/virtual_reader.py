"""A reader inside the process, for demonstrations and tests. Its cards answer real commands."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.card.apdu import Command, Response, Status
from core.card.dialogue import run
from core.card.nhi import GET_PROFILE, SELECT_NHI, read_profile
from core.domain.ids import NationalId
from kiosk.adapters.reader_port import (
    CardGone,
    CardSeen,
    CardTrouble,
    Emit,
    ReaderAdded,
    ReaderFault,
    ReaderRemoved,
    Report,
    ServiceLost,
    ServiceUp,
    report_of,
)

READER_NAME = "Virtual reader"
NAME_BYTES = 20
CONDITIONS_NOT_SATISFIED = 0x6985
NOT_SUPPORTED = 0x6D00
WRONG_PARAMETERS = 0x6A86
REPUBLIC = 1911


class CardFault(StrEnum):
    """What can be wrong with a virtual card."""

    UNREADABLE = "unreadable"
    REVERSED = "reversed"
    FOREIGN = "foreign"
    PULLED = "pulled"


class CardPulledError(Exception):
    """The card left while it was being read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualCard:
    """``data`` is what GET DATA answers; ``fault`` is what is wrong with the card, if anything."""

    data: bytes = b""
    fault: CardFault | None = None
    atr: bytes = b""

    def answer(self, command: Command) -> Response:
        """As a chip would.

        Raises:
            CardPulledError: This card is pulled while it is read.
        """
        if self.fault is CardFault.PULLED and command == GET_PROFILE:
            raise CardPulledError
        if self.fault is CardFault.FOREIGN:
            return Response(b"", WRONG_PARAMETERS)
        if self.fault is CardFault.UNREADABLE:
            return Response(b"", Status.OK)
        if command == SELECT_NHI:
            return Response(b"", Status.OK)
        if command == GET_PROFILE:
            return Response(self.data, Status.OK)
        return Response(b"", NOT_SUPPORTED)


def nhi_card(  # noqa: PLR0913 - the fields of the chip
    *,
    card_number: str,
    name: str,
    national_id: NationalId,
    birth: date,
    sex: str,
    issued: date,
) -> VirtualCard:
    """A card with this profile; characters outside cp950 become ``*``, as on real cards."""
    raw = "".join(letter if _in_cp950(letter) else "*" for letter in name).encode("cp950")
    data = (
        card_number.encode("ascii").ljust(12)[:12]
        + raw[:NAME_BYTES].ljust(NAME_BYTES, b"\0")
        + national_id.text.encode("ascii")
        + _card_date(birth)
        + sex.encode("ascii")
        + _card_date(issued)
    )
    return VirtualCard(data=data)


class VirtualReader:
    """Cards are put in and taken out by method; reports come from a thread, as from a real one."""

    def __init__(self) -> None:
        """Nothing is in the slot."""
        self._acts: queue.Queue[Callable[[Emit], None] | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._card: VirtualCard | None = None

    def start(self, emit: Emit) -> None:
        """Begin to report."""
        self._thread = threading.Thread(
            target=self._work, args=(emit,), name="virtual-reader", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End; nothing is reported any more."""
        self._acts.put(None)
        if self._thread is not None:
            self._thread.join()

    def insert(self, card: VirtualCard) -> None:
        """Put a card in; one that is in the slot is taken out first."""
        self._acts.put(lambda emit: self._insert(card, emit))

    def remove(self) -> None:
        """Take the card out."""
        self._acts.put(self._remove)

    def unplug(self) -> None:
        """Pull the reader's cable, with whatever is in it."""
        self._acts.put(self._unplug)

    def plug_in(self) -> None:
        """Put the reader's cable back."""
        self._acts.put(lambda emit: emit(ReaderAdded(READER_NAME)))

    def lose_service(self) -> None:
        """The card service dies and comes back by itself."""
        self._acts.put(self._lose_service)

    def _work(self, emit: Emit) -> None:
        emit(ServiceUp((READER_NAME,)))
        while (act := self._acts.get()) is not None:
            act(emit)

    def _insert(self, card: VirtualCard, emit: Emit) -> None:
        self._remove(emit)
        self._card = card
        emit(CardSeen())
        try:
            emit(_read(card))
        except CardPulledError:
            emit(CardTrouble(ReaderFault.PULLED))
            self._remove(emit)

    def _remove(self, emit: Emit) -> None:
        if self._card is not None:
            self._card = None
            emit(CardGone())

    def _unplug(self, emit: Emit) -> None:
        self._remove(emit)
        emit(ReaderRemoved(READER_NAME))

    def _lose_service(self, emit: Emit) -> None:
        card = self._card
        self._unplug(emit)
        emit(ServiceLost())
        emit(ServiceUp((READER_NAME,)))
        if card is not None:
            self._insert(card, emit)


def _read(card: VirtualCard) -> Report:
    if card.fault is CardFault.REVERSED:
        return CardTrouble(ReaderFault.UNRESPONSIVE)
    return report_of(run(read_profile(), card.answer), card.atr)


def _card_date(day: date) -> bytes:
    return f"{day.year - REPUBLIC:03d}{day.month:02d}{day.day:02d}".encode("ascii")


def _in_cp950(letter: str) -> bool:
    try:
        letter.encode("cp950")
    except UnicodeEncodeError:
        return False
    return True
