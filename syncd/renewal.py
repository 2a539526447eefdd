"""A stopped machine begins a new incarnation (PROTOCOL 2.12, ADR 0014).

The old log goes to where forks are judged, a new key is made, the county certifies it, and every
entry the server has not confirmed is carried over. Can be interrupted and repeated at every step.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from core.sealing import SealError, SigningKey
from core.wire.client import ClientState
from core.wire.event import SYSTEM
from core.wire.fault import WireError
from core.wire.identity import Grant
from core.wire.kind import Renewal
from core.wire.reference import Trust
from core.wire.talk import EvidenceStored, NothingCame
from syncd.carrying import Carrier, carry_all, links_after
from syncd.chores.trust import renew_trust
from syncd.client import Client, LineError
from syncd.courier import Courier, stored_trust
from syncd.enrolment import (
    FIRST_INCARNATION,
    Applicant,
    Enrolment,
    EnrolmentError,
    first_trust,
    granted_identity,
)
from syncd.kit import ChoreError, Clock, Kit, Log
from syncd.log_keys import new_log_key, older_log_keys
from syncd.station import Station
from syncd.store.audit import AuditCode
from syncd.store.database import Store
from syncd.store.identity import Identity
from syncd.store.ledger import Entry
from syncd.store.link_state import LinkState

REPLACED_DISK = "disk_replaced"
LOST_KEY = "log_key_lost"
STOPPED = frozenset({ClientState.FORKED, ClientState.SELF_ROLLBACK, ClientState.REVOKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """The machine as it goes on, and how many entries were carried over or had to stay."""

    identity: Identity
    carried: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a renewal works with."""

    store: Store
    client: Client
    sleep: Callable[[float], Awaitable[object]]
    clock: Clock
    log: Log


class Renewer:
    """One machine's way to its next incarnation; `renew` may be called again after any fault."""

    def __init__(self, station: Station, tools: Tools) -> None:
        """Nothing is sent or changed yet."""
        self._station = station
        self._tools = tools

    async def renew(self, applicant: Applicant, code: str, waiting_s: float) -> Renewed:
        """Become the next incarnation.

        Raises:
            EnrolmentError: ``renewal_not_needed`` while the machine may still write; ``offline``;
                ``grant_other_device``, ``grant_older`` when the county answered for another log; or
                as `Enrolment.obtain`.
            StationError: The log key is not ours to change.
            StoreError: It could not be stored.
        """
        store = self._tools.store
        old = store.identity.read()
        reason = REPLACED_DISK if old is None else self._reason(old)
        trust = await self._trust(old)
        if old is not None and self._station.log_key.public == _key_in_use(store, old):
            await self._hand_in_evidence(old, reason)
            self._station = new_log_key(self._station)
        elif old is not None and not self._enrolment().asks():
            self._station = new_log_key(self._station)  # left from some other time, not by us
        enrolment = self._enrolment()
        grant = await enrolment.obtain(applicant, code, waiting_s)
        identity = self._granted(grant, old, trust)
        renewed = _begin(self._tools, self._station.log_key, old, (identity, reason))
        enrolment.finish()
        return renewed

    def _enrolment(self) -> Enrolment:
        return Enrolment(self._station, self._tools.client, self._tools.sleep)

    def _reason(self, old: Identity) -> str:
        """Why the machine cannot go on as it is; without its log's key it can write nothing."""
        state = self._tools.store.link_state.read().client
        if state in STOPPED:
            return state.value
        if self._station.log_key.public == _key_in_use(self._tools.store, old):
            raise EnrolmentError("renewal_not_needed")
        return LOST_KEY

    async def _trust(self, old: Identity | None) -> Trust | None:
        """The newest trust that follows from the stored one; None on an empty disk."""
        if old is None:
            return None
        kit = self._kit(self._station.log_key)
        try:
            return await renew_trust(kit, stored_trust(old))
        except LineError as error:
            raise EnrolmentError("offline") from error
        except ChoreError as error:
            raise EnrolmentError(error.code) from error

    async def _hand_in_evidence(self, old: Identity, reason: str) -> None:
        """The whole old log, while there still is a key to hand it in with."""
        head = self._tools.store.ledger.head()
        if head is None or reason == ClientState.REVOKED.value:
            return
        kit = self._kit(self._station.log_key)
        courier = Courier(kit, old, secrets.token_bytes, self._tools.log)
        first = 1
        while first <= head.seq:
            heard = await courier.send_evidence(first, None)
            if isinstance(heard, NothingCame):
                raise EnrolmentError("offline")
            if not isinstance(heard, EvidenceStored):
                return  # the server keeps no more of it; the log itself stays on this disk
            first = heard.through + 1

    def _granted(self, grant: Grant, old: Identity | None, trust: Trust | None) -> Identity:
        try:
            known = trust or first_trust(self._station, grant)
            identity = granted_identity(self._station, grant, known)
        except (WireError, SealError) as error:
            code = error.code if isinstance(error, WireError) else "sealed_for_another"
            raise EnrolmentError(f"grant_{code}") from error
        if old is None and identity.inc == FIRST_INCARNATION:
            raise EnrolmentError("grant_other_device")
        if old is None:
            return identity
        if identity.device != old.device:
            raise EnrolmentError("grant_other_device")
        if identity.inc <= old.inc:
            raise EnrolmentError("grant_older")
        return replace(identity, trust=self._stored_trust(old))

    def _stored_trust(self, old: Identity) -> bytes:
        now = self._tools.store.identity.read()
        return old.trust if now is None else now.trust

    def _kit(self, key: SigningKey) -> Kit:
        tools = self._tools
        return Kit(
            store=tools.store,
            client=tools.client,
            key=key,
            clock=tools.clock,
            older=older_log_keys(self._station),
        )


def _key_in_use(store: Store, identity: Identity) -> bytes:
    return identity.log_key or store.ledger.key_at(1)


def _begin(
    tools: Tools, key: SigningKey, old: Identity | None, new: tuple[Identity, str]
) -> Renewed:
    """Everything the new incarnation starts with, in one transaction."""
    store, (identity, reason) = tools.store, new
    identity = replace(identity, log_key=key.public)
    with store.transaction():
        head = store.ledger.head()
        unsent = (
            tuple(links_after(store, head.inc, store.outbox.through()))
            if head is not None and old is not None
            else ()
        )
        store.identity.write(identity)
        # The epoch stays: if the server was restored since, the next beacon shows it.
        offline = LinkState(
            client=ClientState.OFFLINE,
            changed_ms=tools.clock().wall_ms,
            epoch=store.link_state.read().epoch,
        )
        store.link_state.write(offline)
        store.audit.add(AuditCode.DEVICE_RENEWED, tools.clock(), who=identity.device, detail=reason)
        body = Renewal(
            inc=identity.inc - 1 if head is None else head.inc,
            seq=0 if head is None else head.seq,
            head=head.hash if head is not None and head.seq else None,
            reason=reason,
        )
        store.ledger.append(Entry(kind="device.renew", body=body, who=SYSTEM), tools.clock(), key)
        left = carry_all(unsent, Carrier(store, tools.clock, key, tools.log).carry)
    return Renewed(identity=identity, carried=len(unsent) - left, left=left)
