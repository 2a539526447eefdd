"""HPKE in base mode, one message: RFC 9180 with X25519, HKDF-SHA256 and ChaCha20-Poly1305."""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from tests.interop.ttc import Refused

KEM, KDF, AEAD = b"\x00\x20", b"\x00\x01", b"\x00\x03"
KEY_BYTES, NONCE_BYTES, POINT_BYTES = 32, 12, 32
GRANT, PARCEL, ANSWER = b"jiepin/seal/1", b"jiepin/usb/parcel/1", b"jiepin/usb/answer/1"


def public_of(private: bytes) -> bytes:
    """The raw public key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(message: bytes, recipient: bytes, info: bytes, ephemeral: bytes) -> bytes:
    """The encapsulated key and the ciphertext behind it."""
    secret = X25519PrivateKey.from_private_bytes(ephemeral)
    point = secret.public_key().public_bytes_raw()
    shared = secret.exchange(X25519PublicKey.from_public_bytes(recipient))
    key, nonce = _schedule(_decapsulated(shared, point, recipient), info)
    return point + ChaCha20Poly1305(key).encrypt(nonce, message, b"")


def unseal(sealed: bytes, private: bytes, info: bytes) -> bytes:
    """What was sealed for this key and this use.

    Raises:
        Refused: It was not, or was changed.
    """
    point, ciphertext = sealed[:POINT_BYTES], sealed[POINT_BYTES:]
    secret = X25519PrivateKey.from_private_bytes(private)
    try:
        shared = secret.exchange(X25519PublicKey.from_public_bytes(point))
        key, nonce = _schedule(_decapsulated(shared, point, public_of(private)), info)
        return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, b"")
    except (InvalidTag, ValueError) as error:
        raise Refused("not sealed for this key and use") from error


def _decapsulated(shared: bytes, point: bytes, recipient: bytes) -> bytes:
    suite = b"KEM" + KEM
    extracted = _extract(suite, b"", b"eae_prk", shared)
    return _expand(suite, extracted, b"shared_secret", point + recipient, KEY_BYTES)


def _schedule(shared: bytes, info: bytes) -> tuple[bytes, bytes]:
    suite = b"HPKE" + KEM + KDF + AEAD
    context = (  # mode_base is the byte 00
        b"\x00"
        + _extract(suite, b"", b"psk_id_hash", b"")
        + _extract(suite, b"", b"info_hash", info)
    )
    secret = _extract(suite, shared, b"secret", b"")
    return (
        _expand(suite, secret, b"key", context, KEY_BYTES),
        _expand(suite, secret, b"base_nonce", context, NONCE_BYTES),
    )


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(KEY_BYTES), b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite: bytes, secret: bytes, label: bytes, info: bytes, size: int) -> bytes:
    # One block of HKDF is 32 bytes, and nothing here is longer.
    labelled = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(secret, labelled + b"\x01", "sha256")[:size]
