"""What cards do, as a table of transitions (UX 4.7, K01, K09)."""

from dataclasses import replace
from datetime import date

import pytest

from core.card.nhi import Profile
from kiosk.session.answer import CardKnown, CardUseless, DeskFailed
from kiosk.session.bureau import CertificateState, QueuePage, RegisterPage
from kiosk.session.device import CardFailed, CardInserted, CardRead, CardRemoved
from kiosk.session.draft import Draft
from kiosk.session.effect import Identify, SaveDraft, Sound, Tone, Watch
from kiosk.session.state import (
    AskingOfficerPassword,
    AskingPassword,
    CardOut,
    CardWantedBack,
    ChoosingPassword,
    Covered,
    Idle,
    OfficerCardWanted,
    OfficerEnrolling,
    OfficerSignedIn,
    PrivacyNotice,
    Reading,
    SignedIn,
    TakeCard,
    Trouble,
    TroubleCode,
    WitnessConfirming,
    WitnessPassword,
    WitnessWanted,
)
from kiosk.session.station import SlotEmpty, SlotFaulty, SlotHolds, SlotReading
from kiosk.session.step import step
from tests.kiosk.people import (
    AMY,
    BEN,
    CLERK,
    COMPLETE,
    FRESH,
    NOON,
    OFFICER,
    POST,
    STATION,
    at_work,
    idle,
    seconds,
    working,
)

PROFILE = Profile(
    card_number="000012345678",
    name="林曉芒",
    name_raw=b"x" * 20,
    name_damaged=False,
    national_id=AMY.national_id,
    birth=AMY.birth,
    sex="F",
    issued=date(2020, 1, 9),
)
WANTED = WitnessWanted(person=AMY, post=POST, since=NOON, reset=False)
WITNESS_PASSWORD = WitnessPassword(
    person=AMY, post=POST, since=NOON, reset=False, officer=OFFICER, lock=FRESH
)
CONFIRMING = WitnessConfirming(person=AMY, post=POST, since=NOON, reset=False, officer=OFFICER)
BACK = CardWantedBack(person=AMY, post=POST, since=NOON, reset=False, witness=b"w" * 16)
NOTICE = PrivacyNotice(person=AMY, post=POST, since=NOON, reset=False, witness=b"w" * 16)
CHOOSING = ChoosingPassword(person=AMY, post=POST, since=NOON, reset=False, witness=b"w" * 16)
ASKING = AskingPassword(person=AMY, post=POST, since=NOON, asked=POST.stage, lock=FRESH)
AT_QUEUE = OfficerSignedIn(officer=OFFICER, page=QueuePage(), silent_since=NOON)
REGISTERING = replace(AT_QUEUE, page=RegisterPage())


def showing(scene, station=STATION, holder=None, lookup=None):
    """A session that shows this, with that card in the slot."""
    session = idle(station)
    slot = SlotEmpty() if holder is None else SlotHolds(holder.teacher)
    reader = replace(session.reader, slot=slot)
    return replace(session, scene=scene, reader=reader, lookup=lookup, serial=lookup or 0)


def known(person=AMY, *, post=POST, password=True, officer=None, wrong=False):
    """The desk's answer about a card."""
    return CardKnown(
        ticket=5,
        at=NOON,
        person=person,
        post=post,
        has_password=password,
        lock=FRESH,
        officer=officer,
        wrong_scheme=wrong,
    )


CLERKS = known(CLERK, post=None, officer=OFFICER)


def test_given_an_idle_kiosk_when_a_card_goes_in_then_it_is_read_and_looked_up():
    session = idle()

    reading = step(session, CardInserted(at=NOON)).session
    looked_up = step(reading, CardRead(at=NOON, profile=PROFILE))

    assert reading.scene == Reading(NOON)
    assert looked_up.session.scene == Reading(NOON)
    assert looked_up.session.reader.slot == SlotReading(NOON)
    assert looked_up.effects == (Identify(ticket=1, profile=PROFILE),)
    assert looked_up.session.lookup == 1


