"""Uploads become part of the log: PROTOCOL 2.7, steps 3 and 4 up to the commit.

Runs in the writer's transaction, for a group of uploads at once. It refuses to know about HTTP.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Select, select

from core.wire.ack import Verdict
from core.wire.admission import FORK, OK, Decision, Held, Offer, Room, admit
from core.wire.rotation import KIND as ROTATION
from server.config import Limits
from server.forks import contradicts_evidence, note_claims
from server.judging import Judge
from server.key_changes import Watch, is_signed_now, note_change
from server.store import dialect, events, identities
from server.store.events import LogRow
from server.store.evidence import Evidence, is_kept, keep
from server.store.identities import Withdrawn
from server.store.tables import device, event, head, verdict
from server.upload import Entry, Upload

Level = Literal[0, 1, 2, 3]
"""`Verdict` as the answer carries it."""
LEVELS: tuple[Level, ...] = (0, 1, 2, 3)
DAY_MS = 86_400_000
FORMER_KEY = "signature"
"""The upload was verified by what was in memory, and the log has another key by now."""
TAIWAN_MS = 8 * 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an upload. ``items``: ``(seq, log index, verdict)``; ``failed``: an index.

    Entries up to ``durable`` are in the newest verified backup. ``spent_us`` is its share of what
    its group kept the writer busy.
    """

    code: str
    failed: int | None
    inc: int
    through: int
    head: bytes
    items: tuple[tuple[int, int, Level], ...]
    added: int
    durable: int
    evidence_full: bool
    spent_us: int


