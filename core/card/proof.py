"""What a staff computer tells the console of a card: that it is in the slot, not whose it is.

The arithmetic is that of SCRAM (RFC 5802 §3), with what the chip says in place of a password. The
console keeps a verifier: whoever reads its database can neither answer for the card nor find out
its number. An NHI card has no PIN and signs nothing, so this shows knowledge of what the chip says
and no more (ADR 0035).
"""

import hashlib
import hmac

from core.card.nhi import Profile
from core.sealing import KdfCost, derive

AGENT_PORT = 36115
"""On 127.0.0.1; ours: free in the registry of ports, and the same for every console."""
CHALLENGE_BYTES = 32
SALT_BYTES = 16
PROOF_BYTES = 32
COST = KdfCost()
"""Of this version of the proof; another cost needs another label."""
LABEL = b"jiepin card-agent/2\0"


def card_key(profile: Profile, salt: bytes, cost: KdfCost = COST) -> bytes:
    """32 bytes only this card gives for this salt; a card issued anew gives others.

    The name is left out: programs decode its rare characters in different ways.
    """
    dates = ("" if day is None else day.isoformat() for day in (profile.birth, profile.issued))
    said = (profile.card_number, profile.national_id.text, *dates)
    return derive("\0".join(said).encode(), salt, cost)


def verifier_of(key: bytes) -> bytes:
    """What the console keeps of a card: 32 bytes from which the key cannot be found."""
    return hashlib.sha256(key).digest()


def prove(key: bytes, challenge: bytes) -> bytes:
    """32 bytes that whoever keeps the verifier can check, for this challenge and no other."""
    return _xor(key, _mask(verifier_of(key), challenge))


def proves(verifier: bytes, challenge: bytes, proof: bytes) -> bool:
    """Whether a proof is of the card with this verifier and answers this challenge."""
    if len(proof) != PROOF_BYTES:
        return False
    key = _xor(proof, _mask(verifier, challenge))
    return hmac.compare_digest(verifier_of(key), verifier)


def _mask(verifier: bytes, challenge: bytes) -> bytes:
    return hmac.digest(verifier, LABEL + challenge, "sha256")


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
