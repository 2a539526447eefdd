"""The published vectors, read by a decoder that has none of our code (`independent`)."""

import ast
import hashlib
import json
import struct
from pathlib import Path

import pytest
import zstandard

from tests.core.wire import independent
from tests.core.wire.independent import digest, read, sign, signed_by, write

HERE = Path(__file__).parent
VECTORS = json.loads((HERE.parents[2] / "docs/vectors/ttx-1.json").read_text("utf-8"))
KEYS = {
    key["name"]: {**key, **{n: bytes.fromhex(key[n]) for n in ("private", "public", "id")}}
    for key in VECTORS["keys"]
}
ENTRIES = [(log, entry) for log in VECTORS["logs"] for entry in log["entries"]]
DOCUMENTS = {document["name"]: document for document in VECTORS["documents"]}
DROPPED = -64


def raw(text):
    return bytes.fromhex(text)


def body_of(name):
    return read(raw(DOCUMENTS[name]["body"]))


def test_the_decoder_has_none_of_our_code():
    names = set()
    for node in ast.walk(ast.parse((HERE / "independent.py").read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module.partition(".")[0])

    assert names == {"hashlib", "hmac", "unicodedata", "msgpack", "cryptography"}


@pytest.mark.parametrize("name", KEYS)
def test_each_public_key_and_identifier_follows_from_the_private_one(name):
    key = KEYS[name]

    assert independent.public_of(key["algorithm"], key["private"]) == key["public"]
    assert hashlib.sha256(key["public"]).digest()[:16] == key["id"]


def test_each_type_stands_before_what_is_signed():
    for row in VECTORS["types"]:
        assert independent.head(row["type"], raw(row["body"])).hex() == row["signed"]
        assert hashlib.sha256(raw(row["signed"])).hexdigest() == row["hash"]


def test_each_canonical_value_has_these_bytes():
    for row in VECTORS["canonical"]:
        value = row["value"] if "value" in row else raw(row["hex"])

        assert write(value).hex() == row["bytes"]
        assert (read(raw(row["bytes"])), type(read(raw(row["bytes"])))) == (value, type(value))


@pytest.mark.parametrize("row", VECTORS["refused"], ids=lambda row: row["what"])
def test_what_is_not_canonical_is_refused_here_too(row):
    with pytest.raises(ValueError, match="TTC-1"):
        read(raw(row["bytes"]))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_document_is_signed_as_it_says(name):
    document = DOCUMENTS[name]
    body, pairs = read(raw(document["bytes"]))

    assert body.hex() == document["body"]
    assert digest(document["type"], body).hex() == document["hash"]
    assert write(read(body)) == body
    assert pairs == [
        [KEYS[each["key"]]["id"], raw(each["signature"])] for each in document["signatures"]
    ]
    for each in document["signatures"]:
        key = KEYS[each["key"]]
        assert signed_by(key["public"], document["type"], body, raw(each["signature"]))
        assert sign(key["private"], document["type"], body).hex() == each["signature"]


def test_trust_is_signed_by_as_many_roots_as_it_asks_for():
    trust = body_of("trust")
    signers = {KEYS[each["key"]]["public"] for each in DOCUMENTS["trust"]["signatures"]}

    assert len(signers & set(trust["root"])) >= trust["threshold"] == 2


def test_the_snapshot_lists_the_files_by_size_and_hash():
    listed = body_of("snapshot")["files"]

    files = {each["name"]: raw(each["bytes"]) for each in VECTORS["files"]}

    assert {name: row[1:] for name, row in listed.items()} == {
        name: [len(data), hashlib.sha256(data).digest()] for name, data in files.items()
    }
    assert DOCUMENTS["snapshot"]["hash"][:16] == VECTORS["enrolment"]["snapshot"]
    assert body_of("beacon")["snap_h"].hex() == VECTORS["enrolment"]["snapshot"]


def test_a_log_goes_on_under_the_key_that_both_keys_signed_for():
    for log in VECTORS["logs"]:
        key = KEYS[log["key"]]["public"]
        for entry in log["entries"]:
            assert KEYS[entry["key"]]["public"] == key
            if entry["kind"] == "key.rotate":
                event = read(raw(entry["event"]))
                body = event["body"]
                place = {name: event[name] for name in ("dev", "inc", "seq", "prev")}
                statement = write({**place, "old": key, "new": body["key"]})
                assert signed_by(key, "tt/rotation/1", statement, body["old_proof"])
                key = body["key"]
                assert signed_by(key, "tt/rotation/1", statement, body["new_proof"])


def test_each_log_hangs_together_from_the_certificate_on():
    for log in VECTORS["logs"]:
        before = raw(log["root"])
        if log["entries"][0]["kind"] == "centre.open":
            # The centre has no certificate: its log hangs on its key, and is named after it.
            key = KEYS[log["key"]]["public"]
            assert before == hashlib.sha256(key).digest()
            assert raw(log["device"]) == before[:16]
        else:
            assert log["root"] == DOCUMENTS["certificate"]["hash"]
        for number, entry in enumerate(log["entries"], 1):
            event = read(raw(entry["event"]))
            assert (event["dev"].hex(), event["inc"], event["seq"]) == (log["device"], 1, number)
            assert event["prev"] == before
            before = digest("tt/event/1", raw(entry["event"]))


@pytest.mark.parametrize("entry", [e for _, e in ENTRIES], ids=lambda entry: entry["kind"])
def test_each_entry_is_signed_hashed_and_framed_as_it_says(entry):
    key, data = KEYS[entry["key"]], raw(entry["event"])
    event = read(data)

    assert event["kind"] == entry["kind"]
    assert digest("tt/event/1", data).hex() == entry["hash"]
    assert signed_by(key["public"], "tt/event/1", data, raw(entry["signature"]))
    assert sign(key["private"], "tt/event/1", data).hex() == entry["signature"]
    assert independent.check_code(raw(entry["hash"])) == entry["check_code"]
    cosigned = [
        [KEYS[each["key"]]["id"], "ed25519", raw(each["signature"])]
        for each in entry["cosignatures"]
    ]
    payload = None if entry["payload"] is None else raw(entry["payload"])
    assert read(raw(entry["frame"])) == [data, raw(entry["signature"]), cosigned, payload]


@pytest.mark.parametrize(
    "entry", [e for _, e in ENTRIES if e["payload"]], ids=lambda entry: entry["kind"]
)
def test_each_payload_is_the_one_its_entry_names(entry):
    payload = raw(entry["payload"])

    assert len(read(payload)["salt"]) == 16
    assert digest("tt/payload/1", payload).hex() == entry["payload_hash"]
    assert read(raw(entry["event"]))["ph"].hex() == entry["payload_hash"]


def test_each_decision_is_signed_by_its_officer_over_claim_and_version():
    decisions = [entry for _, entry in ENTRIES if entry["cosignatures"]]
    assert {entry["kind"] for entry in decisions} == {"officer.approve", "officer.return"}

    for entry in decisions:
        (cosigned,) = entry["cosignatures"]
        payload, body = read(raw(entry["payload"])), read(raw(entry["event"]))["body"]
        officer = body_of("officer-certificate")
        assert signed_by(
            officer["key"], "tt/approval/1", raw(entry["payload"]), raw(cosigned["signature"])
        )
        assert payload["officer"] == officer["id"]
        assert {payload[name] for name in ("app", "revision", "claim")} == {
            body[name] for name in ("app", "revision", "claim")
        }


def test_the_application_is_two_parts_with_a_hash_each():
    given = VECTORS["application"]
    version = next(entry for _, entry in ENTRIES if entry["kind"] == "app.revise")
    parts, body = read(raw(version["payload"])), read(raw(version["event"]))["body"]

    for name in ("claim", "wishes"):
        assert parts[name].hex() == given[name]
        assert digest("tt/payload/1", parts[name]).hex() == given[f"{name}_hash"]
        assert body[name].hex() == given[f"{name}_hash"]
        assert read(parts[name])["part"] == name


def test_names_that_two_kiosks_agree_on_follow_from_the_seasons_secret():
    given = VECTORS["application"]
    secret, person = raw(given["secret"]), given["national_id"]

    teacher = independent.keyed_id(secret, "teacher", person)
    parts = ("application", given["season"], given["stage"], person)

    assert teacher.hex() == given["teacher"]
    assert independent.keyed_id(secret, *parts).hex() == given["application"]


def test_the_form_proves_the_code_and_the_grant_holds_what_it_says():
    given = VECTORS["enrolment"]
    form, grant = read(raw(given["form"])), read(raw(given["grant"]))
    proof = independent.code_proof(given["code"], raw(DOCUMENTS["request"]["body"]))

    assert form["request"].hex() == DOCUMENTS["request"]["bytes"]
    assert form["proof"] == proof == raw(given["proof"])
    assert grant["certificate"].hex() == DOCUMENTS["certificate"]["bytes"]
    assert grant["trust"].hex() == DOCUMENTS["trust"]["bytes"]
    assert grant["sealed"].hex() == given["sealed"]
    assert DOCUMENTS["beacon"]["hash"][:16] == given["beacon"]


def test_the_seasons_secret_opens_for_whoever_holds_the_sealing_key():
    given = VECTORS["enrolment"]

    opened = independent.unseal(raw(given["sealed"]), KEYS["seal"]["private"])

    assert opened.hex() == given["secrets"]
    assert read(opened)["secret"].hex() == VECTORS["application"]["secret"]


@pytest.mark.parametrize("given", VECTORS["batches"], ids=lambda given: given["name"])
def test_an_upload_is_a_signed_header_and_frames(given):
    data = raw(given["bytes"])

    header, signature, frames = read(zstandard.ZstdDecompressor().decompress(data[4:]))

    assert data[:4] == b"TTB1"
    assert (header.hex(), signature.hex()) == (given["header"], given["signature"])
    assert [frame.hex() for frame in frames] == given["frames"]
    assert signed_by(KEYS[given["key"]]["public"], "tt/batch/1", header, signature)
    assert sign(KEYS[given["key"]]["private"], "tt/batch/1", header) == signature
    assert digest("tt/batch/1", header).hex() == given["hash"]
    said, log = read(header), VECTORS["logs"][0]
    hashes = [raw(log["root"]), *(raw(entry["hash"]) for entry in log["entries"])]
    first, last = said["from"], said["last"]
    assert (said["n"], last) == (len(frames), first + len(frames) - 1)
    assert said["frames"] == hashlib.sha256(b"".join(frames)).digest()
    assert (said["prev"], said["head"]) == (hashes[first - 1], hashes[last])
    assert given["frames"] == [entry["frame"] for entry in log["entries"][first - 1 : last]]
    # The key in force after the entry before the first one.
    before = log["entries"][first - 2] if first > 1 else {"kind": "", "key": log["key"]}
    assert given["key"] == ("device-later" if before["kind"] == "key.rotate" else before["key"])


def test_a_change_of_key_is_a_statement_that_both_keys_signed():
    given = VECTORS["rotation"]
    body = raw(given["body"])
    statement = read(body)
    entry = next(e for _, e in ENTRIES if e["kind"] == "key.rotate")
    event = read(raw(entry["event"]))

    assert digest("tt/rotation/1", body).hex() == given["hash"]
    for name in ("dev", "inc", "seq", "prev"):
        assert statement[name] == event[name]
    for side, proof in (("old", "old_proof"), ("new", "new_proof")):
        key = KEYS[given[side]]
        assert statement[side] == key["public"]
        assert sign(key["private"], "tt/rotation/1", body).hex() == given[proof]
        assert event["body"][proof].hex() == given[proof]


def test_the_lists_hold_what_is_published_one_by_one():
    given = {name: read(raw(data)) for name, data in VECTORS["lists"].items()}

    assert [each.hex() for each in given["inbox"]] == [
        entry["frame"] for entry in VECTORS["logs"][1]["entries"][:2]
    ]
    assert [form.hex() for _, form in given["desk"]] == [VECTORS["enrolment"]["form"]]
    snapshot, files = given["release"]
    assert snapshot.hex() == DOCUMENTS["snapshot"]["bytes"]
    assert [each.hex() for each in files] == [each["bytes"] for each in VECTORS["files"]]


def test_a_difference_is_a_frame_of_zstd_with_the_older_file_as_dictionary():
    given = {name: raw(data) for name, data in VECTORS["delta"].items()}

    known = zstandard.ZstdCompressionDict(given["older"], dict_type=zstandard.DICT_TYPE_RAWCONTENT)

    assert zstandard.ZstdDecompressor(dict_data=known).decompress(given["delta"]) == given["newer"]


@pytest.mark.parametrize("given", VECTORS["sticks"], ids=lambda given: given["name"])
def test_a_file_on_a_stick_is_a_signed_manifest_and_what_it_seals(given):
    data = raw(given["bytes"])
    manifest, sealed, documents = read(data[4:])
    body, ((signer, signature),) = read(manifest)
    said, key = read(body), KEYS[given["key"]]

    assert data[:4] == b"TTU1"
    assert (body.hex(), sealed.hex()) == (given["body"], given["sealed"])
    assert (signer, signature.hex()) == (key["id"], given["signature"])
    assert signed_by(key["public"], "tt/usb/1", body, signature)
    assert digest("tt/usb/1", body).hex() == given["hash"]
    assert (said["hash"], said["size"]) == (hashlib.sha256(sealed).digest(), len(sealed))
    assert said["seal"] == KEYS["seal"]["id"]
    assert said["documents"] == hashlib.sha256(write(documents)).digest()
    info = b"jiepin/usb/" + said["way"].encode() + b"/1"
    opened = independent.unseal(sealed, KEYS["seal"]["private"], info)
    if said["way"] == "answer":
        opened = zstandard.ZstdDecompressor().decompress(opened)
        assert documents == [raw(DOCUMENTS["next-trust"]["bytes"])]
        assert read(opened)["acks"] == [raw(DOCUMENTS["ack"]["bytes"])]
    else:
        batches, forms, certificates = read(opened)
        assert documents == [raw(DOCUMENTS["certificate"]["bytes"])]
        assert certificates == [raw(DOCUMENTS["officer-certificate"]["bytes"])]
        assert [each.hex() for each in batches] == [VECTORS["batches"][0]["bytes"]]
        assert [each.hex() for each in forms] == [VECTORS["enrolment"]["form"]]
    assert opened.hex() == given["content"]
    ending = "tta" if said["way"] == "answer" else "ttx"
    assert given["file"] == f"TTX-{said['dev'].hex()}-1-3.{ending}"


def test_the_checkpoint_is_the_tree_over_the_hashes_of_the_log():
    said = body_of("checkpoint")
    hashes = [raw(entry["hash"]) for entry in VECTORS["logs"][0]["entries"]]

    assert said["size"] == len(hashes)
    assert said["root"] == independent.tree(hashes)


def test_the_next_trust_is_signed_by_enough_roots_of_both():
    before, after = body_of("trust"), body_of("next-trust")
    signers = {KEYS[each["key"]]["public"] for each in DOCUMENTS["next-trust"]["signatures"]}

    assert after["v"] == before["v"] + 1
    for each in (before, after):
        assert len(signers & set(each["root"])) >= each["threshold"]


def test_what_people_read_out_and_scan_is_the_head_and_the_receipt():
    given = VECTORS["seal"]
    head, groups = raw(given["head"]), given["code"].split("-")

    # The fifth letter of each group is a check over it.
    letters = "".join(group[:4] for group in groups)
    assert [len(group) for group in groups] == [5] * 4
    assert independent.from_base32(letters) == head[:10]
    start = f"{given['server']}/v/".upper()
    assert given["seal_address"] == start + given["code"]
    assert given["receipt_address"].startswith(start)
    assert independent.from_base32(given["receipt_address"][len(start) :]).hex() == given["receipt"]


@pytest.mark.parametrize("given", VECTORS["receipts"], ids=lambda given: given["name"])
def test_each_receipt_is_laid_out_and_signed_as_it_says(given):
    data, key = raw(given["bytes"]), KEYS[given["key"]]
    body, signature = data[:DROPPED], data[DROPPED:]

    assert (body.hex(), signature.hex()) == (given["body"], given["signature"])
    assert signed_by(key["public"], "tt/receipt/1", body, signature)
    assert digest("tt/receipt/1", body).hex() == given["hash"]
    fields = struct.unpack(">B8sII16sI8s", body[:45])
    assert fields == (
        1 if given["log_index"] is None else 2,
        raw(given["device"]),
        given["inc"],
        given["seq"],
        raw(given["event"]),
        given["minute"],
        key["id"][:8],
    )
    index = body[45:]
    assert (int.from_bytes(index[:4], "big") + (index[4] << 32) if index else None) == (
        given["log_index"]
    )
    assert independent.from_base45(given["base45"]) == data
