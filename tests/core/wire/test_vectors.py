"""The published vectors: our code writes exactly these, and reads them."""

import json

import pytest

from core.domain.ids import NationalId
from core.domain.school import Stage
from core.sealing import unseal
from core.season.address import from_base32
from core.season.pseudonym import application_id, teacher_id
from core.season.seal_code import decode_seal_code
from core.signature import SignatureType
from core.wire.batch import decode_batch
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.chain import Head, follow
from core.wire.delta import decode_delta
from core.wire.document import open_document
from core.wire.event import decode_frame
from core.wire.identity import EnrolmentForm, Grant, SeasonSecrets
from core.wire.kind import BODIES
from core.wire.receipt import Receipt, from_base45, open_receipt
from core.wire.reference import Snapshot, Trust, check_file, check_trust, keys_by_id
from core.wire.usb import file_name, read_answer, read_parcel
from tests.core.wire.samples import (
    ANSWER_CONTENT,
    DEVICE,
    DEVICE_ID,
    DOCUMENTS,
    FILES,
    FORM,
    INBOX_LOG,
    NEXT_TRUST,
    PARCEL_CONTENT,
    SEAL_PRIVATE,
    SIGNED_NEXT_TRUST,
    SIGNED_SNAPSHOT,
    TRUST,
)
from tests.core.wire.vectors import FILE, vectors, written

TEXT = FILE.read_text("utf-8")
VECTORS = json.loads(TEXT)
PUBLIC = {key["name"]: bytes.fromhex(key["public"]) for key in VECTORS["keys"]}
# zstd may compress otherwise in another version; what it holds is compared below.
COMPRESSED = {"batches": "bytes", "delta": "delta"}


def without(rows, name):
    """Rows with one field less."""
    listed = rows if isinstance(rows, list) else [rows]
    return [{key: value for key, value in row.items() if key != name} for row in listed]


@pytest.mark.parametrize("part", VECTORS)
def test_our_code_writes_exactly_what_is_published(part):
    ours = json.loads(written(vectors()))[part]
    published = VECTORS[part]

    if part in COMPRESSED:
        ours, published = without(ours, COMPRESSED[part]), without(published, COMPRESSED[part])
    assert ours == published


def test_the_file_has_nothing_else_in_it():
    assert list(VECTORS) == list(vectors())
    assert json.dumps(VECTORS, ensure_ascii=False, indent=1) + "\n" == TEXT


def test_every_kind_and_every_document_is_published():
    kinds = [entry["kind"] for log in VECTORS["logs"] for entry in log["entries"]]

    assert set(kinds) == set(BODIES)
    assert {each["name"] for each in VECTORS["documents"]} == set(DOCUMENTS)
    assert [each["type"] for each in VECTORS["types"]] == [kind.value for kind in SignatureType]


@pytest.mark.parametrize("given", VECTORS["documents"], ids=lambda given: given["name"])
def test_our_code_opens_each_document(given):
    kind, schema, _, signers = DOCUMENTS[given["name"]]
    keys = keys_by_id(tuple(PUBLIC[each["key"]] for each in given["signatures"]))

    message = open_document(
        kind, bytes.fromhex(given["bytes"]), schema, keys, threshold=len(signers)
    )

    assert (kind.value, type(message).__name__) == (given["type"], given["message"])


@pytest.mark.parametrize("given", VECTORS["logs"], ids=lambda given: given["key"])
def test_our_code_follows_each_log(given):
    frames = [decode_frame(bytes.fromhex(entry["frame"])) for entry in given["entries"]]
    device, root = bytes.fromhex(given["device"]), bytes.fromhex(given["root"])

    links, broken = follow(frames, PUBLIC[given["key"]], device, Head(inc=1, seq=0, hash=root))

    assert broken is None
    assert [link.hash.hex() for link in links] == [entry["hash"] for entry in given["entries"]]


@pytest.mark.parametrize("given", VECTORS["batches"], ids=lambda given: given["name"])
def test_our_code_reads_each_upload(given):
    batch = decode_batch(bytes.fromhex(given["bytes"]))

    assert batch.signed_by(PUBLIC[given["key"]])
    assert batch.header_bytes.hex() == given["header"]
    assert [frame.hex() for frame in batch.frames] == given["frames"]


