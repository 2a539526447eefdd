"""Who this machine is: what enrolment gave it.

Private keys are files outside the store (PROTOCOL 5.4).
"""

import json
from dataclasses import dataclass, field
from typing import Any

from core.domain.ids import DeviceId, SchoolId
from syncd.store.connections import Connections


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """``certificate`` and ``trust`` are signed documents.

    ``season_secret`` (32 bytes) keys every pseudonym. ``log_key`` is the public key that signs the
    log now; None while that is the certificate's.
    """

    device: DeviceId
    inc: int
    certificate: bytes = field(repr=False)
    trust: bytes = field(repr=False)
    name: str
    schools: tuple[SchoolId, ...]
    season: str
    season_secret: bytes = field(repr=False)
    server_url: str
    log_key: bytes | None = None


class Identities:
    """Read and write the one identity of the machine."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def read(self) -> Identity | None:
        """Who this machine is; None before enrolment."""
        row = self._connections.here.row("SELECT * FROM identity")
        return None if row is None else _identity(row)

    def write(self, identity: Identity) -> None:
        """Become this machine.

        A new incarnation starts an empty log whose first ``prev`` is the certificate's
        hash.

        Raises:
            WireError: The certificate is not a signed document.
            RuntimeError: Outside a transaction.
        """
        connection = self._connections.require_transaction()
        record = {
            "id": 1,
            "device": identity.device,
            "inc": identity.inc,
            "certificate": identity.certificate,
            "trust": identity.trust,
            "name": identity.name,
            "schools": json.dumps(identity.schools),
            "season": identity.season,
            "season_secret": identity.season_secret,
            "server_url": identity.server_url,
            "log_key": identity.log_key,
        }
        connection.upsert("identity", record, key="id")
        opened = {"inc": identity.inc, "document": identity.certificate}
        connection.upsert("certificate", opened, key="inc")

    def certificates(self) -> tuple[bytes, ...]:
        """Signed certificates of this and of earlier incarnations, as far as this disk had them.

        Oldest first.
        """
        rows = self._connections.here.rows("SELECT document FROM certificate ORDER BY inc")
        return tuple(bytes(row["document"]) for row in rows)

    def change_log_key(self, public: bytes) -> None:
        """The log goes on under this key.

        Raises:
            RuntimeError: Outside a transaction: the entry that says so belongs to it.
        """
        connection = self._connections.require_transaction()
        connection.run("UPDATE identity SET log_key = ?", public)

    def renew_trust(self, trust: bytes) -> None:
        """Replace the trust document by a verified successor."""
        self._connections.here.run("UPDATE identity SET trust = ?", trust)


def _identity(row: dict[str, Any]) -> Identity:
    return Identity(
        device=DeviceId(row["device"]),
        inc=row["inc"],
        certificate=row["certificate"],
        trust=row["trust"],
        name=row["name"],
        schools=tuple(SchoolId(each) for each in json.loads(row["schools"])),
        season=row["season"],
        season_secret=row["season_secret"],
        server_url=row["server_url"],
        log_key=row["log_key"],
    )
