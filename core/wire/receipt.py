"""Receipts.

45 or 50 bytes and a signature, small enough for a QR code, no personal data (PROTOCOL 2.11).
"""

import re
import struct
from dataclasses import dataclass

from core.sealing import SigningKey, verify
from core.signature import SignatureType
from core.wire.fault import WireError

DEVICE = struct.Struct(">B8sII16sI8s")
SERVER = struct.Struct(">B8sII16sI8sIB")
SIGNATURE_BYTES = 64
DEVICE_BYTES = 8
EVENT_BYTES = 16
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MINUTE_MS = 60_000
SHORT = re.compile(
    r"TAS1:[0-9]{2,4}:[EJK](?P<machine>[0-9]{4})(?P<seq>[0-9]{6,10}):"
    rf"(?P<code>[{CROCKFORD}]{{8}})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Entry ``seq`` of a device with the first 16 bytes of its hash was here in this minute.

    ``log_index`` is None on a device receipt (stored, not yet delivered) and set on a server
    receipt (delivered).
    """

    device: bytes
    inc: int
    seq: int
    event: bytes
    minute: int
    log_index: int | None = None

    def __post_init__(self) -> None:
        if len(self.device) != DEVICE_BYTES or len(self.event) != EVENT_BYTES:
            raise ValueError("device is 8 bytes, event is 16")


def encode_receipt(receipt: Receipt, key: SigningKey) -> bytes:
    """109 bytes for a device's receipt, 114 for the server's."""
    common = (
        receipt.device,
        receipt.inc,
        receipt.seq,
        receipt.event,
        receipt.minute,
        key.id[:8],
    )
    if receipt.log_index is None:
        body = DEVICE.pack(1, *common)
    else:
        body = SERVER.pack(2, *common, receipt.log_index & 0xFFFFFFFF, receipt.log_index >> 32)
    return body + key.sign(SignatureType.RECEIPT, body)


def claimed_place(data: bytes) -> tuple[bytes, int]:
    """First 8 bytes of the device and incarnation a receipt names, to look for its key by.

    Nothing is verified.

    Raises:
        WireError: ``receipt`` when it is too short.
    """
    if len(data) < DEVICE.size:
        raise WireError("receipt")
    _, device, inc, *_ = DEVICE.unpack_from(data)
    return device, inc


def open_receipt(data: bytes, key: bytes) -> Receipt:
    """The receipt, if the raw public ``key`` signed it.

    Raises:
        WireError: ``receipt`` when it has another length or version, ``signature`` when it is not
        this key's.
    """
    body, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
    layout = {(DEVICE.size, 1): DEVICE, (SERVER.size, 2): SERVER}.get(
        (len(body), body[0] if body else 0)
    )
    if layout is None:
        raise WireError("receipt")
    if not verify(key, SignatureType.RECEIPT, body, signature):
        raise WireError("signature")
    _, device, inc, seq, event, minute, _, *index = layout.unpack(body)
    log_index = index[0] + (index[1] << 32) if index else None
    return Receipt(device=device, inc=inc, seq=seq, event=event, minute=minute, log_index=log_index)


def to_base45(data: bytes) -> str:
    """RFC 9285: upper-case text that a QR code holds in its alphanumeric mode."""
    out: list[str] = []
    for start in range(0, len(data) - 1, 2):
        rest, first = divmod(data[start] * 256 + data[start + 1], 45)
        third, second = divmod(rest, 45)
        out += BASE45[first], BASE45[second], BASE45[third]
    if len(data) % 2:
        second, first = divmod(data[-1], 45)
        out += BASE45[first], BASE45[second]
    return "".join(out)


def from_base45(text: str) -> bytes:
    """The bytes of `to_base45`.

    Raises:
        WireError: ``base45``.
    """
    if len(text) % 3 == 1 or any(letter not in BASE45 for letter in text):
        raise WireError("base45")
    values = [BASE45.index(letter) for letter in text]
    out = bytearray()
    for start in range(0, len(values), 3):
        group = values[start : start + 3]
        number = sum(value * 45**place for place, value in enumerate(group))
        width = len(group) - 1
        if number >= 256**width:
            raise WireError("base45")
        out += number.to_bytes(width, "big")
    return bytes(out)


def check_code(event_hash: bytes) -> str:
    """檢查碼 ``8F3K-29QD``: the first 40 bits of an entry's hash, in letters nobody mistakes."""
    number = int.from_bytes(event_hash[:5], "big")
    letters = "".join(CROCKFORD[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortReceipt:
    """A QR code where there is no room for a signature: which entry, and how its hash begins.

    ``machine`` are the last four digits of the kiosk's name, ``event`` the first 5 bytes.
    """

    machine: str
    seq: int
    event: bytes


def parse_short(text: str) -> ShortReceipt:
    """``TAS1:115:E0231000427:8F3K29QD``; nothing of it is signed.

    Raises:
        WireError: ``receipt``.
    """
    found = SHORT.fullmatch(text.strip().upper())
    if found is None:
        raise WireError("receipt")
    number = 0
    for letter in found["code"]:
        number = number << 5 | CROCKFORD.index(letter)
    seq = int(found["seq"])
    return ShortReceipt(machine=found["machine"], seq=seq, event=number.to_bytes(5, "big"))
