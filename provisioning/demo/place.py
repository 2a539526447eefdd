"""Where the demo country lives: one folder, deleted as a whole."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Every path of a demo country hangs on ``folder``."""

    folder: Path

    @property
    def keys(self) -> Path:
        """The centre's keys."""
        return self.folder / "keys"

    @property
    def server(self) -> Path:
        """The server's home."""
        return self.folder / "server"

    @property
    def address(self) -> Path:
        """Written by the server when it listens."""
        return self.server / "address"

    @property
    def reference(self) -> Path:
        """Reference files, exported and signed."""
        return self.folder / "reference"

    @property
    def lists(self) -> Path:
        """Invented school lists, vacancies and calendar, as files to import."""
        return self.folder / "lists"

    @property
    def logs(self) -> Path:
        """What the programs say."""
        return self.folder / "logs"

    @property
    def scripts(self) -> Path:
        """What the simulated people do."""
        return self.folder / "scripts"

    def station(self, name: str) -> Path:
        """The folder of one machine."""
        return self.folder / "stations" / name

    def paper(self, name: str) -> Path:
        """Where the printer of a machine leaves what was printed."""
        return self.folder / "paper" / name

    def make(self) -> None:
        """Create the folders."""
        for each in (self.server, self.reference, self.lists, self.logs, self.scripts):
            each.mkdir(parents=True, exist_ok=True)
