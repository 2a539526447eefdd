"""What people did at this machine: a closed list of codes, append-only, no personal data."""

from dataclasses import dataclass
from enum import StrEnum

from syncd.store.connections import Connections
from syncd.store.moment import Moment


class AuditCode(StrEnum):
    """The closed list (docs/audit-events.md)."""

    PROGRAM_STARTED = "program_started"
    PROGRAM_STOPPED = "program_stopped"
    STORE_RECOVERED = "store_recovered"
    STORE_FULL = "store_full"
    DEVICE_ENROLLED = "device_enrolled"
    DEVICE_STOPPED = "device_stopped"
    DEVICE_RENEWED = "device_renewed"
    LOG_KEY_CHANGED = "log_key_changed"
    REFERENCE_INSTALLED = "reference_installed"
    REFERENCE_REFUSED = "reference_refused"
    INCIDENT_REPORTED = "incident_reported"
    INBOX_REFUSED = "inbox_refused"
    TRUST_RENEWED = "trust_renewed"
    TRUST_REFUSED = "trust_refused"
    CARD_READ = "card_read"
    CARD_REFUSED = "card_refused"
    CARD_REMOVED = "card_removed"
    CARD_LEFT = "card_left"
    FIRST_USE_WITNESSED = "first_use_witnessed"
    ENTRY_WITNESSED = "entry_witnessed"
    PASSWORD_SET = "password_set"  # noqa: S105 - a code, not a password
    PASSWORD_REFUSED = "password_refused"  # noqa: S105
    ACCOUNT_LOCKED = "account_locked"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SCREEN_COVERED = "screen_covered"
    NOTICES_AGREED = "notices_agreed"
    TEACHER_REGISTERED = "teacher_registered"
    OFFICER_REQUESTED = "officer_requested"
    OFFICER_CERTIFIED = "officer_certified"
    OFFICER_REFUSED = "officer_refused"
    APPLICATION_SUBMITTED = "application_submitted"
    APPLICATION_RESOLVED = "application_resolved"
    APPLICATION_WITHDRAWN = "application_withdrawn"
    APPLICATION_OPENED = "application_opened"
    APPLICATION_APPROVED = "application_approved"
    APPLICATION_RETURNED = "application_returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One line. ``who`` is a pseudonym or certificate id.

    ``detail`` a code or a number, never a name.
    """

    id: int
    wall_ms: int
    code: AuditCode
    who: bytes | None
    detail: str


class Audit:
    """Add and read lines; nothing changes or removes them."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(
        self, code: AuditCode, moment: Moment, who: bytes | None = None, detail: str = ""
    ) -> None:
        """Add one line."""
        self._connections.here.insert(
            "audit",
            {"wall_ms": moment.wall_ms, "code": code.value, "who": who, "detail": detail},
        )

    def incidents(self, limit: int) -> tuple[str, ...]:
        """What was reported as wrong, newest first: number and state of the machine."""
        rows = self._connections.here.rows(
            "SELECT detail FROM audit WHERE code = ? ORDER BY id DESC LIMIT ?",
            AuditCode.INCIDENT_REPORTED.value,
            limit,
        )
        return tuple(row["detail"] for row in rows)

    def newest(self, limit: int) -> tuple[AuditRow, ...]:
        """The last ``limit`` lines, newest first."""
        rows = self._connections.here.rows(
            "SELECT id, wall_ms, code, who, detail FROM audit ORDER BY id DESC LIMIT ?", limit
        )
        return tuple(AuditRow(**{**row, "code": AuditCode(row["code"])}) for row in rows)
