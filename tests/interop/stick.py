"""Files on a stick: a parcel for the centre, and the answer to it (chapter 14)."""

import hashlib
from typing import Any

import zstandard

from tests.interop import hpke
from tests.interop.second_client import SecondClient
from tests.interop.ttc import (
    Refused,
    key_id,
    open_document,
    read,
    split,
    write,
)

MAGIC = b"TTU1"
CONTENT_BYTES, STICK_BYTES = 15_728_640, 16_777_216
BATCHES, BATCH_ENTRIES = 64, 200


def pack_parcel(
    client: SecondClient, first: int, step: int = BATCH_ENTRIES, **changed: Any
) -> tuple[str, bytes]:
    """Name and bytes of a file with every entry from ``first`` on; ``changed`` is for who lies."""
    log, now = client.log, client.log.clock()[0]
    starts = range(first, log.last + 1, step)[:BATCHES]
    last = min(starts[-1] + step - 1, log.last)
    batches = [log.batch(start, client.epoch, step) for start in starts]
    recipient = client.trust.said["seal"]
    sealed = hpke.seal(write([batches]), recipient, hpke.PARCEL, client.random(32))
    documents = [client.granted.document]
    manifest = {
        "dev": log.dev,
        "inc": log.inc,
        "from": first,
        "to": last,
        "hash": hashlib.sha256(sealed).digest(),
        "size": len(sealed),
        "seal": key_id(recipient),
        "documents": hashlib.sha256(write(documents)).digest(),
        "way": "parcel",
        "purpose": "log",
        "head": log.hash_at(last),
        "count": last - first + 1,
        "reply": hpke.public_of(client.applicant.seal),
        "snapshot": list(client.reference.used),
        "inbox": len(client.inbox),
        "trust": client.trust.version,
        "nonce": client.random(16),
        "t": now,
    }
    signed = log.key.document("tt/usb/1", manifest | changed)
    data = MAGIC + write([signed, sealed, documents])
    log.add("usb.export", {"file": hashlib.sha256(data).digest(), "first": first, "last": last})
    return f"TTX-{log.dev.hex()}-{first}-{last}.ttx", data


def take_answer(client: SecondClient, data: bytes, parcel: bytes) -> dict[str, Any]:
    """What the server said on the stick, each part verified and believed as on the line.

    Raises:
        Refused: The file or a part of it is not the centre's, or for another machine or parcel.
    """
    content, manifest = _open(client, data)
    if manifest["parcel"] != hashlib.sha256(parcel).digest():
        raise Refused("an answer to another parcel")
    for each in content["acks"]:
        client.believe_answer(each)
    asked = read(split(_parts(parcel)[0])[0])
    beacon = client.carried(content["beacon"], asked["nonce"])
    if content["snapshot"] is not None:
        said = client.reference.read_next(content["snapshot"], client.trust, beacon)
        names = {listed[2]: name for name, listed in said["files"].items()}
        files = {names[hashlib.sha256(each).digest()]: each for each in content["files"]}
        client.reference.take(content["snapshot"], said, files)
        client.log.reference = client.reference.used
    client.keep_notices(client.followed(content["inbox"]))
    said = {"first": manifest["from"], "last": manifest["to"]}
    client.log.add("usb.import", {"file": hashlib.sha256(data).digest(), **said})
    return content | {"beacon": beacon}


def _parts(data: bytes) -> tuple[bytes, bytes, list[bytes]]:
    if data[: len(MAGIC)] != MAGIC:
        raise Refused("no file of ours")
    signed, sealed, documents = read(data[len(MAGIC) :], STICK_BYTES)
    return signed, sealed, documents


def _open(client: SecondClient, data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    signed, sealed, documents = _parts(data)
    for each in documents:
        client.trust.take(each)
    manifest = open_document("tt/usb/1", signed, client.trust.said["receipt"])
    if (manifest["way"], manifest["dev"]) != ("answer", client.log.dev):
        raise Refused("no answer for this machine")
    whole = (
        len(sealed),
        hashlib.sha256(sealed).digest(),
        hashlib.sha256(write(documents)).digest(),
    )
    if (manifest["size"], manifest["hash"], manifest["documents"]) != whole:
        raise Refused("damaged")
    opened = hpke.unseal(sealed, client.applicant.seal, hpke.ANSWER)
    content = zstandard.ZstdDecompressor().decompress(opened, max_output_size=CONTENT_BYTES)
    return read(content, CONTENT_BYTES), manifest
