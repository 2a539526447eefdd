"""A card left behind is news for the officer, until she has seen it (U-028)."""

from dataclasses import replace

import pytest

from kiosk.session.bureau import QueuePage, RosterPage
from kiosk.session.device import CardRemoved, StationChanged, Ticked
from kiosk.session.effect import KeepLeftCards, Sound, Tone
from kiosk.session.gesture import OfficersCalled
from kiosk.session.left_card import KEPT
from kiosk.session.paperwork import LeftCardsSeen
from kiosk.session.state import OfficerCardWanted, TakeCard
from kiosk.session.station import LeftCard, SlotFaulty
from kiosk.session.step import step
from kiosk.session.trail import Trace, TraceCode, audit_event
from tests.kiosk.people import AMY, NOON, STATION, seconds
from tests.kiosk.session.test_cards import showing
from tests.kiosk.session.test_officer import officer_at

PARTING = TakeCard(since=NOON, notice="ended")
LEFT = LeftCard(left=NOON + seconds(30))
TAKEN = LeftCard(left=NOON + seconds(30), taken=NOON + seconds(90))


def left_behind(cards=(LEFT,)):
    return replace(STATION, left_cards=cards)


def test_half_a_minute_after_the_session_the_card_is_noted_once_and_called_for_again():
    session = showing(PARTING, holder=AMY)

    early = step(session, Ticked(at=NOON + seconds(29)))
    called = step(session, Ticked(at=NOON + seconds(30)))
    again = step(called.session, Ticked(at=NOON + seconds(60)))

    assert early.effects == ()
    assert called.effects == (Sound(Tone.CARD_LEFT), KeepLeftCards((LEFT,)))
    assert called.session.station.left_cards == (LEFT,)
    assert again.effects == (Sound(Tone.CARD_LEFT),)


def test_what_is_noted_names_nobody_and_the_audit_has_the_pseudonym_alone():
    session = showing(PARTING, holder=AMY)
    called = step(session, Ticked(at=NOON + seconds(95)))
    later = step(called.session, Ticked(at=NOON + seconds(121)))
    stranger = replace(session, reader=replace(session.reader, slot=SlotFaulty("foreign")))
    unknown = step(stranger, Ticked(at=NOON + seconds(30)))

    assert audit_event(session, called.session) == (
        Trace(code=TraceCode.CARD_LEFT, who=AMY.teacher),
    )
    assert audit_event(called.session, later.session) == ()
    assert audit_event(stranger, unknown.session) == (Trace(code=TraceCode.CARD_LEFT),)
    assert AMY.name not in repr(called.session.station.left_cards)


@pytest.mark.parametrize("scene", [PARTING, OfficerCardWanted(since=NOON)])
def test_when_the_card_is_taken_out_the_time_is_kept_whoever_took_it(scene):
    session = showing(replace(scene), left_behind(), holder=AMY)

    after = step(session, CardRemoved(at=NOON + seconds(90)))

    assert KeepLeftCards((TAKEN,)) in after.effects
    assert after.session.station.left_cards == (TAKEN,)


def test_a_card_taken_in_time_leaves_nothing():
    after = step(showing(PARTING, holder=AMY), CardRemoved(at=NOON + seconds(5)))

    assert after.effects == ()
    assert after.session.station.left_cards == ()


def test_f9_over_a_card_that_is_still_there_does_not_forget_it():
    session = showing(replace(PARTING, called=1), left_behind(), holder=AMY)

    called = step(session, OfficersCalled(at=NOON + seconds(80))).session
    after = step(called, CardRemoved(at=NOON + seconds(90)))

    assert after.session.station.left_cards == (TAKEN,)


def test_the_last_ones_are_kept_when_there_are_many():
    many = tuple(
        LeftCard(left=NOON - seconds(600 - n), taken=NOON - seconds(60)) for n in range(KEPT)
    )

    after = step(showing(PARTING, left_behind(many), holder=AMY), Ticked(at=NOON + seconds(30)))

    assert after.session.station.left_cards == (*many[1:], LEFT)


def test_the_officer_has_seen_it_and_is_not_told_again():
    session = officer_at(QueuePage(), left_behind((TAKEN,)))

    seen = step(session, LeftCardsSeen(at=NOON))
    again = step(seen.session, LeftCardsSeen(at=NOON))
    elsewhere = step(officer_at(RosterPage(), left_behind((TAKEN,))), LeftCardsSeen(at=NOON))

    assert seen.effects == (KeepLeftCards(()),)
    assert seen.session.station.left_cards == ()
    assert again.effects == ()
    assert elsewhere.session.station.left_cards == (TAKEN,)


def test_news_of_the_machine_leave_what_the_session_knows():
    session = showing(PARTING, left_behind(), holder=AMY)

    after = step(session, StationChanged(at=NOON, station=replace(STATION, contact="王主任")))

    assert after.session.station.contact == "王主任"
    assert after.session.station.left_cards == (LEFT,)