def test_our_code_reads_each_list():
    given = {name: bytes.fromhex(data) for name, data in VECTORS["lists"].items()}

    inbox = from_wire(given["inbox"], tuple[bytes, ...], FILE_LIMITS)
    desk = from_wire(given["desk"], tuple[tuple[bytes, bytes], ...], FILE_LIMITS)
    snapshot, files = from_wire(given["release"], tuple[bytes, tuple[bytes, ...]], FILE_LIMITS)

    assert [decode_frame(each) for each in inbox] == INBOX_LOG.frames[:2]
    assert [from_wire(form, EnrolmentForm) for _, form in desk] == [FORM]
    assert snapshot == SIGNED_SNAPSHOT
    assert list(files) == [FILES[name] for name in sorted(FILES)]


def test_our_code_makes_the_newer_file_of_the_older():
    given = {name: bytes.fromhex(data) for name, data in VECTORS["delta"].items()}

    assert decode_delta(given["older"], given["delta"], len(given["newer"])) == given["newer"]


def test_our_code_opens_each_file_on_a_stick():
    parcel, answer = (bytes.fromhex(row["bytes"]) for row in VECTORS["sticks"])

    found = read_parcel(parcel, lambda *_: DEVICE.public, (SEAL_PRIVATE,))
    said = read_answer(answer, TRUST, DEVICE_ID, SEAL_PRIVATE)

    assert (found.batches, found.forms, found.certificates) == (
        PARCEL_CONTENT.batches,
        PARCEL_CONTENT.forms,
        PARCEL_CONTENT.certificates,
    )
    assert said.content == ANSWER_CONTENT
    assert said.trust == NEXT_TRUST
    names = [file_name(found.manifest).text, file_name(said.manifest).text]
    assert names == [row["file"] for row in VECTORS["sticks"]]


def test_our_code_reads_what_people_read_out_and_scan():
    given = VECTORS["seal"]

    assert decode_seal_code(given["code"]) == bytes.fromhex(given["head"])[:10]
    scanned = given["receipt_address"].rpartition("/V/")[2]
    assert from_base32(scanned).hex() == given["receipt"]


def test_the_types_that_sign_nothing_in_the_file_are_the_ones_that_never_sign():
    """Every type of the registry has an example, or it is only hashed."""
    signed = {each["type"] for each in VECTORS["documents"]}
    elsewhere = {"tt/event/1", "tt/batch/1", "tt/receipt/1", "tt/approval/1", "tt/usb/1"}

    assert {kind.value for kind in SignatureType} - signed - elsewhere == {
        "tt/payload/1",
        "tt/rotation/1",
    }
    assert VECTORS["rotation"]["old_proof"]


@pytest.mark.parametrize("given", VECTORS["receipts"], ids=lambda given: given["name"])
def test_our_code_reads_each_receipt(given):
    receipt = open_receipt(from_base45(given["base45"]), PUBLIC[given["key"]])

    assert receipt == Receipt(
        device=bytes.fromhex(given["device"]),
        inc=given["inc"],
        seq=given["seq"],
        event=bytes.fromhex(given["event"]),
        minute=given["minute"],
        log_index=given["log_index"],
    )


def test_our_code_takes_the_grant_apart():
    given = VECTORS["enrolment"]
    private = next(key["private"] for key in VECTORS["keys"] if key["name"] == "seal")

    grant = from_wire(bytes.fromhex(given["grant"]), Grant, FILE_LIMITS)
    secrets = from_wire(unseal(grant.sealed, bytes.fromhex(private)), SeasonSecrets)
    roots = keys_by_id(tuple(PUBLIC[name] for name in ("root-1", "root-2", "root-3")))
    trust = open_document(SignatureType.TRUST, grant.trust, Trust, roots, threshold=2)

    assert secrets.secret.hex() == VECTORS["application"]["secret"]
    assert trust.season == secrets.season == "115"


def test_our_code_follows_trust_to_the_next_document():
    assert check_trust(TRUST, SIGNED_NEXT_TRUST) == NEXT_TRUST


def test_our_code_finds_the_names_two_kiosks_agree_on():
    given = VECTORS["application"]
    secret, person = bytes.fromhex(given["secret"]), NationalId(given["national_id"])

    application = application_id(secret, given["season"], Stage(given["stage"]), person)

    assert teacher_id(secret, person).hex() == given["teacher"]
    assert application.hex() == given["application"]


def test_our_code_finds_each_file_in_the_snapshot():
    signed = next(each for each in VECTORS["documents"] if each["name"] == "snapshot")
    keys = keys_by_id((PUBLIC["release"],))
    snapshot = open_document(SignatureType.SNAPSHOT, bytes.fromhex(signed["bytes"]), Snapshot, keys)

    for given in VECTORS["files"]:
        check_file(snapshot, given["name"], bytes.fromhex(given["bytes"]))
    assert set(snapshot.files) == {given["name"] for given in VECTORS["files"]}
