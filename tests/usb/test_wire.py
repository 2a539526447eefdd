"""USB files as bytes (PROTOCOL 2.13): bounded, verified, opened, in this order."""

import hashlib
import random

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sealing import SigningKey, seal, seal_public, unseal
from core.signature import SignatureType
from core.wire.batch import MAGIC as BATCH_MAGIC
from core.wire.batch import RAW_BYTES
from core.wire.canon import Limits, decode, encode
from core.wire.document import sign_document
from core.wire.fault import WireError
from core.wire.stick_name import StickName, parse_name
from core.wire.usb import (
    ANSWER_INFO,
    FILE_BYTES,
    MAGIC,
    PARCEL_INFO,
    ParcelContent,
    check_answer,
    check_parcel,
    documents_of,
    file_name,
    read_answer,
    read_parcel,
    write_parcel,
)
from tests.core.wire.refusing import code_of
from tests.core.wire.strategies import altered
from tests.fakes.centre import Centre
from tests.fakes.device import Device, make_teacher
from tests.usb.sticks import DEVICE_SEAL, answer_to, content_of, manifest_of, parcel_of

ROW = Limits(size=FILE_BYTES + 64, depth=3)
CENTRE = Centre(seed=5)
DEVICE = Device(CENTRE)
for number in range(6):
    DEVICE.add_boot()
    DEVICE.revise(make_teacher(number))
PARCEL = parcel_of(DEVICE, CENTRE, step=5)
ANSWER = answer_to(DEVICE, CENTRE, content_of(acks=(b"ack",), inbox=(b"one", b"two")))


def key_of(dev, inc, _):
    return DEVICE.key.public if (dev, inc) == (DEVICE.id, 1) else None


def read(data, private=(CENTRE.seal,)):
    return read_parcel(data, key_of, private)


def read_back(data, trust=CENTRE.trust, device=DEVICE.id, private=DEVICE_SEAL):
    return read_answer(data, trust, device, private)


def rebuilt(data, **parts):
    """The same file with a part of its row replaced, nothing signed anew."""
    manifest, sealed, documents = decode(data[4:], ROW)
    row = {"manifest": manifest, "sealed": sealed, "documents": documents} | parts
    return MAGIC + encode(list(row.values()), ROW)


def resealed(packed, info=PARCEL_INFO, **changed):
    """A parcel whose machine signed for whatever was sealed."""
    sealed = seal(packed, CENTRE.trust.seal, info)
    manifest = manifest_of(
        DEVICE,
        **{"hash": hashlib.sha256(sealed).digest(), "size": len(sealed)}
        | {"seal": manifest_seal(CENTRE), "documents": hashlib.sha256(encode([])).digest()}
        | changed,
    )
    signed = sign_document(SignatureType.USB, manifest, DEVICE.key)
    return MAGIC + encode([signed, sealed, []], ROW)


def manifest_seal(centre):
    return hashlib.sha256(centre.trust.seal).digest()[:16]


def test_a_parcel_gives_back_the_batches_the_machine_signed():
    parcel = read(PARCEL)

    assert (parcel.manifest.first, parcel.manifest.last, parcel.manifest.count) == (1, 12, 12)
    assert parcel.manifest.head == DEVICE.head.hash
    assert parcel.file == hashlib.sha256(PARCEL).digest()
    assert len(parcel.batches) == 3
    assert all(each.startswith(BATCH_MAGIC) for each in parcel.batches)


def test_an_answer_gives_back_what_the_centre_said():
    answer = read_back(ANSWER)

    assert answer.content == content_of(acks=(b"ack",), inbox=(b"one", b"two"))
    assert answer.manifest.t == DEVICE.now_ms
    assert answer.trust == CENTRE.trust


