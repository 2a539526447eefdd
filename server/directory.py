"""Who is who, kept in memory: certificates never change once they are known, log keys may."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from server.store.identities import Identity, find_device, find_officer


class Directory:
    """Answers from memory, asks the database for those not met before. Safe to share by threads."""

    def __init__(self) -> None:
        """Start knowing nobody."""
        self._devices: dict[tuple[bytes, int], Identity] = {}
        self._officers: dict[bytes, Identity] = {}

    def known_device(self, dev: bytes, inc: int) -> Identity | None:
        """One incarnation of a machine, if it was met before."""
        return self._devices.get((dev, inc))

    def device(self, connection: Connection, dev: bytes, inc: int) -> Identity | None:
        """One incarnation of a machine."""
        found = self._devices.get((dev, inc))
        if found is None:
            found = find_device(connection, dev, inc)
            if found is not None:
                self._devices[dev, inc] = found
        return found

    def forget(self, dev: bytes, inc: int) -> None:
        """Look this incarnation up again: it changed its log key."""
        self._devices.pop((dev, inc), None)

    def devices(
        self, connection: Connection, wanted: Iterable[tuple[bytes, int]]
    ) -> Mapping[tuple[bytes, int], Identity]:
        """Those incarnations that exist."""
        found = {(dev, inc): self.device(connection, dev, inc) for dev, inc in wanted}
        return {name: each for name, each in found.items() if each is not None}

    def known_officer(self, officer: bytes) -> Identity | None:
        """An officer, if met before."""
        return self._officers.get(officer)

    def officers(self, connection: Connection, wanted: Iterable[bytes]) -> Mapping[bytes, Identity]:
        """Those officers whose certificates are known."""
        for officer in set(wanted) - self._officers.keys():
            found = find_officer(connection, officer)
            if found is not None:
                self._officers[officer] = found
        return {each: self._officers[each] for each in wanted if each in self._officers}
