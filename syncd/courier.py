"""Carries out what an `Exchange` asks of the network, and says what came of it.

It decides nothing.
"""

from collections.abc import Callable

from core.wire.admission import status_of
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.chain import Head
from core.wire.document import split_document
from core.wire.reference import Trust
from core.wire.talk import (
    BATCH,
    Acked,
    BeaconReceived,
    Chore,
    ChoreDone,
    EvidenceStored,
    Heard,
    NothingCame,
    Refused,
    RevocationProved,
    ServerHead,
    Status,
)
from syncd.chores.certificates import is_forgotten, present_certificates
from syncd.chores.errands import carry_errands
from syncd.chores.inbox import fetch_inbox
from syncd.chores.incidents import carry_incidents
from syncd.chores.reference import renew_reference
from syncd.chores.requests import carry_requests
from syncd.chores.trust import renew_trust
from syncd.client import ForeignSignatureError, LineError, Refusal, SeenBeacon, SignedAnswer
from syncd.kit import ChoreError, Kit, Log
from syncd.logbook import Logbook
from syncd.parcel import Parcel, Parcels
from syncd.store.identity import Identity

NONCE_BYTES = 16


class Courier:
    """One machine's way to its server. ``seen`` is the newest beacon of this run."""

    def __init__(
        self, kit: Kit, identity: Identity, random_bytes: Callable[[int], bytes], log: Log
    ) -> None:
        """Trust the document enrolment stored; it was verified then."""
        self._kit = kit
        self._identity = identity
        self._random = random_bytes
        self._log = log
        self._parcels = Parcels(kit.store, kit.key_at)
        self._trust = stored_trust(identity)
        self._presented: bytes | None = None
        self.seen: SeenBeacon | None = None

    async def ask_beacon(self) -> Heard:
        """Time, news, the server's head.

        A beacon under an unknown key makes us look for new trust first.
        """
        try:
            return await self._beacon()
        except ForeignSignatureError:
            if not await self._trust_renewed():
                return NothingCame()
        except LineError as error:
            return self._nothing("beacon", error)
        try:
            return await self._beacon()
        except LineError as error:
            return self._nothing("beacon", error)

    async def send(self, first: int, limit: int, epoch: bytes | None) -> Heard:
        """Upload a range and keep what the server says of each entry."""
        parcel = self._pack(first, limit, epoch)
        if parcel is None:
            return NothingCame()
        self._kit.store.outbox.mark_sending(parcel.first, parcel.last)
        try:
            answer = await self._kit.client.upload(
                self._identity.device, parcel.data, parcel.nonce, self._trust
            )
        except LineError as error:
            return self._nothing("upload", error)
        finally:
            self._kit.store.outbox.release()
        if isinstance(answer, Refusal):
            self._log.info("upload_refused", status=answer.status, code=answer.code)
            return Refused(answer.status, answer.retry_after_ms, parcel.count)
        self._parcels.forget()
        return self._acknowledged(answer, parcel)

    async def send_evidence(self, first: int, epoch: bytes | None) -> Heard:
        """Upload a range to where forks are judged."""
        parcel = self._pack(first, BATCH, epoch)
        if parcel is None:
            return NothingCame()
        try:
            refusal = await self._kit.client.evidence(self._identity.device, parcel.data)
        except LineError as error:
            return self._nothing("evidence", error)
        if refusal is not None:
            return Refused(refusal.status, refusal.retry_after_ms, parcel.count)
        return EvidenceStored(parcel.last)

    async def perform(self, chore: Chore) -> Heard:
        """Do one chore to its end."""
        try:
            revoked = await self._chore(chore)
        except LineError as error:
            return self._nothing(chore.value, error)
        except ChoreError as error:
            self._log.warning("chore_refused", chore=chore.value, code=error.code)
            return ChoreDone(chore)
        return RevocationProved() if revoked else ChoreDone(chore)

    async def _chore(self, chore: Chore) -> bool:
        """Whether the chore showed that this machine is revoked."""
        match chore:
            case Chore.TRUST:
                self._trust = await renew_trust(self._kit, self._trust)
            case Chore.CERTIFICATES if self.seen is not None:
                inc, seq, head = self.seen.beacon.cursor
                server = Head(inc=inc, seq=seq, hash=head)
                await present_certificates(self._kit, self._identity, server, self._log)
                self._presented = self.seen.beacon.epoch
            case Chore.REQUESTS:
                await carry_requests(self._kit, self._trust)
            case Chore.ERRANDS if self.seen is not None:
                await carry_incidents(self._kit, self.seen, self._log)
                await carry_errands(self._kit, self.seen)
            case Chore.INBOX if self.seen is not None:
                await fetch_inbox(self._kit, self._trust, self.seen)
            case Chore.REFERENCE if self.seen is not None:
                return await renew_reference(self._kit, self._trust, self.seen.beacon)
            case _:
                pass
        return False

    async def _beacon(self) -> Heard:
        nonce = self._random(NONCE_BYTES)
        seen = await self._kit.client.beacon(self._identity.device, nonce, self._trust)
        if isinstance(seen, Refusal):
            return Refused(seen.status, seen.retry_after_ms)
        Logbook(self._kit).see(seen)
        self.seen = seen
        self._kit.store.link_state.paced(seen.beacon.slot.after_ms)
        inc, seq, head = seen.beacon.cursor
        return BeaconReceived(
            server=self._server_head(Head(inc=inc, seq=seq, hash=head)),
            epoch=seen.beacon.epoch,
            after_ms=seen.beacon.slot.after_ms,
            max_events=seen.beacon.slot.max_events,
            next_ms=seen.beacon.next_ms,
            min_proto=seen.beacon.min_proto,
            durable=seen.beacon.durable,
            news=self._news(seen),
        )

    def _news(self, seen: SeenBeacon) -> frozenset[Chore]:
        """What a beacon calls for."""
        beacon = seen.beacon
        news = set()
        if beacon.trust_v > self._trust.v:
            news.add(Chore.TRUST)
        inc, seq, head = beacon.cursor
        forgotten = is_forgotten(self._identity, Head(inc=inc, seq=seq, hash=head))
        if forgotten or self._presented != beacon.epoch:
            news.add(Chore.CERTIFICATES)
        version = self._kit.store.reference.version()
        if beacon.snap_v and version != (beacon.snap_v, beacon.snap_h):
            news.add(Chore.REFERENCE)
        if beacon.inbox > self._kit.store.inbox.after():
            news.add(Chore.INBOX)
        if self._kit.store.requests.open():
            news.add(Chore.REQUESTS)
        if self._kit.store.errands.open() or self._kit.store.incidents.open():
            news.add(Chore.ERRANDS)
        return frozenset(news)

    async def _trust_renewed(self) -> bool:
        before = self._trust.v
        try:
            self._trust = await renew_trust(self._kit, self._trust)
        except (LineError, ChoreError) as error:
            self._log.warning("trust_not_renewed", error=type(error).__name__)
        return self._trust.v > before

    def _pack(self, first: int, limit: int, epoch: bytes | None) -> Parcel | None:
        now = self._kit.clock().boot_ms
        return self._parcels.pack(first, limit, epoch, self._random(NONCE_BYTES), now)

    def _acknowledged(self, answer: SignedAnswer, parcel: Parcel) -> Acked:
        ack = answer.ack
        status = status_of(ack.code)
        with self._kit.store.transaction():
            self._kit.store.link_state.paced(ack.next.after_ms)
            self._kit.store.outbox.mark_items(ack.items)
            self._kit.store.answers.keep(ack, answer.document)
            if status is Status.MALFORMED and ack.failed is not None:
                self._kit.store.outbox.mark_attention(parcel.first + ack.failed)
        return Acked(
            status=status,
            code=ack.code,
            server=self._server_head(Head(inc=ack.inc, seq=ack.through, hash=ack.head)),
            epoch=ack.epoch,
            durable=ack.durable_through,
            after_ms=ack.next.after_ms,
            max_events=ack.next.max_events,
            sent=parcel.count,
        )

    def _server_head(self, head: Head) -> ServerHead:
        ours = self._kit.store.ledger.hash_at(head.seq) if head.inc == self._identity.inc else None
        return ServerHead(inc=head.inc, seq=head.seq, hash=head.hash, ours=ours)

    def _nothing(self, what: str, error: LineError) -> NothingCame:
        self._log.info("no_answer", what=what, reason=str(error))
        return NothingCame()


def stored_trust(identity: Identity) -> Trust:
    """The trust document of the store; who signed it was checked before it was stored."""
    body, _ = split_document(identity.trust)
    return from_wire(body, Trust, FILE_LIMITS)