def test_what_is_sealed_in_a_parcel_are_these_bytes():
    batches, form, certificate = (DEVICE.batch(1, 5), DEVICE.batch(6, 12)), b"form", b"certificate"
    content = ParcelContent(batches=batches, forms=(form,), certificates=(certificate,))

    data = parcel_of(DEVICE, CENTRE, content=content)

    sealed = decode(data[4:], ROW)[1]
    packed = unseal(sealed, CENTRE.seal, PARCEL_INFO)
    assert packed == encode([list(batches), [form], [certificate]], ROW)
    parcel = read(data)
    assert (parcel.batches, parcel.forms) == (batches, (form,))
    assert parcel.certificates == (certificate,)


def test_files_may_be_larger_than_entries_and_hold_more():
    documents = (bytes(70_000), b"second")
    content = ParcelContent(batches=(DEVICE.batch(),), forms=(bytes(80_000),))
    inbox = (bytes(90_000), *(b"%d" % number for number in range(1_999)))

    parcel = parcel_of(DEVICE, CENTRE, content=content, documents=documents)
    answer = answer_to(DEVICE, CENTRE, content_of(inbox=inbox), documents=documents)

    assert read(parcel).forms == (bytes(80_000),)
    assert read_back(answer).content.inbox == inbox
    assert documents_of(parcel) == read_back(answer).documents == documents
    assert check_answer(answer, (DEVICE.key.public, CENTRE.receipt.public)).dev == DEVICE.id


def test_a_machine_checks_its_own_file_without_being_able_to_open_it():
    assert check_parcel(PARCEL, DEVICE.key.public).last == 12
    assert code_of(check_parcel, PARCEL, CENTRE.receipt.public) == "signature"
    assert code_of(read, PARCEL, (DEVICE_SEAL,)) == "usb_other_seal"


