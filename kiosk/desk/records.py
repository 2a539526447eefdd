"""What this machine's log and the server's notices say of one application."""

from collections.abc import Iterator
from datetime import UTC, datetime

from core.domain.application import Claim, Wishes
from core.domain.ids import ApplicationId, EventHash
from core.domain.school import Stage
from core.season.merge import ApplicationState, DecisionFact, Review, VersionFact
from core.signature import SignatureType, digest
from core.wire.canon import from_wire
from core.wire.chain import Link
from core.wire.document import split_document
from core.wire.event import Event
from core.wire.fault import WireError
from core.wire.payload import (
    CopyPayload,
    DecisionPayload,
    PointsAwarded,
    ResultPayload,
    read_application,
)
from core.wire.receipt import Receipt, check_code, encode_receipt, open_receipt
from core.wire.reference import Trust
from kiosk.desk.equipment import Equipment
from kiosk.session.receipt import receipt_number
from kiosk.session.record import (
    Delivery,
    PointsView,
    Record,
    ResultView,
    ReviewView,
    Version,
)
from syncd.store.identity import Identity

MINUTE_MS = 60_000
Payloads = dict[bytes, bytes]
"""Entry hash → payload, of own entries and of copies in notices."""


def read_record(equipment: Equipment, app: ApplicationId, stage: Stage) -> Record:
    """Everything known of one application."""
    identity, store = equipment.identity(), equipment.store
    links = store.ledger.of_application(app)
    state = store.ledger.application(app)
    payloads = payloads_of(equipment, app)
    own = {link.hash: link for link in links}
    versions = {
        fact.hash: (
            _own_version(equipment, identity, own[fact.hash], fact, stage)
            if fact.hash in own
            else _other_version(fact, payloads.get(fact.hash))
        )
        for fact in state.versions
    }
    current = state.current
    return Record(
        app=app,
        versions=tuple(
            versions[fact.hash]
            for fact in sorted(state.versions, key=lambda fact: (fact.version, fact.claimed_ms))
        ),
        heads=tuple(
            versions[fact.hash]
            for fact in sorted(state.heads, key=lambda fact: (fact.claimed_ms, fact.hash))
        ),
        review=Review.WAITING if current is None else state.review_of(current),
        decision=None if current is None else _decision(state, current.claim, payloads),
        result=_result(equipment, app),
    )


def payloads_of(equipment: Equipment, app: ApplicationId) -> Payloads:
    """The payloads of everything known about an application."""
    found = {
        link.hash: link.frame.payload
        for link in equipment.store.ledger.of_application(app)
        if link.frame.payload is not None
    }
    for link in equipment.store.inbox.items(app):
        found.update(_copied(link))
    return found


def make_receipt(equipment: Equipment, identity: Identity, link: Link) -> bytes:
    """The device's receipt for an own entry; the same bytes whenever it is made again."""
    receipt = Receipt(
        device=identity.device[:8],
        inc=link.event.inc,
        seq=link.event.seq,
        event=link.hash[:16],
        minute=link.event.t // MINUTE_MS,
    )
    return encode_receipt(receipt, equipment.log_key)


def parts_of(payload: bytes | None) -> tuple[Claim, Wishes] | tuple[None, None]:
    """Claim and wishes of a version's payload; nothing when it is not here or is none."""
    if payload is None:
        return None, None
    try:
        return read_application(payload)
    except WireError:
        return None, None


def time_of(ms: int) -> datetime:
    """Milliseconds since 1970 as aware UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def review_view(payload: bytes, at_ms: int) -> ReviewView | None:
    """An officer's decision as the teacher reads it; None for bytes that are none."""
    try:
        decision = from_wire(payload, DecisionPayload)
    except WireError:
        return None
    return ReviewView(
        verdict=decision.verdict,
        at=time_of(at_ms),
        points=None if decision.points is None else _points(decision.points),
        reasons=decision.reasons,
        remark=decision.remark,
    )


