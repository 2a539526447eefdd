"""Sign the reference files the kiosks work with (PROTOCOL 2.8a).

Schools, calendar, officers, revocations, notices.
"""

import hashlib
from pathlib import Path

from core.sealing import key_id
from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, to_wire
from core.wire.document import open_document, sign_document
from core.wire.past import check_content
from core.wire.reference import ReferenceFile, Snapshot, check_successor
from provisioning.keyring import KeyringError, read_signing_key, read_trust

MANIFEST = "snapshot.ttc"


def sign_reference(keys: Path, folder: Path, previous: Path | None, now_ms: int) -> Snapshot:
    """Write ``snapshot.ttc`` into ``folder``; a file's version grows only when its bytes change.

    The revocation list of the desk always goes in, so that no release forgets it.

    Raises:
        KeyringError: The release key is missing, or the folder holds no reference files.
        WireError: A file is not a reference file, or the result would be a rollback.
    """
    key = read_signing_key(keys / "release" / "release.key")
    _, trust = read_trust(keys)
    older = None
    if previous is not None and previous.exists():
        release = {key_id(each): each for each in trust.release}
        older = open_document(SignatureType.SNAPSHOT, previous.read_bytes(), Snapshot, release)
    revocations = ReferenceFile(
        kind="revocations", revocations=(keys / "desk" / "revocations.ttc").read_bytes()
    )
    (folder / "revocations.ttc").write_bytes(to_wire(revocations, FILE_LIMITS))
    files: dict[str, tuple[int, int, bytes]] = {}
    for path in sorted(folder.glob("*.ttc")):
        if path.name == MANIFEST:
            continue
        data = path.read_bytes()
        check_content(path.stem, data)
        files[path.stem] = (
            _version(older, path.stem, data),
            len(data),
            hashlib.sha256(data).digest(),
        )
    if len(files) <= 1:
        raise KeyringError(
            f"no reference files in {folder}: run `jiepin server export-reference` first"
        )
    snapshot = Snapshot(v=older.v + 1 if older else 1, season=trust.season, t=now_ms, files=files)
    check_successor(older, snapshot)
    (folder / MANIFEST).write_bytes(sign_document(SignatureType.SNAPSHOT, snapshot, key))
    return snapshot


def _version(older: Snapshot | None, name: str, data: bytes) -> int:
    if older is None or name not in older.files:
        return 1
    version, _, known = older.files[name]
    return version if known == hashlib.sha256(data).digest() else version + 1
