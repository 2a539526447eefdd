"""What an `Exchange` hears and asks for, and the times it keeps. The daemon translates to bytes."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
BATCH = 200  # entries in one upload (PROTOCOL 2.7)


class Status(IntEnum):
    """The answers of PROTOCOL 2.7 that a machine has to tell apart."""

    STORED = 200
    ACCEPTED = 202
    FORMAT = 400
    UNKNOWN = 401
    SCOPE = 403
    ABSENT = 404
    CONFLICT = 409
    REVOKED = 410
    TOO_LARGE = 413
    MALFORMED = 422
    UPGRADE = 426
    TOO_MANY = 429
    QUOTA = 507


class Chore(StrEnum):
    """What is done on the side, one at a time, when nothing is to be sent."""

    TRUST = "trust"
    CERTIFICATES = "certificates"
    REFERENCE = "reference"
    INBOX = "inbox"
    REQUESTS = "requests"
    ERRANDS = "errands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Times in milliseconds; the defaults are those of PROTOCOL 2.5 and 2.7.

    ``beacon_ms`` replaces the interval the server asks for; None obeys it.
    """

    retry_first_ms: int = SECOND_MS
    retry_cap_ms: int = 15 * MINUTE_MS
    beacon_ms: int | None = None
    commit_ms: int = HOUR_MS
    offline_ms: int = HOUR_MS
    stale_ms: int = 3 * DAY_MS
    blocked_ms: int = HOUR_MS
    last_call_ms: int = 5 * MINUTE_MS
    batch: int = BATCH
    batch_growth: int = 8
    alarm_after: int = 10


@dataclass(frozen=True, slots=True)
class Instant:
    """When something is heard, on the boot clock; ``chance`` is a random number of 32 bits."""

    ms: int
    chance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHead:
    """Where the server sees this log; ``ours`` is the own hash at that ``seq``, if there is one."""

    inc: int
    seq: int
    hash: bytes
    ours: bytes | None


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time has passed; nothing else happened."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The certificate was verified: a log of incarnation ``inc`` stands at ``written``.

    ``epoch`` is the server's life that an earlier log has written of; a stopped machine may have
    heard of another since.
    """

    inc: int
    written: int
    epoch: bytes | None


@dataclass(frozen=True, slots=True)
class LogGrew:
    """The own log now ends at ``written``."""

    written: int


@dataclass(frozen=True, slots=True)
class LinkCameUp:
    """The network interface says there is a line again."""


@dataclass(frozen=True, slots=True)
class SendNow:
    """A person pressed 立即傳送."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """These chores are to be done."""

    chores: frozenset[Chore]


@dataclass(frozen=True, slots=True)
class DeadlineMoved:
    """The own estimate of D on the boot clock; None when no calendar names one."""

    at_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BeaconReceived:
    """A verified beacon. ``news`` are the chores it calls for; ``durable`` as in `Acked`."""

    server: ServerHead
    epoch: bytes
    after_ms: int
    max_events: int
    next_ms: int
    min_proto: int
    durable: int | None = None
    news: frozenset[Chore] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acked:
    """A signed answer to an upload of ``sent`` entries."""

    status: Status
    code: str
    server: ServerHead
    epoch: bytes
    durable: int
    after_ms: int
    max_events: int
    sent: int


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer of ours by its form, without signature; ``sent`` entries were in the request."""

    status: int
    retry_after_ms: int | None = None
    sent: int = 0


@dataclass(frozen=True, slots=True)
class NothingCame:
    """No answer, or not ours: time-out, reset, a captive portal's page, a wrong signature."""


@dataclass(frozen=True, slots=True)
class EvidenceStored:
    """The server keeps the log up to ``through`` as evidence."""

    through: int


@dataclass(frozen=True, slots=True)
class ChoreDone:
    """A chore ended, well or not; if not, the next beacon calls for it again."""

    chore: Chore


@dataclass(frozen=True, slots=True)
class RevocationProved:
    """The signed revocation list names this machine."""


Heard = (
    Ticked
    | Enrolled
    | LogGrew
    | LinkCameUp
    | SendNow
    | Wanted
    | DeadlineMoved
    | BeaconReceived
    | Acked
    | Refused
    | NothingCame
    | EvidenceStored
    | ChoreDone
    | RevocationProved
)


@dataclass(frozen=True, slots=True)
class AskBeacon:
    """Ask for time and news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBatch:
    """Upload at most ``limit`` entries from ``first`` on. Asked again: the same bytes again."""

    first: int
    limit: int


@dataclass(frozen=True, slots=True)
class SendEvidence:
    """Upload from entry ``first`` on to where forks are judged."""

    first: int


@dataclass(frozen=True, slots=True)
class Perform:
    """Do one chore."""

    chore: Chore


@dataclass(frozen=True, slots=True)
class CommitBeacon:
    """Write the beacon just received into the log."""


@dataclass(frozen=True, slots=True)
class CommitEpoch:
    """Write into the log that the server speaks of a new life."""

    epoch: bytes


@dataclass(frozen=True, slots=True)
class CommitOpen:
    """D lies ahead by the own estimate: write ``season.open`` unless the log says so already."""


@dataclass(frozen=True, slots=True)
class CommitClose:
    """D has passed by the own estimate: write ``season.close``."""


@dataclass(frozen=True, slots=True)
class MarkDelivered:
    """The server holds everything up to ``through``, its backup everything up to ``durable``."""

    through: int
    durable: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """People should know: the code, and how often in a row."""

    code: str
    count: int


Effect = (
    AskBeacon
    | SendBatch
    | SendEvidence
    | Perform
    | CommitBeacon
    | CommitEpoch
    | CommitOpen
    | CommitClose
    | MarkDelivered
    | Alarm
)
