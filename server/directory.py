"""Who is who, kept in memory: certificates never change once they are known, log keys may."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from server.identity import Identity
from server.store.identities import (
    find_device,
    find_devices,
    find_officer,
    incarnations,
)

NOBODY: Mapping[int, Identity] = {}


class Directory:
    """Answers from memory, asks the database for those not met before. Safe to share by threads."""

    def __init__(self) -> None:
        """Start knowing nobody."""
        self._devices: dict[tuple[bytes, int], Identity] = {}
        self._officers: dict[bytes, Identity] = {}
        self._machines: dict[bytes, Mapping[int, Identity]] = {}

    def load(self, connection: Connection) -> None:
        """Meet every machine, or meet it again; who is enrolled later is met when it comes."""
        devices = find_devices(connection)
        machines: dict[bytes, dict[int, Identity]] = {}
        for (dev, inc), identity in devices.items():
            machines.setdefault(dev, {})[inc] = identity
        self._devices |= devices
        self._machines |= {
            dev: found for dev, found in machines.items() if found != self._machines.get(dev)
        }

    def known_machine(self, dev: bytes) -> Mapping[int, Identity]:
        """Every incarnation of a machine met before; the same value until one changes."""
        return self._machines.get(dev, NOBODY)

    def machine(self, connection: Connection, dev: bytes) -> Mapping[int, Identity]:
        """Every incarnation of a machine, as it is now; empty for a stranger."""
        found = {
            inc: identity
            for inc in incarnations(connection, dev)
            if (identity := find_device(connection, dev, inc)) is not None
        }
        if found and found != self._machines.get(dev):
            self._machines[dev] = found
            self._devices |= {(dev, inc): identity for inc, identity in found.items()}
        return self._machines.get(dev, NOBODY)

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
        self._machines.pop(dev, None)

    def devices(
        self, connection: Connection, wanted: Iterable[tuple[bytes, int]]
    ) -> Mapping[tuple[bytes, int], Identity]:
        """Those incarnations that exist."""
        found = {(dev, inc): self.device(connection, dev, inc) for dev, inc in wanted}
        return {name: each for name, each in found.items() if each is not None}

    def officers(self, connection: Connection, wanted: Iterable[bytes]) -> Mapping[bytes, Identity]:
        """Those officers whose certificates are known."""
        for officer in set(wanted) - self._officers.keys():
            found = find_officer(connection, officer)
            if found is not None:
                self._officers[officer] = found
        return {each: self._officers[each] for each in wanted if each in self._officers}
