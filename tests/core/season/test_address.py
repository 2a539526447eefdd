"""PROTOCOL 2.11: a receipt fits into the address of a small QR code, and comes out as it was."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.season.address import from_base32, receipt_address, seal_address, to_base32
from core.season.seal_code import seal_code
from core.wire.fault import WireError
from tests.core.wire.refusing import code_of

ALPHANUMERIC_7_L = 224  # characters a QR code of version 7, level L, holds
SERVER = "https://transfer.example.edu.tw"


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", ""), (b"\x00", "00"), (b"\xff", "ZW"), (b"hello", "D1JPRV3F"), (bytes(5), "0" * 8)],
)
def test_base_32_is_these_letters_and_no_others(data, text):
    assert to_base32(data) == text
    assert from_base32(text) == data


@given(st.binary(max_size=120))
def test_base_32_leads_back(data):
    assert from_base32(to_base32(data)) == data


@given(st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", max_size=60))
def test_a_value_has_one_text(text):
    with suppress(WireError):
        assert to_base32(from_base32(text)) == text


@pytest.mark.parametrize("text", ["a", "O0", "0", "000", "01", "ZZ", "0\n", "\uff10\uff10", "ZW="])
def test_other_text_is_refused(text):
    assert code_of(from_base32, text) == "base32"


@pytest.mark.parametrize("length", [109, 114])
def test_both_receipts_fit_a_small_qr_code(length):
    address = receipt_address(SERVER, b"\xff" * length)

    assert len(address) <= ALPHANUMERIC_7_L
    assert address.startswith("HTTPS://TRANSFER.EXAMPLE.EDU.TW/V/ZZZ")


@pytest.mark.parametrize("server", [SERVER, f"{SERVER}/", f"{SERVER}//"])
def test_the_address_of_a_receipt_holds_all_of_it(server):
    assert receipt_address(server, b"hello") == f"{SERVER.upper()}/V/D1JPRV3F"


def test_a_server_whose_name_ends_in_an_x_keeps_it():
    assert receipt_address("https://x", b"") == "HTTPS://X/V/"
    assert seal_address("https://x/", bytes(32)).startswith("HTTPS://X/V/")
    assert seal_address("https://X/", bytes(32)).startswith("HTTPS://X/V/")
    assert receipt_address("https://X/", b"") == "HTTPS://X/V/"


def test_the_address_of_a_head_holds_its_code():
    head = bytes(range(32))

    assert seal_address(f"{SERVER}/", head) == f"{SERVER.upper()}/V/{seal_code(head)}"
