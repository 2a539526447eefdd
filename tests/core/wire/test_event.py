"""Events, frames and detached payloads (PROTOCOL 2.3)."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealing import verify
from core.signature import SignatureType, digest
from core.wire.canon import encode, from_wire, to_wire
from core.wire.event import (
    Cosignature,
    Event,
    Frame,
    Who,
    check_body,
    decode_frame,
    encode_frame,
    payload_hash,
    read_event,
    read_notice,
    reopen_event,
    reopen_frame,
    sign_event,
)
from core.wire.fault import WireError
from core.wire.kind import BODIES
from tests.core.wire.messages import KEY, SALTED, event, sha, with_payload
from tests.core.wire.refusing import code_of

EVENT_HEX = (
    "8ea362636ec0a4626f647982a8736f667477617265a5302e312e30a7756e636c65616ec2a4626f6f74c40862"
    "6f6f742d2d2d31a3646576c41064646464646464646464646464646464a3696e6301a46b696e64a4626f6f74"
    "a16dcd03e8a27068c0a470726576c42063636363636363636363636363636363636363636363636363636363"
    "63636363a37265669200c4080000000000000000a373657101a174cf0000019e70448800a17601a377686f82"
    "a26964c0a4726f6c65a673797374656d"
)
COSIGNED = (Cosignature(b"o" * 16, "ed25519", b"s" * 64),)
KINDS = (
    "boot beacon clock.step storage.alarm season.open season.close teacher.register "
    "teacher.present app.revise app.withdraw app.resolve officer.approve officer.return blob.add "
    "sync.fail usb.export usb.import beacon.carried inbox.seen receipt.print server.epoch "
    "server.said key.rotate device.retire device.renew replay inbox.review inbox.version "
    "inbox.conflict inbox.receipt "
    "inbox.result inbox.retire inbox.county inbox.barred inbox.verdict inbox.display "
    "centre.open centre.witness centre.decide centre.rules centre.review"
)


def test_an_event_is_these_bytes():
    frame = sign_event(event(), KEY)

    assert frame.event.hex() == EVENT_HEX
    assert frame.signature == KEY.sign(SignatureType.EVENT, frame.event)
    assert frame.hash == digest(SignatureType.EVENT, frame.event)
    assert (
        sha(encode_frame(frame))
        == "73f61e413772a86808189dbe786c2552084e460f1f35d54dedd2fc60d979c1f0"
    )


def test_the_signature_is_outside_the_hash():
    """PROTOCOL 2.2."""
    one = Frame(event=b"e", signature=b"1" * 64)
    other = Frame(event=b"e", signature=b"2" * 64, payload=b"p")

    assert one.hash == other.hash


def test_a_frame_goes_there_and_back():
    frame = sign_event(with_payload(), KEY, SALTED, COSIGNED)

    back = decode_frame(encode_frame(frame))

    assert back == frame
    assert read_event(back) == with_payload()


def test_the_payload_may_be_gone_and_the_event_is_still_read():
    """PROTOCOL 2.3: after the retention period both sides delete payloads."""
    frame = sign_event(with_payload(), KEY, SALTED)

    bare = Frame(event=frame.event, signature=frame.signature)

    assert read_event(bare) == with_payload()


@pytest.mark.parametrize(
    ("changes", "payload", "code"),
    [
        ({"kind": "app.edit"}, None, "kind"),
        ({"body": {}}, None, "schema"),
        ({"body": {"software": "0.1.0", "unclean": False, "more": 1}}, None, "schema"),
        ({"body": {"software": "x" * 65, "unclean": False}}, None, "schema"),
        ({"ph": bytes(32)}, None, "payload_missing"),
        ({}, SALTED, "payload_unexpected"),
        ({"ph": bytes(32)}, SALTED, "payload_hash"),
        ({"ph": payload_hash(b"\x80")}, b"\x80", "payload_salt"),
        ({"ph": payload_hash(b"\x90")}, b"\x90", "payload_salt"),
        (
            {"ph": payload_hash(encode({"salt": b"s" * 15}))},
            encode({"salt": b"s" * 15}),
            "payload_salt",
        ),
        ({"ph": payload_hash(b"\xc1")}, b"\xc1", "malformed"),
    ],
)
def test_what_does_not_fit_is_not_signed(changes, payload, code):
    with pytest.raises(WireError) as fault:
        sign_event(event(**changes), KEY, payload)

    assert fault.value.code == code


def test_what_does_not_fit_is_not_read_either():
    for bad in (event(kind="app.edit"), event(body={})):
        frame = Frame(event=to_wire(bad), signature=bytes(64))
        with pytest.raises(WireError):
            read_event(frame)
    frame = Frame(event=to_wire(with_payload()), signature=bytes(64), payload=b"\x80")
    with pytest.raises(WireError, match=r"^payload_hash$"):
        read_event(frame)


def test_a_notice_of_a_newer_server_is_read_and_nothing_else_that_is_not_on_the_list():
    told = event(kind="inbox.invented", body={"anything": [1]}, ph=payload_hash(SALTED))
    frame = Frame(event=to_wire(told), signature=bytes(64), payload=SALTED)

    assert read_notice(frame) == told
    for bad, code in (
        (event(kind="app.edit"), "kind"),
        (event(kind="inbox"), "kind"),
        (event(kind="inbox.verdict", body={}), "schema"),
        (event(body={}), "schema"),
    ):
        with pytest.raises(WireError, match=f"^{code}$"):
            read_notice(Frame(event=to_wire(bad), signature=bytes(64)))
    with pytest.raises(WireError, match=r"^payload_hash$"):
        read_notice(replace(frame, payload=b"\x80"))
    with pytest.raises(WireError, match=r"^kind$"):
        read_event(frame)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"dev": b"d" * 15},
        {"inc": 0},
        {"seq": 0},
        {"prev": b"c" * 31},
        {"kind": "k" * 33},
        {"t": -1},
        {"m": -1},
        {"boot": b"boot"},
        {"bcn": (b"short", 1)},
        {"bcn": (b"beacon-1", -1)},
        {"ref": (-1, bytes(8))},
        {"who": Who(role="teacher", id=b"short")},
        {"ph": b"p" * 31},
    ],
)
def test_every_field_has_its_shape(changes):
    with pytest.raises(WireError, match=r"^schema$"):
        from_wire(to_wire(event(**changes)), Event)


@pytest.mark.parametrize("number", [0x7F, 0x80, 0xFF, 0x100, 2**32, 2**53])
def test_every_number_goes_there_and_back(number):
    sent = event(seq=number, inc=number, t=number, m=number, bcn=(b"beacon-1", number))

    assert read_event(sign_event(sent, KEY)) == sent


@pytest.mark.parametrize(
    "row",
    [
        [b"e", bytes(63), [], None],
        [b"e", bytes(64), [], None, None],
        [b"e", bytes(64), []],
        ["e", bytes(64), [], None],
        [b"e", bytes(64), [[b"k" * 16, "rsa", bytes(64)]], None],
        [b"e", bytes(64), [[b"k" * 15, "ed25519", bytes(64)]], None],
        {},
    ],
)
def test_what_is_no_frame_is_refused(row):
    with pytest.raises(WireError, match=r"^schema$"):
        decode_frame(encode(row))


def test_what_was_read_before_is_opened_again_with_whatever_payload_there_is():
    frame = sign_event(with_payload(), KEY, SALTED)
    bare = replace(frame, payload=None)

    again = reopen_frame(encode_frame(bare), frame.payload)

    assert again == decode_frame(encode_frame(frame)) == frame
    assert reopen_frame(encode_frame(bare), None) == bare
    assert reopen_event(again) == read_event(frame)


def test_what_cannot_have_been_read_before_is_not_opened():
    assert code_of(reopen_frame, b"\x91\xc4", None) == "malformed"
    assert code_of(reopen_event, Frame(event=b"\x80", signature=bytes(64))) == "malformed"


def test_more_cosignatures_than_people_who_sign_are_refused():
    rows = [[b"k" * 16, "ed25519", bytes(64)]] * 5

    with pytest.raises(WireError, match=r"^too_many_items$"):
        decode_frame(encode([b"e", bytes(64), rows, None]))


@given(st.binary(max_size=300))
def test_whatever_bytes_come_they_are_a_frame_or_refused(data):
    try:
        frame = decode_frame(data)
    except WireError:
        return
    assert encode_frame(frame) == data


@given(st.data())
def test_a_flipped_bit_anywhere_never_verifies(data):
    """PROTOCOL 4.1, I9."""
    frame = sign_event(with_payload(), KEY, SALTED)
    part = data.draw(st.sampled_from(["event", "signature"]))
    altered = bytearray(getattr(frame, part))
    bit = data.draw(st.integers(0, len(altered) * 8 - 1))
    altered[bit // 8] ^= 1 << bit % 8
    parts = {"event": frame.event, "signature": frame.signature, part: bytes(altered)}

    assert not verify(KEY.public, SignatureType.EVENT, parts["event"], parts["signature"])


def test_the_kinds_are_those_of_the_protocol():
    assert list(BODIES) == KINDS.split()


def sample(schema):
    """A body of this kind, filled from the types of its fields."""
    return {field.encode_name: value_of(field.type) for field in fields_of(schema)}


def fields_of(schema):
    return msgspec.inspect.type_info(schema).fields


def value_of(kind):
    """A value of a field's type; bodies hold only these types."""
    inspect = msgspec.inspect
    if isinstance(kind, inspect.UnionType):
        return value_of(kind.types[0])
    if isinstance(kind, inspect.VarTupleType):
        return [value_of(kind.item_type)]
    if isinstance(kind, inspect.BytesType):
        return b"x" * kind.min_length
    if isinstance(kind, inspect.StructType):
        return sample(kind.cls)
    return {inspect.StrType: "範例", inspect.IntType: 1, inspect.BoolType: False}[type(kind)]


@pytest.mark.parametrize("kind", BODIES)
def test_every_kind_has_a_body_that_goes_there_and_back(kind):
    body = sample(BODIES[kind])
    sent = event(kind=kind, body=body)

    check_body(sent)
    assert read_event(sign_event(sent, KEY)) == sent
    with pytest.raises(WireError, match=r"^schema$"):
        check_body(event(kind=kind, body={**body, "more": 1}))
    needed = {each.encode_name for each in fields_of(BODIES[kind]) if each.required}
    for name in body:
        less = event(kind=kind, body={k: v for k, v in body.items() if k != name})
        if name not in needed:
            check_body(less)
            continue
        with pytest.raises(WireError, match=r"^schema$"):
            check_body(less)
