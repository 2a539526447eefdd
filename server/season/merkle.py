"""The input root: one hash for a set of entries (RFC 6962 §2.1, SHA-256)."""

import hashlib
from collections.abc import Iterable, Sequence

LEAF = b"\x00"
NODE = b"\x01"


def merkle_root(hashes: Iterable[bytes]) -> bytes:
    """32 bytes over the sorted, distinct hashes; of none it is the hash of nothing."""
    leaves = [hashlib.sha256(LEAF + each).digest() for each in sorted(set(hashes))]
    return _root(leaves) if leaves else hashlib.sha256().digest()


def _root(nodes: Sequence[bytes]) -> bytes:
    if len(nodes) == 1:
        return nodes[0]
    # The largest power of two below the number of leaves goes to the left (RFC 6962 §2.1).
    split = 1 << (len(nodes) - 1).bit_length() - 1
    return hashlib.sha256(NODE + _root(nodes[:split]) + _root(nodes[split:])).digest()
