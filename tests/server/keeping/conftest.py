"""A season's log in a database of its own, and how to back it up."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from server.keeping.backup import Made, Order, make_backup
from server.keeping.restore import Restored, Wanted, restore
from server.keys import read_keys
from server.store.database import Store, open_store
from server.store.migrate import migrate
from tests.fakes.device import NOON_MS
from tests.server.log_of_a_season import Desk, Season
from tests.server.running import Clock

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Keeper:
    """One server's database with its home, and a folder for backups."""

    season: Season
    desk: Desk
    store: Store
    url: str
    home: Path
    folder: Path
    clock: Clock
    random: Random

    def back_up(self, **changed: object) -> Made:
        """Make one, a minute after the last."""
        self.clock.now_ms += 60_000
        order = {
            "url": self.url,
            "room": self.home,
            "folder": self.folder,
            "keep": 3,
            "keys": read_keys(self.home),
            "account": "os:test",
            "now_ms": self.clock,
            "random_bytes": self.random.randbytes,
        }
        return make_backup(Order(**order | changed))

    def wanted(self, file: Path, url: str, **changed: object) -> Wanted:
        """An order to begin anew."""
        order = {
            "file": file,
            "seal_key": self.season.centre.seal,
            "url": url,
            "room": self.home,
            "keys": read_keys(self.home),
            "account": "os:test",
            "now_ms": self.clock,
            "random_bytes": self.random.randbytes,
        }
        return Wanted(**order | changed)

    def begin_anew(self, file: Path, url: str) -> Restored:
        """Restore."""
        return restore(self.wanted(file, url))


@pytest.fixture
def keeper(database_url: str, tmp_path: Path) -> Iterator[Keeper]:
    """With everything the machines of the small season have to say."""
    season = Season()
    home, folder = tmp_path / "home", tmp_path / "backups"
    season.centre.write_home(home)
    folder.mkdir()
    store = open_store(database_url)
    migrate(store)
    desk = Desk(season, store)
    desk.certify(*season.devices, season.officer, season.late)
    desk.arrive([arrival for chain in season.chains() for arrival in chain])
    yield Keeper(
        season,
        desk,
        store,
        database_url,
        home,
        folder,
        Clock(NOON_MS + DAY_MS),
        Random(1),  # noqa: S311 - the same names each time
    )
    store.close()


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """A second, empty database of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'second.db'}"
        return
    with request.getfixturevalue("postgresql").database(f"second_{tmp_path.name}") as url:
        yield url
