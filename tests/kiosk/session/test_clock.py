"""A clock that is put back, by hand or by the first beacon after an outage, stops nothing."""

from datetime import timedelta

import pytest

from kiosk.session.answer import SaveFailed
from kiosk.session.clock import rests
from kiosk.session.device import Ticked
from kiosk.session.effect import SaveDraft, Sound, Tone
from kiosk.session.gesture import DisplayChosen, RevealAsked, TextTyped
from kiosk.session.page import BasicsPage
from kiosk.session.person import Lock
from kiosk.session.state import (
    GRACE,
    IDLE_LIMIT,
    PAUSE,
    WARNING,
    AskingPassword,
    CardOut,
    Covered,
    Idle,
    Searching,
    TakeCard,
    Trouble,
    TroubleCode,
)
from kiosk.session.step import step
from tests.kiosk.people import AMY, NOON, POST, at_work, idle, seconds, working
from tests.kiosk.session.test_cards import AT_QUEUE, showing

BACK = NOON - timedelta(hours=8)
"""What the clock says after a machine whose clock was set to local time has heard the server."""


def ticked(session, *times):
    """The effects of the last of these ticks, and the session after it."""
    for at in times:
        turn = step(session, Ticked(at=at))
        session = turn.session
    return turn


@pytest.mark.parametrize(
    ("scene", "limit"), [(working(), IDLE_LIMIT), (AT_QUEUE, timedelta(minutes=5))]
)
def test_a_silent_session_is_covered_after_its_limit_all_the_same(scene, limit):
    session = showing(scene, holder=AMY)

    after = ticked(session, BACK, BACK + limit).session.scene

    assert isinstance(after, Covered)


def test_a_cover_and_a_missing_card_end_all_the_same():
    covered = showing(Covered(held=working(), since=NOON), holder=AMY)
    out = showing(CardOut(held=working(), since=NOON, bookmark="notices"))

    assert isinstance(ticked(covered, BACK, BACK + WARNING).session.scene, TakeCard)
    assert ticked(out, BACK, BACK + GRACE).session.scene == Idle("card_out")


def test_a_card_that_is_left_behind_is_called_for_all_the_same():
    session = showing(TakeCard(since=NOON, notice="ended", called=2), holder=AMY)

    silent = ticked(session, BACK, BACK + seconds(29))
    called = ticked(session, BACK, BACK + seconds(30))

    assert silent.effects == ()
    assert called.effects[0] == Sound(Tone.CARD_LEFT)
    assert called.session.scene.called == 3


def test_a_search_nobody_goes_on_with_is_closed_all_the_same():
    session = showing(Searching(since=NOON, stage=POST.stage))

    assert ticked(session, BACK, BACK + IDLE_LIMIT).session.scene == Idle()


@pytest.mark.parametrize("scene", [Idle(), Trouble(TroubleCode.FOREIGN)])
def test_where_nothing_is_counted_nothing_happens(scene):
    assert ticked(showing(scene), BACK, BACK + IDLE_LIMIT).session.scene == scene


def test_a_draft_that_is_not_on_the_disk_is_tried_again_all_the_same():
    typed = step(at_work(page=BasicsPage()), TextTyped(at=NOON, place="phone2", text="09"))
    failed = step(typed.session, SaveFailed(ticket=1, at=NOON, code="full")).session

    again = ticked(failed, BACK, BACK + seconds(5))

    assert isinstance(again.effects[0], SaveDraft)


def test_a_number_that_was_shown_is_masked_again_all_the_same():
    shown = step(at_work(), RevealAsked(at=NOON)).session

    assert shown.revealed_until is not None
    assert ticked(shown, BACK, BACK + seconds(5)).session.revealed_until is None


def test_what_was_chosen_at_the_idle_screen_is_reset_all_the_same():
    chosen = step(idle(), DisplayChosen(at=NOON, place="theme", value="dark")).session

    after = ticked(chosen, BACK, BACK + IDLE_LIMIT).session

    assert chosen.looks.chosen
    assert not after.looks.chosen


def test_a_pause_is_never_much_longer_than_a_pause():
    now, pause = 1_000_000_000, PAUSE // timedelta(milliseconds=1)

    assert rests(now + pause, now)
    assert not rests(now, now)
    assert not rests(now + 365 * 24 * 3_600_000, now)


def test_a_password_that_rests_is_asked_for_again_all_the_same():
    until_ms = int((NOON + PAUSE).timestamp() * 1000)
    lock = Lock(tries_left=0, until_ms=until_ms)
    scene = AskingPassword(person=AMY, post=POST, since=NOON, asked=POST.stage, lock=lock)

    after = ticked(showing(scene, holder=AMY), BACK).session.scene

    assert after.lock.until_ms is None
    assert after.lock.tries_left
