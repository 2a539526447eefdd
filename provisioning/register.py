"""What the desk has certified: which certificate belongs to which incarnation of a machine."""

from pathlib import Path

import msgspec

from core.wire.identity import certificate_hash
from provisioning.keyring import KeyringError, write_json

FINGERPRINT_BYTES = 16


class Issued(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One certificate; ids in hex. ``fingerprint`` names this one alone, ``id`` all of its line.

    ``inc`` is the incarnation of a machine; 0 for an officer.
    """

    id: str
    fingerprint: str
    serial: int
    name: str
    inc: int


class Register:
    """The desk's file of certificates, oldest first."""

    def __init__(self, path: Path) -> None:
        """Work on ``path``; a missing file is an empty register."""
        self._path = path

    def all(self) -> tuple[Issued, ...]:
        """Every certificate issued so far."""
        if not self._path.exists():
            return ()
        return msgspec.json.decode(self._path.read_bytes(), type=tuple[Issued, ...])

    def add(self, issued: Issued) -> None:
        """Keep a new certificate."""
        write_json(self._path, [msgspec.to_builtins(each) for each in (*self.all(), issued)])

    def newest(self, device: bytes) -> bytes:
        """Fingerprint of the newest certificate of a machine.

        Raises:
            KeyringError: None was issued here.
        """
        return bytes.fromhex(self._line(device)[-1].fingerprint)

    def knows(self, device: bytes) -> bool:
        """Whether a certificate of this machine was issued here."""
        return any(each.id == device.hex() for each in self.all())

    def next_incarnation(self, device: bytes) -> int:
        """The number of the next certificate of a machine.

        Raises:
            KeyringError: None was issued here.
        """
        return max(each.inc for each in self._line(device)) + 1

    def _line(self, device: bytes) -> list[Issued]:
        found = [each for each in self.all() if each.id == device.hex()]
        if not found:
            raise KeyringError(f"no certificate was issued for {device.hex()}")
        return found


def fingerprint(signed: bytes) -> bytes:
    """16 bytes that name a certificate."""
    return certificate_hash(signed)[:FINGERPRINT_BYTES]
