"""Withdraw a certificate.

The list's version grows, every kiosk and the server learn of it with the next release.
"""

from pathlib import Path

from core.sealing import key_id
from core.signature import SignatureType
from core.wire.document import open_document, sign_document
from core.wire.identity import Revocations
from provisioning.keyring import read_signing_key, read_trust


def read_revocations(keys: Path) -> Revocations:
    """The desk's current list.

    Raises:
        WireError: The file is not signed by the enrol key.
        KeyringError: Keys are missing.
    """
    _, trust = read_trust(keys)
    data = (keys / "desk" / "revocations.ttc").read_bytes()
    enrol = {key_id(each): each for each in trust.enrol}
    return open_document(SignatureType.REVOCATION, data, Revocations, enrol)


def revoke(
    keys: Path, certificate: bytes, last_good: int | None, reason: str, now_ms: int
) -> Revocations:
    """Add a certificate to the list.

    Entries of a device after ``last_good`` are refused (None: none are good).

    Revoking twice changes nothing.

    Raises:
        WireError: As `read_revocations`.
        KeyringError: Keys are missing.
    """
    older = read_revocations(keys)
    if any(item[0] == certificate for item in older.items):
        return older
    newer = Revocations(
        v=older.v + 1, items=(*older.items, (certificate, last_good, now_ms, reason))
    )
    key = read_signing_key(keys / "desk" / "enrol.key")
    (keys / "desk" / "revocations.ttc").write_bytes(
        sign_document(SignatureType.REVOCATION, newer, key)
    )
    return newer
