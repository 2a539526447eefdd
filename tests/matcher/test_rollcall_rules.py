"""Public calling against the rule: order, rounds, footings, absence, seats left behind, undo."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.files.problem import Position
from matcher.rollcall.settings import Footing
from matcher.rollcall.state import (
    Absent,
    Decline,
    Illegal,
    Keep,
    Pick,
    Session,
    Taken,
    Undo,
    offers,
)
from matcher.rollcall.step import opened, step
from tests.matcher import halls
from tests.matcher.halls import Roll, applicant, part, played, register, said, seats

RNG = st.randoms(use_true_random=False)
MANY = settings(max_examples=60, deadline=None)
SURPLUS = part("surplus", halls.FOOTINGS, "lapses")


@MANY
@given(RNG)
def test_who_is_called_when_and_what_is_left_equals_the_rule_read_as_loops(rng):
    document, (calls, took, left), answers = played(rng)
    roll, found = Roll(document), []

    for word in answers:
        found.append((*roll.place, roll.choices()))
        roll.say(word)

    assert found == calls
    assert roll.now is None
    taken = roll.session.state.taken
    assert {e.applicant: (e.destination.school, e.destination.subject) for e in taken} == took
    assert roll.open() == left


@MANY
@given(RNG)
def test_seats_are_conserved_whatever_is_called(rng):
    document, _, answers = played(rng)
    roll = Roll(document)
    parts = [each["name"] for each in document["settings"]["parts"]]

    for word in [None, *answers]:
        if word is not None:
            roll.say(word)
        state = roll.session.state
        reached = len(parts) if state.turn is None else state.turn.part + 1
        offered = Counter()
        for row in document["seats"]:
            if row["opens"] in parts[:reached]:
                offered[Position(row["school"], row["subject"])] += row["count"]
        offered.update(each.origin for each in state.taken)
        entered = Counter(each.destination for each in state.taken)
        assert offered == entered + Counter(state.open) + Counter(state.left) + Counter(
            state.closed
        )
        assert min([*state.open.values(), *state.left.values(), 1]) == 1
        assert len(state.moved()) == len(state.taken)


@MANY
@given(RNG)
def test_nobody_is_called_twice_in_a_round_nor_after_she_took_a_seat(rng):
    _, (calls, took, _), _ = played(rng)

    times = Counter(call[:4] for call in calls)

    assert set(times.values()) <= {1}
    for name in took:
        last = max(index for index, call in enumerate(calls) if call[3] == name)
        assert all(call[3] != name for call in calls[last + 1 :])


@MANY
@given(RNG)
def test_undo_restores_exactly_and_what_was_said_again_leads_to_the_same(rng):
    document, _, answers = played(rng)
    roll = Roll(document)
    past = [roll.session]

    for word in answers:
        roll.say(word)
        past.append(roll.session)
    kept = rng.randint(0, len(answers))

    for before in reversed(past[kept:-1]):
        roll.session = step(roll.hall, roll.session, Undo(reason="r"))
        assert roll.session == before
    assert roll.say(*answers[kept:]).session == past[-1]


@settings(max_examples=30, deadline=None)
@given(RNG)
def test_no_illegal_call_is_let_through(rng):
    document, _, answers = played(rng)
    roll = Roll(document)
    names = [each["id"] for each in document["applicants"]]

    for word in answers:
        for name in names:
            call = said(name, rng.choice(["keep", "decline", "absent", "S0", "S1", "S2", "S3"]))
            legal = name == roll.now and (
                not isinstance(call, Pick) or call.school in roll.choices()
            )
            assert isinstance(step(roll.hall, roll.session, call), Session) == legal
        roll.say(word)


def test_points_then_the_tie_vector_then_the_lot_decide_who_is_called_first():
    people = [
        applicant("A1", "S1", points=200, lot=9),
        applicant("A2", "S1", points=300, tie=[1], lot=8),
        applicant("A3", "S1", points=300, tie=[2], lot=7),
        applicant("A4", "S1", points=200, lot=5),
        applicant("A5", "S1", points=-100, lot=1),
    ]
    roll = Roll(register([seats("S0", count=5)], people))

    roll.say("S0", "S0", "S0", "S0", "S0")

    assert roll.calls == ["A3", "A2", "A4", "A1", "A5"]
    assert roll.now is None


def test_subjects_are_called_in_the_drawn_order_and_those_without_seats_pass_by():
    people = [
        applicant("A1", "S1", points=900),
        applicant("A2", "S1", subject="Y"),
        applicant("A3", "S1", subject="G"),
    ]
    rows = [seats("S0", "G"), seats("S0", "X")]
    drawn = halls.settings(subjects=["G", "Y", "X"])

    roll = Roll(register(rows, people, settings=drawn)).say("keep", "S0")

    assert roll.calls == ["A3", "A1"]


def test_a_seat_left_behind_opens_in_the_next_round_for_those_who_kept_their_turn():
    people = [
        applicant("A1", "S1", points=300),
        applicant("A2", "S2", points=200),
        applicant("A3", "S3", points=100),
    ]
    roll = Roll(register([seats("S0", count=2)], people))

    assert roll.say("keep").choices() == ("S0",)
    roll.say("S0")
    assert (roll.place, roll.choices()) == (("county", "X", 1, "A3"), ("S0",))
    roll.say("keep")

    assert roll.place == ("county", "X", 2, "A1")
    assert roll.choices() == ("S0", "S2")
    roll.say("S2")
    assert (roll.place, roll.choices()) == (("county", "X", 2, "A3"), ("S0",))
    roll.say("keep")
    assert (roll.place, roll.choices()) == (("county", "X", 3, "A3"), ("S0", "S1"))


def test_without_a_seat_left_behind_nobody_is_called_again():
    people = [applicant("A1", "S1", points=300), applicant("A2", "S2")]

    roll = Roll(register([seats("S0"), seats("S2", count=0, refill=False)], people))
    roll.say("keep", "S0")

    assert roll.now is None
    assert roll.session.state.closed == {Position("S2", "X"): 1}


def test_who_gave_up_is_not_called_in_the_next_round():
    people = [applicant("A1", "S1", points=300), applicant("A2", "S2")]

    roll = Roll(register([seats("S0")], people)).say("decline", "S0")

    assert roll.now is None
    assert roll.open() == {("S2", "X"): 1}


@pytest.mark.parametrize(("declined", "called"), [("subject", ["A1", "A1"]), ("all", ["A1"])])
def test_giving_up_reaches_as_far_as_the_county_says(declined, called):
    both = applicant("A1", "S1", "X", ("Y", "half"))
    rows = [seats("S0", "X"), seats("S0", "Y")]

    roll = Roll(register(rows, [both], settings=halls.settings(declined=declined)))
    roll.say(*["decline"] * len(called))

    assert roll.calls == called
    assert roll.now is None


def test_the_employed_come_before_all_others_whatever_their_points():
    people = [
        applicant("A1", "S1", ("X", "none"), subject="Y", points=900, parts=["surplus"]),
        applicant("A2", "S1", ("X", "below_half"), subject="Y", points=800, parts=["surplus"]),
        applicant("A3", "S1", ("X", "half"), subject="Y", points=700, parts=["surplus"]),
        applicant("A4", "S1", points=100, parts=["surplus"]),
    ]
    rules = halls.settings(SURPLUS, exchange=None)
    rows = [seats("S0", count=9, opens="surplus")]

    roll = Roll(register(rows, people, settings=rules)).say("S0", "S0", "S0", "S0")

    assert roll.calls == ["A4", "A3", "A2", "A1"]
    assert [(e.footing, e.round) for e in roll.session.state.taken] == [
        (Footing.EMPLOYED, 1),
        (Footing.HALF, 2),
        (Footing.BELOW_HALF, 3),
        (Footing.NONE, 4),
    ]


def test_a_footing_the_part_does_not_call_is_not_called():
    people = [
        applicant("A1", "S1", ("X", "none"), subject="Y", parts=["surplus", "county"], points=900),
        applicant("A2", "S1"),
    ]
    rules = halls.settings(SURPLUS, part(), never_both=[])
    rows = [seats("S0", count=2)]

    roll = Roll(register(rows, people, settings=rules)).say("S0")

    assert roll.calls == ["A2"]
    assert roll.now is None


def test_one_who_is_absent_is_put_last_of_the_subject_after_every_footing():
    people = [
        applicant("A1", "S1", points=900),
        applicant("A2", "S2", points=800),
        applicant("A3", "S1", ("X", "half"), subject="Y"),
    ]
    roll = Roll(register([seats("S0", count=9)], people))

    roll.say("absent", "S0")

    assert roll.place == ("county", "X", 2, "A3")
    roll.say("keep")
    assert (roll.place, roll.choices()) == (("county", "X", 3, "A1"), ("S0", "S2"))


def test_the_late_keep_their_order_and_who_is_absent_twice_is_out_of_the_subject():
    people = [
        applicant("A1", "S1", "X", ("Y", "half"), points=900),
        applicant("A2", "S1", points=800),
        applicant("A3", "S1", ("X", "half"), subject="Y", points=990),
    ]
    rows = [seats("S0", count=9), seats("S0", "Y")]
    roll = Roll(register(rows, people))

    roll.say("absent", "absent", "absent")
    assert roll.session.state.late == {"A1", "A2", "A3"}
    roll.say("absent", "keep", "absent")

    assert roll.calls == ["A1", "A2", "A3", "A1", "A2", "A3"]
    assert roll.place == ("county", "Y", 1, "A1")
    assert roll.session.state.late == roll.session.state.declined == frozenset()


def test_when_one_of_the_late_leaves_a_seat_all_who_still_wait_are_called_the_late_last():
    people = [
        applicant("A1", "S1", points=900),
        applicant("A2", "S2", points=800),
        applicant("A3", "S3", ("X", "half"), subject="Y", points=100),
        applicant("A4", "S4", points=950),
    ]
    roll = Roll(register([seats("S0", count=9)], people))

    roll.say("absent", "absent", "keep", "keep")
    assert roll.place == ("county", "X", 3, "A4")
    roll.say("keep")
    roll.say("S0")

    assert roll.calls == ["A4", "A1", "A2", "A3", "A4", "A1"]
    assert [roll.say("keep").now for _ in range(3)] == ["A3", "A4", None]


def test_where_absence_forfeits_she_is_not_called_for_another_subject_either():
    people = [applicant("A1", "S1", "X", ("Y", "half"), points=900), applicant("A2", "S1")]
    rules = halls.settings(absent="forfeit")
    rows = [seats("S0", count=9), seats("S0", "Y")]

    roll = Roll(register(rows, people, settings=rules)).say("absent", "S0")

    assert roll.now is None
    assert roll.session.state.out == {"A1"}
    assert roll.refuses(Keep(applicant="A1")) == (Illegal.GAVE_UP, "A1")


def test_who_leaves_under_another_subject_is_called_no_more_and_her_seat_comes_with_its_subject():
    people = [
        applicant("A1", "S1", ("X", "half"), "Y", subject="Y", points=900),
        applicant("A2", "S2", subject="Y", points=100),
    ]
    rows = [seats("S0", "X"), seats("S0", "Y")]

    roll = Roll(register(rows, people)).say("S0")

    assert roll.session.state.taken[0] == Taken(
        applicant="A1",
        origin=Position("S1", "Y"),
        destination=Position("S0", "X"),
        part="county",
        footing=Footing.HALF,
        round=1,
    )
    assert (roll.place, roll.choices()) == (("county", "Y", 1, "A2"), ("S0", "S1"))
    assert roll.refuses(Keep(applicant="A1")) == (Illegal.MOVED_ALREADY, "A1")


def test_a_seat_left_under_a_finished_subject_is_not_called_any_more():
    people = [
        applicant("A1", "S1", ("Y", "half"), points=900),
        applicant("A2", "S2", points=100),
    ]
    rows = [seats("S0", "Y"), seats("S0", "X")]

    roll = Roll(register(rows, people)).say("keep", "S0")

    assert roll.calls == ["A2", "A1"]
    assert roll.now is None
    assert roll.session.state.closed == {Position("S1", "X"): 1}
    assert roll.session.state.left == {}


def test_a_seat_left_under_a_subject_that_was_not_drawn_is_not_called():
    people = [applicant("A1", "S1", ("X", "half"), subject="Z")]

    roll = Roll(register([seats("S0")], people)).say("S0")

    assert roll.now is None
    assert roll.session.state.closed == {Position("S1", "Z"): 1}


def test_two_seats_left_at_one_position_open_as_two():
    people = [
        applicant("A1", "S1", points=900),
        applicant("A2", "S1", points=800),
        applicant("A3", "S2", points=700),
    ]

    roll = Roll(register([seats("S0", count=3)], people)).say("S0", "S0", "keep")

    assert roll.place == ("county", "X", 2, "A3")
    assert roll.open() == {("S0", "X"): 1, ("S1", "X"): 2}


def test_one_who_was_absent_twice_is_not_called_when_a_seat_is_left_behind_after_that():
    people = [
        applicant("A1", "S1", points=900),
        applicant("A2", "S2", points=800),
        applicant("A3", "S3", points=700),
    ]
    roll = Roll(register([seats("S0", count=9)], people))

    roll.say("absent", "absent", "keep", "absent", "S0")

    assert roll.calls == ["A1", "A2", "A3", "A1", "A2"]
    assert (roll.place, roll.choices()) == (("county", "X", 3, "A3"), ("S0", "S2"))
    assert roll.session.state.declined == {"A1"}
    assert roll.say("keep").now is None


def test_seats_of_the_surplus_go_onward_as_far_as_the_school_says_and_theirs_lapse():
    people = [
        applicant("A1", "S1", parts=["surplus"], points=100),
        applicant("A2", "S2", points=900),
        applicant("A3", "S3", points=800),
        applicant("A4", "S4", points=700),
    ]
    rows = [
        seats("S0", count=4, opens="surplus", onward=1),
        seats("S1", count=1, opens="surplus", onward=1),
        seats("S2", count=0, onward=0),
    ]
    rules = halls.settings(SURPLUS, part(), never_both=[["surplus", "county"]])

    roll = Roll(register(rows, people, settings=rules))
    assert roll.place == ("surplus", "X", 1, "A1")
    roll.say("S0")

    assert roll.place == ("county", "X", 1, "A2")
    assert roll.open() == {("S0", "X"): 1, ("S1", "X"): 1}
    assert roll.session.state.closed == {Position("S0", "X"): 2, Position("S1", "X"): 1}


TWO_PARTS = halls.settings(part("first", ["employed"]), part())


def test_a_seat_left_in_one_part_does_not_go_onward_unless_its_school_says_so():
    people = [applicant("A1", "S1", parts=["first"]), applicant("A2", "S2")]
    rows = [seats("S0", opens="first")]

    roll = Roll(register(rows, people, settings=TWO_PARTS)).say("S0")

    assert roll.now is None
    assert roll.open() == {}
    assert roll.session.state.closed == {Position("S1", "X"): 1}


def test_a_seat_left_that_goes_onward_adds_to_those_that_open_there():
    people = [applicant("A1", "S1", parts=["first"]), applicant("A2", "S2")]
    rows = [seats("S0", opens="first"), seats("S1", onward=1)]

    roll = Roll(register(rows, people, settings=TWO_PARTS)).say("S0")

    assert roll.place == ("county", "X", 1, "A2")
    assert roll.open() == {("S1", "X"): 2}


def test_nobody_is_called_for_seats_she_may_not_take():
    people = [
        applicant("A1", "S0", points=900),
        applicant("A2", "S1", points=800, limited_to=["S3"]),
        applicant("A3", "S1", points=700, limited_to=["S0", "S2"]),
    ]
    roll = Roll(register([seats("S0"), seats("S2", "Y")], people))

    assert roll.now == "A3"
    assert roll.refuses(Pick(applicant="A3", school="S1")) == (Illegal.OWN_SCHOOL, "S1")
    assert roll.refuses(Pick(applicant="A3", school="S4")) == (Illegal.NOT_FOR_HER, "S4")
    assert roll.refuses(Pick(applicant="A3", school="S2")) == (Illegal.NO_SEAT, "S2")
    assert roll.say("S0").now == "A1"
    assert roll.choices() == ("S1",)


def test_one_whose_last_possible_seat_was_just_taken_is_passed_over_in_this_round():
    people = [
        applicant("A1", "S1", points=900),
        applicant("A2", "S2", points=800, limited_to=["S0"]),
        applicant("A3", "S3", points=700),
    ]
    roll = Roll(register([seats("S0"), seats("S4")], people)).say("S0")

    assert roll.session.state.turn.queue == ("A3",)
    assert roll.refuses(Keep(applicant="A2")) == (Illegal.NOT_CALLED, "A3")


def test_each_wrong_call_has_its_code_and_changes_nothing():
    people = [applicant("A1", "S1", points=900), applicant("A2", "S2")]
    roll = Roll(register([seats("S0")], people))

    assert roll.refuses(Keep(applicant="A9")) == (Illegal.UNKNOWN_APPLICANT, "A9")
    assert roll.refuses(Decline(applicant="A2")) == (Illegal.NOT_CALLED, "A1")
    assert roll.refuses(Undo(reason="x")) == (Illegal.NOTHING_TO_UNDO, "")
    roll.say("S0")
    assert roll.now == "A2"
    roll.say("decline")
    assert roll.refuses(Absent(applicant="A2")) == (Illegal.FINISHED, "A2")
    assert offers(roll.hall, roll.session.state, "A2") == ()


@pytest.mark.parametrize(
    ("reason", "taken_back"),
    [
        ("x", True),
        ("理由" * 100, True),
        ("理由" * 100 + "x", False),
        ("", False),
        (" ", False),
        ("\u3000", False),
        ("看錯\u3000學校", True),
        ("e\u0301", False),
        ("\udc80", False),
        ("a\nb", False),
    ],
)
def test_taking_back_needs_a_reason_of_one_to_two_hundred_characters(reason, taken_back):
    roll = Roll(register([seats("S0")], [applicant("A1", "S1")])).say("keep")

    if taken_back:
        assert step(roll.hall, roll.session, Undo(reason=reason)) == opened(roll.hall)
    else:
        assert roll.refuses(Undo(reason=reason)) == (Illegal.BAD_REASON, "")


def test_a_last_step_can_be_taken_back_when_the_roll_is_over():
    roll = Roll(register([seats("S0")], [applicant("A1", "S1")])).say("S0")

    before = step(roll.hall, roll.session, Undo(reason="看錯學校"))

    assert roll.now is None
    assert before == opened(roll.hall)


def test_a_register_with_nobody_or_nothing_is_over_at_once():
    assert Roll(register([], [applicant("A1", "S1")])).now is None
    assert Roll(register([seats("S0")], [])).now is None
    assert Roll(register([], [])).session.state.closed == {}
