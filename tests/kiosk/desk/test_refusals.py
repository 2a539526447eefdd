"""What the desk refuses although a session would not have asked: stale screens, other programs."""

from dataclasses import replace

import pytest

from core.sealing import SigningKey
from core.wire.client import ClientState
from kiosk.desk.conversation import Conversation
from kiosk.desk.desk import Desk
from kiosk.desk.equipment import Equipment, MachineClock, code_of
from kiosk.session.answer import DeskFailed
from kiosk.session.bureau import Registration
from kiosk.session.effect import CheckOfficer, Decide, Register, SaveDraft, Submit
from kiosk.session.paperwork import CaseOpened
from syncd.store.database import open_store
from syncd.store.fault import (
    KeyChanged,
    StoreDamaged,
    StoreFull,
    StoreLocked,
    StoreUnreachable,
    WritingStopped,
)
from syncd.store.link_state import LinkState
from syncd.store.moment import read_moment
from tests.kiosk.desk.test_applications import fill_in, send
from tests.kiosk.machine import AMY, BEN, CLERK, LOG_KEY, QUICK, STORE_KEY, Machine, ready
from tests.kiosk.people import GENERAL, OWN, secret

SECRET = secret(CLERK.password)


@pytest.fixture
def machine(tmp_path):
    machine = ready(tmp_path)
    machine.first_use(AMY)
    fill_in(machine)
    return machine


def failed(machine, effect):
    """The code the desk gives."""
    (answer,) = machine.desk.perform(effect)
    assert isinstance(answer, DeskFailed)
    assert answer.ticket == effect.ticket
    return answer.code


def officer_at_a_case(machine):
    send(machine)
    machine.end()
    scene = machine.officer_signs_in()
    return machine.tell(CaseOpened, app=scene.page.rows[0].app)


def form(machine, **changes):
    scene = machine.officer_signs_in()
    person = scene.officer.person
    made = Registration(
        person=person,
        name="周如意",
        birth=person.birth,
        title="teacher",
        school=OWN,
        stage=machine.session.station.school.stage,
        subject=GENERAL,
    )
    return Register(ticket=9, officer=scene.officer, form=replace(made, **changes))


@pytest.mark.parametrize("gap", ["title", "school", "stage", "subject"])
def test_a_registration_with_a_gap_is_not_stored(machine, gap):
    assert failed(machine, form(machine, **{gap: None})) == "incomplete"


def test_a_teacher_of_another_school_is_not_registered_here(machine):
    assert failed(machine, form(machine, school="133601")) == "other_school"


def test_a_teacher_struck_off_the_roster_meanwhile_sends_nothing(machine):
    scene = machine.scene
    person = replace(scene.person, teacher=b"x" * 16)
    effect = Submit(ticket=9, person=person, post=scene.post, draft=scene.draft, password=None)

    assert failed(machine, effect) == "unregistered"


def test_a_decision_about_the_own_case_is_refused_whatever_the_screen_shows(machine):
    page = officer_at_a_case(machine).page
    machine.end()
    machine.enrol_officer(AMY)
    officer = machine.officer_signs_in(AMY).officer

    effect = Decide(
        ticket=9,
        officer=officer,
        case=page.case,
        form=replace(page.form, verdict="returned"),
        password=secret(AMY.password),
    )

    assert failed(machine, effect) == "own_case"
    assert machine.store.ledger.newest("officer.return") is None


def test_points_that_are_none_are_not_signed(machine):
    scene = officer_at_a_case(machine)
    bad = replace(scene.page.form, verdict="approved", points=("x",) * 7)
    effect = Decide(
        ticket=9, officer=scene.officer, case=scene.page.case, form=bad, password=SECRET
    )

    assert failed(machine, effect) == "points_form"


def test_an_officer_without_a_key_here_can_do_nothing(machine):
    officer = machine.officer_signs_in().officer
    stranger = replace(officer, person=replace(officer.person, teacher=b"x" * 16))
    account = machine.store.accounts.find(officer.person.teacher)
    with machine.store.transaction():
        machine.store.accounts.save(replace(account, holder=b"x" * 16, wrapped_key=None))

    assert failed(machine, CheckOfficer(ticket=9, officer=stranger, password=SECRET)) == (
        "not_officer"
    )


def test_a_machine_that_must_not_write_says_so(machine):
    machine.store.link_state.write(LinkState(client=ClientState.FORKED))

    assert send(machine).alarm == "stopped"


def test_a_machine_that_lost_its_identity_answers_all_the_same(machine, tmp_path):
    scene = machine.scene
    (tmp_path / "blank").mkdir()
    blank = Machine(tmp_path / "blank")
    with open_store(tmp_path / "none.db", STORE_KEY) as store:
        empty = Equipment(
            store=store,
            log_key=LOG_KEY,
            clock=blank.clock,
            random_bytes=bytes,
            cost=QUICK,
        )
        desk = type(machine.desk)(empty)
        submit = Submit(
            ticket=9, person=scene.person, post=scene.post, draft=scene.draft, password=None
        )
        save = SaveDraft(ticket=9, person=scene.person, post=scene.post, draft=scene.draft)

        assert [each.code for each in desk.perform(submit)] == ["not_enrolled"]
        assert [each.code for each in desk.perform(save)] == ["not_enrolled"]
        assert desk.station().machine == ""


def test_lists_that_have_not_come_keep_everybody_waiting(tmp_path):
    machine = ready(tmp_path)
    machine.first_use(BEN)
    scene = fill_in(machine)
    machine.connections.here.run("DELETE FROM reference")
    effect = Submit(
        ticket=9, person=scene.person, post=scene.post, draft=scene.draft, password=None
    )

    assert failed(machine, effect) == "lists_missing"


def test_with_a_key_that_is_not_the_logs_nothing_is_said_to_be_stored_and_she_may_look(tmp_path):
    """Nobody could ever verify what it signs: a teacher would hold a receipt for nothing."""
    machine = ready(tmp_path)
    machine.first_use(AMY)
    machine.end()
    head = machine.store.ledger.head()
    machine.desk = Desk(replace(machine.equipment(), log_key=SigningKey(b"o" * 32)))
    machine.talk = Conversation(machine.desk)

    scene = machine.sign_in(AMY)

    assert scene.reading == "stopped"
    assert machine.store.ledger.head() == head


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StoreFull(), "full"),
        (StoreLocked(), "locked"),
        (StoreDamaged(), "damaged"),
        (WritingStopped(ClientState.REVOKED), "stopped"),
        (KeyChanged(), "stopped"),
        (StoreUnreachable(), "store"),
    ],
)
def test_each_failure_of_the_store_has_a_word(error, code):
    assert code_of(error) == code


def test_the_machines_clock_is_the_wall_clock_and_the_servers_offset():
    clock = MachineClock()
    clock.correct(3_600_000)

    ahead = clock.now().timestamp() * 1000 - read_moment().wall_ms

    assert 3_590_000 < ahead < 3_610_000
    assert clock.moment().boot_id == read_moment().boot_id
