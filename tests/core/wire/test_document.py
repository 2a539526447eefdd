"""A signed document: nothing of it is used before enough of the right keys have signed it."""

import hashlib
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealing import SigningKey
from core.signature import SignatureType
from core.wire.ack import Pace
from core.wire.beacon import beacon_id
from core.wire.canon import FILE_LIMITS, Limits, encode, to_wire
from core.wire.document import open_document, sign_document, split_document
from core.wire.fault import WireError
from core.wire.reference import keys_by_id
from tests.core.wire.refusing import code_of
from tests.core.wire.samples import DOCUMENTS, ROOTS, seed
from tests.core.wire.strategies import altered, flips

PACE = Pace(after_ms=0x7F, max_events=0x80)
BODY = bytes.fromhex("82a861667465725f6d737faa6d61785f6576656e7473cc80")
KEY, STRANGER = SigningKey(bytes(range(32))), SigningKey(seed("nobody's"))
KEYS = {KEY.id: KEY.public}
THREE = keys_by_id(tuple(key.public for key in ROOTS))


def signed(body, *keys, kind=SignatureType.ACK):
    """A document around any bytes."""
    return encode([body, [[key.id, key.sign(kind, body)] for key in keys]], FILE_LIMITS)


def read(data, keys=KEYS, **options):
    return open_document(SignatureType.ACK, data, Pace, keys, **options)


def test_the_bytes_of_a_document_are_these():
    data = sign_document(SignatureType.ACK, PACE, KEY)

    assert (
        data.hex()
        == (
            "92"  # an array of two
            "c418" + BODY.hex() + "91"  # one signature
            "92"
            "c410" + KEY.id.hex() + "c440" + KEY.sign(SignatureType.ACK, BODY).hex()
        )
    )
    assert data == signed(BODY, KEY)


def test_a_document_opens_to_the_message_that_was_signed():
    assert read(sign_document(SignatureType.ACK, PACE, KEY)) == PACE


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_kind_of_document_opens_and_comes_out_the_same_when_signed_again(name):
    kind, schema, data, keys = DOCUMENTS[name]
    trusted = {key.id: key.public for key in keys}

    message = open_document(kind, data, schema, trusted, threshold=len(keys))

    assert isinstance(message, schema)
    assert sign_document(kind, message, *keys) == data
    assert split_document(data)[0] == to_wire(message, FILE_LIMITS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_opens_as_another_kind(name):
    kind, schema, data, keys = DOCUMENTS[name]
    trusted = {key.id: key.public for key in keys}

    for other in set(SignatureType) - {kind}:
        assert code_of(open_document, other, data, schema, trusted) == "signature"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_opens_as_another_message(name):
    kind, schema, data, keys = DOCUMENTS[name]
    trusted = {key.id: key.public for key in keys}

    for other in {each for _, each, _, _ in DOCUMENTS.values()} - {schema}:
        assert code_of(open_document, kind, data, other, trusted) == "schema"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_turned_bit_anywhere_is_refused_before_the_body_is_looked_at(name):
    kind, schema, data, keys = DOCUMENTS[name]
    trusted = {key.id: key.public for key in keys}
    body, _ = split_document(data)
    start = data.index(body)

    for at, spoiled in flips(data):
        code = code_of(open_document, kind, spoiled, schema, trusted, threshold=len(keys))
        if start <= at < start + len(body):
            assert code == "signature", at


@given(st.data())
def test_an_altered_document_is_refused_or_says_the_same(data):
    honest = sign_document(SignatureType.ACK, PACE, KEY)

    try:
        message = read(data.draw(altered(honest)))
    except WireError:
        return

    assert message == PACE


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed"),
        (b"\xc1", "malformed"),
        (BODY + b"\x00", "malformed"),
        (bytes.fromhex("82aa6d61785f6576656e747301a861667465725f6d7300"), "not_canonical"),
        (encode({"after_ms": 0}), "schema"),
        (encode({"after_ms": 0, "max_events": 0}), "schema"),
        (encode({"after_ms": 0, "max_events": 1, "more": 1}), "schema"),
        (encode([0, 1]), "schema"),
        (b"\xcb" + bytes(8), "type_not_allowed"),
    ],
)
def test_a_body_that_is_no_message_shows_so_only_to_those_whose_key_signed_it(body, code):
    assert code_of(read, signed(body, KEY)) == code
    assert code_of(read, signed(body, STRANGER)) == "signature"
    assert code_of(read, signed(body)) == "signature"


def test_a_signature_of_another_type_is_none():
    assert code_of(read, signed(BODY, KEY, kind=SignatureType.BEACON)) == "signature"


def test_a_signature_under_another_keys_name_is_none():
    pair = [[KEY.id, STRANGER.sign(SignatureType.ACK, BODY)]]

    assert code_of(read, encode([BODY, pair])) == "signature"


