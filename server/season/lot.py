"""Lot numbers that anyone can draw again (範例: no source says how the official ones are drawn).

The input root is published before the run. The entry of each application is hashed together with
it, and the entries are numbered from 1 in the order of these hashes. Nobody can choose a lot
without changing the root; a teacher finds hers with the root and the entry on her receipt.
"""

import hashlib
from collections.abc import Iterable

LABEL = b"jiepin/lot/1"


def draw_lots(root: bytes, revisions: Iterable[bytes]) -> dict[bytes, int]:
    """The lot of each revision's entry hash; 1, 2, 3 … within what is given."""
    order = sorted(set(revisions), key=lambda each: lot_key(root, each))
    return {each: place for place, each in enumerate(order, start=1)}


def lot_key(root: bytes, revision: bytes) -> bytes:
    """What entries are put in order by."""
    return hashlib.sha256(LABEL + root + revision).digest()


def alias_of(lot: int) -> str:
    """The name in the matcher's files of whoever drew this lot: ``T0001``."""
    return f"T{lot:04}"
