"""A card that was left in the reader is told to the officer, over a restart too (U-028)."""

from datetime import timedelta

import pytest

from kiosk.session.paperwork import LeftCardsSeen
from kiosk.session.station import LeftCard
from kiosk.text.catalogue import LANGUAGES
from tests.kiosk.machine import AMY, ready
from tests.kiosk.people import PASSWORD


@pytest.fixture
def machine(tmp_path):
    """A teacher signed in whose session ends by itself, her card still in the slot."""
    machine = ready(tmp_path)
    machine.first_use(AMY)
    machine.end()
    machine.insert(AMY)
    machine.password(PASSWORD)
    machine.wait(minutes=3)
    machine.wait(seconds=46)
    return machine


def left_behind(machine):
    """When it was noted: half a minute after the session ended."""
    assert machine.session.station.left_cards == ()
    machine.wait(seconds=40)
    return machine.session.station.left_cards[0].left


def test_the_officer_is_told_when_it_was_left_and_taken_and_never_again_once_seen(machine):
    left = left_behind(machine)
    machine.clock.forward(minutes=40)
    machine.wait(seconds=1)
    machine.remove()
    taken = machine.clock.now()
    machine.reopen()

    told = machine.officer_signs_in() and machine.session.station.left_cards
    machine.tell(LeftCardsSeen)
    machine.end()
    machine.reopen()

    assert told == (LeftCard(left=left, taken=taken),)
    assert machine.session.station.left_cards == ()
    assert AMY.profile.name not in repr(told)


def test_a_restart_in_between_is_said_since_nobody_watched_the_slot(machine):
    left = left_behind(machine)
    machine.reopen()
    machine.clock.forward(hours=2)
    machine.insert(AMY)
    machine.remove()

    (told,) = machine.session.station.left_cards

    assert (told.left, told.taken, told.restarted) == (left, machine.clock.now(), True)


@pytest.mark.parametrize("texts", LANGUAGES.values(), ids=LANGUAGES)
def test_every_way_it_went_has_a_sentence_of_its_own(machine, texts):
    left = machine.clock.now()
    taken = left + timedelta(minutes=40)

    said = {
        texts.left_card(left, end, restarted=restarted)
        for end in (None, taken)
        for restarted in (False, True)
    }

    assert len(said) == 4
    assert all("4/27" in each for each in said)


def test_a_full_disk_costs_the_note_only_after_a_restart(machine):
    machine.fill_the_disk()

    left_behind(machine)

    assert len(machine.session.station.left_cards) == 1
    assert machine.session.station.left_cards[0].taken is None
