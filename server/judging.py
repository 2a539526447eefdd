"""Verdicts on stored entries in the order of the log: views, receipts, notices (PROTOCOL 2.7).

How far this has come stands in the database, written in the same transaction as what follows from
the verdicts: after a crash it goes on there, so no entry is judged twice or never. While uploads
are few they wait for their verdicts; in a rush they are acknowledged as stored, and the verdicts
follow (ADR 0020).
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import structlog
from sqlalchemy import Connection, bindparam, delete, func, select, tuple_

from core.sealing import SigningKey
from core.wire.ack import Verdict
from server.audit import SYSTEM, AuditCode, record
from server.directory import Directory
from server.keeping.resumption import go_on
from server.notices import Stamp, announce
from server.refiling import awaited
from server.store import events
from server.store.attempt import Failed, attempt
from server.store.events import StoredEntry
from server.store.settings import JUDGED, read_number, write_number
from server.store.tables import event, head, verdict
from server.views.fold import first_seen, fold_in, set_aside
from server.views.judgement import NOT_JUDGED

AT_ONCE = 500
LAG_AT_MOST = 50_000
LATE_S = 30.0
LOOK_BACK = 200
TRIES = 3
SET_ASIDE = select(func.count()).select_from(verdict).where(verdict.c.code == NOT_JUDGED)
REJECTED = (
    select(head.c.dev, head.c.inc, event.c.seq, event.c.log_index)
    .join(
        event,
        (event.c.dev == head.c.dev)
        & (event.c.inc == head.c.inc)
        & (event.c.seq > head.c.seq - LOOK_BACK),
    )
    .join(verdict, (verdict.c.eh == event.c.eh) & (verdict.c.verdict == Verdict.REJECTED.value))
    .where(tuple_(head.c.dev, head.c.inc).in_(bindparam("logs", expanding=True)))
    .order_by(event.c.seq)
)
Log = tuple[bytes, int]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How many entries were looked at, and the verdicts by hash."""

    entries: int
    verdicts: Mapping[bytes, Verdict]


def judge_onward(
    connection: Connection, directory: Directory, stamp: Stamp, at_most: int = AT_ONCE
) -> Judged:
    """Judge the next entries of the log, as many as this."""
    through = read_number(connection, JUDGED)
    stored = list(islice(events.entries(connection, through), at_most))
    if not stored:
        return Judged(entries=0, verdicts={})
    verdicts = _judge(connection, stored, directory, stamp)
    write_number(connection, JUDGED, stored[-1].log_index)
    return Judged(entries=len(stored), verdicts=verdicts)


def _judge(
    connection: Connection, stored: Sequence[StoredEntry], directory: Directory, stamp: Stamp
) -> Mapping[bytes, Verdict]:
    """Verdicts on entries that have none, and everything that follows from them."""
    seen = list(first_seen(connection, stored, directory))
    arrived = [arrival for _, arrival in seen if arrival is not None]
    folded = fold_in(connection, arrived, directory)
    places = {
        arrival.finding.eh: entry.log_index
        for entry, (_, arrival) in zip(stored, seen, strict=True)
        if arrival is not None
    }
    announce(connection, folded, places, stamp)
    go_on(connection, (link for link, _ in seen), stamp.now_ms, stamp.key)
    return {item.finding.eh: judgement.verdict for item, judgement in folded.judged}


def judge_whatever_can_be(connection: Connection, directory: Directory, stamp: Stamp) -> Judged:
    """As `judge_onward`; an entry that makes it fail is set aside, and the others are judged."""
    together = attempt(connection, lambda: judge_onward(connection, directory, stamp))
    if not isinstance(together, Failed):
        return together
    verdicts: dict[bytes, Verdict] = {}
    through = read_number(connection, JUDGED)
    stored = list(islice(events.entries(connection, through), AT_ONCE))
    for each in stored:
        alone = attempt(connection, lambda: judge_onward(connection, directory, stamp, 1))
        if isinstance(alone, Failed):
            _set_aside(connection, each, alone.cause, stamp.now_ms)
            verdicts[each.frame.hash] = Verdict.REVIEW
        else:
            verdicts |= alone.verdicts
    return Judged(entries=len(stored), verdicts=verdicts)


def _set_aside(connection: Connection, stored: StoredEntry, cause: str, now_ms: int) -> None:
    set_aside(connection, stored)
    write_number(connection, JUDGED, stored.log_index)
    place = str(stored.log_index)
    record(
        connection,
        AuditCode.ENTRY_SET_ASIDE,
        account=SYSTEM,
        target=place,
        now_ms=now_ms,
        after=cause,
    )
    log.error("entry_set_aside", log_index=stored.log_index, cause=cause)


def judge_set_aside(connection: Connection, directory: Directory, stamp: Stamp) -> int:
    """Try again what was set aside, as another version of the server may; how many are left."""
    hashes = connection.execute(select(verdict.c.eh).where(verdict.c.code == NOT_JUDGED)).scalars()
    left = 0
    for eh in list(hashes):
        stored = next(events.named(connection, [eh]))

        def judge(one: StoredEntry = stored) -> None:
            _judge_anew(connection, [one], directory, stamp)

        left += isinstance(attempt(connection, judge), Failed)
    return left


