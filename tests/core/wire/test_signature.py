"""Typed signatures (PROTOCOL 2.2): no type can ever verify another's bytes."""

import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealing import SigningKey, key_id, verify
from core.signature import SignatureType, digest, pae

KEY = SigningKey(bytes(range(32)))
SIGNATURE = "b18630debef09ef345145607a65b9f73c33395024d4d79a98a34cf7dd94ad346"
TYPES = (
    "tt/event/1 tt/batch/1 tt/beacon/1 tt/ack/1 tt/receipt/1 tt/trust/1 tt/snapshot/1 tt/cert/1 "
    "tt/csr/1 tt/revocation/1 tt/approval/1 tt/checkpoint/1 tt/usb/1 tt/head/1 tt/payload/1"
)


def test_the_registry_is_the_one_of_the_protocol():
    assert [each.value for each in SignatureType] == TYPES.split()


@pytest.mark.parametrize(
    ("body", "encoded"),
    [
        (b"", b"DSSEv1 10 tt/event/1 0 "),
        (b"\x80", b"DSSEv1 10 tt/event/1 1 \x80"),
        (b"x" * 0x7F, b"DSSEv1 10 tt/event/1 127 " + b"x" * 0x7F),
        (b"x" * 0x80, b"DSSEv1 10 tt/event/1 128 " + b"x" * 0x80),
        (b"x" * 0x100, b"DSSEv1 10 tt/event/1 256 " + b"x" * 0x100),
    ],
)
def test_the_pre_authentication_encoding_is_that_of_dsse(body, encoded):
    assert pae(SignatureType.EVENT, body) == encoded
    assert digest(SignatureType.EVENT, body) == hashlib.sha256(encoded).digest()


def test_a_signature_is_these_bytes():
    signature = KEY.sign(SignatureType.EVENT, b"\x80")

    assert KEY.public.hex() == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    assert KEY.id == key_id(KEY.public) == hashlib.sha256(KEY.public).digest()[:16]
    assert hashlib.sha256(signature).hexdigest() == SIGNATURE
    assert verify(KEY.public, SignatureType.EVENT, b"\x80", signature)


@pytest.mark.parametrize("signed", SignatureType)
def test_no_type_verifies_anothers_bytes(signed):
    body = b"the same bytes"
    signature = KEY.sign(signed, body)

    verified = [kind for kind in SignatureType if verify(KEY.public, kind, body, signature)]

    assert verified == [signed]


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_no_two_types_ever_encode_alike(one, other):
    for first, second in itertools.combinations(SignatureType, 2):
        assert pae(first, one) != pae(second, other)


@pytest.mark.parametrize(
    ("public", "signature"),
    [
        (KEY.public, bytes(64)),
        (KEY.public, b""),
        (KEY.public, bytes(63)),
        (bytes(32), bytes(64)),
        (b"short", bytes(64)),
        (SigningKey(bytes(32)).public, KEY.sign(SignatureType.ACK, b"x")),
    ],
)
def test_what_is_no_signature_of_this_key_does_not_verify(public, signature):
    assert not verify(public, SignatureType.ACK, b"x", signature)


def test_a_key_shows_its_identifier_and_nothing_else():
    assert repr(KEY) == f"SigningKey(id={KEY.id!r})"
    assert SigningKey(KEY.private) == KEY
    assert SigningKey(bytes(32)) != KEY
