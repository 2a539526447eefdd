"""How much is taken: quotas, one batch at a time, bounded queue and memory (PROTOCOL 2.7)."""

import asyncio
import threading
from itertools import islice

import pytest

from server.api.inbox import READING
from server.appending import DAY_MS
from server.config import Limits, ServerConfig
from server.store.tables import event, head
from tests.fakes.device import NOON_MS, Device, frame_bytes
from tests.server.running import start

TURN_S = 2.5  # long enough for one honest upload while other tests run


@pytest.fixture
def serve(database_url, centre, tmp_path):
    """A server with limits of the test's own."""
    centre.write_home(tmp_path / "home")

    def build(limits):
        config = ServerConfig(home=tmp_path / "home", database=database_url, limits=limits)
        return start(config, NOON_MS, centre)

    return build


async def enrolled(server, entries):
    device = Device(server.centre)
    await server.enrol(device)
    for _ in range(entries):
        device.add_boot()
    return device


async def test_the_quota_of_a_day_is_counted_in_entries_and_ends_with_the_day(serve):
    async with serve(Limits(day_events=4)) as server:
        device = await enrolled(server, 6)

        first = await server.upload(device, device.batch())
        second = await server.upload(device, device.batch(5))
        server.clock.now_ms += DAY_MS
        third = await server.upload(device, device.batch(5))

        assert (first.status, first.ack.through) == (200, 4)
        assert (second.status, second.code) == (507, "quota")
        assert (third.status, third.ack.through) == (200, 6)


async def test_the_day_changes_at_midnight_in_taiwan(serve):
    midnight_ms = NOON_MS // DAY_MS * DAY_MS + DAY_MS - 8 * 3_600_000
    async with serve(Limits(day_events=1)) as server:
        device = await enrolled(server, 3)
        server.clock.now_ms = midnight_ms - 1
        await server.upload(device, device.batch(1, 1))

        before = await server.upload(device, device.batch(2, 2))
        server.clock.now_ms = midnight_ms
        after = await server.upload(device, device.batch(2, 2))

        assert (before.status, after.status) == (507, 200)


async def test_the_quota_of_a_day_is_counted_in_bytes_too(serve):
    async with serve(Limits(day_bytes=1000)) as server:
        device = await enrolled(server, 20)
        size = frame_bytes(device.links[0])

        answered = await server.upload(device, device.batch())

        assert answered.ack.through == 1000 // size
        assert (await server.rows(head))[0]["day_bytes"] <= 1000


async def test_the_quota_of_a_season_outlives_the_day(serve):
    async with serve(Limits(season_bytes=600)) as server:
        device = await enrolled(server, 20)
        await server.upload(device, device.batch())
        kept = len(await server.rows(event))
        server.clock.now_ms += 30 * DAY_MS

        answered = await server.upload(device, device.batch(kept + 1))

        assert (answered.status, answered.code) == (507, "quota")
        assert len(await server.rows(event)) == kept


async def test_entries_sent_again_cost_no_quota(serve):
    async with serve(Limits(day_events=3)) as server:
        device = await enrolled(server, 3)

        answers = [await server.upload(device, device.batch()) for _ in range(5)]

        assert {answered.status for answered in answers} == {200}


async def test_of_two_uploads_at_once_one_waits_its_turn(serve):
    async with serve(Limits()) as server:
        device = await enrolled(server, 100)
        batch = device.batch()

        answers = await asyncio.gather(*(server.upload(device, batch) for _ in range(8)))

        statuses = sorted(answered.status for answered in answers)
        assert statuses[0] == 200
        assert set(statuses) <= {200, 429}
        refused = [answered for answered in answers if answered.status == 429]
        assert refused
        assert all((r.code, r.retry_after) == ("in_flight", "1") for r in refused)
        assert len(await server.rows(event)) == 100


async def test_two_different_continuations_at_once_leave_one_log(serve):
    async with serve(Limits()) as server:
        device = await enrolled(server, 1)
        await server.send(device)
        clone = device.branch(1)
        clone.now_ms += 5
        for one in (device, clone):
            one.add_boot()

        answers = await asyncio.gather(
            server.upload(device, device.batch(2)), server.upload(clone, clone.batch(2))
        )

        assert sorted(answered.status for answered in answers) in ([200, 409], [200, 429])
        assert len(await server.rows(event)) == 2


