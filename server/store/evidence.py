"""Whole batches that contradict the log, kept as they came for people to judge (PROTOCOL 2.7)."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from core.wire.batch import BatchHeader
from server.store.tables import evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A batch signed by its machine; ``reason`` is ``fork``, or ``sent`` if it came as evidence."""

    header: BatchHeader
    data: bytes
    reason: str
    recv_ms: int

    @property
    def sha256(self) -> bytes:
        """Names the batch."""
        return hashlib.sha256(self.data).digest()


def is_kept(connection: Connection, piece: Evidence) -> bool:
    """Whether this very batch is here already."""
    found = select(evidence.c.id).where(
        evidence.c.dev == piece.header.dev, evidence.c.sha256 == piece.sha256
    )
    return connection.execute(found).one_or_none() is not None


def keep(connection: Connection, piece: Evidence) -> None:
    """Store a batch that is not here yet."""
    connection.execute(
        insert(evidence).values(
            dev=piece.header.dev,
            inc=piece.header.inc,
            recv_ms=piece.recv_ms,
            reason=piece.reason,
            sha256=piece.sha256,
            data=piece.data,
        )
    )
