"""Where a machine stands towards the server, and how far one entry has come.

As names both programs of a kiosk share.
"""

from enum import StrEnum


class ClientState(StrEnum):
    """The states of PROTOCOL 2.7, shown in the header line of every screen."""

    UNENROLLED = "unenrolled"
    CURRENT = "current"
    SENDING = "sending"
    WAITING = "waiting"
    OFFLINE = "offline"
    STALE = "stale"
    CLOSED = "closed"
    FORKED = "forked"
    SELF_ROLLBACK = "self_rollback"
    REVOKED = "revoked"

    @property
    def may_write(self) -> bool:
        """Whether the log may grow. In `CLOSED` officers' acts only.

        The kiosk's calendar decides which.
        """
        return self not in NO_WRITING


NO_WRITING = frozenset(
    {
        ClientState.UNENROLLED,
        ClientState.FORKED,
        ClientState.SELF_ROLLBACK,
        ClientState.REVOKED,
    }
)


class Delivery(StrEnum):
    """How far one entry has come: 已存本機 → 傳送中 → 已送達 → 已備援, or 需處理."""

    STORED = "stored"
    SENDING = "sending"
    DELIVERED = "delivered"
    BACKED_UP = "backed_up"
    ATTENTION = "attention"
