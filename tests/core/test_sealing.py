"""Keys, wraps and seals: published vectors first, then what must not open."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given
from hypothesis import strategies as st

from core.sealing import (
    KdfCost,
    SealError,
    SigningKey,
    code_proof,
    derive,
    key_id,
    keyed_id,
    seal,
    seal_public,
    unseal,
    unwrap,
    verify,
    wrap,
)
from core.signature import SignatureType, pae
from tests.core.wire.strategies import flips

KEY = SigningKey(bytes(range(32)))
OTHER = SigningKey(bytes(range(1, 33)))
RECIPIENT = bytes(range(32, 64))
WRAPPING = bytes(range(64, 96))
NONCE = bytes(12)
CHEAP = KdfCost(memory_kib=8, passes=1)


def test_a_public_key_is_that_of_rfc_8032():
    # Given the first test vector of RFC 8032 §7.1.
    private = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")

    key = SigningKey(private)

    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert key.public == public
    assert key.id == hashlib.sha256(public).digest()[:16] == key_id(public)


def test_a_signature_verifies_for_its_key_type_and_bytes_only():
    signature = KEY.sign(SignatureType.ACK, b"body")

    assert len(signature) == 64
    assert verify(KEY.public, SignatureType.ACK, b"body", signature)
    assert not verify(OTHER.public, SignatureType.ACK, b"body", signature)
    assert not verify(KEY.public, SignatureType.BEACON, b"body", signature)
    assert not verify(KEY.public, SignatureType.ACK, b"bodx", signature)


def test_signing_the_same_twice_gives_the_same_bytes():
    assert KEY.sign(SignatureType.ACK, b"a") == KEY.sign(SignatureType.ACK, b"a")


def test_no_turned_bit_of_signature_body_or_key_verifies():
    signature = KEY.sign(SignatureType.EVENT, b"some bytes")

    for _, spoiled in flips(signature):
        assert not verify(KEY.public, SignatureType.EVENT, b"some bytes", spoiled)
    for _, spoiled in flips(b"some bytes"):
        assert not verify(KEY.public, SignatureType.EVENT, spoiled, signature)
    for _, spoiled in flips(KEY.public):
        assert not verify(spoiled, SignatureType.EVENT, b"some bytes", signature)


@pytest.mark.parametrize("length", [0, 1, 31, 33, 63, 65, 128])
def test_keys_and_signatures_of_another_length_verify_nothing(length):
    signature = KEY.sign(SignatureType.EVENT, b"")

    assert not verify(bytes(length), SignatureType.EVENT, b"", signature)
    assert not verify(KEY.public, SignatureType.EVENT, b"", bytes(length))
    assert not verify(KEY.public, SignatureType.EVENT, b"", (signature * 3)[:length])


def test_the_second_form_of_a_signature_does_not_count():
    # Given s + L: it satisfies the equation but is not below the order (RFC 8032 §5.1.7).
    signature = KEY.sign(SignatureType.EVENT, b"")
    order = 2**252 + 27742317777372353535851937790883648493
    scalar = int.from_bytes(signature[32:], "little") + order

    second = signature[:32] + scalar.to_bytes(32, "little")

    assert not verify(KEY.public, SignatureType.EVENT, b"", second)


def test_a_key_shows_its_identifier_and_nothing_else():
    assert repr(KEY) == f"SigningKey(id={KEY.id!r})"
    assert SigningKey(KEY.private) == KEY
    assert KEY != OTHER
    assert len({KEY, SigningKey(KEY.private), OTHER}) == 2


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_private_key_has_32_bytes(length):
    with pytest.raises(ValueError, match="32 bytes"):
        SigningKey(bytes(length))


def test_a_password_becomes_the_key_that_argon2s_authors_publish():
    # Given a case of the reference implementation's own tests: version 19, m=65536, t=2, p=1.
    cost = KdfCost(passes=2)

    key = derive(b"password", b"somesalt", cost)

    assert key.hex() == "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"


def test_the_cost_unless_said_otherwise_is_the_published_one():
    assert KdfCost() == KdfCost(memory_kib=65_536, passes=3, lanes=1)


def test_password_salt_and_cost_all_decide_the_key():
    salt, other = bytes(16), bytes(15) + b"\x01"

    keys = {
        derive(b"password", salt, CHEAP),
        derive(b"passwore", salt, CHEAP),
        derive(b"password", other, CHEAP),
        derive(b"password", salt, KdfCost(memory_kib=16, passes=1)),
        derive(b"password", salt, KdfCost(memory_kib=8, passes=2)),
        derive(b"password", salt, KdfCost(memory_kib=16, passes=1, lanes=2)),
    }

    assert len(keys) == 6
    assert {len(key) for key in keys} == {32}


def test_a_wrap_is_the_nonce_and_then_rfc_8439():
    wrapped = wrap(b"secret", WRAPPING, NONCE, b"label")

    assert wrapped == NONCE + ChaCha20Poly1305(WRAPPING).encrypt(NONCE, b"secret", b"label")
    assert len(wrapped) == 12 + 6 + 16


@given(st.binary(max_size=100), st.binary(min_size=12, max_size=12), st.binary(max_size=20))
def test_what_is_wrapped_unwraps(secret, nonce, label):
    assert unwrap(wrap(secret, WRAPPING, nonce, label), WRAPPING, label) == secret


def test_a_wrap_opens_with_its_key_and_label_only():
    wrapped = wrap(b"secret", WRAPPING, NONCE, b"label")

    for key, label in ((bytes(32), b"label"), (WRAPPING, b"labem"), (WRAPPING, b"")):
        with pytest.raises(SealError):
            unwrap(wrapped, key, label)


def test_a_wrap_with_a_turned_bit_or_a_missing_end_does_not_open():
    wrapped = wrap(b"secret", WRAPPING, NONCE, b"label")

    for _, spoiled in flips(wrapped):
        with pytest.raises(SealError):
            unwrap(spoiled, WRAPPING, b"label")
    for length in range(len(wrapped)):
        with pytest.raises(SealError):
            unwrap(wrapped[:length], WRAPPING, b"label")
    with pytest.raises(SealError):
        unwrap(wrapped + b"\x00", WRAPPING, b"label")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_nothing_unwraps_with_a_key_of_another_length(length):
    with pytest.raises(SealError):
        unwrap(wrap(b"", WRAPPING, NONCE, b""), bytes(length), b"")


def test_the_public_half_of_a_sealing_key_is_that_of_rfc_7748():
    # Given Bob's key of RFC 7748 §6.1.
    private = bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")

    public = seal_public(private)

    assert public.hex() == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"


@given(st.binary(max_size=200))
def test_what_is_sealed_opens_for_its_recipient_only(secret):
    sealed = seal(secret, seal_public(RECIPIENT))

    assert len(sealed) == 32 + len(secret) + 16
    assert unseal(sealed, RECIPIENT) == secret
    with pytest.raises(SealError):
        unseal(sealed, bytes(range(1, 33)))


def test_sealing_twice_shows_nobody_that_it_was_the_same_secret():
    assert seal(b"secret", seal_public(RECIPIENT)) != seal(b"secret", seal_public(RECIPIENT))


def test_a_seal_with_a_turned_bit_or_a_missing_end_does_not_open():
    sealed = seal(b"secret", seal_public(RECIPIENT))
    # X25519 masks the highest bit of a point (RFC 7748 §5), but HPKE binds the bytes as sent.
    for _, spoiled in flips(sealed):
        with pytest.raises(SealError):
            unseal(spoiled, RECIPIENT)

    for length in range(len(sealed)):
        with pytest.raises(SealError):
            unseal(sealed[:length], RECIPIENT)
    with pytest.raises(SealError):
        unseal(sealed + b"\x00", RECIPIENT)


@pytest.mark.parametrize(
    "recipient",
    [b"", bytes(31), bytes(33), bytes(32), b"\x01" + bytes(31)],
    ids=["empty", "short", "long", "the zero point", "the point of order one"],
)
def test_nothing_is_sealed_for_what_is_not_a_key(recipient):
    with pytest.raises(SealError):
        seal(b"secret", recipient)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_nothing_opens_with_a_key_of_another_length(length):
    with pytest.raises(SealError):
        unseal(seal(b"secret", seal_public(RECIPIENT)), bytes(length))


def test_a_keyed_id_is_the_beginning_of_an_hmac():
    expected = hmac.digest(b"season secret", b"teacher\x1fA", "sha256")[:16]

    assert keyed_id(b"season secret", "teacher", "A") == expected


def test_secret_and_every_part_decide_a_keyed_id():
    ids = {
        keyed_id(b"secret", "a", "b"),
        keyed_id(b"secreu", "a", "b"),
        keyed_id(b"secret", "b", "a"),
        keyed_id(b"secret", "ab"),
        keyed_id(b"secret", "ab", ""),
        keyed_id(b"secret", "", "ab"),
        keyed_id(b"secret", "a", "b", ""),
    }

    assert len(ids) == 7


@pytest.mark.parametrize(
    "typed_in", ["8F3K-29QD-XW4M", "8f3k29qdxw4m", "8F3K 29QD XW4M", " 8f3k-29qd-xw4m "]
)
def test_a_one_time_code_proves_the_same_however_it_is_typed(typed_in):
    request = b"a request"

    expected = hmac.digest(b"8F3K29QDXW4M", pae(SignatureType.REQUEST, request), "sha256")
    assert code_proof(typed_in, request) == expected


def test_a_proof_is_for_one_code_and_one_request():
    proof = code_proof("8F3K-29QD-XW4M", b"a request")

    assert proof != code_proof("8F3K-29QD-XW4N", b"a request")
    assert proof != code_proof("8F3K-29QD-XW4M", b"a requesu")
