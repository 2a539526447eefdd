"""Cards, passwords and officers at the desk, on a real encrypted store (K02, O04)."""

from dataclasses import replace

import msgspec
import pytest

from core.sealing import SealError, code_proof, key_id
from core.signature import SignatureType
from core.wire.canon import from_wire, to_wire
from core.wire.document import open_document, split_document
from core.wire.identity import EnrolmentForm, SigningRequest
from core.wire.payload import RosterPayload
from kiosk.desk.passwords import unwrap_key
from kiosk.desk.people import title_of
from kiosk.session.bureau import CertificateState, QueuePage, RegisterPage
from kiosk.session.device import CardRead
from kiosk.session.gesture import (
    EnrolmentTyped,
    EnteredOnce,
    OfficersCalled,
    PasswordChosen,
    PasswordForgotten,
    SubmitAsked,
    Touched,
    WentOn,
)
from kiosk.session.page import ReceiptPage
from kiosk.session.paperwork import (
    QueueOpened,
    RegisterAnswered,
    RegisterConfirmed,
    RegisterOpened,
    RosterOpened,
)
from kiosk.session.state import (
    AskingOfficerPassword,
    AskingPassword,
    CardWantedBack,
    ChoosingPassword,
    OfficerEnrolling,
    OfficerSignedIn,
    PrivacyNotice,
    SignedIn,
    Trouble,
    TroubleCode,
    WitnessPassword,
    WitnessWanted,
)
from syncd.store.audit import AuditCode
from syncd.store.database import open_store
from tests.kiosk.desk.test_applications import fill_in, send
from tests.kiosk.machine import (
    AMY,
    BEN,
    CLERK,
    CODE,
    OTHER_CLERK,
    STORE_KEY,
    Holder,
    Machine,
    ready,
)
from tests.kiosk.people import KUN, OWN, PASSWORD, secret, version

NEW = "other-tree-77"


@pytest.fixture
def machine(tmp_path):
    return ready(tmp_path)


def kinds(machine):
    return [link.event.kind for link in machine.store.ledger.links(1, 100)]


