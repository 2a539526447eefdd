"""What people carry: receipts, check codes, 封箱碼; and how they stand in QR codes."""

from dataclasses import dataclass

from tests.interop.ttc import Key, Refused, holds, key_id

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
DEVICE, SERVER = 1, 2
BODY_BYTES = {DEVICE: 45, SERVER: 50}
MINUTE_MS = 60_000
STAGES = {"elementary": "E", "junior": "J", "kindergarten": "K"}
SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a receipt says; ``log_index`` only the server's."""

    version: int
    device: bytes
    inc: int
    seq: int
    event: bytes
    minute: int
    key: bytes
    log_index: int | None


def make_receipt(key: Key, event: dict, event_hash: bytes) -> bytes:
    """The machine's own receipt for one of its entries."""
    body = b"".join(
        (
            bytes([DEVICE]),
            event["dev"][:8],
            event["inc"].to_bytes(4, "big"),
            event["seq"].to_bytes(4, "big"),
            event_hash[:16],
            (event["t"] // MINUTE_MS).to_bytes(4, "big"),
            key.id[:8],
        )
    )
    return body + key.sign("tt/receipt/1", body)


def read_receipt(data: bytes, keys: list[bytes]) -> Receipt:
    """A receipt one of these keys has signed.

    Raises:
        Refused: None of them did, or it is no receipt.
    """
    size = BODY_BYTES.get(data[0] if data else 0)
    if size is None or len(data) != size + SIGNATURE_BYTES:
        raise Refused("no receipt")
    body, signature = data[:size], data[size:]
    named = body[37:45]
    if not any(
        key_id(each)[:8] == named and holds(each, "tt/receipt/1", body, signature) for each in keys
    ):
        raise Refused("signature")
    index = body[45:]
    return Receipt(
        version=body[0],
        device=body[1:9],
        inc=int.from_bytes(body[9:13], "big"),
        seq=int.from_bytes(body[13:17], "big"),
        event=body[17:33],
        minute=int.from_bytes(body[33:37], "big"),
        key=named,
        log_index=int.from_bytes(index[:4], "big") + (index[4] << 32) if index else None,
    )


def base32(data: bytes, bits: int | None = None) -> str:
    """The first ``bits`` of the bytes in Crockford's letters, filled up with zeros at the end."""
    bits = 8 * len(data) if bits is None else bits
    number = int.from_bytes(data, "big") >> (8 * len(data) - bits) << (-bits % 5)
    letters = -(-bits // 5)
    return "".join(CROCKFORD[number >> 5 * (letters - 1 - n) & 31] for n in range(letters))


def check_code(head: bytes) -> str:
    """The first 40 bits of a hash, as paper shows them."""
    text = base32(head, 40)
    return f"{text[:4]}-{text[4:]}"


def closing_code(head: bytes) -> str:
    """封箱碼: 80 bits in four groups, the fifth letter of each a check over its group."""
    text = base32(head, 80)
    groups = []
    for number in range(1, 5):
        letters = text[4 * number - 4 : 4 * number]
        total = number
        for letter in letters:
            total = (total ^ CROCKFORD.index(letter)) << 1
            if total >= 32:
                total ^= 0b100101  # x⁵ + x² + 1
        groups.append(letters + CROCKFORD[total])
    return "-".join(groups)


def base45(data: bytes) -> str:
    """RFC 9285: two bytes are three letters, the least first; a last single byte two."""
    text = ""
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, letter = divmod(number, 45)
            text += BASE45[letter]
    return text


def short_code(season: str, stage: str, machine: str, seq: int, head: bytes) -> str:
    """What stands in a QR code that has no room for a signature."""
    digits = "".join(each for each in machine if each.isdigit())[-4:]
    return f"TAS1:{season}:{STAGES[stage]}{digits}{seq:06}:{base32(head, 40)}"
