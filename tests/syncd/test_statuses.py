"""Every row of the table of statuses of PROTOCOL 2.7, with the real client and daemon."""

import pytest
from aiohttp import web

from core.wire.client import ClientState, Delivery
from core.wire.talk import HOUR_MS, MINUTE_MS
from tests.syncd.machine import append


def answer(status, code="because", **headers):
    """A refusal in our form."""
    return web.json_response({"code": code}, status=status, headers=headers)


@pytest.fixture
async def waiting(daemon):
    """A daemon that has delivered everything, with one entry more to send."""
    await daemon.turn()
    append(daemon.store)
    return daemon


def times(server, route):
    return server.asked.count(route)


async def tried_within(daemon, server, ms, step_ms=1000):
    """How often it uploaded meanwhile."""
    before = times(server, "log")
    await daemon.pass_ms(ms, step_ms=step_ms)
    return times(server, "log") - before


async def test_200_that_stored_a_part_only_goes_on_after_it(waiting, server):
    append(waiting.store)
    held = len(server.log)
    server.ack_changes = {}
    real = server._append  # noqa: SLF001

    def half(batch):
        """Stores the first entry and says so."""
        status, code, failed, items = real(batch)
        server.log = server.log[: held + 1]
        return status, code, failed, items[:1]

    server._append = half  # noqa: SLF001
    await waiting.turn()
    server._append = real  # noqa: SLF001
    await waiting.pass_ms(5000)

    assert waiting.store.outbox.pending() == 0
    assert [link.hash for link in server.log] == [
        link.hash for link in waiting.store.ledger.links(1, 99)
    ]


async def test_202_for_evidence_goes_on_to_the_end_of_the_log(waiting, server):
    server.log[-1] = waiting.store.ledger.links(1, 1)[0]

    await waiting.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert waiting.shown.client is ClientState.FORKED
    assert len(server.evidence) == len(waiting.kinds())


@pytest.mark.parametrize(
    ("status", "attention"),
    [
        (400, "format"),
        (401, "unknown_device"),
        (403, "scope"),
        (404, "absent"),
        (410, "revoked_unproved"),
        (418, "status"),
    ],
)
async def test_what_people_must_settle_is_shown_and_tried_hourly(
    waiting, server, status, attention
):
    """Without a signature it may be anybody's word: hourly again (ADR 0011), work goes on."""
    server.misbehave("log", answer(status), answer(status))
    await waiting.turn()
    assert waiting.shown.attention == attention
    assert append(waiting.store)

    soon = await tried_within(waiting, server, HOUR_MS - 2 * MINUTE_MS, MINUTE_MS)
    later = await tried_within(waiting, server, 4 * HOUR_MS, MINUTE_MS)

    assert soon == 0
    assert 1 < later <= 6
    assert waiting.store.outbox.pending() == 0
    assert waiting.shown.attention is None


async def test_426_asks_for_new_software_and_work_goes_on(waiting, server):
    """The beacon says which protocol is spoken: it lifts what it did not say itself."""
    server.beacon_changes = {"min_proto": 2}
    await waiting.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)
    assert append(waiting.store)

    tries = await tried_within(waiting, server, 3 * HOUR_MS, MINUTE_MS)

    assert (tries, waiting.shown.attention) == (0, "upgrade")
    server.beacon_changes = {}
    await waiting.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)
    assert waiting.store.outbox.pending() == 0


async def test_426_of_an_upload_is_shown(waiting, server):
    server.misbehave("log", answer(426))

    await waiting.turn()

    assert waiting.shown.attention == "upgrade"
    assert append(waiting.store)


async def test_404_for_the_inbox_makes_it_ask_with_a_new_beacon(waiting, server):
    server.tell("inbox.retire", {"reason": "範例"})
    server.misbehave("inbox", answer(404, "beacon_unknown"))

    await waiting.pass_ms(11 * MINUTE_MS, step_ms=MINUTE_MS)

    assert waiting.store.inbox.after() == 1


async def test_409_gap_moves_the_cursor_back(waiting, server):
    await waiting.turn()
    for _ in range(4):
        append(waiting.store)
    del server.log[2:]

    await waiting.turn()
    await waiting.pass_ms(5000)

    assert waiting.store.outbox.pending() == 0
    assert len(server.log) == len(waiting.kinds())


async def test_409_fork_stops_everything(waiting, server):
    server.ack_changes = {"code": "fork"}

    await waiting.turn()

    assert waiting.shown.client is ClientState.FORKED


