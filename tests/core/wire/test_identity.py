"""Who may speak (PROTOCOL 2.6): requests, forms, certificates, grants, revocations."""

import msgspec
import pytest

from core.sealing import code_proof
from core.signature import SignatureType, digest
from core.wire.canon import encode, from_wire, to_wire
from core.wire.document import open_document, sign_document, split_document
from core.wire.fault import WireError
from core.wire.identity import (
    Certificate,
    EnrolmentForm,
    Grant,
    Revocations,
    SeasonSecrets,
    SigningRequest,
    certificate_hash,
    make_request,
)
from tests.core.wire.messages import KEY, OTHER, sha

KEYS = {KEY.id: KEY.public}
REQUEST = SigningRequest(
    subject="device",
    key=KEY.public,
    seal=b"x" * 32,
    schools=("013601", "013602"),
    name="KH-0231",
    asset="財產-115-0231",
    software="0.1.0",
    holder=None,
    nonce=b"n" * 16,
)
CERTIFICATE = Certificate(
    id=b"d" * 16,
    subject="device",
    role="kiosk",
    key=KEY.public,
    schools=("013601",),
    name="KH-0231",
    serial=0x100,
    inc=1,
    holder=None,
    seasons=("115",),
)


def test_a_form_holds_the_request_signed_by_its_own_key_and_proves_the_code():
    form = make_request(REQUEST, KEY, "7H2K-9QD3-XW5T")

    body, _ = split_document(form.request)
    assert open_document(SignatureType.REQUEST, form.request, SigningRequest, KEYS) == REQUEST
    assert form.proof == code_proof("7h2k9qd3xw5t", body)
    assert from_wire(to_wire(form), EnrolmentForm) == form
    assert sha(to_wire(form)) == "018ec65ea42b4543a375bb480783b2e96e8a0b4eef657cb3e50a0d18137df54a"


def test_a_certificate_is_named_by_the_hash_of_its_body_whoever_signed_it():
    one = sign_document(SignatureType.CERTIFICATE, CERTIFICATE, KEY)
    other = sign_document(SignatureType.CERTIFICATE, CERTIFICATE, OTHER)

    assert certificate_hash(one) == certificate_hash(other)
    assert certificate_hash(one) == digest(SignatureType.CERTIFICATE, to_wire(CERTIFICATE))
    assert (
        certificate_hash(one).hex()
        == "fb25dae8449ab83b9834a7bb815807e4c2512ab64abd6535dfa554606d042e44"
    )
    with pytest.raises(WireError):
        certificate_hash(b"\xc1")


@pytest.mark.parametrize(
    "message",
    [
        CERTIFICATE,
        REQUEST,
        Grant(certificate=b"c", sealed=None, trust=b"t"),
        Grant(certificate=b"c", sealed=b"s", trust=b"t"),
        SeasonSecrets(season="115", secret=b"s" * 32),
        Revocations(v=0x80, items=((b"d" * 16, None, 0, "遺失"), (b"e" * 16, 0xFF, 2**53, ""))),
    ],
)
def test_every_message_goes_there_and_back(message):
    assert from_wire(to_wire(message), type(message)) == message


@pytest.mark.parametrize(
    "changes",
    [
        {"id": b"short"},
        {"subject": "teacher"},
        {"role": "king"},
        {"key": b"k" * 31},
        {"schools": ()},
        {"schools": tuple(str(n) for n in range(65))},
        {"schools": ("9" * 17,)},
        {"name": "x" * 121},
        {"serial": 0},
        {"inc": 0},
        {"holder": b"short"},
        {"seasons": ()},
        {"seasons": tuple(str(n) for n in range(9))},
    ],
)
def test_every_field_of_a_certificate_has_its_shape(changes):
    wrong = msgspec.structs.replace(CERTIFICATE, **changes)

    with pytest.raises(WireError, match=r"^schema$"):
        from_wire(to_wire(wrong), Certificate)


@pytest.mark.parametrize(("subject", "inc"), [("device", None), ("officer", 1)])
def test_a_machine_has_an_incarnation_and_an_officer_has_none(subject, inc):
    shape = msgspec.to_builtins(CERTIFICATE, builtin_types=(bytes,))

    with pytest.raises(WireError, match=r"^schema$"):
        from_wire(encode(shape | {"subject": subject, "inc": inc}), Certificate)
    with pytest.raises(ValueError, match=r"^inc$"):
        Certificate(**msgspec.structs.asdict(CERTIFICATE) | {"subject": subject, "inc": inc})
