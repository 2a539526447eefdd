"""A second reading of the protocol, which shares no code with the first.

Written from docs/vectors/README.md with nothing but msgpack and cryptography, to show that the
vectors can be read without us. It is a checker, not a receiver: no limits, no speed.
"""

import hashlib
import hmac
import unicodedata

import msgpack
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

LARGEST = 2**53
DEEPEST = 8


def head(kind: str, body: bytes) -> bytes:
    """What is signed and hashed: type and body, each behind its length."""
    parts = [b"DSSEv1", str(len(kind)).encode(), kind.encode(), str(len(body)).encode(), body]
    return b" ".join(parts)


def digest(kind: str, body: bytes) -> bytes:
    return hashlib.sha256(head(kind, body)).digest()


def signed_by(public: bytes, kind: str, body: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, head(kind, body))
    except InvalidSignature:
        return False
    return True


def sign(private: bytes, kind: str, body: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).sign(head(kind, body))


def public_of(algorithm: str, private: bytes) -> bytes:
    kind = {"ed25519": Ed25519PrivateKey, "x25519": X25519PrivateKey}[algorithm]
    return kind.from_private_bytes(private).public_key().public_bytes_raw()


def write(value) -> bytes:
    """TTC-1, one byte at a time as the README has it."""
    match value:
        case None | bool():
            return {None: b"\xc0", False: b"\xc2", True: b"\xc3"}[value]
        case int():
            return _integer(value)
        case str():
            data = value.encode()
            return _length(len(data), (0xA0, 0xBF), 0xD9, 0xDA, 0xDB) + data
        case bytes():
            return _length(len(value), None, 0xC4, 0xC5, 0xC6) + value
        case list():
            return _length(len(value), (0x90, 0x9F), None, 0xDC, 0xDD) + b"".join(map(write, value))
        case dict():
            pairs = sorted((key.encode(), key) for key in value)
            inside = b"".join(write(key) + write(value[key]) for _, key in pairs)
            return _length(len(value), (0x80, 0x8F), None, 0xDE, 0xDF) + inside
        case _:
            raise ValueError(f"{type(value).__name__} has no bytes")


def _integer(value: int) -> bytes:
    if abs(value) > LARGEST:
        raise ValueError("out of range")
    if -32 <= value < 128:
        return value.to_bytes(1, "big", signed=True)
    for size, unsigned, signed in ((1, 0xCC, 0xD0), (2, 0xCD, 0xD1), (4, 0xCE, 0xD2)):
        if 0 <= value < 256**size:
            return bytes((unsigned,)) + value.to_bytes(size, "big")
        if -(256**size) // 2 <= value < 0:
            return bytes((signed,)) + value.to_bytes(size, "big", signed=True)
    return bytes((0xCF if value >= 0 else 0xD3,)) + value.to_bytes(8, "big", signed=True)


def _length(length: int, fixed, one, two, four) -> bytes:
    if fixed and length <= fixed[1] - fixed[0]:
        return bytes((fixed[0] + length,))
    if one and length < 2**8:
        return bytes((one, length))
    if length < 2**16:
        return bytes((two,)) + length.to_bytes(2, "big")
    return bytes((four,)) + length.to_bytes(4, "big")


def read(data: bytes):
    """The value of TTC-1 bytes, or ValueError."""
    try:
        value = msgpack.unpackb(data, object_pairs_hook=_map, strict_map_key=True)
        _look_at(value, DEEPEST)
        again = write(value)
    except (msgpack.UnpackException, ValueError, TypeError, AttributeError) as error:
        raise ValueError("not TTC-1") from error
    if again != data:
        raise ValueError("another form of TTC-1")
    return value


def _map(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def _look_at(value, depth: int) -> None:
    match value:
        case str():
            if unicodedata.normalize("NFC", value) != value:
                raise ValueError("not NFC")
        case list() | dict():
            if depth == 0:
                raise ValueError("too deep")
            for each in value:
                _look_at(each, depth - 1)
            for each in value.values() if isinstance(value, dict) else ():
                _look_at(each, depth - 1)


def from_base45(text: str) -> bytes:
    """RFC 9285."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    out = b""
    for start in range(0, len(text), 3):
        digits = [letters.index(letter) for letter in text[start : start + 3]]
        number = sum(digit * 45**place for place, digit in enumerate(digits))
        out += number.to_bytes(len(digits) - 1, "big")
    return out


def check_code(event_hash: bytes) -> str:
    """40 bits, five at a time, in Crockford's letters, with a hyphen in the middle."""
    bits = "".join(f"{byte:08b}" for byte in event_hash[:5])
    letters = [
        "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[int(bits[at : at + 5], 2)] for at in range(0, 40, 5)
    ]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def from_base32(text: str) -> bytes:
    """Crockford's letters, five bits each; the last is filled up with zeros."""
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    bits = "".join(f"{letters.index(letter):05b}" for letter in text)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) // 8 * 8, 8))


def tree(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree(leaves[:half]) + tree(leaves[half:])).digest()


def keyed_id(secret: bytes, *parts: str) -> bytes:
    return hmac.new(secret, "\x1f".join(parts).encode(), hashlib.sha256).digest()[:16]


def code_proof(code: str, request: bytes) -> bytes:
    key = code.replace("-", "").encode()
    return hmac.new(key, head("tt/csr/1", request), hashlib.sha256).digest()


def unseal(sealed: bytes, private: bytes, info: bytes = b"jiepin/seal/1") -> bytes:
    """HPKE base mode, X25519 with HKDF-SHA256 and ChaCha20-Poly1305 (RFC 9180 §4.1, §5.1)."""
    encapsulated, ciphertext = sealed[:32], sealed[32:]
    own = X25519PrivateKey.from_private_bytes(private)
    shared = own.exchange(X25519PublicKey.from_public_bytes(encapsulated))
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"
    context = encapsulated + own.public_key().public_bytes_raw()
    prk = _extract(kem, b"", b"eae_prk", shared)
    secret = _expand(kem, prk, b"shared_secret", context, 32)
    base = b"\x00"
    schedule = (
        base + _extract(suite, b"", b"psk_id_hash", b"") + _extract(suite, b"", b"info_hash", info)
    )
    prk = _extract(suite, secret, b"secret", b"")
    key = _expand(suite, prk, b"key", schedule, 32)
    nonce = _expand(suite, prk, b"base_nonce", schedule, 12)
    return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, b"")


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    labeled = b"HPKE-v1" + suite + label + material
    return hmac.new(salt or bytes(32), labeled, hashlib.sha256).digest()


def _expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return HKDFExpand(algorithm=hashes.SHA256(), length=length, info=labeled).derive(prk)
