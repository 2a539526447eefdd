"""Conflicts, withdrawals, the closed log, and machines that cannot write, on a real store."""

import pytest

from core.season.merge import Review
from core.wire.client import ClientState
from core.wire.event import SYSTEM
from core.wire.kind import Season
from kiosk.session.answer import DeskFailed
from kiosk.session.bureau import QueueFilter, Standing
from kiosk.session.device import LinkChanged, StationChanged
from kiosk.session.effect import Submit, Withdraw
from kiosk.session.gesture import (
    Declared,
    HeadChosen,
    SubmitAsked,
    TaskOpened,
    TextTyped,
    WishMoved,
    WithdrawAsked,
    WithdrawConfirmed,
)
from kiosk.session.officer import visible
from kiosk.session.page import (
    CheckPage,
    ConflictPage,
    ReceiptPage,
    StatusPage,
    Task,
    TasksPage,
)
from kiosk.session.paperwork import CaseOpened, QueueFiltered
from kiosk.session.record import Delivery
from kiosk.session.state import SignedIn
from kiosk.session.station import LinkName
from syncd.store.audit import AuditCode
from syncd.store.database import open_store
from syncd.store.ledger import Entry
from syncd.store.link_state import LinkState
from tests.kiosk.desk.test_applications import WISHES, fill_in, send
from tests.kiosk.desk.test_cases import approve
from tests.kiosk.elsewhere import version_elsewhere, versions_of
from tests.kiosk.machine import AMY, LOG_KEY, STORE_KEY, ready
from tests.kiosk.people import DEADLINE, PASSWORD, SEASON, secret


@pytest.fixture
def machine(tmp_path):
    """Amy has sent her first version and is at the receipt."""
    machine = ready(tmp_path)
    machine.first_use(AMY)
    fill_in(machine)
    send(machine)
    return machine


def first(machine) -> bytes:
    return versions_of(machine.store)[0].hash


def withdraw(machine):
    machine.tell(WithdrawAsked)
    return machine.tell(WithdrawConfirmed)


def turn_season(machine, kind):
    """What the daemon, on a connection of its own, writes at its own estimate of D."""
    with open_store(machine.path, STORE_KEY) as store, store.transaction():
        store.ledger.append(
            Entry(kind=kind, body=Season(season=SEASON), who=SYSTEM),
            machine.clock.moment(),
            LOG_KEY,
        )
    machine.talk.catch_up()


def in_conflict(machine, **how):
    """A version from elsewhere that did not know of the one made here; she comes again."""
    other = version_elsewhere(machine.store, (), **how)
    machine.end()
    machine.sign_in(AMY)
    return other


# Conflicts


def test_two_versions_made_apart_are_both_there_at_the_next_card_touch(machine):
    other = in_conflict(machine)

    scene = machine.scene
    assert scene.page == ConflictPage()
    assert [each.hash for each in scene.record.heads] == [first(machine), other]
    assert [each.wishes.schools for each in scene.record.heads] == [WISHES, ("143601",)]
    assert [each.delivery for each in scene.record.heads] == [Delivery.STORED, Delivery.ELSEWHERE]


@pytest.mark.parametrize("here", [True, False])
def test_what_she_takes_becomes_one_full_version_that_names_both(machine, here):
    other = in_conflict(machine)
    mine = first(machine)

    machine.tell(HeadChosen, version=mine if here else other)
    done = send(machine)

    last = versions_of(machine.store)[-1]
    assert last.event.kind == "app.resolve"
    assert set(last.event.body["parents"]) == {mine, other}
    assert last.frame.payload is not None
    assert done.record.current.wishes.schools == (WISHES if here else ("143601",))
    assert {each.hash for each in done.record.versions} >= {mine, other}
    assert machine.store.audit.newest(1)[0].code is AuditCode.APPLICATION_RESOLVED


def test_a_changed_version_resolves_as_well_also_after_a_power_cut(machine):
    other = in_conflict(machine)
    machine.tell(HeadChosen, version=other, edit=True)
    machine.tell(TextTyped, place="phone2", text="0912345678")

    machine.reopen()
    machine.sign_in(AMY)
    done = send(machine)

    assert versions_of(machine.store)[-1].event.kind == "app.resolve"
    assert done.record.current.claim.phone2 == "0912345678"
    assert done.record.current.wishes.schools == ("143601",)


def test_a_third_version_that_arrives_while_she_chooses_is_shown_first(machine):
    other = in_conflict(machine)
    machine.tell(HeadChosen, version=other)
    third = version_elsewhere(machine.store, (), schools=("143602",), version=3, later_ms=2000)

    scene = send(machine)

    assert scene.page == ConflictPage()
    assert third in scene.record.head_hashes
    assert scene.toast == "version_arrived"
    assert len(versions_of(machine.store)) == 1


