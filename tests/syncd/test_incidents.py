"""故障回報 of the kiosk: told at once, told again until it is heard, never in anybody's way."""

import pytest
from aiohttp import web

from syncd.store.incidents import KEPT, StoredIncident
from syncd.store.moment import Moment
from tests.syncd.centre import NOON_MS

STATE = "service=failed device=fine readers=1"
TOLD = StoredIncident(number="7HK2QX", wall_ms=NOON_MS, state=STATE)


def report(store, number="7HK2QX", wall_ms=NOON_MS):
    moment = Moment(wall_ms=wall_ms, boot_ms=0, boot_id=bytes(8))
    with store.transaction():
        store.incidents.add(number, STATE, moment)


def _absent(_):
    return web.json_response({"code": "not_found"}, status=404)


def _wrong(_):
    return web.json_response({"code": "incident"}, status=400)


async def test_an_incident_is_told_at_once_and_only_once(daemon, server):
    await daemon.turn()
    report(daemon.store)
    assert daemon.store.incidents.open() == (TOLD,)

    await daemon.turn()
    await daemon.pass_ms(10 * 60_000, step_ms=30_000)

    assert daemon.store.incidents.open() == ()
    assert [(each.number, each.t, each.state) for each in server.incidents] == [
        ("7HK2QX", NOON_MS, STATE)
    ]


async def test_what_was_reported_off_line_goes_with_the_first_beacon_oldest_first(
    store, daemon, server
):
    report(store, "ABCDEF", NOON_MS - 1)
    report(store)

    await daemon.turn()

    assert [each.number for each in server.incidents] == ["ABCDEF", "7HK2QX"]


async def test_a_centre_that_knows_no_incidents_is_asked_again_and_the_rest_goes_on(daemon, server):
    server.misbehave("incident", _absent, _absent)
    await daemon.turn()
    report(daemon.store)

    await daemon.turn()
    waiting = daemon.store.incidents.open()
    await daemon.pass_ms(20 * 60_000, step_ms=30_000)

    assert waiting == (TOLD,)
    assert daemon.store.incidents.open() == ()
    assert {(each.number, each.t) for each in server.incidents} == {("7HK2QX", NOON_MS)}
    assert daemon.shown.attention is None


async def test_one_that_cannot_be_read_keeps_the_others_from_nothing(daemon, server):
    server.misbehave("incident", _wrong)
    await daemon.turn()
    report(daemon.store, "ABCDEF")
    report(daemon.store)

    await daemon.turn()

    assert daemon.store.incidents.open() == ()
    assert [each.number for each in server.incidents] == ["ABCDEF", "7HK2QX"]


def test_of_many_the_newest_are_kept(store):
    for number in range(KEPT + 5):
        report(store, f"N{number}", NOON_MS + number)

    assert [each.number for each in store.incidents.open()] == [
        f"N{number}" for number in range(5, KEPT + 5)
    ]


def test_nothing_is_written_outside_a_transaction(store):
    with pytest.raises(RuntimeError):
        store.incidents.sent(TOLD, Moment(wall_ms=1, boot_ms=0, boot_id=bytes(8)))
