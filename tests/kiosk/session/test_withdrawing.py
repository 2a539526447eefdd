"""撤回申請: asked first, sent like a version, undone by another (PROTOCOL 2.9)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.session.answer import DeskFailed, HeadsChanged, PasswordRefused, Submitted
from kiosk.session.device import LinkChanged
from kiosk.session.draft import Draft
from kiosk.session.effect import SaveDraft, Withdraw
from kiosk.session.gesture import (
    Ended,
    SubmitAsked,
    TaskOpened,
    TextTyped,
    WentBack,
    WithdrawAsked,
    WithdrawConfirmed,
)
from kiosk.session.page import (
    CheckPage,
    ReceiptPage,
    StatusPage,
    Task,
    TasksPage,
    TaskState,
    WithdrawPage,
)
from kiosk.session.person import Lock
from kiosk.session.season import Window, window_at
from kiosk.session.state import TakeCard
from kiosk.session.station import Link, LinkName, Seal, Sealed, SlotEmpty
from kiosk.session.step import step
from kiosk.session.tasks import may_withdraw, task_lines
from tests.kiosk.people import (
    AMY,
    COMPLETE,
    DEADLINE,
    NOON,
    PASSWORD,
    POST,
    STATION,
    at_work,
    record,
    secret,
    version,
    working,
)
from tests.kiosk.session.test_teacher import page, play

SENT = record(version(1))
GONE = replace(version(2), claim=None, wishes=None, withdrawn=True, parents=(version(1).hash,))
WITHDRAWN = record(version(1), GONE)
LATE = NOON + timedelta(minutes=10)
YES = WithdrawConfirmed(at=NOON)
SEALED = Seal(closing=Sealed(hash=b"h" * 32, at=NOON, witnessed=False))


def asked(**changes):
    return at_work(record=SENT, page=WithdrawPage(), **changes)


def test_it_asks_first_and_esc_changes_nothing():
    session = at_work(record=SENT, page=StatusPage())

    question = step(session, WithdrawAsked(at=NOON))
    back = step(question.session, WentBack(at=NOON))

    assert question.session.scene.page == WithdrawPage()
    assert question.effects == back.effects == ()
    assert isinstance(back.session.scene.page, TasksPage)


def test_confirmed_the_desk_gets_every_head_and_the_draft():
    done = step(asked(), YES)

    assert done.effects == (
        Withdraw(
            ticket=1,
            person=AMY,
            post=POST,
            draft=Draft(answers=COMPLETE),
            password=None,
            heads=(version(1).hash,),
        ),
    )
    assert done.session.scene.waiting == 1


def test_the_receipt_follows_and_the_answers_stay():
    waiting = step(asked(), YES).session

    after = play(waiting, Submitted(ticket=1, at=NOON, version=GONE, record=WITHDRAWN))

    assert page(after) == ReceiptPage(GONE)
    assert after.scene.record.withdrawn
    assert after.scene.draft.answers == COMPLETE


def test_after_ten_minutes_the_password_is_asked_and_a_wrong_one_said():
    late = WithdrawConfirmed(at=LATE)
    wanted = step(asked(silent_since=LATE), late)

    given = step(wanted.session, replace(late, password=secret(PASSWORD)))
    refused = play(given.session, PasswordRefused(ticket=1, at=LATE, lock=Lock(tries_left=3)))

    assert page(wanted.session).password_wanted
    assert wanted.effects == ()
    assert given.effects[0].password == secret(PASSWORD)
    assert page(refused) == WithdrawPage(password_wanted=True, password_wrong=True)


def test_too_many_wrong_passwords_end_the_session():
    given = step(asked(silent_since=LATE), WithdrawConfirmed(at=LATE, password=secret("x")))
    until_ms = int(LATE.timestamp() * 1000) + 600_000

    after = play(
        given.session,
        PasswordRefused(ticket=1, at=LATE, lock=Lock(tries_left=0, until_ms=until_ms)),
    )

    assert isinstance(after.scene, TakeCard)


def test_without_the_card_or_the_calendar_nothing_is_taken_back():
    session = asked()
    without = replace(session, reader=replace(session.reader, slot=SlotEmpty()))
    bare = asked(station=replace(STATION, calendar=()))

    assert [each.code for each in page(play(without, YES)).faults] == ["card_missing"]
    assert [each.code for each in page(play(bare, YES)).faults] == ["lists_missing"]


@pytest.mark.parametrize("found", [record(), WITHDRAWN])
def test_what_was_never_sent_or_is_withdrawn_already_cannot_be_taken_back(found):
    session = at_work(record=found)

    after = play(session, WithdrawAsked(at=NOON))

    assert after.scene.toast == "nothing_to_withdraw"
    assert not may_withdraw(after.scene, STATION, NOON)


def test_after_the_deadline_nothing_is_taken_back():
    at_the_end = replace(at_work(record=SENT), at=DEADLINE)

    assert play(at_the_end, WithdrawAsked(at=DEADLINE)).scene.toast == "closed"
    assert play(asked(), WithdrawConfirmed(at=DEADLINE)).scene.toast == "closed"
    assert not may_withdraw(working(record=SENT), STATION, DEADLINE)


def test_once_the_log_is_closed_a_clock_set_back_opens_nothing():
    """PROTOCOL 2.10: no revision of a teacher after the machine's own estimate of D."""
    sealed = replace(STATION, seal=SEALED)
    session = asked(station=sealed)

    assert window_at(sealed, NOON) is Window.AFTER
    assert step(session, YES).effects == ()
    sent = step(at_work(page=CheckPage(ticked=True), station=sealed), SubmitAsked(at=NOON))
    typed = step(at_work(station=sealed), TextTyped(at=NOON, place="phone1", text="0"))
    assert sent.session.scene.toast == typed.session.scene.toast == "closed"
    assert sent.effects == typed.effects == ()


