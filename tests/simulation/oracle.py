"""PROTOCOL 4.1: what must hold once everything has healed and come to rest."""

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence

from core.season.merge import DecisionFact, Fact, Review, VersionFact, fact_of, fold
from core.wire.chain import Head, continues
from core.wire.client import ClientState
from tests.simulation.craft import Badge, Record
from tests.simulation.machine import Machine
from tests.simulation.timing import misjudged
from tests.simulation.world import World

FOUND_OUT = frozenset({ClientState.FORKED, ClientState.SELF_ROLLBACK})


def judge(world: World) -> tuple[str, ...]:
    """Every broken promise, in words."""
    found = list(world.broken)
    holdings = world.centre.holdings()
    for machine in world.machines:
        found += _chains(machine)
        found += _of_one(world, machine, holdings)
    found += _promises(world)
    found += _receipts(world, holdings)
    found += _forged(world)
    found += _twins(world, holdings)
    found += _meaning(world)
    found += misjudged(world)
    return tuple(found)


def _logs(machine: Machine) -> Iterator[tuple[Badge, list[Record]]]:
    yield machine.disk.badge, machine.disk.log
    yield from machine.disk.past


def _chains(machine: Machine) -> Iterator[str]:
    """I2: no gap, every entry hangs on the one before."""
    for badge, log in _logs(machine):
        head = Head(inc=badge.inc, seq=0, hash=badge.certificate)
        for record in log:
            code = continues(record.link, badge.dev, head)
            if code is not None:
                yield f"I2: {code} at {record.link.event.seq}"
                break
            head = record.link.head


def _of_one(world: World, machine: Machine, holdings: set[bytes]) -> Iterator[str]:
    """I2, I3, I5 for one machine and its present log."""
    disk, standing = machine.disk, machine.standing
    name = disk.badge.dev, disk.badge.inc
    kept = world.centre.logs.get(name)
    mine = [each.link.hash for each in disk.log]
    stop = standing.stop
    alone = name not in world.doubled
    if stop is None:
        theirs = [] if kept is None else [each.hash for each in kept.entries]
        if mine != theirs:
            yield f"I3: centre holds {len(theirs)} of {len(mine)}"
        if (standing.cursor, disk.delivered, standing.written) != (len(mine),) * 3:
            yield f"I2: outbox at {disk.delivered}, cursor {standing.cursor} of {len(mine)}"
        if alone and kept is not None and kept.quarantined:
            yield "I5: quarantined without reason"
    elif stop in FOUND_OUT:
        if alone and world.centre.newest.get(disk.badge.dev) == disk.badge.inc:
            yield f"I5: {stop} without reason"
        if not holdings.issuperset(mine):
            yield f"I4: {len(set(mine) - holdings)} entries of a stopped machine not in evidence"
    elif disk.badge.dev not in world.barred:
        yield f"I5: {stop} without reason"


def _promises(world: World) -> Iterator[str]:
    """I1: what a person was told is 已存妥 is on the disk, unless the disk was put back."""
    disks = {
        each.link.hash for machine in world.machines for _, log in _logs(machine) for each in log
    }
    missing = [
        each
        for each in world.promised
        if each.link.hash not in disks and each.link.hash not in world.destroyed
    ]
    if missing:
        yield f"I1: {len(missing)} promised entries are gone"


def _receipts(world: World, holdings: set[bytes]) -> Iterator[str]:
    """I4: every entry the centre signed for is there, also after a restore.

    Excused are entries whose only other copy was on a disk that was put back, or is revoked, and
    what only carried an entry that is there: carried again, it comes under its first name.
    """
    missing = world.centre.receipts - holdings - world.destroyed
    missing -= {
        each.link.hash
        for machine in world.machines
        for _, log in _logs(machine)
        for each in log
        if each.link.event.kind == "replay" and each.link.event.body["hash"] in holdings
    }
    barred = {
        each.link.hash
        for machine in world.machines
        if machine.disk.badge.dev in world.barred
        for _, log in _logs(machine)
        for each in log
    }
    if missing - barred:
        yield f"I4: {len(missing - barred)} receipts without entry"


def _forged(world: World) -> Iterator[str]:
    """I9: nothing is in a log that no machine wrote."""
    if any(kept.hash not in world.written for kept in world.centre.stored()):
        yield "I9: an entry nobody wrote"


def _twins(world: World, holdings: set[bytes]) -> Iterator[str]:
    """I5: of two machines that tell different stories in one log, one is found out; none is lost.

    A machine enrolled anew since has left that log.
    """
    for place, one in enumerate(world.machines):
        for other in world.machines[place + 1 :]:
            if one.disk.badge != other.disk.badge or one.disk.badge.dev in world.barred:
                continue
            mine = [each.link.hash for each in one.disk.log]
            theirs = [each.link.hash for each in other.disk.log]
            short = min(len(mine), len(theirs))
            if mine[:short] == theirs[:short]:
                continue
            if not {one.standing.stop, other.standing.stop} & FOUND_OUT:
                yield "I5: a clone was not found out"
            kept = world.centre.logs.get((one.disk.badge.dev, one.disk.badge.inc))
            if kept is None or not (kept.quarantined or kept.retired):
                yield "I5: a log that was told in two ways is not quarantined"
            if not holdings.issuperset(mine + theirs):
                yield "I5: entries of a branch are lost"


def _meaning(world: World) -> Iterator[str]:
    """I6, I8, I12: the order of arrival and repetitions do not matter; reviews bind the claim."""
    facts = [
        fact
        for kept in world.centre.stored()
        if (fact := fact_of(kept.record.link.event, kept.hash)) is not None
    ]
    root = input_root(facts)
    rng = random.Random(len(facts))  # noqa: S311 - which order is of no matter
    again = facts + rng.choices(facts, k=len(facts) // 2) if facts else []
    rng.shuffle(again)
    if input_root(again) != root:
        yield "I6: another order, another meaning"
    yield from _reviews(facts)


def input_root(facts: Sequence[Fact]) -> bytes:
    """A hash over what the frozen entries mean: what a matcher would be given."""
    states = fold(facts)
    lines = []
    for app, state in states.items():
        lines.append(app)
        lines += [each.hash for each in state.heads]
        lines += [state.review_of(each).encode() for each in state.heads if each.claim is not None]
    return hashlib.sha256(b"\n".join(lines)).digest()


def _reviews(facts: Iterable[Fact]) -> Iterator[str]:
    known = list(facts)
    approved = {
        (each.app, each.claim) for each in known if isinstance(each, DecisionFact) and each.approved
    }
    for state in fold(known).values():
        for version in state.versions:
            good = isinstance(version, VersionFact) and state.review_of(version) is Review.APPROVED
            if good and (version.app, version.claim) not in approved:
                yield "I8: a review was applied to another claim"
