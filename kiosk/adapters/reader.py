"""The real reader, over PC/SC: the only module that knows it.

One thread with its own status loop. The library's monitors end for good when the card service
restarts; this loop asks again, whatever happened (service killed, reader unplugged, card pulled).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from smartcard import scard

from core.card.apdu import Command, Response
from core.card.dialogue import run
from core.card.nhi import NotAnNhiCard, read_profile
from kiosk.adapters.reader_port import (
    CardGone,
    CardProfile,
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

PLUG_AND_PLAY = "\\\\?PnP?\\Notification"
WATCH_MS = 500
RETRY_S = 0.5
READINGS = 3
"""How often a card is read before its trouble is told: contacts settle, others let go of it."""
BETWEEN_READINGS_S = 0.2
STATUS_BYTES = 2
MASK = 0xFFFFFFFF
PULLED = frozenset({scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD})
SILENT = frozenset({scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_W_UNPOWERED_CARD})
TAKEN = frozenset({scard.SCARD_E_SHARING_VIOLATION, scard.SCARD_W_RESET_CARD})
_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1


class ReaderError(Exception):
    """The card service or the reader failed; ``code`` is its 32-bit status."""

    def __init__(self, doing: str, code: int) -> None:
        """``doing`` names the call."""
        super().__init__(f"{doing}: 0x{code & MASK:08X}")
        self.code = code


class PcscReader:
    """Watches every reader of the machine and reads the card that is put into one of them."""

    def __init__(self) -> None:
        """Nothing is asked of the service before `start`."""
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, emit: Emit) -> None:
        """Begin to watch in a thread of its own."""
        self._thread = threading.Thread(
            target=self._work, args=(emit,), name="pcsc-reader", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End; takes up to half a second."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self, emit: Emit) -> None:
        told_lost = False
        while not self._over.is_set():
            try:
                with _context() as context:
                    names = _readers(context)
                    emit(ServiceUp(names))
                    told_lost = False
                    self._watch(context, dict.fromkeys(names, scard.SCARD_STATE_UNAWARE), emit)
            except ReaderError:
                if not told_lost:
                    emit(ServiceLost())
                    told_lost = True
                self._over.wait(RETRY_S)

    def _watch(
        self,
        context: Any,  # noqa: ANN401 - the library's handle
        known: dict[str, int],
        emit: Emit,
    ) -> None:
        try:
            while not self._over.is_set():
                _renew(known, _readers(context), emit)
                for name, state in _changes(context, known):
                    was = known[name] & scard.SCARD_STATE_PRESENT
                    now = state & scard.SCARD_STATE_PRESENT
                    known[name] = state & ~scard.SCARD_STATE_CHANGED
                    if was and not now:
                        emit(CardGone())
                    if now and not was:
                        emit(CardSeen())
                        self._tell(context, name, emit)
        except ReaderError:
            # The service went away: so did, for all we know, its readers and the card.
            _renew(known, (), emit)
            raise

    def _tell(self, context: Any, name: str, emit: Emit) -> None:  # noqa: ANN401
        report: Report = CardTrouble(ReaderFault.UNREADABLE)
        for _ in range(READINGS):
            report = _read(context, name)
            if isinstance(report, CardProfile):
                break
            if isinstance(report, CardTrouble) and report.fault is ReaderFault.PULLED:
                break
            if self._over.wait(BETWEEN_READINGS_S):
                return
        emit(report)


@contextmanager
def _context() -> Iterator[Any]:
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    _check("establish context", code)
    try:
        yield context
    finally:
        scard.SCardReleaseContext(context)


def _readers(context: Any) -> tuple[str, ...]:  # noqa: ANN401
    code, names = scard.SCardListReaders(context, [])
    if code == scard.SCARD_E_NO_READERS_AVAILABLE:
        return ()
    _check("list readers", code)
    return tuple(names)


def _renew(known: dict[str, int], names: tuple[str, ...], emit: Emit) -> None:
    for name in sorted(known.keys() - set(names)):
        if known.pop(name) & scard.SCARD_STATE_PRESENT:
            emit(CardGone())
        emit(ReaderRemoved(name))
    for name in names:
        if name not in known:
            known[name] = scard.SCARD_STATE_UNAWARE
            emit(ReaderAdded(name))


def _changes(context: Any, known: dict[str, int]) -> list[tuple[str, int]]:  # noqa: ANN401
    """Readers whose state is another than known, after at most half a second."""
    states = [*known.items(), (PLUG_AND_PLAY, len(known) << 16)]
    code, found = scard.SCardGetStatusChange(context, WATCH_MS, states)
    if code == scard.SCARD_E_TIMEOUT:
        return []
    _check("wait for a change", code)
    return [(name, state) for name, state, _ in found if name in known]


def _read(context: Any, name: str) -> Report:  # noqa: ANN401
    try:
        with _card(context, name) as (card, protocol):
            found = run(read_profile(), lambda command: _transmit(card, protocol, command))
            atr = _atr(card) if isinstance(found, NotAnNhiCard) else b""
            return report_of(found, atr)
    except ReaderError as error:
        return CardTrouble(_fault(error.code))


@contextmanager
def _card(context: Any, name: str) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    """Shared, inside a transaction so that no other program speaks in between; left as it was."""
    code, card, protocol = scard.SCardConnect(context, name, scard.SCARD_SHARE_SHARED, _PROTOCOLS)
    _check("connect", code)
    try:
        _check("begin", scard.SCardBeginTransaction(card))
        try:
            t0 = protocol == scard.SCARD_PROTOCOL_T0
            yield card, scard.SCARD_PCI_T0 if t0 else scard.SCARD_PCI_T1
        finally:
            scard.SCardEndTransaction(card, scard.SCARD_LEAVE_CARD)
    finally:
        scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)


def _transmit(card: Any, protocol: Any, command: Command) -> Response:  # noqa: ANN401
    code, answer = scard.SCardTransmit(card, protocol, list(command.data))
    _check("transmit", code)
    if len(answer) < STATUS_BYTES:
        raise ReaderError("transmit", scard.SCARD_E_NOT_TRANSACTED)
    data = bytes(answer)
    return Response(data[:-STATUS_BYTES], int.from_bytes(data[-STATUS_BYTES:], "big"))


def _atr(card: Any) -> bytes:  # noqa: ANN401
    code, _, _, _, atr = scard.SCardStatus(card)
    _check("status", code)
    return bytes(atr)


def _fault(code: int) -> ReaderFault:
    if code in PULLED:
        return ReaderFault.PULLED
    if code in SILENT:
        return ReaderFault.UNRESPONSIVE
    if code in TAKEN:
        return ReaderFault.BUSY
    return ReaderFault.UNREADABLE


def _check(doing: str, code: int) -> None:
    if code != scard.SCARD_S_SUCCESS:
        raise ReaderError(doing, code)