def newest_decision(state: ApplicationState, claim: bytes | None) -> DecisionFact | None:
    """The last of the decisions in force about a claim."""
    found = state.decisions_on(claim)
    return max(found, key=lambda fact: (fact.claimed_ms, fact.hash), default=None)


def _own_version(
    equipment: Equipment, identity: Identity, link: Link, fact: VersionFact, stage: Stage
) -> Version:
    claim, wishes = parts_of(link.frame.payload)
    delivered = equipment.store.outbox.delivery(fact.seq, fact.inc)
    signed, server = _server_receipt(equipment, identity, fact)
    return Version(
        hash=EventHash(fact.hash),
        version=fact.version,
        seq=fact.seq,
        number=receipt_number(identity.season, stage, identity.name, fact.seq),
        check_code=check_code(fact.hash),
        submitted=time_of(fact.claimed_ms),
        claim=claim,
        wishes=wishes,
        receipt=make_receipt(equipment, identity, link),
        delivery=Delivery.DELIVERED if delivered is None else Delivery(delivered),
        log_index=None if server is None else server.log_index,
        withdrawn=fact.withdrawn,
        parents=tuple(EventHash(each) for each in fact.parents),
        server_receipt=signed,
        delivered=None if server is None else time_of(server.minute * MINUTE_MS),
    )


def _other_version(fact: VersionFact, payload: bytes | None) -> Version:
    claim, wishes = parts_of(payload)
    return Version(
        hash=EventHash(fact.hash),
        version=fact.version,
        seq=fact.seq,
        number="",
        check_code=check_code(fact.hash),
        submitted=time_of(fact.claimed_ms),
        claim=claim,
        wishes=wishes,
        receipt=b"",
        delivery=Delivery.ELSEWHERE,
        withdrawn=fact.withdrawn,
        parents=tuple(EventHash(each) for each in fact.parents),
    )


def _server_receipt(
    equipment: Equipment, identity: Identity, fact: VersionFact
) -> tuple[bytes, Receipt | None]:
    """The server's receipt, if it is really the server who says so, and about this very entry."""
    signed = equipment.store.outbox.receipt(fact.seq, fact.inc)
    for key in _receipt_keys(identity) if signed is not None else ():
        try:
            receipt = open_receipt(signed or b"", key)
        except WireError:
            continue
        if receipt.event == fact.hash[:16] and receipt.log_index is not None:
            return signed or b"", receipt
    return b"", None


def _receipt_keys(identity: Identity) -> tuple[bytes, ...]:
    body, _ = split_document(identity.trust)
    return from_wire(body, Trust).receipt


def _decision(
    state: ApplicationState, claim: bytes | None, payloads: Payloads
) -> ReviewView | None:
    fact = newest_decision(state, claim)
    payload = None if fact is None else payloads.get(fact.hash)
    if fact is None or payload is None:
        return None
    return review_view(payload, fact.claimed_ms)


def _copied(link: Link) -> Iterator[tuple[bytes, bytes]]:
    """The payload of another machine's entry, by that entry's hash."""
    try:
        copy = from_wire(link.frame.payload or b"", CopyPayload)
        from_wire(copy.event, Event)
    except WireError:
        return
    if copy.payload is not None:
        yield digest(SignatureType.EVENT, copy.event), copy.payload


def _points(points: PointsAwarded) -> PointsView:
    return PointsView(
        reason_a=points.reason_a,
        reason_b=points.reason_b,
        service=points.service,
        appraisal=points.appraisal,
        awards=points.awards,
        training=points.training,
        special=points.special,
        total_a=points.total_a,
        total_b=points.total_b,
    )


def _result(equipment: Equipment, app: ApplicationId) -> ResultView | None:
    """The last outcome the server sent."""
    links = equipment.store.inbox.items(app, "inbox.result")
    if not links:
        return None
    link = links[-1]
    result = from_wire(link.frame.payload or b"", ResultPayload)
    return ResultView(
        moved=result.moved,
        school=result.school,
        subject=result.subject,
        wish=result.wish,
        phase=result.phase,
        explanation=result.explanation,
        at=time_of(link.event.t),
    )
