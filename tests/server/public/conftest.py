"""The public pages of a running server over a small country."""

import pytest

from server.config import ServerConfig
from tests.server.console.desk import Desk
from tests.server.running import start
from tests.server.season.country import Country


@pytest.fixture
async def desk(store, centre, database_url, tmp_path):
    """A running server; `desk.country` puts entries into its database."""
    country = Country(store, centre)
    home = tmp_path / "home"
    centre.write_home(home)
    config = ServerConfig(home=home, database=database_url)
    async with start(config, country.now_ms, centre) as running:
        yield Desk(running=running, country=country)
