"""PROTOCOL 4.1, I7: sampled; ``make soak`` judges 100,000 histories."""

from core.season.deadline import Timeliness
from tests.simulation.clocks import (
    believed_history,
    clock_history,
    invented_history,
    unheld_history,
)
from tests.soak.spread import spread
from tests.soak.table import Budget

SAMPLE = 2_000


def test_no_clock_makes_an_early_entry_late_or_a_late_one_early(seed):
    tally = spread("clocks", clock_history, SAMPLE, Budget(seed=seed, processes=1))

    assert not tally.broken, tally.explain(f"python -m tests.soak clocks --seed {seed}")
    # The histories are worth something: each class occurs.
    assert {each.name for each in Timeliness} == set(tally.counts)
    assert min(tally.counts.values()) > SAMPLE // 200, tally.counts


def test_to_believe_the_machines_clock_is_seen_to_be_a_mistake(seed):
    tally = spread("clocks-believed", believed_history, 200, Budget(seed=seed, processes=1))

    assert tally.broken


def test_a_machine_that_invents_beacons_makes_nothing_late_or_sealed(seed):
    tally = spread("clocks-invented", invented_history, SAMPLE, Budget(seed=seed, processes=1))

    assert not tally.broken, tally.explain(f"python -m tests.soak clocks --seed {seed}")
    assert set(tally.counts) == {"ON_TIME", "DOUBTFUL"}


def test_not_to_hold_beacons_against_arrivals_is_seen_to_be_a_mistake(seed):
    tally = spread("clocks-unheld", unheld_history, 200, Budget(seed=seed, processes=1))

    assert tally.broken
