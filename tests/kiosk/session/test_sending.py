"""The check before sending, 送出, and what comes back (K06, K07, K11)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.ids import SchoolId
from core.domain.refusal import Refusal
from kiosk.session.answer import (
    DeskFailed,
    PasswordRefused,
    RecordChanged,
    SubmitRefused,
    Submitted,
)
from kiosk.session.device import CardRemoved
from kiosk.session.draft import Aside, Draft
from kiosk.session.effect import Submit
from kiosk.session.gesture import Declared, SubmitAsked, TaskOpened, Undone
from kiosk.session.page import (
    CheckPage,
    ContactPage,
    ReceiptPage,
    StatusPage,
    Task,
    TasksPage,
)
from kiosk.session.person import Lock
from kiosk.session.record import Delivery
from kiosk.session.state import CardOut, Covered, Pending, TakeCard
from kiosk.session.station import SlotEmpty
from kiosk.session.step import step
from tests.kiosk.people import (
    AMY,
    COMPLETE,
    DEADLINE,
    NOON,
    OPENS,
    PASSWORD,
    POST,
    STATION,
    at_work,
    idle,
    record,
    seconds,
    secret,
    version,
    working,
)
from tests.kiosk.session.test_teacher import page, play

TICKED = CheckPage(ticked=True)
SEND = SubmitAsked(at=NOON)
DRAFT = Draft(answers=COMPLETE, past=(), closed=False)
LATE = NOON + timedelta(minutes=10)


def sending(**changes):
    """A session whose version is with the desk under ticket 1."""
    return step(at_work(DRAFT, page=TICKED, **changes), SEND).session


def codes(session):
    return [each.code for each in page(session).faults]


def test_given_a_ticked_check_when_sent_then_the_desk_gets_exactly_this_draft():
    sent = step(at_work(DRAFT, page=TICKED), SEND)

    assert sent.effects == (Submit(ticket=1, person=AMY, post=POST, draft=DRAFT, password=None),)
    assert sent.session.scene.waiting == 1


def test_while_the_desk_is_at_it_nothing_can_be_changed():
    session = sending()

    after = step(session, Undone(at=NOON))

    assert after.session == session
    assert step(session, SEND).effects == ()


def test_without_the_tick_nothing_is_sent_and_the_summary_comes_up():
    after = step(at_work(page=CheckPage()), SEND)

    assert codes(after.session) == ["not_declared"]
    assert page(after.session).asked
    assert after.effects == ()


def test_the_tick_brings_the_list_of_faults_up_to_date():
    lacking = Draft(answers=replace(COMPLETE, wishes=()))
    session = at_work(lacking, page=CheckPage())

    ticked = play(session, Declared(at=NOON, ticked=True))
    unticked = play(ticked, Declared(at=NOON, ticked=False))

    assert codes(ticked) == ["wishes_empty"]
    assert codes(unticked) == ["not_declared", "wishes_empty"]


def test_without_the_card_in_the_slot_nothing_is_sent():
    session = at_work(page=TICKED)
    without = replace(session, reader=replace(session.reader, slot=SlotEmpty()))

    after = step(without, SEND)

    assert codes(after.session) == ["card_missing"]
    assert after.effects == ()


@pytest.mark.parametrize("at", [OPENS - seconds(1), DEADLINE])
def test_outside_the_window_nothing_is_sent(at):
    after = step(at_work(page=TICKED, password_at=at), SubmitAsked(at=at))

    assert after.session.scene.toast == "closed"
    assert after.effects == ()


@pytest.mark.parametrize("bare", [{"calendar": ()}, {"reference": None}])
def test_without_lists_nothing_is_sent(bare):
    after = step(at_work(station=replace(STATION, **bare), page=TICKED), SEND)

    assert codes(after.session) == ["lists_missing"]


def test_what_was_sent_already_is_not_sent_again():
    session = at_work(page=TICKED, record=record(version(1)))

    after = step(session, SEND)

    assert codes(after.session) == ["nothing_changed"]


def test_in_a_conflict_the_same_content_may_be_sent_to_resolve_it():
    both = (version(1), version(2))
    torn = record(*both, heads=both)
    chosen = Draft(answers=COMPLETE, settles=torn.head_hashes)

    effect = step(at_work(chosen, page=TICKED, record=torn), SEND).effects[0]

    assert isinstance(effect, Submit)
    assert set(effect.heads) == {each.hash for each in both}


def test_in_a_conflict_nothing_is_sent_before_she_has_chosen():
    both = (version(1), version(2))
    session = at_work(page=TICKED, record=record(*both, heads=both))

    after = step(session, SEND)

    assert codes(after.session) == ["conflict_open"]
    assert after.effects == ()


def test_after_ten_minutes_the_password_is_asked_again():
    session = at_work(page=TICKED, silent_since=LATE)

    asked = step(session, SubmitAsked(at=LATE))
    given = step(asked.session, SubmitAsked(at=LATE, password=secret(PASSWORD)))

    assert page(asked.session).password_wanted
    assert asked.effects == ()
    assert given.effects[0].password == secret(PASSWORD)


@pytest.mark.parametrize("event", [SEND, Declared(at=NOON, ticked=True)])
def test_on_another_page_the_keys_of_the_check_do_nothing(event):
    session = at_work(page=TasksPage())

    assert step(session, event).session == session


def test_when_the_version_is_made_then_the_receipt_shows_and_the_draft_is_that_version():
    sent = version(1)
    older = Pending(person=AMY, post=POST, draft=DRAFT, ticket=0, tried=NOON, failed="full")
    session = replace(sending(alarm="full"), pending=(older,))

    after = step(session, Submitted(ticket=1, at=NOON, version=sent, record=record(sent))).session

    assert page(after) == ReceiptPage(sent)
    assert after.scene.draft.answers.wishes == COMPLETE.wishes
    assert (after.scene.draft.past, after.scene.draft.closed) == ((), True)
    assert (after.scene.waiting, after.scene.alarm, after.scene.dirty) == (None, None, False)
    assert after.pending == ()


def test_wishes_aside_stay_aside_after_sending():
    aside = (Aside(school=SchoolId("153601"), county="15", rank=1),)
    session = at_work(Draft(answers=replace(COMPLETE, aside=aside)), page=TICKED)
    sent = step(session, SEND).session

    after = step(
        sent, Submitted(ticket=1, at=NOON, version=version(1), record=record(version(1)))
    ).session

    assert after.scene.draft.answers.aside == aside


def test_a_version_without_content_keeps_the_answers():
    bare = replace(version(1), claim=None, wishes=None)

    after = step(sending(), Submitted(ticket=1, at=NOON, version=bare, record=record(bare))).session

    assert after.scene.draft.answers == COMPLETE


def test_a_password_given_for_sending_counts_from_now():
    wanted = replace(TICKED, password_wanted=True)
    session = at_work(DRAFT, page=wanted, silent_since=LATE)
    sent = step(session, SubmitAsked(at=LATE, password=secret(PASSWORD))).session

    after = step(
        sent, Submitted(ticket=1, at=LATE, version=version(1), record=record(version(1)))
    ).session

    assert after.scene.password_at == LATE


def test_when_the_desk_refuses_then_the_faults_are_shown():
    refusal = Refusal(code="school_not_delegated", place="schools.0")

    after = step(sending(), SubmitRefused(ticket=1, at=NOON, refusals=(refusal,))).session

    assert page(after).faults == (refusal,)
    assert page(after).asked
    assert after.scene.draft == DRAFT


def test_when_the_disk_is_full_then_the_draft_stays_and_the_screen_says_so():
    after = step(sending(), DeskFailed(ticket=1, at=NOON, code="full")).session

    assert after.scene.alarm == "full"
    assert after.scene.draft == DRAFT
    assert isinstance(page(after), CheckPage)
    assert isinstance(step(after, SEND).effects[0], Submit)


def test_a_wrong_password_at_sending_can_be_repeated_until_the_pause_ends_the_session():
    session = sending()
    now_ms = int(NOON.timestamp() * 1000)

    wrong = step(session, PasswordRefused(ticket=1, at=NOON, lock=Lock(tries_left=3))).session
    locked = step(
        session,
        PasswordRefused(ticket=1, at=NOON, lock=Lock(tries_left=0, until_ms=now_ms + 1)),
    ).session

    assert (page(wrong).password_wanted, page(wrong).password_wrong) == (True, True)
    assert locked.scene == TakeCard(since=NOON, notice="locked")


def test_an_answer_to_an_older_question_changes_nothing():
    session = sending()

    assert step(session, DeskFailed(ticket=7, at=NOON, code="full")).session == session


def test_given_the_card_pulled_while_sending_when_the_version_is_made_then_it_is_behind_the_cover():
    pulled = step(sending(), CardRemoved(at=NOON)).session

    after = step(
        pulled, Submitted(ticket=1, at=NOON, version=version(1), record=record(version(1)))
    ).session

    assert isinstance(after.scene, CardOut)
    assert after.scene.held.page == ReceiptPage(version(1))


def test_an_answer_finds_a_page_that_was_left_while_the_cover_was_up():
    held = replace(working(DRAFT), waiting=1, page=TasksPage())
    session = replace(idle(), scene=Covered(held=held, since=NOON), serial=1)

    after = step(session, SubmitRefused(ticket=1, at=NOON, refusals=())).session

    assert after.scene.held.page == CheckPage(asked=True)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (ReceiptPage(version(1)), Delivery.DELIVERED),
        (StatusPage(version(1)), Delivery.DELIVERED),
        (ContactPage(behind=ReceiptPage(version(1))), Delivery.DELIVERED),
        (ReceiptPage(version(3)), Delivery.STORED),
    ],
)
def test_when_the_server_has_it_then_the_open_page_says_so(shown, expected):
    delivered = replace(version(1), delivery=Delivery.DELIVERED)
    session = at_work(page=shown, record=record(version(1)))

    after = step(session, RecordChanged(at=NOON, record=record(delivered))).session

    assert after.scene.record == record(delivered)
    front = page(after)
    shown_now = front.behind if isinstance(front, ContactPage) else front
    assert shown_now.version.delivery is expected


def test_news_reach_a_page_that_shows_no_version():
    after = step(at_work(page=TasksPage()), RecordChanged(at=NOON, record=record(version(1))))

    assert after.session.scene.record == record(version(1))
    assert page(after.session) == TasksPage()


def test_news_of_another_application_or_for_nobody_change_nothing():
    other = replace(record(version(1)), app=b"z" * 16)
    session = at_work(page=TasksPage())

    assert step(session, RecordChanged(at=NOON, record=other)).session == session
    assert step(idle(), RecordChanged(at=NOON, record=other)).session == idle()


def test_the_check_remembers_its_place():
    after = play(at_work(), TaskOpened(at=NOON, task=Task.CHECK))

    assert after.scene.draft.bookmark is Task.CHECK
