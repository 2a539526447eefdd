"""The published reference: signed snapshots and the files they list (PROTOCOL 2.8a)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, from_wire
from core.wire.document import open_document, split_document
from core.wire.fault import WireError
from core.wire.identity import Revocations
from core.wire.past import check_content
from core.wire.reference import (
    ReferenceFile,
    Snapshot,
    check_file,
    check_successor,
    snapshot_hash,
)
from server.keys import ServerKeys
from server.store import dialect, identities
from server.store.tables import reference, reference_file

NOTHING = (0, bytes(8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The snapshot in force."""

    version: int
    hash: bytes
    signed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What a publication did; ``withdrawn`` are certificates whose revocation changed."""

    version: int
    fresh: bool
    withdrawn: frozenset[bytes]


def current(connection: Connection) -> Published | None:
    """The newest snapshot."""
    row = connection.execute(
        select(reference.c.version, reference.c.hash, reference.c.signed)
        .order_by(reference.c.version.desc())
        .limit(1)
    ).one_or_none()
    return row and Published(version=row.version, hash=row.hash, signed=row.signed)


def stamp(connection: Connection) -> tuple[int, bytes]:
    """Version and hash prefix as events and beacons name it; zeros before the first publication."""
    row = connection.execute(
        select(reference.c.version, reference.c.hash).order_by(reference.c.version.desc()).limit(1)
    ).one_or_none()
    return NOTHING if row is None else (row.version, row.hash)


def find_file(connection: Connection, sha256: bytes) -> bytes | None:
    """A published file, by its hash."""
    return connection.execute(
        select(reference_file.c.data).where(reference_file.c.sha256 == sha256)
    ).scalar_one_or_none()


def publish(
    connection: Connection,
    signed: bytes,
    files: Sequence[bytes],
    keys: ServerKeys,
    now_ms: int,
) -> Installed:
    """Keep a snapshot with its files, and install the revocations among them.

    Files that are here already need not come again. Publishing the same snapshot twice changes
    nothing.

    Raises:
        WireError: ``signature``, ``rollback``, ``file_unknown``, ``file_hash``, ``file_missing``, …
    """
    snapshot = open_document(SignatureType.SNAPSHOT, signed, Snapshot, keys.release)
    newest = current(connection)
    if newest is not None:
        if newest.hash == snapshot_hash(signed):
            return Installed(version=newest.version, fresh=False, withdrawn=frozenset())
        older = from_wire(split_document(newest.signed)[0], Snapshot, FILE_LIMITS)
        if snapshot.v <= older.v:
            raise WireError("rollback")
        check_successor(older, snapshot)
    named = {sha256 for _, _, sha256 in snapshot.files.values()}
    offered = {hashlib.sha256(each).digest(): each for each in files}
    # Anybody may hand in a release; what its signature does not speak of is not kept.
    offered = {sha256: data for sha256, data in offered.items() if sha256 in named}
    contents = [_content(connection, snapshot, name, offered) for name in sorted(snapshot.files)]
    dialect.insert_new(
        connection,
        reference_file,
        [{"sha256": sha256, "data": data} for sha256, data in sorted(offered.items())],
    )
    connection.execute(
        insert(reference).values(
            version=snapshot.v, hash=snapshot_hash(signed), signed=signed, created_ms=now_ms
        )
    )
    withdrawn: frozenset[bytes] = frozenset()
    for content in contents:
        if content is not None and content.revocations is not None:
            listed = open_document(
                SignatureType.REVOCATION, content.revocations, Revocations, keys.enrol
            )
            withdrawn |= identities.replace_revocations(connection, listed)
    return Installed(version=snapshot.v, fresh=True, withdrawn=withdrawn)


def _content(
    connection: Connection, snapshot: Snapshot, name: str, offered: Mapping[bytes, bytes]
) -> ReferenceFile | None:
    sha256 = snapshot.files[name][2]
    data = offered.get(sha256) or find_file(connection, sha256)
    if data is None:
        raise WireError("file_missing")
    check_file(snapshot, name, data)
    return check_content(name, data)


def find_snapshot(connection: Connection, version: int, prefix: bytes) -> bytes | None:
    """A published snapshot, by version and hash as machines name it."""
    return connection.execute(
        select(reference.c.signed).where(reference.c.version == version, reference.c.hash == prefix)
    ).scalar_one_or_none()
