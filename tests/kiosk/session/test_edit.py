"""Drafts: every step can be taken back, bytes keep everything, wishes stay sound (UX 4.10, K05)."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import CountyCode, SchoolId
from core.wire.canon import encode
from kiosk.session import wishing
from kiosk.session.draft import STEPS_KEPT, Answers, Aside, Draft, EditName
from kiosk.session.draft_bytes import decode_draft, encode_draft
from kiosk.session.edit import clean, record, redo, stand_at, undo
from kiosk.session.page import AT_THE_END, Insertion, InsertMode, Task
from tests.kiosk.people import (
    COMPLETE,
    HUALIEN,
    PINGTUNG,
    REFERENCE,
    SCHOOLS,
    TAITUNG,
)

A, B, C = COMPLETE.wishes
D = SchoolId("133602")
FRONT = Insertion(InsertMode.FIRST)
codes = st.sampled_from([each.id for each in SCHOOLS])
insertions = st.builds(Insertion, st.sampled_from(InsertMode), st.integers(-2, 9))


def typed(draft, place, text, at_ms):
    answers = replace(draft.answers, **{place: text})
    return record(draft, answers, EditName.BASICS_TYPED, place, at_ms)


@st.composite
def changes(draw):
    """One thing a person does to a draft, as a function; ``at_ms`` far enough apart to be steps."""
    kind = draw(st.sampled_from(["add", "remove", "move", "clear", "county", "type", "years"]))
    school_, rank = draw(codes), draw(st.integers(-3, 12))
    insertion, slot = draw(insertions), draw(st.sampled_from(["a", "b"]))
    county = draw(st.sampled_from([PINGTUNG, TAITUNG, HUALIEN]))
    text, years = draw(st.text(max_size=8)), draw(st.none() | st.integers(0, 40))

    def change(draft, at_ms):  # noqa: PLR0911 - a table
        match kind:
            case "add":
                return wishing.add(draft, school_, insertion, at_ms)
            case "remove":
                return wishing.remove(draft, school_, at_ms)
            case "move":
                return wishing.move(draft, school_, rank, at_ms)
            case "clear":
                return wishing.clear(draft, at_ms)
            case "county":
                return wishing.change_county(draft, slot, county, REFERENCE, at_ms)
            case "type":
                return typed(draft, "phone1", clean(text), at_ms)
            case _:
                answers = replace(draft.answers, service_years=years)
                return record(draft, answers, EditName.POST_ANSWERED, "service_years", at_ms)

    return change


def played(edits, draft):
    states = [draft]
    for number, edit in enumerate(edits):
        states.append(edit(states[-1], number * 60_000))
    return states


@given(st.lists(changes(), max_size=20))
def test_taking_every_step_back_gives_the_beginning_and_again_the_end(edits):
    start = Draft(answers=COMPLETE)

    end = played(edits, start)[-1]

    assert stand_at(end, 0).answers == COMPLETE
    assert stand_at(stand_at(end, 0), len(end.past)).answers == end.answers


@given(st.lists(changes(), min_size=1, max_size=12))
def test_each_step_back_gives_exactly_the_state_before(edits):
    states = played(edits, Draft(answers=COMPLETE))

    for before, after in pairwise(states):
        if after != before:
            assert undo(after).answers == before.answers
            assert redo(undo(after)).answers == after.answers


@given(st.lists(changes(), max_size=20), st.integers(-3, 30))
def test_no_wish_is_ever_there_twice_and_the_list_stays_within_its_bound(edits, count):
    end = stand_at(played(edits, Draft(answers=COMPLETE))[-1], count)

    wishes = end.answers.wishes
    assert len(set(wishes)) == len(wishes) <= wishing.WISHES_AT_MOST


@given(st.lists(changes(), max_size=12), st.integers(0, 12))
def test_a_draft_survives_as_bytes_with_all_its_steps(edits, back):
    draft = stand_at(played(edits, Draft(answers=COMPLETE))[-1], back)

    assert decode_draft(encode_draft(draft)) == draft


@given(st.lists(changes(), max_size=12))
def test_wishes_of_a_county_come_back_with_it_in_their_order(edits):
    draft = played(edits, Draft(answers=COMPLETE))[-1]
    answers = draft.answers
    elsewhere = CountyCode("02")

    away = wishing.change_county(draft, "a", elsewhere, REFERENCE, 0)
    back = wishing.change_county(away, "a", answers.county_a, REFERENCE, 1)

    gone = wishing.affected(answers, "a", REFERENCE)
    assert not set(gone) & set(away.answers.wishes)
    assert back.answers.wishes == answers.wishes
    assert set(back.answers.aside) == set(answers.aside)


@pytest.mark.parametrize(
    "data", [b"", b"\x80", encode({"form": 2}), encode({"form": 1, "draft": 3})]
)
def test_other_bytes_are_no_draft(data):
    with pytest.raises(ValueError, match="draft_form"):
        decode_draft(data)


def test_letters_typed_one_after_another_are_one_step_back():
    draft = Draft()
    for count, text in enumerate(["0", "07", "07-"]):
        draft = typed(draft, "phone1", text, count * 500)

    assert len(draft.past) == 1
    assert undo(draft).answers.phone1 == ""
    assert redo(undo(draft)).answers.phone1 == "07-"


def test_letters_after_a_pause_or_in_another_field_are_a_step_of_their_own():
    draft = typed(Draft(), "phone1", "0", 0)
    other = typed(draft, "email", "a", 1)
    later = typed(draft, "phone1", "07", 31_000)

    assert len(other.past) == len(later.past) == 2


def test_what_is_typed_and_deleted_again_is_no_step():
    draft = typed(typed(Draft(), "phone1", "0", 0), "phone1", "", 200)

    assert draft.past == ()


def test_a_new_step_forgets_those_taken_back_and_the_oldest_beyond_the_limit():
    draft = Draft()
    for number in range(STEPS_KEPT + 5):
        answers = replace(draft.answers, service_years=number)
        draft = record(draft, answers, EditName.POST_ANSWERED, "service_years", number)

    changed = record(
        undo(draft), replace(draft.answers, language=True), EditName.POST_ANSWERED, "language", 0
    )

    assert len(draft.past) == STEPS_KEPT
    assert changed.future == ()


def test_nothing_to_take_back_changes_nothing():
    draft = Draft(bookmark=Task.WISHES)

    assert undo(draft) is draft
    assert redo(draft) is draft


@pytest.mark.parametrize(
    ("insertion", "wishes"),
    [
        (AT_THE_END, (A, B, C, D)),
        (FRONT, (D, A, B, C)),
        (Insertion(InsertMode.BEFORE, 2), (A, D, B, C)),
        (Insertion(InsertMode.BEFORE, 99), (A, B, C, D)),
        (Insertion(InsertMode.BEFORE, 0), (D, A, B, C)),
    ],
)
def test_the_insertion_mode_says_where_a_wish_goes(insertion, wishes):
    assert wishing.add(Draft(answers=COMPLETE), D, insertion, 0).answers.wishes == wishes


@pytest.mark.parametrize(
    ("moved", "rank", "wishes"),
    [
        (C, 1, (C, A, B)),
        (A, 3, (B, C, A)),
        (A, 99, (B, C, A)),
        (B, -1, (B, A, C)),
        (B, 2, (A, B, C)),
    ],
)
def test_a_wish_moves_to_a_rank_or_to_the_nearest_end(moved, rank, wishes):
    assert wishing.move(Draft(answers=COMPLETE), moved, rank, 0).answers.wishes == wishes


def test_what_is_there_is_not_added_and_what_is_not_there_neither_moved_nor_removed():
    draft = Draft(answers=COMPLETE)

    assert wishing.add(draft, A, AT_THE_END, 0) is draft
    assert wishing.move(draft, D, 1, 0) is draft
    assert wishing.remove(draft, D, 0) is draft


def test_a_full_list_takes_no_more():
    full = tuple(SchoolId(f"9{number:05}") for number in range(wishing.WISHES_AT_MOST))
    draft = Draft(answers=replace(COMPLETE, wishes=full))

    assert wishing.add(draft, D, AT_THE_END, 0) is draft


def test_two_counties_change_places_without_touching_a_wish():
    draft = wishing.change_county(Draft(answers=COMPLETE), "a", TAITUNG, REFERENCE, 0)

    assert (draft.answers.county_a, draft.answers.county_b) == (TAITUNG, PINGTUNG)
    assert draft.answers.wishes == COMPLETE.wishes


def test_wishes_of_a_county_that_left_wait_aside_with_their_rank():
    draft = wishing.change_county(Draft(answers=COMPLETE), "a", HUALIEN, REFERENCE, 0)

    assert draft.answers.wishes == (B,)
    assert draft.answers.aside == (
        Aside(school=A, county=PINGTUNG, rank=1),
        Aside(school=C, county=PINGTUNG, rank=3),
    )


def test_an_empty_slot_takes_a_county_without_moving_anything():
    draft = wishing.change_county(Draft(answers=Answers()), "b", TAITUNG, REFERENCE, 0)

    assert draft.answers.county_b == TAITUNG
    assert wishing.affected(Answers(), "a", REFERENCE) == ()


def test_schools_that_left_the_lists_are_found_and_removed_together():
    gone, closed = SchoolId("139999"), SchoolId("133605")
    answers = replace(COMPLETE, wishes=(A, gone, B, closed))

    found = wishing.closed_wishes(answers, REFERENCE)
    draft = wishing.remove_all(Draft(answers=answers), found, 0)

    assert found == (gone, closed)
    assert draft.answers.wishes == (A, B)
    assert wishing.county_of(gone, REFERENCE) == PINGTUNG


def test_a_wish_that_is_there_again_does_not_come_back_a_second_time():
    away = wishing.change_county(Draft(answers=COMPLETE), "a", HUALIEN, REFERENCE, 0)
    there = wishing.add(away, A, AT_THE_END, 1)

    back = wishing.change_county(there, "a", PINGTUNG, REFERENCE, 2)

    assert back.answers.wishes == (B, A, C)


def test_typed_text_is_stored_composed_and_on_one_line():
    assert clean("e\u0301\n\x00a\ud800b") == "éab"