def test_a_version_that_follows_is_looked_at_before_it_is_replaced(machine):
    machine.tell(TaskOpened, task=Task.WISHES)
    machine.tell(WishMoved, school="133603", rank=1)
    machine.tell(TaskOpened, task=Task.CHECK)
    machine.tell(Declared, ticked=True)
    newer = version_elsewhere(machine.store, (first(machine),))

    seen = machine.tell(SubmitAsked)
    sent = send(machine)

    assert isinstance(seen.page, CheckPage)
    assert not seen.page.ticked
    assert seen.record.current.hash == newer
    assert isinstance(sent.page, ReceiptPage)
    assert sent.page.version.parents == (newer,)


def test_the_desk_sends_nothing_over_a_conflict_nobody_has_chosen_in(machine):
    in_conflict(machine)
    scene = machine.scene
    effect = Submit(
        ticket=9,
        person=scene.person,
        post=scene.post,
        draft=scene.draft,
        password=None,
        heads=scene.record.head_hashes,
    )

    (answer,) = machine.desk.perform(effect)

    assert isinstance(answer, DeskFailed)
    assert answer.code == "conflict_open"


def test_choosing_a_reviewed_version_keeps_its_review(machine):
    machine.end()
    machine.officer_signs_in()
    approve(machine, machine.page.rows[0])
    machine.end()
    machine.sign_in(AMY)
    in_conflict(machine)

    machine.tell(HeadChosen, version=first(machine))
    done = send(machine)

    assert done.record.review is Review.APPROVED


# Taking back


def test_a_withdrawal_is_a_version_with_a_receipt(machine):
    mine = first(machine)

    scene = withdraw(machine)

    last = versions_of(machine.store)[-1]
    assert last.event.kind == "app.withdraw"
    assert last.event.body["parents"] == [mine]
    assert last.event.body["version"] == 2
    assert last.frame.payload is None
    assert isinstance(scene.page, ReceiptPage)
    assert len(scene.page.version.receipt) == 109
    assert scene.record.withdrawn
    assert machine.store.audit.newest(1)[0].code is AuditCode.APPLICATION_WITHDRAWN


def test_sending_again_revives_it_with_its_review(machine):
    machine.end()
    machine.officer_signs_in()
    approve(machine, machine.page.rows[0])
    machine.end()
    machine.sign_in(AMY)
    withdrawn = withdraw(machine).page.version

    done = send(machine)

    assert isinstance(done.page, ReceiptPage)
    assert done.page.version.parents == (withdrawn.hash,)
    assert versions_of(machine.store)[-1].event.kind == "app.revise"
    assert not done.record.withdrawn
    assert done.record.review is Review.APPROVED
    assert done.record.current.wishes.schools == WISHES


def test_the_content_is_there_to_be_sent_again_even_without_a_draft(machine):
    scene = withdraw(machine)
    with machine.store.transaction():
        machine.store.drafts.remove(scene.record.app)
    machine.end()

    again = machine.sign_in(AMY)

    assert again.draft.answers.wishes == WISHES


def test_a_withdrawal_made_apart_stands_against_a_version_and_can_be_taken(machine):
    gone = in_conflict(machine, withdrawn=True)

    machine.tell(HeadChosen, version=gone)
    done = machine.tell(WithdrawConfirmed)

    last = versions_of(machine.store)[-1]
    assert last.event.kind == "app.withdraw"
    assert set(last.event.body["parents"]) == {first(machine), gone}
    assert done.record.withdrawn


def test_the_desk_refuses_to_take_back_nothing_twice_or_unseen(machine):
    withdraw(machine)
    scene = machine.scene
    effect = Withdraw(
        ticket=9,
        person=scene.person,
        post=scene.post,
        draft=scene.draft,
        password=None,
        heads=scene.record.head_hashes,
    )
    (again,) = machine.desk.perform(effect)
    version_elsewhere(machine.store, scene.record.head_hashes, version=3)
    (unseen,) = machine.desk.perform(effect)

    assert again.code == "nothing_sent"
    assert type(unseen).__name__ == "HeadsChanged"
    assert unseen.record.current.version == 3


def test_a_wrong_password_takes_nothing_back(machine):
    machine.clock.forward(minutes=2)
    machine.tell(WithdrawAsked)
    machine.clock.forward(minutes=2)
    machine.tell(TextTyped, place="phone2", text="")
    for _ in range(4):
        machine.clock.forward(minutes=2)
        machine.tell(TextTyped, place="phone2", text="")
    wanted = machine.tell(WithdrawConfirmed)
    wrong = machine.tell(WithdrawConfirmed, password=secret("nonsense-1"))
    right = machine.tell(WithdrawConfirmed, password=secret(PASSWORD))

    assert wanted.page.password_wanted
    assert wrong.page.password_wrong
    assert isinstance(right.page, ReceiptPage)


# The officer's queue


