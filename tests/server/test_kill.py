"""`kill -9` of the server at any moment loses nothing that was acknowledged (PROTOCOL I4)."""

import asyncio
import random
import signal
from contextlib import suppress

import aiohttp
import pytest

from core.signature import SignatureType
from core.wire.ack import Ack
from core.wire.batch import MEDIA_TYPE
from core.wire.document import open_document
from server.store.database import open_store
from server.store.migrate import migrate
from server.store.tables import event
from server.views.check import check_views
from tests.fakes.device import Device, make_teacher
from tests.server.log_of_a_season import Desk, Season
from tests.server.process import Server
from tests.server.running import read_rows

pytestmark = pytest.mark.unmeasured

ROUNDS = 4
ENTRIES = 200


async def upload_until_cut_off(session, address, device, acked, centre):
    """Send the log on from the server's head; remember every answer that was signed."""
    first = max((seq for dev, seq in acked if dev == device.id), default=0) + 1
    with suppress(aiohttp.ClientError, TimeoutError):
        while first <= len(device.links):
            last = min(first + 7, len(device.links))
            async with session.post(
                f"{address}/v1/log/{device.id.hex()}",
                data=device.batch(first, last),
                headers={"Content-Type": MEDIA_TYPE},
            ) as response:
                body = await response.read()
            assert response.status == 200, body
            keys = {centre.receipt.id: centre.receipt.public}
            ack = open_document(SignatureType.ACK, body, Ack, keys)
            for seq, log_index, _ in ack.items:
                acked[device.id, seq] = (device.links[seq - 1].hash, log_index)
            first = ack.through + 1


@pytest.fixture
def prepared(database_url, tmp_path):
    """A home folder and machines with long logs."""
    season = Season()
    season.centre.write_home(tmp_path / "home")
    devices = [Device(season.centre) for _ in range(4)]
    for device in devices:
        for number in range(ENTRIES):
            if number % 4:
                device.add_boot()
            else:
                device.revise(make_teacher(number), wishes=2)
    store = open_store(database_url)
    migrate(store)
    Desk(season, store).certify(*devices)
    yield season.centre, devices, store, tmp_path / "home"
    store.close()


async def test_whatever_was_acknowledged_survives_every_kill(prepared, database_url, root, seed):
    centre, devices, store, home = prepared
    moments = random.Random(seed)  # noqa: S311 - when to kill
    server = Server(home, database_url, root)
    acked = {}
    for _ in range(ROUNDS):
        address = await server.start()
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            uploads = [
                asyncio.create_task(upload_until_cut_off(session, address, d, acked, centre))
                for d in devices
            ]
            await asyncio.sleep(moments.uniform(0.01, 0.25))
            await server.stop(signal.SIGKILL)
            await asyncio.gather(*uploads)

    address = await server.start()
    async with aiohttp.ClientSession() as session:
        for device in devices:
            await upload_until_cut_off(session, address, device, acked, centre)
    ended = await server.stop(signal.SIGTERM)

    with store.reading() as connection:
        rows = read_rows(connection, event)
    stored = {(row["dev"], row["seq"]): (row["eh"], row["log_index"]) for row in rows}
    assert stored == acked
    assert sorted(row["log_index"] for row in rows) == list(range(1, len(rows) + 1))
    assert len(rows) == ENTRIES * len(devices)
    assert check_views(store).equal
    assert ended == 0
    assert not server.address.exists()
