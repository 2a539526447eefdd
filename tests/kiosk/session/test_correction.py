"""F8 罕用字更正: on K02, in 基本資料, at registration; and what becomes of the name (U-035)."""

from dataclasses import replace

import pytest

from core.season.merge import Review
from kiosk.session.answer import CharactersFound, DeskFailed, SignInAccepted
from kiosk.session.bureau import RegisterPage, Registration
from kiosk.session.correction import NameStanding, entry_in, standing, with_entry
from kiosk.session.draft import Draft
from kiosk.session.effect import FindCharacters, SaveDraft, SignIn
from kiosk.session.form import answers_of, claim_of, differs, name_of
from kiosk.session.gesture import (
    CharacterChosen,
    CharacterErased,
    NameOpened,
    PasswordTyped,
    ReadingTyped,
    RosterNameTaken,
    TaskOpened,
    Undone,
    WentBack,
    WentOn,
)
from kiosk.session.officer import registration_faults
from kiosk.session.page import BasicsPage, NamePage, Task, TasksPage
from kiosk.session.paperwork import RegisterConfirmed
from kiosk.session.rare_name import begin
from kiosk.session.state import AskingPassword, CardOut, Covered, Idle, OfficerSignedIn, SignedIn
from kiosk.session.station import SlotHolds
from kiosk.session.step import step
from kiosk.session.tasks import change_since
from tests.fakes.composer import CHARACTERS
from tests.kiosk.people import (
    AMY,
    CLERK,
    COMPLETE,
    FRESH,
    GENERAL,
    KNOWN_KUN,
    KUN,
    NOON,
    OFFICER,
    OWN,
    POST,
    SEASON,
    at_work,
    idle,
    person,
    rare,
    record,
    secret,
    version,
)
from tests.kiosk.session.test_teacher import play

OPEN = NameOpened(at=NOON)
ON = WentOn(at=NOON)
BACK = WentBack(at=NOON)
ERASED = CharacterErased(at=NOON)
TAKEN = RosterNameTaken(at=NOON)


def typed(keys: str) -> ReadingTyped:
    return ReadingTyped(at=NOON, keys=keys)


def picked(character: str) -> CharacterChosen:
    return CharacterChosen(at=NOON, character=character)


def basics(who=KUN, **changes):
    return at_work(person=who, page=BasicsPage(), **changes)


def asking(who=KUN):
    session = idle()
    scene = AskingPassword(person=who, post=POST, since=NOON, asked=POST.stage, lock=FRESH)
    reader = replace(session.reader, slot=SlotHolds(who.teacher))
    return replace(session, reader=reader, scene=scene)


def registering(who=KUN, **changes):
    form = Registration(
        person=who, name=who.name, birth=who.birth, title="teacher", school=OWN,
        stage=POST.stage, subject=GENERAL,
    )  # fmt: skip
    scene = OfficerSignedIn(
        officer=OFFICER, page=RegisterPage(form=replace(form, **changes)), silent_since=NOON
    )
    session = idle()
    return replace(
        session, reader=replace(session.reader, slot=SlotHolds(who.teacher)), scene=scene
    )


PLACES = [basics, asking, registering]


def answered(asked):
    """The desk's answer to the syllable that was asked for."""
    (effect,) = [each for each in asked.effects if isinstance(each, FindCharacters)]
    found = CHARACTERS.get(effect.keys, ())
    return step(
        asked.session, CharactersFound(ticket=effect.ticket, at=NOON, characters=found)
    ).session


def spelled(session, keys="djp ", character="堃"):
    """One syllable typed, its characters found, one of them chosen."""
    return step(answered(step(session, typed(keys))), picked(character)).session


@pytest.mark.parametrize("place", PLACES)
def test_a_syllable_is_typed_its_characters_come_and_one_fills_the_open_place(place):
    opened = play(place(), OPEN)
    assert entry_in(opened.scene).place == 2

    half = step(opened, typed("dj"))
    asked = step(half.session, typed("djp "))
    found = answered(asked)
    after = step(found, picked("堃")).session

    assert half.effects == ()
    assert asked.effects == (FindCharacters(ticket=asked.session.serial, keys="djp "),)
    assert set(entry_in(found.scene).found) == set(CHARACTERS["djp "])
    assert entry_in(after.scene).name == "游錫堃"
    assert entry_in(after.scene).keys == ""


def test_what_a_card_cannot_hold_comes_first_for_one_of_those_is_meant():
    found = answered(step(play(basics(), OPEN), typed("djp ")))

    assert entry_in(found.scene).found[:2] == ("堃", "昆")


