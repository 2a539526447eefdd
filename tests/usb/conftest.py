"""A centre, its server at work, and a kiosk without a line."""

import pytest

from server.config import ServerConfig
from tests.fakes.centre import Centre
from tests.fakes.device import NOON_MS
from tests.server.running import start
from tests.usb.kiosk import make_kiosk


@pytest.fixture
def centre():
    return Centre()


@pytest.fixture
async def server(centre, tmp_path):
    home = tmp_path / "home"
    centre.write_home(home)
    async with start(ServerConfig(home=home), NOON_MS, centre) as running:
        yield running


@pytest.fixture
def kiosk(centre, tmp_path):
    made = make_kiosk(tmp_path / "kiosk.db", centre)
    yield made
    made.store.close()


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder
