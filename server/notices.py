"""What machines are told of stored entries: receipts, versions, reviews, conflicts, rejections."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter

from sqlalchemy import Connection

from core.sealing import SigningKey
from core.wire.ack import Verdict
from core.wire.kind import ConflictNotice, ReceiptNotice, ReviewNotice, VersionNotice
from core.wire.payload import ReceiptPayload
from core.wire.receipt import MINUTE_MS, Receipt, encode_receipt
from server.barring import find_bars, notices_of
from server.displays import display_notices
from server.inbox import Notice, append_notices, copy_of, fresh_salt, machines_at
from server.lists import day_of
from server.notifying.hits import note_late
from server.notifying.queue import note, note_receipts
from server.own import own_wire
from server.rejections import rejection_notices
from server.store import dialect
from server.store.tables import receipt
from server.views.application import Overview
from server.views.finding import Decided, Finding, Registered, Versioned
from server.views.fold import Arrived, Folded

HEADS_AT_MOST = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """When and with which key notices are written."""

    now_ms: int
    key: SigningKey


def announce(
    connection: Connection, folded: Folded, fresh: Mapping[bytes, int], stamp: Stamp
) -> None:
    """Write receipts and notices, and put in line what is told outside.

    ``fresh`` gives the log index of entries stored just now.
    """
    versions = [
        (item, item.finding.says)
        for item, _ in folded.judged
        if isinstance(item.finding.says, Versioned) and item.finding.eh in fresh
    ]
    receipts = {
        item.finding.eh: _receipt(item, fresh[item.finding.eh], stamp.key) for item, _ in versions
    }
    dialect.insert_many(
        connection,
        receipt,
        [{"eh": eh, "log_index": fresh[eh], "signed": signed} for eh, signed in receipts.items()],
    )
    told = _audience(connection, folded.overviews)
    notices = [_receipt_notice(item.finding, receipts[item.finding.eh]) for item, _ in versions]
    notices += _copies(folded, told)
    stirred = {
        item.finding.app
        for item in _newly_valid(folded)
        if isinstance(item.finding.says, Versioned)
    }
    notices += _conflicts(folded.overviews, stirred, told)
    notices += _registered(connection, folded, stamp.now_ms)
    notices += rejection_notices(folded)
    append_notices(connection, notices, stamp.now_ms, stamp.key)
    note(connection, folded, stamp.now_ms)
    made = [(says.fact.app, item.finding.eh) for item, says in versions]
    note_receipts(connection, made, stamp.now_ms)
    note_late(connection, folded, stamp.now_ms)


def _audience(
    connection: Connection, overviews: Mapping[bytes, Overview]
) -> dict[bytes, frozenset[bytes]]:
    """Machines that may know an application: those it came from, and those of its schools."""
    schools = {school for each in overviews.values() for school in each.schools}
    serving: dict[str, set[bytes]] = {}
    if schools:
        for school, dev in machines_at(connection, schools):
            serving.setdefault(school, set()).add(dev)
    return {
        app: each.devices.union(*(serving.get(school, ()) for school in each.schools))
        for app, each in overviews.items()
    }


def _receipt(item: Arrived, log_index: int, key: SigningKey) -> bytes:
    finding = item.finding
    content = Receipt(
        device=finding.dev[:8],
        inc=finding.inc,
        seq=finding.seq,
        event=finding.eh[:16],
        minute=item.recv_ms // MINUTE_MS,
        log_index=log_index,
    )
    return encode_receipt(content, key)


def _receipt_notice(finding: Finding, signed: bytes) -> Notice:
    return Notice(
        dev=finding.dev,
        kind="inbox.receipt",
        body=ReceiptNotice(seq=finding.seq, hash=finding.eh),
        content=own_wire(ReceiptPayload(salt=fresh_salt(), receipt=signed)),
    )


def _newly_valid(folded: Folded) -> Iterator[Arrived]:
    """What was stored just now, or was not valid before: the rest has been told already."""
    return (
        item
        for item, judgement in folded.judged
        if judgement.verdict is Verdict.VALID and not item.counted
    )


def _copies(folded: Folded, told: Mapping[bytes, frozenset[bytes]]) -> Iterator[Notice]:
    """Versions and decisions that have just become valid, for machines they did not come from."""
    for item in _newly_valid(folded):
        finding = item.finding
        match finding.says:
            case Versioned(fact=fact):
                kind = "inbox.version"
                body: VersionNotice | ReviewNotice = VersionNotice(
                    app=fact.app, revision=finding.eh, version=fact.version
                )
            case Decided(fact=fact, payload=payload):
                kind = "inbox.review"
                verdict = payload.verdict if payload else ""
                body = ReviewNotice(app=fact.app, decision=finding.eh, verdict=verdict)
            case _:
                continue
        others = sorted(told.get(fact.app, frozenset()) - {finding.dev})
        if others:
            content = copy_of(item.link.frame)
            for dev in others:
                yield Notice(dev=dev, kind=kind, body=body, content=content)


def _registered(connection: Connection, folded: Folded, now_ms: int) -> Iterator[Notice]:
    """Of teachers registered just now: who is barred, and how she has chosen that kiosks look."""
    registered = [
        item.finding.says
        for item in _newly_valid(folded)
        if isinstance(item.finding.says, Registered)
    ]
    if registered:
        people = {each.entry.national_id for each in registered if each.entry is not None}
        on_it = find_bars(connection, people, day_of(now_ms))
        yield from notices_of(connection, on_it, now_ms)
        yield from display_notices(connection, {each.teacher for each in registered})


def _conflicts(
    overviews: Mapping[bytes, Overview],
    stirred: Iterable[bytes | None],
    told: Mapping[bytes, frozenset[bytes]],
) -> Iterator[Notice]:
    for app, overview in sorted(overviews.items(), key=itemgetter(0)):
        heads = tuple(each for each in overview.heads if each in overview.clean)
        if app in stirred and len(heads) > 1:
            body = ConflictNotice(app=app, heads=heads[:HEADS_AT_MOST])
            for dev in sorted(told[app]):
                yield Notice(dev=dev, kind="inbox.conflict", body=body, content=None)
