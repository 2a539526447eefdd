"""The second client and docs/vectors/ttx-1.json: the same bytes, and the same refusals."""

import json

import pytest
import zstandard

from tests.interop import hpke, papers
from tests.interop.codes import base32, base45, check_code, closing_code, make_receipt, read_receipt
from tests.interop.inbox import follow
from tests.interop.log import Entry, nonce_of
from tests.interop.published import patched
from tests.interop.ttc import FILE_BYTES, Key, Refused, digest, read, write


@pytest.fixture(scope="module")
def vectors(root):
    """What is printed there."""
    return json.loads((root / "docs" / "vectors" / "ttx-1.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def keys(vectors):
    """Public and private keys by name."""
    return {each["name"]: (raw(each["public"]), raw(each["private"])) for each in vectors["keys"]}


def raw(text):
    """Bytes of hex."""
    return bytes.fromhex(text)


def test_each_value_is_written_and_read_as_listed(vectors):
    for row in vectors["canonical"]:
        value = row["value"] if "value" in row else raw(row["hex"])
        assert write(value) == raw(row["bytes"])
        assert read(raw(row["bytes"]), FILE_BYTES) == value


def test_everything_that_is_refused_there_is_refused_here(vectors):
    for row in vectors["refused"]:
        with pytest.raises(Refused):
            read(raw(row["bytes"]), FILE_BYTES)


def test_each_type_has_its_hash(vectors):
    for row in vectors["types"]:
        assert digest(row["type"], raw(row["body"])) == raw(row["hash"])


def test_sealed_things_open_with_their_key_and_for_their_use_alone(vectors, keys):
    _, seal = keys["seal"]
    parcel, answer = (raw(each["sealed"]) for each in vectors["sticks"])

    grant = hpke.unseal(raw(vectors["enrolment"]["sealed"]), seal, hpke.GRANT)
    content = zstandard.ZstdDecompressor().decompress(hpke.unseal(answer, seal, hpke.ANSWER))

    assert grant == raw(vectors["enrolment"]["secrets"])
    assert hpke.unseal(parcel, seal, hpke.PARCEL) == raw(vectors["sticks"][0]["content"])
    assert content == raw(vectors["sticks"][1]["content"])
    with pytest.raises(Refused):
        hpke.unseal(parcel, seal, hpke.ANSWER)


def test_the_servers_log_is_followed_and_the_machines_is_not_one(vectors, keys):
    machine, server, _ = vectors["logs"]
    frames = [raw(each["frame"]) for each in server["entries"]]
    dev, start = raw(server["device"]), (0, raw(server["root"]))

    followed = follow(frames, [keys["receipt"][0], keys["receipt-2"][0]], dev, start)

    assert [each.frame for each in followed] == frames
    with pytest.raises(Refused, match="not the server's"):
        follow([raw(machine["entries"][0]["frame"])], [keys["device"][0]], dev, start)


def test_an_entry_has_the_hash_and_code_of_the_list(vectors):
    for log in vectors["logs"]:
        for each in log["entries"]:
            entry = Entry(event=raw(each["event"]), signature=raw(each["signature"]))
            assert entry.hash == raw(each["hash"])
            assert check_code(entry.hash) == each["check_code"]


def test_receipts_are_read_as_they_were_made(vectors, keys):
    for row in vectors["receipts"]:
        receipt = read_receipt(raw(row["bytes"]), [keys[row["key"]][0]])
        assert (receipt.version, receipt.log_index) == (
            1 if row["log_index"] is None else 2,
            row["log_index"],
        )
        assert (receipt.device, receipt.inc, receipt.seq, receipt.minute) == (
            raw(row["device"]),
            row["inc"],
            row["seq"],
            row["minute"],
        )
        assert base45(raw(row["bytes"])) == row["base45"]
    made = next(each for each in vectors["logs"][0]["entries"] if each["kind"] == "app.revise")
    machine = Key(keys["device"][1])
    assert make_receipt(machine, read(raw(made["event"])), raw(made["hash"])) == raw(
        vectors["receipts"][0]["bytes"]
    )


def test_codes_for_people_are_these(vectors):
    seal = vectors["seal"]

    assert closing_code(raw(seal["head"])) == seal["code"]
    assert seal["receipt_address"].endswith(f"/V/{base32(raw(seal['receipt']))}")


def test_pseudonyms_and_parts_are_hashed_like_this(vectors):
    given = vectors["application"]
    person = papers.Person(
        national_id=given["national_id"],
        name="",
        birth="",
        sex="F",
        school="",
        stage=given["stage"],
        subject="",
    )

    assert person.pseudonym(raw(given["secret"])) == raw(given["teacher"])
    assert person.application(raw(given["secret"]), given["season"]) == raw(given["application"])
    for part in ("claim", "wishes"):
        assert papers.part_hash(raw(given[part])) == raw(given[f"{part}_hash"])


def test_a_difference_makes_the_newer_file(vectors):
    older, newer, delta = (raw(vectors["delta"][each]) for each in ("older", "newer", "delta"))

    assert patched(older, delta, len(newer)) == newer
    with pytest.raises(Refused):
        patched(newer, delta[:-1], len(newer))


def test_a_batch_says_which_answer_it_waits_for(vectors):
    for row in vectors["batches"]:
        assert nonce_of(raw(row["bytes"])) == read(raw(row["header"]))["nonce"]
