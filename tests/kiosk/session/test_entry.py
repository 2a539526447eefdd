"""From a card to a signed-in person (K02): passwords, first use with a witness, officers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.school import Stage
from kiosk.session.answer import (
    DeskFailed,
    OfficerAccepted,
    PasswordRefused,
    SignInAccepted,
    Submitted,
)
from kiosk.session.bureau import QueuePage
from kiosk.session.device import Ticked
from kiosk.session.draft import Draft
from kiosk.session.effect import (
    CheckOfficer,
    EnrolOfficer,
    EnterWitnessed,
    LoadQueue,
    SetPassword,
    SignIn,
    Watch,
)
from kiosk.session.gesture import (
    Ended,
    EnrolmentTyped,
    EnteredOnce,
    OfficersCalled,
    PasswordChosen,
    PasswordForgotten,
    PasswordTyped,
    RevealAsked,
    StageChosen,
    Touched,
    WentBack,
    WentOn,
)
from kiosk.session.page import Task, TasksPage
from kiosk.session.password import password_fault
from kiosk.session.person import Lock
from kiosk.session.state import (
    AskingOfficerPassword,
    AskingPassword,
    CardWantedBack,
    ChoosingPassword,
    Idle,
    OfficerCardWanted,
    OfficerEnrolling,
    OfficerSignedIn,
    Pending,
    PrivacyNotice,
    SignedIn,
    TakeCard,
    Trouble,
    TroubleCode,
    WitnessConfirming,
    WitnessPassword,
    WitnessWanted,
)
from kiosk.session.step import step
from tests.kiosk.people import (
    AMY,
    CLERK,
    COMPLETE,
    FRESH,
    NOON,
    OFFICER,
    OFFICER_PASSWORD,
    PASSWORD,
    POST,
    STATION,
    record,
    seconds,
    secret,
    version,
)
from tests.kiosk.session.test_cards import (
    ASKING,
    BACK,
    CHOOSING,
    CONFIRMING,
    NOTICE,
    WITNESS_PASSWORD,
    showing,
)

NOON_MS = int(NOON.timestamp() * 1000)
OFFICER_ASKING = AskingOfficerPassword(officer=OFFICER, since=NOON, lock=FRESH)
ENROLLING = OfficerEnrolling(person=CLERK, since=NOON, has_password=False, lock=FRESH)
FULL_WIDTH = "".join(chr(ord(each) + 0xFEE0) for each in PASSWORD)
LOCKED = Lock(tries_left=0, until_ms=NOON_MS + 600_000)
TYPED = PasswordTyped(at=NOON, password=secret(PASSWORD))
ACCEPTED = SignInAccepted(
    ticket=1, at=NOON, draft=Draft(), record=record(), saved=None, recovered=False
)


def with_card(scene, station=STATION):
    return showing(scene, station, holder=AMY)


def waiting(scene):
    return replace(with_card(replace(scene, waiting=1)), serial=1)


def test_given_k02_when_the_password_is_typed_then_the_desk_is_asked_once():
    asked = step(with_card(ASKING), TYPED)

    again = step(asked.session, TYPED)

    assert asked.effects == (
        SignIn(ticket=1, person=AMY, post=POST, stage=POST.stage, password=secret(PASSWORD)),
    )
    assert asked.session.scene.waiting == 1
    assert again.effects == ()


def test_given_another_stage_when_the_password_is_typed_then_it_is_not_even_checked():
    chosen = step(with_card(ASKING), StageChosen(at=NOON, stage=Stage.JUNIOR)).session

    after = step(chosen, TYPED)

    assert after.session.scene.fault == "stage_not_registered"
    assert after.effects == ()


@pytest.mark.parametrize("scene", [ASKING, WITNESS_PASSWORD, OFFICER_ASKING])
def test_a_resting_password_is_not_asked_for(scene):
    after = step(with_card(replace(scene, lock=LOCKED)), TYPED)

    assert after.session.scene.fault == "locked"
    assert after.effects == ()


@pytest.mark.parametrize("scene", [ASKING, WITNESS_PASSWORD, OFFICER_ASKING, ENROLLING])
@pytest.mark.parametrize(
    ("lock", "fault"), [(Lock(tries_left=4), "password_wrong"), (LOCKED, "locked")]
)
def test_a_refused_password_shows_the_tries_left_or_the_pause(scene, lock, fault):
    after = step(waiting(scene), PasswordRefused(ticket=1, at=NOON, lock=lock)).session.scene

    assert (after.lock, after.fault, after.waiting) == (lock, fault, None)


@pytest.mark.parametrize("scene", [ASKING, WITNESS_PASSWORD, OFFICER_ASKING, ENROLLING])
def test_when_the_pause_is_over_then_all_tries_are_back(scene):
    session = with_card(replace(scene, lock=LOCKED, fault="locked", since=NOON + seconds(599)))

    before = step(session, Ticked(at=NOON + seconds(599))).session.scene
    after = step(session, Ticked(at=NOON + seconds(600))).session.scene

    assert before.lock == LOCKED
    assert (after.lock, after.fault) == (FRESH, None)


@pytest.mark.parametrize("scene", [ASKING, WITNESS_PASSWORD, OFFICER_ASKING, ENROLLING, CHOOSING])
def test_a_failing_store_is_named_and_nothing_else_changes(scene):
    after = step(waiting(scene), DeskFailed(ticket=1, at=NOON, code="full")).session.scene

    assert after == replace(scene, fault="full")


@pytest.mark.parametrize(
    ("scene", "answer"),
    [
        (ASKING, replace(ACCEPTED, ticket=9)),
        (ASKING, OfficerAccepted(ticket=1, at=NOON, officer=OFFICER)),
        (CHOOSING, PasswordRefused(ticket=1, at=NOON, lock=FRESH)),
        (
            ASKING,
            Submitted(ticket=1, at=NOON, version=version(1), record=record()),
        ),
    ],
)
def test_an_answer_to_something_else_changes_nothing(scene, answer):
    session = waiting(scene)

    assert step(session, answer).session == session


def test_an_answer_after_the_card_left_finds_nobody():
    session = showing(Idle())

    assert step(session, replace(ACCEPTED, ticket=1)).session == session


def test_given_a_right_password_when_the_desk_answers_then_the_tasks_open():
    after = step(waiting(ASKING), ACCEPTED)

    scene = after.session.scene
    assert isinstance(scene, SignedIn)
    assert (scene.page, scene.silent_since, scene.password_at) == (TasksPage(), NOON, NOON)
    assert after.effects == (Watch(record().app, POST.stage),)


def test_given_work_begun_when_she_signs_in_then_she_is_told_where_she_was():
    draft = Draft(answers=COMPLETE, bookmark=Task.WISHES)

    scene = step(
        waiting(ASKING), replace(ACCEPTED, draft=draft, saved=NOON, recovered=True)
    ).session.scene

    assert scene.page == TasksPage(resumed=Task.WISHES)
    assert scene.recovered
    assert scene.saved == NOON


def test_given_a_draft_that_never_reached_the_disk_when_she_signs_in_then_it_is_the_one_shown():
    newest = Draft(answers=replace(COMPLETE, phone2="0900123456"))
    kept = Pending(person=AMY, post=POST, draft=newest, ticket=0, tried=NOON, failed="full")
    session = replace(waiting(ASKING), pending=(kept,))

    scene = step(session, ACCEPTED).session.scene

    assert scene.draft == newest
    assert (scene.dirty, scene.alarm) == (True, "full")


@pytest.mark.parametrize("has_officer", [True, False])
def test_a_forgotten_password_needs_a_witness(has_officer):
    session = with_card(ASKING, replace(STATION, has_officer=has_officer))

    after = step(session, PasswordForgotten(at=NOON)).session.scene

    wanted = WitnessWanted(person=AMY, post=POST, since=NOON, reset=True)
    assert after == (wanted if has_officer else replace(ASKING, fault="no_officer"))


def test_the_witnessed_first_use_goes_step_by_step():
    asked = step(
        with_card(WITNESS_PASSWORD), PasswordTyped(at=NOON, password=secret(OFFICER_PASSWORD))
    )
    accepted = step(asked.session, OfficerAccepted(ticket=1, at=NOON, officer=OFFICER)).session
    confirmed = step(accepted, WentOn(at=NOON)).session
    read = step(with_card(NOTICE), WentOn(at=NOON)).session

    assert asked.effects == (
        CheckOfficer(ticket=1, officer=OFFICER, password=secret(OFFICER_PASSWORD)),
    )
    assert accepted.scene == CONFIRMING
    assert confirmed.scene == replace(BACK, witness=OFFICER.certificate)
    assert read.scene == CHOOSING


@pytest.mark.parametrize(
    ("password", "again", "fault"),
    [
        ("short7!", "short7!", "too_short"),
        ("password123", "password123", "too_common"),
        ("Password123", "Password123", "too_common"),
        ("aabbaabb", "aabbaabb", "too_common"),
        ("abcdefghij", "abcdefghij", "too_common"),
        ("987654321", "987654321", "too_common"),
        (f"x{AMY.national_id.text}y", f"x{AMY.national_id.text}y", "personal"),
        ("my-1986-04-28", "my-1986-04-28", "personal"),
        ("pw0750428", "pw0750428", "personal"),
        (PASSWORD, "mango-tree-43", "differs"),
        (PASSWORD, PASSWORD, None),
        (FULL_WIDTH, PASSWORD, None),
    ],
)
def test_a_new_password_is_long_uncommon_not_on_the_card_and_typed_twice(password, again, fault):
    assert password_fault(secret(password), secret(again), AMY) == fault


def test_given_a_good_new_password_when_chosen_then_it_is_set_once():
    event = PasswordChosen(at=NOON, password=secret(PASSWORD), again=secret(PASSWORD))

    asked = step(with_card(CHOOSING), event)
    again = step(asked.session, event)

    assert asked.effects == (
        SetPassword(ticket=1, person=AMY, post=POST, witness=b"w" * 16, password=secret(PASSWORD)),
    )
    assert again.effects == ()
    assert isinstance(step(asked.session, ACCEPTED).session.scene, SignedIn)


def test_after_the_witness_she_may_go_in_without_a_password_this_once():
    once = step(with_card(CHOOSING), EnteredOnce(at=NOON))
    again = step(once.session, EnteredOnce(at=NOON))
    entered = step(once.session, ACCEPTED).session.scene

    assert once.effects == (EnterWitnessed(ticket=1, person=AMY, post=POST, witness=b"w" * 16),)
    assert again.effects == ()
    assert (entered.person, entered.witness) == (AMY, b"w" * 16)


def test_who_chose_a_password_after_all_is_nobodys_word():
    failed = step(
        step(with_card(CHOOSING), EnteredOnce(at=NOON)).session,
        DeskFailed(ticket=1, at=NOON, code="full"),
    ).session
    chosen = PasswordChosen(at=NOON, password=secret(PASSWORD), again=secret(PASSWORD))
    entered = step(step(failed, chosen).session, replace(ACCEPTED, ticket=2)).session.scene

    assert failed.scene.fault == "full"
    assert entered.witness is None


def test_given_a_bad_new_password_when_chosen_then_the_fault_is_shown():
    event = PasswordChosen(at=NOON, password=secret("x"), again=secret("x"))

    assert step(with_card(CHOOSING), event).session.scene.fault == "too_short"


@pytest.mark.parametrize(
    "scene", [Idle(), Trouble(TroubleCode.UNREGISTERED), TakeCard(since=NOON, notice="ended")]
)
def test_f9_asks_for_an_officers_card(scene):
    after = step(showing(scene), OfficersCalled(at=NOON)).session

    assert after.scene == OfficerCardWanted(since=NOON)


def test_given_an_officers_right_password_then_the_queue_loads():
    asked = step(with_card(OFFICER_ASKING), TYPED).session

    after = step(asked, OfficerAccepted(ticket=1, at=NOON, officer=OFFICER))

    assert after.session.scene == OfficerSignedIn(
        officer=OFFICER, page=QueuePage(), silent_since=NOON, waiting=2
    )
    assert after.effects == (LoadQueue(ticket=2, officer=OFFICER),)


@pytest.mark.parametrize(
    ("scene", "code", "password", "again", "fault"),
    [
        (ENROLLING, "", OFFICER_PASSWORD, OFFICER_PASSWORD, "code_missing"),
        (ENROLLING, "K7-2M", OFFICER_PASSWORD, "other-stone-8", "differs"),
        (replace(ENROLLING, lock=LOCKED), "K7", "x", "x", "locked"),
    ],
)
def test_an_enrolment_needs_code_and_password(scene, code, password, again, fault):
    event = EnrolmentTyped(
        at=NOON, code=secret(code), password=secret(password), again=secret(again)
    )

    after = step(with_card(scene), event)

    assert after.session.scene.fault == fault
    assert after.effects == ()


@pytest.mark.parametrize("has_password", [True, False])
def test_an_enrolment_goes_to_the_desk_once(has_password):
    event = EnrolmentTyped(
        at=NOON,
        code=secret("K7-2M"),
        password=secret(OFFICER_PASSWORD),
        again=secret("" if has_password else OFFICER_PASSWORD),
    )

    asked = step(with_card(replace(ENROLLING, has_password=has_password)), event)

    assert asked.effects == (
        EnrolOfficer(
            ticket=1, person=CLERK, code=secret("K7-2M"), password=secret(OFFICER_PASSWORD)
        ),
    )
    assert step(asked.session, event).effects == ()


@pytest.mark.parametrize(
    "scene",
    [ASKING, WITNESS_PASSWORD, CONFIRMING, BACK, NOTICE, CHOOSING, OFFICER_ASKING, ENROLLING],
)
@pytest.mark.parametrize("event", [Ended(at=NOON), WentBack(at=NOON)])
def test_esc_and_f10_end_before_anyone_is_signed_in(scene, event):
    assert step(with_card(scene), event).session.scene == TakeCard(since=NOON, notice="ended")
    assert step(showing(scene), event).session.scene == Idle("ended")


@pytest.mark.parametrize(
    "scene", [ASKING, CHOOSING, BACK, NOTICE, CONFIRMING, OFFICER_ASKING, WITNESS_PASSWORD]
)
def test_a_scene_nobody_touches_for_three_minutes_ends(scene):
    session = with_card(scene)
    late = NOON + timedelta(minutes=3)

    touched = step(session, Touched(at=NOON + seconds(90))).session

    assert step(session, Ticked(at=late)).session.scene == TakeCard(since=late, notice="expired")
    assert type(step(touched, Ticked(at=late)).session.scene) is type(scene)


@pytest.mark.parametrize("scene", [Idle(), Trouble(TroubleCode.PULLED), CONFIRMING, NOTICE, BACK])
def test_a_key_that_means_nothing_here_changes_nothing_but_the_silence(scene):
    later = NOON + seconds(7)
    event = PasswordTyped(at=later, password=secret("x"))

    after = step(with_card(scene), event)

    assert after.effects == ()
    assert type(after.session.scene) is type(scene)


def test_the_full_number_shows_for_five_seconds_and_not_on_the_next_page():
    shown = step(with_card(ASKING), RevealAsked(at=NOON)).session

    assert shown.revealed_until == NOON + seconds(5)
    assert step(shown, Ticked(at=NOON + seconds(4))).session.revealed_until is not None
    assert step(shown, Ticked(at=NOON + seconds(5))).session.revealed_until is None
    assert step(shown, WentBack(at=NOON)).session.revealed_until is None


def test_no_password_is_ever_printed():
    event = PasswordTyped(at=NOON, password=secret(PASSWORD))

    asked = step(with_card(ASKING), event)

    assert PASSWORD not in repr((event, asked))


def test_a_persons_name_is_masked_in_the_header():
    assert AMY.masked_name == "林○芒"


@pytest.mark.parametrize(
    "scene",
    [
        WitnessConfirming,
        CardWantedBack,
        PrivacyNotice,
        ChoosingPassword,
        AskingPassword,
        WitnessPassword,
    ],
)
def test_scenes_of_the_first_use_carry_no_password(scene):
    assert "password" not in scene.__dataclass_fields__
