"""Sealing, wrapping, deriving; what does not open says nothing but that."""

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sealing import (
    KdfCost,
    SealError,
    code_proof,
    derive,
    keyed_id,
    seal,
    seal_public,
    unseal,
    unwrap,
    wrap,
)

CHEAP = KdfCost(memory_kib=64, passes=1, lanes=1)
PRIVATE = bytes(range(32))
KEY = b"k" * 32
NONCE = b"n" * 12
WRAPPED = "6e6e6e6e6e6e6e6e6e6e6e6efd9a5d20a7a69f281488265b9a6a45eb8c002d178dbe"
DERIVED = "9c78a79c638caf810e3ca54607a8e81ae83a32b0c56dc50be1f2e9ccf41e721b"


@pytest.mark.parametrize("size", [0, 1, 0x7F, 0x80, 0xFF, 0x100, 5000])
def test_what_is_sealed_opens_for_its_recipient_only(size):
    secret = bytes(size)

    sealed = seal(secret, seal_public(PRIVATE))

    assert unseal(sealed, PRIVATE) == secret
    assert sealed != seal(secret, seal_public(PRIVATE)), "fresh randomness each time"
    with pytest.raises(SealError):
        unseal(sealed, b"o" * 32)


@pytest.mark.parametrize("bad", [b"", b"short", bytes(100)])
def test_what_was_never_sealed_does_not_open(bad):
    with pytest.raises(SealError):
        unseal(bad, PRIVATE)


@pytest.mark.parametrize("recipient", [b"", b"short", bytes(32), b"k" * 33])
def test_nothing_is_sealed_for_what_is_no_key(recipient):
    """All zeros is a point that would give the secret to everybody."""
    with pytest.raises(SealError):
        seal(b"secret", recipient)


@given(st.binary(min_size=1, max_size=60), st.data())
def test_an_altered_seal_does_not_open(secret, data):
    sealed = bytearray(seal(secret, seal_public(PRIVATE)))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 0x80

    with pytest.raises(SealError):
        unseal(bytes(sealed), PRIVATE)


def test_a_wrapped_secret_is_these_bytes():
    wrapped = wrap(b"secret", KEY, NONCE, b"label")

    assert wrapped.hex() == WRAPPED
    assert unwrap(wrapped, KEY, b"label") == b"secret"


@pytest.mark.parametrize(
    ("wrapped", "key", "label"),
    [
        (wrap(b"secret", KEY, NONCE, b"label"), b"x" * 32, b"label"),
        (wrap(b"secret", KEY, NONCE, b"label"), KEY, b"other"),
        (b"", KEY, b"label"),
        (NONCE, KEY, b"label"),
        (wrap(b"secret", KEY, NONCE, b"label")[:-1], KEY, b"label"),
    ],
)
def test_another_key_label_or_byte_does_not_unwrap(wrapped, key, label):
    with pytest.raises(SealError):
        unwrap(wrapped, key, label)


def test_a_derived_key_is_these_bytes_and_depends_on_everything():
    derived = derive(b"password", b"s" * 16, CHEAP)

    others = [
        derive(b"passwore", b"s" * 16, CHEAP),
        derive(b"password", b"t" * 16, CHEAP),
        derive(b"password", b"s" * 16, KdfCost(memory_kib=128, passes=1, lanes=1)),
        derive(b"password", b"s" * 16, KdfCost(memory_kib=64, passes=2, lanes=1)),
    ]
    assert derived.hex() == DERIVED
    assert len({derived, *others}) == 5
    assert KdfCost() == KdfCost(memory_kib=64 * 1024, passes=3, lanes=1)


def test_a_keyed_identifier_is_an_hmac_over_separated_parts():
    assert keyed_id(KEY, "a", "b") == hmac.digest(KEY, b"a\x1fb", "sha256")[:16]
    assert keyed_id(KEY, "ab", "c") != keyed_id(KEY, "a", "bc")
    assert keyed_id(KEY, "a") != keyed_id(b"o" * 32, "a")


@settings(max_examples=20)
@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=12, max_size=12))
def test_a_code_is_the_same_however_it_is_typed(code):
    typed = f"{code[:4].lower()}-{code[4:8]} {code[8:]}"

    assert code_proof(typed, b"request") == code_proof(code, b"request")
    assert code_proof(code, b"request") != code_proof(code, b"another")


def test_a_code_proof_is_these_bytes():
    encoded = b"DSSEv1 8 tt/csr/1 7 request"

    assert code_proof("ab-cd", b"request") == hmac.digest(b"ABCD", encoded, hashlib.sha256)
