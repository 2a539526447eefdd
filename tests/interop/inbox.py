"""The server's log for a machine: followed entry by entry, and the receipts in it."""

from typing import Any

from tests.interop.codes import Receipt, read_receipt
from tests.interop.log import Entry, Log
from tests.interop.ttc import MESSAGE_BYTES, Refused, digest, holds, read

EVENT_FIELDS = frozenset(
    ("v", "dev", "inc", "seq", "prev", "kind", "t", "m", "boot", "bcn", "ref", "who", "body", "ph")
)


def receipts_in(entries: list[Entry], logs: dict[int, Log], keys: list[bytes]) -> list[Receipt]:
    """The receipts among these, each for the entry it names in the log of its incarnation.

    Raises:
        Refused: One is for another entry, or signed by none of ``keys``.
    """
    found = []
    for entry in entries:
        said = entry.said
        if said["kind"] != "inbox.receipt":
            continue
        receipt = read_receipt(read(entry.payload)["receipt"], keys)
        seq, hashed = said["body"]["seq"], said["body"]["hash"]
        log = logs.get(receipt.inc)
        if log is None or (receipt.device, receipt.seq) != (log.dev[:8], seq):
            raise Refused("a receipt for another entry")
        if log.hash_at(seq) != hashed or receipt.event != hashed[:16]:
            raise Refused("a receipt for another hash")
        found.append(receipt)
    return found


def follow(
    frames: list[bytes], keys: list[bytes], dev: bytes, head: tuple[int, bytes]
) -> list[Entry]:
    """The server's entries for this machine that continue ``head``, verified.

    Raises:
        Refused: One of them is not signed, not ours, or does not continue the one before.
    """
    seq, prev = head
    taken = []
    for frame in frames:
        entry = _unpack(frame)
        if not any(holds(key, "tt/event/1", entry.event, entry.signature) for key in keys):
            raise Refused("signature of an entry")
        said = entry.said
        if set(said) != EVENT_FIELDS:
            raise Refused("fields of an entry")
        if (said["seq"], said["prev"]) != (seq + 1, prev):
            raise Refused("an entry that does not follow")
        if (said["v"], said["dev"], said["inc"]) != (1, dev, 1):
            raise Refused("another log")
        if said["who"] != {"role": "server", "id": None} or not said["kind"].startswith("inbox."):
            raise Refused("not the server's")
        if said["ph"] != (entry.payload and digest("tt/payload/1", entry.payload)):
            raise Refused("payload")
        seq, prev = said["seq"], entry.hash
        taken.append(entry)
    return taken


def _unpack(frame: bytes) -> Entry:
    match read(frame, MESSAGE_BYTES):
        case [bytes() as event, bytes() as signature, list() as cosigned, payload]:
            return Entry(
                event=event,
                signature=signature,
                cosignatures=tuple(tuple(each) for each in cosigned),
                payload=payload,
            )
    raise Refused("no frame")


def copied(notice: Entry) -> tuple[bytes, dict[str, Any] | None]:
    """Hash of the entry that a version or decision from elsewhere carries, and its payload, if any.

    Raises:
        Refused: The payload is not the one of that entry.
    """
    copy = read(notice.payload)
    said, payload = read(copy["event"]), copy["payload"]
    if payload is not None and digest("tt/payload/1", payload) != said["ph"]:
        raise Refused("payload of a copy")
    return digest("tt/event/1", copy["event"]), payload and read(payload)
