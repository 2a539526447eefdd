"""The published vectors, built from the samples.

``python -m tests.core.wire.vectors`` rewrites them. A vector says what another implementation has
to read and write, so it changes only with the protocol. Byte strings are hex.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import zstandard

from core.sealing import SigningKey, code_proof, key_id, seal, seal_public
from core.season.address import receipt_address, seal_address
from core.season.seal_code import seal_code
from core.signature import SignatureType, digest, pae
from core.wire.batch import decode_batch, encode_batch
from core.wire.canon import FILE_LIMITS, encode, to_wire
from core.wire.delta import encode_delta
from core.wire.document import sign_document, split_document
from core.wire.event import encode_frame
from core.wire.manifest import AnswerManifest, ParcelManifest
from core.wire.payload import part_hashes
from core.wire.receipt import check_code, encode_receipt, to_base45
from core.wire.reference import PhaseRow, ReferenceFile, snapshot_hash
from core.wire.rotation import Rotation
from core.wire.usb import ANSWER_INFO, MAGIC, PARCEL_INFO, file_name
from tests.core.wire import samples
from tests.core.wire.literals import BYTE_STRINGS, LITERALS, REFUSED

FILE = Path(__file__).parents[3] / "docs" / "vectors" / "ttx-1.json"
ABOUT = (
    "TTX/1: one of every message under published test keys. Hex everywhere; a hash is SHA-256 of "
    "the type and the bytes as docs/vectors/README.md says. Protect nothing with these keys."
)


def vectors() -> dict[str, Any]:
    """Everything in the file."""
    return {
        "about": ABOUT,
        "keys": _keys(),
        "types": [_type(kind) for kind in SignatureType],
        "canonical": [{"value": value, "bytes": data} for value, data in LITERALS]
        + [{"hex": value.hex(), "bytes": data} for value, data in BYTE_STRINGS],
        "refused": [
            {"what": what, "bytes": data, "code": code} for what, (data, code) in REFUSED.items()
        ],
        "documents": [_document(name) for name in samples.DOCUMENTS],
        "files": [{"name": name, "bytes": data.hex()} for name, data in samples.FILES.items()],
        "enrolment": _enrolment(),
        "logs": [
            _log("device", samples.DEVICE_LOG),
            _log("receipt", samples.INBOX_LOG),
            _log("receipt", samples.CENTRE_LOG),
        ],
        "application": _application(),
        "rotation": _rotation(),
        "batches": [_batch(name) for name in samples.UPLOADS],
        "lists": _lists(),
        "delta": _delta(),
        "sticks": [_parcel(), _answer()],
        "receipts": [_receipt(name) for name in samples.receipts()],
        "seal": _seal(),
    }


def _keys() -> list[dict[str, str]]:
    rows = [
        {
            "name": name,
            "algorithm": "ed25519",
            "private": key.private.hex(),
            "public": key.public.hex(),
            "id": key.id.hex(),
        }
        for name, key in samples.KEYS.items()
    ]
    public = seal_public(samples.SEAL_PRIVATE)
    seal = {
        "name": "seal",
        "algorithm": "x25519",
        "private": samples.SEAL_PRIVATE.hex(),
        "public": public.hex(),
        "id": key_id(public).hex(),
    }
    return [*rows, seal]


def _type(kind: SignatureType) -> dict[str, str]:
    body = "介聘".encode()
    return {
        "type": kind.value,
        "body": body.hex(),
        "signed": pae(kind, body).hex(),
        "hash": digest(kind, body).hex(),
    }


def _name_of(key: bytes) -> str:
    return next(name for name, each in samples.KEYS.items() if each.id == key)


def _document(name: str) -> dict[str, Any]:
    kind, schema, data, _ = samples.DOCUMENTS[name]
    body, signatures = split_document(data)
    return {
        "name": name,
        "type": kind.value,
        "message": schema.__name__,
        "body": body.hex(),
        "hash": digest(kind, body).hex(),
        "signatures": [
            {"key": _name_of(key), "signature": signature.hex()} for key, signature in signatures
        ],
        "bytes": data.hex(),
    }


def _enrolment() -> dict[str, str]:
    return {
        "code": samples.CODE,
        "proof": code_proof(samples.CODE, to_wire(samples.REQUEST)).hex(),
        "form": to_wire(samples.FORM).hex(),
        "grant": to_wire(samples.GRANT, FILE_LIMITS).hex(),
        "sealed": samples.SEALED_SECRETS.hex(),
        "secrets": to_wire(samples.SECRETS).hex(),
        "snapshot": snapshot_hash(samples.SIGNED_SNAPSHOT).hex(),
        "beacon": samples.BEACON_ID.hex(),
    }


def _log(key: str, log: samples.Log) -> dict[str, Any]:
    return {
        "device": log.dev.hex(),
        "key": key,
        "root": log.prev.hex(),
        "entries": [
            {
                "kind": link.event.kind,
                "key": _name_of(signer.id),
                "event": link.frame.event.hex(),
                "hash": link.hash.hex(),
                "signature": link.frame.signature.hex(),
                "payload": link.frame.payload.hex() if link.frame.payload else None,
                "payload_hash": link.event.ph.hex() if link.event.ph else None,
                "cosignatures": [
                    {"key": _name_of(each.key), "signature": each.signature.hex()}
                    for each in link.frame.cosignatures
                ],
                "frame": encode_frame(link.frame).hex(),
                "check_code": check_code(link.hash),
            }
            for link, signer in zip(log.links, log.signers, strict=True)
        ],
    }


def _application() -> dict[str, str]:
    claim_hash, wishes_hash = part_hashes(samples.FIRST_VERSION.frame.payload or b"")
    return {
        "secret": samples.SEASON_SECRET.hex(),
        "national_id": samples.PERSON.text,
        "season": samples.SEASON,
        "stage": "elementary",
        "teacher": samples.TEACHER_ID.hex(),
        "application": samples.APP.hex(),
        "claim": to_wire(samples.CLAIM).hex(),
        "claim_hash": claim_hash.hex(),
        "wishes": to_wire(samples.WISHES).hex(),
        "wishes_hash": wishes_hash.hex(),
    }


def _rotation() -> dict[str, str]:
    event = samples.ROTATED.event
    statement = to_wire(
        Rotation(
            dev=event.dev,
            inc=event.inc,
            seq=event.seq,
            prev=event.prev,
            old=samples.DEVICE.public,
            new=samples.DEVICE_LOG.key.public,
        )
    )
    return {
        "old": "device",
        "new": "device-later",
        "body": statement.hex(),
        "hash": digest(SignatureType.ROTATION, statement).hex(),
        "old_proof": samples.DEVICE.sign(SignatureType.ROTATION, statement).hex(),
        "new_proof": samples.DEVICE_LOG.key.sign(SignatureType.ROTATION, statement).hex(),
    }


def _batch(name: str) -> dict[str, Any]:
    header, frames, key = samples.UPLOADS[name]
    data = encode_batch(header, frames, key)
    body = decode_batch(data).header_bytes
    return {
        "name": name,
        "key": _name_of(key.id),
        "header": body.hex(),
        "hash": digest(SignatureType.BATCH, body).hex(),
        "signature": key.sign(SignatureType.BATCH, body).hex(),
        "frames": [encode_frame(frame).hex() for frame in frames],
        # One of many: zstd may compress the same bytes differently in another version.
        "bytes": data.hex(),
    }


def _lists() -> dict[str, str]:
    """Answers and bodies that are arrays of signed things, not signed themselves."""
    frames = [encode_frame(frame) for frame in samples.INBOX_LOG.frames[:2]]
    waiting = [[samples.filled("form", 16), to_wire(samples.FORM)]]
    files = [samples.FILES[name] for name in sorted(samples.FILES)]
    return {
        "inbox": encode(frames, FILE_LIMITS).hex(),
        "desk": encode(waiting, FILE_LIMITS).hex(),
        "release": encode([samples.SIGNED_SNAPSHOT, files], FILE_LIMITS).hex(),
    }


def _delta() -> dict[str, str]:
    older = samples.FILES["calendar"]
    newer = to_wire(
        ReferenceFile(
            kind="calendar",
            phases=(
                *samples.CALENDAR_FILE.phases,
                PhaseRow("review", samples.NOON_MS, samples.NOON_MS + 1000),
            ),
        ),
        FILE_LIMITS,
    )
    # One of many, too.
    made = encode_delta(older, newer)
    return {"older": older.hex(), "newer": newer.hex(), "delta": made.hex()}


def _parcel() -> dict[str, Any]:
    content = msgspec.to_builtins(samples.PARCEL_CONTENT, builtin_types=(bytes,))
    packed = encode(content, FILE_LIMITS)
    sealed = _sealed("parcel", packed, PARCEL_INFO)
    documents = (samples.SIGNED_CERTIFICATE,)
    return _stick("parcel", samples.PARCEL_MANIFEST, sealed, documents, samples.DEVICE, packed)


def _answer() -> dict[str, Any]:
    raw = to_wire(samples.ANSWER_CONTENT, FILE_LIMITS)
    sealed = _sealed("answer", raw, ANSWER_INFO)
    documents = (samples.SIGNED_NEXT_TRUST,)
    return _stick("answer", samples.ANSWER_MANIFEST, sealed, documents, samples.RECEIPT, raw)


def _stick(  # noqa: PLR0913, PLR0917 - the parts of a file
    name: str,
    manifest: ParcelManifest | AnswerManifest,
    sealed: bytes,
    documents: tuple[bytes, ...],
    key: SigningKey,
    content: bytes,
) -> dict[str, Any]:
    over = msgspec.structs.replace(
        manifest,
        hash=hashlib.sha256(sealed).digest(),
        size=len(sealed),
        seal=key_id(seal_public(samples.SEAL_PRIVATE)),
        documents=hashlib.sha256(encode(list(documents), FILE_LIMITS)).digest(),
    )
    body = to_wire(over)
    signed = sign_document(SignatureType.USB, over, key)
    return {
        "name": name,
        "file": file_name(over).text,
        "key": _name_of(key.id),
        "body": body.hex(),
        "hash": digest(SignatureType.USB, body).hex(),
        "signature": key.sign(SignatureType.USB, body).hex(),
        "content": content.hex(),
        "sealed": sealed.hex(),
        "bytes": (MAGIC + encode([signed, sealed, list(documents)], FILE_LIMITS)).hex(),
    }


def _sealed(name: str, content: bytes, info: bytes) -> bytes:
    """Sealing draws a random key: what is published stays as long as it holds the same."""
    published = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    for row in published.get("sticks", ()):
        if row["name"] == name and row["content"] == content.hex():
            return bytes.fromhex(row["sealed"])
    packed = content if info is PARCEL_INFO else zstandard.ZstdCompressor().compress(content)
    return seal(packed, seal_public(samples.SEAL_PRIVATE), info)


def _seal() -> dict[str, str]:
    """What is read out over a telephone, and the addresses in QR codes."""
    head = samples.DEVICE_LOG.links[-1].hash
    receipt = encode_receipt(*samples.receipts()["server"])
    server = "https://transfer.example.edu.tw"
    return {
        "head": head.hex(),
        "code": seal_code(head),
        "server": server,
        "receipt": receipt.hex(),
        "receipt_address": receipt_address(server, receipt),
        "seal_address": seal_address(server, head),
    }


def _receipt(name: str) -> dict[str, Any]:
    receipt, key = samples.receipts()[name]
    data = encode_receipt(receipt, key)
    return {
        "name": name,
        "key": _name_of(key.id),
        "device": receipt.device.hex(),
        "inc": receipt.inc,
        "seq": receipt.seq,
        "event": receipt.event.hex(),
        "minute": receipt.minute,
        "log_index": receipt.log_index,
        "body": data[:-64].hex(),
        "hash": digest(SignatureType.RECEIPT, data[:-64]).hex(),
        "signature": data[-64:].hex(),
        "bytes": data.hex(),
        "base45": to_base45(data),
    }


def written(value: dict[str, Any]) -> str:
    """The text of the file."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(vectors()), encoding="utf-8")