@pytest.mark.parametrize(
    ("keys", "kept"),
    [("DJP", "djp"), ("dj!p", "djp"), ("djpz1", "djp"), ("6", ""), ("5k66", "5k6"), ("", "")],
)
def test_only_keys_of_the_layout_count_and_no_syllable_has_more_than_three_symbols(keys, kept):
    after = step(play(basics(), OPEN), typed(keys)).session

    assert entry_in(after.scene).keys == kept


def test_a_syllable_nobody_says_and_a_machine_without_input_are_said_in_words():
    opened = play(basics(), OPEN)

    none = answered(step(opened, typed("zz4")))
    asked = step(opened, typed("djp ")).session
    missing = step(asked, DeskFailed(ticket=asked.serial, at=NOON, code="input_missing")).session

    assert entry_in(none.scene).fault == "reading_unknown"
    assert entry_in(missing.scene).fault == "input_missing"
    assert entry_in(missing.scene).keys == ""


def test_an_answer_to_an_older_syllable_is_not_heard():
    older = step(play(basics(), OPEN), typed("djp ")).session
    newer = step(older, typed("5k6")).session

    late = step(newer, CharactersFound(ticket=older.serial, at=NOON, characters=("昆",))).session
    alone = step(basics(), CharactersFound(ticket=1, at=NOON, characters=("昆",))).session

    assert late == newer
    assert alone == basics()


def test_with_no_place_open_a_syllable_asks_for_nothing():
    full = spelled(play(basics(), OPEN))

    after = step(full, typed("djp "))

    assert after.effects == ()
    assert entry_in(step(after.session, picked("昆")).session.scene).name == "游錫堃"


def test_only_a_character_that_was_found_can_be_chosen():
    opened = play(basics(), OPEN)

    after = step(opened, picked("堃")).session

    assert entry_in(after.scene).name == "游錫□"


def test_two_open_places_are_filled_from_the_left_and_opened_again_from_the_right():
    both = play(basics(rare(4, "峯犇", "□□")), OPEN)
    filled = spelled(spelled(both, "z/ ", "峯"), "1p ", "犇")

    once = play(filled, ERASED)
    twice = play(once, ERASED)

    assert entry_in(filled.scene).name == "峯犇"
    assert entry_in(once.scene).name == "峯□"
    assert entry_in(twice.scene).name == "□□"
    assert play(twice, ERASED) == twice


@pytest.mark.parametrize("place", PLACES)
def test_the_schools_name_is_offered_where_it_completes_the_cards(place):
    offered = play(place(KNOWN_KUN), OPEN)
    assert entry_in(offered.scene).roster == "游錫堃"

    taken = play(offered, ERASED, TAKEN)

    assert entry_in(play(offered, ERASED).scene).name == "游錫□"
    assert entry_in(taken.scene).name == "游錫堃"


@pytest.mark.parametrize("roster", ["尤錫堃", "游錫□"])
def test_a_name_of_the_school_that_is_another_or_has_a_gap_itself_is_not_offered(roster):
    opened = play(basics(rare(3, "游錫堃", "游錫□", roster)), OPEN)

    assert entry_in(opened.scene).roster is None
    assert entry_in(opened.scene).name == "游錫□"
    assert entry_in(play(opened, TAKEN).scene).name == "游錫□"


def test_a_name_longer_than_the_field_of_the_card_starts_anew_when_a_character_is_taken_back():
    long = "Yayuy‧Nakuy‧Walis‧堃"
    card = "Yayuy‧Nakuy‧Walis□"
    raw = "Yayuy‧Nakuy‧Walis".encode("cp950") + b"\xa1"
    who = replace(person(5, long), card_name=card, card_name_raw=raw, name_damaged=True)
    opened = play(basics(who), OPEN)
    assert entry_in(opened.scene).name == long

    assert entry_in(play(opened, ERASED).scene).name == card


@pytest.mark.parametrize("place", PLACES)
def test_a_name_with_an_open_place_is_not_taken(place):
    refused = play(place(), OPEN, ON)

    assert entry_in(refused.scene).fault == "name_unfinished"


@pytest.mark.parametrize("place", PLACES)
def test_a_name_that_contradicts_what_the_card_shows_is_refused(place):
    opened = play(place(), OPEN)
    entry = replace(entry_in(opened.scene), name="尤錫堃")

    refused = play(replace(opened, scene=with_entry(opened.scene, entry)), ON)

    assert entry_in(refused.scene).fault == "name_contradicts_card"


