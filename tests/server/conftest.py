"""A server under test: the real application on a real socket, on either database."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server.config import ServerConfig
from server.store.database import Store, open_store
from server.store.migrate import migrate
from tests.fakes.centre import Centre
from tests.fakes.device import NOON_MS
from tests.server.running import Running, start


@pytest.fixture
def centre() -> Centre:
    """The centre's keys."""
    return Centre()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A migrated database of its own, without a server."""
    opened = open_store(database_url)
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
async def server(database_url: str, centre: Centre, tmp_path: Path) -> AsyncIterator[Running]:
    """A running server."""
    home = tmp_path / "home"
    centre.write_home(home)
    async with start(ServerConfig(home=home, database=database_url), NOON_MS, centre) as running:
        yield running
