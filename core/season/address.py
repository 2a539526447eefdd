"""Addresses of the verification page, as QR codes hold them: capitals, so that few cells do.

A receipt goes into the address in base 32, since half of base 45's marks mean something else there.
"""

from core.season.seal_code import seal_code
from core.wire.fault import WireError
from core.wire.receipt import CROCKFORD

PLACE = "/V/"
LETTER_BITS = 5
BYTE_BITS = 8


def receipt_address(server: str, receipt: bytes) -> str:
    """Where anyone can have a receipt looked at; ``server`` is such as ``https://host:port``."""
    return f"{server.rstrip('/')}{PLACE}{to_base32(receipt)}".upper()


def seal_address(server: str, head: bytes) -> str:
    """Where the head of a closed log can be left as a witness, by its 封箱碼."""
    return f"{server.rstrip('/')}{PLACE}{seal_code(head)}".upper()


def to_base32(data: bytes) -> str:
    """Crockford's letters, five bits each, the last filled up with zeros."""
    letters = -(-len(data) * BYTE_BITS // LETTER_BITS)
    number = int.from_bytes(data, "big") << letters * LETTER_BITS - len(data) * BYTE_BITS
    shifts = range((letters - 1) * LETTER_BITS, -1, -LETTER_BITS)
    return "".join(CROCKFORD[number >> shift & 31] for shift in shifts)


def from_base32(text: str) -> bytes:
    """The bytes of `to_base32`; capitals only, one text per value.

    Raises:
        WireError: ``base32``.
    """
    if any(letter not in CROCKFORD for letter in text):
        raise WireError("base32")
    number = 0
    for letter in text:
        number = number << LETTER_BITS | CROCKFORD.index(letter)
    length, filled = divmod(len(text) * LETTER_BITS, BYTE_BITS)
    if filled >= LETTER_BITS or number & ((1 << filled) - 1):
        raise WireError("base32")
    return (number >> filled).to_bytes(length, "big")
