"""What this machine's log and the server's notices say of one application."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from msgspec import UNSET

from core.domain.application import Claim, Wishes
from core.domain.ids import ApplicationId, EventHash
from core.domain.school import Stage
from core.season.county import CountyFact, county_fact, hold_of, last_review
from core.season.merge import ApplicationState, DecisionFact, Review, VersionFact
from core.season.numbering import receipt_number
from core.signature import SignatureType, digest
from core.wire.canon import from_wire, typed
from core.wire.chain import Link
from core.wire.document import split_document
from core.wire.event import Event, check_body, payload_hash
from core.wire.fault import WireError
from core.wire.kind import Agreed
from core.wire.payload import (
    CopyPayload,
    CountyPayload,
    DecisionPayload,
    PointsAwarded,
    ResultPayload,
    read_application,
)
from core.wire.receipt import Receipt, check_code, encode_receipt, open_receipt
from core.wire.reference import Trust
from kiosk.desk.equipment import Equipment
from kiosk.session.record import (
    Agreement,
    CountyView,
    Delivery,
    LineReason,
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


@dataclass(frozen=True, slots=True)
class Known:
    """An entry about an application, of this machine's log or copied in a notice."""

    hash: bytes
    event: Event
    payload: bytes | None


def read_record(equipment: Equipment, app: ApplicationId, stage: Stage) -> Record:
    """Everything known of one application."""
    identity, store = equipment.identity(), equipment.store
    state = store.ledger.application(app)
    links = store.ledger.of_application(app)
    entries = (*_own(links), *_copies(equipment, app))
    payloads, agreements = _payloads(entries), dict(_agreements(entries))
    own = {link.hash: link for link in links}
    rejections = store.outbox.rejections()
    versions = {
        fact.hash: (
            replace(
                _own_version(equipment, identity, own[fact.hash], fact, stage)
                if fact.hash in own
                else _other_version(fact, payloads.get(fact.hash)),
                agreed=agreements.get(fact.hash),
                rejection=rejections.get(fact.hash, ""),
            )
        )
        for fact in state.versions
    }
    current = state.current
    # A decision the centre rejected has no effect: the one before it stands, or none.
    standing = replace(
        state, decisions=tuple(each for each in state.decisions if each.hash not in rejections)
    )
    void = None if current is None else _without_effect(state, standing, current)
    county, number = _county(equipment, app, state)
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
        review=Review.WAITING if current is None else standing.review_of(current),
        decision=None if current is None else decision_in(standing, current, payloads, {}),
        review_rejection="" if void is None else rejections.get(void.hash, ""),
        county=county,
        number=number,
        result=_result(equipment, app),
    )


def payloads_of(equipment: Equipment, app: ApplicationId) -> Payloads:
    """The payloads of everything known about an application."""
    own = _own(equipment.store.ledger.of_application(app))
    return _payloads((*own, *_copies(equipment, app)))


def _own(links: Iterable[Link]) -> Iterator[Known]:
    return (Known(link.hash, link.event, link.frame.payload) for link in links)


def _copies(equipment: Equipment, app: ApplicationId) -> Iterator[Known]:
    """Entries of other machines, as the server sent them."""
    for link in equipment.store.inbox.items(app):
        copy = _copy(link)
        if copy is not None:
            yield copy


def _payloads(entries: Iterable[Known]) -> Payloads:
    return {each.hash: each.payload for each in entries if each.payload is not None}


def _agreements(entries: Iterable[Known]) -> Iterator[tuple[bytes, Agreement]]:
    """Which notices each version says were agreed to, by the entry's hash."""
    for each in entries:
        body = each.event.body.get("agreed")
        if isinstance(body, dict):
            agreed = typed(body, Agreed)
            yield each.hash, Agreement(agreed.number, agreed.t)


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
        because=_because(decision),
    )


def _because(decision: DecisionPayload) -> tuple[LineReason, ...]:
    """The reasons of single lines; of two for one line the first counts."""
    given = () if decision.because is UNSET else decision.because
    found = {
        each.place: LineReason(
            place=each.place,
            instead_of=each.instead_of,
            reason=each.reason,
            remark=each.remark,
        )
        for each in reversed(given)
    }
    return tuple(found.values())[::-1]


def newest_decision(state: ApplicationState, claim: bytes | None) -> DecisionFact | None:
    """The last of the decisions in force about a claim."""
    found = state.decisions_on(claim)
    return max(found, key=lambda fact: (fact.claimed_ms, fact.hash), default=None)


def _without_effect(
    state: ApplicationState, standing: ApplicationState, version: VersionFact
) -> DecisionFact | None:
    """The newest decision, where it is to be made again: none stands, or one it should replace."""
    newest = newest_decision(state, version.claim)
    kept = newest_decision(standing, version.claim)
    if newest is None or newest == kept:
        return None
    return newest if kept is None or kept.hash in newest.earlier else None


def decision_in(
    state: ApplicationState,
    version: VersionFact,
    payloads: Payloads,
    rejections: Mapping[bytes, str],
) -> ReviewView | None:
    """The decision in force about the version's claim, and whether the centre rejected it."""
    fact = newest_decision(state, version.claim)
    payload = None if fact is None else payloads.get(fact.hash)
    if fact is None or payload is None:
        return None
    view = review_view(payload, fact.claimed_ms)
    return None if view is None else replace(view, rejection=rejections.get(fact.hash, ""))


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


def _copy(link: Link) -> Known | None:
    """Another machine's entry in a notice; None where it is none."""
    try:
        copy = from_wire(link.frame.payload or b"", CopyPayload)
        event = from_wire(copy.event, Event)
        check_body(event)
    except WireError:
        return None
    return Known(digest(SignatureType.EVENT, copy.event), event, copy.payload)


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


def _county(
    equipment: Equipment, app: ApplicationId, state: ApplicationState
) -> tuple[CountyView | None, str]:
    """The county's last review as the server told it, and the 電腦編號 if one was given."""
    told = [
        each
        for link in equipment.store.inbox.items(app, "inbox.county")
        for each in _county_told(link)
    ]
    last = last_review(fact for fact, _ in told)
    if last is None:
        return None, ""
    said = next(said for fact, said in told if fact.hash == last.hash)
    current = state.current
    claim = None if current is None else current.claim
    view = CountyView(
        verdict=last.verdict,
        hold=hold_of(last, claim, [each.hash for each in state.decisions_on(claim)]),
        at=time_of(last.t_ms),
        county=said.county,
        points=None if said.points is None else _points(said.points),
        changes=tuple((each.line, each.reason) for each in said.changes),
        reasons=said.reasons,
    )
    return view, last.number


def _county_told(link: Link) -> Iterator[tuple[CountyFact, CountyPayload]]:
    """The review in a notice, with its content; none for a notice that says something else."""
    copy = _copy(link)
    if copy is None or copy.payload is None:
        return
    try:
        said = from_wire(copy.payload, CountyPayload)
        fact = county_fact(copy.event, copy.hash)
    except WireError:
        return
    if fact is not None and copy.event.ph == payload_hash(copy.payload):
        yield fact, said


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
