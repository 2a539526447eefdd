"""What the machine itself is and knows: identity, lists, line, reader.

Nobody in particular is here.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.application import Reference
from core.domain.ids import SchoolId, TeacherId
from core.domain.school import School
from core.rules.calendar import Phase


class Service(StrEnum):
    """The first two checks of K01."""

    UNKNOWN = "unknown"
    FINE = "fine"
    MISSING = "missing"
    FAILED = "failed"


class LinkName(StrEnum):
    """The word in the header (UX 4.8)."""

    ONLINE = "online"
    OFFLINE = "offline"
    UPLOADING = "uploading"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The line to the server as the store tells it. ``pending`` entries wait.

    ``offset_ms`` is server minus wall.
    """

    name: LinkName = LinkName.OFFLINE
    pending: int = 0
    compared: datetime | None = None
    offset_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """What this machine is and knows.

    ``reference`` and ``calendar`` are empty until the first lists arrive. ``machine`` is the
    printed name such as ``KH-0231``; ``schools`` the ones in its certificate, ``school`` the
    first. ``has_officer``: some officer of the school can witness first uses here.
    ``reference_at``: age of the lists.
    """

    machine: str = ""
    season: str = ""
    schools: tuple[SchoolId, ...] = ()
    school: School | None = None
    reference: Reference | None = field(default=None, repr=False)
    calendar: tuple[Phase, ...] = ()
    reference_at: datetime | None = None
    link: Link = Link()
    has_officer: bool = False
    contact: str = ""
    practice: bool = False


@dataclass(frozen=True, slots=True)
class SlotEmpty:
    """No card."""


@dataclass(frozen=True, slots=True)
class SlotReading:
    """A card was put in and is being read, then looked up."""

    since: datetime


@dataclass(frozen=True, slots=True)
class SlotHolds:
    """A readable card; ``holder`` is None when it belongs to nobody we may name."""

    holder: TeacherId | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SlotFaulty:
    """A card that cannot be used; the code is that of `Trouble`."""

    code: str


Slot = SlotEmpty | SlotReading | SlotHolds | SlotFaulty


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The three checks of K01."""

    service: Service = Service.UNKNOWN
    device: Service = Service.UNKNOWN
    slot: Slot = SlotEmpty()
