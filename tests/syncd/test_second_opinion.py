"""Our client and python-tuf on the same hostile line come to the same verdict (PROTOCOL 4.2).

A centre publishes and changes keys; whoever owns the line serves releases of the past, mixes files,
cuts and stretches them, offers trust that does not follow, and has stolen keys for a while. After
each step both machines must use the same release, the same files and the same trust.

Three things are ours alone and not played here, each with its own test: one version with two
contents is refused (`test_chores`), an old beacon is known by its nonce and not by a number
(`test_attacks`), and nothing expires by the clock.
"""

import hashlib
from dataclasses import dataclass, field, replace
from random import Random

import pytest

from core.wire.canon import FILE_LIMITS, from_wire, to_wire
from core.wire.document import split_document
from core.wire.reference import ReferenceFile, Snapshot, snapshot_hash
from core.wire.talk import MINUTE_MS
from syncd.courier import stored_trust
from tests.syncd.centre import key
from tests.syncd.tuf_twin import Roles, Twin, roles_of, root_of

STEPS = 24
SEEDS = range(3)
FAR = 1_000_000
CHANGING = ("notices", "more", "most")


@dataclass(frozen=True)
class Release:
    """One release, for us and for TUF."""

    version: int
    versions: dict
    files: dict
    signed: bytes
    roles: Roles


@dataclass
class World:
    """The centre, its releases, the line with our machine on it, and TUF's machine."""

    daemon: object
    server: object
    centre: object
    twin: Twin
    chance: Random
    releases: list = field(default_factory=list)

    @property
    def newest(self):
        return self.releases[-1]

    def make(self, version, versions, files, centre=None):
        """Sign a release; it is not published by that."""
        by = centre or self.centre
        ours = by.snapshot(files, version=version, versions=versions)
        return Release(version, versions, files, ours, roles_of(by, version, files, versions))

    def publish(self):
        """Some of the texts change; now and then there is one more."""
        before = self.newest
        texts = [name for name in CHANGING if name in before.files]
        changed = self.chance.sample(texts, self.chance.randint(1, len(texts)))
        changed += [name for name in CHANGING if name not in before.files][: len(changed) % 2]
        version = before.version + 1
        files = dict(before.files)
        for name in changed:
            text = f"{name} {version}" * self.chance.randint(1, 50)
            files[name] = to_wire(ReferenceFile(kind="notice", text=text), FILE_LIMITS)
        versions = before.versions | {name: before.versions.get(name, 0) + 1 for name in changed}
        self.releases.append(self.make(version, versions, files))

    async def offer(self, said, served=None, files=None, roles=None):
        """A beacon that names ``said``, and on the line ``served`` with these files."""
        served = served or said
        body = from_wire(split_document(said.signed)[0], Snapshot, FILE_LIMITS)
        self.server.beacon_changes = {"snap_v": body.v, "snap_h": snapshot_hash(said.signed)}
        self.server.publish(served.files, served.signed)
        self.server.known = {}  # nothing comes as a difference: each file is fetched
        for name, data in (files or {}).items():
            self.server.files[hashlib.sha256(served.files[name]).digest()] = data
        self.twin.line.roles = replace(served.roles, files=served.roles.files | (roles or {}))
        self.twin.beacon(self.centre, said.roles)
        await self.daemon.pass_ms(6 * MINUTE_MS, step_ms=2 * MINUTE_MS)
        return self.twin.update(served.files)

    def agree(self):
        """Both use the same."""
        reference = self.daemon.store.reference
        mine = from_wire(split_document(reference.signed())[0], Snapshot, FILE_LIMITS)
        assert mine.v == self.twin.version
        assert stored_trust(self.daemon.store.identity.read()).v == self.twin.trust
        assert {name: sha.hex() for name, (_, _, sha) in mine.files.items()} == self.twin.files
        return mine.v


async def honest(world):
    """What was published is installed."""
    world.publish()
    assert await world.offer(world.newest) == ""
    assert world.agree() == world.newest.version


async def refused(world, *offered, **changed):
    """Whatever this is, both stay where they are."""
    before = world.agree()
    assert await world.offer(*offered, **changed) != ""
    assert world.agree() == before


async def foiled(world, *served, **changed):
    """While the beacon names the newest the line serves this; the true one is installed next."""
    await refused(world, world.newest, *served, **changed)
    assert await world.offer(world.newest) == ""
    assert world.agree() == world.newest.version


async def rollback(world):
    """An older release, while the beacon names the newest."""
    world.publish()
    await foiled(world, world.chance.choice(world.releases[:-1]))


async def ahead(world):
    """A release no beacon has named: somebody has the release key alone."""
    world.publish()
    newest = world.newest
    await foiled(world, world.make(newest.version + FAR, newest.versions, newest.files))


async def mixed_files(world):
    """A file of an earlier release under the snapshot of the newest."""
    world.publish()
    newest, before = world.newest, world.releases[-2]
    name = next(each for each in before.files if before.files[each] != newest.files[each])
    await foiled(
        world,
        files={name: before.files[name]},
        roles={name: before.roles.files[name]},
    )


