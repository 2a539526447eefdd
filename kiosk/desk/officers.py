"""An officer at the desk: enrolment, signing in, registering teachers."""

from collections.abc import Mapping
from datetime import datetime

from core.domain.ids import EventHash
from core.sealing import KEY_BYTES, SigningKey
from core.wire.canon import to_wire, typed
from core.wire.event import SALT_BYTES, Who
from core.wire.identity import SigningRequest, make_request
from core.wire.kind import TeacherRegister
from core.wire.payload import RosterPayload
from kiosk.desk.equipment import DeskError, Equipment
from kiosk.desk.passwords import check, new_account, wrap_key
from kiosk.desk.people import officer_of
from kiosk.session.answer import OfficerAccepted, PasswordRefused, Registered, RosterLoaded
from kiosk.session.bureau import CertificateState, Officer, Registration, RosterRow
from kiosk.session.effect import CheckOfficer, EnrolOfficer, LoadRoster, Register
from kiosk.session.person import Lock
from syncd.store.accounts import Account
from syncd.store.audit import AuditCode
from syncd.store.ledger import Entry
from syncd.store.roster import RosterEntry

NONCE_BYTES = 16


def enrol(
    equipment: Equipment, effect: EnrolOfficer, now: datetime
) -> OfficerAccepted | PasswordRefused:
    """A key of the officer's own, wrapped by the password, and a request on its way to the county.

    Whether the one-time code is right only the county can say: it holds the letters.
    """
    store, person = equipment.store, effect.person
    there = store.accounts.find(person.teacher)
    if there is None:
        account, master = new_account(equipment, person.teacher, effect.password)
    else:
        checked = check(equipment, person.teacher, effect.password, now)
        if isinstance(checked, Lock):
            return PasswordRefused(ticket=effect.ticket, at=now, lock=checked)
        account, master = there, checked
    key = SigningKey(equipment.random_bytes(KEY_BYTES))
    identity = equipment.identity()
    request = SigningRequest(
        subject="officer",
        key=key.public,
        seal=None,
        schools=identity.schools,
        name=person.name,
        asset=identity.name,
        software=equipment.software,
        holder=person.teacher,
        nonce=equipment.random_bytes(NONCE_BYTES),
    )
    form = to_wire(make_request(request, key, effect.code.typed.decode("utf-8", "replace")))
    account = Account(
        holder=account.holder,
        verifier=account.verifier,
        salt=account.salt,
        cost=account.cost,
        wrapped_key=wrap_key(equipment, master, key, person.teacher),
    )
    moment = equipment.clock.moment()
    with store.transaction():
        store.accounts.save(account)
        store.requests.add(form, person.teacher, moment)
        store.audit.add(AuditCode.OFFICER_REQUESTED, moment, who=person.teacher)
    officer = Officer(
        person=person, state=CertificateState.WAITING, certificate=None, role="personnel"
    )
    return OfficerAccepted(ticket=effect.ticket, at=now, officer=officer)


def sign_in(
    equipment: Equipment, effect: CheckOfficer, now: datetime
) -> OfficerAccepted | PasswordRefused:
    """The officer as known now, if the password is right."""
    teacher = effect.officer.person.teacher
    checked = check(equipment, teacher, effect.password, now)
    if isinstance(checked, Lock):
        return PasswordRefused(ticket=effect.ticket, at=now, lock=checked)
    officer = current(equipment, effect.officer)
    with equipment.store.transaction():
        equipment.store.audit.add(
            AuditCode.SIGNED_IN, equipment.clock.moment(), who=teacher, detail="officer"
        )
    return OfficerAccepted(ticket=effect.ticket, at=now, officer=officer)


def current(equipment: Equipment, officer: Officer) -> Officer:
    """The officer with the certificate as it stands now.

    Raises:
        DeskError: ``not_officer``; the county has refused.
    """
    account = equipment.store.accounts.find(officer.person.teacher)
    found = officer_of(equipment, officer.person, account)
    if found is None:
        raise DeskError("not_officer")
    return found


def certified(equipment: Equipment, officer: Officer) -> bytes:
    """The id of the officer's certificate.

    Raises:
        DeskError: ``not_granted``, or as `current`.
    """
    found = current(equipment, officer)
    if found.state is not CertificateState.GRANTED or found.certificate is None:
        raise DeskError("not_granted")
    return found.certificate


def load_roster(equipment: Equipment, effect: LoadRoster, now: datetime) -> RosterLoaded:
    """The school's teachers.

    Raises:
        DeskError: As `certified`.
    """
    certified(equipment, effect.officer)
    store, rejected = equipment.store, _rejected(equipment)
    rows = tuple(
        RosterRow(
            teacher=entry.teacher,
            name=entry.name,
            national_id=entry.national_id,
            title=entry.title,
            school=entry.school,
            stage=entry.stage,
            subject=entry.subject,
            first_use_done=store.accounts.find(entry.teacher) is not None,
            rejection=rejected.get(entry.teacher, ""),
        )
        for entry in store.roster.all()
    )
    return RosterLoaded(ticket=effect.ticket, at=now, rows=rows)


def _rejected(equipment: Equipment) -> Mapping[bytes, str]:
    """Why the centre rejected the last registration of a teacher here."""
    words = equipment.store.outbox.rejections()
    if not words:
        return {}
    links = equipment.store.ledger.of_kind("teacher.register")
    last = {typed(link.event.body, TeacherRegister).teacher: link.hash for link in links}
    return {teacher: words[eh] for teacher, eh in last.items() if eh in words}


def register(equipment: Equipment, effect: Register, now: datetime) -> Registered:
    """A teacher in the roster, and in the log.

    Raises:
        DeskError: ``incomplete``, ``other_school``, or as `certified`.
    """
    certificate = certified(equipment, effect.officer)
    entry = _entry(effect.form, certificate)
    if entry.school not in equipment.identity().schools:
        raise DeskError("other_school")
    payload = RosterPayload(
        salt=equipment.random_bytes(SALT_BYTES),
        national_id=entry.national_id.text,
        name=entry.name,
        birth=entry.birth.isoformat(),
        sex=entry.sex,
        title=entry.title,
        school=entry.school,
        stage=entry.stage.value,
        subject=entry.subject,
    )
    moment = equipment.clock.moment()
    with equipment.store.transaction():
        equipment.store.roster.add(entry)
        link = equipment.store.ledger.append(
            Entry(
                kind="teacher.register",
                body=TeacherRegister(teacher=entry.teacher),
                who=Who(role="officer", id=certificate),
                payload=to_wire(payload),
            ),
            moment,
            equipment.log_key,
        )
        equipment.store.audit.add(AuditCode.TEACHER_REGISTERED, moment, who=certificate)
    return Registered(ticket=effect.ticket, at=now, name=entry.name, hash=EventHash(link.hash))


def _entry(form: Registration, certificate: bytes) -> RosterEntry:
    if form.title is None or form.school is None or form.stage is None or form.subject is None:
        raise DeskError("incomplete")
    person = form.person
    return RosterEntry(
        teacher=person.teacher,
        national_id=person.national_id,
        name=form.name.strip(),
        birth=form.birth,
        sex=person.sex,
        title=form.title,
        school=form.school,
        stage=form.stage,
        subject=form.subject,
        registered_by=certificate,
    )