def test_two_signatures_that_changed_places_are_none():
    first, second = (key.sign(SignatureType.ACK, BODY) for key in ROOTS[:2])
    swapped = encode([BODY, [[ROOTS[0].id, second], [ROOTS[1].id, first]]])

    assert code_of(read, swapped, THREE) == "signature"


def test_signatures_of_two_documents_that_changed_places_are_none():
    other = Pace(after_ms=1, max_events=1)
    _, pairs = split_document(sign_document(SignatureType.ACK, other, KEY))

    assert code_of(read, encode([BODY, [list(pair) for pair in pairs]])) == "signature"


@pytest.mark.parametrize("signers", list(permutations(ROOTS, 2)), ids=lambda _: "two of three")
def test_two_of_three_are_enough_in_any_order(signers):
    assert read(signed(BODY, *signers), THREE, threshold=2) == PACE


@pytest.mark.parametrize(
    "signers",
    [
        (),
        (ROOTS[0],),
        (ROOTS[0], ROOTS[0]),
        (ROOTS[1],) * 8,
        (ROOTS[0], STRANGER),
        (ROOTS[2], STRANGER, KEY, STRANGER),
    ],
    ids=["nobody", "one", "one twice", "one eight times", "one and a stranger", "strangers"],
)
def test_one_of_three_is_never_two(signers):
    assert code_of(read, signed(BODY, *signers), THREE, threshold=2) == "signature"
    assert code_of(read, signed(BODY, *signers), THREE, threshold=3) == "signature"


def test_a_key_listed_twice_among_the_trusted_still_counts_once():
    twice = keys_by_id((ROOTS[0].public, ROOTS[0].public))

    assert code_of(read, signed(BODY, ROOTS[0], ROOTS[0]), twice, threshold=2) == "signature"


def test_strangers_signatures_beside_enough_good_ones_do_no_harm():
    assert read(signed(BODY, STRANGER, *ROOTS, STRANGER), THREE, threshold=3) == PACE


def test_a_bad_signature_before_the_good_one_of_the_same_key_does_no_harm():
    pairs = [[KEY.id, bytes(64)], [KEY.id, KEY.sign(SignatureType.ACK, BODY)]]

    assert read(encode([BODY, pairs])) == PACE


def test_eight_signatures_are_looked_at_and_nine_are_not():
    assert read(signed(BODY, *[STRANGER] * 7, KEY)) == PACE
    assert code_of(read, signed(BODY, *[STRANGER] * 8, KEY)) == "too_many_items"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (None, "schema"),
        ([], "schema"),
        ([BODY], "schema"),
        ([BODY, [], []], "schema"),
        (["text", []], "schema"),
        ([BODY, {}], "schema"),
        ([BODY, [[]]], "schema"),
        ([BODY, [[KEY.id]]], "schema"),
        ([BODY, [[KEY.id, bytes(63)]]], "schema"),
        ([BODY, [[KEY.id, bytes(65)]]], "schema"),
        ([BODY, [[KEY.id[:15], bytes(64)]]], "schema"),
        ([BODY, [[KEY.id + b"\x00", bytes(64)]]], "schema"),
        ([BODY, [[KEY.id, bytes(64), None]]], "schema"),
        ([BODY, [[KEY.id.hex(), bytes(64)]]], "schema"),
        ([BODY, []], "signature"),
    ],
    ids=str,
)
def test_what_has_another_shape_is_no_document(row, code):
    assert code_of(read, encode(row)) == code


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x92", signed(BODY, KEY) + b"\x00"])
def test_what_is_not_canonical_is_no_document(data):
    assert code_of(read, data) == "malformed"


def test_a_beacon_is_named_by_what_its_signature_is_over():
    over = hashlib.sha256(b"DSSEv1 11 tt/beacon/1 4 body").digest()

    assert beacon_id(b"body") == over[:8]


class Note(msgspec.Struct, frozen=True):
    text: bytes


def test_a_document_keeps_to_the_limits_of_whoever_writes_and_reads_it():
    small = Limits(size=300)
    fits, large = Note(bytes(150)), Note(bytes(250))

    data = sign_document(SignatureType.ACK, fits, KEY, limits=small)

    assert open_document(SignatureType.ACK, data, Note, KEYS, limits=small) == fits
    assert code_of(sign_document, SignatureType.ACK, large, KEY, limits=small) == "too_large"
    assert code_of(read, sign_document(SignatureType.ACK, large, KEY), limits=small) == "too_large"


def test_a_document_may_be_larger_than_an_entry():
    large = Note(bytes(100_000))

    data = sign_document(SignatureType.ACK, large, KEY)

    assert open_document(SignatureType.ACK, data, Note, KEYS) == large
