"""Client and server on a line that does everything wrong (PROTOCOL 4.2, network chaos)."""

import random

import pytest

from tests.faults.proxy import BAD
from tests.faults.sockets import talk_on_a_bad_line


def test_whatever_the_line_does_both_logs_are_equal_in_the_end(seed):
    case = talk_on_a_bad_line(random.Random(seed), runs=10)  # noqa: S311 - replayable

    assert case.violations == ()
    assert case.counts["entries"] > 40
    assert sum(case.counts[each.value] for each in BAD) > 15


@pytest.mark.parametrize("fate", BAD)
def test_each_fault_of_the_line_alone_changes_nothing(fate, seed):
    rng = random.Random(seed)  # noqa: S311 - replayable

    case = talk_on_a_bad_line(rng, runs=3, fates=(fate,))

    assert case.violations == ()
    assert case.counts[fate.value] > 0
