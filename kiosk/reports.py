"""What a reader reports, as what happens to a session."""

from datetime import datetime

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
from kiosk.session.event import (
    CardFailed,
    CardInserted,
    CardRead,
    CardRemoved,
    Event,
    ReaderChecked,
)
from kiosk.session.state import TroubleCode
from kiosk.session.station import Service


class Reports:
    """Remembers which readers are plugged in; everything else passes through."""

    def __init__(self) -> None:
        self._service = Service.UNKNOWN
        self._names: frozenset[str] = frozenset()

    def event_of(self, report: Report, at: datetime) -> Event:
        """The event a report is."""
        match report:
            case ServiceUp() | ServiceLost() | ReaderAdded() | ReaderRemoved():
                self._remember(report)
                device = Service.FINE if self._names else Service.MISSING
                return ReaderChecked(
                    at=at, service=self._service, device=device, names=tuple(sorted(self._names))
                )
            case CardSeen():
                return CardInserted(at=at)
            case CardProfile(profile=profile):
                return CardRead(at=at, profile=profile)
            case CardTrouble(fault=fault, kind=kind):
                return CardFailed(at=at, code=TroubleCode(fault.value), detail=kind)
            case CardGone():
                return CardRemoved(at=at)

    def _remember(self, report: ServiceUp | ServiceLost | ReaderAdded | ReaderRemoved) -> None:
        match report:
            case ServiceUp(readers=names):
                self._service = Service.FINE
                self._names = frozenset(names)
            case ServiceLost():
                self._service = Service.FAILED
                self._names = frozenset()
            case ReaderAdded(name=name):
                self._names |= {name}
            case ReaderRemoved(name=name):
                self._names -= {name}