async def spoilt_file(world):
    """A file cut short, stretched or with a turned bit."""
    world.publish()
    newest, before = world.newest, world.releases[-2]
    name = next(each for each in before.files if before.files[each] != newest.files[each])
    spoil = world.chance.choice(
        [
            lambda data: data[:-1],
            lambda data: data + b"\0" * world.chance.choice([1, 9_999]),
            lambda data: bytes([data[0] ^ 1]) + data[1:],
        ]
    )
    await foiled(
        world,
        files={name: spoil(newest.files[name])},
        roles={name: spoil(newest.roles.files[name])},
    )


async def strangers_release(world):
    """A release signed by somebody else, and named by a beacon all the same."""
    before = world.newest
    stranger = replace(world.centre, release=key("stranger"))
    await refused(world, world.make(before.version + 1, before.versions, before.files, stranger))


async def file_rollback(world):
    """With both keys: a new release with an older version of one file."""
    before = world.newest
    risen = [name for name, number in before.versions.items() if number > 1]
    if risen:
        versions = before.versions | {world.chance.choice(risen): 1}
        await refused(world, world.make(before.version + 1, versions, before.files))


async def dropped_file(world):
    """With both keys: a new release without one of the files."""
    before = world.newest
    gone = world.chance.choice([name for name in CHANGING if name in before.files])
    files = {name: data for name, data in before.files.items() if name != gone}
    versions = {name: number for name, number in before.versions.items() if name != gone}
    await refused(world, world.make(before.version + 1, versions, files))


async def fast_forward(world):
    """With both keys: a version nobody can rise above; new keys recover from it."""
    before = world.newest
    far = world.make(before.version + FAR, before.versions, before.files)
    assert await world.offer(far) == ""
    assert world.agree() == far.version
    world.publish()
    await refused(world, world.newest)

    number = world.centre.version
    await change_keys(
        world,
        world.centre.successor(release=key(f"release-{number}"), beacon=key(f"beacon-{number}")),
    )
    last = world.newest
    world.releases[-1] = world.make(last.version, last.versions, last.files)
    assert await world.offer(world.newest) == ""
    assert world.agree() == world.newest.version


async def change_keys(world, centre):
    """Publish the next trust; both take it in with the next release."""
    world.server.succeed(centre)
    world.twin.line.roots[centre.version] = root_of(centre)
    world.centre = centre


async def new_roots(world):
    """Other root keys, vouched for by the old ones and by themselves."""
    roots = tuple(key(f"root-{world.centre.version}-{n}") for n in range(3))
    signers = (*world.centre.roots[:2], *roots[1:])
    await change_keys(world, world.centre.successor(roots=roots, signers=signers))
    await honest(world)


def untrue(centre):
    """Trust that does not follow, by what is wrong with it."""
    roots = tuple(key(f"other-root-{n}") for n in range(3))
    strangers = tuple(key(f"stranger-{n}") for n in range(2))
    return {
        "one root": centre.successor(signers=centre.roots[:1]),
        "one root twice": centre.successor(signers=centre.roots[:1] * 2),
        "strangers": centre.successor(signers=strangers),
        "new roots alone": centre.successor(roots=roots, signers=roots[:2]),
        "old roots alone": centre.successor(roots=roots, signers=centre.roots[:2]),
        "a step left out": replace(centre.successor(), version=centre.version + 2),
        "the same again": centre,
    }


async def false_trust(world):
    """The line offers trust that does not follow; the next honest answer goes on as if not."""
    kept, number = world.centre, world.centre.version
    false = world.chance.choice([*untrue(kept).values()])
    world.server.centre = false
    world.server.beacon_changes["trust_v"] = number + 1
    world.server.earlier_trust[number + 1] = false.signed_trust
    world.twin.line.roots[number + 1] = root_of(false)
    before = world.agree()

    await world.daemon.pass_ms(6 * MINUTE_MS, step_ms=2 * MINUTE_MS)
    verdict = world.twin.update(world.newest.files)

    assert verdict != ""
    assert world.agree() == before
    world.server.centre = kept
    del world.server.earlier_trust[number + 1], world.twin.line.roots[number + 1]
    await honest(world)


STORIES = (
    honest,
    rollback,
    ahead,
    mixed_files,
    spoilt_file,
    strangers_release,
    file_rollback,
    dropped_file,
    fast_forward,
    new_roots,
    false_trust,
)


@pytest.fixture
async def world(daemon, server, centre, tmp_path):
    world = World(daemon, server, centre, Twin(tmp_path / "tuf", centre), Random(1))  # noqa: S311
    files = centre.reference_files()
    world.releases.append(world.make(1, dict.fromkeys(files, 1), files))
    assert await world.offer(world.newest) == ""
    assert world.agree() == 1
    return world


@pytest.mark.parametrize("story", STORIES)
async def test_both_say_the_same_of_each_attack(world, story):
    await honest(world)
    await story(world)
    await honest(world)


@pytest.mark.parametrize("seed", SEEDS)
async def test_both_say_the_same_whatever_comes_after_what(world, seed):
    world.chance = Random(seed)  # noqa: S311 - replayable
    for _ in range(STEPS):
        story = world.chance.choice(STORIES)
        print(seed, story.__name__, world.newest.version)  # noqa: T201 - the way to a failure
        await story(world)
