"""PROTOCOL 4.1: sampled histories; ``make soak`` runs a million of them."""

from functools import partial

import pytest

from core.wire.client import TABLE, ClientState
from tests.simulation.scenario import (
    BRINGS_OUT,
    mistaken_schedule,
    play,
    real_schedule,
    schedule,
)
from tests.simulation.variants import VARIANTS
from tests.simulation.world import World
from tests.soak.spread import random_of, spread
from tests.soak.table import Budget

SAMPLE = 500
REAL_SAMPLE = 60
ENOUGH = 500
BLAMELESS = 100


def test_whatever_happens_nothing_is_lost_and_nobody_is_wronged(seed):
    tally = spread("schedules", schedule, SAMPLE, Budget(seed=seed, processes=1))

    assert not tally.broken, tally.explain(f"python -m tests.soak schedules --seed {seed}")
    # The histories are worth something: each fault occurs.
    assert {"lost", "answer lost", "repeated", "late", "truncated", "corrupted"} <= set(
        tally.counts
    )
    assert {"restores", "rollbacks", "clones", "revocations", "renewals"} <= set(tally.counts)


def test_the_same_holds_for_real_bytes_and_signatures(seed):
    tally = spread("schedules-real", real_schedule, REAL_SAMPLE, Budget(seed=seed, processes=1))

    assert not tally.broken, tally.explain(f"seed {seed}, schedules-real")


@pytest.mark.parametrize("name", VARIANTS)
def test_each_known_mistake_is_seen(name):
    """Negative controls: an oracle that misses one of these would be blind."""
    case = partial(mistaken_schedule, name)

    assert any(case(random_of(name, 1, number)).violations for number in range(ENOUGH))


@pytest.mark.parametrize("name", BRINGS_OUT)
def test_what_brings_a_mistake_out_breaks_nothing_without_it(name):
    for number in range(BLAMELESS):
        found = play(World(random_of(name, 1, number)), BRINGS_OUT[name])

        assert not found.violations, number


def test_a_history_is_the_same_whenever_it_is_played():
    first, again = World(random_of("again", 1, 7)), World(random_of("again", 1, 7))

    told = play(first), play(again)

    assert told[0] == told[1]
    assert first.now == again.now
    assert [each.disk.head for each in first.machines] == [
        each.disk.head for each in again.machines
    ]


def test_the_histories_pass_through_the_table_and_never_beside_it(seed):
    """PROTOCOL 2.7: `World.watch` refuses every other transition; most of the table is met."""
    met = set()
    for number in range(SAMPLE // 2):
        world = World(random_of("table", seed, number))
        play(world)
        met |= world.moves

    assert all(after in TABLE[before].leads_to for before, after in met)
    assert {before for before, _ in met} >= set(TABLE) - {
        ClientState.UNENROLLED,
        ClientState.STALE,
        ClientState.REVOKED,
        ClientState.SELF_ROLLBACK,
        ClientState.FORKED,
    }
    assert len(met) > 20
