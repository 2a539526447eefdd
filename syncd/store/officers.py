"""Officers whose decisions count here.

Certificates from own enrolments and from the published list.
"""

from dataclasses import dataclass, field
from typing import Any

from core.wire.canon import from_wire
from core.wire.document import split_document
from core.wire.identity import Certificate
from syncd.store.connections import Connections


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A certificate (`tt/cert/1`, subject officer) and the signed bytes it came in."""

    certificate: Certificate
    document: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        """What ``who.id`` of the officer's entries says."""
        return self.certificate.id


class Officers:
    """Add and find officers."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(self, document: bytes) -> Officer:
        """Keep a certificate whose signature the caller verified.

        Raises:
            WireError: Not a certificate.
        """
        officer = _officer(document)
        record = {"id": officer.id, "holder": officer.certificate.holder, "certificate": document}
        self._connections.here.upsert("officer", record, key="id")
        return officer

    def find(self, certificate_id: bytes) -> Officer | None:
        """The officer with this certificate id."""
        return self._one("SELECT certificate FROM officer WHERE id = ?", certificate_id)

    def of_holder(self, holder: bytes) -> Officer | None:
        """The newest certificate of a person, by serial."""
        rows = self._connections.here.rows(
            "SELECT certificate FROM officer WHERE holder = ?", holder
        )
        found = [_officer(row["certificate"]) for row in rows]
        return max(found, key=lambda officer: officer.certificate.serial, default=None)

    def all(self) -> tuple[Officer, ...]:
        """Every officer known here, by certificate id."""
        rows = self._connections.here.rows("SELECT certificate FROM officer ORDER BY id")
        return tuple(_officer(row["certificate"]) for row in rows)

    def remove(self, certificate_id: bytes) -> None:
        """Forget a revoked officer; harmless when unknown."""
        self._connections.here.run("DELETE FROM officer WHERE id = ?", certificate_id)

    def _one(self, sql: str, *values: Any) -> Officer | None:  # noqa: ANN401 - query values
        row = self._connections.here.row(sql, *values)
        return None if row is None else _officer(row["certificate"])


def _officer(document: bytes) -> Officer:
    body, _ = split_document(document)
    return Officer(certificate=from_wire(body, Certificate), document=document)
