"""What the machine itself is and knows: identity, lists, line, reader.

Nobody in particular is here.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.application import Reference
from core.domain.ids import SchoolId, TeacherId
from core.domain.reading import NO_READINGS, Readings
from core.domain.school import School
from core.rules.calendar import Phase
from core.rules.county_form import CountyForm
from core.rules.evidence import Document
from core.rules.scale import Scale
from core.rules.scheme import Scheme
from kiosk.session.display import AS_BUILT, Display
from kiosk.session.ground import Ground


class Service(StrEnum):
    """The first two checks of K01."""

    UNKNOWN = "unknown"
    FINE = "fine"
    MISSING = "missing"
    FAILED = "failed"


class LinkName(StrEnum):
    """The word in the header (UX 4.8): the states of PROTOCOL 2.7, and what else is wrong here."""

    ONLINE = "online"
    WAITING = "waiting"
    OFFLINE = "offline"
    STALE = "stale"
    UPLOADING = "uploading"
    CLOSED = "closed"
    CLOCK = "clock"
    BLOCKED = "blocked"
    FULL = "full"
    UNENROLLED = "unenrolled"
    FORKED = "forked"
    SELF_ROLLBACK = "self_rollback"
    REVOKED = "revoked"

    @property
    def stops_writing(self) -> bool:
        """Whether nothing can be sent from here until people have mended something."""
        return self in STOPPED


STOPPED = frozenset(
    {
        LinkName.FULL,
        LinkName.UNENROLLED,
        LinkName.FORKED,
        LinkName.SELF_ROLLBACK,
        LinkName.REVOKED,
    }
)
LASTING = STOPPED - {LinkName.FULL}
"""Only a new incarnation or enrolment ends them; room on a disk comes back by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The line to the server as the store tells it. ``pending`` entries wait.

    ``offset_ms`` is server minus wall. ``attention`` is the code of why uploads are not taken.
    ``busy``: the centre asks machines to wait before they send.
    """

    name: LinkName = LinkName.OFFLINE
    pending: int = 0
    compared: datetime | None = None
    offset_ms: int = 0
    attention: str | None = None
    busy: bool = False

    @property
    def trouble(self) -> str | None:
        """The code of what people must know or do; None while all is well or only off line."""
        if self.name is LinkName.BLOCKED:
            return self.attention
        told = STOPPED | {LinkName.STALE, LinkName.CLOCK}
        return self.name.value if self.name in told else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An entry whose hash is read out as 封箱碼; ``witnessed``: the server is known to hold it."""

    hash: bytes
    at: datetime
    witnessed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The log after ``season.close`` (DESIGN D14), and after the last act of an officer since."""

    closing: Sealed
    later: Sealed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftCard:
    """A card somebody left in the reader, and nothing of whose it was (UX 4.7).

    ``taken`` is when it was seen to be out, None before. ``restarted``: the machine was off or
    started anew in between, so that ``taken`` may be later than the truth.
    """

    left: datetime
    taken: datetime | None = None
    restarted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """What this machine is and knows.

    ``reference`` and ``calendar`` are empty until the first lists arrive. ``machine`` is the
    printed name such as ``KH-0231``; ``schools`` the ones in its certificate, ``school`` the
    first. ``has_officer``: some officer of the school can witness first uses here.
    ``reference_at``: age of the lists. ``seal`` is set from the moment the log says that the
    season is closed. ``server`` is the address codes lead to.
    ``display`` is how the machine looks when nobody has chosen otherwise; ``letters``: it can
    change the size of its terminal's letters. ``ground`` is what 練習模式 stands on. ``site`` is
    where announcements are published, ``organiser`` who runs the season this year, ``software``
    the version of this program, ``notice`` what the organisers published, ``schemes`` where
    those go who are at the wrong machine. ``readings`` find a school by 注音首字. ``scales`` are
    the year's points scales, ``documents`` what is brought to the review, ``county_forms`` the
    paper forms of the counties' own schemes. ``left_cards`` are those no officer has seen the news
    of yet.
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
    seal: Seal | None = None
    server: str = ""
    display: Display = AS_BUILT
    letters: bool = False
    schemes: tuple[Scheme, ...] = ()
    notice: str = field(default="", repr=False)
    ground: Ground | None = field(default=None, repr=False, compare=False)
    site: str = ""
    organiser: str = ""
    software: str = ""
    readings: Readings = field(default=NO_READINGS, repr=False, compare=False)
    scales: tuple[Scale, ...] = field(default=(), repr=False)
    documents: tuple[Document, ...] = field(default=(), repr=False)
    county_forms: tuple[CountyForm, ...] = field(default=(), repr=False)
    left_cards: tuple[LeftCard, ...] = ()


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


class Mending(StrEnum):
    """What became of a try to restart the card service."""

    RESTARTED = "restarted"
    NOT_ALLOWED = "not_allowed"
    ABSENT = "absent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The last try to restart the card service; ``outcome`` None while it is under way."""

    tries: int
    at: datetime
    ticket: int
    outcome: Mending | None = None


Slot = SlotEmpty | SlotReading | SlotHolds | SlotFaulty


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The three checks of K01; ``names`` are the readers that are plugged in."""

    service: Service = Service.UNKNOWN
    device: Service = Service.UNKNOWN
    slot: Slot = SlotEmpty()
    names: tuple[str, ...] = ()
    repair: Repair | None = None