async def test_given_a_full_queue_then_busy_and_nothing_is_lost(serve):
    async with serve(Limits(waiting_at_most=2)) as server:
        devices = [await enrolled(server, 1) for _ in range(6)]
        hold, held = threading.Event(), threading.Event()

        def block(_):
            held.set()
            hold.wait(60)

        blocked = asyncio.create_task(server.context.store.write(block))
        await asyncio.to_thread(held.wait, 10)

        uploads = [asyncio.create_task(server.upload(d, d.batch())) for d in devices]
        for soonest in islice(asyncio.as_completed(uploads), 4):
            await soonest
        hold.set()
        await blocked
        answers = await asyncio.gather(*uploads)

        statuses = sorted(answered.status for answered in answers)
        assert statuses == [200, 200, 503, 503, 503, 503]
        assert {a.retry_after for a in answers if a.status == 503} == {"2"}
        again = [await server.upload(d, d.batch()) for d in devices]
        assert {answered.status for answered in again} == {200}
        assert len(await server.rows(event)) == 6


async def test_more_bytes_in_flight_than_memory_is_set_aside_for_are_put_off(serve):
    async with serve(Limits(bytes_in_flight=10)) as server:
        device = await enrolled(server, 1)

        answered = await server.upload(device, device.batch())

        assert (answered.status, answered.code, answered.retry_after) == (503, "busy", "2")


async def test_a_sender_that_never_ends_is_cut_off_and_frees_its_place(serve):
    async with serve(Limits(deadline_s=TURN_S)) as server:
        device = await enrolled(server, 1)

        async def dribble():
            yield b"TTB1"
            await asyncio.sleep(60)
            yield b"never"

        slow = await server.upload(device, dribble())
        answered = await server.upload(device, device.batch())

        assert (slow.status, slow.code) == (408, "timeout")
        assert answered.status == 200


async def test_an_upload_whose_sender_hung_up_is_stored_all_the_same(serve):
    async with serve(Limits(deadline_s=TURN_S)) as server:
        device = await enrolled(server, 1)
        hold, held = threading.Event(), threading.Event()

        def block(_):
            held.set()
            hold.wait(60)

        blocked = asyncio.create_task(server.context.store.write(block))
        await asyncio.to_thread(held.wait, 10)

        answered = await server.upload(device, device.batch())
        hold.set()
        await blocked

        await server.context.store.write(lambda _: None)  # behind the upload in the queue
        again = await server.upload(device, device.batch())

        assert (answered.status, again.status) == (408, 200)
        assert len(await server.rows(event)) == 1


async def test_a_machine_that_reads_its_inbox_in_a_circle_is_slowed_and_no_other(serve):
    async with serve(Limits(inbox_pages_a_minute=3)) as server:
        reader, other = await enrolled(server, 1), await enrolled(server, 1)
        _, beacon = await server.beacon(reader.id)
        statement, path = reader.statement(beacon), f"/v1/inbox/{reader.id.hex()}"

        answers = []
        for _ in range(4):
            async with server.client.post(path, data=statement) as response:
                answers.append((response.status, response.headers.get("Retry-After")))

        assert answers == [(200, None)] * 3 + [(429, "1")]
        assert await server.inbox(other) == ()


async def test_nobody_else_uses_up_what_a_machine_may_read(serve):
    async with serve(Limits(inbox_pages_a_minute=1)) as server:
        device, other = await enrolled(server, 1), await enrolled(server, 1)
        _, beacon = await server.beacon(device.id)
        path = f"/v1/inbox/{device.id.hex()}"

        for _ in range(3):
            async with server.client.post(path, data=other.statement(beacon)) as response:
                assert response.status == 403

        assert await server.inbox(device) == ()


@pytest.mark.parametrize("path", ["/login", "/login/card"])
async def test_a_form_that_never_ends_is_cut_off(serve, path):
    async with serve(Limits(deadline_s=TURN_S)) as server:

        async def dribble():
            yield b"login="
            await asyncio.sleep(60)
            yield b"never"

        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        async with server.client.post(path, data=dribble(), headers=headers) as response:
            assert response.status == 408


async def test_what_strangers_send_takes_nothing_that_is_set_aside_for_machines(serve):
    async with serve(Limits(strangers_bytes=10)) as server:
        device = await enrolled(server, 1)

        stranger = await server.post("/v1/certificates", bytes(100))
        answered = await server.upload(device, device.batch())

        assert (stranger.status, stranger.code) == (503, "busy")
        assert answered.status == 200


async def test_a_machine_is_sent_one_page_of_its_inbox_at_a_time(serve):
    async with serve(Limits()) as server:
        device = await enrolled(server, 1)
        _, beacon = await server.beacon(device.id)
        path, statement = f"/v1/inbox/{device.id.hex()}", device.statement(beacon)

        server.context.ingest.arrive(READING + device.id)
        async with server.client.post(path, data=statement) as response:
            second = response.status, await response.json(), response.headers["Retry-After"]
        server.context.ingest.depart(READING + device.id)

        assert second == (429, {"code": "in_flight"}, "1")
        assert await server.inbox(device) == ()