def test_given_a_reader_that_skips_the_insertion_when_a_card_is_read_then_it_counts_all_the_same():
    looked_up = step(idle(), CardRead(at=NOON, profile=PROFILE)).session

    assert looked_up.scene == Reading(NOON)


@pytest.mark.parametrize(
    ("card", "scene"),
    [
        (known(), ASKING),
        (known(password=False), WANTED),
        (known(post=None), Trouble(TroubleCode.UNREGISTERED)),
        (known(wrong=True), Trouble(TroubleCode.WRONG_SCHEME, "teacher")),
        (known(wrong=True, post=None), Trouble(TroubleCode.WRONG_SCHEME)),
        (CLERKS, AskingOfficerPassword(officer=OFFICER, since=NOON, lock=FRESH)),
    ],
)
def test_a_looked_up_card_opens_the_page_of_its_holder(card, scene):
    session = showing(Reading(NOON), lookup=5)

    after = step(session, card).session

    assert after.scene == scene
    assert after.reader.slot == SlotHolds(card.person.teacher)
    assert after.lookup is None


def test_given_no_officer_here_when_a_new_teacher_comes_then_the_first_use_is_impossible():
    session = showing(Reading(NOON), replace(STATION, has_officer=False), lookup=5)

    after = step(session, known(password=False)).session

    assert after.scene == Trouble(TroubleCode.FIRST_USE_IMPOSSIBLE)


@pytest.mark.parametrize(
    "answer", [known(), CardUseless(ticket=5, at=NOON, code=TroubleCode.UNREADABLE)]
)
def test_an_answer_about_a_card_that_is_gone_changes_nothing(answer):
    session = showing(Idle(), lookup=None)

    assert step(session, answer).session == session


@pytest.mark.parametrize(
    "event",
    [
        CardFailed(at=NOON, code=TroubleCode.FOREIGN, detail="citizen"),
        CardUseless(ticket=5, at=NOON, code=TroubleCode.FOREIGN, detail="citizen"),
    ],
)
def test_a_card_that_cannot_be_used_gets_its_page_and_a_tone(event):
    after = step(showing(Reading(NOON), lookup=5), event)

    assert after.session.scene == Trouble(TroubleCode.FOREIGN, "citizen")
    assert after.session.reader.slot == SlotFaulty("foreign")
    assert after.effects == (Sound(Tone.ERROR),)


def test_given_a_store_that_cannot_be_asked_when_a_card_was_read_then_the_page_says_so():
    after = step(showing(Reading(NOON), lookup=5), DeskFailed(ticket=5, at=NOON, code="locked"))

    assert after.session.scene == Trouble(TroubleCode.STORE, "locked")


@pytest.mark.parametrize(
    ("scene", "after"),
    [
        (Reading(NOON), Idle()),
        (Trouble(TroubleCode.UNREGISTERED), Idle()),
        (ASKING, Idle()),
        (NOTICE, Idle()),
        (CHOOSING, Idle()),
        (OfficerEnrolling(person=CLERK, since=NOON, has_password=False, lock=FRESH), Idle()),
        (AskingOfficerPassword(officer=OFFICER, since=NOON, lock=FRESH), Idle()),
        (TakeCard(since=NOON, notice="ended"), Idle("ended")),
        (Idle("ended"), Idle("ended")),
        (WITNESS_PASSWORD, WANTED),
        (CONFIRMING, WANTED),
        (WANTED, WANTED),
        (BACK, BACK),
        (OfficerCardWanted(since=NOON), OfficerCardWanted(since=NOON)),
        (working(), CardOut(held=working(), since=NOON, bookmark="notices")),
        (
            Covered(held=working(), since=NOON),
            CardOut(held=working(), since=NOON, bookmark="notices"),
        ),
        (AT_QUEUE, CardOut(held=AT_QUEUE, since=NOON, bookmark="queue")),
        (REGISTERING, REGISTERING),
        (
            CardOut(held=working(), since=NOON, bookmark="x"),
            CardOut(held=working(), since=NOON, bookmark="x"),
        ),
    ],
)
def test_when_the_card_leaves_then_nothing_of_its_holder_stays_in_sight(scene, after):
    session = showing(scene, holder=AMY, lookup=5)

    result = step(session, CardRemoved(at=NOON)).session

    assert result.scene == after
    assert result.reader.slot == SlotEmpty()
    assert result.lookup is None


