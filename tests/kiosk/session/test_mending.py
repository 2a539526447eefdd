"""The machine looks after its reader, and one place says that something is wrong (U-002, U-063)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.session.answer import DeskFailed, IncidentReported, ReaderMended
from kiosk.session.device import CardInserted, ReaderChecked, Ticked
from kiosk.session.effect import MendReader, ReportIncident
from kiosk.session.gesture import Ended, IncidentAsked, WentBack, WentOn
from kiosk.session.mending import state_of
from kiosk.session.state import Idle, Incident, Reading, SignedIn, Trouble, TroubleCode
from kiosk.session.station import Link, LinkName, Mending, Reader, Repair, Service
from kiosk.session.step import step
from tests.kiosk.people import AMY, NOON, STATION, at_work, idle, seconds

LOST = ReaderChecked(at=NOON, service=Service.FAILED, device=Service.MISSING)
BACK = ReaderChecked(at=NOON, service=Service.FINE, device=Service.FINE, names=("ACS ACR39U",))


def asked(turn):
    return [each for each in turn.effects if isinstance(each, MendReader)]


def lost(session=None):
    return step(idle() if session is None else session, LOST)


def answered(session, outcome, at=NOON):
    answer = ReaderMended(ticket=session.reader.repair.ticket, at=at, outcome=outcome)
    return step(session, answer).session


@pytest.mark.parametrize("session", [idle(), at_work()])
def test_a_card_service_that_is_gone_is_restarted_at_once_whoever_is_here(session):
    turn = lost(session)

    assert asked(turn) == [MendReader(ticket=turn.session.serial)]
    assert turn.session.reader.repair == Repair(tries=1, at=NOON, ticket=turn.session.serial)
    assert type(turn.session.scene) is type(session.scene)


@pytest.mark.parametrize("service", [Service.UNKNOWN, Service.FINE, Service.MISSING])
def test_one_that_answers_is_left_alone(service):
    turn = step(idle(), ReaderChecked(at=NOON, service=service, device=Service.MISSING))

    assert asked(turn) == []


@pytest.mark.parametrize("outcome", [Mending.RESTARTED, Mending.FAILED, None])
def test_it_is_tried_three_times_a_minute_apart(outcome):
    session = lost().session
    tries = []
    for second in range(1, 400):
        if outcome is not None and session.reader.repair.outcome is None:
            session = answered(session, outcome)
        turn = step(session, Ticked(at=NOON + seconds(second)))
        tries += [second] * len(asked(turn))
        session = turn.session

    assert tries == [60, 120]
    assert session.reader.repair.tries == 3


@pytest.mark.parametrize("outcome", [Mending.NOT_ALLOWED, Mending.ABSENT])
def test_what_may_not_be_done_is_not_tried_again(outcome):
    session = answered(lost().session, outcome)

    later = step(session, Ticked(at=NOON + timedelta(minutes=10)))

    assert asked(later) == []
    assert later.session.reader.repair.outcome is outcome


def test_an_answer_to_another_try_changes_nothing():
    session = lost().session
    other = ReaderMended(ticket=99, at=NOON, outcome=Mending.FAILED)

    assert step(session, other).session == session
    assert step(idle(), other).session == idle()


def test_the_readers_that_are_plugged_in_are_known_by_name():
    assert step(idle(), BACK).session.reader.names == ("ACS ACR39U",)


@pytest.mark.parametrize("scene", [Idle(), Trouble(TroubleCode.UNREADABLE)])
def test_an_incident_is_asked_for_and_gets_its_number(scene):
    turn = step(replace(idle(), scene=scene), IncidentAsked(at=NOON))
    number = IncidentReported(ticket=turn.session.serial, at=NOON, number="8F3K2M")

    after = step(turn.session, number).session.scene

    assert isinstance(turn.effects[0], ReportIncident)
    assert after == Incident(since=NOON, number="8F3K2M")


def test_one_that_cannot_be_written_says_so():
    session = step(idle(), IncidentAsked(at=NOON)).session

    after = step(session, DeskFailed(ticket=session.serial, at=NOON, code="full")).session.scene

    assert after == Incident(since=NOON, fault="full")


def test_an_answer_to_something_else_is_not_its_number():
    session = step(idle(), IncidentAsked(at=NOON)).session

    assert step(session, IncidentReported(ticket=99, at=NOON, number="X")).session == session


def test_who_is_signed_in_does_not_leave_her_page_for_it():
    session = at_work()

    assert isinstance(step(session, IncidentAsked(at=NOON)).session.scene, SignedIn)


@pytest.mark.parametrize("event", [WentBack(at=NOON), Ended(at=NOON)])
def test_esc_leads_back_to_the_idle_screen(event):
    session = replace(idle(), scene=Incident(since=NOON, number="8F3K2M"))

    assert step(session, event).session.scene == Idle()


def test_a_card_or_silence_ends_it_and_other_keys_do_not():
    session = replace(idle(), scene=Incident(since=NOON, number="8F3K2M"))

    assert step(session, CardInserted(at=NOON)).session.scene == Reading(NOON)
    assert step(session, Ticked(at=NOON + timedelta(minutes=3))).session.scene == Idle()
    assert step(session, WentOn(at=NOON)).session.scene == session.scene


def test_the_state_is_codes_and_numbers_and_nothing_of_a_person():
    link = Link(name=LinkName.BLOCKED, pending=3, attention="upgrade")
    session = replace(
        idle(replace(STATION, link=link, software="0.1")),
        reader=Reader(
            service=Service.FAILED,
            device=Service.MISSING,
            repair=Repair(tries=2, at=NOON, ticket=1, outcome=Mending.FAILED),
        ),
        scene=Trouble(TroubleCode.BUSY),
    )

    assert state_of(session) == (
        "service=failed device=missing readers=0 repair=2failed card=busy link=blocked "
        "attention=upgrade pending=3 drafts=0 software=0.1"
    )
    assert AMY.name not in state_of(at_work())
    assert "repair=1" in state_of(lost().session)
