"""Silence, covers, ends, and drafts that will not go to the disk (UX 4.7, 4.10)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.session.answer import DraftSaved, SaveFailed, Submitted
from kiosk.session.bureau import QueuePage
from kiosk.session.device import LinkChanged, ReaderChecked, StationChanged, Ticked
from kiosk.session.draft import Draft
from kiosk.session.effect import SaveDraft, Sound, Tone, Watch
from kiosk.session.gesture import Ended, MoreTimeAsked, RevealAsked, TextTyped, Touched, WentBack
from kiosk.session.page import BasicsPage
from kiosk.session.state import (
    CardOut,
    Covered,
    Idle,
    OfficerSignedIn,
    SignedIn,
    TakeCard,
)
from kiosk.session.station import Link, LinkName, Service, SlotReading, Station
from kiosk.session.step import step
from tests.kiosk.people import (
    AMY,
    BEN,
    COMPLETE,
    NOON,
    OFFICER,
    STATION,
    at_work,
    idle,
    seconds,
    version,
    working,
)
from tests.kiosk.session.test_cards import AT_QUEUE, showing

OPEN_DRAFT = Draft(answers=COMPLETE, closed=False)


def typed(session, text, at=NOON):
    return step(session, TextTyped(at=at, place="phone2", text=text))


@pytest.mark.parametrize(
    ("scene", "limit"),
    [
        (working(), timedelta(minutes=3)),
        (AT_QUEUE, timedelta(minutes=5)),
    ],
)
def test_a_silent_session_is_covered_after_its_limit(scene, limit):
    session = showing(scene, holder=AMY)

    before = step(session, Ticked(at=NOON + limit - seconds(1))).session.scene
    after = step(session, Ticked(at=NOON + limit)).session.scene

    assert before == scene
    assert after == Covered(held=scene, since=NOON + limit)
    assert after.ends == NOON + limit + seconds(45)


@pytest.mark.parametrize("event", [Touched, WentBack, RevealAsked])
def test_any_key_goes_on_and_means_nothing_else(event):
    later = NOON + seconds(44)
    session = showing(Covered(held=working(page=BasicsPage()), since=NOON), holder=AMY)

    after = step(session, event(at=later)).session.scene

    assert after == working(page=BasicsPage(), silent_since=later)


def test_f10_on_the_cover_ends_at_once():
    session = showing(Covered(held=working(), since=NOON), holder=AMY)

    assert step(session, Ended(at=NOON)).session.scene == TakeCard(since=NOON, notice="ended")


def test_when_the_warning_has_run_out_then_the_session_ends_and_the_card_is_called_for():
    session = showing(Covered(held=working(OPEN_DRAFT), since=NOON), holder=AMY)

    warned = step(session, Ticked(at=NOON + seconds(44)))
    ended = step(session, Ticked(at=NOON + seconds(45)))
    called = step(ended.session, Ticked(at=NOON + seconds(75)))
    silent = step(called.session, Ticked(at=NOON + seconds(76)))

    assert warned.session.scene == session.scene
    assert ended.session.scene == TakeCard(since=NOON + seconds(45), notice="expired")
    assert [type(each) for each in ended.effects] == [SaveDraft, Watch]
    assert called.effects[0] == Sound(Tone.CARD_LEFT)
    assert silent.effects == ()


def test_given_the_card_out_when_nobody_puts_it_back_then_the_session_ends():
    out = CardOut(held=working(), since=NOON, bookmark="notices")

    waiting = step(showing(out), Ticked(at=NOON + seconds(19))).session.scene
    ended = step(showing(out), Ticked(at=NOON + seconds(20))).session.scene

    assert waiting == out
    assert ended == Idle("card_out")


def test_given_the_card_out_when_a_card_is_being_read_then_the_end_waits_for_it():
    session = showing(CardOut(held=working(), since=NOON, bookmark="notices"))
    reading = replace(session, reader=replace(session.reader, slot=SlotReading(NOON)))

    assert step(reading, Ticked(at=NOON + seconds(21))).session.scene == session.scene


def test_a_key_does_nothing_while_the_card_is_out():
    session = showing(CardOut(held=working(), since=NOON, bookmark="notices"))

    assert step(session, Touched(at=NOON)).session == session


def test_f10_saves_the_draft_as_left_in_order_and_asks_for_the_card():
    after = step(at_work(OPEN_DRAFT), Ended(at=NOON))

    saving, watching = after.effects
    assert isinstance(saving, SaveDraft)
    assert saving.draft.closed
    assert watching == Watch(None)
    assert after.session.scene == TakeCard(since=NOON, notice="ended")


@pytest.mark.parametrize("scene", [working(), AT_QUEUE])
def test_f10_without_a_card_in_the_slot_goes_straight_to_the_idle_screen(scene):
    assert step(showing(scene), Ended(at=NOON)).session.scene == Idle("ended")


@pytest.mark.parametrize("scene", [working(), AT_QUEUE])
def test_more_time_is_fifteen_minutes_for_this_person(scene):
    after = step(showing(scene, holder=AMY), MoreTimeAsked(at=NOON)).session

    quarter = timedelta(minutes=15)
    assert step(after, Ticked(at=NOON + quarter - seconds(1))).session.scene == scene
    assert isinstance(step(after, Ticked(at=NOON + quarter)).session.scene, Covered)


def test_every_keystroke_is_on_its_way_to_the_disk_before_the_screen_says_so():
    first = typed(at_work(page=BasicsPage()), "0")
    second = typed(first.session, "09")
    early = step(second.session, DraftSaved(ticket=1, at=NOON + seconds(1))).session
    late = step(early, DraftSaved(ticket=2, at=NOON + seconds(2))).session

    assert isinstance(first.effects[0], SaveDraft)
    assert first.session.scene.dirty
    assert early.scene.dirty
    assert (late.scene.dirty, late.scene.saved) == (False, NOON + seconds(2))
    assert late.pending == ()


def test_given_a_full_disk_when_a_keystroke_fails_then_it_is_kept_said_and_tried_again():
    session = typed(at_work(page=BasicsPage()), "09").session

    failed = step(session, SaveFailed(ticket=1, at=NOON, code="full")).session
    early = step(failed, Ticked(at=NOON + seconds(4)))
    again = step(failed, Ticked(at=NOON + seconds(5)))
    healed = step(again.session, DraftSaved(ticket=2, at=NOON + seconds(6))).session

    assert (failed.scene.alarm, failed.scene.dirty) == ("full", True)
    assert failed.scene.draft.answers.phone2 == "09"
    assert early.effects == ()
    assert again.effects[0].draft.answers.phone2 == "09"
    assert (healed.scene.alarm, healed.scene.dirty) == (None, False)


def test_given_a_full_disk_when_she_leaves_then_the_draft_stays_and_the_screen_says_so():
    session = typed(at_work(page=BasicsPage()), "09").session
    failed = step(session, SaveFailed(ticket=1, at=NOON, code="full")).session

    left = step(failed, Ended(at=NOON)).session
    failed_again = step(left, SaveFailed(ticket=2, at=NOON, code="full")).session
    retried = step(failed_again, Ticked(at=NOON + seconds(9)))

    assert left.scene == TakeCard(since=NOON, notice="unsaved")
    assert left.pending[0].draft.answers.phone2 == "09"
    assert isinstance(retried.effects[0], SaveDraft)


def test_news_of_another_ones_draft_does_not_reach_the_screen():
    session = typed(at_work(page=BasicsPage()), "09").session
    other = replace(session, scene=working(person=BEN))

    after = step(other, DraftSaved(ticket=1, at=NOON)).session

    assert after.scene == other.scene
    assert after.pending == ()


def test_given_a_cover_when_the_draft_is_saved_then_what_is_behind_knows_it():
    session = typed(at_work(page=BasicsPage()), "09").session
    covered = replace(session, scene=Covered(held=session.scene, since=NOON))

    after = step(covered, DraftSaved(ticket=1, at=NOON)).session

    assert isinstance(after.scene, Covered)
    assert after.scene.held.saved == NOON


@pytest.mark.parametrize(
    "event", [DraftSaved(ticket=99, at=NOON), SaveFailed(ticket=99, at=NOON, code="full")]
)
def test_news_of_an_older_save_changes_nothing(event):
    session = typed(at_work(page=BasicsPage()), "09").session

    assert step(session, event).session == session


def test_the_machine_is_kept_up_to_date_whoever_is_here():
    link = Link(name=LinkName.ONLINE, pending=3)
    session = at_work()

    checked = step(
        session, ReaderChecked(at=NOON, service=Service.MISSING, device=Service.FAILED)
    ).session
    linked = step(checked, LinkChanged(at=NOON, link=link)).session
    changed = step(linked, StationChanged(at=NOON, station=Station())).session

    assert (checked.reader.service, checked.reader.device) == (Service.MISSING, Service.FAILED)
    assert linked.station == replace(STATION, link=link)
    assert changed.station == Station()
    assert changed.scene == session.scene


def test_nothing_happens_to_an_idle_kiosk_however_long_it_waits():
    assert step(idle(), Ticked(at=NOON + timedelta(days=1))).session.scene == Idle()


def test_an_officers_session_ends_without_a_draft():
    scene = OfficerSignedIn(officer=OFFICER, page=QueuePage(), silent_since=NOON)

    after = step(showing(Covered(held=scene, since=NOON)), Ticked(at=NOON + seconds(45)))

    assert after.effects == (Watch(None),)


def test_given_an_answer_for_a_teacher_when_an_officer_is_covered_then_nothing_changes():
    session = showing(Covered(held=AT_QUEUE, since=NOON))
    answer = Submitted(ticket=1, at=NOON, version=version(1), record=working().record)

    assert step(session, answer).session == session
    assert isinstance(at_work().scene, SignedIn)
