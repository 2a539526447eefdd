"""Was it in time? (PROTOCOL 2.10): bounds from outside decide, never the machine's clock."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.season.deadline import Evidence, Timeliness, timeliness

D = 1_000_000
DRAIN = 10_000
SEALED = Evidence(
    not_before=D - 100,
    not_after=D + 500,
    estimate=D - 50,
    error=50,
    enclosed=True,
    closed_after=True,
    received=D + DRAIN,
)


@pytest.mark.parametrize(
    ("not_before", "not_after", "expected"),
    [
        (0, D - 1, "A"),
        (0, D, "A"),
        (D, D, "A"),
        (D, D + 1, "D"),
        (D + 1, D + 1, "B"),
        (D + 1, D + 9, "B"),
        (0, D + 1, "D"),
    ],
)
def test_the_bounds_alone_decide_where_they_can(not_before, not_after, expected):
    evidence = Evidence(not_before=not_before, not_after=not_after)

    assert timeliness(evidence, D, DRAIN) == expected


def test_a_sealed_entry_arrives_late_and_counts():
    assert timeliness(SEALED, D, DRAIN) is Timeliness.SEALED


@pytest.mark.parametrize(
    "changes",
    [
        {"estimate": None},
        {"error": 51},
        {"estimate": D + 1, "error": 0},
        {"enclosed": False},
        {"closed_after": False},
        {"quarantined": True},
        {"received": D + DRAIN + 1},
    ],
)
def test_without_any_one_of_its_conditions_it_is_for_people_to_decide(changes):
    assert timeliness(replace(SEALED, **changes), D, DRAIN) is Timeliness.DOUBTFUL


MOMENTS = st.integers(D - 1000, D + 1000)
EVIDENCE = st.builds(
    Evidence,
    not_before=MOMENTS,
    not_after=MOMENTS,
    estimate=st.none() | MOMENTS,
    error=st.integers(0, 500),
    enclosed=st.booleans(),
    closed_after=st.booleans(),
    quarantined=st.booleans(),
    received=st.integers(D - 1000, D + 2 * DRAIN),
)


@given(EVIDENCE, st.none() | st.integers(-(10**12), 10**12))
def test_no_clock_can_move_an_entry_across_the_deadline(evidence, claimed):
    """PROTOCOL 4.1, I7: no class A is ever rejected, no class B ever accepted."""
    lied = replace(evidence, estimate=claimed)

    if evidence.not_after <= D:
        assert timeliness(lied, D, DRAIN) is Timeliness.ON_TIME
    elif evidence.not_before > D:
        assert timeliness(lied, D, DRAIN) is Timeliness.LATE
    else:
        assert timeliness(lied, D, DRAIN) in {Timeliness.SEALED, Timeliness.DOUBTFUL}


@given(EVIDENCE)
def test_an_earlier_witness_never_makes_it_worse(evidence):
    order = {
        Timeliness.ON_TIME: 0,
        Timeliness.SEALED: 1,
        Timeliness.DOUBTFUL: 2,
        Timeliness.LATE: 3,
    }
    earlier = replace(evidence, not_after=evidence.not_after - 100)

    assert order[timeliness(earlier, D, DRAIN)] <= order[timeliness(evidence, D, DRAIN)]
