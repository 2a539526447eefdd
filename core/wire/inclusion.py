"""Proof that an entry is in the log a checkpoint speaks of (RFC 9162 §2.1.3, the tree of RFC 6962).

Anyone can check one with SHA-256 alone; `docs/verify_receipt.py` does.
"""

import hashlib
from collections.abc import Iterable, Sequence

from core.wire.checkpoint import LEAF, NODE

HASH_BYTES = 32


class ProofTree:
    """Every node over a number of entries, so that a path costs a few look-ups."""

    def __init__(self, hashes: Iterable[bytes]) -> None:
        """``hashes`` of the entries in the order of the log."""
        level = [hashlib.sha256(LEAF + each).digest() for each in hashes]
        self.size = len(level)
        self._levels = [b"".join(level)]
        while len(level) > 1:
            paired = [
                hashlib.sha256(NODE + level[place] + level[place + 1]).digest()
                for place in range(0, len(level) - 1, 2)
            ]
            # The last of an odd number goes up as it is.
            level = [*paired, level[-1]] if len(level) % 2 else paired
            self._levels.append(b"".join(level))

    def root(self) -> bytes:
        """32 bytes over all entries; of none it is the hash of nothing."""
        return self._levels[-1] if self.size else hashlib.sha256().digest()

    def path(self, index: int) -> tuple[bytes, ...]:
        """The hashes that lead from entry ``index`` (from 0) to the root, the lowest first."""
        if not 0 <= index < self.size:
            raise ValueError("no such entry")
        found: list[bytes] = []
        for level in self._levels[:-1]:
            beside = index ^ 1
            if beside * HASH_BYTES < len(level):
                found.append(level[beside * HASH_BYTES : (beside + 1) * HASH_BYTES])
            index //= 2
        return tuple(found)


def root_of_path(event_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that the path leads to; None when it has another length than this place has."""
    node = hashlib.sha256(LEAF + event_hash).digest()
    if not 0 <= index < size:
        return None
    last = size - 1
    for each in path:
        if last == 0:
            return None
        if index % 2 or index == last:
            node = hashlib.sha256(NODE + each + node).digest()
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            node = hashlib.sha256(NODE + node + each).digest()
        index, last = index // 2, last // 2
    return node if last == 0 else None
