"""Versions in conflict: shown first, compared side by side, one of them goes on (PROTOCOL 2.9)."""

from dataclasses import replace

import pytest

from core.domain.ids import SchoolId
from kiosk.session.answer import HeadsChanged, RecordChanged, SignInAccepted
from kiosk.session.conflict import pair_of, shown_heads
from kiosk.session.draft import Draft
from kiosk.session.draft_bytes import decode_draft, encode_draft
from kiosk.session.effect import SaveDraft, Submit
from kiosk.session.gesture import (
    ConflictOpened,
    HeadChosen,
    HeadTurned,
    SubmitAsked,
    TaskOpened,
    Undone,
    WentOn,
)
from kiosk.session.page import CheckPage, ConflictPage, StatusPage, Task, TasksPage, WithdrawPage
from kiosk.session.station import SlotHolds
from kiosk.session.step import step
from tests.kiosk.people import (
    AMY,
    COMPLETE,
    DEADLINE,
    NOON,
    at_work,
    idle,
    record,
    version,
    working,
)
from tests.kiosk.session.test_cards import ASKING
from tests.kiosk.session.test_teacher import page, play

OTHER = replace(COMPLETE, phone1="0900123456", wishes=(*COMPLETE.wishes[::-1], SchoolId("133602")))
HERE, THERE = version(1), version(2, OTHER)
GONE = replace(version(3), claim=None, wishes=None, withdrawn=True)
ELSEWHERE = replace(version(4), claim=None, wishes=None)
TORN = record(HERE, THERE, heads=(HERE, THERE))


def torn(**changes):
    return at_work(record=TORN, page=ConflictPage(), **changes)


def signed_in(found, draft=None, **answer):
    asking = replace(ASKING, waiting=7)
    session = replace(idle(), scene=asking)
    session = replace(session, reader=replace(session.reader, slot=SlotHolds(AMY.teacher)))
    accepted = SignInAccepted(
        ticket=7,
        at=NOON,
        draft=Draft(answers=COMPLETE) if draft is None else draft,
        record=found,
        saved=None,
        recovered=False,
    )
    return step(session, replace(accepted, **answer)).session.scene


def test_at_the_next_card_touch_both_versions_come_first():
    assert signed_in(TORN).page == ConflictPage()
    assert isinstance(signed_in(record(HERE)).page, TasksPage)


def test_whoever_has_chosen_already_goes_on_where_she_was():
    chosen = Draft(answers=COMPLETE, settles=TORN.head_hashes)

    assert isinstance(signed_in(TORN, chosen).page, TasksPage)


def test_on_a_machine_that_cannot_write_the_tasks_come_first():
    scene = signed_in(TORN, reading="stopped")

    assert isinstance(scene.page, TasksPage)
    assert scene.reading == "stopped"


def test_a_draft_keeps_what_it_was_chosen_over():
    draft = Draft(answers=COMPLETE, settles=TORN.head_hashes)

    assert decode_draft(encode_draft(draft)) == draft


def test_the_pair_says_what_differs_and_every_rank():
    pair = pair_of(HERE, THERE)

    assert pair.fields == ("phone1",)
    assert pair.wishes[:2] == (("133601", "133603"), ("143601", "143601"))
    assert pair.wishes[3] == (None, "133602")


@pytest.mark.parametrize("empty", [GONE, ELSEWHERE])
def test_a_side_without_content_differs_in_nothing_that_could_be_shown(empty):
    pair = pair_of(empty, HERE)

    assert pair.left is None
    assert pair.fields == ()
    assert pair.wishes[0] == (None, "133601")


def test_with_three_versions_the_right_side_turns():
    three = record(HERE, THERE, GONE, heads=(HERE, THERE, GONE))
    session = at_work(record=three, page=ConflictPage())

    once = play(session, HeadTurned(at=NOON))
    twice = play(once, HeadTurned(at=NOON))

    assert shown_heads(three, page(once)) == (HERE, GONE)
    assert shown_heads(three, page(twice)) == (HERE, THERE)


def test_taking_a_version_makes_it_the_draft_and_leads_to_the_check():
    after = step(torn(), HeadChosen(at=NOON, version=THERE.hash))

    scene = after.session.scene
    assert isinstance(scene.page, CheckPage)
    assert scene.draft.answers.wishes == OTHER.wishes
    assert set(scene.draft.settles) == {HERE.hash, THERE.hash}
    assert isinstance(after.effects[0], SaveDraft)
    assert "conflict_open" not in [each.code for each in scene.page.faults]


def test_what_the_draft_was_before_is_one_step_back():
    chosen = play(torn(), HeadChosen(at=NOON, version=THERE.hash))

    back = play(chosen, Undone(at=NOON))

    assert back.scene.draft.answers == COMPLETE


def test_editing_a_version_leads_to_the_tasks_and_is_sent_from_there():
    edited = play(torn(), HeadChosen(at=NOON, version=THERE.hash, edit=True))

    check = play(edited, TaskOpened(at=NOON, task=Task.CHECK))

    assert isinstance(page(edited), TasksPage)
    assert isinstance(page(check), CheckPage)


