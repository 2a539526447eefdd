"""A teacher's own work at the desk: drafts, 送出 and 撤回."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from core.domain.application import Claim, Reference, Wishes, check_application
from core.domain.ids import ApplicationId, EventHash
from core.season.merge import ApplicationState, Review
from core.season.pseudonym import application_id
from core.wire.canon import to_wire
from core.wire.event import SALT_BYTES, Who, payload_hash
from core.wire.kind import Agreed, Revision, Withdrawal
from core.wire.payload import ApplicationPayload
from kiosk.desk.equipment import DeskError, Equipment
from kiosk.desk.passwords import check
from kiosk.desk.people import post_of
from kiosk.desk.records import Payloads, parts_of, payloads_of, read_record
from kiosk.desk.sealing import read_seal
from kiosk.session.answer import (
    DraftSaved,
    HeadsChanged,
    PasswordRefused,
    SubmitRefused,
    Submitted,
)
from kiosk.session.draft import Answers
from kiosk.session.draft_bytes import encode_draft
from kiosk.session.effect import SaveDraft, Submit, Withdraw
from kiosk.session.form import claim_of, draft_after, wishes_of
from kiosk.session.page import NOTICES_TEXTS
from kiosk.session.person import Lock, Person, Post
from kiosk.session.record import Record, Version
from kiosk.session.season import Window, teachers_window
from syncd.store.audit import AuditCode
from syncd.store.identity import Identity
from syncd.store.ledger import Entry


def save_draft(equipment: Equipment, effect: SaveDraft, now: datetime) -> DraftSaved:
    """The draft on the disk."""
    app = application_of(equipment.identity(), effect.person, effect.post)
    content = encode_draft(effect.draft)
    with equipment.store.transaction():
        equipment.store.drafts.save(app, content, equipment.saved_at())
    return DraftSaved(ticket=effect.ticket, at=now)


def submit(
    equipment: Equipment, effect: Submit, now: datetime
) -> Submitted | SubmitRefused | HeadsChanged | PasswordRefused:
    """A new version, in one transaction, after everything was checked again.

    Raises:
        DeskError: ``closed``, ``lists_missing``, ``conflict_open`` or ``unregistered``.
        StoreError: Nothing was written; the draft is as it was.
    """
    refused = _refused(equipment, effect, now)
    if refused is not None:
        return refused
    identity = equipment.identity()
    post = _post_now(equipment, effect.person)
    reference = _reference_now(equipment, now)
    app = application_of(identity, effect.person, post)
    with equipment.store.transaction():
        state = equipment.store.ledger.application(app)
        heads = {each.hash for each in state.heads}
        if heads != set(effect.heads):
            return _heads_changed(equipment, effect, app, post, now)
        if state.in_conflict and heads != set(effect.draft.settles):
            raise DeskError("conflict_open")
        _must_not_be_sealed(equipment)
        parts = _parts(equipment, effect, post, identity, state)
        refusals = check_application(parts.claim, parts.wishes, reference)
        if refusals:
            return SubmitRefused(ticket=effect.ticket, at=now, refusals=refusals)
        hash_ = _append(equipment, effect, app, state, parts)
        draft = draft_after(effect.draft, parts.claim, parts.wishes)
        equipment.store.drafts.save(app, encode_draft(draft), equipment.saved_at())
    record = read_record(equipment, app, post.stage)
    version = _version(record, hash_)
    return Submitted(ticket=effect.ticket, at=now, version=version, record=record)


def withdraw(
    equipment: Equipment, effect: Withdraw, now: datetime
) -> Submitted | HeadsChanged | PasswordRefused:
    """A version that takes the application back, over every head; the draft stays.

    Raises:
        DeskError: ``closed``, ``lists_missing``, ``nothing_sent`` or ``unregistered``.
        StoreError: Nothing was written.
    """
    refused = _refused(equipment, effect, now)
    if refused is not None:
        return refused
    post = _post_now(equipment, effect.person)
    _reference_now(equipment, now)
    app = application_of(equipment.identity(), effect.person, post)
    moment = equipment.clock.moment()
    with equipment.store.transaction():
        state = equipment.store.ledger.application(app)
        if {each.hash for each in state.heads} != set(effect.heads):
            return _heads_changed(equipment, effect, app, post, now)
        if not state.heads or (state.current is not None and state.current.withdrawn):
            raise DeskError("nothing_sent")
        _must_not_be_sealed(equipment)
        link = equipment.store.ledger.append(
            Entry(
                kind="app.withdraw",
                body=Withdrawal(
                    app=app, version=_following(state), parents=tuple(sorted(effect.heads))
                ),
                who=Who(role="teacher", id=effect.person.teacher),
            ),
            moment,
            equipment.log_key,
        )
        equipment.store.audit.add(
            AuditCode.APPLICATION_WITHDRAWN,
            moment,
            who=effect.person.teacher,
            detail=str(link.event.seq),
        )
        draft = draft_after(effect.draft, None, None)
        equipment.store.drafts.save(app, encode_draft(draft), equipment.saved_at())
    record = read_record(equipment, app, post.stage)
    version = _version(record, EventHash(link.hash))
    return Submitted(ticket=effect.ticket, at=now, version=version, record=record)


def _refused(
    equipment: Equipment, effect: Submit | Withdraw, now: datetime
) -> PasswordRefused | None:
    """Whether the password typed again is neither hers nor, if she has a witness, the officer's.

    Raises:
        DeskError: ``not_officer``: the witness's certificate was taken away.
    """
    if effect.password is None:
        return None
    holder: bytes | None = effect.person.teacher
    if effect.witness is not None:
        officer = equipment.store.officers.find(effect.witness)
        holder = None if officer is None else officer.certificate.holder
    if holder is None:
        raise DeskError("not_officer")
    checked = check(equipment, holder, effect.password, now)
    if isinstance(checked, Lock):
        return PasswordRefused(ticket=effect.ticket, at=now, lock=checked)
    return None


def application_of(identity: Identity, person: Person, post: Post) -> ApplicationId:
    """The application of a person in this season and stage."""
    return application_id(identity.season_secret, identity.season, post.stage, person.national_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    claim: Claim
    wishes: Wishes


def _parts(
    equipment: Equipment, effect: Submit, post: Post, identity: Identity, state: ApplicationState
) -> _Parts:
    """Claim and wishes with fresh salts.

    A claim that says the same as one it replaces keeps its salt, and so its hash: whoever only
    changes wishes, chooses between two versions or takes a withdrawal back keeps the review
    (DESIGN D13).
    """
    answers = effect.draft.answers
    claim = claim_of(
        effect.person,
        post,
        answers,
        identity.season,
        declared=True,
        salt=equipment.random_bytes(SALT_BYTES),
    )
    for before in _claims_before(state, payloads_of(equipment, ApplicationId(state.app))):
        if msgspec.structs.replace(claim, salt=before.salt) == before:
            claim = before
            break
    return _Parts(claim=claim, wishes=wishes_of(answers, equipment.random_bytes(SALT_BYTES)))


def _claims_before(state: ApplicationState, payloads: Payloads) -> Iterator[Claim]:
    """The claims a new version may go on with: of the heads, the reviewed ones first.

    Behind a withdrawal stand the versions it took back.
    """
    known = {each.hash: each for each in state.versions}
    standing = [
        version
        for head in state.heads
        for version in (
            [known[each] for each in head.parents if each in known] if head.withdrawn else [head]
        )
    ]
    reviewed = sorted(
        standing, key=lambda each: (state.review_of(each) is Review.WAITING, -each.version)
    )
    for version in reviewed:
        claim, _ = parts_of(payloads.get(version.hash))
        if claim is not None:
            yield claim


def _following(state: ApplicationState) -> int:
    return max((each.version for each in state.versions), default=0) + 1


def _heads_changed(
    equipment: Equipment, effect: Submit | Withdraw, app: ApplicationId, post: Post, now: datetime
) -> HeadsChanged:
    """What came while she looked; she names as parents only what she has seen."""
    record = read_record(equipment, app, post.stage)
    return HeadsChanged(ticket=effect.ticket, at=now, record=record)


def _must_not_be_sealed(equipment: Equipment) -> None:
    """After ``season.close`` no version of a teacher follows, whatever the wall clock says."""
    if read_seal(equipment) is not None:
        raise DeskError("closed")


def _append(
    equipment: Equipment,
    effect: Submit,
    app: ApplicationId,
    state: ApplicationState,
    parts: _Parts,
) -> EventHash:
    claim, wishes = to_wire(parts.claim), to_wire(parts.wishes)
    payload = ApplicationPayload(
        salt=equipment.random_bytes(SALT_BYTES), claim=claim, wishes=wishes
    )
    revision = Revision(
        app=app,
        version=_following(state),
        parents=tuple(each.hash for each in state.heads),
        claim=payload_hash(claim),
        wishes=payload_hash(wishes),
        agreed=_agreed(effect.draft.answers),
    )
    person, moment = effect.person, equipment.clock.moment()
    link = equipment.store.ledger.append(
        Entry(
            kind="app.resolve" if state.in_conflict else "app.revise",
            body=revision,
            who=Who(role="teacher", id=person.teacher),
            payload=to_wire(payload),
        ),
        moment,
        equipment.log_key,
    )
    code = AuditCode.APPLICATION_RESOLVED if state.in_conflict else AuditCode.APPLICATION_SUBMITTED
    equipment.store.audit.add(code, moment, who=person.teacher, detail=str(link.event.seq))
    return EventHash(link.hash)


def _agreed(answers: Answers) -> Agreed | UnsetType:
    """Which text of the notices, and when; unset for a draft that does not say (F-047)."""
    text = NOTICES_TEXTS.get(answers.agreed_to)
    if text is None or answers.agreed_ms is None:
        return UNSET
    return Agreed(number=answers.agreed_to, text=text, t=answers.agreed_ms)


def _post_now(equipment: Equipment, person: Person) -> Post:
    """The roster's word at this moment, not what the screen still shows."""
    entry = equipment.store.roster.find(person.teacher)
    if entry is None:
        raise DeskError("unregistered")
    return post_of(entry)


def _reference_now(equipment: Equipment, now: datetime) -> Reference:
    stored = equipment.store.reference.current()
    if stored is None:
        raise DeskError("lists_missing")
    match teachers_window(stored.calendar, now):
        case Window.OPEN:
            return stored.reference
        case Window.UNKNOWN:
            raise DeskError("lists_missing")
        case Window.BEFORE | Window.AFTER:
            raise DeskError("closed")


def _version(record: Record, wanted: EventHash) -> Version:
    return next(each for each in record.versions if each.hash == wanted)
