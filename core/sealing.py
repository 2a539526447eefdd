"""Sign, verify, seal and open values.

Keys and randomness are handed in; nothing here reads a file or a clock.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from core.signature import SignatureType, pae

KEY_BYTES = 32
SALT_BYTES = 16
NONCE_BYTES = 12
KEYS_KEPT = 64
SEAL_INFO = b"jiepin/seal/1"
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


class SealError(ValueError):
    """A sealed value that does not open: wrong key, wrong password, or altered bytes.

    Or a key that nothing can be sealed for.
    """


def key_id(public: bytes) -> bytes:
    """Identifier of a key: first 16 bytes of SHA-256 of the raw public key (PROTOCOL 2.1)."""
    return hashlib.sha256(public).digest()[:16]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 private key (32 raw bytes); its repr shows the public identifier only."""

    private: bytes = field(repr=False)
    public: bytes = field(init=False, repr=False)
    id: bytes = field(init=False)
    _key: Ed25519PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        key = Ed25519PrivateKey.from_private_bytes(self.private)
        public = key.public_key().public_bytes_raw()
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "public", public)
        object.__setattr__(self, "id", key_id(public))

    def sign(self, kind: SignatureType, body: bytes) -> bytes:
        """64 bytes over the pre-authentication encoding of ``body``."""
        return self._key.sign(pae(kind, body))


def verify(public: bytes, kind: SignatureType, body: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is ``public``'s over exactly these bytes under this type."""
    try:
        _public_key(public).verify(signature, pae(kind, body))
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=KEYS_KEPT)
def _public_key(public: bytes) -> Ed25519PublicKey:
    """A key ready for use; who signs once mostly signs again at once."""
    return Ed25519PublicKey.from_public_bytes(public)


@dataclass(frozen=True, slots=True, kw_only=True)
class KdfCost:
    """Argon2id cost: memory in KiB, passes, lanes (PROTOCOL 5.4 gives 64 MiB, 3)."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


def derive(secret: bytes, salt: bytes, cost: KdfCost) -> bytes:
    """32 bytes from a password by Argon2id."""
    kdf = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    return kdf.derive(secret)


def wrap(secret: bytes, key: bytes, nonce: bytes, label: bytes) -> bytes:
    """``secret`` under a 32-byte key, bound to ``label``; ``nonce`` (12 bytes) goes in front."""
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, secret, label)


def unwrap(wrapped: bytes, key: bytes, label: bytes) -> bytes:
    """The secret of `wrap`.

    Raises:
        SealError: Wrong key or label, or altered bytes.
    """
    try:
        return ChaCha20Poly1305(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], label)
    except (InvalidTag, ValueError) as error:
        raise SealError("does not open") from error


def seal_public(private: bytes) -> bytes:
    """Raw X25519 public key of a raw private one."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(secret: bytes, recipient: bytes, info: bytes = SEAL_INFO) -> bytes:
    """``secret`` for the holder of a raw X25519 key, by HPKE base mode (RFC 9180).

    ``info`` names the use; what was sealed for one use does not open for another.

    Raises:
        SealError: Not a key, or one of the few points that would give the secret to everybody.
    """
    try:
        return SUITE.encrypt(secret, X25519PublicKey.from_public_bytes(recipient), info=info)
    except ValueError as error:
        raise SealError("not a key") from error


def unseal(sealed: bytes, private: bytes, info: bytes = SEAL_INFO) -> bytes:
    """The secret of `seal`.

    Raises:
        SealError: Sealed for someone else or for another use, or altered.
    """
    try:
        return SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), info=info)
    except (InvalidTag, ValueError) as error:
        raise SealError("does not open") from error


def keyed_id(secret: bytes, *parts: str) -> bytes:
    """16 bytes that stand for ``parts`` among all who hold ``secret`` (PROTOCOL 2.9)."""
    joined = b"\x1f".join(part.encode() for part in parts)
    return hmac.digest(secret, joined, "sha256")[:16]


def code_proof(code: str, request: bytes) -> bytes:
    """Shows that whoever made ``request`` knew the one-time code.

    Without sending it (PROTOCOL 2.6).
    """
    plain = code.replace("-", "").replace(" ", "").upper()
    return hmac.digest(plain.encode(), pae(SignatureType.REQUEST, request), "sha256")
