"""The disk is full: people can read, are told, lose nothing, and all goes on once there is room."""

import asyncio
import sys

import pytest

from server.config import ServerConfig
from server.store.database import open_store as open_server_store
from server.store.migrate import migrate
from server.views.check import check_views
from syncd.station import Settings, create_station
from syncd.store.database import open_store
from syncd.store.fault import StoreFull
from syncd.store.link_state import LinkState
from tests.fakes.centre import Centre as ServersCentre
from tests.fakes.device import Device, make_teacher
from tests.faults.small_disk import fill_up, small_disk
from tests.server.console.desk import Desk
from tests.server.running import start
from tests.server.season.country import Country
from tests.syncd.centre import Centre
from tests.syncd.machine import (
    STORE_KEY,
    append,
    append_until_full,
    enrolled_store,
    identity_of,
)
from tests.syncd.small_server import SmallServer

READY_S = 90.0
STALE_MS = 120_000


@pytest.fixture
def disk(tmp_path):
    """A file system of 6 MB."""
    with small_disk(tmp_path / "disk", "6m") as folder:
        yield folder


async def send_until_refused(server, device):
    """Entries with payload until the server has no room; how many it has signed for."""
    teacher, through = make_teacher(1), 0
    while True:
        device.revise(teacher, wishes=100)
        answered = await server.upload(device, device.batch(len(device.links)))
        if answered.status != 200:
            return through, answered
        through = answered.ack.through


async def test_a_server_on_a_full_disk_reads_refuses_loses_nothing_and_goes_on(disk):
    """PROTOCOL 4.2, disk full, on the server's side."""
    centre, home = ServersCentre(), disk / "home"
    centre.write_home(home)
    config = ServerConfig(home=home)
    store = open_server_store(config.database_url)
    await asyncio.to_thread(migrate, store)
    country = Country(store, centre)
    async with start(config, country.now_ms, centre) as server:
        desk = Desk(running=server, country=country)
        await desk.enter("host1")
        device = Device(centre)
        await server.enrol(device)
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(2_000_000))
        device.add_boot()
        await server.send(device)
        fill_up(disk / "rest")

        through, refused = await send_until_refused(server, device)
        desk.at(country.now_ms + STALE_MS)
        overview = await desk.get("/")
        applications = await desk.get("/applications")
        asked = await desk.send("/", "/logout")
        beacon, _ = await server.beacon(device.id)
        held = await server.log_of(device)

        assert (refused.status, refused.code, refused.retry_after) == (503, "store", "10")
        assert held == [link.hash for link in device.links[: max(through, 1)]]
        assert beacon.cursor[1] == len(held)
        assert (overview.status, applications.status) == (200, 200)
        assert asked.status == 503
        assert "沒有做任何變更" in asked.text

        ballast.unlink()
        ack = await server.send(device, len(held) + 1)
        left = await desk.send("/", "/logout")

        assert ack.through == len(device.links)
        assert await server.log_of(device) == [link.hash for link in device.links]
        assert left.status == 303
    assert check_views(store).equal
    store.close()


async def test_nobody_can_log_in_while_the_disk_is_full_and_is_told_so(disk):
    centre, home = ServersCentre(), disk / "home"
    centre.write_home(home)
    config = ServerConfig(home=home)
    store = open_server_store(config.database_url)
    await asyncio.to_thread(migrate, store)
    country = Country(store, centre)
    async with start(config, country.now_ms, centre) as server:
        desk = Desk(running=server, country=country)
        await desk.enter("host1")
        desk.running.client.session.cookie_jar.clear()
        device = Device(centre)
        await server.enrol(device)
        fill_up(disk / "ballast")
        await send_until_refused(server, device)

        told = await desk.send("/login", "/login", login="host1", password="x")  # noqa: S106

        assert told.status == 503
        assert "資料庫暫時無法使用" in told.text
    store.close()


@pytest.fixture
async def station(disk, aiohttp_server):
    """A station on the small disk, its small server, and its daemon as a process."""
    centre = Centre()
    settings = Settings(server="http://127.0.0.1:1", name="KH-0231")
    folder = disk / "station"
    made = create_station(folder, settings, centre.root_file)
    identity = identity_of(centre, made.log_key)
    small = SmallServer(centre, certificate=identity.certificate)
    running = await aiohttp_server(small.app())
    url = str(running.make_url("/"))
    made = create_station(folder, Settings(server=url, name="KH-0231"), centre.root_file)
    with made.open_store() as store:
        with store.transaction():
            store.identity.write(identity)
            store.link_state.write(LinkState())
        yield made, store, small


async def until(condition, what):
    """Look again and again."""
    async with asyncio.timeout(READY_S):
        while not condition():  # noqa: ASYNC110 - another process brings it about
            await asyncio.sleep(0.05)
    assert condition(), what


async def test_a_kiosk_and_its_daemon_outlast_a_full_disk(station, disk, tmp_path):
    """PROTOCOL 4.2, disk full, on the kiosk's side: two processes on one store."""
    made, store, small = station
    with (tmp_path / "syncd.log").open("wb") as log:
        words = ["syncd", "run", "--station", str(made.folder), "--beacon-s", "0.1"]
        daemon = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "jiepin", *words, stderr=log
        )
    try:
        await until(lambda: small.log and store.outbox.pending() == 0, "first delivery")
        fill_up(disk / "ballast")
        written = append_until_full(store, made.log_key)
        await asyncio.sleep(1)
        still_there = daemon.returncode is None
        readable = len(store.ledger.links(1, 5000))

        (disk / "ballast").unlink()
        append(store, log_key=made.log_key)
        await until(lambda: len(small.log) > readable, "delivery after there is room")
        await until(lambda: store.outbox.pending() == 0, "everything")
    finally:
        daemon.terminate()
        ended = await daemon.wait()

    hashes = [link.hash for link in store.ledger.links(1, 5000)]
    assert still_there
    assert readable >= written
    assert ended == 0
    assert [link.hash for link in small.log] == hashes[: len(small.log)]
    store.check()


def test_a_machine_that_starts_on_a_full_disk_can_be_read_and_goes_on_once_there_is_room(disk):
    """Even reading takes room: some is kept beside the store for that."""
    path, ballast = disk / "kiosk.db", disk / "ballast"
    with enrolled_store(path) as store:
        append(store)
    fill_up(ballast)

    with open_store(path, STORE_KEY) as store:
        written = 1 + append_until_full(store)
        assert len(store.ledger.links(1, 5000)) == written
        assert not (disk / "kiosk.db-room").exists()
        ballast.unlink()
        append(store)
        store.check()

    with open_store(path, STORE_KEY) as store:
        assert store.ledger.head().seq == written + 1
        assert (disk / "kiosk.db-room").exists()


def test_where_nothing_fits_at_all_the_disk_is_said_to_be_full_and_not_to_be_broken(disk):
    path = disk / "kiosk.db"
    enrolled_store(path).close()
    (disk / "kiosk.db-room").unlink()
    fill_up(disk / "ballast")

    with pytest.raises(StoreFull, match="room"):
        open_store(path, STORE_KEY)