def test_nothing_of_a_person_can_be_read_off_the_stick():
    teacher = make_teacher(0)

    for secret in (teacher.name, teacher.national_id, "teacher@example.tw"):
        assert secret.encode() not in PARCEL
    assert teacher.app not in PARCEL


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "magic"),
        (b"TTB1" + PARCEL[4:], "magic"),
        (PARCEL[:4], "malformed"),
        (PARCEL[:-1], "malformed"),
        (PARCEL + b"\0", "malformed"),
        (MAGIC + bytes(FILE_BYTES), "too_large"),
        (ANSWER, "schema"),
        (rebuilt(PARCEL, sealed=decode(PARCEL[4:], ROW)[1][:-1]), "usb_damaged"),
        (rebuilt(PARCEL, sealed=bytes(5_000)), "usb_damaged"),
        (rebuilt(PARCEL, documents=[b""]), "usb_damaged"),
        (rebuilt(PARCEL, documents=[b""] * 17), "malformed"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_not_a_parcel_is_refused(data, code):
    assert code_of(read, data) == code


@pytest.mark.parametrize("reader", ["parcel", "answer"])
def test_a_manifest_larger_than_any_of_ours_is_refused_before_it_is_read(reader):
    key = {"parcel": DEVICE.key, "answer": CENTRE.receipt}[reader]
    body = bytes(4_000)
    small, large = (
        rebuilt(PARCEL, manifest=encode([body, [[key.id, key.sign(SignatureType.USB, body)]]]))
        for body in (body, body + bytes(100))
    )

    for data, code in ((small, "malformed"), (large, "too_large")):
        if reader == "parcel":
            assert code_of(check_parcel, data, key.public) == code
            assert code_of(read, data) == code
        else:
            assert code_of(check_answer, data, (key.public,)) == code
            assert code_of(read_back, data) == code


def test_another_seasons_seal_key_opens_nothing_and_an_earlier_one_is_tried_by_name():
    later = b"l" * 32

    assert code_of(read, PARCEL, (later,)) == "usb_other_seal"
    assert read(PARCEL, (later, CENTRE.seal)).manifest.last == 12


def test_a_machine_nobody_knows_and_a_key_that_is_not_its_own_are_refused():
    stranger = Device(CENTRE)
    stranger.add_boot()
    foreign = parcel_of(DEVICE, CENTRE, key=stranger.key)

    assert code_of(read, parcel_of(stranger, CENTRE)) == "device_unknown"
    assert code_of(read, foreign) == "signature"


def test_somebody_elses_sealed_batches_under_an_own_manifest_are_refused():
    other = Device(CENTRE)
    other.add_boot()
    content = ParcelContent(batches=(other.batch(),))

    packed = encode(msgspec.to_builtins(content, builtin_types=(bytes,)), ROW)

    assert code_of(read, resealed(packed, last=1, count=1)) == "usb_content"


@pytest.mark.parametrize(
    "changed",
    [
        {"first": 2, "count": 11},
        {"last": 11, "count": 11},
        {"count": 11},
        {"head": bytes(32)},
        {"inc": 2},
    ],
    ids=str,
)
def test_a_manifest_that_states_another_range_is_refused_on_both_sides(changed):
    content = ParcelContent(batches=(DEVICE.batch(),))
    manifest = manifest_of(DEVICE, **changed)
    packed = encode(msgspec.to_builtins(content, builtin_types=(bytes,)), ROW)

    def every_key(*_):
        return DEVICE.key.public

    refused = code_of(write_parcel, manifest, content, DEVICE.key, CENTRE.trust.seal)
    assert refused == "usb_content"
    spoiled = resealed(packed, **changed)
    assert code_of(read_parcel, spoiled, every_key, (CENTRE.seal,)) == "usb_content"


def test_batches_must_follow_on_each_other():
    swapped = ParcelContent(batches=(DEVICE.batch(7, 12), DEVICE.batch(1, 6)))
    hole = ParcelContent(batches=(DEVICE.batch(1, 5), DEVICE.batch(7, 12)))
    empty = ParcelContent(batches=())

    for content in (swapped, hole):
        packed = encode(msgspec.to_builtins(content, builtin_types=(bytes,)), ROW)
        assert code_of(read, resealed(packed)) == "usb_content"
    packed = encode(msgspec.to_builtins(empty, builtin_types=(bytes,)), ROW)
    assert code_of(read, resealed(packed)) == "schema"


def test_a_bomb_inside_the_seal_bursts_nothing():
    bomb = BATCH_MAGIC + zstandard.ZstdCompressor().compress(bytes(RAW_BYTES * 16))
    packed = encode([[bomb], []], ROW)

    assert code_of(read, resealed(packed)) == "too_large"


def test_a_bomb_in_an_answer_bursts_nothing():
    packed = zstandard.ZstdCompressor().compress(bytes(64 * 1024 * 1024))
    sealed = seal(packed, seal_public(DEVICE_SEAL), ANSWER_INFO)
    signed = decode(ANSWER[4:], ROW)[0]
    body = decode(decode(signed, ROW)[0], ROW)
    body |= {"hash": hashlib.sha256(sealed).digest(), "size": len(sealed)}
    raw = encode(body, ROW)
    signature = CENTRE.receipt.sign(SignatureType.USB, raw)
    manifest = encode([raw, [[CENTRE.receipt.id, signature]]], ROW)

    assert code_of(read_back, rebuilt(ANSWER, manifest=manifest, sealed=sealed)) == "too_large"


def test_what_was_sealed_for_another_use_does_not_open():
    packed = encode([[DEVICE.batch()], []], ROW)

    assert read(resealed(packed)).manifest.count == 12
    assert code_of(read, resealed(packed, ANSWER_INFO)) == "usb_damaged"


def test_an_answer_is_for_one_machine_under_one_centre():
    other = Device(CENTRE)
    other.add_boot()

    assert code_of(read_back, answer_to(other, CENTRE)) == "other_device"
    assert code_of(read_back, answer_to(DEVICE, CENTRE, key=DEVICE.key)) == "signature"
    assert code_of(read_back, answer_to(DEVICE, CENTRE, reply=b"x" * 32)) == "usb_other_seal"
    assert code_of(read_back, PARCEL) == "signature"


def test_an_answer_under_a_new_key_is_believed_only_with_the_trust_document_that_names_it():
    receipt = SigningKey(b"r" * 32)
    newer = msgspec.structs.replace(CENTRE.trust, v=2, receipt=(receipt.public,))
    document = sign_document(SignatureType.TRUST, newer, CENTRE.root)
    forged = sign_document(SignatureType.TRUST, newer, DEVICE.key)
    known = sign_document(SignatureType.TRUST, CENTRE.trust, CENTRE.root)

    bare = answer_to(DEVICE, CENTRE, key=receipt)
    carried = answer_to(DEVICE, CENTRE, key=receipt, documents=(known, document))

    assert code_of(read_back, bare) == "signature"
    assert code_of(read_back, answer_to(DEVICE, CENTRE, key=receipt, documents=(forged,))) == (
        "signature"
    )
    assert read_back(carried).trust == newer


def test_every_sampled_byte_turned_is_refused():
    rng = random.Random(4)  # noqa: S311 - the same places each time
    places = {*range(300), *(rng.randrange(len(PARCEL)) for _ in range(300))}

    for at in sorted(places):
        spoiled = bytearray(PARCEL)
        spoiled[at] ^= 1 << rng.randrange(8)
        with pytest.raises(WireError):
            read(bytes(spoiled))


def test_every_byte_of_an_answer_turned_is_refused():
    for at in range(len(ANSWER)):
        spoiled = bytearray(ANSWER)
        spoiled[at] ^= 1 << at % 8
        with pytest.raises(WireError):
            read_back(bytes(spoiled))


def test_every_truncation_is_refused():
    for cut in range(len(ANSWER)):
        with pytest.raises(WireError):
            read_back(ANSWER[:cut])


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=200), altered(PARCEL), altered(ANSWER)), st.booleans())
def test_whatever_comes_only_our_own_refusal_leaves(data, as_answer):
    reader = read_back if as_answer else read
    if data == (ANSWER if as_answer else PARCEL):
        return

    with pytest.raises(WireError):
        reader(data)