def test_before_she_has_chosen_the_check_shows_the_versions():
    session = at_work(record=TORN, page=TasksPage())

    assert page(play(session, TaskOpened(at=NOON, task=Task.CHECK))) == ConflictPage()
    assert page(play(session, ConflictOpened(at=NOON))) == ConflictPage()


def test_a_version_that_arrives_later_makes_her_choose_again():
    chosen = play(torn(), HeadChosen(at=NOON, version=THERE.hash))
    three = record(HERE, THERE, GONE, heads=(HERE, THERE, GONE))

    after = play(chosen, RecordChanged(at=NOON, record=three))

    assert page(after) == ConflictPage()
    assert after.scene.toast == "version_arrived"
    assert step(after, SubmitAsked(at=NOON)).effects == ()


def test_taking_the_side_that_withdraws_asks_first():
    session = at_work(record=record(HERE, GONE, heads=(HERE, GONE)), page=ConflictPage())

    taken = play(session, HeadChosen(at=NOON, version=GONE.hash))
    edited = play(session, HeadChosen(at=NOON, version=GONE.hash, edit=True))

    assert isinstance(page(taken), WithdrawPage)
    assert isinstance(page(edited), TasksPage)
    assert edited.scene.draft.answers == COMPLETE


def test_a_version_whose_content_is_elsewhere_cannot_be_taken_but_answered():
    session = at_work(record=record(HERE, ELSEWHERE, heads=(HERE, ELSEWHERE)), page=ConflictPage())

    taken = play(session, HeadChosen(at=NOON, version=ELSEWHERE.hash))
    edited = play(session, HeadChosen(at=NOON, version=ELSEWHERE.hash, edit=True))

    assert taken.scene.toast == "version_elsewhere"
    assert isinstance(page(taken), ConflictPage)
    assert set(edited.scene.draft.settles) == {HERE.hash, ELSEWHERE.hash}


def test_after_the_deadline_she_looks_and_chooses_nothing():
    late = replace(torn(silent_since=DEADLINE), at=DEADLINE)

    after = step(late, HeadChosen(at=DEADLINE, version=THERE.hash))

    assert after.session.scene.toast == "closed"
    assert after.effects == ()


@pytest.mark.parametrize("event", [ConflictOpened(at=NOON), HeadTurned(at=NOON)])
def test_without_a_conflict_there_is_nothing_to_choose(event):
    session = at_work(record=record(HERE), page=StatusPage())

    assert page(play(session, event)) == StatusPage()
    assert page(play(at_work(record=TORN), HeadTurned(at=NOON))) == TasksPage()
    assert page(play(torn(), HeadChosen(at=NOON, version=GONE.hash))) == ConflictPage()
    assert page(play(torn(), WentOn(at=NOON))) == ConflictPage()


def test_choosing_what_the_draft_is_already_changes_only_where_she_stands():
    chosen = Draft(answers=COMPLETE, settles=TORN.head_hashes, closed=False)

    after = step(torn(draft=chosen), HeadChosen(at=NOON, version=HERE.hash))

    assert isinstance(after.session.scene.page, CheckPage)
    assert after.effects == ()


def test_a_conflict_that_ended_elsewhere_leaves_nothing_to_choose():
    after = play(torn(), RecordChanged(at=NOON, record=record(HERE, THERE)))

    assert isinstance(page(after), TasksPage)
    assert after.scene.toast == "version_arrived"


def test_what_the_desk_knows_newer_is_shown_instead_of_sent_over():
    session = at_work(page=CheckPage(ticked=True), record=record(HERE), draft=Draft(answers=OTHER))
    sent = step(session, SubmitAsked(at=NOON))
    effect = sent.effects[0]
    assert isinstance(effect, Submit)

    newer = HeadsChanged(ticket=effect.ticket, at=NOON, record=record(HERE, version(3)))
    after = play(sent.session, newer)

    assert effect.heads == (HERE.hash,)
    assert after.scene.record.current.version == 3
    assert after.scene.waiting is None
    assert not page(after).ticked
    assert after.scene.toast == "version_arrived"


def test_news_of_the_same_versions_keep_the_tick():
    session = at_work(page=CheckPage(ticked=True), record=record(HERE))

    after = play(session, RecordChanged(at=NOON, record=record(HERE)))

    assert page(after).ticked


def test_a_third_version_on_the_same_page_is_said():
    three = record(HERE, THERE, GONE, heads=(HERE, THERE, GONE))

    after = play(torn(), RecordChanged(at=NOON, record=three))

    assert page(after) == ConflictPage()
    assert after.scene.toast == "version_arrived"


def test_a_version_proves_itself_by_the_servers_receipt_once_it_is_here():
    served = replace(HERE, server_receipt=b"s" * 114)

    assert HERE.proof == HERE.receipt
    assert served.proof == served.server_receipt
    assert HERE.complete
    assert not GONE.complete


def test_a_reader_changes_nothing():
    scene = working(record=TORN, page=ConflictPage(), reading="full")
    session = replace(at_work(), scene=scene)

    after = step(session, HeadChosen(at=NOON, version=HERE.hash))

    assert after.session.scene.toast == "reading"
    assert after.effects == ()
