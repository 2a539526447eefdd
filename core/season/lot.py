"""Lot numbers (籤號) that anyone can draw again from a published seed, and the promise of a seed.

The lot of an id is its place when all ids are put in the order of

    SHA-256("jiepin/lot/1" || seed || id)        seed: 32 bytes, id: the rest

read as a number, the smaller id first in the case, never yet seen, of two equal hashes. 範例: no
source says how official lots are drawn.

Why nobody is favoured: as long as the seed is unknown, SHA-256 keyed with its 256 bits gives each
id a value that looks drawn at random and independently of all others, so every order of *n* ids is
as likely as any other, up to a difference nobody can compute. Why nobody can arrange it: the
commitment fixes seed and ids while the seed is unknown to everyone who could still choose an id,
and the one who knows it is bound by a hash for which no second preimage can be found. The hash of
an id does not look at the others: who leaves later changes nobody's order among the rest, and
whom the commitment does not name cannot come in. One thing no hash prevents: whoever makes the seed
can throw it away and make another before committing, as with any closed urn; so it is made before
the ids are known, or in front of witnesses.
"""

import hashlib
from collections.abc import Iterable

SEED_BYTES = 32
LABEL = b"jiepin/lot/1"
COMMITMENT_LABEL = b"jiepin/lots-commitment/1"
_LENGTH_BYTES = 8


def draw_lots(seed: bytes, ids: Iterable[bytes]) -> dict[bytes, int]:
    """The lot of each id, in the order of lots; 1, 2, 3 … within what is given.

    Raises:
        ValueError: The seed has not 32 bytes.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError("seed_length")
    order = sorted(set(ids), key=lambda each: (lot_key(seed, each), each))
    return {each: place for place, each in enumerate(order, start=1)}


def lot_key(seed: bytes, each: bytes) -> bytes:
    """What ids are put in order by."""
    return hashlib.sha256(LABEL + seed + each).digest()


def commit_to(seed: bytes, ids: Iterable[bytes]) -> bytes:
    """32 bytes that bind whoever publishes them to the seed and these ids, and tell neither.

    SHA-256 of "jiepin/lots-commitment/1", the seed, and each id in the order of bytes, once, after
    its length as 8 bytes, big end first.

    Raises:
        ValueError: The seed has not 32 bytes.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError("seed_length")
    digest = hashlib.sha256(COMMITMENT_LABEL + seed)
    for each in sorted(set(ids)):
        digest.update(len(each).to_bytes(_LENGTH_BYTES, "big") + each)
    return digest.digest()
