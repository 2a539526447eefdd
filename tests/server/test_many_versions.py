"""However many versions of an application a machine files, the next one costs hardly more.

Calls of our own functions are counted, not time: what grows with the versions is seen anywhere.
"""

import asyncio
import sys

import pytest

from core.wire.batch import EVENTS_AT_MOST
from server.store.tables import application, revision
from server.views.application import renew
from server.views.check import check_views
from tests.fakes.device import Device, make_officer, make_teacher

MANY = 3 * EVENTS_AT_MOST
CALLS_FOR_EACH = 2  # the names of its parents; to read a whole version takes nine
OURS = ("core.", "server.")


async def filed(server, count, *, chained, number=1):
    """A machine with so many versions of one application, each after the one before or none."""
    device, officer, teacher = (
        Device(server.centre),
        make_officer(server.centre),
        make_teacher(number),
    )
    await server.enrol(device, officer)
    device.register(teacher, officer)
    parents = ()
    for version in range(1, count + 1):
        link = device.revise(teacher, version=version, parents=parents if chained else ())
        parents = (link.hash,)
    return device, teacher


async def send_all(server, device):
    for first in range(1, len(device.links) + 1, EVENTS_AT_MOST):
        await server.send(device, first, first + EVENTS_AT_MOST - 1)


async def calls_of_renewing(server, app):
    """How many functions of ours are called to bring an application up to date."""
    counted = 0

    def count(frame, what, _argument):
        nonlocal counted
        counted += what == "call" and frame.f_globals["__name__"].startswith(OURS)

    def work(connection):
        renew(connection, [app])  # what is prepared once is prepared
        sys.setprofile(count)
        try:
            renew(connection, [app])
        finally:
            sys.setprofile(None)

    await server.context.store.write(work)
    return counted


@pytest.mark.parametrize("chained", [True, False], ids=["in a row", "side by side"])
async def test_a_flood_of_versions_is_kept_whole_and_makes_the_next_hardly_dearer(server, chained):
    hostile, teacher = await filed(server, MANY, chained=chained)
    honest, other = await filed(server, 2, chained=True, number=2)

    await asyncio.gather(send_all(server, hostile), send_all(server, honest))
    few = await calls_of_renewing(server, other.app)
    many = await calls_of_renewing(server, teacher.app)

    rows = {row["app"]: row for row in await server.rows(application)}
    versions = [row for row in await server.rows(revision) if row["app"] == teacher.app]
    assert len(versions) == MANY
    assert rows[teacher.app]["state"] == ("current" if chained else "conflict")
    assert rows[teacher.app]["version"] == (MANY if chained else None)
    assert len(rows[teacher.app]["heads"]) == 32 * (1 if chained else MANY)
    assert many - few < MANY * CALLS_FOR_EACH
    assert check_views(server.context.store).equal


async def test_a_teacher_may_change_her_mind_two_hundred_times(server):
    device, teacher = await filed(server, 200, chained=True)

    await send_all(server, device)

    (row,) = await server.rows(application)
    assert (row["app"], row["state"], row["version"]) == (teacher.app, "current", 200)