def test_a_failure_is_said_on_its_page():
    waiting = step(asked(), YES).session

    after = play(waiting, DeskFailed(ticket=1, at=NOON, code="full"))

    assert after.scene.alarm == "full"
    assert isinstance(page(after), WithdrawPage)


def test_a_version_that_arrives_meanwhile_is_looked_at_first():
    waiting = step(asked(), YES).session

    after = play(waiting, HeadsChanged(ticket=1, at=NOON, record=record(version(1), version(3))))

    assert page(after) == StatusPage()
    assert after.scene.toast == "version_arrived"


def test_a_withdrawn_application_waits_for_nobody_and_can_be_sent_again():
    scene = working(record=WITHDRAWN)
    lines = {each.task: each.state for each in task_lines(scene, STATION, NOON)}

    check = play(at_work(record=WITHDRAWN), TaskOpened(at=NOON, task=Task.CHECK))

    assert lines[Task.REVIEW] is TaskState.BLOCKED
    assert lines[Task.CHECK] is TaskState.NOT_STARTED
    assert [each.code for each in page(check).faults] == ["not_declared"]


def test_whoever_only_reads_changes_nothing_and_leaves_nothing():
    session = replace(at_work(), scene=working(record=SENT, reading="full"))

    asked_for = step(session, WithdrawAsked(at=NOON))
    typed = step(session, TextTyped(at=NOON, place="phone1", text="0"))
    opened = step(session, TaskOpened(at=NOON, task=Task.BASICS))
    ended = step(opened.session, Ended(at=NOON))

    assert asked_for.session.scene.toast == typed.session.scene.toast == "reading"
    assert not [each for each in ended.effects if isinstance(each, SaveDraft)]
    assert ended.session.scene.notice == "ended"


def test_where_the_disk_has_room_again_the_alarm_is_over():
    full = replace(STATION, link=Link(name=LinkName.FULL))
    session = at_work(station=full, alarm="full")

    healed = step(session, LinkChanged(at=NOON, link=Link(name=LinkName.ONLINE))).session
    still = step(session, LinkChanged(at=NOON, link=Link(name=LinkName.FULL, pending=1))).session

    assert healed.scene.alarm is None
    assert still.scene.alarm == "full"


@pytest.mark.parametrize(
    ("link", "trouble"),
    [
        (Link(name=LinkName.ONLINE), None),
        (Link(name=LinkName.OFFLINE, attention=None), None),
        (Link(name=LinkName.STALE), "stale"),
        (Link(name=LinkName.CLOCK), "clock"),
        (Link(name=LinkName.REVOKED, attention="revoked"), "revoked"),
        (Link(name=LinkName.BLOCKED, attention="upgrade"), "upgrade"),
    ],
)
def test_what_people_must_know_of_a_link_has_a_code(link, trouble):
    assert link.trouble == trouble
    assert link.name.stops_writing == (trouble == "revoked")


def test_elsewhere_the_button_means_nothing():
    assert step(at_work(record=SENT), YES).effects == ()
