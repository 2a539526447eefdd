"""A server under test: the real application on a real socket, on either database."""

import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from server.config import ServerConfig
from server.store.database import Store, open_store
from server.store.migrate import migrate
from server.store.tables import setting
from tests.fakes.centre import Centre
from tests.fakes.device import NOON_MS
from tests.postgresql import Cluster
from tests.server.running import Running, start

Copies = Callable[[], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema; migrating one for each test took most of the test."""
    path = tmp_path_factory.mktemp("template") / "server.sqlite"
    _make_template(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_copy(postgresql: Cluster) -> Iterator[Copies]:
    """Makes PostgreSQL databases that have the schema."""
    template = f"template_{secrets.token_hex(8)}"
    with postgresql.database(template) as url:
        _make_template(url)
        yield lambda: postgresql.database(f"test_{secrets.token_hex(8)}", template=template)


def _make_template(url: str) -> None:
    """Each copy gets an epoch of its own when it is migrated, which takes no further step."""
    store = open_store(url)
    migrate(store)
    with store.writing() as connection:
        connection.execute(setting.delete())
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that has the schema and nothing else; every test that asks runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "server.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    copies: Copies = request.getfixturevalue("postgresql_copy")
    with copies() as url:
        yield url


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
