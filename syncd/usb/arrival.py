"""An answer from a stick: verified, then taken in as if the server had spoken (PROTOCOL 2.13).

Any number of answers in any order give the same: what is older than something known adds only
what is still missing.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from msgspec import structs

from core.signature import SignatureType, digest
from core.wire.ack import Ack
from core.wire.admission import status_of
from core.wire.beacon import Beacon, beacon_id
from core.wire.chain import Head
from core.wire.client import Activity, ClientState
from core.wire.document import open_document, split_document
from core.wire.event import SYSTEM
from core.wire.exchange import Exchange
from core.wire.fault import WireError
from core.wire.kind import BeaconSeen, Transfer
from core.wire.reference import Trust, keys_by_id
from core.wire.standing import Standing
from core.wire.talk import (
    Acked,
    BeaconReceived,
    CommitEpoch,
    Effect,
    Heard,
    Instant,
    MarkDelivered,
    ServerHead,
    Status,
)
from core.wire.usb import Answer, read_answer
from syncd.carrying import Carrier, renew_epoch
from syncd.chores.inbox import fetch_inbox
from syncd.chores.reference import renew_reference
from syncd.chores.requests import carry_requests
from syncd.chores.trust import renew_trust
from syncd.client import LineError, SeenBeacon
from syncd.courier import stored_trust
from syncd.kit import ChoreError, Kit
from syncd.store.audit import AuditCode
from syncd.store.identity import Identity
from syncd.store.ledger import Entry
from syncd.store.link_state import Carried
from syncd.usb.carried_line import CarriedLine
from syncd.usb.export import UnenrolledError


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What one answer changed here.

    ``newer``: it moved what is known of the server; ``inbox`` entries are new; ``codes`` say what
    of it was not used, or that the server did not take everything.
    """

    newer: bool
    through: int
    inbox: int
    reference: int | None
    client: ClientState
    codes: tuple[str, ...]


async def take_in(kit: Kit, private: bytes, data: bytes) -> Arrival:
    """Verify an answer and take it in; ``private`` is this machine's raw seal key.

    Raises:
        UnenrolledError: There is no machine to answer.
        WireError: Not an answer for this machine; nothing was changed.
        StoreError: As the store; taking it in again goes on.
    """
    identity = kit.store.identity.read()
    if identity is None:
        raise UnenrolledError
    answer = read_answer(data, stored_trust(identity), identity.device, private)
    seen = _beacon(answer, identity)
    said = _said(answer, identity)
    return await _Taking(replace(kit, client=CarriedLine(answer)), identity, answer, seen).all(said)


@dataclass(frozen=True, slots=True)
class _Told:
    """A log whose warnings go to the person who took the answer in."""

    codes: list[str]

    def info(self, event: str, **_: object) -> None:
        """Nothing to look at."""

    def warning(self, event: str, **_: object) -> None:
        """One code of the arrival."""
        self.codes.append(event)