@dataclass(slots=True)
class _Log:
    """One incarnation of a machine's log while a group is appended: a row of `_of_machines`.

    ``retired``: a later one is in service, so nothing is added to this one any more.
    """

    dev: bytes
    inc: int
    seq: int
    hash: bytes
    certificate: bytes
    quarantined_ms: int | None
    recv_ms: int | None
    day: int
    day_events: int
    day_bytes: int
    season_bytes: int
    evidence_bytes: int
    durable: int
    retired: bool

    def row(self) -> dict[str, Any]:
        """What an upload may have changed in ``head``, under the key of that table."""
        return {
            "dev": self.dev,
            "inc": self.inc,
            "seq": self.seq,
            "hash": self.hash,
            "quarantined_ms": self.quarantined_ms,
            "recv_ms": self.recv_ms,
            "day": self.day,
            "day_events": self.day_events,
            "day_bytes": self.day_bytes,
            "season_bytes": self.season_bytes,
            "evidence_bytes": self.evidence_bytes,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    eh: bytes
    log_index: int
    verdict: int


@dataclass(slots=True, kw_only=True)
class _Plan:
    """What will be done with one upload: ``fresh`` goes behind the place ``behind`` of the log."""

    upload: Upload
    log: _Log
    stored: Mapping[int, _Stored]
    code: str = OK
    failed: int | None = None
    fresh: Sequence[Entry] = ()
    behind: int = 0
    evidence_full: bool = False


class Appender:
    """Appends groups of uploads; what it needs besides the transaction is given once."""

    def __init__(
        self, judge: Judge, limits: Limits, now_ms: Callable[[], int], watch: Watch
    ) -> None:
        """``now_ms`` is the server's clock, ``watch`` that over what verified the uploads."""
        self._judge = judge
        self._limits = limits
        self._now_ms = now_ms
        self._keys = watch

    def __call__(self, connection: Connection, uploads: Sequence[Upload]) -> list[Outcome]:
        """One outcome per upload, in order; a machine's second upload sees what its first left."""
        started = time.thread_time_ns()
        plans: dict[int, _Plan] = {}
        last = events.last_index(connection)
        remaining = list(enumerate(uploads))
        while remaining:
            first: dict[tuple[bytes, int], tuple[int, Upload]] = {}
            later: list[tuple[int, Upload]] = []
            for number, upload in remaining:
                name = (upload.header.dev, upload.header.inc)
                if name in first:
                    later.append((number, upload))
                else:
                    first[name] = (number, upload)
            turn = list(first.values())
            planned, last = self._append(connection, [upload for _, upload in turn], last)
            plans |= {n: plan for (n, _), plan in zip(turn, planned, strict=True)}
            remaining = later
        verdicts = self._judge.at_once(connection, last)
        taken = [(plan.log.dev, plan.log.inc) for plan in plans.values() if plan.fresh]
        rejected = self._judge.rejected(connection, taken)
        share_us = (time.thread_time_ns() - started) // 1000 // max(1, len(uploads))
        numbers = range(len(uploads))
        return [_outcome(plans[number], verdicts, rejected, share_us) for number in numbers]

    def _append(
        self, connection: Connection, uploads: Sequence[Upload], last: int
    ) -> tuple[list[_Plan], int]:
        """Uploads of different logs, behind the place ``last``; the new last place."""
        now_ms = self._now_ms()
        logs = _logs(connection, uploads)
        withdrawn = identities.withdrawals(
            connection, [(upload.header.dev, upload.header.inc) for upload in uploads]
        )
        plans = []
        wary = self._keys.is_wary(connection, now_ms)
        for upload in uploads:
            log = logs[upload.header.dev, upload.header.inc]
            plan = _Plan(upload=upload, log=log, stored=_overlap(connection, upload, log))
            if wary and not is_signed_now(connection, upload):
                plan.code = FORMER_KEY
            else:
                self._decide(connection, plan, withdrawn.get((log.dev, log.inc)), now_ms)
            plans.append(plan)
        return plans, _write(connection, plans, last, now_ms)

    def _decide(
        self, connection: Connection, plan: _Plan, withdrawn: Withdrawn | None, now_ms: int
    ) -> None:
        """Step 3: what the log and the limits allow."""
        today = (now_ms + TAIWAN_MS) // DAY_MS
        held = _held(connection, plan, withdrawn)
        decision = admit(held, _offer(plan.upload), self._room(plan.log, today))
        plan.code, plan.failed = decision.code, decision.failed
        if decision.code == FORK:
            self._keep_evidence(connection, plan, now_ms)
        else:
            _take(plan, decision, now_ms, today)

    def _keep_evidence(self, connection: Connection, plan: _Plan, now_ms: int) -> None:
        log, upload = plan.log, plan.upload
        if not log.retired:
            log.quarantined_ms = log.quarantined_ms or now_ms
        kept = Evidence(header=upload.header, data=upload.data, reason=FORK, recv_ms=now_ms)
        if not is_kept(connection, kept):
            size = len(upload.data)
            plan.evidence_full = log.evidence_bytes + size > self._limits.evidence_bytes
            if not plan.evidence_full:
                keep(connection, kept)
                note_claims(connection, (log.dev, log.inc), _hashes(upload), now_ms)
                log.evidence_bytes += size

    def _room(self, log: _Log, today: int) -> Room:
        limits, counted = self._limits, log.day == today
        return Room(
            day_events=limits.day_events - (log.day_events if counted else 0),
            day_bytes=limits.day_bytes - (log.day_bytes if counted else 0),
            season_bytes=limits.season_bytes - log.season_bytes,
        )


def _write(connection: Connection, plans: Sequence[_Plan], last: int, now_ms: int) -> int:
    """The new entries behind the place ``last``; the new last place."""
    rows: list[LogRow] = []
    for plan in plans:
        plan.behind = last
        dev, inc = plan.log.dev, plan.log.inc
        for entry in plan.fresh:
            last += 1
            if entry.kind == ROTATION:
                note_change(connection)
            row = last, dev, inc, entry.seq, entry.hash, entry.kind, now_ms, entry.stored
            rows.append(LogRow(*row, entry.payload))
    events.append(connection, rows)
    dialect.update_many(connection, head, [plan.log.row() for plan in plans])
    return last


def _logs(connection: Connection, uploads: Sequence[Upload]) -> dict[tuple[bytes, int], _Log]:
    machines = sorted({upload.header.dev for upload in uploads})
    statement = _of_machines(connection.dialect.name)
    rows: Iterable[Sequence[Any]] = connection.execute(statement, {"machines": machines})
    logs = [_Log(*row) for row in rows]
    return {(log.dev, log.inc): log for log in logs}


@cache
def _of_machines(name: str) -> Select[Any]:
    """The logs of some machines, on a database of this name."""
    # Not a join, for which PostgreSQL may read the whole table rather than look each machine up.
    in_service = select(device.c.inc).where(device.c.dev == head.c.dev).scalar_subquery()
    return select(
        head.c.dev,
        head.c.inc,
        head.c.seq,
        head.c.hash,
        head.c.certificate,
        head.c.quarantined_ms,
        head.c.recv_ms,
        head.c.day,
        head.c.day_events,
        head.c.day_bytes,
        head.c.season_bytes,
        head.c.evidence_bytes,
        head.c.durable,
        (in_service > head.c.inc).label("retired"),
    ).where(dialect.is_one_of(head.c.dev, "machines", name))


def _overlap(connection: Connection, upload: Upload, log: _Log) -> dict[int, _Stored]:
    """Stored entries by ``seq`` that the batch speaks of, and the one it says it follows."""
    first, last = upload.header.first - 1, upload.header.last
    if first >= log.seq:
        return {}
    rows = connection.execute(
        select(event.c.seq, event.c.eh, event.c.log_index, verdict.c.verdict)
        .outerjoin(verdict, verdict.c.eh == event.c.eh)
        .where(
            event.c.dev == log.dev,
            event.c.inc == log.inc,
            event.c.seq >= first,
            event.c.seq <= last,
        )
    )
    return {
        row.seq: _Stored(eh=row.eh, log_index=row.log_index, verdict=row.verdict or 0)
        for row in rows
    }


def _held(connection: Connection, plan: _Plan, withdrawn: Withdrawn | None) -> Held:
    log, first = plan.log, plan.upload.header.first
    told_twice = bool(log.evidence_bytes) and contradicts_evidence(
        connection, (log.dev, log.inc), _hashes(plan.upload)
    )
    before: bytes | None
    if first - 1 == log.seq:
        before = log.hash
    elif first == 1:
        before = log.certificate
    else:
        before = plan.stored[first - 1].eh if first - 1 in plan.stored else None
    return Held(
        seq=log.seq,
        before=before,
        overlap={seq: row.eh for seq, row in plan.stored.items()},
        quarantined=log.retired or log.quarantined_ms is not None or told_twice,
        last_good=None if withdrawn is None else withdrawn.last_seq or 0,
    )


def _hashes(upload: Upload) -> dict[int, bytes]:
    """The good entries of an upload, by ``seq``."""
    return {each.seq: each.hash for each in upload.entries}


def _offer(upload: Upload) -> Offer:
    return Offer(
        first=upload.header.first,
        prev=upload.header.prev,
        hashes=[entry.hash for entry in upload.entries],
        sizes=[entry.size for entry in upload.entries],
        broken=upload.broken,
    )


def _take(plan: _Plan, decision: Decision, now_ms: int, today: int) -> None:
    """Move the head over what is appended, and count it."""
    log = plan.log
    if log.day != today:
        log.day, log.day_events, log.day_bytes = today, 0, 0
    plan.fresh = fresh = plan.upload.entries[decision.fresh.start : decision.fresh.stop]
    if fresh:
        size = sum([entry.size for entry in fresh])
        log.seq, log.hash, log.recv_ms = fresh[-1].seq, fresh[-1].hash, now_ms
        log.day_events += len(fresh)
        log.day_bytes += size
        log.season_bytes += size


def _outcome(
    plan: _Plan,
    verdicts: Mapping[bytes, Verdict],
    rejected: Mapping[tuple[bytes, int], Sequence[tuple[int, int]]],
    spent_us: int,
) -> Outcome:
    """What became of it, and which entries before it were ``rejected`` lately."""
    log, first = plan.log, plan.upload.header.first
    items: list[tuple[int, int, Level]] = [
        (seq, index, 2) for seq, index in rejected.get((log.dev, log.inc), ()) if seq < first
    ]
    items += [
        (seq, row.log_index, LEVELS[verdicts.get(row.eh, row.verdict)])
        for seq, row in sorted(plan.stored.items())
        if seq >= first and plan.code != FORK
    ]
    items += [
        (entry.seq, index, LEVELS[verdicts.get(entry.hash, Verdict.STORED)])
        for index, entry in enumerate(plan.fresh, plan.behind + 1)
    ]
    return Outcome(
        code=plan.code,
        failed=plan.failed,
        inc=log.inc,
        through=log.seq,
        head=log.hash,
        items=tuple(items),
        added=len(plan.fresh),
        durable=log.durable,
        evidence_full=plan.evidence_full,
        spent_us=spent_us,
    )