@pytest.mark.parametrize("place", PLACES)
def test_leaving_keeps_nothing(place):
    left = play(spelled(play(place(), OPEN)), BACK)

    assert left == replace(place(), serial=left.serial)


# 基本資料.


def test_the_name_becomes_an_answer_is_saved_and_can_be_taken_back():
    named = step(spelled(play(basics(), OPEN)), ON)
    scene = named.session.scene

    assert isinstance(scene.page, BasicsPage)
    assert scene.draft.answers.teacher_name == "游錫堃"
    assert scene.toast == "name_proposed"
    assert [type(each) for each in named.effects] == [SaveDraft]
    assert play(named.session, Undone(at=NOON)).scene.draft.answers.teacher_name == ""


def test_the_schools_name_is_no_correction():
    named = play(basics(KNOWN_KUN), OPEN, ON)

    assert isinstance(named.scene.page, BasicsPage)
    assert named.scene.draft == basics(KNOWN_KUN).scene.draft


def test_the_claim_stands_under_the_corrected_name_beside_the_bytes_of_the_card():
    answers = replace(COMPLETE, teacher_name="游錫堃")

    claim = claim_of(KUN, POST, answers, SEASON, declared=True, salt=bytes(16))

    assert claim.teacher_name == "游錫堃"
    assert claim.card_name_raw == KUN.card_name_raw
    assert name_of(KUN, COMPLETE) == "游錫□"
    assert differs(claim)
    assert not differs(claim_of(AMY, POST, COMPLETE, SEASON, declared=True, salt=bytes(16)))


def test_a_version_put_back_into_the_draft_brings_its_name_along():
    answers = replace(COMPLETE, teacher_name="游錫堃")
    sent = version(1, answers, KUN)

    assert answers_of(sent.claim, sent.wishes).teacher_name == "游錫堃"
    unfinished = version(1, COMPLETE, KUN)
    assert answers_of(unfinished.claim, unfinished.wishes).teacher_name == ""


@pytest.mark.parametrize(
    ("who", "sent", "draft", "changed"),
    [
        (KNOWN_KUN, "", "", ()),
        (KNOWN_KUN, "游錫堃", "", ()),
        (KUN, "", "", ()),
        (KUN, "", "游錫堃", ("teacher_name",)),
        (KUN, "游錫堃", "游錫喆", ("teacher_name",)),
    ],
)
def test_a_name_is_a_difference_only_when_it_differs(who, sent, draft, changed):
    version_ = version(1, replace(COMPLETE, teacher_name=sent), who)
    scene = at_work(
        Draft(answers=replace(COMPLETE, teacher_name=draft)), person=who, record=record(version_)
    ).scene

    assert change_since(scene, version_).fields == changed


@pytest.mark.parametrize(
    ("session", "toast"),
    [
        (basics(AMY), "name_readable"),
        (basics(reading="stopped"), "reading"),
    ],
)
def test_a_name_that_needs_none_and_a_machine_that_only_reads_correct_nothing(session, toast):
    after = play(session, OPEN)

    assert isinstance(after.scene.page, BasicsPage)
    assert after.scene.toast == toast


def test_elsewhere_the_key_means_nothing():
    elsewhere = at_work(person=KUN, page=TasksPage())

    assert play(elsewhere, OPEN, typed("djp "), ERASED) == elsewhere
    assert play(idle(), OPEN, ERASED) == idle()


def test_a_task_opened_meanwhile_closes_it():
    after = play(basics(), OPEN, TaskOpened(at=NOON, task=Task.BASICS))

    assert entry_in(after.scene) is None


@pytest.mark.parametrize("cover", [Covered, CardOut])
def test_an_answer_that_comes_behind_the_cover_is_kept_for_the_same_person(cover):
    asked = step(play(basics(), OPEN), typed("djp "))
    more = {"bookmark": "basics"} if cover is CardOut else {}
    hidden = replace(asked.session, scene=cover(held=asked.session.scene, since=NOON, **more))

    found = answered(replace(asked, session=hidden))

    assert isinstance(found.scene, cover)
    assert found.scene.held.page.entry.found[0] == "堃"


# What is said of the name.


def teacher(who, answers=COMPLETE, **changes) -> SignedIn:
    return at_work(Draft(answers=answers), person=who, **changes).scene


