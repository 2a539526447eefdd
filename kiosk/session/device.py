"""What clock, reader and machine report to a session."""

from dataclasses import dataclass, field
from datetime import datetime

from core.card.nhi import Profile
from kiosk.session.state import TroubleCode
from kiosk.session.station import Link, Service, Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Common to all events: ``at`` is aware UTC, corrected by the server's clock.

    Events that say no more than that may be plain subclasses: a dataclass of its own for each
    takes its time at every start.
    """

    at: datetime


class Ticked(Happening):
    """Time passed; comes about once a second and drives every countdown."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderChecked(Happening):
    """The first two checks of K01 changed: PC/SC service, reader."""

    service: Service
    device: Service
    names: tuple[str, ...] = ()


class CardInserted(Happening):
    """Something is in the slot and is being read."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRead(Happening):
    """The public profile of an NHI card."""

    profile: Profile = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFailed(Happening):
    """No profile: unreadable, unresponsive (reversed), foreign, pulled, busy.

    ``detail`` is the `CardKind` of a foreign card.
    """

    code: TroubleCode
    detail: str = ""


class CardRemoved(Happening):
    """The slot is empty."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StationChanged(Happening):
    """The machine's identity, lists, calendar or officers are other ones now."""

    station: Station


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChanged(Happening):
    """The header's word changed."""

    link: Link
