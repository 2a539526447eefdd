"""Display settings: chosen under F2, kept with the person, gone for the next one (UX 4.1, K12)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.session.answer import CardKnown, OfficerAccepted, SignInAccepted
from kiosk.session.device import CardInserted, CardRead, CardRemoved, StationChanged, Ticked
from kiosk.session.display import (
    AS_BUILT,
    Display,
    Looks,
    decode_display,
    encode_display,
)
from kiosk.session.draft import Draft
from kiosk.session.effect import Letter, SaveDisplay, Sound, Tone
from kiosk.session.gesture import (
    DisplayChosen,
    Ended,
    MoreTimeAsked,
    OfficersCalled,
    PasswordTyped,
    Touched,
)
from kiosk.session.state import (
    AskingOfficerPassword,
    AskingPassword,
    CardOut,
    Covered,
    Idle,
    Reading,
    SignedIn,
    TakeCard,
)
from kiosk.session.station import SlotHolds
from kiosk.session.step import step
from tests.kiosk.people import (
    AMY,
    BEN,
    CLERK,
    COMPLETE,
    FRESH,
    NOON,
    OFFICER,
    POST,
    STATION,
    at_work,
    idle,
    record,
    seconds,
    secret,
    working,
)
from tests.kiosk.session.test_cards import AT_QUEUE, showing
from tests.kiosk.session.test_invariants import profile

HERS = Display(theme="contrast", language="en", large=True, more_time=True, muted=True)
QUARTER = timedelta(minutes=15)


def choose(session, place, value, at=NOON):
    return step(session, DisplayChosen(at=at, place=place, value=value))


def card_in(session, person=AMY, kept=None, at=NOON, **changes):
    """A card is put in, read, and known with what its holder kept."""
    asked = step(
        step(session, CardInserted(at=at)).session, CardRead(at=at, profile=profile(person))
    )
    known = CardKnown(
        ticket=asked.session.serial,
        at=at,
        person=person,
        post=POST,
        has_password=True,
        lock=FRESH,
        display=kept,
    )
    return step(asked.session, replace(known, **changes))


def signed_in(session):
    asked = step(session, PasswordTyped(at=session.at, password=secret("right")))
    answer = SignInAccepted(
        ticket=asked.session.serial,
        at=session.at,
        draft=Draft(answers=COMPLETE),
        record=record(),
        saved=None,
        recovered=False,
    )
    return step(asked.session, answer)


@pytest.mark.parametrize(
    ("place", "value"),
    [("theme", "dark"), ("language", "en"), ("large", True), ("more_time", True), ("muted", True)],
)
def test_a_choice_of_hers_holds_at_once_and_is_kept_with_her(place, value):
    after = choose(at_work(), place, value)

    chosen = replace(AS_BUILT, **{place: value})
    assert after.session.looks.display == chosen
    assert SaveDisplay(teacher=AMY.teacher, display=chosen) in after.effects


@pytest.mark.parametrize(
    ("place", "value"),
    [("theme", "pink"), ("theme", True), ("large", "yes"), ("large", 1), ("size", True)],
)
def test_what_is_not_on_the_list_changes_nothing(place, value):
    assert AS_BUILT.with_choice(place, value) == AS_BUILT


def test_an_officers_choice_is_kept_with_the_officer():
    after = choose(showing(AT_QUEUE, holder=CLERK), "theme", "dark")

    assert [each.teacher for each in after.effects if isinstance(each, SaveDisplay)] == [
        CLERK.teacher
    ]


def test_her_settings_come_back_with_her_card_before_the_password():
    after = card_in(idle(), kept=HERS).session

    assert isinstance(after.scene, AskingPassword)
    assert after.looks.display == HERS


def test_an_officers_settings_come_back_when_the_officer_was_called():
    called = step(idle(), OfficersCalled(at=NOON)).session

    after = card_in(called, CLERK, HERS, post=None, officer=OFFICER).session

    assert isinstance(after.scene, AskingOfficerPassword)
    assert after.looks.display == HERS


def test_what_was_chosen_at_the_idle_screen_wins_over_what_she_kept():
    chosen = choose(idle(), "language", "en").session

    after = card_in(chosen, kept=replace(HERS, language="zh")).session

    assert after.looks.display == HERS


def test_a_choice_made_before_the_password_is_kept_once_she_is_known():
    asked = choose(card_in(idle()).session, "theme", "dark")

    after = signed_in(asked.session)

    assert not [each for each in asked.effects if isinstance(each, SaveDisplay)]
    assert SaveDisplay(teacher=AMY.teacher, display=Display(theme="dark")) in after.effects


def test_an_officers_choice_before_the_password_is_kept_as_well():
    called = step(idle(), OfficersCalled(at=NOON)).session
    asking = card_in(called, CLERK, post=None, officer=OFFICER).session
    chosen = choose(asking, "theme", "dark").session
    asked = step(chosen, PasswordTyped(at=NOON, password=secret("right"))).session

    after = step(asked, OfficerAccepted(ticket=asked.serial, at=NOON, officer=OFFICER))

    assert SaveDisplay(teacher=CLERK.teacher, display=Display(theme="dark")) in after.effects


def test_who_chooses_nothing_has_nothing_kept():
    after = signed_in(card_in(idle(), kept=HERS).session)

    assert isinstance(after.session.scene, SignedIn)
    assert not [each for each in after.effects if isinstance(each, SaveDisplay)]


def test_the_next_person_finds_the_machine_as_it_is():
    hers = signed_in(card_in(idle(), kept=HERS).session).session

    ended = step(hers, Ended(at=NOON)).session
    gone = step(ended, CardRemoved(at=NOON)).session

    assert isinstance(ended.scene, TakeCard)
    assert ended.looks.display == HERS  # she still has to read that the card is to be taken
    assert gone.looks == Looks(display=STATION.display)


def test_another_card_in_the_slot_does_not_inherit_the_settings():
    hers = signed_in(card_in(idle(), kept=HERS).session).session

    his = card_in(hers, BEN).session

    assert his.scene.person == BEN
    assert his.looks.display == AS_BUILT


def test_a_machine_may_look_otherwise_by_itself():
    english = replace(STATION, display=Display(language="en"))

    after = step(idle(), StationChanged(at=NOON, station=english)).session

    assert after.looks.display.language == "en"


def test_a_choice_at_the_idle_screen_ends_when_nobody_comes():
    chosen = choose(idle(), "language", "en").session

    before = step(chosen, Ticked(at=NOON + timedelta(minutes=3) - seconds(1))).session
    after = step(chosen, Ticked(at=NOON + timedelta(minutes=3))).session

    assert before.looks.display.language == "en"
    assert after.looks.display == AS_BUILT


def test_a_card_that_was_pulled_too_soon_does_not_change_the_language_again():
    reading = step(choose(idle(), "language", "en").session, CardInserted(at=NOON)).session

    after = step(reading, CardRemoved(at=NOON)).session

    assert isinstance(reading.scene, Reading)
    assert isinstance(after.scene, Idle)
    assert after.looks.display.language == "en"


def test_while_the_card_is_awaited_nothing_is_chosen():
    out = showing(CardOut(held=working(), since=NOON, bookmark="wishes"))

    assert choose(out, "theme", "dark").session == replace(out, at=NOON)


def test_on_the_cover_more_time_goes_on_and_holds():
    covered = showing(Covered(held=working(), since=NOON), holder=AMY)

    after = step(covered, MoreTimeAsked(at=NOON)).session

    assert isinstance(after.scene, SignedIn)
    assert after.looks.display.more_time


def test_her_more_time_holds_while_the_password_is_asked_for():
    asking = card_in(idle(), kept=HERS).session

    before = step(asking, Ticked(at=NOON + QUARTER - seconds(1))).session
    after = step(asking, Ticked(at=NOON + QUARTER)).session

    assert isinstance(before.scene, AskingPassword)
    assert after.scene == TakeCard(since=NOON + QUARTER, notice="expired")


def test_a_quiet_machine_gives_no_tone():
    loud = card_in(idle())
    quiet = card_in(idle(), kept=HERS)

    assert Sound(Tone.READ) in loud.effects
    assert not [each for each in quiet.effects if isinstance(each, Sound)]


def test_the_letters_grow_with_her_card_and_shrink_when_she_is_gone():
    came = card_in(idle(), kept=HERS)
    same = step(came.session, Touched(at=NOON))
    gone = step(came.session, CardRemoved(at=NOON))

    assert Letter(large=True) in came.effects
    assert not [each for each in same.effects if isinstance(each, Letter)]
    assert Letter(large=False) in gone.effects


def test_settings_are_read_back_as_they_were_written():
    assert decode_display(encode_display(HERS)) == HERS


def test_settings_of_another_program_are_read_as_far_as_they_are_understood():
    content = b'{"theme": "dark", "language": "fr", "sparkle": 7, "muted": true}'

    assert decode_display(content) == Display(theme="dark", muted=True)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff"])
def test_what_is_no_setting_at_all_is_refused(content):
    with pytest.raises(ValueError):  # noqa: PT011 - whichever the decoder says
        decode_display(content)


def test_the_card_in_the_slot_is_still_hers():
    assert card_in(idle(), kept=HERS).session.reader.slot == SlotHolds(AMY.teacher)