@pytest.mark.parametrize(
    ("scene", "after"),
    [
        (WANTED, replace(WANTED, fault="unreadable")),
        (BACK, replace(BACK, fault="unreadable")),
        (OfficerCardWanted(since=NOON), OfficerCardWanted(since=NOON, fault="unreadable")),
        (REGISTERING, replace(REGISTERING, page=RegisterPage(trouble="unreadable"))),
        (working(), CardOut(held=working(), since=NOON, bookmark="notices")),
        (AT_QUEUE, CardOut(held=AT_QUEUE, since=NOON, bookmark="queue")),
        (
            Covered(held=working(), since=NOON),
            CardOut(held=working(), since=NOON, bookmark="notices"),
        ),
        (
            CardOut(held=working(), since=NOON, bookmark="x"),
            CardOut(held=working(), since=NOON, bookmark="x"),
        ),
        (WITNESS_PASSWORD, replace(WANTED, fault="unreadable")),
        (CONFIRMING, replace(WANTED, fault="unreadable")),
        (ASKING, Trouble(TroubleCode.UNREADABLE)),
    ],
)
def test_a_bad_card_where_another_was_waited_for_is_named_there(scene, after):
    session = showing(scene, holder=AMY)

    result = step(session, CardFailed(at=NOON, code=TroubleCode.UNREADABLE)).session

    assert result.scene == after


def test_given_the_card_out_when_the_same_card_comes_back_then_work_goes_on():
    later = NOON + seconds(12)
    out = showing(CardOut(held=working(), since=NOON, bookmark="notices"), lookup=5)

    after = step(out, replace(known(), at=later)).session

    assert after.scene == working(silent_since=later)


@pytest.mark.parametrize(
    "scene",
    [
        working(),
        CardOut(held=working(), since=NOON, bookmark="notices"),
        Covered(held=working(), since=NOON),
    ],
)
def test_given_a_session_when_another_card_comes_then_it_is_closed_and_the_other_greeted(scene):
    session = showing(scene, lookup=5)

    after = step(session, known(BEN))

    assert isinstance(after.session.scene, AskingPassword)
    assert after.session.scene.person == BEN
    assert Watch(None) in after.effects


def test_given_an_open_draft_when_another_card_comes_then_the_draft_is_noted_as_left_in_order():
    session = showing(working(Draft(answers=COMPLETE, closed=False)), lookup=5)

    saving = step(session, known(BEN)).effects[0]

    assert isinstance(saving, SaveDraft)
    assert saving.draft.closed


@pytest.mark.parametrize("scene", [working(), AT_QUEUE, Covered(held=working(), since=NOON)])
def test_given_a_session_when_the_same_card_is_read_again_then_nothing_changes(scene):
    holder = CLERK if scene is AT_QUEUE else AMY
    card = CLERKS if scene is AT_QUEUE else known()

    after = step(showing(scene, lookup=5), card).session

    assert after.scene == scene
    assert after.reader.slot == SlotHolds(holder.teacher)


@pytest.mark.parametrize(
    ("card", "fault"),
    [
        (known(BEN), "not_officer"),
        (known(AMY, officer=replace(OFFICER, person=AMY)), "same_person"),
        (known(CLERK, officer=replace(OFFICER, state=CertificateState.WAITING)), "not_granted"),
        (known(CLERK, officer=replace(OFFICER, state=CertificateState.REVOKED)), "not_granted"),
    ],
)
def test_only_another_person_with_a_certificate_can_witness(card, fault):
    after = step(showing(WANTED, lookup=5), card).session

    assert after.scene == replace(WANTED, fault=fault)


