"""One machine's log around a deadline, with true times behind it and clocks that do anything.

What others say is honest, as they sign it: beacons tell the time at which they were given, arrivals
and witnesses that at which they came. Every clock of the machine may jump, stand still or lie.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from core.season.deadline import Evidence, Timeliness, timeliness
from core.wire.event import SYSTEM, Event
from core.wire.talk import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from server.season.marks import Mark
from tests.simulation.timing import DRAIN_MS, evidence, marks_of
from tests.soak.spread import Case

D = 20_000 * DAY_MS
DECADE_MS = 3650 * DAY_MS
FOREVER = 2**53
ROUND_TRIP_MS = 4900
STEP_MS = 2 * SECOND_MS
DRIFT_PPM = 200
MILLION = 1_000_000
KINDS = ("app.revise", "app.revise", "app.revise", "beacon", "beacon", "boot", "season.close")
WALLS = ("right", "right", "wrong", "jumps", "frozen", "back at boot")
BOOTS = ("sound", "sound", "slow", "fast", "frozen", "sleeps", "lies")
ZERO = bytes(32)


@dataclass(frozen=True, slots=True)
class Made:
    """An entry, when it was truly made, and when the server received it."""

    event: Event
    true: int
    received: int


@dataclass(slots=True)
class Clocks:
    """A machine's two clocks, each with a habit; ``boot`` changes with every start."""

    rng: random.Random
    wall_habit: str
    boot_habit: str
    ppm: int
    offset: int = 0
    m: int = 0
    boot: bytes = b""
    frozen_at: int = 0
    last_offset: int | None = None

    def start(self, true: int) -> None:
        """Power on."""
        self.boot, self.m, self.last_offset = self.rng.randbytes(8), 0, None
        if self.wall_habit == "back at boot":
            self.offset = -self.rng.choice((DAY_MS, DECADE_MS)) - true % DAY_MS

    def run(self, run: int) -> None:
        """Time goes by, and each clock makes of it what it does."""
        rng = self.rng
        match self.boot_habit:
            case "slow":
                run //= rng.randrange(2, 100)
            case "fast":
                run *= rng.randrange(2, 100)
            case "frozen":
                run = 0
            case "sleeps":
                run = max(0, run - rng.choice((0, HOUR_MS, DAY_MS)))
            case "lies":
                run = rng.choice((run, -run, DECADE_MS, -DECADE_MS))
        self.m = max(0, self.m + run + run * self.ppm // MILLION)
        if self.wall_habit == "jumps" and rng.random() < 0.4:
            self.offset += rng.choice((-1, 1)) * rng.choice((HOUR_MS, DAY_MS, DECADE_MS))

    def wall(self, true: int) -> int:
        """What the wall clock shows."""
        if self.wall_habit == "frozen":
            return self.frozen_at
        return max(0, true + self.offset)

    def stepped(self, true: int) -> bool:
        """Whether the daemon sees the wall clock move against the boot clock."""
        offset = self.wall(true) - self.m
        known, self.last_offset = self.last_offset, offset
        return known is not None and abs(offset - known) >= STEP_MS


@dataclass(slots=True)
class History:
    """What happened, in the order of the log."""

    made: list[Made] = field(default_factory=list)
    heads: list[Mark] = field(default_factory=list)
    sound: bool = True


def history(rng: random.Random) -> History:
    """A log that reaches the server sooner or later, in order; perhaps again after a restore."""
    wall, boot = rng.choice(WALLS), rng.choice(BOOTS)
    clocks = Clocks(rng, wall, boot, rng.randrange(-DRIFT_PPM, DRIFT_PPM + 1))
    clocks.offset = rng.randrange(-DECADE_MS, DECADE_MS) if wall == "wrong" else 0
    true = D - rng.randrange(2 * DAY_MS)
    clocks.frozen_at = D + rng.randrange(-DAY_MS, DAY_MS)
    clocks.start(true)
    told = History(sound=(wall, boot) == ("right", "sound"))
    events: list[tuple[Event, int]] = []
    for _ in range(rng.randrange(3, 12)):
        run = rng.choice((rng.randrange(MINUTE_MS), rng.randrange(HOUR_MS), rng.randrange(DAY_MS)))
        true += run
        clocks.run(run)
        kind = rng.choice(KINDS)
        if kind == "boot":
            clocks.start(true)
        if clocks.stepped(true):
            events.append((_event(clocks, len(events), true, "clock.step"), true))
        events.append((_event(clocks, len(events), true, kind), true))
    told.made = _arrivals(events, rng)
    _see(told, rng)
    return told


def _event(clocks: Clocks, before: int, true: int, kind: str) -> Event:
    rng = clocks.rng
    body: dict[str, object] = {}
    if kind == "beacon":
        # A beacon that came on a stick may be days old; either says when it was given.
        carried = rng.random() < 0.2
        kind = "beacon.carried" if carried else kind
        age = rng.randrange(2 * DAY_MS if carried else ROUND_TRIP_MS)
        body = {"digest": ZERO, "t": true - age}
    return Event(
        v=1,
        dev=ZERO[:16],
        inc=1,
        seq=before + 1,
        prev=ZERO,
        kind=kind,
        t=clocks.wall(true),
        m=clocks.m,
        boot=clocks.boot,
        bcn=None,
        ref=(0, ZERO[:8]),
        who=SYSTEM,
        body=body,
        ph=None,
    )


def _arrivals(events: list[tuple[Event, int]], rng: random.Random) -> list[Made]:
    """In order, each some time after it was made; a restored server gets what it lost again."""
    received = 0
    made = []
    for event, true in events:
        wait = rng.randrange(rng.choice((MINUTE_MS, HOUR_MS, 4 * DAY_MS)))
        received = max(received, true + wait)
        made.append(Made(event, true, received))
    if rng.random() < 0.2:
        restored = rng.choice(made).received + rng.randrange(DAY_MS)
        kept = rng.randrange(len(made))
        made = [
            each
            if place < kept or each.received > restored
            else Made(each.event, each.true, restored + MINUTE_MS)
            for place, each in enumerate(made)
        ]
        for place in range(1, len(made)):
            late = max(made[place].received, made[place - 1].received)
            made[place] = Made(made[place].event, made[place].true, late)
    return made


def _see(told: History, rng: random.Random) -> None:
    """Somebody scans a receipt, or another machine names an entry: a head is known outside."""
    for each in told.made:
        if rng.random() < 0.15:
            seen = each.true + rng.randrange(rng.choice((MINUTE_MS, 2 * DAY_MS)))
            told.heads.append(Mark(seq=each.event.seq, t=seen, source=ZERO))


def judge(told: History, decide: Callable[[Made, Evidence], Timeliness]) -> Case:
    """I7, for every entry of one history."""
    marks = marks_of([(each.event, each.received) for each in told.made], told.heads)
    found: list[str] = []
    counts: Counter[str] = Counter()
    for each in told.made:
        known = evidence(each.event, each.received, marks)
        decided = decide(each, known)
        counts[decided.name] += 1
        in_time, name = each.true <= D, f"entry {each.event.seq}"
        if decided is Timeliness.ON_TIME and not in_time:
            found.append(f"{name} was made late and is on time")
        if decided is Timeliness.LATE and in_time:
            found.append(f"{name} was made in time and is late")
        if known.not_after <= D and decided is not Timeliness.ON_TIME:
            found.append(f"{name} was here in time and is {decided.name}")
        if known.not_before > D and decided is not Timeliness.LATE:
            found.append(f"{name} followed a later beacon and is {decided.name}")
        if decided is Timeliness.SEALED and told.sound and not in_time:
            found.append(f"{name} was made late by sound clocks and is sealed")
    return Case(tuple(found), counts)


def _invented(rng: random.Random) -> History:
    """The log of a machine that writes beacons of times that nobody can have given it yet."""
    told = history(rng)
    while all(each.event.kind != "beacon" for each in told.made):
        told = history(rng)
    for place, each in enumerate(told.made):
        if each.event.kind == "beacon":
            body = each.event.body | {"t": each.received + rng.randrange(HOUR_MS, DECADE_MS)}
            invented = msgspec.structs.replace(each.event, body=body)
            told.made[place] = Made(invented, each.true, each.received)
    return told


def invented_history(rng: random.Random) -> Case:
    """A machine that invents beacons makes nothing late, and nothing sealed."""
    case = judge(_invented(rng), lambda _, known: timeliness(known, D, DRAIN_MS))
    certain = {each.name for each in (Timeliness.LATE, Timeliness.SEALED)} & case.counts.keys()
    found = (f"beside an invented beacon an entry is {each}" for each in sorted(certain))
    return Case((*case.violations, *found), case.counts)


def unheld_history(rng: random.Random) -> Case:
    """The same when nobody holds beacons against arrivals: a known mistake."""
    told = _invented(rng)
    never = [Made(each.event, each.true, FOREVER) for each in told.made]
    marks = marks_of([(each.event, each.received) for each in never])
    return judge(
        told, lambda made, _: timeliness(evidence(made.event, made.received, marks), D, DRAIN_MS)
    )


def clock_history(rng: random.Random) -> Case:
    """By the product's rule."""
    return judge(history(rng), lambda _, known: timeliness(known, D, DRAIN_MS))


def believed_history(rng: random.Random) -> Case:
    """By what the machine's clock says: a known mistake."""
    return judge(
        history(rng),
        lambda made, _: Timeliness.ON_TIME if made.event.t <= D else Timeliness.LATE,
    )
