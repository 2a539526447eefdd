"""Where an entry stands under the newest checkpoint, with the path that proves it."""

import threading
from dataclasses import dataclass

from sqlalchemy import Connection, select

from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.checkpoint import Checkpoint
from core.wire.document import split_document
from core.wire.event import decode_frame
from core.wire.inclusion import ProofTree
from server.season.witness import Place
from server.store.tables import backup, event

ENTRIES_AT_MOST = 4_000_000  # 256 MB of hashes


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Entry ``index`` (from 0) is among the first ``size``; ``signed`` is the checkpoint.

    ``carrier`` is the signed entry that stands there in place of one it carries, and names it.
    """

    index: int
    size: int
    root: bytes
    t_ms: int
    path: tuple[bytes, ...]
    signed: bytes
    carrier: bytes | None = None


class Prover:
    """Keeps the tree of the newest checkpoint; readers share it."""

    def __init__(self) -> None:
        """No tree yet."""
        self._lock = threading.Lock()
        self._signed = b""
        self._tree: ProofTree | None = None

    def prove(self, connection: Connection, place: Place) -> Proof | None:
        """The proof for an entry; None when no checkpoint covers it or it is not of this log."""
        log_index = place.log_index
        signed = connection.execute(
            select(backup.c.checkpoint).order_by(backup.c.last_index.desc()).limit(1)
        ).scalar()
        if signed is None:
            return None
        checkpoint = from_wire(split_document(signed)[0], Checkpoint, FILE_LIMITS)
        if not 0 < log_index <= checkpoint.size <= ENTRIES_AT_MOST:
            return None
        tree = self._tree_of(connection, signed, checkpoint.size)
        if tree.root() != checkpoint.root:
            return None
        return Proof(
            index=log_index - 1,
            size=checkpoint.size,
            root=checkpoint.root,
            t_ms=checkpoint.t,
            path=tree.path(log_index - 1),
            signed=signed,
            carrier=_carrier(connection, place),
        )

    def _tree_of(self, connection: Connection, signed: bytes, size: int) -> ProofTree:
        with self._lock:
            if self._tree is None or self._signed != signed:
                hashes = connection.execution_options(yield_per=10_000).execute(
                    select(event.c.eh).where(event.c.log_index <= size).order_by(event.c.log_index)
                )
                self._tree, self._signed = ProofTree(hashes.scalars()), signed
            return self._tree


def _carrier(connection: Connection, place: Place) -> bytes | None:
    """The entry whose hash is in the tree, where that is not the one at this place itself."""
    row = connection.execute(
        select(event.c.eh, event.c.frame).where(event.c.log_index == place.log_index)
    ).one()
    return None if row.eh == place.eh else decode_frame(row.frame).event