async def test_409_without_our_signature_is_no_reason_to_stop(waiting, server):
    server.misbehave("log", answer(409, "fork"))

    await waiting.turn()

    assert waiting.shown.client is not ClientState.FORKED


@pytest.mark.parametrize("status", [409, 410, 422])
async def test_a_status_changed_on_the_way_stops_nothing(waiting, server, status):
    """It is under no signature; the code inside the answer is."""
    server.misbehave("log", lambda told: web.Response(body=told.body, status=status))

    await waiting.turn()

    assert waiting.shown.client is ClientState.CURRENT
    assert waiting.shown.attention is None
    assert waiting.store.outbox.pending() == 0


async def test_410_that_the_server_signed_ends_the_talk(waiting, server):
    server.revoked = True
    await waiting.turn()

    server.asked.clear()
    await waiting.pass_ms(HOUR_MS, step_ms=MINUTE_MS)

    assert waiting.shown.client is ClientState.REVOKED
    assert server.asked == []


async def test_413_halves_the_batch_until_it_fits(daemon, server):
    await daemon.turn()
    for _ in range(16):
        append(daemon.store)
    server.bodies.clear()
    server.misbehave("log", *[answer(413) for _ in range(3)])

    await daemon.turn()
    await daemon.pass_ms(30_000)

    sizes = [len(body) for body in server.bodies]
    assert sizes[0] > sizes[1] > sizes[2] > sizes[3]
    assert daemon.store.outbox.pending() == 0


async def test_413_for_a_single_entry_is_for_people(waiting, server):
    server.misbehave("log", *[answer(413) for _ in range(9)])

    await waiting.pass_ms(30_000)

    assert waiting.shown.attention == "too_large"
    assert waiting.store.outbox.pending() >= 1


async def test_422_keeps_what_was_before_and_shows_the_entry(waiting, server):
    """Recovery is by a new incarnation, never by editing."""
    held = len(server.log)
    for _ in range(3):
        append(waiting.store)
    server.break_at = held + 3

    await waiting.turn()

    deliveries = [waiting.store.outbox.delivery(held + n) for n in (1, 2, 3, 4)]
    assert deliveries[:3] == [Delivery.DELIVERED, Delivery.DELIVERED, Delivery.ATTENTION]
    assert deliveries[3] is Delivery.STORED
    assert waiting.shown.attention == "malformed"
    assert await tried_within(waiting, server, HOUR_MS - 2 * MINUTE_MS, MINUTE_MS) == 0


@pytest.mark.parametrize("status", [425, 429, 503])
async def test_later_means_not_before_the_stated_time(waiting, server, status):
    headers = {"Retry-After": "600"}
    server.misbehave("log", answer(status, **headers))
    await waiting.turn()

    early = await tried_within(waiting, server, 590_000, 10_000)
    then = await tried_within(waiting, server, 90_000, 10_000)

    assert (early, then >= 1) == (0, True)
    assert waiting.store.outbox.pending() == 0


async def test_429_slows_down_and_success_speeds_up_again(waiting, server):
    server.misbehave("log", *[answer(429) for _ in range(5)])
    await waiting.turn()
    await waiting.pass_ms(3 * MINUTE_MS)
    slow = waiting.talk.standing.gap_ms

    for _ in range(60):
        append(waiting.store)
        await waiting.pass_ms(MINUTE_MS, step_ms=10_000)
    await waiting.pass_ms(6 * MINUTE_MS, step_ms=MINUTE_MS)

    assert slow >= 4_000
    assert waiting.talk.standing.gap_ms < slow
    assert waiting.store.outbox.pending() == 0


@pytest.mark.parametrize("status", [408, 500, 502, 504, 599])
async def test_an_unknown_fate_sends_the_same_bytes_again(waiting, server, status):
    server.bodies.clear()
    server.misbehave("log", answer(status), answer(status))

    await waiting.turn()
    append(waiting.store)
    await waiting.pass_ms(20_000)

    assert len(server.bodies) >= 3
    assert server.bodies[0] == server.bodies[1] == server.bodies[2]
    assert waiting.store.outbox.pending() == 0


async def test_507_rings_and_is_tried_again(waiting, server):
    server.misbehave("log", answer(507, "quota"))

    await waiting.turn()
    told = waiting.store.link_state.read().attention
    await waiting.pass_ms(5000)

    alarms = [
        link.event.body["code"]
        for link in waiting.store.ledger.links(1, 99)
        if link.event.kind == "sync.fail"
    ]
    assert alarms == ["quota"]
    assert waiting.store.outbox.pending() == 0
    assert (told, waiting.store.link_state.read().attention) == ("quota", None)
