"""A teacher's own work at the desk: signing in, drafts, 送出 and 撤回."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from core.domain.application import Claim, Reference, Wishes, check_application
from core.domain.ids import ApplicationId, EventHash
from core.season.merge import ApplicationState, Review
from core.season.pseudonym import application_id
from core.wire.canon import to_wire
from core.wire.event import SALT_BYTES, Who, payload_hash
from core.wire.kind import Revision, TeacherPresent, Withdrawal
from core.wire.payload import ApplicationPayload
from kiosk.desk.equipment import DeskError, Equipment, code_of
from kiosk.desk.passwords import check, new_account
from kiosk.desk.people import post_of
from kiosk.desk.records import Payloads, parts_of, payloads_of, read_record
from kiosk.desk.sealing import read_seal
from kiosk.session.answer import (
    DraftSaved,
    HeadsChanged,
    PasswordRefused,
    SignInAccepted,
    SubmitRefused,
    Submitted,
)
from kiosk.session.draft import Draft
from kiosk.session.draft_bytes import decode_draft, encode_draft
from kiosk.session.effect import SaveDraft, SetPassword, SignIn, Submit, Withdraw
from kiosk.session.form import answers_of, claim_of, wishes_of
from kiosk.session.page import Task
from kiosk.session.person import Lock, Person, Post
from kiosk.session.record import Record, Version
from kiosk.session.season import Window, teachers_window
from syncd.store.audit import AuditCode
from syncd.store.fault import StoreFull, WritingStopped
from syncd.store.identity import Identity
from syncd.store.ledger import Entry


def sign_in(
    equipment: Equipment, effect: SignIn, now: datetime
) -> SignInAccepted | PasswordRefused:
    """The teacher's work, if the password is right; that she was here goes into the log.

    Where the log may not grow she may look all the same.
    """
    checked = check(equipment, effect.person.teacher, effect.password, now)
    if isinstance(checked, Lock):
        return PasswordRefused(ticket=effect.ticket, at=now, lock=checked)
    reading = None
    try:
        with equipment.store.transaction():
            _present(equipment, effect.person, witness=None)
    except (StoreFull, WritingStopped) as error:
        reading = code_of(error)
    opened = _opened(equipment, effect.ticket, effect.person, effect.post, now)
    return replace(opened, reading=reading)


def set_password(equipment: Equipment, effect: SetPassword, now: datetime) -> SignInAccepted:
    """A witnessed new password. An officer's wrapped key cannot follow it: she enrols anew."""
    store, person = equipment.store, effect.person
    account, _ = new_account(equipment, person.teacher, effect.password)
    moment = equipment.clock.moment()
    with store.transaction():
        store.accounts.save(account)
        _present(equipment, person, witness=effect.witness)
        store.audit.add(AuditCode.FIRST_USE_WITNESSED, moment, who=effect.witness)
        store.audit.add(AuditCode.PASSWORD_SET, moment, who=person.teacher)
    return _opened(equipment, effect.ticket, person, effect.post, now)


def save_draft(equipment: Equipment, effect: SaveDraft, now: datetime) -> DraftSaved:
    """The draft on the disk."""
    app = application_of(equipment.identity(), effect.person, effect.post)
    content = encode_draft(effect.draft)
    with equipment.store.transaction():
        equipment.store.drafts.save(app, content, equipment.clock.moment())
    return DraftSaved(ticket=effect.ticket, at=now)


def submit(
    equipment: Equipment, effect: Submit, now: datetime
) -> Submitted | SubmitRefused | HeadsChanged | PasswordRefused:
    """A new version, in one transaction, after everything was checked again.

    Raises:
        DeskError: ``closed``, ``lists_missing``, ``conflict_open`` or ``unregistered``.
        StoreError: Nothing was written; the draft is as it was.
    """
    if effect.password is not None:
        checked = check(equipment, effect.person.teacher, effect.password, now)
        if isinstance(checked, Lock):
            return PasswordRefused(ticket=effect.ticket, at=now, lock=checked)
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
        hash_ = _append(equipment, effect.person, app, state, parts)
        answers = answers_of(parts.claim, parts.wishes, effect.draft.answers.agreed_ms or 0)
        draft = encode_draft(Draft(answers=answers, bookmark=Task.STATUS))
        equipment.store.drafts.save(app, draft, equipment.clock.moment())
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
    if effect.password is not None:
        checked = check(equipment, effect.person.teacher, effect.password, now)
        if isinstance(checked, Lock):
            return PasswordRefused(ticket=effect.ticket, at=now, lock=checked)
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
        draft = encode_draft(Draft(answers=effect.draft.answers, bookmark=Task.STATUS))
        equipment.store.drafts.save(app, draft, moment)
    record = read_record(equipment, app, post.stage)
    version = _version(record, EventHash(link.hash))
    return Submitted(ticket=effect.ticket, at=now, version=version, record=record)


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
    person: Person,
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
    )
    moment = equipment.clock.moment()
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


def _present(equipment: Equipment, person: Person, *, witness: bytes | None) -> None:
    """How the person was identified (PROTOCOL 2.3)."""
    moment = equipment.clock.moment()
    equipment.store.ledger.append(
        Entry(
            kind="teacher.present",
            body=TeacherPresent(
                teacher=person.teacher, card=person.card, witness=witness, citizen=False
            ),
            who=Who(role="teacher", id=person.teacher),
        ),
        moment,
        equipment.log_key,
    )
    equipment.store.audit.add(AuditCode.SIGNED_IN, moment, who=person.teacher)


def _opened(
    equipment: Equipment, ticket: int, person: Person, post: Post, now: datetime
) -> SignInAccepted:
    app = application_of(equipment.identity(), person, post)
    record = read_record(equipment, app, post.stage)
    row = equipment.store.drafts.find(app)
    draft = _decoded(row.content) if row is not None else None
    # The last session was cut off: what it wrote is here all the same (UX 4.7, power loss).
    recovered = draft is not None and not draft.closed
    return SignInAccepted(
        ticket=ticket,
        at=now,
        draft=_draft_of(record) if draft is None else draft,
        record=record,
        saved=None if row is None else datetime.fromtimestamp(row.saved_ms / 1000, now.tzinfo),
        recovered=recovered,
    )


def _decoded(content: bytes) -> Draft | None:
    """A draft of another program version is not understood; the version in force then stands in."""
    try:
        return decode_draft(content)
    except ValueError:
        return None


def _draft_of(record: Record) -> Draft:
    """The version in force as a draft, or the last one before it was taken back.

    An empty one when nothing was sent or its content is elsewhere.
    """
    current = record.current
    if current is not None and current.withdrawn:
        current = next((each for each in reversed(record.versions) if each.complete), None)
    if current is None or current.claim is None or current.wishes is None:
        return Draft()
    sent_ms = 0 if current.submitted is None else int(current.submitted.timestamp() * 1000)
    return Draft(answers=answers_of(current.claim, current.wishes, sent_ms), bookmark=Task.STATUS)


def _version(record: Record, wanted: EventHash) -> Version:
    return next(each for each in record.versions if each.hash == wanted)
