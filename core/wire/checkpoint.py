"""``tt/checkpoint/1``: how far the log of all machines goes, and one hash over it (PROTOCOL 2.14).

The tree is that of RFC 6962 §2.1 over the entries' hashes in the order of the log.
"""

import hashlib
from typing import Literal

import msgspec

from core.wire.event import Bytes8, Bytes32, Natural

LEAF = b"\x00"
NODE = b"\x01"


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first ``size`` entries of this life of the log have the tree ``root``.

    ``t`` is when it was said, server time in ms since 1970 UTC. ``sealed`` is the SHA-256 of the
    backup that holds those entries, as its file begins; nil when there is none.
    """

    v: Literal[1]
    epoch: Bytes8
    size: Natural
    root: Bytes32
    t: Natural
    sealed: Bytes32 | None


class LogTree:
    """The tree while entries are added at its end; it remembers one hash per level."""

    def __init__(self) -> None:
        """The empty tree."""
        self._peaks: list[tuple[int, bytes]] = []
        self.size = 0

    def append(self, event_hash: bytes) -> None:
        """Add the next entry of the log."""
        self.size += 1
        width, node = 1, hashlib.sha256(LEAF + event_hash).digest()
        while self._peaks and self._peaks[-1][0] == width:
            node = hashlib.sha256(NODE + self._peaks.pop()[1] + node).digest()
            width *= 2
        self._peaks.append((width, node))

    def root(self) -> bytes:
        """32 bytes over all entries; of none it is the hash of nothing."""
        if not self._peaks:
            return hashlib.sha256().digest()
        *left, (_, node) = self._peaks
        for _, peak in reversed(left):
            node = hashlib.sha256(NODE + peak + node).digest()
        return node
