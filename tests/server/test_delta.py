"""`GET /v1/delta/{from}/{to}`: changed lists travel as differences (PROTOCOL 2.8a)."""

import asyncio
import hashlib

import pytest

from core.wire.delta import decode_delta, encode_delta
from core.wire.reference import ReferenceFile, SchoolRow
from server.deltas import Deltas
from server.store.writer import BusyError
from tests.server import bench_delta
from tests.server.test_reference import fetch, notice, publish


def schools(changed=0):
    """A list of 600 schools, ``changed`` of them with another township."""
    return ReferenceFile(
        kind="schools",
        schools=tuple(
            SchoolRow(
                f"{number:06d}",
                f"市立第{number * 7919 % 10007:05d}國小",
                f"第{number}",
                "01",
                "新店區" if number < changed else "烏來區",
                "elementary",
                (),
                delegated=True,
            )
            for number in range(600)
        ),
    )


def named(data):
    return hashlib.sha256(data).hexdigest()


async def published(server, centre, versions=2):
    """The bytes of a list that changed a little from version to version."""
    found = []
    for number in range(1, versions + 1):
        release = centre.publish(
            number,
            {"schools-elementary": (number, schools(number)), "notices": (1, notice("注意"))},
        )
        await publish(server, release)
        found.append(release[1][0])
    return found, release[1][1]


async def test_the_difference_makes_the_newer_file_of_the_older(server, centre):
    (older, newer), _ = await published(server, centre)

    status, made = await fetch(server, f"/v1/delta/{named(older)}/{named(newer)}")

    assert status == 200
    assert decode_delta(older, made, len(newer)) == newer
    assert len(made) < len(newer) // 50


async def test_a_machine_that_missed_some_versions_gets_there_in_one_step(server, centre):
    lists, _ = await published(server, centre, 4)

    status, made = await fetch(server, f"/v1/delta/{named(lists[0])}/{named(lists[3])}")

    assert (status, decode_delta(lists[0], made, len(lists[3]))) == (200, lists[3])


async def test_only_versions_of_one_file_up_to_the_one_in_force_have_a_difference(server, centre):
    (first, second, third), other = await published(server, centre, 3)
    pairs = {
        "backwards": (third, first),
        "not in force any more": (first, second),
        "to itself": (third, third),
        "another file": (other, third),
        "never published": (b"x", third),
        "to nothing": (first, b"x"),
    }

    answers = {
        how: await fetch(server, f"/v1/delta/{named(a)}/{named(b)}")
        for how, (a, b) in pairs.items()
    }

    assert {status for status, _ in answers.values()} == {404}
    assert (await fetch(server, f"/v1/delta/{named(first)}/zz"))[0] == 400


async def test_before_the_first_release_there_is_no_difference(server):
    assert (await fetch(server, f"/v1/delta/{'00' * 32}/{'11' * 32}"))[0] == 404


def pair_of(older, newer):
    return hashlib.sha256(older).digest(), hashlib.sha256(newer).digest()


async def test_asked_by_many_at_once_it_is_made_once(server, centre):
    (older, newer), _ = await published(server, centre)
    made = []

    def make(old, new):
        made.append((old, new))
        return encode_delta(old, new)

    asked = Deltas(server.context.store, make=make)

    answers = await asyncio.gather(*(asked.find(*pair_of(older, newer)) for _ in range(20)))
    again = await asked.find(*pair_of(older, newer))

    assert set(answers) == {again}
    assert made == [(older, newer)]
    await asked.stop()


async def test_what_is_kept_stays_within_its_memory(server, centre):
    lists, _ = await published(server, centre, 4)
    asked = Deltas(server.context.store, kept_bytes=1)

    made = [await asked.find(*pair_of(old, lists[3])) for old in lists[:3]]

    assert all(made)
    assert asked.kept_bytes == 0
    await asked.stop()


async def test_more_differences_at_once_than_are_waited_for_are_put_off(server, centre):
    lists, _ = await published(server, centre, 3)
    asked = Deltas(server.context.store, waiting_at_most=0)

    with pytest.raises(BusyError):
        await asked.find(*pair_of(lists[0], lists[2]))
    await asked.stop()


async def test_files_that_the_signed_list_does_not_name_are_not_kept(server, centre):
    signed, files = centre.publish(1, {"notices": (1, notice("注意"))})

    await publish(server, (signed, [*files, b"ballast" * 1000]))

    assert (await fetch(server, f"/v1/file/{named(b'ballast' * 1000)}"))[0] == 404
    assert (await fetch(server, f"/v1/file/{named(files[0])}"))[0] == 200


def test_sixty_changed_rows_of_the_real_list_take_less_than_a_kilobyte(shared_data):
    figures = bench_delta.measure(shared_data)

    assert figures["schools"] > 2000
    assert figures["delta_bytes"] <= 1024