class _Taking:
    """One answer on its way into the store.

    Lists and inbox first, each by itself; what says that it was taken in comes last, together.
    """

    def __init__(self, kit: Kit, identity: Identity, answer: Answer, seen: SeenBeacon) -> None:
        self._kit = kit
        self._identity = identity
        self._answer = answer
        self._seen = seen
        self._codes: list[str] = []

    async def all(self, said: Mapping[bytes, Ack]) -> Arrival:
        store, acks = self._kit.store, tuple(said.values())
        inbox_before, reference_before = store.inbox.after(), store.reference.version()
        newer = self._t > store.link_state.heard_ms()
        trust = await self._trust()
        stop, effects = self._heard(acks) if newer else (None, ())
        if newer and await self._revoked(trust):
            stop = ClientState.REVOKED
        writing = stop is None and store.link_state.read().client.may_write
        if writing:
            await self._inbox(trust)
        inbox = store.inbox.after() - inbox_before
        with store.transaction():
            if newer:
                self._settle(acks, effects, stop, writing=writing)
            self._add_verdicts(acks)
            for document, ack in said.items():
                store.answers.keep(ack, document)
            if writing and (newer or inbox):
                manifest = self._answer.manifest
                body = Transfer(file=self._answer.file, first=manifest.first, last=manifest.last)
                self._append("usb.import", body)
        version = store.reference.version()
        return Arrival(
            newer=newer,
            through=store.outbox.through(),
            inbox=inbox,
            reference=None if version is None or version == reference_before else version[0],
            client=store.link_state.read().client,
            codes=tuple(self._codes),
        )

    async def _trust(self) -> Trust:
        trust = stored_trust(self._identity)
        try:
            return await renew_trust(self._kit, trust)
        except (ChoreError, LineError):
            self._codes.append("trust_refused")
            return trust

    async def _revoked(self, trust: Trust) -> bool:
        """Take in lists and grants; whether the lists revoke this machine."""
        kit, revoked = self._kit, False
        if self._answer.content.snapshot is not None:
            try:
                revoked = await renew_reference(kit, trust, self._seen.beacon)
            except ChoreError as error:
                self._codes.append(error.code)
            except LineError:
                self._codes.append("reference_absent")
        for _ in range(2 if self._answer.content.forms else 0):  # posted first, then asked after
            with suppress(LineError):  # what is no grant is no word of the desk's
                await carry_requests(kit, trust)
        return revoked

    async def _inbox(self, trust: Trust) -> None:
        try:
            await fetch_inbox(self._kit, trust, self._seen)
        except (ChoreError, LineError):
            self._codes.append("inbox_refused")

    def _settle(
        self,
        acks: tuple[Ack, ...],
        effects: Iterable[Effect],
        stop: ClientState | None,
        *,
        writing: bool,
    ) -> None:
        """Cursor, epoch, stop and the beacon's time, in the caller's transaction."""
        store = self._kit.store
        for effect in effects:
            match effect:
                case MarkDelivered(through=through, durable=durable):
                    store.outbox.mark_delivered(through, durable)
                case CommitEpoch(epoch=epoch) if writing:
                    renew_epoch(store, epoch, self._carrier())
                case _:
                    pass  # the daemon asks the network by itself
        for ack in acks:
            if status_of(ack.code) is Status.MALFORMED:
                store.outbox.mark_attention(ack.through + 1)
        now = self._kit.clock()
        link = replace(store.link_state.read(), epoch=self._seen.beacon.epoch)
        if stop is not None and link.client.may_write:
            link = replace(link, client=stop, attention=stop.value, changed_ms=now.wall_ms)
            store.audit.add(AuditCode.DEVICE_STOPPED, now, detail=stop.value)
        store.link_state.write(link)
        store.link_state.carry(Carried(server_ms=self._t, seen=now))
        if writing:
            self._append("beacon.carried", BeaconSeen(digest=self._seen.digest, t=self._t))

    def _carrier(self) -> Carrier:
        """What cannot be carried becomes one of the codes that the person is shown."""
        kit = self._kit
        return Carrier(kit.store, kit.clock, kit.key, _Told(self._codes))

    @property
    def _t(self) -> int:
        return self._seen.beacon.t

    def _heard(self, acks: tuple[Ack, ...]) -> tuple[ClientState | None, Iterable[Effect]]:
        """What the client's own rules make of the last answer and of the server's head."""
        store, beacon = self._kit.store, self._seen.beacon
        own = store.ledger.head()
        state = Standing(
            stop=None,
            inc=self._identity.inc,
            written=0 if own is None else own.seq,
            cursor=store.outbox.through(),
            epoch=store.link_state.read().epoch,
            compared=True,
        )
        inc, seq, head = beacon.cursor
        heard: list[tuple[Activity, Heard]] = [
            (
                Activity.BEACON,
                BeaconReceived(
                    server=self._server_head(Head(inc=inc, seq=seq, hash=head)),
                    epoch=beacon.epoch,
                    after_ms=0,
                    max_events=beacon.slot.max_events,
                    next_ms=beacon.next_ms,
                    min_proto=beacon.min_proto,
                    durable=beacon.durable,
                ),
            )
        ]
        self._codes += [ack.code for ack in acks if ack.code != "ok"]
        if acks:
            heard.insert(0, (Activity.UPLOAD, self._acked(acks[-1])))
        effects: list[Effect] = []
        at = Instant(self._kit.clock().boot_ms, 0)
        for activity, event in heard:
            if state.stop is None:
                step = Exchange.step(structs.replace(state, activity=activity), event, at)
                state = step.standing
                effects += step.effects
        return state.stop, effects

    def _acked(self, ack: Ack) -> Acked:
        return Acked(
            status=status_of(ack.code),
            code=ack.code,
            server=self._server_head(Head(inc=ack.inc, seq=ack.through, hash=ack.head)),
            epoch=ack.epoch,
            durable=ack.durable_through,
            after_ms=0,
            max_events=ack.next.max_events,
            sent=0,
        )

    def _add_verdicts(self, acks: tuple[Ack, ...]) -> None:
        """What the server said of entries that nothing was known of; it never says otherwise."""
        outbox, ledger = self._kit.store.outbox, self._kit.store.ledger
        for ack in acks:
            if ledger.hash_at(ack.through) == ack.head:
                unknown = [item for item in ack.items if outbox.verdict(item[0]) is None]
                outbox.mark_items(unknown)

    def _server_head(self, head: Head) -> ServerHead:
        ours = self._kit.store.ledger.hash_at(head.seq) if head.inc == self._identity.inc else None
        return ServerHead(inc=head.inc, seq=head.seq, hash=head.hash, ours=ours)

    def _append(self, kind: str, body: BeaconSeen | Transfer) -> None:
        entry = Entry(kind=kind, body=body, who=SYSTEM)
        self._kit.store.ledger.append(entry, self._kit.clock(), self._kit.key)


def _beacon(answer: Answer, identity: Identity) -> SeenBeacon:
    keys = keys_by_id(answer.trust.beacon)
    beacon = open_document(SignatureType.BEACON, answer.content.beacon, Beacon, keys)
    if beacon.dev != identity.device:
        raise WireError("other_device")
    body, _ = split_document(answer.content.beacon)
    return SeenBeacon(beacon=beacon, id=beacon_id(body), digest=digest(SignatureType.BEACON, body))


def _said(answer: Answer, identity: Identity) -> dict[bytes, Ack]:
    """Signed answers to uploads of this incarnation, in their order, each with what it says.

    Those to an earlier incarnation say nothing of this log; those of an earlier life of the server
    say since when it held what.
    """
    keys = keys_by_id(answer.trust.receipt)
    said = {each: open_document(SignatureType.ACK, each, Ack, keys) for each in answer.content.acks}
    if any(each.dev != identity.device for each in said.values()):
        raise WireError("other_device")
    return {document: ack for document, ack in said.items() if ack.inc == identity.inc}
