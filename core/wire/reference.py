"""What the centre publishes to every kiosk.

Trust, and the signed list of reference files (PROTOCOL 2.8a, TUF's workflow).
"""

import hashlib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from core.sealing import key_id
from core.signature import SignatureType, digest
from core.wire.document import open_document, split_document
from core.wire.event import Bytes32, Natural, Positive
from core.wire.fault import WireError

FILE_BYTES = 4 * 1024 * 1024
FileName = Annotated[str, Meta(max_length=40, pattern=r"^[a-z0-9_-]+\Z")]
Keys = Annotated[tuple[Bytes32, ...], Meta(max_length=8)]


class Trust(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``tt/trust/1``.

    Every key of the centre as raw public keys, signed by ``threshold`` of ``root``.
    """

    v: Positive
    season: Annotated[str, Meta(max_length=16)]
    root: Keys
    threshold: Positive
    enrol: Keys
    release: Keys
    beacon: Keys
    receipt: Keys
    seal: Bytes32


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``tt/snapshot/1``: every file by name as ``[version, bytes, SHA-256]``."""

    v: Positive
    season: Annotated[str, Meta(max_length=16)]
    t: Natural
    files: dict[FileName, tuple[Positive, Natural, Bytes32]]


class SchoolRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A school on the wire: marks are ``[mark, since, until or nil]`` with ISO dates."""

    id: str
    name: str
    short_name: str
    county: str
    township: str
    stage: str
    marks: tuple[tuple[str, str, str | None], ...]
    delegated: bool


class PhaseRow(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A calendar window, milliseconds since 1970 UTC, half open."""

    name: str
    opens: Natural
    closes: Natural


class ReferenceFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file: which of the lists it holds. Unused lists are empty; stages have a file each."""

    kind: Literal["schools", "calendar", "officers", "revocations", "notice"]
    schools: tuple[SchoolRow, ...] = ()
    phases: tuple[PhaseRow, ...] = ()
    certificates: tuple[bytes, ...] = ()
    revocations: bytes | None = None
    text: str = ""


def snapshot_hash(signed: bytes) -> bytes:
    """8 bytes that beacons and events name a snapshot by.

    Raises:
        WireError: Not a signed document.
    """
    body, _ = split_document(signed)
    return digest(SignatureType.SNAPSHOT, body)[:8]


def check_file(snapshot: Snapshot, name: str, data: bytes) -> None:
    """Refuse a file that is not the one the snapshot lists.

    Raises:
        WireError: ``file_unknown``, ``file_size`` or ``file_hash``.
    """
    if name not in snapshot.files:
        raise WireError("file_unknown")
    _, size, expected = snapshot.files[name]
    if size != len(data) or size > FILE_BYTES:
        raise WireError("file_size")
    if hashlib.sha256(data).digest() != expected:
        raise WireError("file_hash")


def check_successor(older: Snapshot | None, newer: Snapshot) -> None:
    """Refuse a rollback of the snapshot or of any file in it, and one version with two contents.

    A file never vanishes either: back again it would count from 1, a rollback for every machine
    that missed the gap. A list of which nothing is left is an empty file.

    Raises:
        WireError: ``rollback``, ``file_dropped`` or ``same_version``.
    """
    if older is None:
        return
    if newer.v < older.v:
        raise WireError("rollback")
    if newer.v == older.v and newer != older:
        raise WireError("same_version")
    if older.files.keys() - newer.files.keys():
        raise WireError("file_dropped")
    shared = [(old, newer.files[name]) for name, old in older.files.items()]
    if any(new[0] < old[0] for old, new in shared):
        raise WireError("rollback")
    if any(new[0] == old[0] and new != old for old, new in shared):
        raise WireError("same_version")


def check_trust(older: Trust, data: bytes) -> Trust:
    """The next trust document, vouched for by enough root keys of the old one and of itself.

    Raises:
        WireError: ``trust_version`` when it is not the next, otherwise as `open_document`.
    """
    newer = open_document(
        SignatureType.TRUST, data, Trust, keys_by_id(older.root), threshold=older.threshold
    )
    open_document(
        SignatureType.TRUST, data, Trust, keys_by_id(newer.root), threshold=newer.threshold
    )
    if newer.v != older.v + 1:
        raise WireError("trust_version")
    return newer


def keys_by_id(keys: Keys) -> dict[bytes, bytes]:
    """Key id → raw public key, as `open_document` wants them."""
    return {key_id(key): key for key in keys}
