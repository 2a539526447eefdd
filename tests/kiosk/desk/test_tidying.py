"""Drafts leave the machine after the upload, or after 30 days (UX 4.7, U-041)."""

from datetime import timedelta

import pytest

from kiosk.desk.applications import application_of
from kiosk.desk.tidying import KEPT, tidy_drafts
from kiosk.session.gesture import TaskOpened, TextTyped, WishRemoved
from kiosk.session.page import Task
from kiosk.session.self_checking import SelfCheckAnswered, SelfCheckOpened
from syncd.store.database import open_store
from syncd.store.link_state import Sight
from tests.kiosk.desk.test_applications import WISHES, fill_in, other_version, send
from tests.kiosk.machine import AMY, STORE_KEY, ready


@pytest.fixture
def machine(tmp_path):
    return ready(tmp_path)


def draft_of(machine):
    identity, post = machine.equipment().identity(), machine.scene.post
    app = application_of(identity, machine.scene.person, post)
    return machine.store.drafts.find(app)


def sent(machine):
    machine.first_use(AMY)
    fill_in(machine)
    return send(machine).page.version


def deliver(machine, version):
    with machine.store.transaction():
        machine.store.outbox.mark_delivered(version.seq, 0)


def hear(machine):
    """The daemon hears the server, whose clock is right."""
    server_ms = int(machine.clock.now().timestamp() * 1000)
    seen = Sight(beacon=b"b" * 8, server_ms=server_ms, seen=machine.clock.moment())
    machine.store.link_state.see(seen)


def test_what_the_server_has_word_for_word_is_removed_and_comes_back_as_the_version(machine):
    version = sent(machine)
    deliver(machine, version)
    answers = machine.scene.draft.answers
    machine.end()

    removed = tidy_drafts(machine.equipment())
    scene = machine.sign_in(AMY)

    assert removed == 1
    assert scene.draft.answers.wishes == answers.wishes == WISHES
    assert scene.draft.answers.agreed_ms is not None, "she need not agree again"


def test_a_version_on_its_way_keeps_its_draft(machine):
    sent(machine)

    assert tidy_drafts(machine.equipment()) == 0
    assert draft_of(machine) is not None


def test_what_she_answered_of_her_service_stays_for_the_officer(machine):
    version = sent(machine)
    deliver(machine, version)
    machine.tell(TaskOpened, task=Task.POSTS)
    machine.tell(SelfCheckOpened)
    machine.tell(SelfCheckAnswered, place="semesters", answer=4)

    assert tidy_drafts(machine.equipment()) == 0


@pytest.mark.parametrize(
    ("task", "gesture", "values"),
    [
        (Task.WISHES, WishRemoved, {"school": WISHES[0]}),
        (Task.BASICS, TextTyped, {"place": "phone2", "text": "0900123456"}),
    ],
)
def test_what_was_changed_and_not_sent_stays_for_thirty_days(machine, task, gesture, values):
    version = sent(machine)
    deliver(machine, version)
    machine.tell(TaskOpened, task=task)
    machine.tell(gesture, **values)
    before = draft_of(machine)
    early = tidy_drafts(machine.equipment())
    kept = draft_of(machine)
    machine.clock.forward(seconds=int((KEPT + timedelta(minutes=1)).total_seconds()))
    hear(machine)

    late = tidy_drafts(machine.equipment())

    assert (early, late) == (0, 1)
    assert kept == before


def test_a_clock_that_ran_a_year_ahead_takes_nobodys_draft_with_it(machine):
    machine.first_use(AMY)
    fill_in(machine)
    hear(machine)
    machine.clock.forward(days=365)

    removed = tidy_drafts(machine.equipment())

    assert removed == 0
    assert draft_of(machine) is not None


def test_a_draft_made_under_a_clock_a_year_behind_is_as_new_as_it_is(machine):
    hear(machine)
    machine.clock.forward(days=-365)
    machine.clock.correct(365 * 24 * 3_600_000)
    machine.first_use(AMY)
    fill_in(machine)
    machine.clock.forward(days=365)
    machine.clock.correct(0)
    hear(machine)

    assert tidy_drafts(machine.equipment()) == 0


def test_a_draft_of_another_program_version_goes_when_it_is_old(machine):
    machine.first_use(AMY)
    fill_in(machine)
    found = draft_of(machine)
    with machine.store.transaction():
        machine.store.drafts.save(found.app, b"\x00", machine.clock.moment())

    early = tidy_drafts(machine.equipment())
    machine.clock.forward(seconds=int((KEPT + timedelta(minutes=1)).total_seconds()))
    hear(machine)

    assert (early, tidy_drafts(machine.equipment())) == (0, 1)


def test_while_nobody_works_here_news_of_the_delivery_remove_the_draft(machine):
    version = sent(machine)
    machine.end()
    machine.desk.news()
    machine.clock.forward(hours=2)
    with open_store(machine.path, STORE_KEY) as daemon, daemon.transaction():
        daemon.outbox.mark_delivered(version.seq, 0)

    machine.desk.news()

    assert machine.store.drafts.all() == ()


def test_while_she_works_her_draft_is_left_alone(machine):
    version = sent(machine)
    machine.desk.news()
    machine.clock.forward(hours=2)
    with open_store(machine.path, STORE_KEY) as daemon, daemon.transaction():
        daemon.outbox.mark_delivered(version.seq, 0)

    machine.desk.news()

    assert draft_of(machine) is not None


def test_a_version_from_another_kiosk_is_at_the_server_already(machine):
    version = sent(machine)
    other_version(machine, (version.hash,), WISHES)
    row = draft_of(machine)

    removed = tidy_drafts(machine.equipment())

    assert row is not None
    assert removed == 1
