from dataclasses import replace

import pytest

from tests.fakes.coin import fall, toss
from tests.soak.spread import random_of, spread
from tests.soak.table import Budget, Row, table

GOOD = Row(what="網路 schedules", wanted=1000, done=1000, violations=0, seconds=2.0)
NAME = "examples"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (GOOD, None),
        (replace(GOOD, violations=1), "VIOLATED"),
        (replace(GOOD, done=499), "TOO FEW"),
        (replace(GOOD, done=500), None),
        (replace(GOOD, control=True), "CONTROL BLIND"),
        (replace(GOOD, control=True, violations=3), None),
    ],
)
def test_a_rowfall_when_a_promise_broke_or_too_little_was_done_or_a_control_was_blind(row, fault):
    assert row.fault(Budget(share=0.5)) == fault


def test_a_replay_of_one_case_is_never_too_few():
    assert replace(GOOD, done=1).fault(Budget(only=7)) is None


def test_the_columns_of_the_table_are_aligned_also_with_wide_characters():
    lines = table((GOOD, replace(GOOD, what="x", note="n")), Budget()).splitlines()

    assert lines[2].index("ok") + 2 == lines[3].index("ok")  # 網路 is four cells in two letters
    assert lines[3].endswith("n")


def test_cases_are_the_same_for_every_number_of_processes_and_replayed_by_their_number():
    one = spread(NAME, toss, 64, Budget(processes=1, seed=3))
    two = spread(NAME, toss, 64, Budget(processes=2, seed=3))
    number, _ = one.first[0]

    again = spread(NAME, toss, 64, Budget(seed=3, only=number))

    assert (one.done, one.broken, one.first) == (64, two.broken, two.first)
    assert again.first == [(number, "odd")]
    assert random_of(NAME, 3, number).random() == random_of(NAME, 3, number).random()


def test_a_case_that_raises_is_a_broken_promise():
    tally = spread(NAME, fall, 2, Budget(processes=1))

    assert tally.broken == 2
    assert "ValueError" in tally.explain("python -m tests.soak examples --seed 1")


def test_a_control_that_only_falls_over_has_shown_nothing():
    fallen = spread(NAME, fall, 2, Budget(processes=1)).row("fall", 2, control=True)
    tossed = spread(NAME, toss, 64, Budget(processes=1, seed=3)).row("toss", 64, control=True)

    assert fallen.fault(Budget()) == "CONTROL BLIND"
    assert tossed.fault(Budget()) is None
