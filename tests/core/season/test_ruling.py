"""What two officers of the centre decide, and the season's rules by name (PROTOCOL 2.9, 2.10)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.season.ruling import (
    STEPS,
    ConflictRule,
    DoubtfulRule,
    Ruling,
    SeasonRules,
    Step,
    Vote,
    account_name,
    rulings,
    standing_votes,
)

YES, NO = Ruling.ACCEPT, Ruling.REJECT


def votes(*said, entry=b"e"):
    """Votes as ``(officer, ruling)``, in the order of the log."""
    return [
        Vote(entry=entry, officer=officer.encode(), ruling=ruling, place=place)
        for place, (officer, ruling) in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("said", "ruling"),
    [
        ((), None),
        ((("a", YES),), None),
        ((("a", YES), ("a", YES)), None),
        ((("a", YES), ("b", YES)), YES),
        ((("a", NO), ("b", NO)), NO),
        ((("a", YES), ("b", NO)), None),
        ((("a", YES), ("b", YES), ("c", NO)), None),
        ((("a", YES), ("b", NO), ("b", YES)), YES),
        ((("a", YES), ("b", YES), ("b", NO)), None),
        ((("a", YES), ("b", YES), ("b", NO), ("a", NO)), NO),
        ((("a", NO), ("b", NO), ("c", NO)), NO),
    ],
)
def test_two_officers_have_to_say_the_same_last(said, ruling):
    decided = rulings(votes(*said))

    assert decided == ({} if ruling is None else {b"e": ruling})


def test_each_entry_is_decided_by_itself():
    both = votes(("a", YES), ("b", YES)) + votes(("a", NO), ("b", NO), entry=b"f")

    assert rulings(both) == {b"e": YES, b"f": NO}
    assert rulings(votes(("a", YES)) + votes(("b", YES), entry=b"f")) == {}


@given(st.permutations(votes(("a", YES), ("b", NO), ("a", NO), ("c", YES), ("c", NO))))
def test_the_place_in_the_log_counts_and_not_the_order_of_reading(shuffled):
    assert rulings(shuffled) == {b"e": NO}
    last = standing_votes(shuffled)
    assert {name: vote.place for (_, name), vote in last.items()} == {b"a": 2, b"b": 1, b"c": 4}


def test_the_rules_of_a_season_are_these_unless_it_says_otherwise():
    assert SeasonRules() == SeasonRules(
        conflict=ConflictRule.THREE_STEPS, doubtful=DoubtfulRule.BLOCK
    )
    assert STEPS == {
        ConflictRule.THREE_STEPS: (Step.APPROVED, Step.LATER, Step.FIRST_RECEIVED),
        ConflictRule.TWO_STEPS: (Step.APPROVED, Step.LATER),
        ConflictRule.LEAVE_OUT: (),
    }


def test_an_account_is_named_in_the_log_by_a_hash():
    assert account_name("county-desk").hex() == "6f615170b225ff00c3b8dfbdec2c9c85"
    assert account_name("county-desk") != account_name("county-desk2")
