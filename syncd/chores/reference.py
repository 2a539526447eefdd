"""The reference snapshot: lists every kiosk works with, checked as in TUF (PROTOCOL 2.8a)."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from core.signature import SignatureType
from core.wire.beacon import Beacon
from core.wire.delta import decode_delta
from core.wire.document import open_document
from core.wire.fault import WireError
from core.wire.identity import Certificate, Revocations, certificate_hash
from core.wire.past import lists_of
from core.wire.reference import (
    FILE_BYTES,
    ReferenceFile,
    Snapshot,
    Trust,
    check_file,
    check_successor,
    keys_by_id,
    snapshot_hash,
)
from syncd.client import LineError, Refusal
from syncd.kit import ChoreError, Kit
from syncd.store.audit import AuditCode
from syncd.store.identity import Identity
from syncd.store.reference import parse_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class _Release:
    """A snapshot with all its files, checked."""

    signed: bytes
    snapshot: Snapshot
    contents: Mapping[str, bytes]
    officers: tuple[bytes, ...]
    revocations: Revocations | None


async def renew_reference(kit: Kit, trust: Trust, beacon: Beacon) -> bool:
    """Fetch, check and install the published lists.

    Whether this machine is revoked in them: by its id for good, or by its certificate's hash.

    Raises:
        ChoreError: They are not to be used; the old ones stay.
        LineError: No answer.
    """
    signed = await kit.client.snapshot()
    identity = kit.store.identity.read()
    if isinstance(signed, Refusal) or identity is None:
        raise ChoreError("reference_absent")
    try:
        release = await _release(kit, identity, trust, beacon, signed)
    except (WireError, ValueError) as error:
        code = error.code if isinstance(error, WireError) else "content"
        kit.store.audit.add(AuditCode.REFERENCE_REFUSED, kit.clock(), detail=code)
        raise ChoreError("reference_refused") from error
    if kit.store.reference.signed() != signed:
        _install(kit, release)
    own = {identity.device, certificate_hash(identity.certificate)[: len(identity.device)]}
    return not own.isdisjoint(_revoked(release))


async def _release(
    kit: Kit, identity: Identity, trust: Trust, beacon: Beacon, signed: bytes
) -> _Release:
    release_keys = keys_by_id(trust.release)
    snapshot = open_document(SignatureType.SNAPSHOT, signed, Snapshot, release_keys)
    if snapshot.season != trust.season:
        raise WireError("season")
    check_successor(_known(kit, release_keys), snapshot)
    if snapshot.v < beacon.snap_v:
        raise WireError("freeze")
    if snapshot.v > beacon.snap_v:
        # The release key alone installs nothing; what was published since, the next beacon names.
        raise WireError("ahead")
    if snapshot_hash(signed) != beacon.snap_h:
        raise WireError("same_version")
    contents = {name: await _file(kit, snapshot, name) for name in sorted(snapshot.files)}
    parse_reference(signed, 0, contents)
    lists = list(lists_of(contents).values())
    enrol_keys = keys_by_id(trust.enrol)
    return _Release(
        signed=signed,
        snapshot=snapshot,
        contents=contents,
        officers=tuple(_officers(enrol_keys, lists, frozenset(identity.schools))),
        revocations=_revocations(kit, enrol_keys, lists),
    )


def _known(kit: Kit, release_keys: Mapping[bytes, bytes]) -> Snapshot | None:
    """The snapshot in use, unless its key has been replaced.

    Then its version binds nobody any more.

    A stolen release key could publish version 2⁵³ and block every later one; a new key recovers
    from that.
    """
    signed = kit.store.reference.signed()
    if signed is None:
        return None
    try:
        return open_document(SignatureType.SNAPSHOT, signed, Snapshot, release_keys)
    except WireError:
        return None


async def _file(kit: Kit, snapshot: Snapshot, name: str) -> bytes:
    _, size, sha256 = snapshot.files[name]
    if size > FILE_BYTES:
        raise WireError("file_size")
    content = kit.store.reference.file(sha256)
    if content is None:
        content = await _difference(kit, snapshot, name)
    if content is None:
        fetched = await kit.client.file(sha256, size)
        if isinstance(fetched, Refusal):
            raise ChoreError("reference_absent")
        content = fetched
    check_file(snapshot, name, content)
    return content


async def _difference(kit: Kit, snapshot: Snapshot, name: str) -> bytes | None:
    """The file made from the one of this name that is here; None when that does not give it."""
    _, size, sha256 = snapshot.files[name]
    older = kit.store.reference.named(name)
    if older is None or not size:
        return None
    # A difference larger than the file would be no help, and a liar's.
    try:
        answer = await kit.client.delta(hashlib.sha256(older).digest(), sha256, size)
        if isinstance(answer, Refusal):
            return None
        made = decode_delta(older, answer, size)
        check_file(snapshot, name, made)
    except (WireError, LineError):
        return None  # the whole file is asked for next
    return made


def _revocations(
    kit: Kit, enrol_keys: Mapping[bytes, bytes], lists: Iterable[ReferenceFile]
) -> Revocations | None:
    """The signed list of revoked certificates; its version never falls."""
    kind = SignatureType.REVOCATION
    found = [each.revocations for each in lists if each.revocations is not None]
    newest = open_document(kind, found[0], Revocations, enrol_keys) if found else None
    current = kit.store.reference.current()
    if current is None or current.revocations is None:
        return newest
    try:
        older = open_document(kind, current.revocations, Revocations, enrol_keys)
    except WireError:
        return newest  # the enrol key was replaced: as for the snapshot
    if newest is None or newest.v < older.v:
        raise WireError("rollback")
    return newest


def _officers(
    enrol_keys: Mapping[bytes, bytes], lists: Iterable[ReferenceFile], schools: frozenset[str]
) -> Iterator[bytes]:
    """Certificates of officers who may decide about teachers of these schools."""
    for document in (each for one in lists for each in one.certificates):
        certificate = open_document(SignatureType.CERTIFICATE, document, Certificate, enrol_keys)
        if certificate.subject == "officer" and schools & set(certificate.schools):
            yield document


def _install(kit: Kit, release: _Release) -> None:
    with kit.store.transaction():
        kit.store.reference.install(release.signed, release.contents, kit.clock())
        for document in release.officers:
            kit.store.officers.add(document)
        for each in _revoked(release):
            kit.store.officers.remove(each)
        kit.store.audit.add(
            AuditCode.REFERENCE_INSTALLED, kit.clock(), detail=str(release.snapshot.v)
        )


def _revoked(release: _Release) -> frozenset[bytes]:
    if release.revocations is None:
        return frozenset()
    return frozenset(each for each, _, _, _ in release.revocations.items)
