"""The views: what the whole log says now. Folded in with each group of entries, or rebuilt at will.

The same statements serve both, so a rebuild must give the same rows, byte for byte.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from sqlalchemy import Connection, delete, or_, select

from core.wire.ack import Verdict
from core.wire.chain import Link
from core.wire.event import Frame, reopen_event
from core.wire.payload import RosterPayload
from core.wire.refile import REPLAY
from server import refiling
from server.directory import Directory
from server.store import dialect, events, identities
from server.store.attempt import Failed, attempt
from server.store.events import StoredEntry
from server.store.settings import JUDGED, read_number
from server.store.tables import VIEWS, decision, revision, roster, verdict
from server.views import rows
from server.views.application import Overview, renew
from server.views.centre import centre_facts, fold_centre
from server.views.finding import Decided, Finding, Present, Registered, Versioned, find, unread
from server.views.gathering import gather
from server.views.judgement import (
    DOUBTS,
    NOT_JUDGED,
    Judgement,
    Known,
    Listed,
    Version,
    judge,
    waiting_name,
)

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A stored entry that has to be judged.

    ``rejected`` is why it has been rejected so far, ``counted`` whether it has been valid.
    """

    link: Link
    finding: Finding
    recv_ms: int
    rejected: str | None = None
    counted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What a group changed: what was judged, in order, and the applications it touched."""

    judged: Sequence[tuple[Arrived, Judgement]]
    overviews: Mapping[bytes, Overview]


@dataclass(slots=True)
class _Stirred:
    """What this pass changed that other judgements may rest on."""

    awaited: set[bytes] = field(default_factory=set)
    lost: set[bytes] = field(default_factory=set)


def fold_in(connection: Connection, arrived: Sequence[Arrived], directory: Directory) -> Folded:
    """Judge stored entries, and again whatever waited for them; bring every view up to date."""
    judged: list[tuple[Arrived, Judgement]] = []
    apps: set[bytes] = set()
    waiting = list(arrived)
    while waiting:
        known = gather(connection, [item.finding for item in waiting], directory)
        results, stirred = _judge_in_order(connection, waiting, known)
        _store(connection, results)
        judged += results
        apps |= {item.finding.app for item in waiting if item.finding.app is not None}
        waiting = _woken(connection, stirred, waiting, directory)
    return Folded(judged=judged, overviews=renew(connection, apps))


def judge_waiting(
    connection: Connection, officers: Sequence[bytes], directory: Directory
) -> Folded:
    """After new officer certificates: every judgement that waited for them."""
    waiting = select(verdict.c.eh).where(verdict.c.waits_for.in_(officers))
    hashes = list(connection.execute(waiting).scalars())
    return fold_in(connection, _load(connection, hashes, directory), directory)


def judge_again(connection: Connection, withdrawn: Sequence[bytes], directory: Directory) -> Folded:
    """After a revocation: every judgement on entries of these machines or officers."""
    place = events.places()
    named = identities.devices_named(connection, withdrawn)
    resting = (
        select(verdict.c.eh)
        .join(place, place.c.eh == verdict.c.eh)
        .where(
            or_(verdict.c.officer.in_(withdrawn), place.c.dev.in_(named)),
            verdict.c.code.is_distinct_from(NOT_JUDGED),
        )
    )
    hashes = list(connection.execute(resting).scalars())
    return fold_in(connection, _load(connection, hashes, directory), directory)


def judge_ruled(connection: Connection, entries: Collection[bytes], directory: Directory) -> Folded:
    """After words of the centre's officers: every doubtful decision among these entries.

    What they hold of a version matters at the freeze alone, where its time is judged.
    """
    doubtful = (
        select(verdict.c.eh)
        .join(decision, decision.c.eh == verdict.c.eh)
        .where(verdict.c.eh.in_(sorted(entries)), verdict.c.code.in_(DOUBTS))
    )
    hashes = list(connection.execute(doubtful).scalars())
    return fold_in(connection, _load(connection, hashes, directory), directory)


def refold(connection: Connection, directory: Directory) -> int:
    """Empty every view and rebuild it from the log; how many entries were read.

    Entries that have no verdict yet get none here: receipts and notices come with it.
    """
    return rebuild(connection, directory, read_number(connection, JUDGED))


def rebuild(connection: Connection, directory: Directory, through: int) -> int:
    """As `refold`, with verdicts up to this place of the log."""
    for table in VIEWS:
        connection.execute(delete(table))
    count = 0
    stream = events.entries(connection)
    while chunk := list(islice(stream, AT_ONCE)):
        count += len(chunk)
        _fold_again(connection, [e for e in chunk if e.log_index <= through], directory)
        ruled = fold_centre(connection, centre_facts(connection, chunk))
        judge_ruled(connection, ruled, directory)
    return count


def _fold_again(connection: Connection, chunk: Sequence[StoredEntry], directory: Directory) -> None:
    """Together; when one of them makes that fail, one by one, and it is set aside."""

    def fold(some: Sequence[StoredEntry]) -> Folded | Failed:
        return attempt(
            connection,
            lambda: fold_in(connection, list(_arrivals(connection, some, directory)), directory),
        )

    if isinstance(fold(chunk), Failed):
        for each in chunk:
            if isinstance(fold([each]), Failed):
                set_aside(connection, each)


def set_aside(connection: Connection, stored: StoredEntry) -> None:
    """Give an entry that cannot be judged the verdict that says so."""
    dialect.upsert(connection, verdict, [rows.unjudged_row(stored.frame.hash)])


def first_seen(
    connection: Connection, stored: Iterable[StoredEntry], directory: Directory
) -> Iterator[tuple[Link, Arrived | None]]:
    """Entries that were never judged, and what there is to judge about each.

    What a ``replay`` entry carries is kept under its own name now.
    """
    for each in stored:
        link = _link(each.frame)
        arrival = (
            _carried(connection, link, each, directory)
            if link.event.kind == REPLAY
            else _arrival(connection, link, each.recv_ms, directory)
        )
        yield link, arrival


def _carried(
    connection: Connection, carrier: Link, stored: StoredEntry, directory: Directory
) -> Arrived | None:
    found = refiling.take(connection, carrier, stored.log_index, directory)
    if found.link is None:
        return _unread(carrier, found, stored.recv_ms)
    return _arrival(connection, found.link, stored.recv_ms, directory, carried_here=True)


def _judge_in_order(
    connection: Connection, items: Sequence[Arrived], known: Known
) -> tuple[list[tuple[Arrived, Judgement]], _Stirred]:
    """Registrations, then versions, then decisions: each rests on those before."""
    stirred = _Stirred()
    judged: list[tuple[Arrived, Judgement]] = []
    for item in sorted(items, key=_rank):
        finding = _with_cosignature(item, known)
        judgement = judge(finding, known, item.recv_ms)
        judged.append((replace(item, finding=finding), judgement))
        match finding.says:
            case Registered():
                _note_registration(connection, finding, judgement, known, stirred)
            case Versioned() as said:
                school = said.claim.school if said.claim else None
                known.versions[finding.eh] = Version(claim=said.fact.claim, school=school)
                stirred.awaited.add(waiting_name(finding.eh))
            case _:
                pass
    return judged, stirred


def _rank(item: Arrived) -> int:
    match item.finding.says:
        case Registered():
            return 0
        case Present() | Versioned():
            return 1
        case Decided() | None:
            return 2


def _with_cosignature(item: Arrived, known: Known) -> Finding:
    """The finding, read again when the officer became known only after it was read first."""
    said = item.finding.says
    if isinstance(said, Decided) and said.cosigned is None:
        officer = known.officers.get(item.finding.actor or b"")
        if officer is not None:
            again = find(item.link, lambda _: officer.key)
            return replace(again, disputed=item.finding.disputed) if again else item.finding
    return item.finding


def _note_registration(
    connection: Connection,
    finding: Finding,
    judgement: Judgement,
    known: Known,
    stirred: _Stirred,
) -> None:
    said = finding.says
    if not isinstance(said, Registered):
        return
    if judgement.verdict is Verdict.VALID and said.entry is not None:
        entry = Listed(national_id=said.entry.national_id, school=said.entry.school)
        known.roster.setdefault(said.teacher, {})[finding.eh] = entry
        stirred.awaited.add(said.teacher)
        return
    known.roster.get(said.teacher, {}).pop(finding.eh, None)
    counted = select(roster.c.valid).where(roster.c.eh == finding.eh)
    if connection.execute(counted).scalar_one_or_none():
        stirred.lost.add(said.teacher)


def _store(connection: Connection, judged: Sequence[tuple[Arrived, Judgement]]) -> None:
    verdicts, registered, versions, decisions = [], [], [], []
    for item, judgement in judged:
        finding = item.finding
        verdicts.append(rows.verdict_row(finding, judgement))
        match finding.says:
            case Registered(teacher=teacher, entry=RosterPayload() as entry):
                registered.append(rows.roster_row(finding, teacher, entry, judgement))
            case Versioned() as said:
                versions.append(rows.revision_row(finding, said, judgement, item.recv_ms))
            case Decided() as said:
                decisions.append(rows.decision_row(finding, said, judgement, item.recv_ms))
            case _:
                pass
    dialect.upsert(connection, verdict, verdicts)
    dialect.upsert(connection, roster, registered)
    dialect.upsert(connection, revision, versions)
    dialect.upsert(connection, decision, decisions)


def _woken(
    connection: Connection, stirred: _Stirred, judged: Sequence[Arrived], directory: Directory
) -> list[Arrived]:
    hashes: set[bytes] = set()
    if stirred.awaited:
        waiting = select(verdict.c.eh).where(verdict.c.waits_for.in_(sorted(stirred.awaited)))
        hashes |= set(connection.execute(waiting).scalars())
    if stirred.lost:
        resting = select(verdict.c.eh).where(verdict.c.teacher.in_(sorted(stirred.lost)))
        hashes |= set(connection.execute(resting).scalars())
    return _load(connection, hashes - {item.finding.eh for item in judged}, directory)


def _load(connection: Connection, hashes: Iterable[bytes], directory: Directory) -> list[Arrived]:
    wanted = sorted(hashes)
    found: list[Arrived] = []
    for start in range(0, len(wanted), AT_ONCE):
        chunk = wanted[start : start + AT_ONCE]
        before = _verdicts(connection, chunk)
        for each in events.named(connection, chunk):
            arrival = _arrival(
                connection,
                _link(each.frame),
                each.recv_ms,
                directory,
                carried_here=each.refiled,
            )
            if arrival is not None:
                level, code = before.get(each.frame.hash, (None, None))
                rejected = code if level == Verdict.REJECTED.value else None
                counted = level == Verdict.VALID.value
                found.append(replace(arrival, rejected=rejected, counted=counted))
    return found


def _verdicts(
    connection: Connection, hashes: Sequence[bytes]
) -> Mapping[bytes, tuple[int, str | None]]:
    """What is held of these entries so far: level and code."""
    found = select(verdict.c.eh, verdict.c.verdict, verdict.c.code).where(verdict.c.eh.in_(hashes))
    return {row.eh: (row.verdict, row.code) for row in connection.execute(found)}


def _arrivals(
    connection: Connection, stored: Iterable[StoredEntry], directory: Directory
) -> Iterator[Arrived]:
    """What the log brings to be judged, read again from its beginning."""
    for each in stored:
        link = _link(each.frame)
        arrival = (
            _carried_again(connection, link, each, directory)
            if link.event.kind == REPLAY
            else _arrival(connection, link, each.recv_ms, directory)
        )
        if arrival is not None:
            yield arrival


def _carried_again(
    connection: Connection, carrier: Link, stored: StoredEntry, directory: Directory
) -> Arrived | None:
    frame = events.carried_by(connection, stored.log_index)
    if frame is not None:
        return _arrival(connection, _link(frame), stored.recv_ms, directory, carried_here=True)
    return _unread(carrier, refiling.look(connection, carrier, directory), stored.recv_ms)


def _unread(carrier: Link, found: refiling.Carried, recv_ms: int) -> Arrived | None:
    """The carrier itself, when there is something to say of it."""
    if found.fault is None and found.awaits is None:
        return None
    finding = unread(carrier, fault=found.fault, awaits=found.awaits)
    return Arrived(link=carrier, finding=finding, recv_ms=recv_ms)


def _arrival(
    connection: Connection,
    link: Link,
    recv_ms: int,
    directory: Directory,
    *,
    carried_here: bool = False,
) -> Arrived | None:
    def officer_key(officer: bytes) -> bytes | None:
        found = directory.officers(connection, [officer]).get(officer)
        return None if found is None else found.key

    finding = find(link, officer_key)
    if finding is None:
        return None
    if carried_here and refiling.is_disputed(connection, link, recv_ms):
        finding = replace(finding, disputed=True)
    return Arrived(link=link, finding=finding, recv_ms=recv_ms)


def _link(frame: Frame) -> Link:
    return Link(frame=frame, event=reopen_event(frame), hash=frame.hash)