CORRECTED = replace(COMPLETE, teacher_name="游錫堃")


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        (teacher(AMY), NameStanding.CARD),
        (teacher(KUN), NameStanding.OPEN),
        (teacher(KNOWN_KUN), NameStanding.ROSTER),
        (teacher(replace(AMY, name="林小芒")), NameStanding.DIFFERENT),
        (teacher(KUN, CORRECTED), NameStanding.PROPOSED),
        (teacher(KUN, CORRECTED, record=record(version(1, CORRECTED, KUN))), NameStanding.PROPOSED),
        (
            teacher(
                KUN, CORRECTED,
                record=replace(record(version(1, CORRECTED, KUN)), review=Review.APPROVED),
            ),
            NameStanding.CONFIRMED,
        ),
        (
            teacher(
                KUN, replace(COMPLETE, teacher_name="游錫喆"),
                record=replace(record(version(1, CORRECTED, KUN)), review=Review.APPROVED),
            ),
            NameStanding.PROPOSED,
        ),
        (
            teacher(
                KUN, CORRECTED,
                record=replace(
                    record(replace(version(1, CORRECTED, KUN), claim=None)),
                    review=Review.APPROVED,
                ),
            ),
            NameStanding.PROPOSED,
        ),
    ],
)  # fmt: skip
def test_a_name_waits_for_the_officer_until_a_version_with_it_is_approved(scene, expected):
    assert standing(scene) is expected


# K02.


def test_a_name_corrected_before_the_password_is_in_the_draft_after_it_and_not_before():
    named = play(spelled(play(asking(), OPEN)), ON)
    assert named.scene.named == "游錫堃"
    assert named.scene.naming is None

    asked = step(named, PasswordTyped(at=NOON, password=secret("right")))
    answer = SignInAccepted(
        ticket=asked.session.serial, at=NOON, draft=Draft(answers=COMPLETE), record=record(),
        saved=None, recovered=False,
    )  # fmt: skip
    inside = step(asked.session, answer)

    assert [type(each) for each in asked.effects] == [SignIn]
    assert inside.session.scene.draft.answers.teacher_name == "游錫堃"
    assert SaveDraft in [type(each) for each in inside.effects]


def test_on_a_machine_that_only_reads_the_name_is_not_kept_and_that_is_said():
    named = play(spelled(play(asking(), OPEN)), ON)
    asked = step(named, PasswordTyped(at=NOON, password=secret("right")))
    answer = SignInAccepted(
        ticket=asked.session.serial, at=NOON, draft=Draft(answers=COMPLETE), record=record(),
        saved=None, recovered=False, reading="stopped",
    )  # fmt: skip

    inside = step(asked.session, answer).session

    assert inside.scene.draft.answers == COMPLETE
    assert inside.scene.toast == "reading"


def test_opened_again_on_k02_it_goes_on_where_it_was():
    named = play(spelled(play(asking(), OPEN)), ON, OPEN)

    assert entry_in(named.scene).name == "游錫堃"


def test_a_card_that_shows_the_whole_name_has_nothing_to_correct():
    assert play(asking(AMY), OPEN) == asking(AMY)


def test_esc_closes_the_name_first_and_only_then_the_session():
    opened = play(asking(), OPEN)

    assert isinstance(play(opened, BACK).scene, AskingPassword)
    assert not isinstance(play(opened, BACK, BACK).scene, AskingPassword | Idle)


# Registration.


def test_what_the_officer_chooses_with_the_id_card_in_hand_is_the_name_registered():
    named = play(spelled(play(registering(), OPEN)), ON)

    assert named.scene.page.naming is None
    assert named.scene.page.form.name == "游錫堃"
    assert registration_faults(named, named.scene.page.form) == ()


def test_a_card_that_shows_the_whole_name_is_not_corrected_at_registration():
    after = play(registering(AMY), OPEN)

    assert after.scene.page.naming is None
    assert after.scene.toast == "name_readable"


def test_without_a_card_there_is_no_name_to_correct():
    waiting = registering()
    waiting = replace(waiting, scene=replace(waiting.scene, page=RegisterPage()))

    assert play(waiting, OPEN, ON) == waiting


def test_a_typed_name_that_contradicts_the_card_is_refused_at_registration():
    refused = play(registering(name="尤錫堃"), RegisterConfirmed(at=NOON))

    assert [each.code for each in refused.scene.page.faults] == ["name_contradicts_card"]
    assert registration_faults(refused, replace(refused.scene.page.form, name="游錫堃")) == ()


# The values themselves.


def test_an_entry_put_where_there_is_none_changes_nothing():
    entry = begin(KUN, KUN.name)

    assert entry_in(Idle()) is None
    assert with_entry(Idle(), entry) == Idle()
    assert entry_in(at_work(person=KUN, page=NamePage(entry)).scene) == entry
    assert CLERK.name not in repr(entry)
    assert "游" not in repr(entry)