def test_the_queue_names_conflicts_and_withdrawals_and_opens_neither(machine):
    in_conflict(machine)
    machine.end()

    torn = machine.officer_signs_in()
    row = torn.page.rows[0]
    opened = machine.tell(CaseOpened, app=row.app)
    machine.end()

    assert (row.standing, row.name, row.waits) == (Standing.CONFLICT, AMY.name, False)
    assert visible(torn.page) == (row,)
    assert opened.alarm == "case_conflict"

    machine.sign_in(AMY)
    machine.tell(HeadChosen, version=first(machine))
    send(machine)
    withdraw(machine)
    machine.end()
    gone = machine.officer_signs_in()
    everything = machine.tell(QueueFiltered, filter=QueueFilter.ALL)
    refused = machine.tell(CaseOpened, app=row.app)

    assert visible(gone.page) == ()
    assert [each.standing for each in visible(everything.page)] == [Standing.WITHDRAWN]
    assert refused.alarm == "case_withdrawn"


# The closed log


def test_the_closed_log_is_the_stations_seal_until_it_is_opened_again(machine):
    turn_season(machine, "season.close")
    closing = machine.store.ledger.newest("season.close")
    closed = machine.session.station.seal
    turn_season(machine, "season.open")

    assert closed.closing.hash == closing.hash
    assert not closed.closing.witnessed
    assert closed.later is None
    assert machine.session.station.seal is None


def test_the_seal_has_a_witness_once_the_server_holds_it(machine):
    turn_season(machine, "season.close")
    seq = machine.store.ledger.newest("season.close").event.seq
    with open_store(machine.path, STORE_KEY) as store, store.transaction():
        store.outbox.mark_delivered(seq, 0)

    told = [each for each in machine.desk.news() if isinstance(each, StationChanged)]

    assert told[0].station.seal.closing.witnessed


def test_what_an_officer_signs_after_the_close_makes_a_second_code(machine):
    machine.end()
    turn_season(machine, "season.close")
    machine.officer_signs_in()
    approve(machine, machine.page.rows[0])
    machine.talk.catch_up()

    seal = machine.session.station.seal
    assert seal.later.hash == machine.store.ledger.newest("officer.approve").hash
    assert seal.later.hash != seal.closing.hash


def test_after_the_close_no_version_follows_whatever_the_wall_clock_says(machine):
    scene = machine.scene
    turn_season(machine, "season.close")
    heads = scene.record.head_hashes
    common = {"ticket": 9, "person": scene.person, "post": scene.post, "password": None}
    submit = Submit(**common, draft=scene.draft, heads=heads)
    take_back = Withdraw(**common, draft=scene.draft, heads=heads)

    answers = [machine.desk.perform(each)[0] for each in (submit, take_back)]

    assert machine.clock.now() < DEADLINE
    assert [each.code for each in answers] == ["closed", "closed"]
    assert machine.tell(WithdrawAsked).toast == "closed"


# Machines that cannot write


@pytest.mark.parametrize(
    ("client", "name"),
    [
        (ClientState.FORKED, LinkName.FORKED),
        (ClientState.SELF_ROLLBACK, LinkName.SELF_ROLLBACK),
        (ClientState.REVOKED, LinkName.REVOKED),
    ],
)
def test_a_stopped_machine_shows_everything_and_writes_nothing(machine, client, name):
    machine.end()
    written = machine.store.ledger.head().seq
    machine.store.link_state.write(LinkState(client=client, attention=client.value))
    machine.talk.catch_up()

    scene = machine.sign_in(AMY)
    status = machine.tell(TaskOpened, task=Task.STATUS)
    typed = machine.tell(TextTyped, place="phone1", text="0")
    taken = machine.tell(WithdrawAsked)
    machine.end()

    assert isinstance(scene, SignedIn)
    assert isinstance(scene.page, TasksPage)
    assert scene.reading == "stopped"
    assert scene.record.current.wishes.schools == WISHES
    assert isinstance(status.page, StatusPage)
    assert typed.toast == taken.toast == "reading"
    assert machine.session.station.link.name is name
    assert machine.session.station.link.trouble == client.value
    assert machine.store.ledger.head().seq == written


def test_a_full_disk_is_read_only_until_there_is_room_and_nothing_is_lost(machine):
    machine.end()
    machine.fill_the_disk()

    scene = machine.sign_in(AMY)
    while scene.reading is None:  # the last page of a table may have room for a line or two
        machine.end()
        scene = machine.sign_in(AMY)
    machine.talk.catch_up()
    full = machine.session.station.link.name
    machine.empty_the_disk()
    machine.talk.catch_up()
    healed = machine.session.station.link.name
    machine.end()
    again = machine.sign_in(AMY)

    assert scene.reading == "full"
    assert scene.record.current.wishes.schools == WISHES
    assert full is LinkName.FULL
    assert healed is not LinkName.FULL
    assert again.reading is None
    assert isinstance(withdraw(machine).page, ReceiptPage)


def test_a_draft_that_found_no_room_is_kept_and_written_once_there_is_some(machine):
    machine.tell(TaskOpened, task=Task.BASICS)
    machine.fill_the_disk()
    typed = machine.tell(TextTyped, place="phone2", text="0912345678" * 15)
    machine.empty_the_disk()

    machine.wait(seconds=6)
    told = [each for each in machine.desk.news() if isinstance(each, LinkChanged)]

    assert typed.alarm == "full"
    assert machine.scene.alarm is None
    assert not machine.scene.dirty
    assert all(each.link.name is not LinkName.FULL for each in told)
