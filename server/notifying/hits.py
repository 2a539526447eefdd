"""Changed school lists against the wishes that were sent: who is told (F-045, U-020).

A wish is hit as the kiosk says it (`kiosk.session.wishing.closed_wishes`): its school left the
lists, or takes no part any more. Held against each other are the lists before and the lists now;
for a version that comes late, the lists its machine had. A person is told once of the same wishes
under the same lists. Nothing about what a message says.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select, union

from core.wire.errand import Task
from core.wire.fault import WireError
from core.wire.payload import read_application
from server.notifying.lists import Lists, lists_now, lists_of
from server.notifying.queue import Channel, Told, notification_id, queue
from server.notifying.text import Topic
from server.store import references
from server.store.notify_tables import errand, line_link, notification
from server.store.season_tables import freeze, publication
from server.store.tables import application, payload, reference
from server.views.finding import Versioned
from server.views.fold import Folded

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """The wishes of a version in force."""

    app: bytes
    revision: bytes
    wishes: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Change:
    """What happened to somebody's wishes; ``closed`` are those that are not open now."""

    topic: Topic
    closed: frozenset[str]


def settled_stages(connection: Connection, season: str) -> frozenset[str]:
    """Stages whose result was published: no list changes it any more."""
    found = (
        select(publication.c.stage)
        .join(freeze, freeze.c.id == publication.c.freeze)
        .where(freeze.c.season == season)
    )
    return frozenset(connection.execute(found).scalars())


def note_lists(connection: Connection, before: bytes | None, now_ms: int) -> None:
    """New lists are in force: tell whose wishes they close or open.

    ``before`` is the signed snapshot that was in force until now.
    """
    after = lists_now(connection)
    if after is None:
        return
    was = None if before is None else lists_of(connection, before).open
    if was == after.open:
        return
    told = [
        _told(held.app, change, after.hash)
        for held in _standing(connection, after, _reachable())
        if (change := _change(held, was, after)) is not None
    ]
    _queue(connection, told, now_ms)


def note_late(connection: Connection, folded: Folded, now_ms: int) -> None:
    """Versions came from machines with older lists: tell whose wishes were closed since."""
    refs = {
        item.finding.eh: item.link.event.ref
        for item, _ in folded.judged
        if isinstance(item.finding.says, Versioned)
    }
    version = references.stamp(connection)[0] if refs else 0
    late = {eh: ref for eh, ref in refs.items() if ref[0] < version}
    if not late:
        return
    here = _reachable().where(application.c.revision.in_(sorted(late)))
    after = lists_now(connection) if connection.execute(here.limit(1)).first() else None
    if after is None:
        return
    told = []
    known: dict[tuple[int, bytes], frozenset[str] | None] = {}
    for held in list(_standing(connection, after, here)):
        ref = late[held.revision]
        if ref not in known:
            signed = references.find_snapshot(connection, *ref)
            known[ref] = None if signed is None else lists_of(connection, signed).open
        change = _change(held, known[ref], after)
        if change is not None and not _is_told(connection, held.app, change, ref[0]):
            told.append(_told(held.app, change, after.hash))
    _queue(connection, told, now_ms)


def _change(held: _Standing, was: frozenset[str] | None, after: Lists) -> _Change | None:
    """What the lists do to these wishes; under lists nobody knows every school was open."""
    closed = held.wishes - after.open
    before = frozenset[str]() if was is None else held.wishes - was
    if closed == before:
        return None
    return _Change(Topic.LISTS_HIT if closed - before else Topic.LISTS_BACK, closed)


def _told(app: bytes, change: _Change, lists: bytes) -> Told:
    """The same for the same person, lists and closed wishes."""
    named = "\x1f".join(sorted(change.closed)).encode()
    fact = hashlib.sha256(b"jiepin/lists\x1f" + lists + named).digest()
    return Told(change.topic, app, fact)


def _is_told(connection: Connection, app: bytes, change: _Change, version: int) -> bool:
    """Whether the same was told under any lists after ``version``."""
    hashes = connection.execute(select(reference.c.hash).where(reference.c.version > version))
    names = [
        notification_id(channel, _told(app, change, each))
        for each in hashes.scalars()
        for channel in Channel
    ]
    found = select(notification.c.id).where(notification.c.id.in_(names)).limit(1)
    return connection.execute(found).first() is not None


def _standing(
    connection: Connection, lists: Lists, which: Select[*tuple[Any, ...]]
) -> Iterator[_Standing]:
    """Versions in force of the season of the lists that no result has settled."""
    settled = settled_stages(connection, lists.season)
    for row in connection.execute(which.execution_options(yield_per=AT_ONCE)):
        try:
            claim, wishes = read_application(row.data or b"")
        except WireError:
            continue  # erased
        if claim.season == lists.season and claim.stage.value not in settled:
            yield _Standing(app=row.app, revision=row.revision, wishes=frozenset(wishes.schools))


def _reachable() -> Select[*tuple[Any, ...]]:
    """Versions in force of who proved an address or linked a telephone."""
    ways = union(
        select(errand.c.teacher).where(errand.c.task == Task.MAIL_PROVED.value),
        select(line_link.c.teacher),
    )
    return (
        select(application.c.app, application.c.revision, payload.c.data)
        .join(payload, payload.c.eh == application.c.revision)
        .where(application.c.teacher.in_(ways))
        .order_by(application.c.app)
    )


def _queue(connection: Connection, told: Sequence[Told], now_ms: int) -> None:
    for start in range(0, len(told), AT_ONCE):
        queue(connection, told[start : start + AT_ONCE], now_ms)