names = st.builds(
    StickName,
    dev=st.binary(min_size=16, max_size=16),
    inc=st.integers(min_value=1, max_value=2**31),
    first=st.integers(min_value=1, max_value=2**32),
    last=st.integers(min_value=1, max_value=2**32),
    ending=st.sampled_from((".ttx", ".tta")),
)


@given(names)
def test_a_name_says_what_it_was_made_of(name):
    assert parse_name(name.text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "autorun.inf",
        f"TTX-{'0a' * 16}-1-2.ttx.part",
        f"TTX-{'0A' * 16}-1-2.ttx",
        f"TTX-{'0a' * 16}-01-2.ttx",
        f"TTX-{'0a' * 16}-1.1-1.2.ttx",
        f"TTX-{'0a' * 16}-1-2.2.ttx",
        f"TTX-{'0a' * 16}-1-2.ttx\n",
        f"../TTX-{'0a' * 16}-1-2.ttx",
        f"TTX-{'0a' * 16}-\u0661-\u0662.ttx",
    ],
)
def test_other_peoples_names_are_not_ours(text):
    with pytest.raises(ValueError, match="not a name of ours"):
        parse_name(text)


def test_the_name_follows_from_the_manifest():
    manifest = read(PARCEL).manifest

    assert file_name(manifest).text == f"TTX-{DEVICE.id.hex()}-1-12.ttx"
    assert file_name(read_back(ANSWER).manifest).text == f"TTX-{DEVICE.id.hex()}-1-1.tta"
    again = msgspec.structs.replace(manifest, inc=2)
    assert file_name(again).text == f"TTX-{DEVICE.id.hex()}-2.1-2.12.ttx"


def test_a_file_larger_than_a_reader_takes_is_not_written(monkeypatch):
    monkeypatch.setattr("core.wire.usb.FILE_BYTES", len(PARCEL) // 2)

    assert code_of(parcel_of, DEVICE, CENTRE, step=5) == "too_large"
