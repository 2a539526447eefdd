"""From the bytes of an upload to its signed answer (PROTOCOL 2.7). No HTTP in here.

Verification runs in processes or threads of its own, storing in the writer; this is the way
between them.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from sqlalchemy import Connection, select, update

from core.signature import SignatureType
from core.wire.ack import Ack, Pace
from core.wire.admission import FORK, GAP, OK, QUOTA, answer_code, status_of
from core.wire.batch import EVENTS_AT_MOST, BatchHeader
from core.wire.rotation import KIND as ROTATION
from server.appending import Outcome
from server.config import Limits
from server.directory import Directory
from server.examiners import Examiners
from server.forks import contradicts_evidence, contradicts_log, note_claims
from server.keys import ServerKeys
from server.metrics import Metrics
from server.own import own_document
from server.spending import BESIDES_MS, Budget, Spending
from server.store.database import Store
from server.store.evidence import Evidence, is_kept, keep
from server.store.tables import device, head
from server.traffic import Traffic
from server.upload import Incarnations, Unusable, Upload

BODIES_AT_ONCE = 2
DEVICE_BYTES = 16
CALM_MS, BUSY_MS = 0, 1_000
US_A_MS = 1_000
STRANGE = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back: ``ack`` is signed; without one, ``code`` says why."""

    status: int
    code: str
    ack: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The machine an upload says it is from, and the address it came from."""

    dev: bytes
    address: str

    @property
    def stranger(self) -> bytes:
        """Who sent what no machine signed: it is not held against the machine it names."""
        return self.dev + self.address.encode()


IN_FLIGHT = Answer(status=HTTPStatus.TOO_MANY_REQUESTS, code="in_flight")


class Ingest:
    """Takes uploads from `start` to `stop`."""

    def __init__(  # noqa: PLR0913 - the parts an upload passes through
        self,
        *,
        store: Store,
        directory: Directory,
        keys: ServerKeys,
        limits: Limits,
        now_ms: Callable[[], int],
        metrics: Metrics,
        traffic: Traffic,
        examiners: Examiners,
    ) -> None:
        """Join the parts; `open` begins."""
        self._store = store
        self._directory = directory
        self._keys = keys
        self._limits = limits
        self._now_ms = now_ms
        self._metrics = metrics
        self._traffic = traffic
        self.examiners = examiners
        budget = Budget(burst_s=limits.processor_burst_s, s_a_minute=limits.processor_s_a_minute)
        self._machines, self._strangers = Spending(budget), Spending(budget)
        self._busy: set[bytes] = set()
        self._bytes = 0
        self._arriving: Counter[bytes] = Counter()
        self._running: set[asyncio.Task[Answer]] = set()
        self.epoch = bytes(8)

    async def start(self, epoch: bytes) -> None:
        """Begin to take uploads, in this life of the log.

        Raises:
            OSError: The system has no room for what verifies them.
        """
        self.epoch = epoch
        await self.examiners.start()

    async def stop(self) -> None:
        """Finish what is under way."""
        if self._running:
            await asyncio.wait(self._running)
        await self.examiners.stop()

    def reserve(self, size: int) -> bool:
        """Whether memory for an upload of ``size`` bytes is free; `release` gives it back."""
        if self._bytes + size > self._limits.bytes_in_flight:
            return False
        self._bytes += size
        return True

    def release(self, size: int) -> None:
        """The upload is done with."""
        self._bytes -= size

    def arrive(self, name: bytes) -> bool:
        """Whether one body more may come under this name; `depart` ends it."""
        if self._arriving[name] >= (BODIES_AT_ONCE if len(name) == DEVICE_BYTES else 1):
            return False
        self._arriving[name] += 1
        return True

    def depart(self, name: bytes) -> None:
        """A body under this name is done with."""
        self._arriving[name] -= 1
        if not self._arriving[name]:
            del self._arriving[name]

    async def knows(self, dev: bytes) -> bool:
        """Whether the county desk ever certified such a machine.

        Raises:
            StoreError: The database cannot be read.
        """
        return bool(self._directory.known_machine(dev) or await self._look_up(dev))

    def wait_ms(self, sender: Sender) -> int:
        """How long until an upload is looked at again; 0 for whoever has not cost too much."""
        now_ms = self._now_ms()
        mine = self._machines.wait_ms(sender.dev, now_ms)
        wait_ms = max(mine, self._strangers.wait_ms(sender.stranger, now_ms))
        if wait_ms:
            self._metrics.uploads.labels("pace").inc()
        return wait_ms

    async def receive(self, sender: Sender, data: bytes) -> Answer:
        """Store an upload and answer it; goes on to the end even if whoever asked goes away.

        Raises:
            BusyError: More waits for the writer than it takes.
            StoreError: The database refused.
        """
        with self._traffic.upload():
            return await self._to_the_end(self._receive(sender, data))

    async def keep_evidence(self, sender: Sender, data: bytes) -> Answer:
        """Keep a whole batch of a forked machine; its frames are for people to judge.

        Raises:
            BusyError: More waits for the writer than it takes.
            StoreError: The database refused.
        """
        return await self._to_the_end(self._keep_evidence(sender, data))

    async def _to_the_end(self, work: Coroutine[None, None, Answer]) -> Answer:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _receive(self, sender: Sender, data: bytes) -> Answer:
        started = time.perf_counter()
        dev = sender.dev
        upload, known = await self._examine(sender, data)
        if isinstance(upload, Unusable):
            self._metrics.uploads.labels(upload.code).inc()
            return Answer(status=upload.status, code=upload.code)
        if dev in self._busy:
            return IN_FLIGHT
        with self._place(dev):
            if self._directory.known_machine(dev) is not known:
                return IN_FLIGHT  # it changed its key meanwhile, with another upload
            outcome = await self._store.writer.append(upload)
            if any(entry.kind == ROTATION for entry in upload.entries):
                self._directory.forget(dev, upload.header.inc)
        if not isinstance(outcome, Outcome):
            raise TypeError(type(outcome).__name__)
        self._book(dev, outcome.spent_us / US_A_MS)
        answer = self._answer(upload.header, outcome)
        self._note(upload.header, outcome)
        self._metrics.seconds.observe(time.perf_counter() - started)
        return answer

    async def _keep_evidence(self, sender: Sender, data: bytes) -> Answer:
        dev = sender.dev
        examined, _ = await self._examine(sender, data)
        if isinstance(examined, Upload):
            header, entries = examined.header, examined.entries
        elif examined.header is not None:
            header, entries = examined.header, ()
        else:
            return Answer(status=examined.status, code=examined.code)
        hashes = {each.seq: each.hash for each in entries}
        piece = Evidence(header=header, data=data, reason="sent", recv_ms=self._now_ms())
        limit = self._limits.evidence_bytes

        def store(connection: Connection) -> tuple[bool, bool]:
            proof = _quarantine(connection, piece, hashes)
            taken = _keep(connection, piece, limit)
            if taken:
                note_claims(connection, (dev, header.inc), hashes, piece.recv_ms)
            return taken, proof

        kept, proof = await self._store.write(store)
        log.warning("evidence_received", kept=kept, size=len(data))
        if proof:
            self._metrics.forks.inc()
            log.error("log_forked", dev=dev.hex(), inc=header.inc, by="evidence")
        return Answer(status=202, code=OK) if kept else Answer(status=507, code=QUOTA)

    async def _examine(self, sender: Sender, data: bytes) -> tuple[Upload | Unusable, Incarnations]:
        """What came, and who its machine was taken for."""
        known = self._directory.known_machine(sender.dev)
        examined = await self._booked(sender, data, known)
        if isinstance(examined, Unusable) and examined.status in STRANGE:
            now = await self._look_up(sender.dev)
            if now is not known:  # it has a new certificate, or another key
                return await self._booked(sender, data, now), now
        return examined, known

    async def _booked(self, sender: Sender, data: bytes, known: Incarnations) -> Upload | Unusable:
        """What came; what that took is held against whoever sent it."""
        examined = await self.examiners.examine(data, sender.dev, known)
        found, spent_ms = examined.found, examined.spent_us / US_A_MS + BESIDES_MS
        if found.header is None:
            self._strangers.book(sender.stranger, spent_ms, self._now_ms())
        else:
            self._book(sender.dev, spent_ms)
        return found

    def _book(self, dev: bytes, spent_ms: float) -> None:
        if self._machines.book(dev, spent_ms, self._now_ms()):
            log.warning("machine_slowed", dev=dev.hex())

    async def _look_up(self, dev: bytes) -> Incarnations:
        return await self._store.read(lambda connection: self._directory.machine(connection, dev))

    @contextmanager
    def _place(self, dev: bytes) -> Iterator[None]:
        """One batch in flight per machine; only one it signed takes the place."""
        self._busy.add(dev)
        try:
            yield
        finally:
            self._busy.discard(dev)

    def pace_ms(self) -> int:
        """How long the next upload should wait: nothing, unless half of what may wait does."""
        busy = self._store.writer.waiting * 2 > self._limits.waiting_at_most
        return BUSY_MS if busy else CALM_MS

    def _answer(self, header: BatchHeader, outcome: Outcome) -> Answer:
        code = answer_code(outcome.code, outcome.added)
        ack = Ack(
            dev=header.dev,
            nonce=header.nonce,
            t=self._now_ms(),
            code=code,
            failed=outcome.failed,
            epoch=self.epoch,
            inc=outcome.inc,
            through=outcome.through,
            head=outcome.head,
            items=outcome.items,
            durable_through=outcome.durable,
            next=Pace(after_ms=self.pace_ms(), max_events=EVENTS_AT_MOST),
        )
        signed = own_document(SignatureType.ACK, ack, self._keys.receipt)
        return Answer(status=status_of(code), code=code, ack=signed)

    def _note(self, header: BatchHeader, outcome: Outcome) -> None:
        self._metrics.uploads.labels(outcome.code).inc()
        self._metrics.events.inc(outcome.added)
        if outcome.code == FORK:
            self._metrics.forks.inc()
            log.error(
                "log_forked",
                dev=header.dev.hex(),
                inc=outcome.inc,
                through=outcome.through,
                evidence_full=outcome.evidence_full,
            )
        elif outcome.code not in {OK, GAP}:
            log.warning(
                "upload_not_taken_whole",
                dev=header.dev.hex(),
                code=outcome.code,
                failed=outcome.failed,
                through=outcome.through,
            )


def _keep(connection: Connection, piece: Evidence, limit: int) -> bool:
    """Store a batch as evidence unless its machine has sent too much; False then."""
    if is_kept(connection, piece):
        return True
    mine = (head.c.dev == piece.header.dev) & (head.c.inc == piece.header.inc)
    size = len(piece.data)
    taken: int = connection.execute(select(head.c.evidence_bytes).where(mine)).scalar_one()
    if taken + size > limit:
        return False
    keep(connection, piece)
    connection.execute(update(head).where(mine).values(evidence_bytes=taken + size))
    return True


def _quarantine(connection: Connection, piece: Evidence, hashes: Mapping[int, bytes]) -> bool:
    """Two signed entries under one number are proof of a fork, whichever way they came."""
    dev, inc = log = piece.header.dev, piece.header.inc
    if not (
        contradicts_log(connection, log, hashes) or contradicts_evidence(connection, log, hashes)
    ):
        return False
    in_service = select(device.c.inc).where(device.c.dev == dev)
    if connection.execute(in_service).scalar_one() != inc:
        return False  # retired: nothing can be added to it anyway
    fresh = (head.c.dev == dev) & (head.c.inc == inc) & head.c.quarantined_ms.is_(None)
    connection.execute(update(head).where(fresh).values(quarantined_ms=piece.recv_ms))
    return True
