"""PROTOCOL 2.2: what is signed is a type and bytes, so that no type passes for another."""

import hashlib
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealing import SigningKey, verify
from core.signature import SignatureType, digest, pae

KEY = SigningKey(bytes(range(32)))
# Nothing, one byte, canonical bytes, another type's head, and more than a length of one digit.
BODIES = [b"", b"\x80", bytes.fromhex("81a176cb"), b"tt/ack/1 0 ", bytes(100)]
TYPES = [
    "tt/event/1",
    "tt/batch/1",
    "tt/beacon/1",
    "tt/ack/1",
    "tt/receipt/1",
    "tt/trust/1",
    "tt/snapshot/1",
    "tt/cert/1",
    "tt/csr/1",
    "tt/revocation/1",
    "tt/approval/1",
    "tt/checkpoint/1",
    "tt/usb/1",
    "tt/head/1",
    "tt/payload/1",
    "tt/rotation/1",
    "tt/errand/1",
    "tt/incident/1",
]


def test_the_registry_is_the_published_list():
    assert [kind.value for kind in SignatureType] == TYPES


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        (SignatureType.EVENT, b"", b"DSSEv1 10 tt/event/1 0 "),
        (SignatureType.ACK, b"hello world", b"DSSEv1 8 tt/ack/1 11 hello world"),
        (SignatureType.REVOCATION, b"\x00 \xff", b"DSSEv1 15 tt/revocation/1 3 \x00 \xff"),
        (SignatureType.CERTIFICATE, b"a" * 100, b"DSSEv1 9 tt/cert/1 100 " + b"a" * 100),
    ],
)
def test_type_and_bytes_stand_behind_their_lengths(kind, body, expected):
    assert pae(kind, body) == expected
    assert digest(kind, body) == hashlib.sha256(expected).digest()


@pytest.mark.parametrize("length", [0, 1, 9, 10, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000])
def test_the_length_is_written_in_decimal_digits(length):
    head = f"DSSEv1 10 tt/event/1 {length} ".encode()

    assert pae(SignatureType.EVENT, bytes(length)) == head + bytes(length)


def test_a_signature_is_these_bytes():
    signature = KEY.sign(SignatureType.EVENT, b"\x80")

    assert KEY.public.hex() == "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    assert hashlib.sha256(signature).hexdigest() == (
        "b18630debef09ef345145607a65b9f73c33395024d4d79a98a34cf7dd94ad346"
    )


@pytest.mark.parametrize("body", BODIES)
def test_no_type_verifies_the_signature_of_another(body):
    """PROTOCOL 2.2: one registry, all pairs, in both directions, under every kind of body."""
    signatures = {kind: KEY.sign(kind, body) for kind in SignatureType}

    for signed_as, read_as in permutations(SignatureType, 2):
        assert not verify(KEY.public, read_as, body, signatures[signed_as])
        # Nor with the other type's head before the body, which is what a mixed-up signer would do.
        assert not verify(KEY.public, read_as, pae(read_as, body), signatures[signed_as])
    for kind in SignatureType:
        assert verify(KEY.public, kind, body, signatures[kind])
    assert len({digest(kind, body) for kind in SignatureType}) == len(SignatureType)


@given(
    st.sampled_from(SignatureType),
    st.binary(max_size=60),
    st.sampled_from(SignatureType),
    st.binary(max_size=60),
)
def test_two_types_or_two_bodies_never_give_the_same_bytes(one, body, other, text):
    assert (pae(one, body) == pae(other, text)) == ((one, body) == (other, text))


@given(st.sampled_from(SignatureType), st.sampled_from(SignatureType), st.binary(max_size=60))
def test_a_body_that_imitates_another_types_head_is_still_of_its_own_type(one, other, body):
    imitation = pae(other, body)

    assert pae(one, imitation) != pae(other, body)
    assert digest(one, imitation) != digest(other, body)
