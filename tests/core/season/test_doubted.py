"""What came from a lost machine, or a log told in two ways (PROTOCOL 2.10, 2.12)."""

from dataclasses import replace

import pytest

from core.season.deadline import Evidence, Timeliness, timeliness

D = 1000
IN_TIME = Evidence(not_before=1, not_after=D - 1, received=D - 1, doubted=True)


@pytest.mark.parametrize("not_after", [2, D - 1, D, D + 1, D + 9])
def test_no_witness_of_its_time_makes_a_doubted_entry_certain(not_after):
    evidence = replace(IN_TIME, not_after=not_after)

    assert timeliness(evidence, D, 0) is Timeliness.DOUBTFUL


def test_what_is_proved_late_is_late_whoever_sent_it():
    evidence = replace(IN_TIME, not_before=D + 1, not_after=D + 2)

    assert timeliness(evidence, D, 0) is Timeliness.LATE


def test_at_the_deadline_itself_it_is_still_doubtful():
    evidence = replace(IN_TIME, not_before=D, not_after=D + 2)

    assert timeliness(evidence, D, 0) is Timeliness.DOUBTFUL


def test_undoubted_it_is_judged_by_its_witnesses():
    assert timeliness(replace(IN_TIME, doubted=False), D, 0) is Timeliness.ON_TIME


@pytest.mark.parametrize(
    ("not_before", "expected"), [(D, Timeliness.DOUBTFUL), (D + 1, Timeliness.LATE)]
)
def test_a_doubted_entry_that_may_be_of_the_last_moment_is_for_people_to_decide(
    not_before, expected
):
    evidence = replace(IN_TIME, not_before=not_before, not_after=D + 1)

    assert timeliness(evidence, D, 0) is expected
