"""The demo country's server is backed up while it works, and begins again from a backup."""

import threading
from pathlib import Path

from provisioning.demo.country import Country
from provisioning.demo.process import run

KEPT = 3


class Rescue:
    """Backups of one country; `restore` loses everything since the newest, as a dead disk would."""

    def __init__(self, country: Country) -> None:
        """Nothing is written yet."""
        self._country = country
        self._folder = country.place.folder / "backups"
        self._lock = threading.Lock()

    def back_up(self) -> None:
        """A verified copy of the running server."""
        self._folder.mkdir(exist_ok=True)
        with self._lock:
            run(
                [
                    *("server", "backup", "--home", str(self._country.place.server)),
                    *("--to", str(self._folder), "--keep", str(KEPT), "--json"),
                ]
            )

    def restore(self) -> None:
        """The disk dies; the server comes back under the same address from the newest backup."""
        country, home = self._country, self._country.place.server
        if self._newest() is None:
            self.back_up()
        with self._lock:
            newest = self._newest()
            host = country.address.removeprefix("http://")
            country.programs["server"].kill()
            for part in home.glob("server.db*"):
                part.unlink()
            key = country.place.keys / "seal" / "seal.key"
            run(
                [
                    *("server", "restore", "--home", str(home)),
                    *("--from", str(newest), "--key", str(key), "--json"),
                ]
            )
            run(["server", "publish-reference", str(country.place.reference), "--home", str(home)])
            country.start_server(host)

    def _newest(self) -> Path | None:
        files = self._folder.glob("*") if self._folder.exists() else ()
        return max(files, key=lambda path: path.stat().st_mtime_ns, default=None)
