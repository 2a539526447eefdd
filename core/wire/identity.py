"""Who may speak: requests, certificates, grants and revocations (PROTOCOL 2.1, 2.6, 2.12)."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from core.sealing import SigningKey, code_proof
from core.signature import SignatureType, digest
from core.wire.canon import to_wire
from core.wire.document import sign_document, split_document
from core.wire.event import Bytes16, Bytes32, Natural, Positive

Text = Annotated[str, Meta(max_length=120)]
Schools = Annotated[
    tuple[Annotated[str, Meta(max_length=16)], ...], Meta(min_length=1, max_length=64)
]

CERTIFICATES_AT_ONCE = 64


class SigningRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``tt/csr/1``: made on the machine, signed by the key it carries.

    ``seal`` receives the season secret (devices). ``holder`` is the pseudonym under which a kiosk
    keeps an officer's account, nil for a device; the desk copies it into the certificate.
    """

    subject: Literal["device", "officer"]
    key: Bytes32
    seal: Bytes32 | None
    schools: Schools
    name: Text
    asset: Text
    software: Text
    holder: Bytes16 | None
    nonce: Bytes16


class EnrolmentForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is posted.

    The signed request, and the proof that its maker knew the one-time code of the county's letter.
    """

    request: bytes
    proof: Bytes32


class Certificate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``tt/cert/1``: no wall-clock expiry.

    It ends with its seasons or by revocation (clocks may be wrong). ``inc`` is the incarnation of
    the machine's log that it opens, nil for an officer.
    """

    id: Bytes16
    subject: Literal["device", "officer"]
    role: Literal["kiosk", "county", "spare", "personnel", "principal"]
    key: Bytes32
    schools: Schools
    name: Text
    serial: Positive
    inc: Positive | None
    holder: Bytes16 | None
    seasons: Annotated[tuple[Text, ...], Meta(min_length=1, max_length=8)]

    def __post_init__(self) -> None:
        """Refuse a machine without a log, and an officer with one."""
        if (self.inc is None) != (self.subject == "officer"):
            raise ValueError("inc")


class SeasonSecrets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every kiosk of a season holds and nobody else; travels sealed to the device."""

    season: Text
    secret: Bytes32


class Grant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The desk's answer.

    The certificate, and for a device the sealed season secrets and the trust document.
    """

    certificate: bytes
    sealed: bytes | None
    trust: bytes


class Revocations(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``tt/revocation/1``: ``[certificate id, last good seq or nil, time ms, reason]``.

    ``v`` only grows.
    """

    v: Natural
    items: Annotated[
        tuple[tuple[Bytes16, Natural | None, Natural, Text], ...], Meta(max_length=4096)
    ]


def make_request(request: SigningRequest, key: SigningKey, code: str) -> EnrolmentForm:
    """The form for the county desk; the code itself stays with the person."""
    signed = sign_document(SignatureType.REQUEST, request, key)
    return EnrolmentForm(request=signed, proof=code_proof(code, to_wire(request)))


def certificate_hash(certificate: bytes) -> bytes:
    """Hash of a signed certificate's body: ``prev`` of the device's first entry.

    Raises:
        WireError: Not a signed document.
    """
    body, _ = split_document(certificate)
    return digest(SignatureType.CERTIFICATE, body)
