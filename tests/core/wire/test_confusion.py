"""No reader takes what was made for another, though it trusts every key there is (PROTOCOL 3)."""

from dataclasses import replace

import msgspec
import pytest
import zstandard

from core.signature import SignatureType
from core.wire.batch import MAGIC, decode_batch
from core.wire.canon import FILE_LIMITS, decode, encode, to_wire
from core.wire.chain import verify_frame
from core.wire.document import open_document, split_document
from core.wire.event import Cosignature, decode_frame, encode_frame
from core.wire.fault import WireError
from core.wire.payload import read_decision
from core.wire.receipt import encode_receipt, open_receipt
from core.wire.rotation import Rotation, key_after
from core.wire.usb import check_parcel, read_answer, read_parcel
from tests.core.wire.refusing import code_of
from tests.core.wire.samples import (
    APPROVAL,
    DEVICE_ID,
    DOCUMENTS,
    FIRST_VERSION,
    GRANT,
    INBOX_LOG,
    KEYS,
    ROTATED,
    SEAL_PRIVATE,
    TRUST,
    UPLOADS,
    receipts,
)
from tests.core.wire.vectors import vectors

EVERY_KEY = {key.id: key.public for key in KEYS.values()}
STICKS = {row["name"]: bytes.fromhex(row["bytes"]) for row in vectors()["sticks"]}
UPLOAD = next(
    bytes.fromhex(row["bytes"]) for row in vectors()["batches"] if row["name"] == "upload"
)


def first_that_holds(read):
    """Try a reader under each key; the last refusal when none holds."""
    refusal = WireError("no key")
    for key in KEYS.values():
        try:
            return read(key.public)
        except WireError as error:
            refusal = error
    raise refusal


def frame(data):
    return first_that_holds(lambda key: verify_frame(decode_frame(data), key))


def upload(data):
    batch = decode_batch(data)
    if not any(batch.signed_by(key.public) for key in KEYS.values()):
        raise WireError("signature")
    return batch


READERS = {
    "frame": frame,
    "upload": upload,
    "receipt": lambda data: first_that_holds(lambda key: open_receipt(data, key)),
    "parcel": lambda data: first_that_holds(
        lambda key: read_parcel(data, lambda *_: key, (SEAL_PRIVATE,))
    ),
    "own parcel": lambda data: first_that_holds(lambda key: check_parcel(data, key)),
    "answer": lambda data: read_answer(data, TRUST, DEVICE_ID, SEAL_PRIVATE),
    **{
        name: lambda data, kind=kind, schema=schema: open_document(kind, data, schema, EVERY_KEY)
        for name, (kind, schema, _, _) in DOCUMENTS.items()
    },
}
MADE = {
    "frame": encode_frame(FIRST_VERSION.frame),
    "notice": encode_frame(INBOX_LOG.frames[0]),
    "upload": UPLOAD,
    "receipt": encode_receipt(*receipts()["device"]),
    "server receipt": encode_receipt(*receipts()["server"]),
    "parcel": STICKS["parcel"],
    "answer": STICKS["answer"],
    "grant": to_wire(GRANT, FILE_LIMITS),
    **{name: data for name, (_, _, data, _) in DOCUMENTS.items()},
}
# Which messages a reader is for: one type may have several.
SAME = {
    "frame": {"frame", "notice"},
    "receipt": {"receipt", "server receipt"},
    "own parcel": {"parcel"},
    **{
        name: {other for other, (each, _, _, _) in DOCUMENTS.items() if each is kind}
        for name, (kind, _, _, _) in DOCUMENTS.items()
    },
}


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_takes_its_own_and_nothing_else(reader):
    for name, data in MADE.items():
        if name in SAME.get(reader, {reader}):
            assert READERS[reader](data)
        else:
            assert code_of(READERS[reader], data), name


def signed_upload(kind):
    """An upload of nothing whose header the device signed under a type."""
    header = to_wire(UPLOADS["nothing new"][0])
    row = encode([header, KEYS["device"].sign(kind, header), []])
    return MAGIC + zstandard.ZstdCompressor().compress(row)


def signed_document(data, kind):
    """The body of a document, signed under a type."""
    body, _ = split_document(data)
    key = KEYS["enrol"]
    return encode([body, [[key.id, key.sign(kind, body)]]], FILE_LIMITS)


def signed_stick(kind):
    """A parcel whose manifest the device signed under a type."""
    manifest, sealed, documents = decode(STICKS["parcel"][4:], FILE_LIMITS)
    body, _ = split_document(manifest)
    key = KEYS["device"]
    signed = encode([body, [[key.id, key.sign(kind, body)]]])
    return b"TTU1" + encode([signed, sealed, documents], FILE_LIMITS)


def signed_entry(kind):
    frame = FIRST_VERSION.frame
    return encode([frame.event, KEYS["device"].sign(kind, frame.event), [], None])


def signed_receipt(kind):
    body = encode_receipt(*receipts()["device"])[:-64]
    return body + KEYS["device"].sign(kind, body)


def signed_decision(kind):
    payload = APPROVAL.frame.payload
    own = Cosignature(KEYS["officer"].id, "ed25519", KEYS["officer"].sign(kind, payload))
    return replace(APPROVAL.frame, cosignatures=(own,))


def signed_rotation(kind):
    """The entry with which the device's key changed, its proofs under a type."""
    event, old, new = ROTATED.event, KEYS["device"], KEYS["device-later"]
    place = {name: getattr(event, name) for name in ("dev", "inc", "seq", "prev")}
    statement = to_wire(Rotation(**place, old=old.public, new=new.public))
    proofs = {"old_proof": old.sign(kind, statement), "new_proof": new.sign(kind, statement)}
    return msgspec.structs.replace(event, body={"key": new.public, **proofs})


@pytest.mark.parametrize("kind", SignatureType)
def test_a_signature_under_any_other_type_opens_nothing(kind):
    """All pairs, over the real bytes of every message, by the right key."""
    device, officer = KEYS["device"].public, KEYS["officer"].public
    readers = {
        SignatureType.EVENT: lambda: frame(signed_entry(kind)),
        SignatureType.BATCH: lambda: upload(signed_upload(kind)),
        SignatureType.RECEIPT: lambda: open_receipt(signed_receipt(kind), device),
        SignatureType.APPROVAL: lambda: read_decision(signed_decision(kind), officer),
        SignatureType.USB: lambda: check_parcel(signed_stick(kind), device),
        SignatureType.ROTATION: lambda: key_after(signed_rotation(kind), device),
        **{
            each: lambda each=each, schema=schema, data=data: open_document(
                each, signed_document(data, kind), schema, EVERY_KEY
            )
            for each, schema, data, _ in DOCUMENTS.values()
        },
    }
    assert set(readers) | {SignatureType.PAYLOAD} == set(SignatureType)

    for each, read in readers.items():
        if each is kind:
            assert read()
        else:
            assert code_of(read) in {"signature", "approval_signature", "rotation"}, each
