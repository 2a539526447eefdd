"""Attack scripts against the client: each with the verdict it must come to (PROTOCOL 2.8a, 4.2).

The attacker owns the line and may repeat, hold back and mix everything that was ever signed, and
serve any bytes; he has no key of the centre's, but in the last scripts he had the release key.
"""

import pytest
from aiohttp import web

from core.wire.client import ClientState
from core.wire.reference import snapshot_hash
from core.wire.talk import MINUTE_MS
from syncd.store.audit import AuditCode
from tests.syncd.centre import NOON_MS, key
from tests.syncd.daemon import publish_lists
from tests.syncd.machine import append

REFUSED = AuditCode.REFERENCE_REFUSED


@pytest.fixture
async def seasoned(daemon, server, centre):
    """A machine that holds version 3 of the lists; every earlier release is on record."""
    releases = {}
    for version in (1, 2, 3):
        files = centre.reference_files(revocations=centre.revocations(version=version))
        releases[version] = (files, centre.snapshot(files, version=version))
        server.publish(*releases[version])
        await daemon.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)
    assert daemon.store.reference.version()[0] == 3
    daemon.releases = releases
    return daemon


async def attacked(daemon, minutes=6):
    """The verdicts of the time under attack, oldest first; work must have gone on."""
    before = daemon.store.audit.newest(1)[0].id
    await daemon.pass_ms(minutes * MINUTE_MS, step_ms=MINUTE_MS)
    append(daemon.store)
    assert daemon.shown.client is not ClientState.OFFLINE
    rows = reversed(daemon.store.audit.newest(99))
    return [(row.code, row.detail) for row in rows if row.id > before]


async def test_rollback_of_the_snapshot(seasoned, server):
    """An old release with its own files, everything rightly signed: refused."""
    server.publish(*seasoned.releases[1])
    server.beacon_changes = {"snap_v": 3, "snap_h": b"anything"}

    assert (REFUSED, "rollback") in await attacked(seasoned)
    assert seasoned.store.reference.version()[0] == 3


async def test_rollback_of_one_file_under_a_new_snapshot(seasoned, server, centre):
    """A new version of the list that names an older version of a file: refused."""
    files, _ = seasoned.releases[3]
    signed = centre.snapshot(files, version=4, versions={"notices": 1, "revocations": 4})
    server.publish(files, signed)

    assert (REFUSED, "rollback") in await attacked(seasoned)


async def test_freeze_is_seen_as_soon_as_one_beacon_passes(seasoned, server):
    """The beacon names version 4 and the line still gives version 3: refused, work goes on."""
    server.beacon_changes = {"snap_v": 4, "snap_h": b"newer---"}

    assert (REFUSED, "freeze") in await attacked(seasoned)
    assert seasoned.store.reference.version()[0] == 3


async def test_an_old_beacon_cannot_hide_the_new_version(seasoned, server, centre):
    """A recorded beacon answers another nonce: it is no answer at all."""
    server.beacon_changes = {"snap_v": 3, "nonce": b"r" * 16}
    publish_lists(server, centre, version=4)

    before = seasoned.store.link_state.sight()
    await attacked(seasoned)

    assert seasoned.store.link_state.sight() == before


async def test_mix_and_match_of_files(seasoned, server, centre):
    """The new list with a file of an older release: the whole release is refused."""
    files = centre.reference_files(revocations=centre.revocations(version=4))
    server.publish(files, centre.snapshot(files, version=4))
    old = seasoned.releases[1][0]["revocations"]
    for sha in server.files:
        server.files[sha] = old
    server.known = {}

    verdicts = await attacked(seasoned)

    assert {detail for code, detail in verdicts if code is REFUSED} <= {"file_hash", "file_size"}
    assert seasoned.store.reference.version()[0] == 3


async def test_mix_and_match_of_snapshot_and_beacon(seasoned, server, centre):
    """Another list of the same version than the beacon names: refused."""
    files, _ = seasoned.releases[3]
    server.publish(files, centre.snapshot(files, version=4, t=NOON_MS + 1))
    other = centre.snapshot(files, version=4, t=NOON_MS + 2)
    server.beacon_changes = {"snap_v": 4, "snap_h": snapshot_hash(other)}

    assert (REFUSED, "same_version") in await attacked(seasoned)


