"""PROTOCOL 4.1, I7: whatever a machine's clocks say, a deadline is decided by what others saw.

Each history is a machine's log with true times behind it. Beacons and receipts are honest, as they
are signed by others; every clock of the machine may jump, stand still or lie.
"""

from dataclasses import dataclass, replace
from random import Random

import pytest

from core.season.deadline import Evidence, Timeliness, timeliness

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
D = 1000 * DAY
DRAIN = 2 * DAY
ROUND_TRIP = 5_000
DRIFT_PPM = 200
HISTORIES = 100_000
ENTRIES = ("entry", "entry", "beacon", "beacon", "boot", "close")
CERTAIN = {Timeliness.ON_TIME, Timeliness.LATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An entry, when it was truly made and received, and what the machine's clock said."""

    kind: str
    true: int
    m: int
    boot: int
    beacon: int | None
    received: int


def history(random, *, honest_boot_clock):
    """A log around the deadline that reaches the server sooner or later, in order."""
    true = D + random.randrange(-2 * DAY, DAY)
    boot, m, received = 0, random.randrange(DAY), 0
    made = []
    for kind in random.choices(ENTRIES, k=random.randrange(2, 8)):
        step = random.choice((random.randrange(MINUTE), random.randrange(HOUR, DAY // 2)))
        true += step
        if honest_boot_clock:
            m += step + step * random.randrange(-DRIFT_PPM, DRIFT_PPM + 1) // 1_000_000
        else:
            m = max(0, m + random.choice((0, step, -step, 100 * step, -10 * 365 * DAY)))
        if kind == "boot":
            boot, m = boot + 1, 0
        # The answer was under way for some of the round trip; it says when it was made.
        beacon = true - random.randrange(ROUND_TRIP) if kind == "beacon" else None
        wait = random.randrange(random.choice((MINUTE, 4 * DAY)))
        received = max(received, true + wait)
        made.append(Made(kind=kind, true=true, m=m, boot=boot, beacon=beacon, received=received))
    return made


def evidence(entries, index, random):
    """What the server knows of one entry (PROTOCOL 2.10)."""
    entry = entries[index]
    before = [each for each in entries[:index] if each.beacon is not None]
    after = entries[index + 1 :]
    newest = before[-1] if before else None
    estimate, error = None, 0
    if newest is not None and newest.boot == entry.boot and entry.m >= newest.m:
        gap = entry.m - newest.m
        estimate, error = newest.beacon + gap, ROUND_TRIP + gap * DRIFT_PPM // 999_000 + 1
    # Another machine may have named it, or somebody scanned a receipt, any time after it was made.
    seen = entry.true + random.randrange(2 * DAY) if random.random() < 0.3 else entry.received
    return Evidence(
        not_before=max((each.beacon for each in before), default=0),
        not_after=min(entry.received, seen),
        estimate=estimate,
        error=error,
        enclosed=bool(before) and any(each.beacon is not None for each in after),
        closed_after=any(each.kind == "close" for each in after),
        quarantined=random.random() < 0.1,
        received=entry.received,
    )


def judged(count, seed, *, honest_boot_clock=False):
    """True time, class and evidence of one entry from each of many histories."""
    random = Random(seed)  # noqa: S311 - the seed is printed when it fails
    for _ in range(count):
        entries = history(random, honest_boot_clock=honest_boot_clock)
        index = random.randrange(len(entries))
        known = evidence(entries, index, random)
        yield entries[index].true, timeliness(known, D, DRAIN), known


def test_nothing_made_late_is_on_time_and_nothing_made_in_time_is_late(seed):
    counted = dict.fromkeys(Timeliness, 0)

    for true, decided, known in judged(HISTORIES, seed):
        counted[decided] += 1
        if decided is Timeliness.ON_TIME:
            assert true <= D, known
        if decided is Timeliness.LATE:
            assert true > D, known

    # The histories are worth something: each class occurs.
    assert min(counted.values()) > HISTORIES // 1000, counted


def test_what_counts_as_sealed_was_made_in_time_if_only_the_boot_clock_is_sound(seed):
    sealed = 0

    for true, decided, known in judged(HISTORIES // 4, seed, honest_boot_clock=True):
        if decided is Timeliness.SEALED:
            sealed += 1
            assert true <= D, known
            assert known.received <= D + DRAIN
            assert not known.quarantined

    assert sealed > HISTORIES // 4000


def test_nothing_a_machine_says_of_itself_makes_an_entry_on_time_or_late(seed):
    random = Random(seed)  # noqa: S311

    for _, decided, known in judged(HISTORIES // 10, seed):
        lie = replace(
            known,
            estimate=random.choice((None, 0, D - DAY, D, D + DAY, 2**53)),
            error=random.choice((0, DAY)),
            enclosed=random.random() < 0.5,
            closed_after=random.random() < 0.5,
        )
        again = timeliness(lie, D, DRAIN)

        assert (decided in CERTAIN) == (again in CERTAIN)
        assert decided not in CERTAIN or again is decided


@pytest.mark.parametrize("later", [1, HOUR, DAY])
def test_a_later_deadline_never_makes_an_entry_later(seed, later):
    order = [Timeliness.ON_TIME, Timeliness.SEALED, Timeliness.DOUBTFUL, Timeliness.LATE]

    for _, decided, known in judged(HISTORIES // 20, seed):
        moved = timeliness(known, D + later, DRAIN)

        assert order.index(moved) <= order.index(decided), known


def test_a_later_beacon_before_an_entry_can_only_show_that_it_is_late(seed):
    for _, decided, known in judged(HISTORIES // 20, seed):
        after = timeliness(replace(known, not_before=known.not_before + DAY), D, DRAIN)

        assert after is decided if decided in CERTAIN else after in {decided, Timeliness.LATE}
