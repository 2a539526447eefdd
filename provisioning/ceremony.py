"""The key ceremony.

Make every key of the centre and the trust document that names them (PROTOCOL 2.1).
"""

from collections.abc import Callable
from pathlib import Path

from core.sealing import KEY_BYTES, SigningKey, seal_public
from core.signature import SignatureType
from core.wire.document import sign_document
from core.wire.identity import Revocations
from core.wire.reference import Trust
from provisioning.keyring import write_json, write_secret

ROOT_KEYS = 3
ROOT_THRESHOLD = 2
ROLES = {
    "enrol": "desk/enrol.key",
    "release": "release/release.key",
    "beacon": "server/beacon.key",
    "receipt": "server/receipt.key",
}


def make_keys(folder: Path, season: str, random_bytes: Callable[[int], bytes]) -> Trust:
    """Create root, enrol, release, beacon, receipt and seal keys, ``trust.ttc``.

    ``root.json`` and revocation list 1.

    The root keys stand in a folder each, because three people carry them away.

    Raises:
        KeyringError: The folder holds keys already.
    """
    roots = [SigningKey(random_bytes(KEY_BYTES)) for _ in range(ROOT_KEYS)]
    for number, root in enumerate(roots, start=1):
        write_secret(folder / "root" / str(number) / "root.key", root.private)
    keys = {role: SigningKey(random_bytes(KEY_BYTES)) for role in ROLES}
    for role, place in ROLES.items():
        write_secret(folder / place, keys[role].private)
    seal = random_bytes(KEY_BYTES)
    write_secret(folder / "seal" / "seal.key", seal)
    write_secret(folder / "desk" / "season.secret", random_bytes(KEY_BYTES))
    trust = Trust(
        v=1,
        season=season,
        root=tuple(root.public for root in roots),
        threshold=ROOT_THRESHOLD,
        enrol=(keys["enrol"].public,),
        release=(keys["release"].public,),
        beacon=(keys["beacon"].public,),
        receipt=(keys["receipt"].public,),
        seal=seal_public(seal),
    )
    signed = sign_document(SignatureType.TRUST, trust, *roots[:ROOT_THRESHOLD])
    (folder / "trust.ttc").write_bytes(signed)
    write_json(
        folder / "root.json",
        {"threshold": ROOT_THRESHOLD, "keys": [root.public.hex() for root in roots]},
    )
    revocations = sign_document(SignatureType.REVOCATION, Revocations(v=1, items=()), keys["enrol"])
    (folder / "desk" / "revocations.ttc").write_bytes(revocations)
    return trust
