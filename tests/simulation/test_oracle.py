"""The oracle itself: what it is to see is done to a history that is in order, and it says so."""

from dataclasses import replace

import pytest

from core.season.merge import ApplicationState, Review, fold
from core.wire.talk import MINUTE_MS
from tests.simulation import oracle
from tests.simulation.centre import Kept
from tests.simulation.craft import Deed
from tests.simulation.oracle import input_root, judge
from tests.simulation.world import World
from tests.soak.spread import random_of

ACTS = 40


@pytest.fixture
def world():
    """One machine, everything it wrote delivered, nothing wrong."""
    made = World(random_of("oracle", 1, 1))
    machine = made.add_machine()
    made.run(made.now + MINUTE_MS)
    for _ in range(ACTS):
        made.act(machine)
    assert made.settle()
    assert judge(made) == ()
    return made


def said(world):
    """The promises that were broken, by number."""
    return {each.partition(":")[0] for each in judge(world)}


def test_an_entry_that_a_person_was_told_of_is_gone(world):
    world.machines[0].disk.log.pop()

    assert "I1" in said(world)


def test_an_entry_in_the_middle_is_gone(world):
    del world.machines[0].disk.log[3]

    assert "I2" in said(world)


def test_the_outbox_is_not_entries_without_answer(world):
    world.machines[0].disk.delivered -= 1

    assert said(world) == {"I2"}


def test_the_centre_lost_an_entry_it_signed_for(world):
    (log,) = world.centre.logs.values()
    log.entries.pop()

    assert {"I3", "I4"} <= said(world)


def test_an_honest_machine_is_quarantined(world):
    (log,) = world.centre.logs.values()
    log.quarantined = True

    assert said(world) == {"I5"}


def test_the_centre_holds_an_entry_that_nobody_wrote(world):
    (log,) = world.centre.logs.values()
    disk = world.machines[0].disk
    forged = world.craft.write(
        disk.badge, disk.head, Deed("receipt.print", {"seq": 1}), world.machines[0].tick()
    )
    log.entries.append(Kept(forged, world.now))
    disk.log.append(forged)

    assert "I9" in said(world)


def test_another_order_of_arrival_has_another_meaning(world, monkeypatch):
    def newest_wins(facts):
        """As who takes the last to arrive for the current version would fold."""
        known = list(facts)
        return {
            app: replace(state, heads=tuple(each for each in known if each in state.versions)[-1:])
            for app, state in fold(known).items()
        }

    monkeypatch.setattr(oracle, "fold", newest_wins)

    assert said(world) == {"I6"}


def test_the_same_entry_twice_has_another_meaning(world, monkeypatch):
    def counted(facts):
        """As who forgets to look whether an entry is there already would fold."""
        known = list(facts)
        return {
            app: replace(state, heads=state.heads * len(known))
            for app, state in fold(known).items()
        }

    monkeypatch.setattr(oracle, "fold", counted)

    assert said(world) == {"I6"}


def test_a_review_is_kept_although_the_claim_changed(world, monkeypatch):
    def of_anybody(state, _version):
        """As who binds a decision to the application would review."""
        good = any(each.approved for each in state.decisions)
        return Review.APPROVED if good else Review.WAITING

    monkeypatch.setattr(ApplicationState, "review_of", of_anybody)

    assert said(world) == {"I8"}


def test_what_was_made_late_is_on_time(world):
    world.machines[0].deadline = world.now - 1
    (log,) = world.centre.logs.values()
    early = replace(log.entries[-1], recv_ms=world.machines[0].deadline)
    log.entries[-1] = early
    world.written[early.hash] = (world.now, early.record)

    assert "I7" in said(world)


def test_a_first_retry_that_comes_late_is_told(world):
    machine = world.machines[0]
    machine.waiting_since = world.now - 16 * MINUTE_MS

    world.act(machine)
    world.settle()

    assert any("first retry" in each for each in judge(world))


def test_the_input_is_a_function_of_the_entries_alone(world):
    """I12: neither when they came nor who asks changes it."""
    facts = [
        fact
        for kept in world.centre.stored()
        if (fact := oracle.fact_of(kept.record.link.event, kept.hash)) is not None
    ]

    assert input_root(facts) == input_root(facts[::-1])
    assert input_root(facts) != input_root(facts[:-1])
