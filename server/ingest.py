"""From the bytes of an upload to its signed answer (PROTOCOL 2.7). No HTTP in here.

Verification runs in a pool of threads, storing in the writer; this is the way between them.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import structlog
from sqlalchemy import Connection, select, update

from core.signature import SignatureType
from core.wire.ack import Ack, Pace
from core.wire.admission import FORK, GAP, OK, QUOTA, STATUSES, answer_code
from core.wire.batch import EVENTS_AT_MOST, BatchHeader
from core.wire.document import sign_document
from core.wire.rotation import KIND as ROTATION
from core.wire.talk import Status
from server.appending import Outcome
from server.config import Limits
from server.directory import Directory
from server.keys import ServerKeys
from server.metrics import Metrics
from server.store.database import Store
from server.store.evidence import Evidence, is_kept, keep
from server.store.identities import Identity, is_device
from server.store.tables import device, event, head
from server.traffic import Traffic
from server.upload import Unusable, Upload, open_batch, verify_batch

T = TypeVar("T")
VERIFIERS = 2
BODIES_AT_ONCE = 2
DEVICE_BYTES = 16
CALM_MS, BUSY_MS = 0, 1_000
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back: ``ack`` is signed; without one, ``code`` says why."""

    status: int
    code: str
    ack: bytes | None = None


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
    ) -> None:
        """Join the parts; `open` begins."""
        self._store = store
        self._directory = directory
        self._keys = keys
        self._limits = limits
        self._now_ms = now_ms
        self._metrics = metrics
        self._traffic = traffic
        self._verifiers = ThreadPoolExecutor(VERIFIERS, thread_name_prefix="verifier")
        self._busy: set[bytes] = set()
        self._busy_lock = threading.Lock()
        self._bytes = 0
        self._arriving: Counter[bytes] = Counter()
        self._known: set[bytes] = set()
        self._running: set[asyncio.Task[Answer]] = set()
        self.epoch = bytes(8)

    def start(self, epoch: bytes) -> None:
        """Begin to take uploads, in this life of the log."""
        self.epoch = epoch

    async def stop(self) -> None:
        """Finish what is under way."""
        if self._running:
            await asyncio.wait(self._running)
        self._verifiers.shutdown()

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
        if dev in self._known:
            return True
        if not await self._store.read(lambda connection: is_device(connection, dev)):
            return False
        self._known.add(dev)
        return True

    async def receive(self, dev: bytes, data: bytes) -> Answer:
        """Store an upload and answer it; goes on to the end even if whoever asked goes away.

        Raises:
            BusyError: More waits for the writer than it takes.
            StoreError: The database refused.
        """
        with self._traffic.upload():
            return await self._to_the_end(self._receive(dev, data))

    async def keep_evidence(self, dev: bytes, data: bytes) -> Answer:
        """Keep a whole batch of a forked machine; its frames are for people to judge.

        Raises:
            BusyError: More waits for the writer than it takes.
            StoreError: The database refused.
        """
        return await self._to_the_end(self._keep_evidence(dev, data))

    async def _to_the_end(self, work: Coroutine[None, None, Answer]) -> Answer:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _receive(self, dev: bytes, data: bytes) -> Answer:
        started = time.perf_counter()
        upload = await self._in_pool(self._examine, dev, data)
        if isinstance(upload, Unusable):
            self._metrics.uploads.labels(upload.code).inc()
            return Answer(status=upload.status, code=upload.code)
        try:
            outcome = await self._store.writer.append(upload)
            if any(entry.kind == ROTATION for entry in upload.entries):
                self._directory.forget(dev, upload.header.inc)
        finally:
            self._leave(dev)
        if not isinstance(outcome, Outcome):
            raise TypeError(type(outcome).__name__)
        answer = self._answer(upload.header, outcome)
        self._note(upload.header, outcome)
        self._metrics.seconds.observe(time.perf_counter() - started)
        return answer

    async def _keep_evidence(self, dev: bytes, data: bytes) -> Answer:
        opened = await self._in_pool(self._open, dev, data)
        if isinstance(opened, Unusable):
            return Answer(status=opened.status, code=opened.code)
        header, hashes = opened
        piece = Evidence(header=header, data=data, reason="sent", recv_ms=self._now_ms())
        limit = self._limits.evidence_bytes

        def store(connection: Connection) -> tuple[bool, bool]:
            return _keep(connection, piece, limit), _quarantine(connection, piece, hashes)

        kept, proof = await self._store.write(store)
        log.warning("evidence_received", kept=kept, size=len(data))
        if proof:
            self._metrics.forks.inc()
            log.error("log_forked", dev=dev.hex(), inc=header.inc, by="evidence")
        return Answer(status=202, code=OK) if kept else Answer(status=507, code=QUOTA)

    def _examine(self, dev: bytes, data: bytes) -> Upload | Unusable:
        """In a verifier. An upload holds its machine's place until `_leave`."""
        opened = open_batch(data, dev, self._device)
        if isinstance(opened, Unusable):
            return opened
        batch, device = opened
        if not self._enter(dev):
            return Unusable(status=429, code="in_flight")
        held = False
        try:
            upload = verify_batch(data, batch, device)
            held = isinstance(upload, Upload)
        finally:
            if not held:
                self._leave(dev)
        return upload

    def _open(self, dev: bytes, data: bytes) -> tuple[BatchHeader, dict[int, bytes]] | Unusable:
        """In a verifier: the header, and by ``seq`` the hashes of what the machine did sign."""
        opened = open_batch(data, dev, self._device)
        if isinstance(opened, Unusable):
            return opened
        batch, device = opened
        if not self._enter(dev):
            return Unusable(status=429, code="in_flight")
        try:
            upload = verify_batch(data, batch, device)
        finally:
            self._leave(dev)
        if isinstance(upload, Unusable):
            return batch.header, {}
        return batch.header, {each.seq: each.hash for each in upload.entries}

    async def _in_pool(self, work: Callable[[bytes, bytes], T], dev: bytes, data: bytes) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._verifiers, work, dev, data)

    def _enter(self, dev: bytes) -> bool:
        """One batch in flight per machine; only a batch it signed takes the place."""
        with self._busy_lock:
            if dev in self._busy:
                return False
            self._busy.add(dev)
            return True

    def _leave(self, dev: bytes) -> None:
        with self._busy_lock:
            self._busy.discard(dev)

    def _device(self, dev: bytes, inc: int) -> Identity | None:
        known = self._directory.known_device(dev, inc)
        if known is not None:
            return known
        with self._store.reading() as connection:
            return self._directory.device(connection, dev, inc)

    def _answer(self, header: BatchHeader, outcome: Outcome) -> Answer:
        code = answer_code(outcome.code, outcome.added)
        status = STATUSES.get(code, Status.MALFORMED)
        busy = self._store.writer.waiting * 2 > self._limits.waiting_at_most
        ack = Ack(
            dev=header.dev,
            nonce=header.nonce,
            code=code,
            failed=outcome.failed,
            epoch=self.epoch,
            inc=outcome.inc,
            through=outcome.through,
            head=outcome.head,
            items=outcome.items,
            durable_through=outcome.durable,
            next=Pace(after_ms=BUSY_MS if busy else CALM_MS, max_events=EVENTS_AT_MOST),
        )
        signed = sign_document(SignatureType.ACK, ack, self._keys.receipt)
        return Answer(status=status, code=code, ack=signed)

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
    dev, inc = piece.header.dev, piece.header.inc
    same = (event.c.dev == dev) & (event.c.inc == inc) & event.c.seq.in_(sorted(hashes))
    stored = connection.execute(select(event.c.seq, event.c.eh).where(same))
    if all(hashes[row.seq] == row.eh for row in stored):
        return False
    in_service = select(device.c.inc).where(device.c.dev == dev)
    if connection.execute(in_service).scalar_one() != inc:
        return False  # retired: nothing can be added to it anyway
    fresh = (head.c.dev == dev) & (head.c.inc == inc) & head.c.quarantined_ms.is_(None)
    connection.execute(update(head).where(fresh).values(quarantined_ms=piece.recv_ms))
    return True