@pytest.mark.parametrize("route", ["snapshot", "file", "delta", "trust", "beacon"])
async def test_endless_data_is_cut_off_at_the_stated_size(seasoned, server, centre, route):
    """What never ends is given up after the bytes the signed list allows; then all goes well."""
    files = centre.reference_files(revocations=centre.revocations(version=4))
    server.endless = {route}
    server.publish(files, centre.snapshot(files, version=4))
    await seasoned.pass_ms(5 * MINUTE_MS, step_ms=MINUTE_MS)

    server.endless = set()
    await seasoned.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert seasoned.store.reference.version()[0] == 4


async def test_fast_forward_is_undone_by_a_change_of_the_key(seasoned, server, centre):
    """Who had the release key set the version to 2⁵³; trust N+1 without it starts anew."""
    files, _ = seasoned.releases[3]
    huge = dict.fromkeys(files, 2**53)
    server.publish(files, centre.snapshot(files, version=2**53, versions=huge))
    await seasoned.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)
    assert seasoned.store.reference.version()[0] == 2**53

    server.succeed(centre.successor(release=key("release-2")))
    publish_lists(server, server.centre, version=4, revocations=centre.revocations(version=9))
    await attacked(seasoned, minutes=11)

    assert seasoned.store.reference.version()[0] == 4


async def test_after_the_key_was_changed_the_stolen_one_signs_nothing(seasoned, server, centre):
    server.succeed(centre.successor(release=key("release-2")))
    publish_lists(server, server.centre, version=4, revocations=centre.revocations(version=9))
    await attacked(seasoned, minutes=11)
    files, _ = seasoned.releases[3]

    server.publish(files, centre.snapshot(files, version=5))

    assert (REFUSED, "signature") in await attacked(seasoned)
    assert seasoned.store.reference.version()[0] == 4


@pytest.mark.parametrize(
    ("mend", "verdict"),
    [
        (lambda centre: centre.successor(signers=(key("root-1"),)), "signature"),
        (lambda centre: centre.successor(roots=(key("n1"), key("n2"))), "signature"),
        (
            lambda centre: centre.successor(signers=(key("n1"), key("n2"))),
            "signature",
        ),
        (lambda centre: centre.successor().successor(), "trust_version"),
    ],
)
async def test_trust_that_does_not_follow(seasoned, server, centre, mend, verdict):
    """Root only +1, under the threshold of the old and of the new roots."""
    server.centre = mend(centre)

    assert (AuditCode.TRUST_REFUSED, verdict) in await attacked(seasoned)
    assert seasoned.store.identity.read().trust == centre.signed_trust


async def test_a_machine_that_missed_some_trust_walks_every_step(seasoned, server, centre):
    """The roots change twice meanwhile: only step by step do the old ones vouch for the newest."""
    second = centre.successor(
        roots=tuple(key(f"root-b{n}") for n in range(3)),
        signers=(*centre.roots[:2], key("root-b0"), key("root-b1")),
    )
    third = second.successor(
        roots=tuple(key(f"root-c{n}") for n in range(3)),
        signers=(*second.roots[:2], key("root-c0"), key("root-c1")),
        beacon=key("beacon-c"),
    )
    server.succeed(second)
    server.succeed(third)

    await attacked(seasoned)

    assert seasoned.store.identity.read().trust == third.signed_trust
    assert seasoned.shown.client is ClientState.CURRENT


async def test_a_changed_file_comes_as_its_difference(seasoned, server, centre):
    """PROTOCOL 2.8a: zstd with the old file as dictionary."""
    files = centre.reference_files(revocations=centre.revocations(version=4))
    server.publish(files, centre.snapshot(files, version=4, versions=dict.fromkeys(files, 4)))
    server.asked.clear()

    await seasoned.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert seasoned.store.reference.version()[0] == 4
    assert "delta" in server.asked
    assert "file" not in server.asked


@pytest.mark.parametrize(
    "answer",
    [
        404,
        web.json_response({"code": "file_unknown"}, status=404),
        web.Response(body=b"not zstd"),
        web.Response(body=bytes(100_000)),
        "<html>",
    ],
)
async def test_a_difference_that_gives_another_file_is_thrown_away(
    seasoned, server, centre, answer
):
    """The result must hash to the signed value, else the whole file is fetched."""
    files = centre.reference_files(revocations=centre.revocations(version=4))
    server.publish(files, centre.snapshot(files, version=4, versions=dict.fromkeys(files, 4)))
    server.misbehave("delta", answer)
    server.asked.clear()

    await seasoned.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert seasoned.store.reference.version()[0] == 4
    assert "file" in server.asked
