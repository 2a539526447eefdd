"""Where a machine stands towards the server, and how far one entry has come.

Names that both programs of a kiosk share, and the table of PROTOCOL 2.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


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
        """Whether the log may grow. When closed, the kiosk's calendar decides for whom."""
        return TABLE[self].writes


class Activity(StrEnum):
    """What is under way. One thing at a time: a kiosk's line is thin, and one timer suffices."""

    IDLE = "idle"
    BEACON = "beacon"
    UPLOAD = "upload"
    CHORE = "chore"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Whether a state lets the log grow, what it starts on the network, and what may follow it."""

    writes: bool
    network: frozenset[Activity]
    leads_to: frozenset[ClientState]


_TALK = frozenset({Activity.BEACON, Activity.UPLOAD, Activity.CHORE})
_PROBES = frozenset({Activity.BEACON})
# A stopped machine listens on: a restored server has lost its evidence, and perhaps forgotten who
# it is (ADR 0011).
_EVIDENCE = frozenset({Activity.EVIDENCE, Activity.BEACON, Activity.CHORE})
_ENDS = frozenset({ClientState.FORKED, ClientState.SELF_ROLLBACK, ClientState.REVOKED})
_OPEN = frozenset(set(ClientState) - _ENDS - {ClientState.UNENROLLED})
_ANEW = frozenset({ClientState.OFFLINE})  # a new incarnation, until its first beacon

TABLE: Mapping[ClientState, Rule] = MappingProxyType(
    {
        ClientState.UNENROLLED: Rule(writes=False, network=frozenset(), leads_to=_ANEW),
        ClientState.CURRENT: Rule(writes=True, network=_TALK, leads_to=_OPEN | _ENDS),
        ClientState.SENDING: Rule(writes=True, network=_TALK, leads_to=_OPEN | _ENDS),
        ClientState.WAITING: Rule(writes=True, network=_TALK, leads_to=_OPEN | _ENDS),
        ClientState.OFFLINE: Rule(writes=True, network=_PROBES, leads_to=_OPEN | _ENDS),
        ClientState.STALE: Rule(writes=True, network=_PROBES, leads_to=_OPEN | _ENDS),
        ClientState.CLOSED: Rule(writes=True, network=_TALK, leads_to=_OPEN | _ENDS),
        ClientState.FORKED: Rule(
            writes=False, network=_EVIDENCE, leads_to=_ANEW | {ClientState.REVOKED}
        ),
        ClientState.SELF_ROLLBACK: Rule(
            writes=False, network=_EVIDENCE, leads_to=_ANEW | {ClientState.REVOKED}
        ),
        ClientState.REVOKED: Rule(writes=False, network=frozenset(), leads_to=_ANEW),
    }
)


class Delivery(StrEnum):
    """How far one entry has come: 已存本機 → 傳送中 → 已送達 → 已備援, or 需處理."""

    STORED = "stored"
    SENDING = "sending"
    DELIVERED = "delivered"
    BACKED_UP = "backed_up"
    ATTENTION = "attention"