def judge_carried(
    connection: Connection, dev: bytes, inc: int, directory: Directory, stamp: Stamp
) -> None:
    """A machine's earlier certificate came: judge what was carried from its log and waited."""
    waiting = (
        select(event.c.eh)
        .join(verdict, verdict.c.eh == event.c.eh)
        .where(verdict.c.waits_for == awaited(dev, inc))
        .order_by(event.c.log_index)
    )
    hashes = list(connection.execute(waiting).scalars())
    for start in range(0, len(hashes), AT_ONCE):
        stored = list(events.named(connection, hashes[start : start + AT_ONCE]))
        _judge_anew(connection, stored, directory, stamp)


def _judge_anew(
    connection: Connection, stored: Sequence[StoredEntry], directory: Directory, stamp: Stamp
) -> None:
    """What a carrier held is judged under its own name, so the carrier's verdict goes."""
    hashes = [each.frame.hash for each in stored]
    connection.execute(delete(verdict).where(verdict.c.eh.in_(hashes)))
    _judge(connection, stored, directory, stamp)


def read_set_aside(connection: Connection) -> tuple[int, ...]:
    """Places in the log of entries that could not be judged."""
    places = (
        select(event.c.log_index)
        .join(verdict, verdict.c.eh == event.c.eh)
        .where(verdict.c.code == NOT_JUDGED)
        .order_by(event.c.log_index)
    )
    return tuple(connection.execute(places).scalars())


def is_behind(connection: Connection) -> bool:
    """Whether entries of the log have no verdict yet."""
    return read_number(connection, JUDGED) < events.last_index(connection)


def judge_all(connection: Connection, directory: Directory, stamp: Stamp) -> None:
    """Judge every entry that has no verdict yet, as a freeze must; what cannot be is set aside."""
    while judge_whatever_can_be(connection, directory, stamp).entries:
        pass


class Judge:
    """The server's own: in the transaction of the uploads, or between them as a chore."""

    def __init__(
        self,
        directory: Directory,
        key: SigningKey,
        now_ms: Callable[[], int],
        calm: Callable[[], bool] = lambda: True,
    ) -> None:
        """``key`` signs receipts and notices; ``calm`` says whether uploads can wait for it."""
        self._directory = directory
        self._key = key
        self._now_ms = now_ms
        self._calm = calm
        self._behind_since_s: float | None = time.monotonic()  # a crash may have left some
        self._lag = 0
        self._failures = 0
        self._set_aside = 0

    @property
    def lag(self) -> int:
        """Entries without a verdict, as far as this process knows."""
        return self._lag

    @property
    def set_aside(self) -> int:
        """Entries that could not be judged, as far as this process knows."""
        return self._set_aside

    @property
    def wanted(self) -> bool:
        """Whether entries may be without a verdict."""
        return self._behind_since_s is not None

    @property
    def pressing(self) -> bool:
        """Whether they have waited too long, or are too many, for uploads to go first."""
        since_s = self._behind_since_s
        late = since_s is not None and time.monotonic() - since_s > LATE_S
        return late or self._lag > LAG_AT_MOST

    @property
    def due(self) -> bool:
        """Whether this is a good moment, when no upload waits."""
        return self.wanted and (self._calm() or self.pressing)

    def at_once(self, connection: Connection, last: int) -> Mapping[bytes, Verdict]:
        """Verdicts on what was stored just now, up to the place ``last``, when it is calm."""
        lag = last - read_number(connection, JUDGED)
        if self._calm() and lag <= AT_ONCE and not self._failures:
            done = attempt(connection, lambda: self._onward(connection))
            if not isinstance(done, Failed):
                return done.verdicts
        self._lag = lag
        if self._behind_since_s is None:
            self._behind_since_s = time.monotonic()
        return {}

    def rejected(
        self, connection: Connection, logs: Iterable[Log]
    ) -> dict[Log, list[tuple[int, int]]]:
        """``(seq, log index)`` of entries rejected lately, when it is calm.

        Those of a rush were acknowledged as stored: the next answer says what became of them.
        """
        wanted = sorted(set(logs))
        found: dict[Log, list[tuple[int, int]]] = {}
        if wanted and self._calm():
            for row in connection.execute(REJECTED, {"logs": wanted}):
                found.setdefault((row.dev, row.inc), []).append((row.seq, row.log_index))
        return found

    def finish(self, connection: Connection) -> None:
        """Judge whatever has no verdict yet."""
        judge_all(connection, self._directory, self._stamp())

    def begin(self, connection: Connection) -> None:
        """When the server starts: try again what another version could not judge."""
        self._set_aside = judge_set_aside(connection, self._directory, self._stamp())

    def __call__(self, connection: Connection) -> None:
        """Judge some more. What fails three times is judged one by one, and the cause set aside.

        Raises:
            Exception: Judging failed; it is tried again after a while.
        """
        if self._failures < TRIES:
            self._failures += 1  # until it is seen to work
            judged = self._onward(connection)
        else:
            judged = judge_whatever_can_be(connection, self._directory, self._stamp())
            self._set_aside = connection.execute(SET_ASIDE).scalar_one()
        self._failures = 0
        self._lag = max(0, self._lag - judged.entries)
        if not judged.entries:  # seen, not only written: the transaction may still fail
            self._behind_since_s, self._lag = None, 0

    def _onward(self, connection: Connection) -> Judged:
        return judge_onward(connection, self._directory, self._stamp())

    def _stamp(self) -> Stamp:
        return Stamp(now_ms=self._now_ms(), key=self._key)
