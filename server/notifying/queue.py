"""Facts become notifications in the transaction that stores them: none is lost, none told twice.

A notification's id is made of what it tells, so the same fact, judged again or refolded after a
restore, is the same message: same Message-ID, same retry key.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, select

from core.wire.ack import Verdict
from core.wire.errand import Task
from server.notifying.text import LISTS, Topic
from server.store import dialect
from server.store.notify_tables import errand, line_link, notification
from server.store.tables import application
from server.views.finding import Decided, Present
from server.views.fold import Folded

ID_BYTES = 16
PROVED_ALONE = LISTS | {Topic.RECEIPT}
"""What is mailed only to who proved an address: it says more than that something happened."""


class Channel(StrEnum):
    """How a message leaves."""

    MAIL = "mail"
    LINE = "line"


class State(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Told:
    """That ``topic`` is true of ``app``; ``fact`` is the hash of what says so."""

    topic: Topic
    app: bytes
    fact: bytes


def queue(connection: Connection, told: Sequence[Told], now_ms: int) -> None:
    """Put messages in line: by mail, and by LINE for teachers who linked it (U-039).

    A receipt is a paper and goes by mail alone.
    """
    if not told:
        return
    linked = _linked(connection, [each.app for each in told])
    proved = _proved(connection, [each.app for each in told if each.topic in PROVED_ALONE])
    rows = [
        {
            "id": notification_id(channel, each),
            "channel": channel.value,
            "topic": each.topic.value,
            "app": each.app,
            "t_ms": now_ms,
            "due_ms": now_ms,
            "attempts": 0,
            "state": State.WAITING.value,
        }
        for each in told
        for channel in _channels(each, linked, proved)
    ]
    dialect.insert_new(connection, notification, rows)


def notification_id(channel: Channel, told: Told) -> bytes:
    """16 bytes that name this message for ever."""
    named = b"\x1f".join((channel.encode(), told.topic.encode(), told.app, told.fact))
    return hashlib.sha256(b"jiepin/notification\x1f" + named).digest()[:ID_BYTES]


def note(connection: Connection, folded: Folded, now_ms: int) -> None:
    """What newly counting entries give reason to tell.

    A review is told for the claim in force of an application without conflict; a password that a
    witness helped to set, for every application of the teacher.
    """
    queue(connection, [*_reviews(folded), *_passwords(connection, folded)], now_ms)


def note_receipts(connection: Connection, made: Sequence[tuple[bytes, bytes]], now_ms: int) -> None:
    """Receipts, each by application and entry, for teachers who proved an address (U-010)."""
    queue(connection, [Told(Topic.RECEIPT, app, eh) for app, eh in made], now_ms)


def receipts_in_force(connection: Connection, teacher: bytes, now_ms: int) -> None:
    """The receipts of her versions in force, when she has just proved her address."""
    rows = connection.execute(
        select(application.c.app, application.c.revision).where(
            application.c.teacher == teacher, application.c.revision.is_not(None)
        )
    )
    queue(connection, [Told(Topic.RECEIPT, row.app, row.revision) for row in rows], now_ms)


def _reviews(folded: Folded) -> Iterator[Told]:
    for item, judgement in folded.judged:
        said = item.finding.says
        if not isinstance(said, Decided) or judgement.verdict is not Verdict.VALID:
            continue
        fact = said.fact
        overview = folded.overviews.get(fact.app)
        current = overview.state.current if overview else None
        if overview is None or current is None or current.claim != fact.claim:
            continue
        if any(each.hash == fact.hash for each in overview.state.decisions_on(current.claim)):
            topic = Topic.REVIEW_PASSED if fact.approved else Topic.REVIEW_RETURNED
            yield Told(topic, fact.app, fact.hash)


def _passwords(connection: Connection, folded: Folded) -> Iterator[Told]:
    witnessed = {
        item.finding.says.teacher: item.finding.eh
        for item, judgement in folded.judged
        if isinstance(item.finding.says, Present)
        and item.finding.says.witness is not None
        and judgement.verdict is Verdict.VALID
    }
    if not witnessed:
        return
    rows = connection.execute(
        select(application.c.app, application.c.teacher).where(
            application.c.teacher.in_(sorted(witnessed)), application.c.state == "current"
        )
    )
    for row in rows:
        yield Told(Topic.PASSWORD, row.app, witnessed[row.teacher])


def _channels(told: Told, linked: frozenset[bytes], proved: frozenset[bytes]) -> Iterator[Channel]:
    if told.topic not in PROVED_ALONE or told.app in proved:
        yield Channel.MAIL
    if told.topic is not Topic.RECEIPT and told.app in linked:
        yield Channel.LINE


def _proved(connection: Connection, apps: Iterable[bytes]) -> frozenset[bytes]:
    rows = connection.execute(
        select(application.c.app)
        .join(errand, errand.c.teacher == application.c.teacher)
        .where(errand.c.task == Task.MAIL_PROVED.value, application.c.app.in_(sorted(set(apps))))
    )
    return frozenset(rows.scalars())


def _linked(connection: Connection, apps: Iterable[bytes]) -> frozenset[bytes]:
    rows = connection.execute(
        select(application.c.app)
        .join(line_link, line_link.c.teacher == application.c.teacher)
        .where(application.c.app.in_(sorted(set(apps))))
    )
    return frozenset(rows.scalars())
