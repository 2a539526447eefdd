"""One schedule: what people do and what breaks, drawn from one stream of random numbers."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from core.wire.admission import Room
from core.wire.talk import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, LinkCameUp, Policy, SendNow
from tests.simulation.centre import AMPLE, Reply
from tests.simulation.craft import Real
from tests.simulation.machine import Disk, Machine
from tests.simulation.oracle import FOUND_OUT, judge
from tests.simulation.variants import VARIANTS
from tests.simulation.world import Faults, World
from tests.soak.spread import Case

REFUSALS = (400, 403, 404, 408, 410, 413, 425, 426, 429, 500, 502, 503, 504, 507)
GAPS_MS = (2 * SECOND_MS, 20 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS)
WEATHER = (0.0, 0.0, 0.05, 0.25)
LONG_OUTAGE = 0.01


def play(world: World, besides: Sequence["Happening"] = ()) -> Case:
    """Live through a random history, heal, come to rest, and look at what is left.

    ``besides``: what happens as often as one of `HAPPENINGS`, each.
    """
    rng, happenings = world.rng, (*HAPPENINGS, *besides)
    _weather(world)
    for _ in range(1 if rng.random() < 0.85 else 2):
        machine = world.add_machine()
        _character(world, machine)
    for _ in range(rng.randrange(2, 8)):
        _happening(world, happenings)
        gap = GAPS_MS[rng.randrange(len(GAPS_MS))]
        world.run(world.now + rng.randrange(1, gap))
    return finish(world)


def finish(world: World) -> Case:
    """Heal, come to rest, judge. Twins say one thing more, as the hourly beacon makes them."""
    rested = world.settle()
    if world.doubled:
        for machine in world.machines:
            world.act(machine)
        rested = world.settle() and rested
        if world.rng.getrandbits(1):
            _renew(world, world.machines[0])
            rested = world.settle() and rested
    found = judge(world)
    if not rested:
        found = (*found, "I3: no rest within hours of healing")
    return Case(found, world.counts)


def _weather(world: World) -> None:
    rng = world.rng
    draw = [rng.choice(WEATHER) for _ in range(5)]
    world.faults = Faults(*draw, crash=rng.choice((0.0, 0.0, 0.01, 0.05)))
    world.centre.next_ms = rng.choice((5 * MINUTE_MS, HOUR_MS, HOUR_MS, HOUR_MS, HOUR_MS, HOUR_MS))
    world.centre.max_events = rng.choice((1, 3, 200, 200))
    world.centre.after_ms = rng.choice((0, 0, 1000, 10 * MINUTE_MS))


def _character(world: World, machine: Machine) -> None:
    rng = world.rng
    machine.death = rng.choice((0.0, 0.0, 0.002, 0.02))
    machine.ppm = rng.randrange(-200, 201)
    if rng.random() < 0.3:
        machine.wall_offset = rng.randrange(-400 * DAY_MS, 400 * DAY_MS)
    if rng.random() < 0.2:
        machine.policy = Policy(batch=rng.choice((1, 2, 7)))
    if rng.random() < 0.5:
        machine.deadline = world.now + rng.randrange(-HOUR_MS, 12 * HOUR_MS)


def _happening(world: World, happenings: Sequence["Happening"]) -> None:
    rng = world.rng
    machine = rng.choice(world.machines)
    for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
        world.act(machine)
    happenings[rng.randrange(len(happenings))](world, machine)


def _nothing(_world: World, _machine: Machine) -> None:
    """A quiet while."""


def _busy(world: World, machine: Machine) -> None:
    for _ in range(world.rng.randrange(5, 12)):
        world.act(machine)


def _restart(world: World, machine: Machine) -> None:
    world.counts["restarts"] += 1
    machine.start()


def _outage(world: World, machine: Machine) -> None:
    rng = world.rng
    world.counts["outages"] += 1
    longest = 4 * DAY_MS if rng.random() < LONG_OUTAGE else 10 * MINUTE_MS
    world.down_until = world.now + rng.randrange(1, longest)
    for _ in range(rng.randrange(3)):
        world.act(machine)
    world.run(world.down_until)
    world.link_back()
    if rng.random() < 0.3:
        machine.hear(LinkCameUp())


def _portal(world: World, _machine: Machine) -> None:
    world.portal_until = world.now + world.rng.randrange(1, 20 * MINUTE_MS)


def _proxy(world: World, _machine: Machine) -> None:
    rng = world.rng
    after = rng.choice((None, None, SECOND_MS, MINUTE_MS, DAY_MS))
    world.proxy = Reply(rng.choice(REFUSALS), None, after)
    world.proxy_until = world.now + rng.randrange(1, 40 * MINUTE_MS)


def _impatience(_world: World, machine: Machine) -> None:
    machine.hear(SendNow())


def _backup(world: World, _machine: Machine) -> None:
    world.centre.backup()


def _restore(world: World, _machine: Machine) -> None:
    world.restore()


def _crash(world: World, _machine: Machine) -> None:
    world.crash_centre()


def _scarce(world: World, _machine: Machine) -> None:
    """A full quota, or a door too small for a batch."""
    rng, centre = world.rng, world.centre
    centre.room = replace(AMPLE, day_events=rng.randrange(3)) if rng.getrandbits(1) else AMPLE
    centre.largest = rng.choice((600, 1500, 1 << 30))
    if rng.random() < 0.3:
        centre.room, centre.largest = AMPLE, 1 << 30
    if rng.random() < 0.2:
        centre.room = Room(day_events=0, day_bytes=0, season_bytes=0)


def _old_protocol(world: World, _machine: Machine) -> None:
    world.centre.min_proto = world.rng.choice((1, 2))


def _clocks(world: World, machine: Machine) -> None:
    """The wall clock jumps; or the machine sleeps and its boot clock stands still."""
    rng = world.rng
    world.counts["clock jumps"] += 1
    if rng.getrandbits(1):
        machine.wall_offset += rng.choice((-1, 1)) * rng.randrange(1, 3650 * DAY_MS)
    else:
        slept = rng.randrange(1, HOUR_MS)
        machine.asleep = True
        world.run(world.now + slept)
        machine.rouse(slept)


def _clone(world: World, machine: Machine) -> None:
    if world.rng.random() < 0.3 and len(world.machines) < 3:
        world.clone(machine)


def _image(world: World, machine: Machine) -> None:
    if world.rng.random() < 0.3:
        _put_back(world, machine)


def _put_back(world: World, machine: Machine) -> None:
    """The disk is put back to an image taken a while ago."""
    rng = world.rng
    image: Disk = machine.disk.copy()
    for _ in range(rng.randrange(1, 4)):
        world.act(machine)
    world.run(world.now + rng.randrange(1, HOUR_MS))
    world.roll_back(machine, image)


def _revoke(world: World, machine: Machine) -> None:
    if world.rng.random() < 0.2:
        world.revoke(machine)


def _renew(world: World, _machine: Machine) -> None:
    stopped = [each for each in world.machines if each.standing.stop in FOUND_OUT]
    if stopped:
        world.renew(world.rng.choice(stopped))


def _anew(world: World, machine: Machine) -> None:
    """A machine is found out and enrolled anew; then the centre loses its first certificate."""
    _put_back(world, machine)
    world.run(world.now + 2 * HOUR_MS)
    _renew(world, machine)
    world.run(world.now + HOUR_MS)
    world.restore()


def _forgotten(world: World, machine: Machine) -> None:
    """A machine is found out; the centre loses its certificate, and enrols it anew."""
    _put_back(world, machine)
    world.run(world.now + 2 * HOUR_MS)
    world.restore()
    _renew(world, machine)


def _restored_late(world: World, machine: Machine) -> None:
    """What came before the deadline comes again after it."""
    world.act(machine)
    world.run(max(world.now, machine.deadline or 0) + world.rng.randrange(1, HOUR_MS))
    world.restore()


def _apart(world: World, machine: Machine) -> None:
    """A twin waits for its slot, with more to tell than the machine has told meanwhile."""
    if len(world.machines) > 2:
        return
    world.centre.after_ms = 10 * MINUTE_MS
    twin = world.clone(machine)
    world.run(world.now + MINUTE_MS)
    world.act(machine)
    for _ in range(world.rng.randrange(1, 4)):
        world.act(twin)


Happening = Callable[[World, Machine], None]
HAPPENINGS: tuple[Happening, ...] = (
    _nothing,
    _busy,
    _restart,
    _restart,
    _outage,
    _outage,
    _portal,
    _proxy,
    _proxy,
    _impatience,
    _backup,
    _backup,
    _restore,
    _crash,
    _scarce,
    _old_protocol,
    _clocks,
    _clone,
    _image,
    _revoke,
    _renew,
)
# What makes a mistake matter, where chance alone seldom brings it about.
BRINGS_OUT: Mapping[str, tuple[Happening, ...]] = {
    "withholds": (_anew,) * 10,
    "forgets": (_forgotten,) * 10,
    "keeps": (_restored_late,) * 10,
    "trusts": (_backup, _restore) * 5,
    "overlooks": (_apart,) * 10,
    "chooses": (_apart,) * 10,
}


def schedule(rng: random.Random) -> Case:
    """One schedule under keyed hashes."""
    return play(World(rng))


def real_schedule(rng: random.Random) -> Case:
    """One schedule in real bytes under real signatures, read by the server's own code."""
    return play(World(rng, craft=Real()))


def mistaken_schedule(name: str, rng: random.Random) -> Case:
    """One schedule of a world with a known mistake in it."""
    variant = VARIANTS[name]
    world = World(
        rng,
        centre_type=variant.centre,
        machine_type=variant.machine,
        exchange=variant.exchange,
    )
    return play(world, BRINGS_OUT.get(name, ()))