def test_given_a_first_use_when_the_officers_card_comes_then_its_password_is_asked():
    after = step(showing(WANTED, lookup=5), CLERKS).session

    assert after.scene == WITNESS_PASSWORD


@pytest.mark.parametrize(
    ("reset", "after"), [(False, NOTICE), (True, replace(CHOOSING, reset=True))]
)
def test_given_a_confirmed_teacher_when_her_card_is_back_then_she_goes_on(reset, after):
    session = showing(replace(BACK, reset=reset), lookup=5)

    assert step(session, known()).session.scene == after


def test_given_a_confirmed_teacher_when_another_card_comes_then_it_is_refused():
    after = step(showing(BACK, lookup=5), known(BEN)).session

    assert after.scene == replace(BACK, fault="other_card")


@pytest.mark.parametrize("password", [True, False])
def test_given_f9_when_an_unknown_persons_card_comes_then_enrolment_is_offered(password):
    after = step(showing(OfficerCardWanted(since=NOON), lookup=5), known(password=password)).session

    assert after.scene == OfficerEnrolling(
        person=AMY, since=NOON, has_password=password, lock=FRESH
    )


def test_given_f9_when_an_officers_card_comes_then_the_password_is_asked():
    after = step(showing(OfficerCardWanted(since=NOON), lookup=5), CLERKS).session

    assert after.scene == AskingOfficerPassword(officer=OFFICER, since=NOON, lock=FRESH)


def test_given_registration_when_an_unregistered_card_comes_then_its_fields_fill_themselves():
    after = step(showing(REGISTERING, lookup=5), known(BEN, post=None)).session

    assert isinstance(after.scene, OfficerSignedIn)
    assert isinstance(after.scene.page, RegisterPage)
    form = after.scene.page.form
    assert form is not None
    assert (form.name, form.birth, form.known) == (BEN.name, BEN.birth, False)
    assert (form.school, form.stage) == (STATION.school.id, STATION.school.stage)
    assert (form.title, form.subject) == (None, None)


def test_given_a_machine_without_lists_when_a_card_is_registered_then_school_and_stage_stay_open():
    session = showing(REGISTERING, replace(STATION, school=None), lookup=5)

    after = step(session, known(BEN, post=None)).session

    assert (after.scene.page.form.school, after.scene.page.form.stage) == (None, None)


def test_given_registration_when_a_known_card_comes_then_what_was_registered_is_shown():
    after = step(showing(REGISTERING, lookup=5), known(BEN)).session

    form = after.scene.page.form
    assert (form.title, form.school, form.stage, form.subject, form.known) == (
        POST.title,
        POST.school,
        POST.stage,
        POST.subject,
        True,
    )


def test_given_registration_when_the_officers_own_card_comes_back_then_the_form_is_empty():
    after = step(showing(REGISTERING, lookup=5), CLERKS).session

    assert after.scene.page == RegisterPage()


@pytest.mark.parametrize(
    "scene", [Trouble(TroubleCode.PULLED), TakeCard(since=NOON, notice="ended")]
)
def test_a_new_card_ends_what_the_last_one_left(scene):
    after = step(showing(scene), CardInserted(at=NOON)).session

    assert after.scene == Reading(NOON)


def test_given_a_screen_that_waits_for_a_card_when_one_goes_in_then_it_keeps_waiting():
    after = step(showing(WANTED), CardInserted(at=NOON)).session

    assert after.scene == WANTED
    assert after.reader.slot == SlotReading(NOON)


def test_given_a_teacher_at_work_when_a_profile_is_read_then_it_is_looked_up_behind_her():
    after = step(at_work(), CardRead(at=NOON, profile=PROFILE))

    assert isinstance(after.session.scene, SignedIn)
    assert isinstance(after.effects[0], Identify)
