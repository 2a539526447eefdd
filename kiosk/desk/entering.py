"""A teacher comes in: by her password, a new one, or an officer's word that it is her."""

from dataclasses import replace
from datetime import datetime

from core.wire.event import Who
from core.wire.kind import TeacherPresent
from kiosk.desk.applications import application_of
from kiosk.desk.equipment import DeskError, Equipment, code_of
from kiosk.desk.passwords import check, new_account
from kiosk.desk.records import read_record
from kiosk.session.answer import PasswordRefused, SignInAccepted
from kiosk.session.draft import Answers, Draft
from kiosk.session.draft_bytes import decode_draft
from kiosk.session.effect import EnterWitnessed, SetPassword, SignIn
from kiosk.session.form import agreement, answers_of
from kiosk.session.page import Task
from kiosk.session.person import Lock, Person, Post
from kiosk.session.record import Record
from syncd.store.audit import AuditCode
from syncd.store.fault import KeyChanged, StoreFull, WritingStopped
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
    except (StoreFull, WritingStopped, KeyChanged) as error:
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


def enter_witnessed(equipment: Equipment, effect: EnterWitnessed, now: datetime) -> SignInAccepted:
    """The work of somebody an officer knows by face and card; her password stays as it is.

    Raises:
        DeskError: ``not_officer``: the county has taken the certificate away meanwhile.
        StoreError: It cannot be put down who confirmed it; nobody gets in.
    """
    store, person = equipment.store, effect.person
    with store.transaction():
        if store.officers.find(effect.witness) is None:
            raise DeskError("not_officer")
        _present(equipment, person, witness=effect.witness)
        moment = equipment.clock.moment()
        store.audit.add(AuditCode.ENTRY_WITNESSED, moment, who=effect.witness)
    return _opened(equipment, effect.ticket, person, effect.post, now)


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
    agreed = agreement(Answers(), current, sent_ms)
    return Draft(answers=answers_of(current.claim, current.wishes, agreed), bookmark=Task.STATUS)