def test_before_enrolment_no_card_can_be_used(tmp_path):
    machine = Machine(tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    machine.store = open_store(empty / "kiosk.db", STORE_KEY)
    machine.path = empty / "kiosk.db"
    machine.reopen()

    assert machine.insert(AMY) == Trouble(TroubleCode.NOT_ENROLLED)


def test_a_card_without_a_roster_entry_is_unregistered(machine):
    assert machine.insert(Holder("何小雨", "7000044")) == Trouble(TroubleCode.UNREGISTERED)


def test_a_card_whose_birthday_cannot_be_read_needs_the_roster(machine):
    unreadable = replace(AMY.profile, birth=None)
    stranger = replace(Holder("何小雨", "7000044").profile, birth=None)

    known = machine.tell(CardRead, profile=unreadable)
    machine.remove()
    machine.end()
    unknown = machine.tell(CardRead, profile=stranger)

    assert isinstance(known, WitnessWanted)
    assert known.person.birth == AMY.profile.birth
    assert unknown == Trouble(TroubleCode.UNREADABLE)


def test_an_officers_enrolment_queues_a_request_that_proves_the_code(tmp_path):
    machine = Machine(tmp_path)

    machine.enrol_officer(granted=False)

    (request,) = machine.store.requests.open()
    form = from_wire(request.form, EnrolmentForm)
    document = form.request
    asked = from_wire(split_document(document)[0], SigningRequest)
    signed = open_document(
        SignatureType.REQUEST, document, SigningRequest, {key_id(asked.key): asked.key}
    )
    assert (signed.subject, signed.name, signed.schools) == ("officer", CLERK.name, (OWN, "183602"))
    assert form.proof == code_proof(CODE, to_wire(signed))
    assert signed.holder == request.holder


def test_until_the_county_answers_an_officer_sees_an_empty_queue_and_can_do_nothing(tmp_path):
    machine = Machine(tmp_path)
    machine.enrol_officer(granted=False)

    scene = machine.officer_signs_in()
    refused = machine.tell(RegisterOpened)
    machine.tell(RosterOpened)

    assert isinstance(scene, OfficerSignedIn)
    assert scene.officer.state is CertificateState.WAITING
    assert scene.page == QueuePage(rows=())
    assert refused.toast == "not_granted"
    assert machine.scene.alarm == "not_granted"


def test_when_the_certificate_arrives_then_the_queue_knows_it(tmp_path):
    machine = Machine(tmp_path)
    machine.enrol_officer(granted=False)
    machine.officer_signs_in()

    machine.grant(CLERK)
    scene = machine.tell(QueueOpened)

    assert scene.officer.state is CertificateState.GRANTED
    assert machine.session.station.has_officer


def test_a_refused_officer_may_try_another_code(tmp_path):
    machine = Machine(tmp_path)
    machine.enrol_officer(granted=False)
    with machine.store.transaction():
        machine.store.requests.mark_refused(machine.store.requests.open()[0].id)

    machine.tell(OfficersCalled)
    again = machine.insert(CLERK)
    wrong = machine.tell(
        EnrolmentTyped, code=secret(CODE), password=secret("not-this-one"), again=secret("")
    )
    right = machine.tell(
        EnrolmentTyped, code=secret(CODE), password=secret(CLERK.password), again=secret("")
    )

    assert isinstance(again, OfficerEnrolling)
    assert again.has_password
    assert (wrong.fault, wrong.lock.tries_left) == ("password_wrong", 4)
    assert isinstance(right, OfficerSignedIn)


def test_a_revoked_officer_can_sign_in_but_do_nothing(machine):
    (officer,) = machine.store.officers.all()
    with machine.store.transaction():
        machine.store.officers.remove(officer.id)

    scene = machine.officer_signs_in()

    assert scene.officer.state is CertificateState.REVOKED
    assert machine.tell(RegisterOpened).toast == "not_granted"
    assert not machine.desk.station().has_officer


def test_registration_goes_into_roster_and_log_under_the_officers_certificate(machine):
    entry = next(each for each in machine.store.roster.all() if each.name == AMY.name)
    link = machine.store.ledger.newest("teacher.register")

    payload = from_wire(link.frame.payload, RosterPayload)

    assert (entry.school, entry.title, entry.birth) == (OWN, "teacher", AMY.profile.birth)
    assert link.event.who.id == entry.registered_by == machine.store.officers.all()[0].id
    assert payload.name == BEN.name
    assert kinds(machine) == ["teacher.register", "teacher.register"]


def test_paper_says_what_the_roster_says_she_is(machine, tmp_path):
    sent = version(1)
    hers = replace(
        sent, claim=msgspec.structs.replace(sent.claim, national_id=AMY.profile.national_id.text)
    )
    empty = tmp_path / "empty"
    empty.mkdir()
    nobody = replace(machine.equipment(), store=open_store(empty / "kiosk.db", STORE_KEY))

    assert title_of(machine.equipment(), hers) == "teacher"
    assert title_of(machine.equipment(), version(1, who=KUN)) == ""
    assert title_of(machine.equipment(), replace(sent, claim=None)) == ""
    assert title_of(nobody, hers) == ""


def test_the_roster_shows_who_has_a_password(machine):
    machine.first_use(AMY)
    machine.end()
    machine.officer_signs_in()

    rows = machine.tell(RosterOpened).page.rows

    assert {each.name: each.first_use_done for each in rows} == {AMY.name: True, BEN.name: False}


def test_an_educare_contract_is_explained_and_goes_no_further(tmp_path):
    machine = Machine(tmp_path)
    machine.enrol_officer()
    machine.officer_signs_in()
    machine.register(AMY, title="educare")
    machine.end()

    assert machine.insert(AMY) == Trouble(TroubleCode.WRONG_SCHEME, "educare")


def test_a_registration_can_be_corrected_later(tmp_path):
    kun = Holder("游錫堃", "7000003")
    machine = ready(tmp_path, kun, BEN)
    machine.officer_signs_in()
    machine.tell(RegisterOpened)
    machine.swap(kun)
    machine.tell(RegisterAnswered, place="name", value="游錫堃")

    page = machine.tell(RegisterConfirmed).page

    assert isinstance(page, RegisterPage)
    assert page.done == "游錫堃"
    assert page.entry == machine.store.ledger.newest("teacher.register").hash
    assert {each.name for each in machine.store.roster.all()} == {"游錫堃", BEN.name}


def test_a_name_that_contradicts_the_card_is_not_registered(machine):
    machine.officer_signs_in()
    machine.tell(RegisterOpened)
    machine.swap(AMY)
    machine.tell(RegisterAnswered, place="name", value="林曉茫")

    page = machine.tell(RegisterConfirmed).page

    assert [each.code for each in page.faults] == ["name_contradicts_card"]
    assert {each.name for each in machine.store.roster.all()} == {AMY.name, BEN.name}


def test_the_first_use_goes_through_the_witness_and_leaves_both_in_the_log(machine):
    machine.insert(AMY)
    assert isinstance(machine.scene, WitnessWanted)
    assert isinstance(machine.swap(CLERK), WitnessPassword)
    machine.password(CLERK.password)
    assert isinstance(machine.tell(WentOn), CardWantedBack)
    assert isinstance(machine.swap(AMY), PrivacyNotice)
    assert isinstance(machine.tell(WentOn), ChoosingPassword)

    scene = machine.tell(PasswordChosen, password=secret(PASSWORD), again=secret(PASSWORD))

    present = machine.store.ledger.newest("teacher.present").event
    assert isinstance(scene, SignedIn)
    assert present.body["witness"] == machine.store.officers.all()[0].id
    assert present.body["teacher"] == present.who.id == scene.person.teacher
    assert len(present.body["card"]) == 32
    codes = [row.code for row in machine.store.audit.newest(9)]
    assert AuditCode.FIRST_USE_WITNESSED in codes


def test_the_password_is_nowhere_in_the_store(machine, tmp_path):
    machine.first_use(AMY)

    account = machine.store.accounts.find(machine.scene.person.teacher)

    assert PASSWORD.encode() not in account.verifier + account.salt
    assert all(
        PASSWORD.encode() not in each.read_bytes() and AMY.name.encode() not in each.read_bytes()
        for each in tmp_path.iterdir()
    )


def test_signing_in_again_notes_an_unwitnessed_presence(machine):
    machine.first_use(AMY)
    machine.end()

    scene = machine.sign_in(AMY)

    present = machine.store.ledger.newest("teacher.present").event
    assert isinstance(scene, SignedIn)
    assert present.body["witness"] is None


def test_five_wrong_passwords_rest_for_ten_minutes_also_over_a_restart(machine):
    machine.first_use(AMY)
    machine.end()
    machine.insert(AMY)

    left = [machine.password("wrong-one-1").lock.tries_left for _ in range(5)]
    locked = machine.scene
    machine.reopen()
    machine.clock.forward(minutes=9)
    still = machine.insert(AMY)
    refused = machine.password(PASSWORD)
    machine.clock.forward(seconds=61)
    machine.swap(AMY)
    opened = machine.password(PASSWORD)

    assert left == [4, 3, 2, 1, 0]
    assert locked.fault == "locked"
    assert isinstance(still, AskingPassword)
    assert still.lock.until_ms == locked.lock.until_ms
    assert refused.fault == "locked"
    assert isinstance(opened, SignedIn)


def test_a_clock_that_is_put_back_locks_nobody_out_for_longer(machine):
    """UX 4.7: never more than a pause."""
    machine.first_use(AMY)
    machine.end()
    machine.clock.forward(days=365)
    machine.insert(AMY)
    for _ in range(5):
        machine.password("wrong-one-1")
    machine.clock.forward(days=-365)
    machine.swap(AMY)

    assert isinstance(machine.password(PASSWORD), SignedIn)


def test_a_wrong_try_after_the_pause_counts_from_the_beginning(machine):
    machine.first_use(AMY)
    machine.end()
    machine.insert(AMY)
    for _ in range(5):
        machine.password("wrong-one-1")
    machine.clock.forward(minutes=11)
    machine.swap(AMY)

    assert machine.password("wrong-one-1").lock.tries_left == 4


def test_tries_of_the_day_before_still_count_and_a_right_one_forgives_them(machine):
    machine.first_use(AMY)
    machine.end()
    machine.insert(AMY)
    machine.password("wrong-one-1")
    machine.password("wrong-one-1")
    machine.reopen()

    again = machine.insert(AMY)
    machine.password(PASSWORD)
    machine.end()

    assert again.lock.tries_left == 3
    assert machine.insert(AMY).lock.tries_left == 5


def test_the_desk_itself_refuses_while_a_password_rests(machine):
    machine.first_use(AMY)
    machine.end()
    machine.insert(AMY)
    stale = machine.session
    for _ in range(5):
        machine.password("wrong-one-1")
    machine.talk.session = stale  # a screen that has not heard of the pause

    assert machine.password(PASSWORD).fault == "locked"


def test_a_forgotten_password_is_set_anew_with_the_same_witness(machine):
    machine.first_use(AMY)
    machine.end()
    machine.insert(AMY)

    wanted = machine.tell(PasswordForgotten)
    machine.swap(CLERK)
    machine.password(CLERK.password)
    machine.tell(WentOn)
    choosing = machine.swap(AMY)
    machine.tell(PasswordChosen, password=secret(NEW), again=secret(NEW))
    machine.end()

    assert wanted.reset
    assert isinstance(choosing, ChoosingPassword)
    machine.insert(AMY)
    assert machine.password(PASSWORD).fault == "password_wrong"
    assert isinstance(machine.password(NEW), SignedIn)


def witnessed(machine):
    """AMY forgot her password; CLERK confirms face and card, and her card is in again."""
    machine.insert(AMY)
    machine.tell(PasswordForgotten)
    machine.swap(CLERK)
    machine.password(CLERK.password)
    machine.tell(WentOn)
    return machine.swap(AMY)


def test_without_any_password_the_officers_word_lets_her_in_once_and_stands_in_the_log(machine):
    machine.first_use(AMY)
    machine.end()
    witnessed(machine)

    entered = machine.tell(EnteredOnce)
    present = machine.store.ledger.links(1, 200)[-1].event
    machine.end()

    assert isinstance(entered, SignedIn)
    assert present.kind == "teacher.present"
    assert present.body["witness"] == machine.store.officers.all()[0].id
    codes = [each.code for each in machine.store.audit.newest(20)]
    assert AuditCode.ENTRY_WITNESSED in codes
    machine.insert(AMY)
    assert isinstance(machine.password(PASSWORD), SignedIn)  # it was not changed


def test_who_never_chose_a_password_is_asked_for_a_witness_every_time(machine):
    machine.insert(AMY)
    machine.swap(CLERK)
    machine.password(CLERK.password)
    machine.tell(WentOn)
    machine.swap(AMY)
    machine.tell(WentOn)
    entered = machine.tell(EnteredOnce)
    machine.end()

    assert isinstance(entered, SignedIn)
    assert machine.store.accounts.find(entered.person.teacher) is None
    assert isinstance(machine.insert(AMY), WitnessWanted)


def test_what_a_witnessed_teacher_sends_late_needs_the_officers_password_again(machine):
    machine.first_use(AMY)
    fill_in(machine)
    machine.end()
    witnessed(machine)
    machine.tell(EnteredOnce)
    for _ in range(6):
        machine.wait(minutes=2)
        machine.tell(Touched)

    asked = send(machine)
    wrong = machine.tell(SubmitAsked, password=secret(PASSWORD))
    sent = machine.tell(SubmitAsked, password=secret(CLERK.password))

    assert asked.page.password_wanted
    assert wrong.page.password_wrong
    assert isinstance(sent.page, ReceiptPage)


def test_the_word_of_an_officer_whose_certificate_was_taken_away_opens_nothing(machine):
    machine.first_use(AMY)
    machine.end()
    witnessed(machine)
    officer = machine.store.officers.all()[0]
    with machine.store.transaction():
        machine.store.officers.remove(officer.id)

    refused = machine.tell(EnteredOnce)

    assert (type(refused), refused.fault) == (ChoosingPassword, "not_officer")


def test_an_officer_who_is_no_teacher_here_is_asked_for_the_password_at_once(machine):
    assert isinstance(machine.insert(CLERK), AskingOfficerPassword)
    assert machine.password("wrong-one-1").lock.tries_left == 4
    assert isinstance(machine.password(CLERK.password), OfficerSignedIn)


def test_two_officers_witness_for_each_other(machine):
    machine.enrol_officer(OTHER_CLERK)
    machine.officer_signs_in(CLERK)
    machine.register(OTHER_CLERK)
    machine.end()
    machine.insert(OTHER_CLERK)

    assert isinstance(machine.scene, AskingPassword)
    assert isinstance(machine.password(OTHER_CLERK.password), SignedIn)


def test_a_new_password_ends_an_officers_wrapped_key(machine):
    machine.enrol_officer(OTHER_CLERK)
    machine.officer_signs_in(CLERK)
    machine.register(OTHER_CLERK)
    machine.end()
    machine.insert(OTHER_CLERK)
    machine.tell(PasswordForgotten)
    machine.swap(CLERK)
    machine.password(CLERK.password)
    machine.tell(WentOn)
    machine.swap(OTHER_CLERK)
    machine.tell(PasswordChosen, password=secret(NEW), again=secret(NEW))

    account = machine.store.accounts.find(machine.scene.person.teacher)

    assert account.wrapped_key is None
    assert account.certificate is None


def test_a_wrapped_key_opens_for_its_holder_only(machine):
    scene = machine.officer_signs_in()
    account = machine.store.accounts.find(scene.officer.person.teacher)

    with pytest.raises(SealError):
        unwrap_key(account.wrapped_key, b"m" * 32, account.holder)
