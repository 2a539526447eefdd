"""Receipts (PROTOCOL 2.11): few bytes, no personal data, readable letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wire.fault import WireError
from core.wire.receipt import (
    Receipt,
    ShortReceipt,
    check_code,
    claimed_place,
    encode_receipt,
    from_base45,
    open_receipt,
    parse_short,
    to_base45,
)
from tests.core.wire.messages import KEY, OTHER
from tests.core.wire.refusing import code_of

DEVICE = Receipt(device=b"device-1", inc=1, seq=0x80, event=b"e" * 16, minute=0xFF)
SERVER = Receipt(
    device=b"device-1", inc=1, seq=0x80, event=b"e" * 16, minute=0xFF, log_index=2**33 + 5
)
DEVICE_BODY = "01" + b"device-1".hex() + "00000001" + "00000080" + "65" * 16 + "000000ff"
SERVER_BODY = "02" + DEVICE_BODY[2:]


def test_a_device_receipt_is_these_109_bytes():
    data = encode_receipt(DEVICE, KEY)

    assert len(data) == 109
    assert data[:45].hex() == DEVICE_BODY + KEY.id[:8].hex()
    assert open_receipt(data, KEY.public) == DEVICE


def test_a_server_receipt_is_these_114_bytes():
    data = encode_receipt(SERVER, KEY)

    assert len(data) == 114
    assert data[:50].hex() == SERVER_BODY + KEY.id[:8].hex() + "00000005" + "02"
    assert open_receipt(data, KEY.public) == SERVER


@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.none() | st.sampled_from([0, 0x7F, 0x80, 0xFF, 0x100, 2**32 - 1, 2**32, 2**40 - 1]),
)
def test_every_receipt_goes_there_and_back(seq, minute, index):
    receipt = Receipt(
        device=b"device-1", inc=1, seq=seq, event=b"e" * 16, minute=minute, log_index=index
    )

    assert open_receipt(encode_receipt(receipt, KEY), KEY.public) == receipt


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "receipt"),
        (bytes(64), "receipt"),
        (bytes(109), "receipt"),
        (b"\x02" + encode_receipt(DEVICE, KEY)[1:], "receipt"),
        (encode_receipt(DEVICE, KEY) + b"\x00", "receipt"),
        (encode_receipt(DEVICE, KEY)[:-1] + b"\x00", "signature"),
        (encode_receipt(DEVICE, OTHER), "signature"),
    ],
)
def test_what_is_no_receipt_of_this_key_is_refused(data, code):
    assert code_of(open_receipt, data, KEY.public) == code


@given(st.sampled_from([DEVICE, SERVER]), st.data())
def test_no_flipped_bit_is_accepted(receipt, data):
    altered = bytearray(encode_receipt(receipt, KEY))
    bit = data.draw(st.integers(0, len(altered) * 8 - 1))
    altered[bit // 8] ^= 1 << bit % 8

    with pytest.raises(WireError):
        open_receipt(bytes(altered), KEY.public)


@pytest.mark.parametrize("changes", [{"device": b"short"}, {"event": b"e" * 17}])
def test_a_receipt_has_its_sizes(changes):
    with pytest.raises(ValueError, match="8 bytes"):
        Receipt(
            **{"device": b"device-1", "inc": 1, "seq": 1, "event": b"e" * 16, "minute": 1} | changes
        )


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
        (b"\x00", "00"),
        (b"\xff", "U5"),
        (b"\xff\xff", "FGW"),
    ],
)
def test_base_45_is_that_of_rfc_9285(data, text):
    assert to_base45(data) == text
    assert from_base45(text) == data


@given(st.binary(max_size=120))
def test_base_45_goes_there_and_back(data):
    text = to_base45(data)

    assert from_base45(text) == data
    assert len(text) == len(data) // 2 * 3 + len(data) % 2 * 2


@pytest.mark.parametrize("text", ["0", "0000", "bb8", "BB_", ":::", "GGW", "::", "介介介"])
def test_what_is_no_base_45_is_refused(text):
    assert code_of(from_base45, text) == "base45"


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("0000000000", "0000-0000"),
        ("ffffffffff", "ZZZZ-ZZZZ"),
        ("7f80ff0100", "FY0F-Y080"),
    ],
)
def test_the_check_code_is_forty_bits_in_letters_nobody_mistakes(start, code):
    assert check_code(bytes.fromhex(start) + bytes(27)) == code
    assert not set("ILOU") & set(code)


def test_a_receipt_says_by_which_machine_to_look_for_its_key():
    for receipt in (DEVICE, SERVER):
        assert claimed_place(encode_receipt(receipt, KEY)) == (receipt.device, receipt.inc)

    assert code_of(claimed_place, bytes(44)) == "receipt"


def test_the_short_form_names_an_entry_and_how_its_hash_begins():
    event = bytes(range(200, 232))
    code = check_code(event).replace("-", "")

    short = parse_short(f" tas1:115:e0231000427:{code.lower()} ")

    assert short == ShortReceipt(machine="0231", seq=427, event=event[:5])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TAS1",
        "TAS2:115:E0231000427:8F3K29QD",
        "TAS1:115:X0231000427:8F3K29QD",
        "TAS1:115:E0231000427:8F3K29QU",
        "TAS1:115:E0231000427:8F3K29Q",
        "TAS1:115:E023100042:8F3K29QD",
        "TAS1:115:E0231000427:8F3K29QD:",
        "TAS1:\uff11\uff11\uff15:E0231000427:8F3K29QD",
    ],
)
def test_what_is_no_short_form_is_refused(text):
    assert code_of(parse_short, text) == "receipt"
